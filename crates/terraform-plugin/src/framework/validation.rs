//! Validates a configuration with the validators of its schema.

use std::collections::BTreeMap;

use super::guard::{VALIDATE, caught_about};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::AttributePath;
use crate::schema::{
    Attribute, Block, BlockNesting, ConfigValidator, Nesting, Noun, Schema, Shape, ValidateRequest, Validator,
};
use crate::value::Value;

/// What the validators of a schema find in a configuration, and a warning for everything deprecated in it.
pub(crate) fn validate(schema: &Schema, config: &Value, write_only_allowed: bool) -> Diagnostics {
    let mut validation = Validation { write_only_allowed, ..Validation::new(schema, config) };
    if let Some(message) = &schema.deprecation {
        validation.diagnostics.push(Diagnostic::warning("Deprecated object", message));
    }
    validation.root();
    validation.diagnostics
}

/// The errors in a configuration that is validated once more. Without `relations`, those that attributes have by themselves:
/// what relates them to others is left out.
pub(crate) fn errors(schema: &Schema, config: &Value, relations: bool) -> Diagnostics {
    let mut validation = Validation { relations, ..Validation::new(schema, config) };
    validation.root();
    validation.diagnostics.errors()
}

struct Validation<'a> {
    schema: &'a Schema,
    config: &'a Value,
    write_only_allowed: bool,
    relations: bool,
    diagnostics: Diagnostics,
}

/// An object of a schema: its attributes, its blocks, and the validators of both together.
#[derive(Clone, Copy)]
struct Contents<'a> {
    attributes: &'a BTreeMap<String, Attribute>,
    blocks: &'a BTreeMap<String, Block>,
    config_validators: &'a [Box<dyn ConfigValidator>],
}

static NO_BLOCKS: BTreeMap<String, Block> = BTreeMap::new();

impl<'a> Validation<'a> {
    fn new(schema: &'a Schema, config: &'a Value) -> Self {
        Self { schema, config, write_only_allowed: true, relations: true, diagnostics: Diagnostics::new() }
    }

    fn root(&mut self) {
        let Schema { attributes, blocks, config_validators, .. } = self.schema;
        self.object(Contents { attributes, blocks, config_validators }, self.config, &AttributePath::root());
    }

    fn object(&mut self, contents: Contents<'_>, object: &Value, path: &AttributePath) {
        let Value::Map(values) = object else { return };
        let value = |name| values.get(name).unwrap_or(&Value::Null);
        for (name, attribute) in contents.attributes {
            self.attribute(attribute, value(name), &path.clone().attribute(name));
        }
        for (name, block) in contents.blocks {
            self.block(block, value(name), &path.clone().attribute(name));
        }
        if self.relations {
            for validator in contents.config_validators {
                self.together(&**validator, object, path);
            }
        }
    }

    fn attribute(&mut self, attribute: &Attribute, value: &Value, path: &AttributePath) {
        if !value.is_null() {
            self.notices(attribute, path);
        }
        self.validators(&attribute.validators, Noun::Attribute, value, path);
        let Shape::Nested(nesting, attributes) = &attribute.shape else { return };
        let config_validators = &attribute.config_validators;
        let contents = Contents { attributes, blocks: &NO_BLOCKS, config_validators };
        match nesting {
            Nesting::Single => self.object(contents, value, path),
            Nesting::List | Nesting::Set | Nesting::Map => self.elements(contents, value, path),
        }
    }

    /// What there is to say of an attribute that is set, whatever its value.
    fn notices(&mut self, attribute: &Attribute, path: &AttributePath) {
        if let Some(message) = &attribute.deprecation {
            self.diagnostics.push(Diagnostic::warning("Deprecated argument", message).at(path.clone()));
        }
        if attribute.write_only && !self.write_only_allowed {
            let detail = format!("Attribute {path} is write-only, which needs Terraform 1.11 or newer.");
            self.diagnostics.push(Diagnostic::error("Write-only attribute not supported", detail).at(path.clone()));
        }
    }

    fn block(&mut self, block: &Block, value: &Value, path: &AttributePath) {
        let empty = matches!(value, Value::List(elements) | Value::Set(elements) if elements.is_empty());
        let value = if empty { &Value::Null } else { value };
        if let Some(message) = block.deprecation.as_ref().filter(|_| !value.is_null()) {
            self.diagnostics.push(Diagnostic::warning("Deprecated block", message).at(path.clone()));
        }
        self.validators(&block.validators, Noun::Block, value, path);
        let Block { attributes, blocks, config_validators, .. } = block;
        let contents = Contents { attributes, blocks, config_validators };
        match block.nesting {
            BlockNesting::Single => self.object(contents, value, path),
            BlockNesting::List | BlockNesting::Set => self.elements(contents, value, path),
        }
    }

    fn elements(&mut self, contents: Contents<'_>, collection: &Value, path: &AttributePath) {
        for (step, element) in collection.elements() {
            self.object(contents, element, &path.clone().then(step));
        }
    }

    /// Calls the validators of one value, up to the first that finds an error.
    fn validators(&mut self, all: &[Box<dyn Validator>], noun: Noun, value: &Value, path: &AttributePath) {
        if all.is_empty() {
            return;
        }
        let request = self.request(ValidateRequest::new(path, value, self.config), noun);
        for validator in all.iter().filter(|one| self.relations || one.paths().is_empty()) {
            let mut found = Diagnostics::new();
            let ask = || request.ask(&**validator, &mut found);
            if let Err(crash) = caught_about(VALIDATE, &request.place(), request.sensitive, ask) {
                found.push(crash.at(path.clone()));
            }
            let stop = found.has_errors();
            self.diagnostics.extend(found);
            if stop {
                return;
            }
        }
    }

    /// Calls a validator of the attributes of an object together.
    fn together(&mut self, validator: &dyn ConfigValidator, object: &Value, path: &AttributePath) {
        let request = self.request(ValidateRequest::of_object(path, object, self.config), Noun::Object);
        let mut found = Diagnostics::new();
        let place = if path.is_root() { String::new() } else { format!("{} in ", request.place()) };
        let what = format!("{VALIDATE} {place}{}", validator.paths().join(", "));
        let ask = || validator.validate(&request, &mut found);
        match caught_about(&what, "together", request.sensitive, ask) {
            Ok(()) => self.diagnostics.extend(found),
            Err(crash) if path.is_root() => self.diagnostics.push(crash),
            Err(crash) => self.diagnostics.push(crash.at(path.clone())),
        }
    }

    fn request<'r>(&self, request: ValidateRequest<'r>, noun: Noun) -> ValidateRequest<'r>
    where
        'a: 'r,
    {
        let (sensitive, shown) = self.schema.secrecy(request.path);
        request.with_schema(self.schema, noun).with_secrets(sensitive, shown)
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
