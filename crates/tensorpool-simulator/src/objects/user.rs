//! The user, the organization and the user's preferences.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Kind;
use crate::reply::{Call, Reply};
use crate::server::Simulator;
use crate::world::World;

/// The user, the organization and what they own.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct State {
    uid: String,
    email: String,
    /// None for a user without an organization.
    org_id: Option<String>,
    org_name: String,
    /// In USD. Nothing is ever charged.
    balance: f64,
    /// Whether there is a saved payment method, without which there is no autopay.
    payment_method: bool,
    preferences: Preferences,
}

/// The preferences, as the API shows them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// A mail when a cluster is created.
    pub notify_email_cluster_create: bool,
    /// A mail when a cluster is destroyed.
    pub notify_email_cluster_destroy: bool,
    /// Whether the balance is kept up.
    pub autopay_enabled: bool,
    /// The balance below which there is a warning.
    pub balance_warning_threshold: Option<f64>,
    /// The balance below which there is a charge.
    pub autopay_reload_threshold: Option<f64>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            uid: "u-simulated".to_owned(),
            email: "user@simulated.invalid".to_owned(),
            org_id: Some("o-simulated".to_owned()),
            org_name: "Simulated Organization".to_owned(),
            balance: 100_000.0,
            payment_method: true,
            preferences: Preferences::default(),
        }
    }
}

impl State {
    pub fn email(&self) -> String {
        self.email.clone()
    }

    pub fn org_id(&self) -> Option<&str> {
        self.org_id.as_deref()
    }

    /// Tells the users of several accounts apart.
    pub fn set_number(&mut self, number: usize) {
        self.uid = format!("u-simulated-{number}");
        self.email = format!("user-{number}@simulated.invalid");
        self.org_id = Some(format!("o-simulated-{number}"));
    }

    /// Whose account it is.
    pub fn ids(&self) -> Value {
        json!({"uid": self.uid, "org_id": self.org_id})
    }
}

impl World {
    /// Refuses what the balance cannot bear.
    pub(super) fn check_balance(&self, needed: f64, what: &str) -> Result<(), Reply> {
        if self.objects.user.balance >= needed {
            return Ok(());
        }
        let text = format!("Insufficient balance: {what} costs {needed:.2} USD");
        Err(Reply::refuse(self.options.variants.low_balance_status, &text))
    }
}

fn info(user: &State) -> Reply {
    let message = format!(
        "{} ({})\nOrganization: {}\nBalance: {:.2} USD",
        user.email,
        user.uid,
        user.org_id.as_ref().map_or("none", |_| user.org_name.as_str()),
        user.balance
    );
    Reply::json(200, &json!({"message": message, "uid": user.uid, "email": user.email, "org_id": user.org_id}))
}

fn organization(user: &State) -> Reply {
    if user.org_id.is_none() {
        return Reply::refuse(404, "The user has no organization");
    }
    let members = [json!({"uid": user.uid, "email": user.email})];
    Reply::json(200, &json!({"org_name": user.org_name, "members": members, "balance": user.balance}))
}

/// The field at which a change of preferences breaks a rule, and the rule.
fn broken_rule(wanted: &Preferences, has_payment_method: bool) -> Option<(&'static str, &'static str)> {
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

/// Changes those fields that are given and not null.
fn patch(user: &mut State, changes: &Value) -> Reply {
    let mut wanted = json!(user.preferences);
    let changes = changes.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
    for (name, value) in changes {
        if let Some(field) = wanted.get_mut(name) {
            *field = value.clone();
        }
    }
    let wanted: Preferences = match serde_json::from_value(wanted) {
        Ok(wanted) => wanted,
        Err(error) => return Reply::invalid(&json!(["body"]), &error.to_string()),
    };
    if let Some((field, rule)) = broken_rule(&wanted, user.payment_method) {
        return Reply::invalid(&json!(["body", field]), rule);
    }
    user.preferences = wanted;
    Reply::json(200, &json!(user.preferences))
}

impl Kind for State {
    fn answer(world: &mut World, call: &Call<'_>) -> Option<Reply> {
        let user = &mut world.objects.user;
        match call.route() {
            ("GET", ["me"] | ["user", "info"]) => Some(info(user)),
            ("GET", ["user", "organization", "info"]) => Some(organization(user)),
            ("GET", ["user", "preferences"]) => Some(Reply::json(200, &json!(user.preferences))),
            ("PATCH", ["user", "preferences"]) => Some(patch(user, call.body)),
            _ => None,
        }
    }

    fn order(world: &mut World, call: &Call<'_>) -> Option<Reply> {
        let user = &mut world.objects.user;
        match call.route() {
            ("GET", ["user"]) => {}
            ("PATCH", ["user"]) => {
                let mut all = json!(user);
                if let (Some(all), Some(changes)) = (all.as_object_mut(), call.body.as_object()) {
                    all.extend(changes.clone());
                }
                match serde_json::from_value(all) {
                    Ok(changed) => *user = changed,
                    Err(error) => return Some(Reply::json(422, &json!({"detail": error.to_string()}))),
                }
            }
            _ => return None,
        }
        Some(Reply::json(200, &json!(user)))
    }
}

impl Simulator {
    /// Sets what is left to spend, in USD.
    pub fn set_balance(&self, balance: f64) {
        self.with(|world| world.objects.user.balance = balance);
    }

    /// The user's organization.
    #[must_use]
    pub fn organization(&self) -> Option<String> {
        self.with(|world| world.objects.user.org_id.clone())
    }

    /// Takes the user out of the organization, or puts them back.
    pub fn set_organization(&self, org_id: Option<&str>) {
        self.with(|world| world.objects.user.org_id = org_id.map(str::to_owned));
    }

    /// Says whether there is a saved payment method.
    pub fn set_payment_method(&self, saved: bool) {
        self.with(|world| world.objects.user.payment_method = saved);
    }

    /// The user's preferences.
    #[must_use]
    pub fn preferences(&self) -> Preferences {
        self.with(|world| world.objects.user.preferences.clone())
    }

    /// Sets the user's preferences from outside.
    pub fn set_preferences(&self, preferences: Preferences) {
        self.with(|world| world.objects.user.preferences = preferences);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferences_keep_their_rules() {
        let rule = |change: Value| {
            let mut user = State::default();
            let reply = patch(&mut user, &change);
            (
                reply.status,
                serde_json::from_str::<Value>(&reply.body).expect("it is JSON")["detail"][0]["loc"][1].clone(),
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
