//! Plan modifiers: how the value of one attribute or block is planned.

use super::ModifierTarget;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::operation::Private;
use crate::path::AttributePath;
use crate::value::Value;

/// The whole object that a [`PlannedAttribute`] belongs to.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct PlannedObject<'a> {
    /// The configuration.
    pub config: &'a Value,
    /// The prior state: null when the object is being created.
    pub prior: &'a Value,
    /// The plan before the modifiers ran: with defaults, and with computed values unknown if anything changes.
    pub planned: &'a Value,
    /// The private data of the object.
    pub private: &'a Private,
}

/// What a [`PlanModifier`] sees of its attribute or block, and may change.
#[expect(clippy::struct_excessive_bools, reason = "they are independent facts, and one answer")]
#[non_exhaustive]
pub struct PlannedAttribute<'a> {
    /// Where the attribute stands.
    pub path: &'a AttributePath,
    /// The value in the configuration: null when it is not set there.
    pub config: &'a Value,
    /// The value in the prior state: null when the object is being created.
    pub prior: &'a Value,
    /// The planned value so far.
    pub planned: &'a mut Value,
    /// The whole object. A computed block that the configuration leaves out is null in it.
    pub object: PlannedObject<'a>,
    /// Whether the object is being created.
    pub creating: bool,
    /// Whether what the attribute stands in is not in the prior state: the object is being created, or it is an element or a
    /// nested object that was not there.
    pub added: bool,
    /// In an element of a set that is not what it was: `prior` stands in the prior element that is most like it, which may
    /// be another one.
    pub guessed: bool,
    /// The attribute or block holds others, and nothing changes in it but that computed values become unknown, as they do
    /// whenever the object changes anywhere.
    pub only_computed: bool,
    /// Set it to replace the object.
    pub requires_replace: bool,
    /// What to report to the user. An error refuses the plan. What has no path is about this attribute.
    pub diagnostics: &'a mut Diagnostics,
}

impl<'a> PlannedObject<'a> {
    /// An object that changes from `prior` to `planned`, for a unit test of a modifier.
    #[must_use]
    pub fn new(config: &'a Value, prior: &'a Value, planned: &'a Value, private: &'a Private) -> Self {
        Self { config, prior, planned, private }
    }
}

impl<'a> PlannedAttribute<'a> {
    /// An attribute or block of an object, for a unit test of a modifier. What is special of it can be set afterwards, for
    /// example that it is [`guessed`](Self::guessed).
    ///
    /// ```
    /// use terraform_plugin::schema::{PlanModifier, PlannedAttribute, PlannedObject, RequiresReplace};
    /// use terraform_plugin::value::Value;
    /// use terraform_plugin::{AttributePath, Diagnostics, Private};
    ///
    /// let (prior, config) = (Value::object([("size", 1.into())]), Value::object([("size", 2.into())]));
    /// let private = Private::default();
    /// let object = PlannedObject::new(&config, &prior, &config, &private);
    /// let (path, mut planned, mut diagnostics) = (AttributePath::of("size"), Value::from(2), Diagnostics::new());
    /// let mut attribute = PlannedAttribute::new(&path, object, &mut planned, &mut diagnostics);
    /// RequiresReplace.modify(&mut attribute);
    /// assert!(attribute.requires_replace);
    /// ```
    #[must_use]
    pub fn new(
        path: &'a AttributePath,
        object: PlannedObject<'a>,
        planned: &'a mut Value,
        diagnostics: &'a mut Diagnostics,
    ) -> Self {
        let creating = object.prior.is_null();
        Self {
            path,
            config: object.config.at(path).unwrap_or(&Value::Null),
            prior: object.prior.at(path).unwrap_or(&Value::Null),
            planned,
            object,
            creating,
            added: creating,
            guessed: false,
            only_computed: false,
            requires_replace: false,
            diagnostics,
        }
    }
}

impl PlannedAttribute<'_> {
    /// Whether the plan changes the value of an object that exists.
    #[must_use]
    pub fn changes(&self) -> bool {
        !self.creating && !self.only_computed && self.planned != self.prior
    }

    /// Warns the user, at the attribute.
    pub fn warn(&mut self, summary: impl Into<String>, detail: impl Into<String>) {
        self.diagnostics.push(Diagnostic::warning(summary, detail));
    }

    /// Refuses the plan with an error at the attribute.
    pub fn refuse(&mut self, summary: impl Into<String>, detail: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(summary, detail));
    }

    /// Whether it is computed, not configured, and unknown only because something in the object changes.
    fn is_open(&self) -> bool {
        self.config.is_null() && self.planned.is_unknown() && !self.guessed
    }
}

/// How the value of an attribute or block is planned. It runs after defaults were put in and computed attributes were made
/// unknown.
///
/// ```
/// use terraform_plugin::schema::{Attribute, ModifierTarget, PlanModifier, PlannedAttribute};
///
/// /// A volume never shrinks.
/// struct OnlyGrows;
///
/// impl PlanModifier for OnlyGrows {
///     fn modify(&self, attribute: &mut PlannedAttribute<'_>) {
///         if let (Some(before), Some(now)) = (attribute.prior.as_i64(), attribute.planned.as_i64())
///             && now < before
///         {
///             attribute.refuse("Volume cannot shrink", format!("It has {before} GB, and {now} GB are less."));
///         }
///     }
///
///     fn description(&self, _: ModifierTarget<'_>) -> Option<String> {
///         Some("Can only grow.".to_owned())
///     }
/// }
///
/// let size = Attribute::integer("The size in GB.").required().modify(OnlyGrows);
/// ```
pub trait PlanModifier: Send + Sync + 'static {
    /// Reads the planned value and changes the plan where it must.
    fn modify(&self, attribute: &mut PlannedAttribute<'_>);

    /// What it does, in one sentence of Markdown, which clients get as part of the description, for example `Changing this
    /// forces a new resource.`
    fn description(&self, _target: ModifierTarget<'_>) -> Option<String> {
        None
    }

    /// Why it can do nothing where it is, in a sentence. [`validate_implementation`](crate::validate_implementation()) reports it.
    fn useless(&self, _target: ModifierTarget<'_>) -> Option<String> {
        None
    }
}

/// A change of the value replaces the object.
pub struct RequiresReplace;

/// A change of the value replaces the object, if the configuration sets it: a value that is taken out of the configuration does
/// not.
pub struct RequiresReplaceIfConfigured;

/// A change of the value replaces the object under a condition.
pub struct RequiresReplaceIf<F> {
    words: String,
    condition: F,
}

impl<F: Fn(&PlannedAttribute<'_>) -> bool + Send + Sync + 'static> RequiresReplaceIf<F> {
    /// `words` say of the condition when it is true, for example `the disk shrinks`.
    pub fn new(words: impl Into<String>, condition: F) -> Self {
        Self { words: words.into(), condition }
    }
}

/// A computed value does not become unknown again: it stays what it is in the state, also null. In an element that is being
/// added it is unknown.
pub struct UseStateForUnknown;

/// A computed value that is set in the state does not become unknown again. As long as it is null there, it may still be set by
/// every update.
pub struct UseNonNullStateForUnknown;

impl PlanModifier for RequiresReplace {
    fn modify(&self, attribute: &mut PlannedAttribute<'_>) {
        attribute.requires_replace |= attribute.changes();
    }

    fn description(&self, target: ModifierTarget<'_>) -> Option<String> {
        Some(format!("{}.", target.forces_new()))
    }

    fn useless(&self, target: ModifierTarget<'_>) -> Option<String> {
        target.never_seen()
    }
}

impl PlanModifier for RequiresReplaceIfConfigured {
    fn modify(&self, attribute: &mut PlannedAttribute<'_>) {
        attribute.requires_replace |= attribute.changes() && !attribute.config.is_null();
    }

    fn description(&self, target: ModifierTarget<'_>) -> Option<String> {
        Some(format!("{}, unless it is removed from the configuration.", target.forces_new()))
    }

    fn useless(&self, target: ModifierTarget<'_>) -> Option<String> {
        let never = "No configuration can set it, so it never replaces the object.";
        target.never_seen().or_else(|| (!target.configurable).then(|| never.to_owned()))
    }
}

impl<F: Fn(&PlannedAttribute<'_>) -> bool + Send + Sync + 'static> PlanModifier for RequiresReplaceIf<F> {
    fn modify(&self, attribute: &mut PlannedAttribute<'_>) {
        attribute.requires_replace |= attribute.changes() && (self.condition)(attribute);
    }

    fn description(&self, target: ModifierTarget<'_>) -> Option<String> {
        Some(format!("{} if {}.", target.forces_new(), self.words))
    }

    fn useless(&self, target: ModifierTarget<'_>) -> Option<String> {
        target.never_seen()
    }
}

impl PlanModifier for UseStateForUnknown {
    fn modify(&self, attribute: &mut PlannedAttribute<'_>) {
        if attribute.is_open() && !attribute.added {
            attribute.planned.clone_from(attribute.prior);
        }
    }

    fn description(&self, target: ModifierTarget<'_>) -> Option<String> {
        target.kept()
    }

    fn useless(&self, target: ModifierTarget<'_>) -> Option<String> {
        target.never_unknown()
    }
}

impl PlanModifier for UseNonNullStateForUnknown {
    fn modify(&self, attribute: &mut PlannedAttribute<'_>) {
        if attribute.is_open() && !attribute.prior.is_null() {
            attribute.planned.clone_from(attribute.prior);
        }
    }

    fn description(&self, target: ModifierTarget<'_>) -> Option<String> {
        target.kept()
    }

    fn useless(&self, target: ModifierTarget<'_>) -> Option<String> {
        target.never_unknown()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The planned value of an attribute after a modifier, and whether it replaces the object.
    fn modified(
        modifier: &dyn PlanModifier,
        config: &Value,
        prior: &Value,
        planned: Value,
        added: bool,
    ) -> (Value, bool) {
        let (path, private) = (AttributePath::of("it"), Private::default());
        let (mut planned, mut diagnostics) = (planned, Diagnostics::new());
        let whole = [config, prior, &planned].map(|value| Value::object([("it", value.clone())]));
        let [whole_config, whole_prior, whole_plan] = &whole;
        let object = PlannedObject { config: whole_config, prior: whole_prior, planned: whole_plan, private: &private };
        let mut attribute = PlannedAttribute {
            path: &path,
            config,
            prior,
            planned: &mut planned,
            object,
            creating: false,
            added,
            guessed: false,
            only_computed: false,
            requires_replace: false,
            diagnostics: &mut diagnostics,
        };
        modifier.modify(&mut attribute);
        let replaces = attribute.requires_replace;
        (planned, replaces)
    }

    #[test]
    fn the_state_is_used_for_what_is_unknown() {
        let (null, unknown, a) = (Value::Null, Value::unknown(), Value::from("a"));
        // The configuration, the prior value, whether its object is added, and what both modifiers plan for an unknown value.
        for (config, prior, added, any, non_null) in [
            (&null, &a, false, &a, &a),
            (&null, &null, false, &null, &unknown),
            (&null, &null, true, &unknown, &unknown),
            // It is not known what the configuration says.
            (&unknown, &a, false, &unknown, &unknown),
        ] {
            let planned = |modifier: &dyn PlanModifier| modified(modifier, config, prior, Value::unknown(), added).0;
            assert_eq!(planned(&UseStateForUnknown), *any, "{config:?} {prior:?}");
            assert_eq!(planned(&UseNonNullStateForUnknown), *non_null, "{config:?} {prior:?}");
        }
        for modifier in [&UseStateForUnknown as &dyn PlanModifier, &UseNonNullStateForUnknown] {
            assert_eq!(modified(modifier, &null, &a, "b".into(), false), ("b".into(), false));
        }
    }

    #[test]
    fn a_change_replaces_as_the_modifier_says() {
        let (null, a, b) = (Value::Null, Value::from("a"), Value::from("b"));
        let to_b = RequiresReplaceIf::new("it becomes b", |it| it.planned.as_str() == Some("b"));
        // The configuration, the plan, and which of the three replace an object that has `a`.
        for (config, planned, expected) in [
            (&a, &a, [false, false, false]),
            (&b, &b, [true, true, true]),
            (&null, &null, [true, false, false]),
            (&null, &Value::unknown(), [true, false, false]),
            (&Value::unknown(), &Value::unknown(), [true, true, false]),
        ] {
            let modifiers: [&dyn PlanModifier; 3] = [&RequiresReplace, &RequiresReplaceIfConfigured, &to_b];
            let replaces = modifiers.map(|modifier| modified(modifier, config, &a, planned.clone(), false).1);
            assert_eq!(replaces, expected, "{config:?} {planned:?}");
        }
    }

    #[test]
    fn each_describes_itself() {
        let shrinks = RequiresReplaceIf::new("it shrinks", |_| true);
        let kept = "If it is removed from the configuration, its value is kept.";
        // Of what a configuration can set, and of what only the provider sets.
        let all: [(&dyn PlanModifier, &str, bool); 5] = [
            (&RequiresReplace, "Changing this forces a new disk.", true),
            (
                &RequiresReplaceIfConfigured,
                "Changing this forces a new disk, unless it is removed from the configuration.",
                true,
            ),
            (&shrinks, "Changing this forces a new disk if it shrinks.", true),
            (&UseStateForUnknown, kept, false),
            (&UseNonNullStateForUnknown, kept, false),
        ];
        for (modifier, description, of_both) in all {
            let of = |configurable| {
                let target = ModifierTarget { noun: "disk", configurable, becomes_unknown: true, write_only: false };
                modifier.description(target)
            };
            assert_eq!(of(true).as_deref(), Some(description));
            assert_eq!(of(false).as_deref(), of_both.then_some(description));
        }
    }
}
