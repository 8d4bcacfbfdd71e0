//! The `timeouts` attribute or block, by which users say how long an operation may take.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::SignedDuration;

use crate::diagnostic::Diagnostics;
use crate::model::{Attr, Model, ModelError, Shape};
use crate::schema::{Attribute, Block, BlockNesting, Nesting, ValidateRequest, Validator, sentence};
use crate::value::Value;

/// The model of time limits: of a [`timeouts` attribute](Timeouts::attribute), or of a [`timeouts` block](Timeouts::block).
///
/// A new schema has the attribute: users write it like every other argument, and can give it a value from elsewhere. The block
/// is for an object whose users write `timeouts { }` already, as in providers that were written with Go's older SDK: to them a change from one to
/// the other is a breaking one. States of both are the same.
///
/// ```
/// use std::time::Duration;
///
/// use terraform_plugin::schema::{Attribute, Schema};
/// use terraform_plugin::{Attr, Model, Timeouts};
///
/// let schema = Schema::new("A cluster.")
///     .attribute("name", Attribute::string("The name.").required())
///     // timeouts = { create = "90m" }
///     .attribute("timeouts", Timeouts::attribute(&[("create", "60m"), ("delete", "20m")]));
///
/// #[derive(Clone, Model)]
/// struct Cluster {
///     name: Attr<String>,
///     timeouts: Timeouts,
/// }
///
/// fn limit(planned: &Cluster) -> Duration {
///     planned.timeouts.of("create", Duration::from_mins(60))
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeouts(BTreeMap<String, Attr<String>>);

impl Timeouts {
    /// The attribute: an object with one attribute for each operation, with its default in words, for example
    /// `("create", "60m")`.
    #[must_use]
    pub fn attribute(defaults: &[(&str, &str)]) -> Attribute {
        Attribute::nested(Nesting::Single, limits(defaults), DESCRIPTION).optional()
    }

    /// The block: one attribute for each operation, with its default in words, for example `("create", "60m")`.
    #[must_use]
    pub fn block(defaults: &[(&str, &str)]) -> Block {
        let block = Block::new(BlockNesting::Single, DESCRIPTION);
        limits(defaults).fold(block, |block, (operation, limit)| block.attribute(operation, limit))
    }

    /// How long an operation may take: what the user says, or the default.
    #[must_use]
    pub fn of(&self, operation: &str, default: Duration) -> Duration {
        self.0.get(operation).and_then(Attr::known).and_then(|text| parse(text)).unwrap_or(default)
    }
}

const DESCRIPTION: &str = "Time limits of operations.";

/// An attribute for each operation.
fn limits<'a>(defaults: &'a [(&'a str, &'a str)]) -> impl Iterator<Item = (&'a str, Attribute)> {
    defaults.iter().map(|(operation, default)| {
        let limit = Attribute::string(format!("Maximum time for {}.", noun(operation)))
            .optional()
            .validate(IsTimeout)
            .default_is(format!("`{default}`"));
        (*operation, limit)
    })
}

/// What an operation is called in a sentence.
fn noun(operation: &str) -> &str {
    match operation {
        "create" => "creation",
        "read" => "reading",
        "update" => "updates",
        "delete" => "deletion",
        other => other,
    }
}

/// What a time limit must be.
const DURATION: &str = "must be a duration, for example `90s`, `30m` or `1h30m`";

/// Refuses what is no time limit.
struct IsTimeout;

impl Validator for IsTimeout {
    fn validate(&self, request: &ValidateRequest<'_>, diagnostics: &mut Diagnostics) {
        if let Value::String(text) = request.value
            && parse(text).is_none()
        {
            // In a dynamic block Terraform shows only the head of the resource, so the text names the attribute.
            diagnostics.push(request.invalid(DURATION));
        }
    }

    fn description(&self) -> Option<String> {
        Some(sentence(DURATION))
    }
}

/// A duration in the notation that Terraform's users know from other providers.
fn parse(text: &str) -> Option<Duration> {
    let duration: SignedDuration = text.parse().ok()?;
    Duration::try_from(duration).ok().filter(|duration| !duration.is_zero())
}

impl Model for Timeouts {
    fn from_value(value: Value) -> Result<Self, ModelError> {
        match value {
            // Neither was written, as in an imported object.
            Value::Null | Value::Unknown(_) => Ok(Self::default()),
            value => BTreeMap::from_value(value).map(Self),
        }
    }

    fn into_value(self) -> Value {
        if self.0.is_empty() { Value::Null } else { self.0.into_value() }
    }

    fn shape() -> Shape {
        // One that is not known yet is read as absent.
        Shape::map(Attr::<String>::shape()).or_null().or_unknown()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::AttributePath;
    use crate::schema::Schema;
    use crate::schema::mistake::{Check, Kind};

    const DEFAULTS: [(&str, &str); 2] = [("create", "60m"), ("delete", "20m")];

    #[test]
    fn the_attribute_and_the_block_have_the_same_model_and_say_the_same() {
        #[derive(Clone, Model)]
        struct Thing {
            timeouts: Timeouts,
        }

        let described = [
            Schema::new("A thing.").attribute("timeouts", Timeouts::attribute(&DEFAULTS)),
            Schema::new("A thing.").block("timeouts", Timeouts::block(&DEFAULTS)),
        ]
        .map(|schema| {
            let mut mistakes = Vec::new();
            let mut check = Check::of(Kind::Resource, "t_thing", &mut mistakes);
            check.schema(&schema);
            check.model(&schema, &Thing::shape());
            assert_eq!(mistakes, []);
            let texts = schema.descriptions(Kind::Resource).into_iter();
            (schema.object_type(), texts.map(|(_, composed)| composed.text()).collect::<Vec<_>>())
        });
        assert_eq!(described[0], described[1]);
        let create =
            "Maximum time for creation. Must be a duration, for example `90s`, `30m` or `1h30m`. Default: `60m`.";
        assert_eq!(described[0].1[2], create);
    }

    #[test]
    fn durations_are_read_as_people_write_them() {
        for (text, seconds) in [("90s", 90), ("60m", 3600), ("1h30m", 5400)] {
            assert_eq!(parse(text), Some(Duration::from_secs(seconds)), "{text}");
        }
        for wrong in ["", "5", "-1m", "0s", "soon"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused_by_the_name_of_its_attribute() {
        let path = AttributePath::of("timeouts").attribute("create");
        let reported = |text: &str| {
            let mut diagnostics = Diagnostics::new();
            let value = Value::from(text);
            IsTimeout.validate(&ValidateRequest::new(&path, &value, &Value::Null), &mut diagnostics);
            diagnostics.into_iter().map(|one| one.detail).collect::<Vec<_>>()
        };
        assert_eq!(reported("90s"), [""; 0]);
        let detail =
            "Attribute timeouts.create must be a duration, for example `90s`, `30m` or `1h30m`, got: \"soon\".";
        assert_eq!(reported("soon"), [detail]);
    }

    #[test]
    fn what_is_absent_means_the_defaults_and_stays_absent() {
        let timeouts = Timeouts::from_value(Value::Null).expect("null is no timeouts");
        assert_eq!(timeouts.of("create", Duration::from_secs(7)), Duration::from_secs(7));
        assert!(timeouts.into_value().is_null());
    }

    #[test]
    fn what_the_user_says_counts() {
        let value = Value::object([("create", Value::from("2m")), ("delete", Value::Null)]);
        let timeouts = Timeouts::from_value(value.clone()).expect("it is such a block");
        assert_eq!(timeouts.of("create", Duration::ZERO), Duration::from_mins(2));
        assert_eq!(timeouts.of("delete", Duration::ZERO), Duration::ZERO);
        assert_eq!(timeouts.into_value(), value);
    }
}
