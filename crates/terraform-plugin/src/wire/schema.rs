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
mod tests;
