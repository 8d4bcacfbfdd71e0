//! The rules of single attributes and blocks.

use super::*;
use crate::schema::{Attribute, Block, BlockNesting, Nesting};

pub(super) fn plan(schema: &Schema, prior: &Value, proposed: Value, config: &Value) -> Plan {
    super::plan(schema, prior, proposed, config, &Private::default())
}

fn schema() -> Schema {
    let same_letters = |a: &Value, b: &Value| match (a, b) {
        (Value::String(a), Value::String(b)) => a.eq_ignore_ascii_case(b),
        _ => false,
    };
    Schema::new("A thing.")
        .attribute("id", Attribute::string("Id.").computed().use_state_for_unknown())
        .attribute("kind", Attribute::string("Kind.").required().requires_replace())
        .attribute("key", Attribute::string("Key.").optional().equivalent_when(same_letters).requires_replace())
        .attribute("locked", Attribute::bool("Locked.").default(false))
        .attribute("status", Attribute::string("Status.").computed())
}

fn object(id: Value, kind: &str, key: &str, locked: Value, status: Value) -> Value {
    Value::object([
        ("id", id),
        ("kind", Value::from(kind)),
        ("key", Value::from(key)),
        ("locked", locked),
        ("status", status),
    ])
}

fn state() -> Value {
    object(Value::from("t-1"), "a", "k", Value::Bool(false), Value::from("up"))
}

fn config(kind: &str, key: &str, locked: Value) -> Value {
    object(Value::Null, kind, key, locked, Value::Null)
}

#[test]
fn a_create_has_defaults_and_unknowns() {
    let config = config("a", "k", Value::Null);
    let plan = plan(&schema(), &Value::Null, config.clone(), &config);
    assert_eq!(plan.planned, object(Value::unknown(), "a", "k", Value::Bool(false), Value::unknown()));
    assert!(plan.requires_replace.is_empty());
}

#[test]
fn without_a_change_the_plan_is_the_state() {
    let plan = plan(&schema(), &state(), state(), &config("a", "K", Value::Null));
    assert_eq!(plan.planned, state());
}

#[test]
fn another_spelling_is_no_change() {
    let proposed = object(Value::from("t-1"), "a", "K", Value::Bool(false), Value::from("up"));
    let plan = plan(&schema(), &state(), proposed, &config("a", "K", Value::Null));
    assert_eq!(plan.planned, state());
    assert!(plan.requires_replace.is_empty());
}

#[test]
fn an_update_keeps_the_id_and_leaves_volatile_values_open() {
    let proposed = object(Value::from("t-1"), "a", "k", Value::Bool(true), Value::from("up"));
    let plan = plan(&schema(), &state(), proposed, &config("a", "k", Value::Bool(true)));
    assert_eq!(plan.planned, object(Value::from("t-1"), "a", "k", Value::Bool(true), Value::unknown()));
}

#[test]
fn a_replacement_names_its_cause() {
    let proposed = object(Value::from("t-1"), "b", "k", Value::Bool(false), Value::from("up"));
    let plan = plan(&schema(), &state(), proposed, &config("b", "k", Value::Null));
    assert_eq!(plan.requires_replace, [AttributePath::of("kind")]);
}

#[test]
fn nested_attributes_and_blocks_follow_the_same_rules() {
    let disk = [
        ("kind", Attribute::string("Kind.").default("ssd").requires_replace()),
        ("device", Attribute::string("Device.").computed()),
    ];
    let schema =
        Schema::new("A thing.").attribute("disks", Attribute::nested(Nesting::List, disk, "Disks.").optional()).block(
            "rule",
            Block::new(BlockNesting::Set, "Rules.")
                .attribute("port", Attribute::integer("Port.").required())
                .attribute("id", Attribute::string("Id.").computed()),
        );
    let object = |kind: Value, device: Value, id: Value| {
        let disk = Value::object([("kind", kind), ("device", device)]);
        let rule = Value::object([("port", 22.into()), ("id", id)]);
        Value::object([("disks", Value::List(vec![disk])), ("rule", Value::Set(vec![rule]))])
    };
    let config = object(Value::Null, Value::Null, Value::Null);
    let created = plan(&schema, &Value::Null, config.clone(), &config);
    assert_eq!(created.planned, object("ssd".into(), Value::unknown(), Value::unknown()));
    assert!(created.requires_replace.is_empty());
    let prior = object("hdd".into(), "sda".into(), "r-1".into());
    let proposed = object(Value::Null, "sda".into(), "r-1".into());
    let replaced = plan(&schema, &prior, proposed, &config);
    assert_eq!(replaced.requires_replace, [AttributePath::of("disks").index(0).attribute("kind")]);
    assert_eq!(replaced.planned, object("ssd".into(), Value::unknown(), Value::unknown()));
}

#[test]
fn the_default_of_a_set_may_be_written_as_a_list() {
    let tags = Attribute::set(crate::value::Type::String, "Tags.").default(Value::List(vec!["b".into(), "a".into()]));
    let schema = Schema::new("A thing.").attribute("tags", tags);
    let config = Value::object([("tags", Value::Null)]);
    let prior = Value::object([("tags", Value::set(["a".into(), "b".into()]))]);
    assert_eq!(plan(&schema, &prior, prior.clone(), &config).planned, prior);
}

#[test]
fn write_only_values_are_in_no_plan() {
    let schema = Schema::new("A thing.").attribute("password", Attribute::string("Password.").required().write_only());
    let config = Value::object([("password", Value::from("secret"))]);
    let plan = plan(&schema, &Value::Null, config.clone(), &config);
    assert_eq!(plan.planned, Value::object([("password", Value::Null)]));
}
