//! Validates a configuration with the validators of its schema.

use std::collections::BTreeMap;

use super::guard::{VALIDATE, caught_about};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::AttributePath;
use crate::schema::{
    Attribute, Block, BlockNames, BlockNesting, ConfigValidator, Nesting, Noun, Schema, Shape, ValidateRequest,
    Validator, ask,
};
use crate::value::Value;

/// What the validators of a schema find in a configuration, and a warning for everything deprecated in it.
pub(crate) fn validate(schema: &Schema, config: &Value, write_only_allowed: bool) -> Diagnostics {
    let blocks = schema.block_names();
    let mut validation = Validation { write_only_allowed, ..Validation::new(schema, &blocks, config) };
    if let Some(message) = &schema.deprecation {
        validation.diagnostics.push(Diagnostic::warning("Deprecated object", message));
    }
    validation.root();
    validation.diagnostics
}

/// The errors in a configuration that is validated once more. Without `relations`, those that attributes have by themselves:
/// what relates them to others is left out.
pub(crate) fn errors(schema: &Schema, config: &Value, relations: bool) -> Diagnostics {
    let blocks = schema.block_names();
    let mut validation = Validation { relations, ..Validation::new(schema, &blocks, config) };
    validation.root();
    validation.diagnostics.errors()
}

struct Validation<'a> {
    schema: &'a Schema,
    blocks: &'a BlockNames,
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
    fn new(schema: &'a Schema, blocks: &'a BlockNames, config: &'a Value) -> Self {
        Self { schema, blocks, config, write_only_allowed: true, relations: true, diagnostics: Diagnostics::new() }
    }

    fn root(&mut self) {
        let Schema { attributes, blocks, config_validators, .. } = self.schema;
        self.object(Contents { attributes, blocks, config_validators }, self.config, &AttributePath::root());
    }

    fn object(&mut self, contents: Contents<'_>, object: &Value, path: &AttributePath) {
        let Value::Map(values) = object else { return };
        let value = |name| values.get(name).unwrap_or(&Value::Null);
        for (name, attribute) in contents.attributes {
            let path = &path.clone().attribute(name);
            // Terraform sees only that there is a definition, for example `name = var.name`, and not that it is null.
            if attribute.required && values.get(name).is_some_and(Value::is_null) {
                self.missing(path);
            }
            self.attribute(attribute, value(name), path);
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

    fn missing(&mut self, path: &AttributePath) {
        let detail = format!("The argument {path} is required, but it is null.");
        self.diagnostics.push(Diagnostic::error("Missing required argument", detail).at(path.clone()));
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
            let call = || ask(&**validator, &request, &mut found);
            if let Err(crash) = caught_about(VALIDATE, &request.place(), request.sensitive, call) {
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
        let place = if path.is_root() { String::new() } else { format!(" in {}", request.place()) };
        let what = format!("{VALIDATE} {}{place}", validator.paths().join(", "));
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
        request.with_blocks(self.blocks, noun).with_secrets(sensitive, shown)
    }
}

#[cfg(test)]
mod tests;
