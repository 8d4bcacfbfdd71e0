//! The elements of sets, which are planned as what they were.

use super::tests::plan;
use crate::schema::{Attribute, Block, BlockNesting, Nesting, Schema};
use crate::value::Value;

/// A thing with a set of disks, as attribute or as blocks.
fn disks(block: bool) -> Schema {
    let same_letters = |a: &Value, b: &Value| format!("{a:?}").eq_ignore_ascii_case(&format!("{b:?}"));
    let attributes = || {
        [
            ("name", Attribute::string("Name.").required().equivalent_when(same_letters)),
            ("size", Attribute::integer("Size.").default(10)),
            ("kind", Attribute::string("Kind.").optional().requires_replace()),
            ("id", Attribute::string("Id.").computed().use_state_for_unknown()),
            ("status", Attribute::string("Status.").computed()),
        ]
    };
    let schema = Schema::new("A thing.").attribute("title", Attribute::string("Title.").optional());
    if block {
        let mut disks = Block::new(BlockNesting::Set, "Disks.");
        for (name, attribute) in attributes() {
            disks = disks.attribute(name, attribute);
        }
        return schema.block("disks", disks);
    }
    schema.attribute("disks", Attribute::nested(Nesting::Set, attributes(), "Disks.").optional())
}

/// A disk with its name, size, kind, id and status.
fn disk(values: [Value; 5]) -> Value {
    Value::object(["name", "size", "kind", "id", "status"].into_iter().zip(values))
}

fn configured(name: &str, size: Option<i64>, kind: &str) -> Value {
    let size = size.map_or(Value::Null, Value::from);
    disk([name.into(), size, kind.into(), Value::Null, Value::Null])
}

fn made(name: &str, size: i64, kind: &str, id: &str) -> Value {
    disk([name.into(), size.into(), kind.into(), id.into(), "up".into()])
}

fn planned(name: &str, size: i64, kind: &str, id: Option<&str>) -> Value {
    let id = id.map_or(Value::unknown(), Value::from);
    disk([name.into(), size.into(), kind.into(), id, Value::unknown()])
}

/// The disks that are planned for these, and the attributes that replace the thing.
fn plan_disks(config: &[Value], prior: &[Value]) -> (Value, Vec<String>) {
    let thing = |disks: &[Value]| Value::object([("title", "t".into()), ("disks", Value::set(disks.to_vec()))]);
    let plans = [false, true].map(|block| {
        let (config, prior) = (thing(config), thing(prior));
        plan(&disks(block), &prior, config.clone(), &config)
    });
    let reported = plans.map(|plan| {
        let paths = plan.requires_replace.into_iter().map(|path| path.to_string()).collect();
        (plan.planned.get("disks").cloned().expect("there are disks"), paths)
    });
    assert_eq!(reported[0], reported[1], "an attribute and a block");
    reported.into_iter().next().expect("there are two")
}

#[test]
fn an_element_of_a_set_is_planned_as_what_it_was() {
    let prior = || vec![made("a", 10, "x", "1"), made("b", 20, "x", "2")];
    // Nothing changes, but the spelling.
    let same = vec![configured("A", None, "x"), configured("b", Some(20), "x")];
    assert_eq!(plan_disks(&same, &prior()), (Value::set(prior()), vec![]));
    // A size that is taken back is the default again.
    let (planned_disks, replaced) = plan_disks(&[configured("a", None, "x"), configured("b", None, "x")], &prior());
    let expected = [planned("a", 10, "x", Some("1")), planned("b", 10, "x", Some("2"))];
    assert_eq!((planned_disks, replaced), (Value::set(expected), vec![]));
    // An element that goes leaves the others what they are.
    let (planned_disks, replaced) = plan_disks(&[configured("b", Some(20), "x")], &prior());
    assert_eq!((planned_disks, replaced), (Value::set([planned("b", 20, "x", Some("2"))]), vec![]));
}

#[test]
fn an_element_of_a_set_that_changes_is_another_one() {
    let prior = || vec![made("a", 10, "x", "1"), made("b", 20, "x", "2")];
    let (planned_disks, replaced) = plan_disks(&[configured("a", None, "x"), configured("b", Some(30), "x")], &prior());
    let expected = [planned("a", 10, "x", Some("1")), planned("b", 30, "x", None)];
    assert_eq!((planned_disks, replaced), (Value::set(expected), vec![]));
    let (planned_disks, replaced) = plan_disks(&[configured("a", None, "x"), configured("b", Some(20), "y")], &prior());
    let expected = [planned("a", 10, "x", Some("1")), planned("b", 20, "y", None)];
    assert_eq!((planned_disks, replaced), (Value::set(expected), vec!["disks[element].kind".to_owned()]));
}

#[test]
fn elements_that_differ_only_in_a_default_keep_apart() {
    let prior = || vec![made("a", 10, "x", "1"), made("a", 20, "x", "2")];
    let config = || vec![configured("a", None, "x"), configured("a", Some(20), "x")];
    assert_eq!(plan_disks(&config(), &prior()), (Value::set(prior()), vec![]));
}
