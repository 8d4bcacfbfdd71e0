//! Plans and states that keep what was promised, and others.

use super::*;
use crate::schema::Attribute;
use crate::value::{Refinements, Type};

fn schema() -> Schema {
    let rule = [("port", Attribute::integer("Port.").required()), ("id", Attribute::string("Id.").computed())];
    Schema::new("A thing.")
        .attribute("name", Attribute::string("Name.").optional())
        .attribute("size", Attribute::integer("Size.").optional().computed())
        .attribute("secret", Attribute::string("Secret.").optional().write_only())
        .attribute("rules", Attribute::nested(Nesting::List, rule, "Rules.").optional())
}

fn object(name: Value, size: Value, secret: Value, rules: Value) -> Value {
    Value::object([("name", name), ("size", size), ("secret", secret), ("rules", rules)])
}

fn rule(port: i64, id: Value) -> Value {
    rule_of(port.into(), id)
}

fn rule_of(port: Value, id: Value) -> Value {
    Value::object([("port", port), ("id", id)])
}

#[test]
fn a_plan_may_fill_in_what_is_computed_and_nothing_else() {
    let rules = |id: Value| Value::List(vec![rule(22, id)]);
    let config = object("a".into(), Value::Null, "s".into(), rules(Value::Null));
    let planned = object("a".into(), 3.into(), Value::Null, rules("r-1".into()));
    assert_eq!(plan(&schema(), &Value::Null, &config, &planned), []);
    let wrong = object("b".into(), 3.into(), "s2".into(), Value::List(vec![rule(23, Value::Null)]));
    let paths: Vec<_> = plan(&schema(), &Value::Null, &config, &wrong).iter().map(|one| one.path.to_string()).collect();
    assert_eq!(paths, ["name", "rules[0].port", "secret"]);
    let longer = object(Value::Null, 3.into(), Value::Null, Value::List(vec![Value::Null, Value::Null]));
    let reported = plan(&schema(), &Value::Null, &config, &longer);
    assert_eq!(reported[0].sentence, "is planned to be other than configured");
    assert_eq!(reported[1].sentence, "is planned to have another number of elements than configured");
}

#[test]
fn the_prior_spelling_may_stay() {
    let config = object("A".into(), Value::Null, Value::Null, Value::Null);
    let prior = object("a".into(), 1.into(), Value::Null, Value::Null);
    assert_eq!(plan(&schema(), &prior, &config, &prior), []);
    let invented = object(Value::Null, 1.into(), Value::Null, Value::List(Vec::new()));
    let reported = plan(&schema(), &prior, &object(Value::Null, 1.into(), Value::Null, Value::Null), &invented);
    assert_eq!(reported[0].sentence, "is not configured and not computed, but planned to have a value");
}

#[test]
fn what_is_in_an_unknown_element_is_unknown() {
    // Terraform proposes an object of unknown attributes for it, where there was one before.
    let rules = |rules: Vec<Value>| object("a".into(), Value::Null, Value::Null, Value::List(rules));
    let planned = rules(vec![rule(22, Value::unknown()), rule_of(Value::unknown(), Value::unknown())]);
    let config = rules(vec![rule(22, Value::Null), Value::unknown()]);
    let prior = rules(vec![rule(22, "r-1".into()), rule(23, "r-2".into())]);
    assert_eq!(plan(&schema(), &prior, &config, &planned), []);
}

#[test]
fn what_is_configured_is_planned_whatever_else_is_computed() {
    let config = object("a".into(), 3.into(), Value::Null, Value::Null);
    let reported = plan(&schema(), &Value::Null, &config, &object("a".into(), 4.into(), Value::Null, Value::Null));
    let expected = Breach { path: AttributePath::of("size"), sentence: "is planned to be other than configured" };
    assert_eq!(reported, [expected]);
}

#[test]
fn what_is_nested_is_compared_inside_only_where_both_have_it() {
    let rule = || [("port", Attribute::integer("Port.").required())];
    let port = |port: i64| Value::object([("port", port.into())]);
    let map = |entries: &[(&str, i64)]| Value::object(entries.iter().map(|(key, value)| (*key, port(*value))));
    let list = |ports: &[i64]| Value::List(ports.iter().copied().map(port).collect());
    let other = "is planned to be other than configured";
    for (nesting, config, planned, expected) in [
        (Nesting::List, list(&[1]), Value::Null, Some(("rules", other))),
        (Nesting::List, list(&[1]), Value::unknown(), Some(("rules", other))),
        (Nesting::List, Value::unknown(), list(&[1]), Some(("rules", other))),
        (Nesting::List, list(&[1]), list(&[2]), Some(("rules[0].port", other))),
        (Nesting::Map, map(&[("a", 1)]), map(&[("a", 1)]), None),
        (Nesting::Map, map(&[("a", 1)]), map(&[("a", 2)]), Some(("rules[\"a\"].port", other))),
        (
            Nesting::Map,
            map(&[("a", 1)]),
            map(&[("a", 1), ("b", 2)]),
            Some(("rules", "is planned to have other keys than configured")),
        ),
        // Terraform compares sets as wholes, and so does not look into their elements.
        (Nesting::Set, Value::set([port(1)]), Value::set([port(2)]), None),
    ] {
        let schema =
            Schema::new("A thing.").attribute("rules", Attribute::nested(nesting, rule(), "Rules.").optional());
        let thing = |rules: &Value| Value::object([("rules", rules.clone())]);
        let reported = plan(&schema, &Value::Null, &thing(&config), &thing(&planned));
        let reported: Vec<_> = reported.iter().map(|one| (one.path.to_string(), one.sentence)).collect();
        let expected: Vec<_> = expected.map(|(path, sentence)| (path.to_owned(), sentence)).into_iter().collect();
        assert_eq!(reported, expected, "{config:?} {planned:?}");
    }
}

#[test]
fn what_is_known_of_the_unknown_is_no_part_of_the_promise() {
    let refined = Value::refined(Refinements { not_null: true, ..Refinements::default() });
    let config = object(refined, Value::Null, Value::Null, Value::Null);
    let planned = object(Value::unknown(), Value::Null, Value::Null, Value::Null);
    assert_eq!(plan(&schema(), &Value::Null, &config, &planned), []);
}

#[test]
fn what_is_applied_has_the_elements_that_were_planned() {
    let entry = |key: &str| Value::object([(key, Value::from(1))]);
    let list = |elements: &[i64]| Value::List(elements.iter().copied().map(Value::from).collect());
    let set = |elements: &[i64]| Value::set(elements.iter().copied().map(Value::from));
    let dynamic = |value: Value| Value::dynamic(Type::Number, value);
    for (planned, state, is_kept) in [
        (entry("a"), entry("a"), true),
        (entry("a"), entry("b"), false),
        (list(&[1]), list(&[1, 2]), false),
        (set(&[1, 2]), set(&[1]), false),
        (set(&[1, 2]), set(&[1, 3]), false),
        // What was unknown may turn out to be what is there already, but not to be more.
        (Value::Set(vec![Value::unknown(), 1.into()]), set(&[1]), true),
        (Value::Set(vec![Value::unknown()]), set(&[1, 2]), false),
        (dynamic(Value::unknown()), dynamic(1.into()), true),
        (dynamic(1.into()), dynamic(2.into()), false),
    ] {
        let thing = |it: &Value| Value::object([("it", it.clone())]);
        let expected = if is_kept { vec![] } else { vec![AttributePath::of("it")] };
        assert_eq!(apply(&thing(&planned), &thing(&state)), expected, "{planned:?} {state:?}");
    }
}

#[test]
fn an_applied_state_is_what_was_planned_where_that_was_known() {
    let planned = object("a".into(), Value::unknown(), Value::Null, Value::List(vec![rule(22, Value::unknown())]));
    let applied = object("a".into(), 7.into(), Value::Null, Value::List(vec![rule(22, "r-1".into())]));
    assert_eq!(apply(&planned, &applied), []);
    let other = object("b".into(), 7.into(), Value::Null, Value::List(vec![rule(23, "r-1".into())]));
    let paths: Vec<_> = apply(&planned, &other).iter().map(ToString::to_string).collect();
    assert_eq!(paths, ["name", "rules[0].port"]);
}

#[test]
fn what_stays_unknown_is_found_and_becomes_null() {
    let state = object("a".into(), Value::unknown(), Value::Null, Value::List(vec![rule(22, Value::unknown())]));
    let paths: Vec<_> = unknown(&state).iter().map(ToString::to_string).collect();
    assert_eq!(paths, ["rules", "size"]);
    assert!(without_unknown(state).is_wholly_known());
}
