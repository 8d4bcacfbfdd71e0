//! What tests write in place of a configuration's text.

use serde_json::Value as Json;

use crate::model::Model;
use crate::value::Value;

/// A text that stands for a value that is not known yet, in a configuration that is written as JSON.
///
/// ```
/// use serde_json::json;
/// use terraform_plugin::testing::{Config, UNKNOWN};
///
/// // As `title = terraform_data.later.output` is, while it is planned.
/// let config = Config::from(json!({ "isbn": "9780131103627", "title": UNKNOWN }));
/// assert!(config.value().get("title").unwrap().is_unknown());
/// ```
pub const UNKNOWN: &str = "terraform_plugin::testing::UNKNOWN";

/// A configuration, a state or an identity, as a test writes it: JSON, a [`Value`], or a model.
///
/// What it does not mention is null, and a block that it does not mention is absent. A block that can stand several times is a
/// list of objects, or one object. Values are converted as Terraform does: `"8"` is a number where the schema wants one, and a
/// list a set.
#[derive(Clone, Debug)]
pub struct Config(Value);

impl Config {
    /// Nothing at all, for example an empty `provider` block.
    #[must_use]
    pub fn empty() -> Self {
        Self(Value::object::<&str>([]))
    }

    /// What was written.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.0
    }

    pub(super) fn into_value(self) -> Value {
        self.0
    }
}

impl<M: Model> From<M> for Config {
    fn from(model: M) -> Self {
        Self(model.into_value())
    }
}

impl From<Json> for Config {
    fn from(json: Json) -> Self {
        Self(with_unknown(json.into()))
    }
}

fn with_unknown(value: Value) -> Value {
    match value {
        Value::String(text) if text == UNKNOWN => Value::unknown(),
        Value::List(elements) => Value::List(elements.into_iter().map(with_unknown).collect()),
        Value::Map(entries) => Value::Map(entries.map(|_, value| with_unknown(value))),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::Attr;

    #[derive(Clone, Model)]
    struct Book {
        title: Attr<String>,
    }

    #[test]
    fn a_configuration_is_json_a_value_or_a_model() {
        let expected = Value::object([("title", Value::from("C"))]);
        let written: [Config; 3] =
            [json!({"title": "C"}).into(), expected.clone().into(), Book { title: "C".into() }.into()];
        assert!(written.iter().all(|config| *config.value() == expected));
        assert_eq!(*Config::empty().value(), Value::object::<&str>([]));
    }

    #[test]
    fn a_value_can_be_unknown_anywhere_in_json() {
        let config = Config::from(json!({"a": [{"b": UNKNOWN}, UNKNOWN], "c": "known"}));
        let inner = Value::object([("b", Value::unknown())]);
        let list = Value::List(vec![inner, Value::unknown()]);
        assert_eq!(*config.value(), Value::object([("a", list), ("c", "known".into())]));
    }
}
