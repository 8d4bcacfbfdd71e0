//! Errors about values of a configuration that Terraform's types allow and the author's model does not.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Refusal, Shape, refused};
use crate::path::{AttributePath, Step};
use crate::value::Value;

/// An error for the user at every such value.
pub(super) fn refusals(model: &Shape, config: &Value) -> Diagnostics {
    let mut refusals = Diagnostics::new();
    let refused = if config.is_null() { Vec::new() } else { refused(model, config) };
    refusals.extend(refused.into_iter().map(|Refusal { path, must }| {
        let detail = format!("Attribute {path} {must}.");
        Diagnostic::error("Invalid attribute value", detail).at(path)
    }));
    refusals
}

/// The errors of `more` that are about values with which nothing was found to be wrong before.
pub(super) fn unless_reported(more: Diagnostics, reported: &Diagnostics) -> Diagnostics {
    let is_new = |path: &AttributePath| {
        let reported = reported.iter().filter(|one| one.is_error()).filter_map(|one| one.path.as_ref());
        reported
            .map(AttributePath::steps)
            .all(|reported| !reported.starts_with(path.steps()) && !path.steps().starts_with(reported))
    };
    let mut new = Diagnostics::new();
    new.extend(more.into_iter().filter(|one| one.path.as_ref().is_none_or(is_new)));
    new
}

/// The configuration as if what is wrong in it were not known yet, so that the rest can still be validated.
pub(super) fn without_wrong(config: &Value, errors: &Diagnostics) -> Value {
    let wrong: Vec<&[Step]> =
        errors.iter().filter(|one| one.is_error()).filter_map(|one| Some(one.path.as_ref()?.steps())).collect();
    forget(config, &wrong)
}

/// The value without what lies at the paths.
fn forget(value: &Value, wrong: &[&[Step]]) -> Value {
    if wrong.is_empty() {
        return value.clone();
    }
    if wrong.iter().any(|steps| steps.is_empty()) {
        return Value::unknown();
    }
    let inside = |value: &Value, is: &dyn Fn(&Step) -> bool| {
        let wrong: Vec<&[Step]> = wrong.iter().filter(|steps| is(&steps[0])).map(|steps| &steps[1..]).collect();
        forget(value, &wrong)
    };
    match value {
        Value::List(values) => {
            let at = |(index, value)| inside(value, &|step| matches!(step, Step::Index(at) if *at == index));
            Value::List(values.iter().enumerate().map(at).collect())
        }
        Value::Set(values) => {
            let at = |value| inside(value, &|step| matches!(step, Step::Element(at) if **at == *value));
            Value::Set(values.iter().map(at).collect())
        }
        Value::Map(values) => Value::Map(values.map_ref(|name, value| {
            inside(value, &|step| matches!(step, Step::Attribute(at) | Step::Key(at) if *at == **name))
        })),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::model::{Attr, Given, Model};
    use crate::value::Number;

    #[derive(Clone, Model)]
    struct Rule {
        port: Attr<i64>,
    }

    #[derive(Clone, Model)]
    struct Thing {
        names: Attr<Vec<Given<String>>>,
        tags: Attr<Vec<Given<String>>>,
        labels: Attr<BTreeMap<String, Given<String>>>,
        rules: Attr<Vec<Given<Rule>>>,
        open: Attr<Vec<Attr<String>>>,
    }

    fn rule(port: &str) -> Value {
        Value::object([("port", Value::Number(port.parse().expect("it is a number")))])
    }

    fn wrong() -> Value {
        Value::object([
            ("names", Value::List(vec!["a".into(), Value::Null, Value::unknown()])),
            ("tags", Value::Set(vec![Value::Null, "a".into()])),
            ("labels", Value::object([("a", Value::Null), ("b", "b".into())])),
            ("rules", Value::List(vec![rule("1"), rule("1.5"), Value::Null, rule("1e30"), rule("-1e30")])),
            ("open", Value::List(vec![Value::Null, Value::unknown()])),
        ])
    }

    #[test]
    fn every_value_that_the_model_cannot_hold_is_reported_at_its_place() {
        let reported: Vec<_> = refusals(&Thing::shape(), &wrong())
            .into_iter()
            .map(|one| {
                assert!(one.detail.contains(&one.path.as_ref().expect("it has a place").to_string()));
                one.detail
            })
            .collect();
        let expected = [
            "Attribute names[1] must not be null.",
            "Attribute tags[element] must not be null.",
            "Attribute labels[\"a\"] must not be null.",
            "Attribute rules[1].port must be a whole number.",
            "Attribute rules[2] must not be null.",
            "Attribute rules[3].port must be at most 9223372036854775807.",
            "Attribute rules[4].port must be at least -9223372036854775808.",
        ];
        assert_eq!(reported, expected);
        assert!(refusals(&Thing::shape(), &Value::Null).is_empty());
    }

    #[derive(Clone, Model)]
    enum Size {
        Small,
        Large,
    }

    #[derive(Clone, Model)]
    struct Types {
        byte: Attr<u8>,
        word: Attr<i32>,
        count: Attr<usize>,
        float: Attr<f32>,
        size: Attr<Size>,
        set: Attr<BTreeSet<Given<u8>>>,
        free: Attr<Number>,
        any: Attr<Value>,
    }

    #[test]
    fn what_a_type_of_rust_cannot_hold_is_reported() {
        let number = |text: &str| Value::Number(text.parse().expect("it is a number"));
        let reported = |name: &str, value: Value| {
            let reported: Vec<_> = refusals(&Types::shape(), &Value::object([(name, value)])).into_iter().collect();
            reported.into_iter().map(|one| one.detail).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(reported("byte", number("300")), "Attribute byte must be at most 255.");
        assert_eq!(reported("byte", number("-1")), "Attribute byte must be at least 0.");
        assert_eq!(reported("word", number("1099511627776")), "Attribute word must be at most 2147483647.");
        assert_eq!(reported("count", number("0.5")), "Attribute count must be a whole number.");
        assert_eq!(reported("float", number("1e39")), "Attribute float must be at most 34028235e31.");
        assert_eq!(reported("size", "huge".into()), "Attribute size must be one of \"small\", \"large\".");
        let bytes = Value::Set(vec![number("1"), number("256"), Value::unknown()]);
        assert_eq!(reported("set", bytes), "Attribute set[element] must be at most 255.");
        for (name, value) in [
            ("byte", number("255")),
            ("word", number("-2147483648")),
            ("count", Value::Null),
            ("float", number("0.123456789")),
            ("size", "large".into()),
            ("size", Value::unknown()),
            ("free", number("1e400")),
            ("any", Value::List(vec![Value::Null])),
        ] {
            assert_eq!(reported(name, value), "");
        }
    }

    #[test]
    fn what_is_wrong_is_reported_once() {
        let error = |path| Diagnostics::from(Diagnostic::error("E", "E.").at(path));
        let port = || AttributePath::of("rules").index(1).attribute("port");
        for reported in [AttributePath::of("rules"), AttributePath::of("rules").index(1), port()] {
            assert!(unless_reported(error(port()), &error(reported)).is_empty());
        }
        assert!(unless_reported(error(AttributePath::of("rules")), &error(port())).is_empty());
        for reported in [AttributePath::of("names"), AttributePath::of("rules").index(0)] {
            assert!(unless_reported(error(port()), &error(reported)).has_errors());
        }
        let warning = Diagnostic::warning("W", "W.").at(port());
        assert!(unless_reported(error(port()), &warning.into()).has_errors());
    }

    #[test]
    fn what_is_wrong_is_seen_as_unknown_and_the_rest_stays() {
        let errors = refusals(&Thing::shape(), &wrong());
        let seen = without_wrong(&wrong(), &errors);
        let unknown = Value::unknown;
        let port = || Value::object([("port", unknown())]);
        let expected = Value::object([
            ("names", Value::List(vec!["a".into(), unknown(), unknown()])),
            ("tags", Value::Set(vec![unknown(), "a".into()])),
            ("labels", Value::object([("a", unknown()), ("b", "b".into())])),
            ("rules", Value::List(vec![rule("1"), port(), unknown(), port(), port()])),
            ("open", Value::List(vec![Value::Null, unknown()])),
        ]);
        assert_eq!(seen, expected);
        assert!(Thing::from_value(seen).is_ok() && Thing::from_value(wrong()).is_err());
    }
}
