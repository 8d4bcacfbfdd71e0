use super::super::mistake::Check;
use super::super::{
    AllOf, AlsoRequires, AtLeast, Between, BlockNesting, ConfigValidator, ConflictsWith, EachElement, EachKey,
    ExactlyOneOf, IsRequired, LengthAtLeast, Matches, Nesting, Not, OneOf, PlanModifier, PlannedAttribute,
    RequiredTogether, SizeAtMost, ValidateRequest, Validator, Warn, predicate,
};
use super::*;
use crate::diagnostic::Diagnostics;
use crate::text::Json;
use crate::value::{Type, Value};

/// The descriptions of a resource, each with its path.
fn described(schema: &Schema) -> Vec<String> {
    let placed = |(path, composed): Placed| match path {
        Some(path) => format!("{path}: {}", composed.text()),
        None => composed.text(),
    };
    schema.descriptions(Kind::Resource).into_iter().map(placed).collect()
}

/// What the framework says of an attribute `it` of a cluster.
fn said(attribute: Attribute) -> String {
    let schema = Schema::new("A cluster.").noun("cluster").attribute("it", attribute);
    schema.descriptions(Kind::Resource)[1].1.sentences.join(" ")
}

fn text() -> Attribute {
    Attribute::string("It.")
}

fn whole() -> Attribute {
    Attribute::integer("It.").optional()
}

#[test]
fn every_fact_of_an_attribute_is_a_sentence() {
    let strings = || Attribute::list(Type::String, "It.").optional();
    let map = || Attribute::map(Type::String, "It.").optional();
    for (attribute, expected) in [
        (text().required(), ""),
        (text().optional().sensitive(), ""),
        // What a value must be.
        (whole(), "Must be a whole number."),
        (whole().validate(AtLeast(1)), "Must be a whole number and at least 1."),
        (whole().validate(Between(1, 600)), "Must be a whole number between 1 and 600."),
        (
            whole().validate(AllOf::new(AtLeast(1)).and(Not(Between(5, 6)))),
            "Must be a whole number. Must be at least 1, and must not be between 5 and 6.",
        ),
        (Attribute::number("It.").optional().validate(AtLeast(1)), "Must be at least 1."),
        (text().optional().validate(LengthAtLeast(1)), "Must not be empty."),
        (text().optional().validate(OneOf(&["a", "b"])), "Must be one of \"a\", \"b\"."),
        (text().optional().validate(Matches::new("^a$")), "Must match the pattern `^a$`."),
        (text().optional().validate(Warn(OneOf(&["a"]))), "Should be \"a\"."),
        (
            strings().validate(SizeAtMost(3)).validate(EachElement(LengthAtLeast(1))),
            "Must have at most 3 elements. Each element must not be empty.",
        ),
        (map().validate(EachKey(OneOf(&["a"]))), "Each key must be \"a\"."),
        // A function says only what its author says of it.
        (text().optional().validate(predicate(|_| Ok(()))), ""),
        (text().optional().validate(predicate(|_| Ok(())).saying("must be odd.")), "Must be odd."),
        // How it relates to others comes after that, in whatever order it was written.
        (
            text().optional().validate(ConflictsWith(&["b"])).validate(AlsoRequires(&["c"])).validate(LengthAtLeast(1)),
            "Must not be empty. Cannot be set together with `b`. Also requires `c`.",
        ),
        // Defaults.
        (text().default(""), "Default: `\"\"`."),
        (Attribute::bool("It.").default(false), "Default: `false`."),
        (strings().default(Value::List(Vec::new())), "Default: `[]`."),
        (text().default("a`b"), "Default: `` \"a`b\" ``."),
        (text().optional().default_is("the name of the host"), "Default: the name of the host."),
        (text().default("").default_is("no image."), "Default: no image."),
        (text().optional().generated_with(|| "a"), "Generated if it is not set."),
        // What a change does, and what it needs.
        (text().required().requires_replace(), "Changing this forces a new cluster."),
        (
            text().optional().requires_replace_if_configured(),
            "Changing this forces a new cluster, unless it is removed from the configuration.",
        ),
        (
            text().required().requires_replace_if("it shrinks", |_| true),
            "Changing this forces a new cluster if it shrinks.",
        ),
        (text().computed().use_state_for_unknown(), ""),
        (
            text().optional().computed().use_non_null_state_for_unknown(),
            "If it is removed from the configuration, its value is kept.",
        ),
        (text().optional().write_only(), "Requires Terraform 1.11 or later."),
        // All of them, in one order.
        (
            whole().requires_replace().default(1).validate(Between(1, 9)),
            "Must be a whole number between 1 and 9. Default: `1`. Changing this forces a new cluster.",
        ),
        // No configuration sets it, so nothing is demanded of it.
        (Attribute::integer("It.").computed(), ""),
    ] {
        assert_eq!(said(attribute), expected);
    }
}

#[test]
fn the_type_of_texts_is_a_sentence() {
    let map = Attribute::map(Type::String, "It.").optional();
    for (attribute, expected) in [
        (Attribute::text::<Json>("It.").required(), "Must be JSON."),
        (map.text_type::<Json>().validate(SizeAtMost(3)), "Each element must be JSON. Must have at most 3 elements."),
        (Attribute::text::<Json>("It.").computed(), ""),
    ] {
        assert_eq!(said(attribute), expected);
    }
}

#[test]
fn a_default_that_code_chooses_is_described_by_its_author() {
    assert_eq!(said(text().default_with(|_| "a")), "");
    assert_eq!(said(text().default_with(|_| "a").default_is("the name")), "Default: the name.");
}

#[test]
fn a_secret_default_is_never_shown() {
    let secret = || text().default("hunter2");
    let nested = |inner| Attribute::nested(Nesting::Single, [("inner", inner)], "It.");
    let held = || Value::object([("inner", Value::from("hunter2"))]);
    for attribute in [
        secret().sensitive(),
        nested(text().optional().sensitive()).default(held()),
        nested(text().optional()).default(held()).sensitive(),
        nested(secret()).optional().sensitive(),
    ] {
        let schema = Schema::new("A thing.").attribute("it", attribute);
        assert!(!described(&schema).join(" ").contains("hunter2"), "{:?}", described(&schema));
    }
    // What its author says of it is shown.
    assert_eq!(
        said(secret().sensitive().default_is("a password of the account")),
        "Default: a password of the account."
    );
    let open = Schema::new("A thing.").attribute("it", nested(secret()).optional());
    assert_eq!(described(&open)[2], "it.inner: It. Default: `\"hunter2\"`.");
}

/// It has something to say of all paths, and reads them.
struct Reads(&'static [&'static str]);

impl ConfigValidator for Reads {
    fn validate(&self, _: &ValidateRequest<'_>, _: &mut Diagnostics) {}

    fn paths(&self) -> Vec<&str> {
        self.0.to_vec()
    }

    fn description(&self) -> Option<String> {
        Some(format!("{} are in order.", self.0.join(" and ")))
    }
}

#[test]
fn a_rule_of_several_stands_at_each_and_one_that_leads_elsewhere_at_the_object() {
    let inner = || [("a", text().optional()), ("b", text().optional())];
    let schema = Schema::new("A thing.")
        .attribute("a", text().optional())
        .attribute(
            "list",
            Attribute::nested(Nesting::List, inner(), "List.").optional().config_validator(ExactlyOneOf(&["a", "b"])),
        )
        .block(
            "block",
            Block::new(BlockNesting::List, "Block.")
                .attribute("a", text().optional())
                .attribute("b", text().optional())
                .config_validator(RequiredTogether(&["a", "b"]))
                .config_validator(Reads(&["a", "/a"])),
        )
        .config_validator(ExactlyOneOf(&["a", "block"]))
        .config_validator(Reads(&["/b", "/c"]));
    assert_eq!(
        described(&schema),
        [
            "A thing. /b and /c are in order.",
            "a: It. Exactly one of `a` and `block` must be set.",
            "list: List.",
            "list.a: It. Exactly one of `a` and `b` must be set.",
            "list.b: It. Exactly one of `a` and `b` must be set.",
            "block: Block. Exactly one of `a` and `block` must be set. a and /a are in order.",
            "block.a: It. `a` and `b` must be set together. a and /a are in order.",
            "block.b: It. `a` and `b` must be set together.",
        ]
    );
}

#[test]
fn blocks_are_described_as_attributes_are() {
    let said = |block: Block| {
        let schema = Schema::new("A cluster.").noun("cluster").block("it", block);
        schema.descriptions(Kind::Resource)[1].1.sentences.join(" ")
    };
    let list = || Block::new(BlockNesting::List, "It.");
    for (block, expected) in [
        (list(), ""),
        (list().times(1, 1), "Must be set."),
        (list().times(1, 0), "Must be set."),
        (list().times(2, 0), "Must be set at least 2 times."),
        (list().times(0, 1), "May be set only once."),
        (list().times(0, 3), "May be set at most 3 times."),
        (list().times(2, 2), "Must be set exactly 2 times."),
        (list().times(1, 3), "Must be set 1 to 3 times."),
        (list().validate(IsRequired).times(1, 1), "Must be set."),
        (
            list().validate(ConflictsWith(&["b"])).validate(SizeAtMost(3)).requires_replace(),
            "Must have at most 3 elements. Cannot be set together with `b`. Changing this forces a new cluster.",
        ),
        (
            list().computed().use_state_for_unknown(),
            "If it is removed from the configuration, its value is kept. Leaving it out requires Terraform 1.16 or later.",
        ),
    ] {
        assert_eq!(said(block), expected);
    }
}

#[test]
fn nothing_is_demanded_inside_of_what_only_the_provider_sets() {
    let inside = [("port", Attribute::integer("Port.").optional())];
    let schema = Schema::new("A thing.").attribute("it", Attribute::nested(Nesting::List, inside, "It.").computed());
    assert_eq!(described(&schema), ["A thing.", "it: It.", "it.port: Port."]);
}

#[test]
fn an_object_says_which_terraform_it_needs() {
    let schema = Schema::new("A thing");
    let of = |kind| schema.composed_description(kind).text();
    for kind in [Kind::Provider, Kind::ProviderMeta, Kind::Resource, Kind::DataSource] {
        assert_eq!(of(kind), "A thing");
    }
    assert_eq!(of(Kind::Ephemeral), "A thing. Requires Terraform 1.10 or later.");
    assert_eq!(of(Kind::List), "A thing. Requires Terraform 1.14 or later.");
    assert_eq!(of(Kind::Action), "A thing. Requires Terraform 1.14 or later.");
    assert_eq!(of_function(), "Requires Terraform 1.8 or later.");
    assert_eq!(Schema::new("A thing").description_as_written().composed_description(Kind::List).text(), "A thing");
    let plain = Schema::new("A thing.").plain_description().config_validator(ExactlyOneOf(&["/a", "/b"]));
    assert_eq!(plain.composed_description(Kind::DataSource).text(), "A thing. Exactly one of /a and /b must be set.");
}

#[test]
fn the_author_can_switch_it_off_and_write_plainly() {
    let nested =
        || Attribute::nested(Nesting::Single, [("a", text().default("x"))], "It").optional().validate(IsRequired);
    let schema = |attribute| described(&Schema::new("A thing.").attribute("it", attribute));
    assert_eq!(schema(nested()), ["A thing.", "it: It. Must be set.", "it.a: It. Default: `\"x\"`."]);
    assert_eq!(schema(nested().description_as_written()), ["A thing.", "it: It", "it.a: It. Default: `\"x\"`."]);
    assert_eq!(schema(text().default("x").plain_description())[1], "it: It. Default: \"x\".");
    let block = |block: Block| described(&Schema::new("A thing.").block("it", block));
    let required = || Block::new(BlockNesting::Single, "It").times(1, 1).validate(ConflictsWith(&["b"]));
    assert_eq!(block(required().description_as_written())[1], "it: It");
    assert_eq!(block(required().plain_description())[1], "it: It. Must be set. Cannot be set together with b.");
}

/// It changes nothing, and says nothing of itself.
struct Silent;

impl PlanModifier for Silent {
    fn modify(&self, _: &mut PlannedAttribute<'_>) {}
}

impl ConfigValidator for Silent {
    fn validate(&self, _: &ValidateRequest<'_>, _: &mut Diagnostics) {}

    fn paths(&self) -> Vec<&str> {
        vec!["it"]
    }
}

impl Validator for Silent {
    fn validate(&self, _: &ValidateRequest<'_>, _: &mut Diagnostics) {}
}

#[test]
fn what_says_nothing_of_itself_adds_no_sentence() {
    let it = text().optional().validate(Silent).modify(Silent);
    let schema = Schema::new("A thing.").attribute("it", it).config_validator(Silent);
    let of_modifier = PlanModifier::description(&Silent, schema.attributes["it"].modifier_target());
    assert_eq!(
        (of_modifier, ConfigValidator::description(&Silent), Validator::description(&Silent)),
        (None, None, None)
    );
    assert_eq!(described(&schema), ["A thing.", "it: It."]);
    let mut mistakes = Vec::new();
    Check::of(Kind::Resource, "t_thing", &mut mistakes).schema(&schema);
    assert_eq!(mistakes, []);
}
