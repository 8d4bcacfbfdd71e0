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

/// A whole number of 64 bits: what an `i64` in a model can hold.
pub(crate) struct Whole;

impl Validator for Whole {
    fn validate(&self, value: &Value, path: &AttributePath, diagnostics: &mut Diagnostics) {
        let Value::Number(number) = value else { return };
        let wanted = match (number.is_integer(), number.as_i64()) {
            (true, Some(_)) => return,
            (true, None) => format!("between {} and {}", i64::MIN, i64::MAX),
            (false, _) => "a whole number".to_owned(),
        };
        let detail = format!("Attribute {path} must be {wanted}, got: {}.", number.compact());
        diagnostics.push(Diagnostic::error("Invalid attribute value", detail).at(path.clone()));
    }
}

/// A number that is not smaller than this one.
pub struct AtLeast(pub i64);

impl Validator for AtLeast {
    fn validate(&self, value: &Value, path: &AttributePath, diagnostics: &mut Diagnostics) {
        if let Value::Number(number) = value
            && *number < Number::from(self.0)
        {
            let detail = format!("Attribute {path} must be at least {}, got: {}.", self.0, number.compact());
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
            let detail =
                format!("Attribute {path} must be between {} and {}, got: {}.", self.0, self.1, number.compact());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_of_64_bits_is_all_that_an_integer_takes() {
        let range = "between -9223372036854775808 and 9223372036854775807";
        for (text, wanted) in [
            ("0", None),
            ("-3.0", None),
            ("9223372036854775807", None),
            ("-9223372036854775808", None),
            ("1.5", Some(("a whole number", "1.5"))),
            ("-0.25", Some(("a whole number", "-0.25"))),
            ("1e-30", Some(("a whole number", "1e-30"))),
            ("9223372036854775808", Some((range, "9223372036854775808"))),
            ("-9223372036854775809", Some((range, "-9223372036854775809"))),
            ("99999999999999999999", Some((range, "99999999999999999999"))),
            ("1e30", Some((range, "1e30"))),
            ("-12e40", Some((range, "-12e40"))),
            ("1e400", Some((range, "1e400"))),
        ] {
            let mut diagnostics = Diagnostics::new();
            let number: Number = text.parse().expect("it is a number");
            Whole.validate(&Value::Number(number), &AttributePath::of("size"), &mut diagnostics);
            let reported: Vec<_> = diagnostics.into_iter().map(|one| (one.detail, one.path)).collect();
            let expected: Vec<_> = wanted
                .map(|(wanted, got)| {
                    (format!("Attribute size must be {wanted}, got: {got}."), Some(AttributePath::of("size")))
                })
                .into_iter()
                .collect();
            assert_eq!(reported, expected, "{text}");
        }
    }

    #[test]
    fn a_number_that_is_out_of_bounds_is_shown_shortly() {
        let huge = Value::Number("1e400".parse().expect("it is a number"));
        let mut diagnostics = Diagnostics::new();
        Between(1, 64).validate(&huge, &AttributePath::of("size"), &mut diagnostics);
        AtLeast(5).validate(&Value::from(2), &AttributePath::of("size"), &mut diagnostics);
        let details: Vec<_> = diagnostics.into_iter().map(|one| one.detail).collect();
        let expected =
            ["Attribute size must be between 1 and 64, got: 1e400.", "Attribute size must be at least 5, got: 2."];
        assert_eq!(details, expected);
    }
}
