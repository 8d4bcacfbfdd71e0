//! Rules that configured values must keep.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::AttributePath;
use crate::value::{Number, Value};

/// A rule that the configured value of one attribute must keep. It is asked only about values that are set and
/// wholly known.
pub trait Validator: Send + Sync + 'static {
    /// Adds an error for every way in which the value breaks the rule. The value must not be shown in it when the
    /// attribute is sensitive.
    fn validate(&self, value: &Value, path: &AttributePath, diagnostics: &mut Diagnostics);
}

/// A rule written as a function: it answers what is wrong with the value, in a sentence.
pub fn check(rule: impl Fn(&Value) -> Result<(), String> + Send + Sync + 'static) -> impl Validator {
    Check(rule)
}

struct Check<F>(F);

impl<F: Fn(&Value) -> Result<(), String> + Send + Sync + 'static> Validator for Check<F> {
    fn validate(&self, value: &Value, path: &AttributePath, diagnostics: &mut Diagnostics) {
        if let Err(sentence) = (self.0)(value) {
            diagnostics.push(Diagnostic::error("Invalid attribute value", sentence).at(path.clone()));
        }
    }
}

/// A number that is not smaller than this one.
pub struct AtLeast(pub i64);

impl Validator for AtLeast {
    fn validate(&self, value: &Value, path: &AttributePath, diagnostics: &mut Diagnostics) {
        if let Value::Number(number) = value
            && *number < Number::from(self.0)
        {
            let detail = format!("Attribute {path} must be at least {}, got: {number}.", self.0);
            diagnostics.push(Diagnostic::error("Invalid attribute value", detail).at(path.clone()));
        }
    }
}

/// A number from this one to that one.
pub struct Between(pub i64, pub i64);

impl Validator for Between {
    fn validate(&self, value: &Value, path: &AttributePath, diagnostics: &mut Diagnostics) {
        if let Value::Number(number) = value
            && (*number < Number::from(self.0) || *number > Number::from(self.1))
        {
            let detail = format!("Attribute {path} must be between {} and {}, got: {number}.", self.0, self.1);
            diagnostics.push(Diagnostic::error("Invalid attribute value", detail).at(path.clone()));
        }
    }
}

/// A text of at least this many characters, or a collection of at least this many elements.
pub struct LengthAtLeast(pub usize);

impl Validator for LengthAtLeast {
    fn validate(&self, value: &Value, path: &AttributePath, diagnostics: &mut Diagnostics) {
        let (length, unit) = match value {
            Value::String(text) => (text.chars().count(), "characters"),
            Value::List(elements) | Value::Set(elements) => (elements.len(), "elements"),
            Value::Map(entries) => (entries.len(), "elements"),
            _ => return,
        };
        if length < self.0 {
            let detail = format!("Attribute {path} must have at least {} {unit}, got: {length}.", self.0);
            diagnostics.push(Diagnostic::error("Invalid attribute value", detail).at(path.clone()));
        }
    }
}

/// One of these texts.
pub struct OneOf(pub &'static [&'static str]);

impl Validator for OneOf {
    fn validate(&self, value: &Value, path: &AttributePath, diagnostics: &mut Diagnostics) {
        if let Value::String(text) = value
            && !self.0.contains(&text.as_str())
        {
            let choices = self.0.join("\", \"");
            let detail = format!("Attribute {path} must be one of \"{choices}\", got: \"{text}\".");
            diagnostics.push(Diagnostic::error("Invalid attribute value", detail).at(path.clone()));
        }
    }
}
