//! The user, the organization and the user's preferences.

use serde_json::{Value, json};

use super::handler::Handler;
use crate::api::{ApiRequest, ApiResponse};
use crate::simulator::Simulator;
use crate::state::user::{Preferences, State};
use crate::world::World;

impl World {
    /// Checks that the balance covers a price.
    ///
    /// # Errors
    /// Returns the error of the API if it does not.
    pub(super) fn check_balance(&self, needed: f64, what: &str) -> Result<(), ApiResponse> {
        if self.objects.user.balance >= needed {
            return Ok(());
        }
        let text = format!("Insufficient balance: {what} costs {needed:.2} USD");
        Err(ApiResponse::error(self.options.variants.low_balance_status, &text))
    }
}

fn info(user: &State) -> ApiResponse {
    let message = format!(
        "{} ({})\nOrganization: {}\nBalance: {:.2} USD",
        user.email,
        user.uid,
        user.org_id.as_ref().map_or("none", |_| user.org_name.as_str()),
        user.balance
    );
    ApiResponse::json(200, &json!({"message": message, "uid": user.uid, "email": user.email, "org_id": user.org_id}))
}

fn organization(user: &State) -> ApiResponse {
    if user.org_id.is_none() {
        return ApiResponse::error(404, "The user has no organization");
    }
    let members = [json!({"uid": user.uid, "email": user.email})];
    ApiResponse::json(200, &json!({"org_name": user.org_name, "members": members, "balance": user.balance}))
}

/// Returns the field that violates a rule, and the rule. `None` if the preferences are valid.
fn violation(wanted: &Preferences, has_payment_method: bool) -> Option<(&'static str, &'static str)> {
    let (warning, reload) = (wanted.balance_warning_threshold, wanted.autopay_reload_threshold);
    if warning.is_some_and(|warning| warning <= 0.0) {
        return Some(("balance_warning_threshold", "Input should be greater than 0"));
    }
    if reload.is_some_and(|reload| reload < 20.0) {
        return Some(("autopay_reload_threshold", "Input should be greater than or equal to 20"));
    }
    if warning.zip(reload).is_some_and(|(warning, reload)| reload >= warning) {
        return Some(("autopay_reload_threshold", "Must be less than balance_warning_threshold"));
    }
    if wanted.autopay_enabled && reload.is_none() {
        return Some(("autopay_enabled", "autopay_reload_threshold must be set"));
    }
    (wanted.autopay_enabled && !has_payment_method)
        .then_some(("autopay_enabled", "A default payment method is required"))
}

/// Changes the preferences that are present and not null.
fn patch(user: &mut State, changes: &Value) -> ApiResponse {
    let mut wanted = json!(user.preferences);
    let changes = changes.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
    for (name, value) in changes {
        if let Some(field) = wanted.get_mut(name) {
            *field = value.clone();
        }
    }
    let wanted: Preferences = match serde_json::from_value(wanted) {
        Ok(wanted) => wanted,
        Err(error) => return ApiResponse::invalid(&json!(["body"]), &error.to_string()),
    };
    if let Some((field, rule)) = violation(&wanted, user.payment_method) {
        return ApiResponse::invalid(&json!(["body", field]), rule);
    }
    user.preferences = wanted;
    ApiResponse::json(200, &json!(user.preferences))
}

/// The endpoints of the user and the organization.
pub(crate) struct User;

impl Handler for User {
    fn handle(&self, world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
        let user = &mut world.objects.user;
        match request.route() {
            ("GET", ["me"] | ["user", "info"]) => Some(info(user)),
            ("GET", ["user", "organization", "info"]) => Some(organization(user)),
            ("GET", ["user", "preferences"]) => Some(ApiResponse::json(200, &json!(user.preferences))),
            ("PATCH", ["user", "preferences"]) => Some(patch(user, request.body)),
            _ => None,
        }
    }

    fn handle_admin(&self, world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
        let user = &mut world.objects.user;
        match request.route() {
            ("GET", ["user"]) => {}
            ("PATCH", ["user"]) => {
                let mut all = json!(user);
                if let (Some(all), Some(changes)) = (all.as_object_mut(), request.body.as_object()) {
                    all.extend(changes.clone());
                }
                match serde_json::from_value(all) {
                    Ok(changed) => *user = changed,
                    Err(error) => return Some(ApiResponse::unusable(&error)),
                }
            }
            _ => return None,
        }
        Some(ApiResponse::json(200, &json!(user)))
    }
}

impl Simulator {
    /// Sets the balance in USD.
    pub fn set_balance(&self, balance: f64) {
        self.with_world(|world| world.objects.user.balance = balance);
    }

    /// Returns the id of the user's organization.
    #[must_use]
    pub fn organization(&self) -> Option<String> {
        self.with_world(|world| world.objects.user.org_id.clone())
    }

    /// Sets the user's organization, or removes the user from it.
    pub fn set_organization(&self, org_id: Option<&str>) {
        self.with_world(|world| world.objects.user.org_id = org_id.map(str::to_owned));
    }

    /// Sets whether there is a saved payment method.
    pub fn set_payment_method(&self, saved: bool) {
        self.with_world(|world| world.objects.user.payment_method = saved);
    }

    /// Returns the user's preferences.
    #[must_use]
    pub fn preferences(&self) -> Preferences {
        self.with_world(|world| world.objects.user.preferences.clone())
    }

    /// Sets the user's preferences outside Terraform.
    pub fn set_preferences(&self, preferences: Preferences) {
        self.with_world(|world| world.objects.user.preferences = preferences);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferences_must_follow_their_rules() {
        let rule = |change: Value| {
            let mut user = State::default();
            let response = patch(&mut user, &change);
            (
                response.status,
                serde_json::from_str::<Value>(&response.body).expect("it is JSON")["detail"][0]["loc"][1].clone(),
            )
        };
        assert_eq!(rule(json!({"balance_warning_threshold": 0})), (422, json!("balance_warning_threshold")));
        assert_eq!(rule(json!({"autopay_reload_threshold": 19.9})), (422, json!("autopay_reload_threshold")));
        let above = json!({"autopay_reload_threshold": 50, "balance_warning_threshold": 50});
        assert_eq!(rule(above), (422, json!("autopay_reload_threshold")));
        assert_eq!(rule(json!({"autopay_enabled": true})), (422, json!("autopay_enabled")));
        assert_eq!(rule(json!({"autopay_enabled": "maybe"})), (422, Value::Null));
        let good = json!({"autopay_enabled": true, "autopay_reload_threshold": 20, "balance_warning_threshold": 50});
        assert_eq!(rule(good.clone()).0, 200);
        let mut user = State { payment_method: false, ..State::default() };
        assert_eq!(patch(&mut user, &good).status, 422);
        assert_eq!(user.preferences, Preferences::default());
    }
}
