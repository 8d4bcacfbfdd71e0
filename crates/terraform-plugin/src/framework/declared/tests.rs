//! Configurations that are validated, checked once more and masked, and models that panic.

use super::*;
use crate::model::{Attr, Given, ModelError};
use crate::schema::{AtLeast, Attribute, ConflictsWith};
use crate::value::Number;

#[derive(Clone, Model)]
struct Thing {
    size: Attr<i64>,
    ports: Attr<Vec<Given<i64>>>,
    name: Attr<String>,
}

/// What is reported of a configuration, where the author's own rule refuses every known size and the name `bad`.
async fn reported(size: Value, ports: Value, name: &str) -> Vec<String> {
    let schema = Schema::new("A thing.")
        .attribute("size", Attribute::integer("Size.").optional().validate(AtLeast(1)))
        .attribute("ports", Attribute::list(Type::Number, "Ports.").optional())
        .attribute("name", Attribute::string("Name.").optional());
    let config = Value::object([("size", size), ("ports", ports), ("name", name.into())]);
    let own = async |thing: Thing| {
        let mut errors = Diagnostics::new();
        if thing.size.known().is_some() {
            errors.push(Diagnostic::error("Own", "size."));
        }
        if thing.name == "bad".into() {
            errors.push(Diagnostic::error("Own", "name."));
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    };
    let reported = Declared::new("t_thing", schema).validate(config, true, own).await;
    reported.into_iter().map(|one| one.detail).collect()
}

#[tokio::test]
async fn after_an_error_the_authors_rules_see_the_rest() {
    let half = || Value::Number(Number::try_from(0.5).expect("it is finite"));
    let whole = "Attribute size must be a whole number, got: 0.5.";
    assert_eq!(reported(half(), Value::Null, "good").await, [whole]);
    assert_eq!(reported(half(), Value::Null, "bad").await, [whole, "name."]);
    assert_eq!(reported(0.into(), Value::Null, "bad").await, ["Attribute size must be at least 1, got: 0.", "name."]);
    let ports = Value::List(vec![Value::Null, half(), Value::unknown()]);
    let expected = ["Attribute ports[0] must not be null.", "Attribute ports[1] must be a whole number.", "size."];
    assert_eq!(reported(1.into(), ports, "good").await, expected);
}

/// A model that can hold nothing.
#[derive(Clone)]
struct HoldsNothing;

impl Model for HoldsNothing {
    fn from_value(value: Value) -> Result<Self, ModelError> {
        Err(ModelError::new("nothing", &value))
    }

    fn into_value(self) -> Value {
        Value::Null
    }
}

fn sized() -> Declared {
    let size = Attribute::integer("Size.").optional().validate(AtLeast(1));
    let least = Attribute::integer("Least.").optional().validate(ConflictsWith(&["size"]));
    Declared::new("t_thing", Schema::new("A thing.").attribute("size", size).attribute("least", least))
}

fn size_and_least(size: Value, least: Value) -> Value {
    Value::object([("size", size), ("least", least)])
}

#[tokio::test]
async fn a_model_that_cannot_hold_a_good_configuration_is_a_mistake() {
    let reported = async |size: i64| {
        let own = async |_: HoldsNothing| Ok(());
        let config = size_and_least(size.into(), Value::Null);
        let reported = sized().validate(config, true, own).await;
        reported.into_iter().map(|one| one.detail).collect::<Vec<_>>()
    };
    let [mistake] = reported(1).await.try_into().expect("it is one");
    assert!(mistake.contains("expected nothing"), "{mistake}");
    assert_eq!(reported(0).await, ["Attribute size must be at least 1, got: 0."]);
}

#[test]
fn a_configuration_is_checked_again_but_for_what_was_so_before() {
    let checked = |config: &Value, prior: &Value| {
        let checked = sized().recheck::<Value>(config, prior);
        checked.err().into_iter().flatten().map(|one| one.detail).collect::<Vec<_>>()
    };
    let (zero, one) = (|| Value::from(0), || Value::from(1));
    let low = "Attribute size must be at least 1, got: 0.";
    assert_eq!(checked(&size_and_least(one(), Value::Null), &Value::Null), [""; 0]);
    assert_eq!(checked(&size_and_least(zero(), Value::Null), &Value::Null), [low]);
    assert_eq!(checked(&size_and_least(zero(), Value::Null), &size_and_least(one(), Value::Null)), [low]);
    assert_eq!(checked(&size_and_least(zero(), Value::Null), &size_and_least(zero(), one())), [""; 0]);
    // So is its relation to others: it may be the prior value, or stand beside one.
    let both = size_and_least(one(), one());
    assert_eq!(checked(&both, &Value::Null), ["Attribute least cannot be set together with `size`."]);
    assert_eq!(checked(&both, &size_and_least(one(), Value::Null)), [""; 0]);
}

#[test]
fn what_is_sensitive_is_kept_out_of_the_log() {
    // What is masked is so in the whole process, so this stands in no other test.
    mask::log_is_on();
    let secret = Attribute::string("Secret.").optional().sensitive();
    let declared = Declared::new("t_thing", Schema::new("A thing.").attribute("secret", secret));
    declared.mask_secrets(&Value::object([("secret", "masked-by-its-schema".into())]));
    assert_eq!(mask::masks().masked("got masked-by-its-schema"), "got ***");
}

/// A model whose author's code panics at an empty text.
#[derive(Clone)]
struct Panics(Value);

impl Model for Panics {
    fn from_value(value: Value) -> Result<Self, ModelError> {
        assert_ne!(value, Value::object([("name", "".into())]), "out of cheese");
        Ok(Self(value))
    }

    fn into_value(self) -> Value {
        self.0
    }
}

#[test]
fn a_panic_of_a_model_never_loses_what_was_created() {
    let declared = Declared::new("t_thing", Schema::new("A thing.").attribute("name", Attribute::string("Name.")));
    let thing = |name: &str| Value::object([("name", name.into())]);
    let mut reported = Diagnostics::new();
    assert_eq!(declared.changed::<Panics>(&thing("a"), thing("b"), "in its plan", &mut reported), thing("b"));
    assert!(reported.is_empty());
    assert_eq!(declared.changed::<Panics>(&thing(""), thing("b"), "in its plan", &mut reported), thing("b"));
    assert!(reported.has_errors() && reported.iter().all(|one| one.detail.contains("out of cheese")));
}
