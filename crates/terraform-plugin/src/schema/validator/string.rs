//! Validators of strings.

use regex::Regex;
use url::Url;

use super::{Amount, Requirement, ValidateRequest, Validator, Violation, sentence, validators};
use crate::diagnostic::Diagnostics;
use crate::text::TextType;
use crate::value::{Type, Value};

/// A string of at least this many characters.
pub struct LengthAtLeast(pub usize);

/// A string of at most this many characters.
pub struct LengthAtMost(pub usize);

/// A string of from this many to that many characters.
pub struct LengthBetween(pub usize, pub usize);

/// One of these strings.
///
/// ```
/// use terraform_plugin::schema::{Attribute, OneOf};
///
/// let system = Attribute::string("The system.").optional().validate(OneOf(&["linux", "windows"]));
/// ```
pub struct OneOf(pub &'static [&'static str]);

/// One of these strings, in any mixture of capital and small letters.
pub struct OneOfCaseInsensitive(pub &'static [&'static str]);

/// An absolute URL with one of these schemes, or with any scheme if there are none.
///
/// ```
/// use terraform_plugin::schema::{Attribute, IsUrl};
///
/// let endpoint = Attribute::string("The endpoint.").optional().validate(IsUrl(&["https"]));
/// ```
pub struct IsUrl(pub &'static [&'static str]);

/// A string without blanks at its beginning and its end.
pub struct IsTrimmed;

validators!(LengthAtLeast, LengthAtMost, LengthBetween, OneOf, OneOfCaseInsensitive, IsUrl, IsTrimmed);

pub(super) fn concerns(ty: &Type) -> bool {
    *ty == Type::String
}

/// The validators of a length have all in common but the [`Amount`].
macro_rules! lengths {
    ($($name:ident, $self:ident => $amount:expr;)*) => {$(
        impl Requirement for $name {
            fn requirement(&$self) -> String {
                $amount.requirement("character")
            }

            fn concerns(ty: &Type) -> bool {
                concerns(ty)
            }

            fn violation(&$self, value: &Value) -> Option<Violation> {
                $amount.violation(value.as_str()?.chars().count())
            }

            fn misuse(&$self) -> Vec<String> {
                $amount.misuse()
            }
        }
    )*};
}

lengths! {
    LengthAtLeast, self => Amount::AtLeast(self.0);
    LengthAtMost, self => Amount::AtMost(self.0);
    LengthBetween, self => Amount::Between(self.0, self.1);
}

/// `must be "a"`, `must be one of "a", "b"`.
fn choice(texts: &[&str]) -> String {
    match texts {
        [text] => format!("must be \"{text}\""),
        texts => format!("must be one of \"{}\"", texts.join("\", \"")),
    }
}

fn no_choice(texts: &[&str]) -> Vec<String> {
    texts.is_empty().then(|| "It leaves no choice.".to_owned()).into_iter().collect()
}

impl Requirement for OneOf {
    fn requirement(&self) -> String {
        choice(self.0)
    }

    fn concerns(ty: &Type) -> bool {
        concerns(ty)
    }

    fn violation(&self, value: &Value) -> Option<Violation> {
        Violation::unless(self.0.contains(&value.as_str()?))
    }

    fn misuse(&self) -> Vec<String> {
        no_choice(self.0)
    }
}

impl Requirement for OneOfCaseInsensitive {
    fn requirement(&self) -> String {
        format!("{} (in capital or small letters)", choice(self.0))
    }

    fn concerns(ty: &Type) -> bool {
        concerns(ty)
    }

    fn violation(&self, value: &Value) -> Option<Violation> {
        let text = value.as_str()?.to_lowercase();
        Violation::unless(self.0.iter().any(|one| one.to_lowercase() == text))
    }

    fn misuse(&self) -> Vec<String> {
        no_choice(self.0)
    }
}

impl Requirement for IsUrl {
    fn requirement(&self) -> String {
        match self.0 {
            [] => "must be a URL".to_owned(),
            [schemes @ .., last] if !schemes.is_empty() => {
                format!("must be a URL that begins with {}:// or {last}://", schemes.join("://, "))
            }
            [scheme, ..] => format!("must be a URL that begins with {scheme}://"),
        }
    }

    fn concerns(ty: &Type) -> bool {
        concerns(ty)
    }

    fn violation(&self, value: &Value) -> Option<Violation> {
        let text = value.as_str()?;
        let url = <Url as TextType>::parse(text);
        Violation::unless(url.is_some_and(|url| self.0.is_empty() || self.0.contains(&url.scheme())))
    }
}

impl Requirement for IsTrimmed {
    fn requirement(&self) -> String {
        "must not begin or end with blanks".to_owned()
    }

    fn concerns(ty: &Type) -> bool {
        concerns(ty)
    }

    fn violation(&self, value: &Value) -> Option<Violation> {
        let text = value.as_str()?;
        Violation::unless(text.trim() == text)
    }
}

/// A string that a regular expression matches: anywhere in it, unless the pattern begins with `^` and ends with `$`. The
/// syntax is that of the crate [`regex`], which is nearly that of Go.
///
/// ```
/// use terraform_plugin::schema::{Attribute, Matches};
///
/// let label = Matches::new("^[a-z][a-z0-9-]*$").saying("must be made of lower-case letters, digits and hyphens");
/// let name = Attribute::string("The name.").required().validate(label);
/// ```
pub struct Matches {
    pattern: String,
    /// `None` if it cannot be read.
    regex: Option<Regex>,
    requirement: Option<String>,
}

impl Matches {
    /// A pattern that cannot be read matches everything, and [`validate_implementation`](crate::validate_implementation()) reports it.
    #[must_use]
    pub fn new(pattern: impl Into<String>) -> Self {
        let pattern = pattern.into();
        Self { regex: Regex::new(&pattern).ok(), pattern, requirement: None }
    }

    /// What messages and descriptions say instead of the pattern, beginning with `must`.
    #[must_use]
    pub fn saying(self, requirement: impl Into<String>) -> Self {
        Self { requirement: Some(requirement.into()), ..self }
    }

    fn requirement(&self) -> String {
        self.requirement.clone().unwrap_or_else(|| format!("must match the pattern `{}`", self.pattern))
    }
}

impl Validator for Matches {
    fn validate(&self, request: &ValidateRequest<'_>, diagnostics: &mut Diagnostics) {
        if let (Some(text), Some(regex)) = (request.value.as_str(), &self.regex)
            && !regex.is_match(text)
        {
            diagnostics.push(request.invalid(&self.requirement()));
        }
    }

    fn description(&self) -> Option<String> {
        Some(sentence(&self.requirement()))
    }

    fn applies_to(&self, ty: &Type) -> bool {
        concerns(ty)
    }

    fn mistakes(&self) -> Vec<String> {
        let wrong = self.regex.is_none().then(|| format!("Its pattern `{}` is no regular expression.", self.pattern));
        wrong.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Case, detail, detail_of_secret};
    use super::*;

    #[test]
    fn each_validator_passes_and_fails_what_it_should() {
        let label = || Matches::new("^[a-z][a-z0-9-]*$");
        let cases: [Case<'_>; 13] = [
            (&LengthAtLeast(1), "must not be empty", &["a", " "], &[""]),
            (&LengthAtLeast(2), "must have at least 2 characters", &["ab", "äö"], &["", "a", "ä"]),
            (&LengthAtMost(1), "must have at most 1 character", &["", "ä"], &["ab"]),
            (&LengthAtMost(0), "must be empty", &[""], &["a"]),
            (&LengthBetween(2, 3), "must have 2 to 3 characters", &["ab", "abc"], &["", "a", "abcd"]),
            (&LengthBetween(2, 2), "must have exactly 2 characters", &["ab"], &["abc"]),
            (&OneOf(&["a", "b"]), "must be one of \"a\", \"b\"", &["a", "b"], &["c", "A", ""]),
            (&OneOf(&["a"]), "must be \"a\"", &["a"], &["b"]),
            (
                &OneOfCaseInsensitive(&["Ärger", "b"]),
                "must be one of \"Ärger\", \"b\" (in capital or small letters)",
                &["ÄRGER", "ärger", "B"],
                &["c", ""],
            ),
            (&IsTrimmed, "must not begin or end with blanks", &["", "a b"], &[" a", "a\n", "\u{a0}a", " "]),
            (&label(), "must match the pattern `^[a-z][a-z0-9-]*$`", &["a", "a-1"], &["", "A", "a\n", "1a"]),
            (&label().saying("must be a label"), "must be a label", &["a"], &["A"]),
            (&Matches::new("b"), "must match the pattern `b`", &["abc"], &["ac"]),
        ];
        for (validator, requirement, good, bad) in cases {
            assert_eq!(validator.description(), Some(sentence(requirement)));
            for text in good {
                assert_eq!(detail(validator, (*text).into()), None, "{requirement}: {text:?}");
            }
            for text in bad {
                let got = match validator {
                    _ if text.is_empty() => String::new(),
                    _ if requirement.contains("character") || requirement == "must be empty" => {
                        format!(", got: {}", text.chars().count())
                    }
                    _ => format!(", got: \"{text}\""),
                };
                let expected = format!("Attribute it {requirement}{got}.");
                assert_eq!(detail(validator, (*text).into()), Some(expected), "{requirement}: {text:?}");
                let expected = format!("Attribute it {requirement}.");
                assert_eq!(detail_of_secret(validator, (*text).into()), Some(expected), "{requirement}: {text:?}");
            }
            for other in [Value::Null, Value::unknown(), 1.into(), true.into(), Value::List(Vec::new())] {
                assert_eq!(detail(validator, other.clone()), None, "{requirement}: {other:?}");
            }
            assert!(validator.applies_to(&Type::String) && !validator.applies_to(&Type::Number));
            assert_eq!(validator.mistakes(), [""; 0]);
        }
    }

    #[test]
    fn a_url_is_one_as_it_stands() {
        let any =
            ["https://a.example", "http://a/b?c=d#e", "s3://bucket/key", "mailto:a@b.example", "https://u:p@a:1/{id}"];
        for good in any {
            assert_eq!(detail(&IsUrl(&[]), good.into()), None, "{good}");
        }
        for bad in [
            "",
            "a.example",
            "/a",
            "https://",
            "https:a.example",
            " https://a",
            "https://a ",
            "https:\\\\a",
            "https://a\n",
        ] {
            assert!(detail(&IsUrl(&[]), bad.into()).is_some(), "{bad}");
        }
        let cases: [(&'static [&'static str], &str); 3] = [
            (&["https"], "must be a URL that begins with https://"),
            (&["https", "http"], "must be a URL that begins with https:// or http://"),
            (&["https", "http", "s3"], "must be a URL that begins with https://, http:// or s3://"),
        ];
        for (schemes, requirement) in cases {
            assert_eq!(detail(&IsUrl(schemes), "https://a.example".into()), None);
            let expected = format!("Attribute it {requirement}, got: \"ftp://a\".");
            assert_eq!(detail(&IsUrl(schemes), "ftp://a".into()), Some(expected));
        }
        assert_eq!(IsUrl(&[]).description().as_deref(), Some("Must be a URL."));
        assert!(IsUrl(&[]).applies_to(&Type::String) && !IsUrl(&[]).applies_to(&Type::Number));
        assert_eq!(detail_of_secret(&IsUrl(&[]), "pw".into()).as_deref(), Some("Attribute it must be a URL."));
    }

    #[test]
    fn what_no_string_can_pass_is_a_mistake() {
        let cases: [(&dyn Validator, &str); 5] = [
            (&LengthAtLeast(0), "There is nothing that has less than 0 of it."),
            (&LengthBetween(2, 1), "Nothing has 2 to 1 of it."),
            (&OneOf(&[]), "It leaves no choice."),
            (&OneOfCaseInsensitive(&[]), "It leaves no choice."),
            (&Matches::new("a("), "Its pattern `a(` is no regular expression."),
        ];
        for (validator, mistake) in cases {
            assert_eq!(validator.mistakes(), [mistake]);
        }
        assert_eq!(detail(&Matches::new("a("), "b".into()), None);
    }
}
