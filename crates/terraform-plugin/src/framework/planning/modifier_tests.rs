//! What modifiers keep, replace and report.

use super::tests::plan;
use crate::operation::Private;
use crate::path::AttributePath;
use crate::schema::{Attribute, Block, BlockNesting, Nesting, PlanModifier, PlannedAttribute, PlannedObject, Schema};
use crate::value::Value;

#[test]
fn a_block_can_replace_its_object() {
    for nesting in [BlockNesting::Single, BlockNesting::List, BlockNesting::Set] {
        let block = Block::new(nesting, "Rule.")
            .attribute("port", Attribute::integer("Port.").required())
            .attribute("id", Attribute::string("Id.").computed())
            .requires_replace();
        let schema =
            Schema::new("A thing.").attribute("title", Attribute::string("Title.").optional()).block("rule", block);
        let thing = |title: &str, port: i64, id: Value| {
            let rule = Value::object([("port", port.into()), ("id", id)]);
            let rule = match nesting {
                BlockNesting::Single => rule,
                BlockNesting::List => Value::List(vec![rule]),
                BlockNesting::Set => Value::Set(vec![rule]),
            };
            Value::object([("title", title.into()), ("rule", rule)])
        };
        let prior = thing("t", 1, "r-1".into());
        let replaced = |title, port| {
            let config = thing(title, port, Value::Null);
            plan(&schema, &prior, thing(title, port, "r-1".into()), &config).requires_replace
        };
        assert_eq!(replaced("t", 2), [AttributePath::of("rule")], "{nesting:?}");
        assert_eq!(replaced("u", 1), [], "{nesting:?}");
    }
}

/// Plans with one attribute more that changes, so that what is computed becomes unknown.
fn plan_change(schema: Schema, name: &str, config: Value, prior: Value) -> Value {
    let schema = schema.attribute("title", Attribute::string("Title.").optional());
    let thing = |title: &str, value: Value| Value::object([("title", title.into()), (name, value)]);
    let (config, prior) = (thing("new", config), thing("old", prior));
    plan(&schema, &prior, config.clone(), &config).planned.get(name).cloned().expect("it is planned")
}

/// Objects with a name and an id, of which each modifier is asked to keep the id.
#[test]
fn the_state_is_kept_in_what_is_nested() {
    let object = |name: &str, id: Value| Value::object([("name", name.into()), ("id", id)]);
    let one = |value: Value| Value::List(vec![value]);
    for non_null in [false, true] {
        let id = || {
            let id = Attribute::string("Id.").computed();
            if non_null { id.use_non_null_state_for_unknown() } else { id.use_state_for_unknown() }
        };
        let attributes = || [("name", Attribute::string("Name.").required()), ("id", id())];
        let of_null = || if non_null { Value::unknown() } else { Value::Null };
        // The first object is as it was, the second is added.
        let config = || [object("a", Value::Null), object("b", Value::Null)];
        for (prior, kept) in [(Value::from("1"), Value::from("1")), (Value::Null, of_null())] {
            let prior = || object("a", prior.clone());
            let planned = [object("a", kept), object("b", Value::unknown())];
            for (nesting, block) in [(Nesting::List, BlockNesting::List), (Nesting::Set, BlockNesting::Set)] {
                let hold = |elements: Vec<Value>| match nesting {
                    Nesting::Set => Value::set(elements),
                    _ => Value::List(elements),
                };
                let (config, prior) = (hold(config().into()), hold(vec![prior()]));
                let attribute = Attribute::nested(nesting, attributes(), "It.").optional();
                let schema = Schema::new("A thing.").attribute("it", attribute);
                assert_eq!(plan_change(schema, "it", config.clone(), prior.clone()), hold(planned.to_vec()));
                let [(name, first), (other, second)] = attributes();
                let block = Block::new(block, "It.").attribute(name, first).attribute(other, second);
                let schema = Schema::new("A thing.").block("it", block);
                assert_eq!(plan_change(schema, "it", config, prior), hold(planned.to_vec()));
            }
            // In a map, and in an object that is added.
            let hold = |[a, b]: [Value; 2]| Value::object([("a", a), ("b", b)]);
            let map = Attribute::nested(Nesting::Map, attributes(), "It.").optional();
            let schema = Schema::new("A thing.").attribute("it", map);
            let before = Value::object([("a", prior())]);
            assert_eq!(plan_change(schema, "it", hold(config()), before), hold(planned.clone()));
            let single = Attribute::nested(Nesting::Single, attributes(), "It.").optional();
            let list = Attribute::nested(Nesting::List, [("in", single)], "It.").optional();
            let schema = Schema::new("A thing.").attribute("it", list);
            let inside = |value: Value| one(Value::object([("in", value)]));
            let [_, added] = config();
            assert_eq!(plan_change(schema, "it", inside(added), inside(Value::Null)), inside(planned[1].clone()));
        }
    }
}

#[test]
fn a_computed_attribute_that_becomes_unknown_replaces_its_object() {
    let schema = Schema::new("A thing.")
        .attribute("title", Attribute::string("Title.").optional())
        .attribute("code", Attribute::string("Code.").optional().computed().requires_replace());
    let thing = |title: &str, code: Value| Value::object([("title", title.into()), ("code", code)]);
    let prior = thing("a", "1".into());
    let replaced = |title| {
        let planned = plan(&schema, &prior, thing(title, "1".into()), &thing(title, Value::Null));
        planned.requires_replace
    };
    assert_eq!(replaced("b"), [AttributePath::of("code")]);
    assert_eq!(replaced("a"), []);
}

/// Says what it sees.
struct Sees;

impl PlanModifier for Sees {
    fn modify(&self, attribute: &mut PlannedAttribute<'_>) {
        let PlannedObject { config, prior, planned, private } = attribute.object;
        let text = |value: &Value| value.get("kind").and_then(Value::as_str).unwrap_or("none").to_owned();
        let seen = format!(
            "{} {} {} {:?} {} {}",
            text(config),
            text(prior),
            text(planned),
            private.text("seal"),
            attribute.creating,
            attribute.added
        );
        attribute.warn("Seen", seen);
        if config.get("kind").and_then(Value::as_str) == Some("bad") {
            attribute.refuse("Bad", "It is bad.");
        }
    }
}

#[test]
fn a_modifier_sees_the_whole_object_and_reports_at_its_attribute() {
    let disk = [("id", Attribute::string("Id.").optional().modify(Sees))];
    let schema = Schema::new("A thing.")
        .attribute("kind", Attribute::string("Kind.").default("ssd"))
        .attribute("disks", Attribute::nested(Nesting::List, disk, "Disks.").optional());
    let thing = |kind: Value, disks: usize| {
        let disk = Value::object([("id", "d".into())]);
        Value::object([("kind", kind), ("disks", Value::List(vec![disk; disks]))])
    };
    let mut private = Private::default();
    private.set("seal", "s");
    let reported = |prior: &Value, config: Value| -> Vec<_> {
        let plan = super::plan(&schema, prior, config.clone(), &config, &private);
        plan.diagnostics.into_iter().map(|one| format!("{}: {}", one.path.expect("it has one"), one.detail)).collect()
    };
    assert_eq!(reported(&Value::Null, thing(Value::Null, 1)), ["disks[0].id: none none ssd Some(\"s\") true true"]);
    assert_eq!(
        reported(&thing("hdd".into(), 1), thing("bad".into(), 2)),
        [
            "disks[0].id: bad hdd bad Some(\"s\") false false",
            "disks[0].id: It is bad.",
            "disks[1].id: bad hdd bad Some(\"s\") false true",
            "disks[1].id: It is bad.",
        ]
    );
}

#[test]
fn a_replacement_can_depend_on_what_is_configured_and_on_a_condition() {
    let size = |attribute: Attribute| {
        attribute.requires_replace_if("it shrinks", |size| size.planned.as_i64() < size.prior.as_i64())
    };
    let disk = || {
        [
            ("size", size(Attribute::integer("Size.").required())),
            ("kind", Attribute::string("Kind.").default("ssd").requires_replace_if_configured()),
        ]
    };
    let disk_block = |nesting| {
        let [(a, size), (b, kind)] = disk();
        Block::new(nesting, "Disks.").attribute(a, size).attribute(b, kind)
    };
    let object = |size: i64, kind: Value| Value::object([("size", size.into()), ("kind", kind)]);
    let schemas = [
        (
            false,
            Schema::new("A thing.").attribute("disk", Attribute::nested(Nesting::List, disk(), "Disks.").optional()),
        ),
        (true, Schema::new("A thing.").attribute("disk", Attribute::nested(Nesting::Set, disk(), "Disks.").optional())),
        (false, Schema::new("A thing.").block("disk", disk_block(BlockNesting::List))),
        (true, Schema::new("A thing.").block("disk", disk_block(BlockNesting::Set))),
    ];
    for (set, schema) in schemas {
        let thing =
            |disk: Value| Value::object([("disk", if set { Value::set([disk]) } else { Value::List(vec![disk]) })]);
        let replaces = |before: Value, config: Value| {
            let config = thing(config);
            plan(&schema, &thing(before), config.clone(), &config).requires_replace.len()
        };
        let hdd = || object(10, "hdd".into());
        assert_eq!(replaces(hdd(), object(20, "hdd".into())), 0, "it grows");
        assert_eq!(replaces(hdd(), object(5, "hdd".into())), 1, "it shrinks");
        assert_eq!(replaces(hdd(), object(10, "nvme".into())), 1, "another kind");
        assert_eq!(replaces(hdd(), object(10, Value::Null)), 0, "the kind is taken out");
    }
}
