//! What clients are told of schemas and signatures.

use super::*;
use crate::schema::{ExactlyOneOf, IdentityAttribute};
use crate::value::Type;

/// The name, the description and whether it is Markdown, of every attribute and block in a block.
fn described(block: &pb::schema::Block) -> Vec<(String, String, bool)> {
    let is_markdown = |kind: i32| kind == i32::from(pb::StringKind::Markdown);
    let mut all = Vec::new();
    for attribute in &block.attributes {
        let nested = attribute.nested_type.iter().flat_map(|nested| &nested.attributes);
        for one in std::iter::once(attribute).chain(nested) {
            all.push((one.name.clone(), one.description.clone(), is_markdown(one.description_kind)));
        }
    }
    for nested in &block.block_types {
        let block = nested.block.as_ref().expect("it has one");
        all.push((nested.type_name.clone(), block.description.clone(), is_markdown(block.description_kind)));
        all.extend(described(block));
    }
    all
}

#[test]
fn clients_get_what_the_author_wrote_and_what_the_framework_adds() {
    let size = || Attribute::integer("Size.").default(1).requires_replace();
    let text = || Attribute::string("Text.").optional();
    let nested = Attribute::nested(Nesting::List, [("size", size()), ("text", text())], "List.")
        .optional()
        .config_validator(ExactlyOneOf(&["text", "size"]));
    let block = Block::new(BlockNesting::List, "Block.").plain_description().times(1, 1).attribute("size", size());
    let schema = Schema::new("A disk.")
        .noun("disk")
        .attribute("list", nested)
        .attribute("plain", size().plain_description())
        .attribute("written", size().description_as_written())
        .block("block", block);
    let message = super::schema(&schema, Kind::List).block.expect("it has one");
    assert_eq!(message.description, "A disk. Requires Terraform 1.14 or later.");
    let whole = "Size. Must be a whole number.";
    let (default, forces) = ("Default: `1`.", "Changing this forces a new disk.");
    let rule = "Exactly one of `text` and `size` must be set.";
    let expected = [
        ("list", "List.".to_owned(), true),
        ("size", format!("{whole} {rule} {default} {forces}"), true),
        ("text", format!("Text. {rule}"), true),
        ("plain", format!("{whole} Default: 1. {forces}"), false),
        ("written", "Size.".to_owned(), true),
        ("block", "Block. Must be set.".to_owned(), false),
        ("size", format!("{whole} {default} {forces}"), true),
    ];
    assert_eq!(described(&message), expected.map(|(name, text, markdown)| (name.to_owned(), text, markdown)));
}

#[test]
fn every_flag_of_an_attribute_is_sent() {
    let plain = || Attribute::string("Text.").description_as_written();
    let schema = Schema::new("A disk.")
        .version(3)
        .deprecated("Use a volume.")
        .attribute("computed", plain().computed())
        .attribute("deprecated", plain().optional().deprecated("Use another."))
        .attribute("either", plain().optional().computed())
        .attribute("required", plain().required())
        .attribute("secret", plain().optional().sensitive())
        .attribute("unstored", plain().optional().write_only());
    let message = super::schema(&schema, Kind::Resource);
    let block = message.block.expect("it has one");
    assert_eq!((message.version, block.version), (3, 3));
    assert!(block.deprecated && block.deprecation_message == "Use a volume.");
    let own = |name: &str| pb::schema::Attribute {
        name: name.to_owned(),
        r#type: br#""string""#.to_vec(),
        description: "Text.".to_owned(),
        description_kind: pb::StringKind::Markdown.into(),
        optional: true,
        ..Default::default()
    };
    let expected = [
        pb::schema::Attribute { optional: false, computed: true, ..own("computed") },
        pb::schema::Attribute { deprecated: true, deprecation_message: "Use another.".to_owned(), ..own("deprecated") },
        pb::schema::Attribute { computed: true, ..own("either") },
        pb::schema::Attribute { optional: false, required: true, ..own("required") },
        pb::schema::Attribute { sensitive: true, ..own("secret") },
        pb::schema::Attribute { write_only: true, ..own("unstored") },
    ];
    assert_eq!(block.attributes, expected);
}

#[test]
#[expect(deprecated, reason = "that nothing is said in these fields is what is tested")]
fn every_nesting_has_its_number_and_only_blocks_say_how_often_they_stand() {
    use pb::schema::nested_block::NestingMode as InBlocks;
    use pb::schema::object::NestingMode::{List, Map, Set, Single};
    let text = || [("text", Attribute::string("Text.").optional())];
    let nested = |nesting| Attribute::nested(nesting, text(), "Nested.").optional();
    let block = |nesting| Block::new(nesting, "Block.").attribute("text", Attribute::string("Text.").optional());
    let schema = Schema::new("A disk.")
        .attribute("a", nested(Nesting::Single))
        .attribute("b", nested(Nesting::List))
        .attribute("c", nested(Nesting::Set))
        .attribute("d", nested(Nesting::Map))
        .block("e", block(BlockNesting::Single))
        .block("f", block(BlockNesting::List).times(1, 4))
        .block("g", block(BlockNesting::Set));
    let message = super::schema(&schema, Kind::Resource).block.expect("it has one");
    let objects: Vec<_> = message.attributes.iter().filter_map(|one| one.nested_type.as_ref()).collect();
    let nestings: Vec<_> = objects.iter().map(|object| object.nesting()).collect();
    assert_eq!(nestings, [Single, List, Set, Map]);
    assert!(objects.iter().all(|object| (object.min_items, object.max_items) == (0, 0)));
    assert!(message.attributes.iter().all(|attribute| attribute.r#type.is_empty()));
    let blocks: Vec<_> = message.block_types.iter().map(|one| (one.nesting(), one.min_items, one.max_items)).collect();
    assert_eq!(blocks, [(InBlocks::Single, 0, 0), (InBlocks::List, 1, 4), (InBlocks::Set, 0, 0)]);
}

#[test]
fn a_computed_block_says_so() {
    let block = || Block::new(BlockNesting::List, "Block.");
    let schema = Schema::new("A disk.").block("a", block().computed()).block("b", block());
    let message = super::schema(&schema, Kind::Resource).block.expect("it has one");
    let computed = message.block_types.iter().map(|one| one.block.as_ref().is_some_and(|block| block.computed));
    assert_eq!(computed.collect::<Vec<_>>(), [true, false]);
}

#[test]
fn an_identity_says_what_an_import_needs() {
    use pb::resource_identity_schema::IdentityAttribute as Message;
    let zone = IdentityAttribute::string("The zone.").optional_for_import();
    let schema = IdentitySchema::of("id", "The id.").attribute("zone", zone).version(2);
    let message = |name: &str, description: &str, optional: bool| Message {
        name: name.to_owned(),
        r#type: br#""string""#.to_vec(),
        required_for_import: !optional,
        optional_for_import: optional,
        description: description.to_owned(),
    };
    let identity_attributes = vec![message("id", "The id.", false), message("zone", "The zone.", true)];
    assert_eq!(identity(&schema), pb::ResourceIdentitySchema { version: 2, identity_attributes });
}

#[test]
fn a_function_says_what_its_parameters_take() {
    let signature = Signature::new("Counts.", Type::Number)
        .parameter(Parameter::string("text", "The text.").allow_null())
        .variadic(Parameter::number("weights", "The weights.").allow_unknown());
    let message = function(&signature);
    let parameter = |name: &str, ty: &str, description: &str| pb::function::Parameter {
        name: name.to_owned(),
        r#type: ty.as_bytes().to_vec(),
        description: description.to_owned(),
        description_kind: pb::StringKind::Markdown.into(),
        ..Default::default()
    };
    let text = parameter("text", r#""string""#, "The text.");
    assert_eq!(message.parameters, [pb::function::Parameter { allow_null_value: true, ..text }]);
    let weights = parameter("weights", r#""number""#, "The weights.");
    let weights = pb::function::Parameter { allow_unknown_values: true, ..weights };
    assert_eq!(message.variadic_parameter, Some(weights));
}

#[test]
fn a_function_says_which_terraform_has_functions() {
    let signature = Signature::new("Counts.", Type::Number).description("Counts `words`");
    assert_eq!(function(&signature).description, "Counts `words`. Requires Terraform 1.8 or later.");
    let plain = function(&signature.plain_description());
    assert_eq!(plain.description_kind, i32::from(pb::StringKind::Plain));
}
