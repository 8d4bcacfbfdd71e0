//! The user, the organization, and the user's preferences.

use http::Method;
use serde_json::{Value, json};

use crate::body;
use crate::client::{Call, Client};
use crate::error::{Error, ErrorKind};
use crate::scope::Scope;

/// The user to whom the key belongs, as far as the API tells: only `message` is documented.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// The user's id.
    pub uid: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// The organization's id.
    pub org_id: Option<String>,
    /// What the official client shows.
    pub message: Option<String>,
}

impl User {
    fn read(body: &Value) -> Self {
        let user = body::unwrap(body, &["user_info", "user"]);
        Self {
            uid: body::id(user, &["uid", "user_id", "id"]),
            email: body::text(user, &["email"]),
            name: body::text(user, &["name", "full_name"]),
            org_id: body::id(user, &["org_id", "organization_id"]),
            message: body::text(body, &["message"]),
        }
    }
}

/// Whose key it is, as far as the API tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// The user's id.
    pub uid: Option<String>,
    /// The organization's id.
    pub org_id: Option<String>,
}

impl Client {
    /// Sends the control request, which the API answers for every account: an answer proves that the API is there and accepts
    /// the key.
    ///
    /// # Errors
    /// When it does not answer, or with something else than an account.
    pub async fn account(&self, scope: &Scope) -> Result<Account, Error> {
        let (first, older) = (Call::new(Method::GET, &["user", "info"]), Call::new(Method::GET, &["me"]));
        let name = older.name();
        let answer = match self.send(first, scope).await {
            Err(error) if error.is_not_found() => self.send(older, scope).await?,
            answer => answer?,
        };
        if !answer.body.is_object() {
            let message = Some("the answer holds no account".to_owned());
            return Err(Error::new(ErrorKind::InvalidResponse, name).with_message(message));
        }
        let User { uid, org_id, .. } = User::read(&answer.body);
        let account = Account { uid, org_id };
        self.remember_account(&account);
        Ok(account)
    }
}

/// The user's organization.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Organization {
    /// Its name.
    pub name: Option<String>,
    /// Its members.
    pub members: Vec<Member>,
    /// What is left to spend, in USD.
    pub balance: Option<f64>,
}

/// A member of an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The user's id.
    pub uid: String,
    /// The e-mail address.
    pub email: Option<String>,
}

impl Organization {
    fn read(value: &Value) -> Self {
        let value = body::unwrap(value, &["organization_info", "organization"]);
        let member =
            |item: &Value| Some(Member { uid: body::text(item, &["uid", "id"])?, email: body::text(item, &["email"]) });
        let members = body::field(value, &["members"]).and_then(Value::as_array);
        Self {
            name: body::text(value, &["org_name", "name"]),
            members: members.into_iter().flatten().filter_map(member).collect(),
            balance: body::number(value, &["balance"]),
        }
    }
}

/// What the user is told by mail, and how the balance is kept up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Preferences {
    /// A mail when a cluster is created.
    pub notify_email_cluster_create: Option<bool>,
    /// A mail when a cluster is destroyed.
    pub notify_email_cluster_destroy: Option<bool>,
    /// Whether the saved payment method is charged when the balance falls below the reload threshold.
    pub autopay_enabled: Option<bool>,
    /// The balance, in USD, below which there is a warning.
    pub balance_warning_threshold: Option<f64>,
    /// The balance, in USD, below which there is a charge.
    pub autopay_reload_threshold: Option<f64>,
}

impl Preferences {
    fn read(value: &Value) -> Self {
        let value = body::unwrap(value, &["preferences"]);
        Self {
            notify_email_cluster_create: body::flag(value, &["notify_email_cluster_create"]),
            notify_email_cluster_destroy: body::flag(value, &["notify_email_cluster_destroy"]),
            autopay_enabled: body::flag(value, &["autopay_enabled"]),
            balance_warning_threshold: body::number(value, &["balance_warning_threshold"]),
            autopay_reload_threshold: body::number(value, &["autopay_reload_threshold"]),
        }
    }

    /// What is set; what is not set stays as it is.
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

/// The calls on the user.
pub struct Users<'a>(&'a Client);

impl Client {
    /// The calls on the user and the organization.
    #[must_use]
    pub fn user(&self) -> Users<'_> {
        Users(self)
    }
}

impl Users<'_> {
    /// The user to whom the key belongs. `/user/info` is what the official client asks; where the API does not have it,
    /// the older `/me` is asked.
    ///
    /// # Errors
    /// When the API cannot be asked.
    pub async fn info(&self, scope: &Scope) -> Result<User, Error> {
        let answer = match self.0.send(Call::new(Method::GET, &["user", "info"]), scope).await {
            Err(error) if error.is_not_found() => self.0.send(Call::new(Method::GET, &["me"]), scope).await?,
            answer => answer?,
        };
        let user = User::read(&answer.body);
        self.0.remember_account(&Account { uid: user.uid.clone(), org_id: user.org_id.clone() });
        Ok(user)
    }

    /// The user's organization. What the API says to a user without one is not known.
    ///
    /// # Errors
    /// When the API cannot be asked.
    pub async fn organization(&self, scope: &Scope) -> Result<Organization, Error> {
        let call = Call::new(Method::GET, &["user", "organization", "info"]);
        Ok(Organization::read(&self.0.send(call, scope).await?.body))
    }

    /// The preferences.
    ///
    /// # Errors
    /// When the API cannot be asked.
    pub async fn preferences(&self, scope: &Scope) -> Result<Preferences, Error> {
        self.preferences_of(Call::new(Method::GET, &["user", "preferences"]), scope).await
    }

    /// Changes those preferences that are set, and gives all of them.
    ///
    /// # Errors
    /// When the API refuses or cannot be reached.
    pub async fn edit_preferences(&self, change: &Preferences, scope: &Scope) -> Result<Preferences, Error> {
        self.preferences_of(Call::new(Method::PATCH, &["user", "preferences"]).body(change.patch()), scope).await
    }

    async fn preferences_of(&self, call: Call, scope: &Scope) -> Result<Preferences, Error> {
        let name = call.name();
        let answer = self.0.send(call, scope).await?;
        if !answer.body.is_object() {
            let message = Some("the answer holds no preferences".to_owned());
            return Err(Error::new(ErrorKind::InvalidResponse, name).with_message(message));
        }
        Ok(Preferences::read(&answer.body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_whatever_the_api_tells() {
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
    fn only_what_is_set_is_changed() {
        let change = Preferences {
            autopay_enabled: Some(false),
            autopay_reload_threshold: Some(20.0),
            ..Preferences::default()
        };
        assert_eq!(change.patch(), json!({"autopay_enabled": false, "autopay_reload_threshold": 20.0}));
        assert_eq!(Preferences::read(&change.patch()), change);
        assert_eq!(Preferences::read(&json!({"balance_warning_threshold": null})), Preferences::default());
    }
}
