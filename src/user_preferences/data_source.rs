//! The data source `tensorpool_user_preferences`.

use async_trait::async_trait;
use tensorpool::Preferences;
use terraform_plugin::schema::{Attribute, Schema};
use terraform_plugin::value::Number;
use terraform_plugin::{Attr, DataSource, Diagnostics, Model, Operation};

use crate::errors::{Subject, Verb};
use crate::session::Session;
use crate::timeouts;

/// The state of the data source `tensorpool_user_preferences`.
#[derive(Clone, Debug, Model)]
pub struct FoundPreferences {
    notify_email_cluster_create: Attr<bool>,
    notify_email_cluster_destroy: Attr<bool>,
    autopay_enabled: Attr<bool>,
    balance_warning_threshold: Attr<Number>,
    autopay_reload_threshold: Attr<Number>,
}

impl From<Preferences> for FoundPreferences {
    fn from(preferences: Preferences) -> Self {
        let amount = |amount: Option<f64>| amount.and_then(|amount| Number::try_from(amount).ok()).into();
        Self {
            notify_email_cluster_create: preferences.notify_email_cluster_create.into(),
            notify_email_cluster_destroy: preferences.notify_email_cluster_destroy.into(),
            autopay_enabled: preferences.autopay_enabled.into(),
            balance_warning_threshold: amount(preferences.balance_warning_threshold),
            autopay_reload_threshold: amount(preferences.autopay_reload_threshold),
        }
    }
}

/// The data source `tensorpool_user_preferences`.
pub struct UserPreferencesDataSource;

#[async_trait]
impl DataSource for UserPreferencesDataSource {
    type Session = Session;
    type Model = FoundPreferences;

    fn type_name(&self) -> &'static str {
        "tensorpool_user_preferences"
    }

    fn schema(&self) -> Schema {
        let flag = |description: &str| Attribute::bool(description).computed();
        let amount = |description: &str| Attribute::number(description).computed();
        Schema::new(
            "The preferences of your account, as they are. The resource [`tensorpool_user_preferences`](../resources/user_preferences.md) changes them.",
        )
        .attribute("notify_email_cluster_create", flag("Whether TensorPool sends an email when a cluster is created."))
        .attribute(
            "notify_email_cluster_destroy",
            flag("Whether TensorPool sends an email when a cluster is destroyed."),
        )
        .attribute(
            "autopay_enabled",
            flag(
                "Whether the saved payment method is charged when the balance falls below \
                     `autopay_reload_threshold`.",
            ),
        )
        .attribute(
            "balance_warning_threshold",
            amount("The balance in USD below which TensorPool warns. Null if it is not set."),
        )
        .attribute(
            "autopay_reload_threshold",
            amount("The balance in USD below which autopay charges. Null if it is not set."),
        )
    }

    async fn read(
        &self,
        operation: &mut Operation<Session, FoundPreferences>,
        _: FoundPreferences,
    ) -> Result<(), Diagnostics> {
        let api = operation.session().api(timeouts::READ, operation.stop())?;
        let preferences = api.user().preferences().await;
        let preferences = preferences.map_err(|error| Subject::new(Verb::LookUp, "user preferences").failed(&error))?;
        operation.save(preferences.into());
        Ok(())
    }
}
