//! Configurations that are wrong, and what is reported of them.

use super::*;
use crate::schema::{
    AlsoRequires, AtLeast, ConflictsWith, ExactlyOneOf, IsRequired, OneOf, RequiredTogether, SizeAtLeast, SizeAtMost,
    Unique, predicate,
};
use crate::value::{Entries, Number, Type};

fn schema() -> Schema {
    let port = Attribute::number("A port.").required().validate(AtLeast(1));
    Schema::new("A thing.")
        .attribute("size", Attribute::string("A size.").required().validate(OneOf(&["small", "large"])))
        .attribute("rules", Attribute::nested(Nesting::List, [("port", port)], "Rules.").optional())
}

fn rule(port: i64) -> Value {
    Value::object([("port", Value::Number(Number::from(port)))])
}

#[test]
fn what_is_required_is_not_null() {
    let disk = [("name", Attribute::string("Name.").required())];
    let schema = Schema::new("A thing.")
        .attribute("name", Attribute::string("Name.").required())
        .attribute("disks", Attribute::nested(Nesting::List, disk, "Disks.").optional());
    let disk = |name| Value::List(vec![Value::object([("name", name)])]);
    let reported = |name: Value, disks: Value| {
        let config = Value::object([("name", name), ("disks", disks)]);
        validate(&schema, &config, true).into_iter().map(|one| one.detail).collect::<Vec<_>>()
    };
    let expected =
        ["The argument disks[0].name is required, but it is null.", "The argument name is required, but it is null."];
    assert_eq!(reported(Value::Null, disk(Value::Null)), expected);
    assert_eq!(reported(Value::unknown(), disk(Value::unknown())), [""; 0]);
    assert_eq!(reported("a".into(), Value::Null), [""; 0]);
}

#[test]
fn errors_carry_the_path_of_what_is_wrong() {
    let config = Value::object([("size", Value::from("huge")), ("rules", Value::List(vec![rule(1), rule(0)]))]);
    let diagnostics = validate(&schema(), &config, true);
    let paths: Vec<_> = diagnostics.iter().filter_map(|d| d.path.as_ref()).map(ToString::to_string).collect();
    assert_eq!(paths, ["rules[1].port", "size"]);
}

#[test]
fn what_is_inside_a_sensitive_attribute_is_sensitive_too() {
    let one_of = || Attribute::string("One of them.").optional().validate(OneOf(&["a"]));
    let nested = |nested| Attribute::nested(Nesting::List, [("inner", nested)], "Nested.").optional();
    let schema = Schema::new("A thing.")
        .attribute("a_secret", one_of().sensitive())
        .attribute("b_nested", nested(one_of()).sensitive())
        .attribute("c_plain", nested(one_of()));
    let secret = || Value::from("hunter2");
    let inner = || Value::List(vec![Value::object([("inner", secret())])]);
    let config = Value::object([("a_secret", secret()), ("b_nested", inner()), ("c_plain", inner())]);
    let shown: Vec<_> =
        validate(&schema, &config, true).iter().map(|reported| reported.detail.contains("hunter2")).collect();
    assert_eq!(shown, [false, false, true]);
}

#[test]
fn what_is_unknown_breaks_no_rule() {
    let config = Value::object([("size", Value::unknown()), ("rules", Value::unknown())]);
    assert!(validate(&schema(), &config, true).is_empty());
}

#[test]
fn what_is_deprecated_is_reported_where_it_stands() {
    let schema = Schema::new("A thing.")
        .deprecated("Use another thing.")
        .attribute("old", Attribute::string("Old.").optional().deprecated("Use new."))
        .attribute("unused", Attribute::string("Unused.").optional().deprecated("Use nothing."))
        .block("rule", Block::new(BlockNesting::List, "Rule.").deprecated("Use rules."))
        .block("empty", Block::new(BlockNesting::Set, "Empty.").deprecated("Use nothing."));
    let rule = Value::List(vec![Value::Map(Entries::new())]);
    let config = Value::object([
        ("old", Value::unknown()),
        ("unused", Value::Null),
        ("rule", rule),
        ("empty", Value::Set(Vec::new())),
    ]);
    let reported: Vec<_> = validate(&schema, &config, true).into_iter().map(|one| (one.summary, one.detail)).collect();
    let expected = [
        ("Deprecated object", "Use another thing."),
        ("Deprecated argument", "Use new."),
        ("Deprecated block", "Use rules."),
    ];
    assert_eq!(reported, expected.map(|(summary, detail)| (summary.to_owned(), detail.to_owned())));
}

#[test]
fn write_only_values_need_a_terraform_that_knows_them() {
    let schema = Schema::new("A thing.").attribute("key", Attribute::string("Key.").optional().write_only());
    let config = Value::object([("key", Value::from("k"))]);
    assert!(validate(&schema, &config, true).is_empty());
    assert!(validate(&schema, &config, false).has_errors());
    assert!(validate(&schema, &Value::object([("key", Value::Null)]), false).is_empty());
}

fn reported(schema: &Schema, config: &Value) -> Vec<String> {
    let diagnostics = validate(schema, config, true);
    diagnostics.iter().map(|one| format!("{}: {}", one.path.clone().unwrap_or_default(), one.detail)).collect()
}

/// An object whose attributes `a` and `b` conflict, and need `c` further out.
fn related() -> [(&'static str, Attribute); 2] {
    let text = || Attribute::string("Text.").optional();
    [("a", text().validate(ConflictsWith(&["b"]))), ("b", text().validate(AlsoRequires(&["../c"])))]
}

#[test]
fn validators_in_what_is_nested_see_what_stands_around_them() {
    let value = |a: Value, b: Value| Value::object([("a", a), ("b", b)]);
    let x = || Value::from("x");
    // Both, only the second, both but one is unknown.
    let elements = || [value(x(), x()), value(Value::Null, x()), value(x(), Value::unknown())];
    let list = || Value::List(elements().into());
    let set = || Value::set(elements());
    let map = || Value::object(["k", "l", "m"].into_iter().zip(elements()));
    let nested = |nesting| Attribute::nested(nesting, related(), "It.").optional();
    let block = |nesting| {
        let [(a, first), (b, second)] = related();
        Block::new(nesting, "It.").attribute(a, first).attribute(b, second)
    };
    let schema = || Schema::new("A thing.").attribute("c", Attribute::string("C.").optional());
    for (schema, value, keys) in [
        (schema().attribute("it", nested(Nesting::List)), list(), ["0", "1"]),
        (schema().attribute("it", nested(Nesting::Set)), set(), ["element", "element"]),
        (schema().attribute("it", nested(Nesting::Map)), map(), ["\"k\"", "\"l\""]),
        (schema().block("it", block(BlockNesting::List)), list(), ["0", "1"]),
        (schema().block("it", block(BlockNesting::Set)), set(), ["element", "element"]),
    ] {
        let config = |c: Value| Value::object([("c", c), ("it", value.clone())]);
        let [both, second] = keys.map(|key| format!("it[{key}]"));
        let conflict = format!("{both}.a: Attribute {both}.a cannot be set together with `b`.");
        let lack = |it: &str| format!("{it}.b: Attribute {it}.b also requires `../c`.");
        let mut expected = vec![conflict.clone(), lack(&both), lack(&second)];
        let mut said = reported(&schema, &config(Value::Null));
        expected.sort();
        said.sort();
        assert_eq!(said, expected);
        assert_eq!(reported(&schema, &config("c".into())), std::slice::from_ref(&conflict));
        assert_eq!(reported(&schema, &config(Value::unknown())), [conflict]);
        // What is related is left out on demand.
        assert!(errors(&schema, &config(Value::Null), false).is_empty());
    }
}

#[test]
fn config_validators_see_each_object_by_itself() {
    let text = || Attribute::string("Text.").optional();
    let inner = Block::new(BlockNesting::Set, "Inner.")
        .attribute("a", text())
        .config_validator(RequiredTogether(&["a", "../b", "/c"]));
    let outer = Block::new(BlockNesting::List, "Outer.").attribute("b", text()).block("inner", inner);
    let one = Attribute::nested(Nesting::Single, [("a", text()), ("b", text())], "One.").optional();
    let schema = Schema::new("A thing.")
        .attribute("c", text())
        .attribute("one", one.config_validator(ExactlyOneOf(&["a", "b"])))
        .block("outer", outer)
        .config_validator(ExactlyOneOf(&["one", "outer[*].inner"]));
    let object = |a: &str, b: Value, c: Value| {
        let inner = Value::set([Value::object([("a", a.into())])]);
        let outer = Value::List(vec![Value::object([("b", b), ("inner", inner)])]);
        Value::object([("c", c), ("one", Value::Null), ("outer", outer)])
    };
    assert_eq!(reported(&schema, &object("x", "x".into(), "x".into())), [""; 0]);
    assert_eq!(reported(&schema, &object("x", Value::unknown(), "x".into())), [""; 0]);
    let expected = "outer[0].inner[element].a: `outer[0].inner[element].a`, `../b` and `c` must be set together, but \
                    `../b` and `c` are missing.";
    assert_eq!(reported(&schema, &object("x", Value::Null, Value::Null)), [expected]);
    let none = Value::object([("c", Value::Null), ("one", Value::Null), ("outer", Value::List(Vec::new()))]);
    let expected = "one: Exactly one of `one` and `outer[*].inner` must be set, but none is.";
    assert_eq!(reported(&schema, &none), [expected]);
    let empty = Value::object([("a", Value::Null), ("b", Value::Null)]);
    let of_one = |one: Value| Value::object([("c", Value::Null), ("one", one), ("outer", Value::List(Vec::new()))]);
    let expected = "one.a: Exactly one of `one.a` and `one.b` must be set, but none is.";
    assert_eq!(reported(&schema, &of_one(empty)), [expected]);
    assert_eq!(reported(&schema, &of_one(Value::unknown())), [""; 0]);
}

#[test]
fn a_block_that_is_not_written_is_null_to_its_validators() {
    for nesting in [BlockNesting::Single, BlockNesting::List, BlockNesting::Set] {
        let block = Block::new(nesting, "It.").attribute("a", Attribute::string("A.").optional());
        let schema = Schema::new("A thing.").block("it", block.validate(IsRequired));
        let object = || Value::object([("a", Value::Null)]);
        let (absent, written) = match nesting {
            BlockNesting::Single => (Value::Null, object()),
            BlockNesting::List => (Value::List(Vec::new()), Value::List(vec![object()])),
            BlockNesting::Set => (Value::Set(Vec::new()), Value::set([object()])),
        };
        let config = |it: &Value| Value::object([("it", it.clone())]);
        assert_eq!(reported(&schema, &config(&absent)), ["it: Block it must be set."]);
        assert_eq!(reported(&schema, &config(&written)), [""; 0]);
        assert_eq!(reported(&schema, &config(&Value::unknown())), [""; 0]);
        let block = Block::new(nesting, "It.").validate(SizeAtLeast(2)).validate(SizeAtMost(0));
        let schema = Schema::new("A thing.").block("it", block);
        assert_eq!(reported(&schema, &config(&absent)), [""; 0]);
        if nesting != BlockNesting::Single {
            let expected = "it: Block it must have at least 2 elements, got: 1.";
            assert_eq!(reported(&schema, &config(&written)), [expected]);
        }
    }
}

#[test]
fn what_holds_something_sensitive_is_not_shown() {
    let shows = || predicate(|value| Err(format!("{value:?}")));
    let inner = |secret: Attribute| [("secret", secret), ("plain", Attribute::string("Plain.").optional())];
    let nested = |secret| Attribute::nested(Nesting::Map, inner(secret), "Nested.").optional().validate(shows());
    let text = || Attribute::string("Secret.").optional();
    let block = |secret| Block::new(BlockNesting::List, "Block.").attribute("secret", secret).validate(shows());
    let objects =
        || Value::object([("hunter2", Value::object([("secret", "hunter2".into()), ("plain", Value::Null)]))]);
    let blocks = || Value::List(vec![Value::object([("secret", "hunter2".into())])]);
    let list = Attribute::list(Type::String, "List.").optional().sensitive().validate(Unique);
    let twice = || Value::List(vec!["hunter2".into(), "hunter2".into()]);
    for (schema, value, shown) in [
        (Schema::new("A thing.").attribute("it", nested(text())), objects(), true),
        (Schema::new("A thing.").attribute("it", nested(text().sensitive())), objects(), false),
        (Schema::new("A thing.").attribute("it", nested(text().write_only())), objects(), false),
        (Schema::new("A thing.").block("it", block(text())), blocks(), true),
        (Schema::new("A thing.").block("it", block(text().sensitive())), blocks(), false),
        (Schema::new("A thing.").attribute("it", list), twice(), false),
    ] {
        let said = reported(&schema, &Value::object([("it", value)]));
        assert_eq!(said.len(), 1, "{said:?}");
        assert_eq!(said[0].contains("hunter2"), shown, "{said:?}");
    }
}

struct Panics;

impl ConfigValidator for Panics {
    fn validate(&self, request: &ValidateRequest<'_>, _: &mut Diagnostics) {
        panic!("no {:?}", request.value);
    }

    fn paths(&self) -> Vec<&str> {
        vec!["a"]
    }
}

#[test]
fn a_panic_is_an_error_at_its_place_and_shows_no_secret() {
    let panics = || predicate(|value| panic!("no {value:?}"));
    let reason = |one: &str| {
        let detail = one.lines().next().expect("there is a line");
        detail
            .split_once(": While it was asked to ")
            .map(|(path, what)| format!("{path}: {what}"))
            .expect("it is a crash")
    };
    for (sensitive, why) in
        [(false, "String(\"hunter2\")"), (true, "the reason is not shown, as the value is sensitive.")]
    {
        let text = || {
            if sensitive { Attribute::string("A.").optional().sensitive() } else { Attribute::string("A.").optional() }
        };
        let block =
            Block::new(BlockNesting::List, "It.").attribute("a", text().validate(panics())).config_validator(Panics);
        let schema = Schema::new("A thing.").block("it", block);
        let config = Value::object([("it", Value::List(vec![Value::object([("a", "hunter2".into())])]))]);
        let said: Vec<_> = reported(&schema, &config).iter().map(|one| reason(one)).collect();
        let why_of_object = if sensitive { why.to_owned() } else { format!("no Map({{\"a\": {why}}})") };
        let why = if sensitive { why.to_owned() } else { format!("no {why}") };
        assert_eq!(
            said,
            [
                format!("it[0].a: validate it[0].a, the provider panicked: {why}"),
                format!("it[0]: validate a in it[0] together, the provider panicked: {why_of_object}"),
            ]
        );
    }
}
