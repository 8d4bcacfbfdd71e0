//! Rules that configured values must keep.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::AttributePath;
use crate::value::{Number, Value};

/// A rule that the configured value of one attribute must keep. It is asked only about values that are set and
/// wholly known.
pub trait Validator: Send + Sync + 'static {
    /// Adds an error for every way in which the value breaks the rule.
    fn validate(&self, value: &Value, path: &AttributePath, diagnostics: &mut Diagnostics);

    /// The same for an attribute that is sensitive, or stands in one: nothing may be told of its value. To be written where
    /// [`validate`](Self::validate) shows it.
    fn validate_sensitive(&self, value: &Value, path: &AttributePath, diagnostics: &mut Diagnostics) {
        self.validate(value, path, diagnostics);
    }
}

/// A rule written as a function: it answers what is wrong with the value, in a sentence.
pub fn predicate(rule: impl Fn(&Value) -> Result<(), String> + Send + Sync + 'static) -> impl Validator {
    Predicate(rule)
}

struct Predicate<F>(F);

impl<F: Fn(&Value) -> Result<(), String> + Send + Sync + 'static> Validator for Predicate<F> {
    fn validate(&self, value: &Value, path: &AttributePath, diagnostics: &mut Diagnostics) {
        if let Err(sentence) = (self.0)(value) {
            diagnostics.push(Diagnostic::error("Invalid attribute value", sentence).at(path.clone()));
        }
    }
}

/// What a value must be, and what it is instead.
struct Broken {
    wanted: String,
    got: String,
}

/// Writes the two methods of a validator: the message is the same but for the value.
macro_rules! validators {
    ($($name:ident),*) => {$(
        impl Validator for $name {
            fn validate(&self, value: &Value, path: &AttributePath, diagnostics: &mut Diagnostics) {
                if let Some(Broken { wanted, got }) = self.broken(value) {
                    tell(format!("Attribute {path} must {wanted}, got: {got}."), path, diagnostics);
                }
            }

            fn validate_sensitive(&self, value: &Value, path: &AttributePath, diagnostics: &mut Diagnostics) {
                if let Some(Broken { wanted, .. }) = self.broken(value) {
                    tell(format!("Attribute {path} must {wanted}."), path, diagnostics);
                }
            }
        }
    )*};
}

validators!(Whole, AtLeast, Between, LengthAtLeast, OneOf);

fn tell(detail: String, path: &AttributePath, diagnostics: &mut Diagnostics) {
    diagnostics.push(Diagnostic::error("Invalid attribute value", detail).at(path.clone()));
}

/// A whole number of 64 bits: what an `i64` in a model can hold.
pub(crate) struct Whole;

impl Whole {
    #[expect(clippy::unused_self, reason = "as the others")]
    fn broken(&self, value: &Value) -> Option<Broken> {
        let Value::Number(number) = value else { return None };
        let wanted = match (number.is_integer(), number.as_i64()) {
            (true, Some(_)) => return None,
            (true, None) => format!("be between {} and {}", i64::MIN, i64::MAX),
            (false, _) => "be a whole number".to_owned(),
        };
        Some(Broken { wanted, got: number.compact() })
    }
}

/// A number that is not smaller than this one.
pub struct AtLeast(pub i64);

impl AtLeast {
    fn broken(&self, value: &Value) -> Option<Broken> {
        match value {
            Value::Number(number) if *number < Number::from(self.0) => {
                Some(Broken { wanted: format!("be at least {}", self.0), got: number.compact() })
            }
            _ => None,
        }
    }
}

/// A number from this one to that one.
pub struct Between(pub i64, pub i64);

impl Between {
    fn broken(&self, value: &Value) -> Option<Broken> {
        match value {
            Value::Number(number) if *number < Number::from(self.0) || *number > Number::from(self.1) => {
                Some(Broken { wanted: format!("be between {} and {}", self.0, self.1), got: number.compact() })
            }
            _ => None,
        }
    }
}

/// A text of at least this many characters, or a collection of at least this many elements.
pub struct LengthAtLeast(pub usize);

impl LengthAtLeast {
    fn broken(&self, value: &Value) -> Option<Broken> {
        let (length, unit) = match value {
            Value::String(text) => (text.chars().count(), "characters"),
            Value::List(elements) | Value::Set(elements) => (elements.len(), "elements"),
            Value::Map(entries) => (entries.len(), "elements"),
            _ => return None,
        };
        let broken = || Broken { wanted: format!("have at least {} {unit}", self.0), got: length.to_string() };
        (length < self.0).then(broken)
    }
}

/// One of these texts.
pub struct OneOf(pub &'static [&'static str]);

impl OneOf {
    fn broken(&self, value: &Value) -> Option<Broken> {
        match value {
            Value::String(text) if !self.0.contains(&text.as_str()) => {
                Some(Broken { wanted: format!("be one of \"{}\"", self.0.join("\", \"")), got: format!("\"{text}\"") })
            }
            _ => None,
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
    fn a_sensitive_value_is_never_shown() {
        let secret = Value::from("hunter2");
        let number = Value::Number("7.5".parse().expect("it is a number"));
        let mut diagnostics = Diagnostics::new();
        let path = &AttributePath::of("secret");
        OneOf(&["a", "b"]).validate_sensitive(&secret, path, &mut diagnostics);
        LengthAtLeast(9).validate_sensitive(&secret, path, &mut diagnostics);
        AtLeast(8).validate_sensitive(&number, path, &mut diagnostics);
        Between(8, 9).validate_sensitive(&number, path, &mut diagnostics);
        Whole.validate_sensitive(&number, path, &mut diagnostics);
        let details: Vec<_> = diagnostics.into_iter().map(|one| one.detail).collect();
        let expected = [
            "Attribute secret must be one of \"a\", \"b\".",
            "Attribute secret must have at least 9 characters.",
            "Attribute secret must be at least 8.",
            "Attribute secret must be between 8 and 9.",
            "Attribute secret must be a whole number.",
        ];
        assert_eq!(details, expected);
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
