//! Schemas, diagnostics and values as the protocol's messages.

use std::collections::BTreeMap;

use super::generated::tfplugin6 as pb;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::path::{AttributePath, Step};
use crate::schema::{Attribute, Block, BlockNesting, Nesting, Schema, Shape};
use crate::value::{Type, Value};

/// The message of a schema.
pub(super) fn schema(schema: &Schema) -> pb::Schema {
    let block = pb::schema::Block {
        version: schema.version,
        ..block(&schema.attributes, &schema.blocks, &schema.description, schema.deprecation.as_deref())
    };
    pb::Schema { version: schema.version, block: Some(block) }
}

fn block(
    attributes: &BTreeMap<String, Attribute>,
    blocks: &BTreeMap<String, Block>,
    description: &str,
    deprecation: Option<&str>,
) -> pb::schema::Block {
    pb::schema::Block {
        version: 0,
        attributes: attributes.iter().map(|(name, attribute)| self::attribute(name, attribute)).collect(),
        block_types: blocks.iter().map(|(name, block)| nested_block(name, block)).collect(),
        description: description.to_owned(),
        description_kind: pb::StringKind::Markdown.into(),
        deprecated: deprecation.is_some(),
        deprecation_message: deprecation.unwrap_or_default().to_owned(),
    }
}

fn nested_block(name: &str, nested: &Block) -> pb::schema::NestedBlock {
    use pb::schema::nested_block::NestingMode;
    let nesting = match nested.nesting {
        BlockNesting::Single => NestingMode::Single,
        BlockNesting::List => NestingMode::List,
        BlockNesting::Set => NestingMode::Set,
    };
    pb::schema::NestedBlock {
        type_name: name.to_owned(),
        block: Some(block(&nested.attributes, &nested.blocks, &nested.description, nested.deprecation.as_deref())),
        nesting: nesting.into(),
        min_items: 0,
        max_items: 0,
    }
}

fn attribute(name: &str, attribute: &Attribute) -> pb::schema::Attribute {
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
            let object = pb::schema::Object {
                attributes: attributes.iter().map(|(name, nested)| self::attribute(name, nested)).collect(),
                nesting: nesting.into(),
                ..Default::default()
            };
            (Vec::new(), Some(object))
        }
    };
    pb::schema::Attribute {
        name: name.to_owned(),
        r#type: ty,
        nested_type,
        description: attribute.description.clone(),
        required: attribute.required,
        optional: attribute.optional,
        computed: attribute.computed,
        sensitive: attribute.sensitive,
        description_kind: pb::StringKind::Markdown.into(),
        deprecated: attribute.deprecation.is_some(),
        write_only: false,
        deprecation_message: attribute.deprecation.clone().unwrap_or_default(),
    }
}

/// The messages of diagnostics.
pub(super) fn diagnostics(diagnostics: Diagnostics) -> Vec<pb::Diagnostic> {
    diagnostics.into_iter().map(diagnostic).collect()
}

fn diagnostic(diagnostic: Diagnostic) -> pb::Diagnostic {
    use pb::diagnostic::Severity as Kind;
    let severity = match diagnostic.severity {
        Severity::Error => Kind::Error,
        Severity::Warning => Kind::Warning,
    };
    pb::Diagnostic {
        severity: severity.into(),
        summary: diagnostic.summary,
        detail: diagnostic.detail,
        attribute: diagnostic.path.as_ref().map(path),
    }
}

/// The message of a path. The protocol cannot express an element of a set, so a path ends at the set.
pub(super) fn path(path: &AttributePath) -> pb::AttributePath {
    use pb::attribute_path::{Step as Message, step::Selector};
    let steps = path.steps().iter().map_while(|step| {
        let selector = match step {
            Step::Attribute(name) => Selector::AttributeName(name.clone()),
            Step::Index(index) => Selector::ElementKeyInt(i64::try_from(*index).ok()?),
            Step::Key(key) => Selector::ElementKeyString(key.clone()),
            Step::Element(_) => return None,
        };
        Some(Message { selector: Some(selector) })
    });
    pb::AttributePath { steps: steps.collect() }
}

/// Reads a value. An absent message stands for null, as everywhere in protocol buffers.
pub(super) fn read(what: &str, value: Option<pb::DynamicValue>, ty: &Type) -> Result<Value, Diagnostics> {
    let Some(value) = value else { return Ok(Value::Null) };
    let read = if !value.msgpack.is_empty() {
        Value::from_msgpack(&value.msgpack, ty)
    } else if value.json.is_empty() {
        Ok(Value::Null)
    } else {
        match std::str::from_utf8(&value.json) {
            Ok(text) => Value::from_json(text, ty),
            Err(_) => return Err(unreadable(what, &"it is not UTF-8")),
        }
    };
    read.map_err(|error| unreadable(what, &error))
}

fn unreadable(what: &str, error: &dyn std::fmt::Display) -> Diagnostics {
    let detail =
        format!("Terraform sent a {what} that the provider cannot read: {error}. This is a bug in one of them.");
    Diagnostic::error("Message cannot be read", detail).into()
}

/// Writes a value. One that does not fit its type is a mistake of the provider's author: null and a diagnostic.
pub(super) fn write(what: &str, value: &Value, ty: &Type, diagnostics: &mut Diagnostics) -> pb::DynamicValue {
    let msgpack = value.to_msgpack(ty).unwrap_or_else(|error| {
        let detail =
            format!("The provider made a {what} that does not fit its schema, {error}. Please report this bug.");
        diagnostics.push(Diagnostic::error("Mistake in the provider", detail));
        NIL.to_vec()
    });
    pb::DynamicValue { msgpack, json: Vec::new() }
}

/// Null in MessagePack.
const NIL: [u8; 1] = [0xc0];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_ends_where_the_protocol_cannot_go_on() {
        let deep = AttributePath::of("rules").element(Value::from(1)).attribute("port");
        assert_eq!(path(&deep).steps.len(), 1);
        assert_eq!(path(&AttributePath::of("a").index(0).key("k")).steps.len(), 3);
    }

    #[test]
    fn an_absent_value_is_null_and_a_broken_one_an_error() {
        assert_eq!(read("state", None, &Type::Bool), Ok(Value::Null));
        let broken = pb::DynamicValue { msgpack: vec![0xc1], json: Vec::new() };
        assert!(read("state", Some(broken), &Type::Bool).is_err());
    }
}
