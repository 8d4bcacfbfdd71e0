//! Schemas and signatures as the protocol's messages.

use std::collections::BTreeMap;

use super::generated::tfplugin6 as pb;
use crate::schema::mistake::Kind;
use crate::schema::{
    Attribute, Block, BlockNesting, Composed, IdentitySchema, Nesting, Parameter, Schema, Shape, Signature,
    Surroundings,
};

/// The message of a schema.
pub(super) fn schema(schema: &Schema, kind: Kind) -> pb::Schema {
    let description = schema.composed_description(kind);
    let block = pb::schema::Block {
        version: schema.version,
        ..block(
            &schema.attributes,
            &schema.blocks,
            schema.surroundings(kind),
            &description,
            schema.deprecation.as_deref(),
        )
    };
    pb::Schema { version: schema.version, block: Some(block) }
}

fn string_kind(description: &Composed) -> i32 {
    if description.plain { pb::StringKind::Plain.into() } else { pb::StringKind::Markdown.into() }
}

fn block(
    attributes: &BTreeMap<String, Attribute>,
    blocks: &BTreeMap<String, Block>,
    inside: Surroundings<'_>,
    description: &Composed,
    deprecation: Option<&str>,
) -> pb::schema::Block {
    pb::schema::Block {
        version: 0,
        attributes: attributes.iter().map(|(name, attribute)| self::attribute(name, attribute, inside)).collect(),
        block_types: blocks.iter().map(|(name, block)| nested_block(name, block, inside)).collect(),
        description: description.text(),
        description_kind: string_kind(description),
        deprecated: deprecation.is_some(),
        deprecation_message: deprecation.unwrap_or_default().to_owned(),
        computed: false,
    }
}

fn nested_block(name: &str, nested: &Block, around: Surroundings<'_>) -> pb::schema::NestedBlock {
    use pb::schema::nested_block::NestingMode;
    let nesting = match nested.nesting {
        BlockNesting::Single => NestingMode::Single,
        BlockNesting::List => NestingMode::List,
        BlockNesting::Set => NestingMode::Set,
    };
    pb::schema::NestedBlock {
        type_name: name.to_owned(),
        block: Some(pb::schema::Block {
            // The schema is asked for without capabilities. Clients that know nothing of it pass over it.
            computed: nested.computed,
            ..block(
                &nested.attributes,
                &nested.blocks,
                nested.surroundings(around),
                &nested.composed_description(name, around),
                nested.deprecation.as_deref(),
            )
        }),
        nesting: nesting.into(),
        min_items: nested.items.0,
        max_items: nested.items.1,
    }
}

fn attribute(name: &str, attribute: &Attribute, around: Surroundings<'_>) -> pb::schema::Attribute {
    use pb::schema::object::NestingMode;
    let (ty, nested_type) = match &attribute.shape {
        Shape::Plain(ty) => (ty.to_json_bytes(), None),
        Shape::Nested(nesting, attributes) => {
            let nesting = match nesting {
                Nesting::Single => NestingMode::Single,
                Nesting::List => NestingMode::List,
                Nesting::Set => NestingMode::Set,
                Nesting::Map => NestingMode::Map,
            };
            let inside = attribute.surroundings(around);
            let object = pb::schema::Object {
                attributes: attributes.iter().map(|(name, nested)| self::attribute(name, nested, inside)).collect(),
                nesting: nesting.into(),
                ..Default::default()
            };
            (Vec::new(), Some(object))
        }
    };
    let description = attribute.composed_description(name, around);
    pb::schema::Attribute {
        name: name.to_owned(),
        r#type: ty,
        nested_type,
        description: description.text(),
        required: attribute.required,
        optional: attribute.optional,
        computed: attribute.computed,
        sensitive: attribute.sensitive,
        description_kind: string_kind(&description),
        deprecated: attribute.deprecation.is_some(),
        write_only: attribute.write_only,
        deprecation_message: attribute.deprecation.clone().unwrap_or_default(),
    }
}

/// The message of an identity's schema.
pub(super) fn identity(identity: &IdentitySchema) -> pb::ResourceIdentitySchema {
    use pb::resource_identity_schema::IdentityAttribute;
    let attributes = identity.attributes.iter().map(|(name, attribute)| IdentityAttribute {
        name: name.clone(),
        r#type: attribute.ty.to_json_bytes(),
        required_for_import: !attribute.optional,
        optional_for_import: attribute.optional,
        description: attribute.description.clone(),
    });
    pb::ResourceIdentitySchema { version: identity.version, identity_attributes: attributes.collect() }
}

/// The message of a function's signature.
pub(super) fn function(signature: &Signature) -> pb::Function {
    let description = signature.composed_description();
    pb::Function {
        parameters: signature.parameters.iter().map(parameter).collect(),
        variadic_parameter: signature.variadic.as_ref().map(parameter),
        r#return: Some(pb::function::Return { r#type: signature.returns.to_json_bytes() }),
        summary: signature.summary.clone(),
        description: description.text(),
        description_kind: string_kind(&description),
        deprecation_message: signature.deprecation.clone().unwrap_or_default(),
    }
}

fn parameter(parameter: &Parameter) -> pb::function::Parameter {
    pb::function::Parameter {
        name: parameter.name.clone(),
        r#type: parameter.ty.to_json_bytes(),
        allow_null_value: parameter.allow_null,
        allow_unknown_values: parameter.allow_unknown,
        description: parameter.description.clone(),
        description_kind: pb::StringKind::Markdown.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::ExactlyOneOf;
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
            pb::schema::Attribute {
                deprecated: true,
                deprecation_message: "Use another.".to_owned(),
                ..own("deprecated")
            },
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
        let blocks: Vec<_> =
            message.block_types.iter().map(|one| (one.nesting(), one.min_items, one.max_items)).collect();
        assert_eq!(blocks, [(InBlocks::Single, 0, 0), (InBlocks::List, 1, 4), (InBlocks::Set, 0, 0)]);
    }

    #[test]
    fn a_function_says_which_terraform_has_functions() {
        let signature = Signature::new("Counts.", Type::Number).description("Counts `words`");
        assert_eq!(function(&signature).description, "Counts `words`. Requires Terraform 1.8 or later.");
        let plain = function(&signature.plain_description());
        assert_eq!(plain.description_kind, i32::from(pb::StringKind::Plain));
    }
}
