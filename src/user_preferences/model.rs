//! What the preferences look like in a configuration and in the state, and the rules that the API documents of them.

use tensorpool::Preferences;
use terraform_plugin::schema::{AtLeast, Attribute, GreaterThan, IdentitySchema, Schema, predicate};
use terraform_plugin::value::{Number, Value};
use terraform_plugin::{Attr, AttributePath, Diagnostic, Diagnostics, Model, Timeouts};

use crate::errors::Verb;
use crate::timeouts;

/// The id of every account's preferences. Whether the API returns an id of the user is not documented; whose preferences they
/// are is in private state, as far as the API says.
pub(super) const ID: &str = "preferences";

/// The names that the API has for attributes, for its complaints about fields.
pub(super) const API_NAMES: [(&str, &str); 5] = [
    ("notify_email_cluster_create", "notify_email_cluster_create"),
    ("notify_email_cluster_destroy", "notify_email_cluster_destroy"),
    ("autopay_enabled", "autopay_enabled"),
    ("balance_warning_threshold", "balance_warning_threshold"),
    ("autopay_reload_threshold", "autopay_reload_threshold"),
];

/// The state of a `tensorpool_user_preferences`.
#[derive(Clone, Debug, Model)]
pub struct PreferencesModel {
    pub(super) id: Attr<String>,
    pub(super) notify_email_cluster_create: Attr<bool>,
    pub(super) notify_email_cluster_destroy: Attr<bool>,
    pub(super) autopay_enabled: Attr<bool>,
    pub(super) balance_warning_threshold: Attr<Number>,
    pub(super) autopay_reload_threshold: Attr<Number>,
    pub(super) timeouts: Timeouts,
}

/// What the account keeps unless the configuration says otherwise.
fn kept(attribute: Attribute) -> Attribute {
    attribute.optional().computed().use_non_null_state_for_unknown()
}

/// An amount in USD. The API holds it as a float, so digits beyond one are no change.
fn amount(description: &str) -> Attribute {
    let same = |a: &Value, b: &Value| match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64().total_cmp(&b.as_f64()).is_eq(),
        _ => false,
    };
    let is_sent_as_it_is = |value: &Value| match value {
        Value::Number(number) if !number.as_f64().is_finite() => {
            Err(format!("{number} is more than the API can be sent."))
        }
        _ => Ok(()),
    };
    kept(Attribute::number(description)).equivalent_when(same).validate(predicate(is_sent_as_it_is))
}

pub(super) fn schema() -> Schema {
    Schema::new(
        "The preferences of your account: its emails, and how its balance is kept up. Every account has them exactly once, \
         so this is declared at most once for a provider configuration.\n\nThe create adopts what the account has and \
         changes what is configured; an argument that is left out keeps the account's value. The state is bound to the account: \
         with the API key of another one nothing is read or changed. The destroy changes nothing at TensorPool: the \
         preferences stay as they are, **autopay included**, and Terraform forgets them.",
    )
    .identity(IdentitySchema::of("id", "Always `preferences`: the API key says of which account."))
    .attribute(
        "id",
        Attribute::string("Always `preferences`: every account has exactly one set of them.")
            .computed()
            .use_non_null_state_for_unknown(),
    )
    .attribute(
        "notify_email_cluster_create",
        kept(Attribute::bool("Whether TensorPool sends an email when a cluster is created.")),
    )
    .attribute(
        "notify_email_cluster_destroy",
        kept(Attribute::bool("Whether TensorPool sends an email when a cluster is destroyed.")),
    )
    .attribute(
        "autopay_enabled",
        kept(Attribute::bool(
            "Whether the saved payment method is **charged** when the balance falls below `autopay_reload_threshold`. `true` \
             needs that argument too, and a default payment method, which is saved in TensorPool's web dashboard.",
        )),
    )
    .attribute(
        "balance_warning_threshold",
        amount("The balance in USD below which TensorPool warns.").validate(GreaterThan(0)),
    )
    .attribute(
        "autopay_reload_threshold",
        amount("The balance in USD below which autopay charges. It has to be less than `balance_warning_threshold`.")
            .validate(AtLeast(20)),
    )
    .block("timeouts", timeouts::block(&[Verb::Create, Verb::Read, Verb::Update]))
}

impl PreferencesModel {
    /// The state of an import, before anything of it was read.
    pub(super) fn imported() -> Self {
        Self {
            id: ID.into(),
            notify_email_cluster_create: Attr::Null,
            notify_email_cluster_destroy: Attr::Null,
            autopay_enabled: Attr::Null,
            balance_warning_threshold: Attr::Null,
            autopay_reload_threshold: Attr::Null,
            timeouts: Timeouts::default(),
        }
    }

    /// What has to be changed at the account: what is known here and other than before.
    pub(super) fn change(&self, prior: Option<&Self>) -> Preferences {
        fn new<T: Clone + PartialEq>(planned: &Attr<T>, prior: Option<&Attr<T>>) -> Option<T> {
            planned.known().filter(|_| prior != Some(planned)).cloned()
        }
        let amount = |planned, prior| new(planned, prior).map(|number: Number| number.as_f64());
        Preferences {
            notify_email_cluster_create: new(
                &self.notify_email_cluster_create,
                prior.map(|prior| &prior.notify_email_cluster_create),
            ),
            notify_email_cluster_destroy: new(
                &self.notify_email_cluster_destroy,
                prior.map(|prior| &prior.notify_email_cluster_destroy),
            ),
            autopay_enabled: new(&self.autopay_enabled, prior.map(|prior| &prior.autopay_enabled)),
            balance_warning_threshold: amount(
                &self.balance_warning_threshold,
                prior.map(|prior| &prior.balance_warning_threshold),
            ),
            autopay_reload_threshold: amount(
                &self.autopay_reload_threshold,
                prior.map(|prior| &prior.autopay_reload_threshold),
            ),
        }
    }

    /// The state after a read of the account. A flag that the API does not return stays; a threshold that it does not return is
    /// not set.
    pub(super) fn refreshed(self, preferences: &Preferences) -> Self {
        let amount = |amount: Option<f64>| amount.and_then(|amount| Number::try_from(amount).ok()).into();
        Self {
            notify_email_cluster_create: Attr::from(preferences.notify_email_cluster_create)
                .or(self.notify_email_cluster_create),
            notify_email_cluster_destroy: Attr::from(preferences.notify_email_cluster_destroy)
                .or(self.notify_email_cluster_destroy),
            autopay_enabled: Attr::from(preferences.autopay_enabled).or(self.autopay_enabled),
            balance_warning_threshold: amount(preferences.balance_warning_threshold),
            autopay_reload_threshold: amount(preferences.autopay_reload_threshold),
            ..self
        }
    }

    /// The state after a create or an update: what was planned stands, and the account has the rest.
    pub(super) fn with_computed(self, preferences: &Preferences) -> Self {
        let reported = Self::imported().refreshed(preferences);
        Self {
            id: reported.id,
            notify_email_cluster_create: settled(
                self.notify_email_cluster_create,
                reported.notify_email_cluster_create,
            ),
            notify_email_cluster_destroy: settled(
                self.notify_email_cluster_destroy,
                reported.notify_email_cluster_destroy,
            ),
            autopay_enabled: settled(self.autopay_enabled, reported.autopay_enabled),
            balance_warning_threshold: settled(self.balance_warning_threshold, reported.balance_warning_threshold),
            autopay_reload_threshold: settled(self.autopay_reload_threshold, reported.autopay_reload_threshold),
            timeouts: self.timeouts,
        }
    }

    /// Checks the rule that binds the two thresholds, as far as they are known. The error points at one that is configured.
    pub(super) fn check_thresholds(&self, config: &Self) -> Result<(), Diagnostics> {
        let (Attr::Known(reload), Attr::Known(warning)) =
            (&self.autopay_reload_threshold, &self.balance_warning_threshold)
        else {
            return Ok(());
        };
        if reload < warning {
            return Ok(());
        }
        let detail = format!(
            "autopay_reload_threshold is {reload}, and must be less than balance_warning_threshold, which is {warning}: a \
             warning comes before a charge. An argument that is not configured has the account's value."
        );
        let only_warning = config.autopay_reload_threshold.is_null() && !config.balance_warning_threshold.is_null();
        let at = if only_warning { "balance_warning_threshold" } else { "autopay_reload_threshold" };
        Err(Diagnostic::error("Invalid thresholds", detail).at(AttributePath::of(at)).into())
    }

    /// Checks that a configuration that lets TensorPool charge says at which balance.
    pub(super) fn check_autopay(&self) -> Result<(), Diagnostics> {
        if self.autopay_enabled.known() != Some(&true) || !self.autopay_reload_threshold.is_null() {
            return Ok(());
        }
        let detail = "autopay_enabled = true needs autopay_reload_threshold as well: the balance in USD below which the \
                      saved payment method is charged.";
        Err(Diagnostic::error("Missing autopay threshold", detail).at(AttributePath::of("autopay_enabled")).into())
    }
}

/// The planned value, or what the account has if the plan left it open.
fn settled<T>(planned: Attr<T>, reported: Attr<T>) -> Attr<T> {
    if planned.is_unknown() { reported } else { planned }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(autopay: Attr<bool>, warning: Attr<i64>, reload: Attr<i64>) -> PreferencesModel {
        let number = |amount: Attr<i64>| match amount {
            Attr::Null => Attr::Null,
            Attr::Unknown => Attr::Unknown,
            Attr::Known(amount) => Attr::Known(Number::from(amount)),
        };
        PreferencesModel {
            autopay_enabled: autopay,
            balance_warning_threshold: number(warning),
            autopay_reload_threshold: number(reload),
            ..PreferencesModel::imported()
        }
    }

    #[test]
    fn the_thresholds_are_compared_once_both_are_known() {
        let check = |warning, reload| {
            let model = model(Attr::Null, warning, reload);
            model.check_thresholds(&model).is_ok()
        };
        assert!(check(51.into(), 50.into()));
        assert!(!check(50.into(), 50.into()));
        assert!(check(Attr::Unknown, 50.into()) && check(Attr::Null, 50.into()) && check(50.into(), Attr::Null));
    }

    #[test]
    fn autopay_needs_its_threshold() {
        let check = |autopay, reload| model(autopay, Attr::Null, reload).check_autopay().is_ok();
        assert!(!check(true.into(), Attr::Null));
        assert!(check(true.into(), 20.into()) && check(true.into(), Attr::Unknown));
        assert!(check(false.into(), Attr::Null) && check(Attr::Unknown, Attr::Null));
    }

    #[test]
    fn only_what_is_new_is_changed() {
        let prior = model(false.into(), 100.into(), Attr::Null);
        let planned = model(false.into(), 100.into(), 50.into());
        let expected = Preferences { autopay_reload_threshold: Some(50.0), ..Preferences::default() };
        assert_eq!(planned.change(Some(&prior)), expected);
        assert_eq!(prior.change(Some(&prior)), Preferences::default());
        assert_eq!(model(true.into(), Attr::Unknown, Attr::Null).change(None).autopay_enabled, Some(true));
    }

    #[test]
    fn after_an_apply_nothing_is_unknown_and_what_was_planned_stands() {
        let reported = Preferences {
            autopay_enabled: Some(false),
            balance_warning_threshold: Some(0.1),
            ..Preferences::default()
        };
        let state = model(true.into(), Attr::Unknown, Attr::Unknown).with_computed(&reported);
        assert_eq!(state.autopay_enabled, Attr::Known(true));
        assert_eq!(state.balance_warning_threshold, Attr::Known("0.1".parse().expect("it is a number")));
        assert!(state.autopay_reload_threshold.is_null());
        assert!(state.into_value().is_wholly_known());
    }
}
