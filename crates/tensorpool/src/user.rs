//! The user, the organization, and the user's preferences.

use http::Method;
use serde_json::{Value, json};

use crate::account::Account;
use crate::api::Api;
use crate::api_request::{ApiRequest, ApiResponse};
use crate::error::Error;
use crate::lenient;

/// The user that the API key belongs to. `None` stands for what the API does not report; only `message` is documented.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// The id of the user.
    pub uid: Option<String>,
    /// The email address.
    pub email: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// The id of the organization.
    pub org_id: Option<String>,
    /// The text that the official client prints.
    pub message: Option<String>,
}

impl User {
    fn read(body: &Value) -> Self {
        let user = lenient::unwrap(body, &["user_info", "user"]);
        Self {
            uid: lenient::id(user, &["uid", "user_id", "id"]),
            email: lenient::text(user, &["email"]),
            name: lenient::text(user, &["name", "full_name"]),
            org_id: lenient::id(user, &["org_id", "organization_id"]),
            message: lenient::text(body, &["message"]),
        }
    }

    fn account(&self) -> Account {
        Account { uid: self.uid.clone(), org_id: self.org_id.clone() }
    }
}

/// The older path of the user's data. The official client uses `/user/info`.
const OLD_USER_PATH: &[&str] = &["me"];

impl Api {
    /// Sends a request that the API responds to for every account. Success proves that the endpoint is the API and that it
    /// accepts the key.
    ///
    /// # Errors
    /// Returns an error if the request fails, or the response is not an account.
    pub async fn account(&self) -> Result<Account, Error> {
        let (response, operation) = self.user_info().await?;
        if !response.body.is_object() {
            return Err(Error::invalid_response(operation, "the response contains no account"));
        }
        let account = User::read(&response.body).account();
        self.client().remember_account(&account);
        Ok(account)
    }

    /// Reads the user's data from `/user/info`, or from the older path if the API does not have that one. Returns it with the
    /// operation that read it.
    async fn user_info(&self) -> Result<(ApiResponse, String), Error> {
        let read = async |path| {
            let request = ApiRequest::get(path);
            let operation = request.operation();
            self.send(request).await.map(|response| (response, operation))
        };
        match read(&["user", "info"]).await {
            Err(error) if error.is_not_found() => read(OLD_USER_PATH).await,
            result => result,
        }
    }
}

/// An organization.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Organization {
    /// The name.
    pub name: Option<String>,
    /// The members.
    pub members: Vec<Member>,
    /// The remaining balance in USD.
    pub balance: Option<f64>,
}

/// A member of an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The id of the user.
    pub uid: String,
    /// The email address.
    pub email: Option<String>,
}

impl Organization {
    fn read(value: &Value) -> Self {
        let value = lenient::unwrap(value, &["organization_info", "organization"]);
        let member = |item: &Value| {
            Some(Member { uid: lenient::text(item, &["uid", "id"])?, email: lenient::text(item, &["email"]) })
        };
        let members = lenient::field(value, &["members"]).and_then(Value::as_array);
        Self {
            name: lenient::text(value, &["org_name", "name"]),
            members: members.into_iter().flatten().filter_map(member).collect(),
            balance: lenient::number(value, &["balance"]),
        }
    }
}

/// The user's notification and payment preferences. `None` stands for what the API does not report or what is not to be
/// changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Preferences {
    /// Whether an email is sent when a cluster is created.
    pub notify_email_cluster_create: Option<bool>,
    /// Whether an email is sent when a cluster is destroyed.
    pub notify_email_cluster_destroy: Option<bool>,
    /// Whether the saved payment method is charged when the balance falls below the reload threshold.
    pub autopay_enabled: Option<bool>,
    /// The balance in USD below which the user is warned.
    pub balance_warning_threshold: Option<f64>,
    /// The balance in USD below which the saved payment method is charged.
    pub autopay_reload_threshold: Option<f64>,
}

impl Preferences {
    fn read(value: &Value) -> Self {
        let value = lenient::unwrap(value, &["preferences"]);
        Self {
            notify_email_cluster_create: lenient::flag(value, &["notify_email_cluster_create"]),
            notify_email_cluster_destroy: lenient::flag(value, &["notify_email_cluster_destroy"]),
            autopay_enabled: lenient::flag(value, &["autopay_enabled"]),
            balance_warning_threshold: lenient::number(value, &["balance_warning_threshold"]),
            autopay_reload_threshold: lenient::number(value, &["autopay_reload_threshold"]),
        }
    }

    /// The body of a change: only the preferences that are set.
    fn patch(&self) -> Value {
        let fields = [
            ("notify_email_cluster_create", self.notify_email_cluster_create.map(Value::from)),
            ("notify_email_cluster_destroy", self.notify_email_cluster_destroy.map(Value::from)),
            ("autopay_enabled", self.autopay_enabled.map(Value::from)),
            ("balance_warning_threshold", self.balance_warning_threshold.map(Value::from)),
            ("autopay_reload_threshold", self.autopay_reload_threshold.map(Value::from)),
        ];
        json!(fields.into_iter().filter(|(_, value)| value.is_some()).collect::<std::collections::BTreeMap<_, _>>())
    }
}

/// The operations on the user and the organization.
pub struct Users<'a>(&'a Api);

impl Api {
    /// Returns the operations on the user and the organization.
    #[must_use]
    pub fn user(&self) -> Users<'_> {
        Users(self)
    }
}

impl Users<'_> {
    /// Reads the user that the API key belongs to.
    ///
    /// # Errors
    /// Returns an error if the API cannot be reached or rejects the request.
    pub async fn info(&self) -> Result<User, Error> {
        let user = User::read(&self.0.user_info().await?.0.body);
        self.0.client().remember_account(&user.account());
        Ok(user)
    }

    /// Reads the user's organization. How the API responds if there is none is not documented.
    ///
    /// # Errors
    /// Returns an error if the API cannot be reached or rejects the request.
    pub async fn organization(&self) -> Result<Organization, Error> {
        let request = ApiRequest::get(&["user", "organization", "info"]);
        Ok(Organization::read(&self.0.send(request).await?.body))
    }

    /// Reads the preferences.
    ///
    /// # Errors
    /// Returns an error if the API cannot be reached or rejects the request.
    pub async fn preferences(&self) -> Result<Preferences, Error> {
        self.send_for_preferences(ApiRequest::get(&["user", "preferences"])).await
    }

    /// Changes the preferences that are set, and returns all of them.
    ///
    /// # Errors
    /// Returns an error if the API rejects the request or cannot be reached.
    pub async fn edit_preferences(&self, change: &Preferences) -> Result<Preferences, Error> {
        let request = ApiRequest::new(Method::PATCH, &["user", "preferences"]).body(change.patch());
        self.send_for_preferences(request).await
    }

    async fn send_for_preferences(&self, request: ApiRequest) -> Result<Preferences, Error> {
        let operation = request.operation();
        let response = self.0.send(request).await?;
        if !response.body.is_object() {
            return Err(Error::invalid_response(operation, "the response contains no preferences"));
        }
        Ok(Preferences::read(&response.body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use crate::testing;

    #[test]
    fn a_user_is_read_in_every_known_shape() {
        let flat = json!({"message": "m", "uid": "u-1", "email": "e@x", "org_id": "o-1"});
        let wrapped = json!({"message": "m", "user_info": {"id": "u-1", "email": "e@x", "organization_id": "o-1"}});
        assert_eq!(User::read(&flat), User::read(&wrapped));
        assert_eq!(User::read(&flat).uid.as_deref(), Some("u-1"));
        assert_eq!(User::read(&json!({"message": "m"})).message.as_deref(), Some("m"));
    }

    #[test]
    fn an_organization_is_read_as_documented() {
        let body = json!({"org_name": "o", "balance": 12.5, "members": [{"uid": "u-1", "email": "e@x"}, {"x": 1}]});
        let read = Organization::read(&body);
        assert_eq!((read.name.as_deref(), read.balance, read.members.len()), (Some("o"), Some(12.5), 1));
    }

    #[test]
    fn a_patch_contains_only_what_is_set() {
        let change = Preferences {
            autopay_enabled: Some(false),
            autopay_reload_threshold: Some(20.0),
            ..Preferences::default()
        };
        assert_eq!(change.patch(), json!({"autopay_enabled": false, "autopay_reload_threshold": 20.0}));
        assert_eq!(Preferences::read(&change.patch()), change);
        assert_eq!(Preferences::read(&json!({"balance_warning_threshold": null})), Preferences::default());
    }

    #[tokio::test]
    async fn the_older_path_is_asked_only_if_the_api_does_not_have_the_newer_one() {
        let old = ("/me", 200, json!({"uid": "u-1"}));
        let (_server, api) = testing::api(std::slice::from_ref(&old)).await;
        assert_eq!(api.account().await.expect("the older path has it").uid.as_deref(), Some("u-1"));
        let (_server, api) = testing::api(&[("/user/info", 403, json!({"message": "no"})), old]).await;
        assert_eq!(api.account().await.expect_err("it is denied").kind(), ErrorKind::Forbidden);
    }
}
