//! Validates a configuration with the rules of its schema.

use std::collections::BTreeMap;

use super::guard::{VALIDATE, caught};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::AttributePath;
use crate::schema::{Attribute, Block, BlockNesting, Nesting, Schema, Shape};
use crate::value::Value;

/// Every way in which a configuration breaks the rules of its attributes, and a warning for everything deprecated in it.
/// Values that are not known yet break no rule.
pub(crate) fn validate(schema: &Schema, config: &Value, write_only_allowed: bool) -> Diagnostics {
    let mut validation = Validation { write_only_allowed, sensitive: false, diagnostics: Diagnostics::new() };
    if let Some(message) = &schema.deprecation {
        validation.diagnostics.push(Diagnostic::warning("Deprecated object", message));
    }
    validation.object(&schema.attributes, &schema.blocks, config, &AttributePath::root());
    for validator in &schema.config_validators {
        let mut broken = Diagnostics::new();
        let what = format!("{VALIDATE} {}", validator.attributes().join(", "));
        match caught(&what, "together", || validator.check(config, &mut broken)) {
            Ok(()) => validation.diagnostics.extend(broken),
            Err(crash) => validation.diagnostics.push(crash),
        }
    }
    validation.diagnostics
}

/// The errors that the attributes of a configuration have by themselves, without the rules that concern several.
pub(crate) fn attribute_errors(schema: &Schema, config: &Value) -> Diagnostics {
    let mut validation = Validation { write_only_allowed: true, sensitive: false, diagnostics: Diagnostics::new() };
    validation.object(&schema.attributes, &schema.blocks, config, &AttributePath::root());
    validation.diagnostics.errors()
}

struct Validation {
    write_only_allowed: bool,
    /// Inside a sensitive attribute.
    sensitive: bool,
    diagnostics: Diagnostics,
}

impl Validation {
    fn object(
        &mut self,
        attributes: &BTreeMap<String, Attribute>,
        blocks: &BTreeMap<String, Block>,
        value: &Value,
        path: &AttributePath,
    ) {
        let Value::Map(values) = value else { return };
        for (name, attribute) in attributes {
            if let Some(value) = values.get(name).filter(|value| !value.is_null()) {
                self.attribute(attribute, value, &path.clone().attribute(name));
            }
        }
        for (name, block) in blocks {
            if let Some(value) = values.get(name).filter(|value| !value.is_null()) {
                self.block(block, value, &path.clone().attribute(name));
            }
        }
    }

    fn attribute(&mut self, attribute: &Attribute, value: &Value, path: &AttributePath) {
        if let Some(message) = &attribute.deprecation {
            self.diagnostics.push(Diagnostic::warning("Deprecated argument", message).at(path.clone()));
        }
        if attribute.write_only && !self.write_only_allowed {
            let detail = format!("Attribute {path} is write-only, which needs Terraform 1.11 or newer.");
            self.diagnostics.push(Diagnostic::error("Write-only attribute not supported", detail).at(path.clone()));
        }
        if value.is_unknown() {
            return;
        }
        let sensitive = self.sensitive || attribute.sensitive;
        if value.is_wholly_known() {
            for validator in &attribute.validators {
                let mut broken = Diagnostics::new();
                let object = path.to_string();
                let check = || {
                    if sensitive {
                        validator.validate_sensitive(value, path, &mut broken);
                    } else {
                        validator.validate(value, path, &mut broken);
                    }
                };
                if let Err(crash) = caught(VALIDATE, &object, check) {
                    broken.push(crash.at(path.clone()));
                }
                let stop = broken.has_errors();
                self.diagnostics.extend(broken);
                if stop {
                    break;
                }
            }
        }
        let Shape::Nested(nesting, attributes) = &attribute.shape else { return };
        let blocks = BTreeMap::new();
        let outside = std::mem::replace(&mut self.sensitive, sensitive);
        match nesting {
            Nesting::Single => self.object(attributes, &blocks, value, path),
            Nesting::List | Nesting::Set | Nesting::Map => {
                each_element(value, path, |value, path| self.object(attributes, &blocks, value, path));
            }
        }
        self.sensitive = outside;
    }

    fn block(&mut self, block: &Block, value: &Value, path: &AttributePath) {
        let absent = matches!(value, Value::List(elements) | Value::Set(elements) if elements.is_empty());
        if let Some(message) = block.deprecation.as_ref().filter(|_| !absent) {
            self.diagnostics.push(Diagnostic::warning("Deprecated block", message).at(path.clone()));
        }
        match block.nesting {
            BlockNesting::Single => self.object(&block.attributes, &block.blocks, value, path),
            BlockNesting::List | BlockNesting::Set => {
                each_element(value, path, |value, path| self.object(&block.attributes, &block.blocks, value, path));
            }
        }
    }
}

/// Goes through the elements of a collection, with the path of each.
fn each_element(collection: &Value, path: &AttributePath, mut visit: impl FnMut(&Value, &AttributePath)) {
    match collection {
        Value::List(elements) => {
            for (index, element) in elements.iter().enumerate() {
                visit(element, &path.clone().index(index));
            }
        }
        Value::Set(elements) => {
            for element in elements {
                visit(element, &path.clone().element(element.clone()));
            }
        }
        Value::Map(entries) => {
            for (key, element) in entries {
                visit(element, &path.clone().key(key));
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
            validate(&schema, &config, true).iter().map(|told| told.detail.contains("hunter2")).collect();
        assert_eq!(shown, [false, false, true]);
    }

    #[test]
    fn what_is_unknown_breaks_no_rule() {
        let config = Value::object([("size", Value::unknown()), ("rules", Value::unknown())]);
        assert!(validate(&schema(), &config, true).is_empty());
    }

    #[test]
    fn what_is_deprecated_is_told_where_it_stands() {
        let schema = Schema::new("A thing.")
            .deprecated("Use another thing.")
            .attribute("old", Attribute::string("Old.").optional().deprecated("Use new."))
            .attribute("unused", Attribute::string("Unused.").optional().deprecated("Use nothing."))
            .block("rule", Block::new(BlockNesting::List, "Rule.").deprecated("Use rules."))
            .block("empty", Block::new(BlockNesting::Set, "Empty.").deprecated("Use nothing."));
        let rule = Value::List(vec![Value::Map(BTreeMap::new())]);
        let config = Value::object([
            ("old", Value::unknown()),
            ("unused", Value::Null),
            ("rule", rule),
            ("empty", Value::Set(Vec::new())),
        ]);
        let told: Vec<_> = validate(&schema, &config, true).into_iter().map(|one| (one.summary, one.detail)).collect();
        let expected = [
            ("Deprecated object", "Use another thing."),
            ("Deprecated argument", "Use new."),
            ("Deprecated block", "Use rules."),
        ];
        assert_eq!(told, expected.map(|(summary, detail)| (summary.to_owned(), detail.to_owned())));
    }

    #[test]
    fn write_only_values_need_a_terraform_that_knows_them() {
        let schema = Schema::new("A thing.").attribute("key", Attribute::string("Key.").optional().write_only());
        let config = Value::object([("key", Value::from("k"))]);
        assert!(validate(&schema, &config, true).is_empty());
        assert!(validate(&schema, &config, false).has_errors());
        assert!(validate(&schema, &Value::object([("key", Value::Null)]), false).is_empty());
    }
}
