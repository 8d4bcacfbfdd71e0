//! What is stored of the user, the organization and the user's preferences.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The user, the organization and their balance.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct State {
    pub uid: String,
    pub email: String,
    /// `None` for a user without an organization.
    pub org_id: Option<String>,
    pub org_name: String,
    /// In USD. It never decreases.
    pub balance: f64,
    /// Whether there is a saved payment method, which autopay requires.
    pub payment_method: bool,
    pub preferences: Preferences,
}

/// The user's preferences, as the API returns them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// Whether an email is sent when a cluster is created.
    pub notify_email_cluster_create: bool,
    /// Whether an email is sent when a cluster is destroyed.
    pub notify_email_cluster_destroy: bool,
    /// Whether the saved payment method is charged automatically.
    pub autopay_enabled: bool,
    /// The balance in USD below which the user is warned.
    pub balance_warning_threshold: Option<f64>,
    /// The balance in USD below which the payment method is charged.
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

    /// Numbers the ids, so that those of several accounts differ.
    pub fn set_number(&mut self, number: usize) {
        self.uid = format!("u-simulated-{number}");
        self.email = format!("user-{number}@simulated.invalid");
        self.org_id = Some(format!("o-simulated-{number}"));
    }

    /// Returns the ids of the user and the organization.
    pub fn ids(&self) -> Value {
        json!({"uid": self.uid, "org_id": self.org_id})
    }
}
