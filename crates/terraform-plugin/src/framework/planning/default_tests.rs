//! Defaults that are chosen by code.

use super::tests::plan;
use crate::schema::{Attribute, Block, BlockNesting, Nesting, Schema};
use crate::value::{Type, Value};

/// The title of a book, or of a chapter, is its name unless it has one.
fn named() -> [(&'static str, Attribute); 3] {
    [
        ("name", Attribute::string("Name.").optional()),
        ("title", Attribute::string("Title.").default_with(|object| object.get("name").cloned())),
        ("id", Attribute::string("Id.").computed().use_state_for_unknown()),
    ]
}

fn object(name: Value, title: Value, id: Value) -> Value {
    Value::object([("name", name), ("title", title), ("id", id)])
}

#[test]
fn a_default_follows_from_what_else_is_configured() {
    let schema = Schema::new("A book.").attributes(named());
    let (null, unknown) = (|| Value::Null, Value::unknown);
    for (name, title, expected) in [
        (Value::from("a"), null(), Value::from("a")),
        ("a".into(), "b".into(), "b".into()),
        (null(), null(), null()),
        // In the plan of the apply the name is known, and so is the title.
        (unknown(), null(), unknown()),
        ("a".into(), unknown(), unknown()),
    ] {
        let config = object(name.clone(), title, null());
        let planned = plan(&schema, &null(), config.clone(), &config).planned;
        assert_eq!(planned, object(name, expected, unknown()));
    }
    let prior = || object("a".into(), "a".into(), "1".into());
    let config = object("a".into(), null(), null());
    assert_eq!(plan(&schema, &prior(), prior(), &config).planned, prior(), "nothing changes");
    let (config, proposed) = (object("b".into(), null(), null()), object("b".into(), "a".into(), "1".into()));
    assert_eq!(plan(&schema, &prior(), proposed, &config).planned, object("b".into(), "b".into(), "1".into()));
}

#[test]
fn each_element_has_its_own() {
    let chapters = |schema: Schema, block: bool, set: bool| match (block, set) {
        (false, set) => {
            let nesting = if set { Nesting::Set } else { Nesting::List };
            schema.attribute("chapters", Attribute::nested(nesting, named(), "Chapters.").optional())
        }
        (true, set) => {
            let nesting = if set { BlockNesting::Set } else { BlockNesting::List };
            let block = named()
                .into_iter()
                .fold(Block::new(nesting, "Chapters."), |block, (name, attribute)| block.attribute(name, attribute));
            schema.block("chapters", block)
        }
    };
    for (block, set) in [(false, false), (false, true), (true, false), (true, true)] {
        let schema = chapters(Schema::new("A book."), block, set);
        let book = |chapters: Vec<Value>| {
            Value::object([("chapters", if set { Value::set(chapters) } else { Value::List(chapters) })])
        };
        let config = book(vec![
            object("a".into(), Value::Null, Value::Null),
            object("b".into(), "own".into(), Value::Null),
            object("c".into(), Value::Null, Value::Null),
        ]);
        let prior = book(vec![
            object("a".into(), "a".into(), "1".into()),
            object("b".into(), "own".into(), "2".into()),
            object("c".into(), "other".into(), "3".into()),
        ]);
        let expected = book(vec![
            object("a".into(), "a".into(), "1".into()),
            object("b".into(), "own".into(), "2".into()),
            object("c".into(), "c".into(), "3".into()),
        ]);
        assert_eq!(plan(&schema, &prior, prior.clone(), &config).planned, expected, "{block} {set}");
    }
}

#[test]
fn one_of_another_type_is_a_mistake_at_its_attribute() {
    let tags = || Attribute::map(Type::String, "Tags.");
    let config = Value::object([("tags", Value::Null)]);
    for (tags, expected) in [
        (
            tags().default_with(|_| true),
            "tags: the default that was chosen for it is a bool, which the schema does not allow there.",
        ),
        (
            tags().default_with(|_| Value::object([("a", true.into())])),
            "tags: the default that was chosen for it at [\"a\"] is a bool, which the schema does not allow there.",
        ),
    ] {
        let schema = Schema::new("A thing.").attribute("tags", tags);
        let reported = plan(&schema, &Value::Null, config.clone(), &config).diagnostics;
        let first = reported.iter().next().expect("it is reported");
        assert!(first.is_error() && first.detail.starts_with(expected), "{}", first.detail);
        assert_eq!(first.path.as_ref().map(ToString::to_string).as_deref(), Some("tags"));
    }
    // What a list stands for is a set.
    let tags = Attribute::set(Type::String, "Tags.").default_with(|_| vec!["b", "a"]);
    let schema = Schema::new("A thing.").attribute("tags", tags);
    let planned = plan(&schema, &Value::Null, config.clone(), &config).planned;
    assert_eq!(planned, Value::object([("tags", Value::set(["a".into(), "b".into()]))]));
}
