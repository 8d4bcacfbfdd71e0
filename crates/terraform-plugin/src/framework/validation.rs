//! Validates a configuration with the rules of its schema.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostics;
use crate::path::AttributePath;
use crate::schema::{Attribute, Block, BlockNesting, Nesting, Schema, Shape};
use crate::value::Value;

/// Every way in which a configuration breaks the rules of its attributes. Values that are not known yet break none.
pub(crate) fn validate(schema: &Schema, config: &Value) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    object(&schema.attributes, &schema.blocks, config, &AttributePath::root(), &mut diagnostics);
    diagnostics
}

fn object(
    attributes: &BTreeMap<String, Attribute>,
    blocks: &BTreeMap<String, Block>,
    value: &Value,
    path: &AttributePath,
    diagnostics: &mut Diagnostics,
) {
    let Value::Map(values) = value else { return };
    for (name, attribute) in attributes {
        if let Some(value) = values.get(name) {
            validate_attribute(attribute, value, &path.clone().attribute(name), diagnostics);
        }
    }
    for (name, block) in blocks {
        let Some(value) = values.get(name) else { continue };
        let path = path.clone().attribute(name);
        let nested = |value: &Value, path: &AttributePath, diagnostics: &mut Diagnostics| {
            object(&block.attributes, &block.blocks, value, path, diagnostics);
        };
        match block.nesting {
            BlockNesting::Single => nested(value, &path, diagnostics),
            BlockNesting::List | BlockNesting::Set => each_element(value, &path, diagnostics, nested),
        }
    }
}

fn validate_attribute(attribute: &Attribute, value: &Value, path: &AttributePath, diagnostics: &mut Diagnostics) {
    if value.is_null() || value.is_unknown() {
        return;
    }
    if value.is_wholly_known() {
        for validator in &attribute.validators {
            validator.validate(value, path, diagnostics);
        }
    }
    let Shape::Nested(nesting, attributes) = &attribute.shape else { return };
    let blocks = BTreeMap::new();
    let nested = |value: &Value, path: &AttributePath, diagnostics: &mut Diagnostics| {
        object(attributes, &blocks, value, path, diagnostics);
    };
    match nesting {
        Nesting::Single => nested(value, path, diagnostics),
        Nesting::List | Nesting::Set | Nesting::Map => each_element(value, path, diagnostics, nested),
    }
}

/// Goes through the elements of a collection, with the path of each.
fn each_element(
    collection: &Value,
    path: &AttributePath,
    diagnostics: &mut Diagnostics,
    visit: impl Fn(&Value, &AttributePath, &mut Diagnostics),
) {
    match collection {
        Value::List(elements) => {
            for (index, element) in elements.iter().enumerate() {
                visit(element, &path.clone().index(index), diagnostics);
            }
        }
        Value::Set(elements) => {
            for element in elements {
                visit(element, &path.clone().element(element.clone()), diagnostics);
            }
        }
        Value::Map(entries) => {
            for (key, element) in entries {
                visit(element, &path.clone().key(key), diagnostics);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{AtLeast, OneOf};
    use crate::value::Number;

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
    fn errors_carry_the_path_of_what_is_wrong() {
        let config = Value::object([("size", Value::from("huge")), ("rules", Value::List(vec![rule(1), rule(0)]))]);
        let diagnostics = validate(&schema(), &config);
        let paths: Vec<_> = diagnostics.iter().filter_map(|d| d.path.as_ref()).map(ToString::to_string).collect();
        assert_eq!(paths, ["rules[1].port", "size"]);
    }

    #[test]
    fn what_is_unknown_breaks_no_rule() {
        let config = Value::object([("size", Value::unknown()), ("rules", Value::unknown())]);
        assert!(validate(&schema(), &config).is_empty());
    }
}
