//! Schemas with mistakes.

use super::super::{AtLeastOneOf, IdentityAttribute, IdentitySchema};
use super::*;

fn reported(kind: Kind, schema: &Schema) -> Vec<String> {
    let mut mistakes = Vec::new();
    Check::of(kind, "t_thing", &mut mistakes).schema(schema);
    mistakes.iter().map(ToString::to_string).collect()
}

#[test]
fn a_good_schema_has_no_mistakes() {
    let nested = [("port", Attribute::integer("A port.").required())];
    let schema = Schema::new("A thing.")
        .version(1)
        .upgrade(0, Type::object([("id", Type::String)]), Ok)
        .attribute("id", Attribute::string("Id.").computed())
        .attribute("size", Attribute::integer("Size.").default(1))
        .attribute("secret", Attribute::string("Secret.").optional().write_only())
        .attribute("rules", Attribute::nested(Nesting::Set, nested, "Rules.").optional())
        .block("window", Block::new(BlockNesting::Single, "Window.").times(1, 1))
        .config_validator(AtLeastOneOf(&["size", "secret"]))
        .identity(IdentitySchema::of("id", "The id."));
    assert_eq!(reported(Kind::Resource, &schema), [""; 0]);
}

#[test]
fn only_resources_and_actions_are_given_write_only_values() {
    let schema = Schema::new("A thing.").attribute("token", Attribute::string("Token.").optional().write_only());
    for kind in [Kind::Resource, Kind::Action] {
        assert_eq!(reported(kind, &schema), [""; 0], "{kind:?}");
    }
    let sentence = "Only attributes of resources and actions can be write-only, and they cannot be computed.";
    for kind in [Kind::Provider, Kind::DataSource, Kind::Ephemeral, Kind::List] {
        assert_eq!(reported(kind, &schema), [format!("{}, token: {sentence}", kind.named("t_thing"))]);
    }
}

#[test]
fn every_mistake_names_its_place() {
    let dynamic = Type::List(Box::new(Type::Dynamic));
    let secret = [("secret", Attribute::string("Secret.").required().write_only())];
    let schema = Schema::new("")
        .version(3)
        .upgrade(0, Type::object([("id", Type::String)]), Ok)
        .attribute("Bad", Attribute::string("Bad.").required())
        .attribute("nobody", Attribute::string(""))
        .attribute("count", Attribute::integer("Count.").required().default(1))
        .attribute("any", Attribute::of(dynamic, "Any.").optional())
        .attribute("default", Attribute::string("Default.").default(true))
        .attribute("hidden", Attribute::string("Hidden.").computed().write_only())
        .attribute("set", Attribute::nested(Nesting::Set, secret, "Set.").optional())
        .block("nobody", Block::new(BlockNesting::Single, "Twice.").times(0, 2))
        .config_validator(AtLeastOneOf(&["none"]))
        .identity(IdentitySchema::of("key", "The key."));
    insta::assert_snapshot!(reported(Kind::Resource, &schema).join("\n"));
}

#[test]
fn a_dynamic_attribute_in_a_repeated_block_is_reported() {
    let any = || Attribute::of(Type::Dynamic, "Any.").optional();
    let block = |nesting| Block::new(nesting, "Block.").attribute("any", any());
    let single = Block::new(BlockNesting::Single, "Single.").attribute("any", any());
    let schema = Schema::new("A thing.")
        .attribute("any", any())
        .attribute("nested", Attribute::nested(Nesting::List, [("any", any())], "Nested.").optional())
        .block("list", block(BlockNesting::List))
        .block("set", block(BlockNesting::Set))
        .block("single", block(BlockNesting::Single))
        .block("outer", Block::new(BlockNesting::List, "Outer.").block("inner", single));
    let sentence = "Attributes inside a block that may stand several times cannot be of dynamic type.";
    let expected = [
        "resource t_thing, nested: The elements of a collection cannot be of dynamic type.".to_owned(),
        format!("resource t_thing, list: {sentence}"),
        format!("resource t_thing, outer.inner: {sentence}"),
        format!("resource t_thing, set: {sentence}"),
    ];
    assert_eq!(reported(Kind::Resource, &schema), expected);
}

#[test]
fn what_is_never_planned_has_no_rules_for_it() {
    let schema = || {
        Schema::new("A thing.")
            .attribute("scope", Attribute::string("Scope.").default("all"))
            .attribute("id", Attribute::string("Id.").computed().use_state_for_unknown())
            .block("rule", Block::new(BlockNesting::List, "Rule.").requires_replace())
    };
    assert_eq!(reported(Kind::Resource, &schema()), [""; 0]);
    for kind in [Kind::DataSource, Kind::Ephemeral] {
        let noun = kind.noun();
        let expected = [
            format!("{noun} t_thing, id: {PLANNING}"),
            format!(
                "{noun} t_thing, scope: Only attributes of resources can have a default: put it in where the value is \
                 read."
            ),
            format!("{noun} t_thing, rule: {PLANNING}"),
        ];
        assert_eq!(reported(kind, &schema()), expected);
    }
}

#[test]
fn a_name_that_stands_twice_is_reported() {
    let text = || Attribute::string("Text.").optional();
    let schema = Schema::new("A thing.")
        .attribute("a", text())
        .attribute("a", text())
        .attribute("nested", Attribute::nested(Nesting::List, [("b", text()), ("b", text())], "Nested.").optional())
        .block("c", Block::new(BlockNesting::List, "C.").attribute("d", text()).attribute("d", text()))
        .block("e", Block::new(BlockNesting::List, "E."))
        .block("e", Block::new(BlockNesting::List, "E."))
        .identity(IdentitySchema::of("a", "A.").attribute("a", IdentityAttribute::string("A.")));
    let expected = ["a", "e", "nested.b", "c.d", "a"];
    assert_eq!(
        reported(Kind::Resource, &schema),
        expected.map(|path| format!("resource t_thing, {path}: There are two of this name."))
    );
}

#[test]
fn a_generated_value_has_its_place_and_type() {
    let label = || Attribute::string("Label.").generated_with(|| "label");
    let schema = Schema::new("A thing.")
        .attribute("default", label().default("a"))
        .attribute("size", Attribute::integer("Size.").generated_with(|| "big"))
        .attribute("rules", Attribute::nested(Nesting::Set, [("label", label())], "Rules.").optional())
        .block("disk", Block::new(BlockNesting::Set, "Disks.").attribute("label", label()))
        .block("port", Block::new(BlockNesting::List, "Ports.").attribute("label", label()));
    let in_set = "Attributes inside a set cannot be generated: its elements cannot be distinguished.";
    let expected = [
        "resource t_thing, default: It has a default, so that it is never generated.".to_owned(),
        format!("resource t_thing, rules: {in_set}"),
        "resource t_thing, size: What is generated for it is of another type.".to_owned(),
        format!("resource t_thing, disk: {in_set}"),
    ];
    assert_eq!(reported(Kind::Resource, &schema), expected);
    let schema = Schema::new("A source.").attribute("label", label());
    assert_eq!(
        reported(Kind::DataSource, &schema),
        ["data source t_thing, label: Only attributes of resources can be generated."]
    );
}

#[test]
fn a_computed_block_is_computed_throughout() {
    let block = |nesting| Block::new(nesting, "A block.");
    let width = || Attribute::integer("Width.").optional();
    let schema = Schema::new("A thing.")
        .block("good", block(BlockNesting::Set).attribute("width", width().computed()).computed())
        .block(
            "half",
            block(BlockNesting::List).attribute("width", width()).block("in", block(BlockNesting::List)).computed(),
        )
        .block("must", block(BlockNesting::Single).times(1, 1).computed())
        .block("set", block(BlockNesting::Set).block("in", block(BlockNesting::List).computed()));
    let expected = [
        "half.width: It stands in a computed block, so it must be computed too.",
        "half.in: It stands in a computed block, so it must be computed too.",
        "must: It is required, so it cannot be computed.",
        "set: Blocks inside a set cannot be computed: its elements cannot be distinguished.",
    ];
    assert_eq!(reported(Kind::Resource, &schema), expected.map(|one| format!("resource t_thing, {one}")));
    let schema = Schema::new("A source.").block("in", block(BlockNesting::List).computed());
    assert_eq!(
        reported(Kind::DataSource, &schema),
        ["data source t_thing, in: Only blocks of resources can be computed."]
    );
}

#[test]
fn what_only_configures_computes_nothing() {
    let schema = Schema::new("An action.").attribute("id", Attribute::string("Id.").computed());
    let sentence = "action t_thing, id: It cannot be computed: this kind of object gives no values back.";
    assert_eq!(reported(Kind::Action, &schema), [sentence]);
}

#[test]
fn a_sentence_that_the_framework_adds_is_not_written_by_hand() {
    let size = |description: &str| Attribute::integer(description).default(1).requires_replace();
    let nested = [("size", size("Size. Changing this forces a new resource."))];
    let schema = Schema::new("A thing.")
        .attribute("good", size("Size. By default it is small."))
        .attribute("size", size("Size. Default: `1`. It is small."))
        .attribute("written", size("Size. Default: `1`.").description_as_written())
        .attribute("list", Attribute::nested(Nesting::List, nested, "List.").optional())
        .attribute("name", Attribute::string("Name.").required().default_is("none"));
    let doubled = "Its description has a sentence that the framework adds by itself:";
    assert_eq!(
        reported(Kind::Resource, &schema),
        [
            "resource t_thing, name: It is required, so it has no default for default_is to describe.".to_owned(),
            format!("resource t_thing, list.size: {doubled} Changing this forces a new resource."),
            format!("resource t_thing, size: {doubled} Default: `1`."),
        ]
    );
}

#[test]
fn an_identity_is_taken_from_one_value_or_saved_apart() {
    let named = || Block::new(BlockNesting::List, "Named.").attribute("name", Attribute::string("Name.").required());
    let schema = |name: IdentityAttribute| {
        let keys = Attribute::list(Type::String, "Keys.").optional();
        let identity = IdentitySchema::new().attribute("name", name);
        Schema::new("A thing.").attribute("keys", keys).block("metadata", named()).identity(identity)
    };
    let text = || IdentityAttribute::string("The name.");
    for good in [text().taken_from("metadata[0].name"), text().taken_from("keys[0]"), text().not_in_state()] {
        assert_eq!(reported(Kind::Resource, &schema(good)), [""; 0]);
    }
    for bad in ["metadata[*].name", "metadata", "metadata[0].size", "../metadata", "keys[0", "name"] {
        let expected =
            format!("resource t_thing, name: Its identity takes it from {bad}, which is no value in its state.");
        assert_eq!(reported(Kind::Resource, &schema(text().taken_from(bad))), [expected]);
    }
    let other = "resource t_thing, name: In its identity it has another type than keys in its state.";
    assert_eq!(reported(Kind::Resource, &schema(text().taken_from("keys"))), [other]);
}

#[test]
fn what_is_required_is_neither_optional_nor_computed() {
    let text = || Attribute::string("It.");
    let wrong =
        "resource t_thing, it: It is required, so it can be neither optional nor computed (a default makes it both).";
    for (attribute, expected) in [
        (text().required(), &[][..]),
        (text().required().optional(), &[wrong]),
        (text().required().computed(), &[wrong]),
        (text().optional().computed(), &[]),
    ] {
        assert_eq!(reported(Kind::Resource, &Schema::new("A thing.").attribute("it", attribute)), expected);
    }
}

#[test]
fn a_block_can_stand_as_often_as_it_must() {
    let more = "resource t_thing, it: It must stand more often than it may.";
    for (least, most, expected) in [(0, 0, &[][..]), (2, 0, &[]), (2, 3, &[]), (2, 2, &[]), (3, 2, &[more])] {
        let block = Block::new(BlockNesting::List, "It.").times(least, most);
        assert_eq!(reported(Kind::Resource, &Schema::new("A thing.").block("it", block)), expected, "{least} {most}");
    }
}

#[test]
fn an_identity_holds_what_terraform_takes() {
    let list = |element| Type::List(Box::new(element));
    let wrong = "resource t_thing, it: An identity holds texts, numbers, bools and lists of these.";
    for (ty, expected) in [
        (Type::Bool, &[][..]),
        (Type::Number, &[]),
        (list(Type::String), &[]),
        (list(list(Type::String)), &[wrong]),
        (Type::Set(Box::new(Type::String)), &[wrong]),
        (Type::object([("a", Type::String)]), &[wrong]),
    ] {
        let identity = IdentitySchema::new().attribute("it", IdentityAttribute::of(ty, "It.").not_in_state());
        assert_eq!(reported(Kind::Resource, &Schema::new("A thing.").identity(identity)), expected);
    }
}
