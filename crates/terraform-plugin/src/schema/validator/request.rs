//! What a validator is asked about.

use std::fmt::Write as _;

use super::super::{BlockNames, Match, PathExpression};
use crate::diagnostic::Diagnostic;
use crate::path::AttributePath;
use crate::value::Value;

/// What a [`Validator`](super::Validator) or a [`ConfigValidator`](crate::schema::ConfigValidator) is asked about: a value, where it stands, and
/// the whole configuration.
///
/// In a unit test it is made with [`new`](Self::new):
///
/// ```
/// use terraform_plugin::schema::{AtLeast, ValidateRequest, Validator};
/// use terraform_plugin::value::Value;
/// use terraform_plugin::{AttributePath, Diagnostics};
///
/// let (path, value) = (AttributePath::of("size"), Value::from(0));
/// let config = Value::object([("size", value.clone())]);
/// let mut diagnostics = Diagnostics::new();
/// AtLeast(1).validate(&ValidateRequest::new(&path, &value, &config), &mut diagnostics);
/// assert_eq!(diagnostics.iter().next().unwrap().detail, "Attribute size must be at least 1, got: 0.");
/// ```
#[derive(Clone, Copy)]
pub struct ValidateRequest<'a> {
    /// Where the value stands.
    pub path: &'a AttributePath,
    /// The configured value. A block that is not written is null.
    pub value: &'a Value,
    /// Whether no message may show the value: it, something inside, or something that it stands in, is sensitive or write-only.
    pub sensitive: bool,
    /// The whole configuration of the object.
    pub config: &'a Value,
    blocks: &'a BlockNames,
    noun: Noun,
    /// So many steps of the path may be shown. Further down, the keys of maps are secret.
    shown: usize,
    warning: bool,
}

/// What the value is, for messages.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Noun {
    Attribute,
    Block,
    /// An object whose attributes are validated together.
    Object,
    /// A key of a map.
    Key,
}

impl<'a> ValidateRequest<'a> {
    /// A request about the value of an attribute.
    #[must_use]
    pub fn new(path: &'a AttributePath, value: &'a Value, config: &'a Value) -> Self {
        let (noun, shown) = (Noun::Attribute, usize::MAX);
        Self { path, value, sensitive: false, config, blocks: BlockNames::NONE, noun, shown, warning: false }
    }

    /// A request about the attributes of an object together.
    #[must_use]
    pub fn of_object(path: &'a AttributePath, object: &'a Value, config: &'a Value) -> Self {
        Self { noun: Noun::Object, ..Self::new(path, object, config) }
    }

    /// The same request about a sensitive value.
    #[must_use]
    pub fn sensitive(self) -> Self {
        Self { sensitive: true, shown: self.path.steps().len(), ..self }
    }

    pub(crate) fn with_blocks(self, blocks: &'a BlockNames, noun: Noun) -> Self {
        Self { blocks, noun, ..self }
    }

    /// `shown` is as many steps of the path as may be shown, where something that the value stands in is sensitive.
    pub(crate) fn with_secrets(self, sensitive: bool, shown: usize) -> Self {
        Self { sensitive, shown, ..self }
    }

    /// The same request about an element of the value.
    pub(super) fn of_element(self, path: &'a AttributePath, value: &'a Value) -> Self {
        Self { path, value, ..self }
    }

    /// The same request about a key of the value.
    pub(super) fn of_key(self, key: &'a Value) -> Self {
        Self { value: key, noun: Noun::Key, ..self }
    }

    /// The same request, whose answers are warnings.
    pub(super) fn as_warning(self) -> Self {
        Self { warning: true, ..self }
    }

    /// The same request, whose answers are errors.
    pub(super) fn as_error(self) -> Self {
        Self { warning: false, ..self }
    }

    pub(super) fn is_block(&self) -> bool {
        self.noun == Noun::Block
    }

    /// The severity that the answers to this request have.
    pub(super) fn adjusted(&self, diagnostic: Diagnostic) -> Diagnostic {
        if self.warning { diagnostic.into_warning() } else { diagnostic }
    }

    /// The place of the value for messages, without what is secret in it.
    pub(crate) fn place(&self) -> String {
        self.path.shown(self.shown)
    }

    /// What the value is and where, for the beginning of a sentence, for example `Attribute size`.
    #[must_use]
    pub fn name(&self) -> String {
        let place = self.place();
        match (self.noun, self.value) {
            (Noun::Attribute, _) => format!("Attribute {place}"),
            (Noun::Block, _) => format!("Block {place}"),
            (Noun::Object, _) if self.path.is_root() => "The configuration".to_owned(),
            (Noun::Object, _) => format!("Object {place}"),
            (Noun::Key, Value::String(key)) if !self.sensitive => format!("Key \"{key}\" of attribute {place}"),
            (Noun::Key, _) => format!("A key of attribute {place}"),
        }
    }

    /// The message that the value does not meet a requirement, which begins with `must`: an error at the value, or a warning
    /// inside of [`Warn`](super::Warn). It shows a value that is a text, a number or a bool, unless it is sensitive.
    #[must_use]
    pub fn invalid(&self, requirement: &str) -> Diagnostic {
        let got = match self.value {
            // The name shows it already.
            _ if self.noun == Noun::Key => None,
            Value::String(text) => Some(format!("\"{text}\"")).filter(|_| !text.is_empty()),
            Value::Number(number) => Some(number.compact()),
            Value::Bool(value) => Some(value.to_string()),
            _ => None,
        };
        self.invalid_but(requirement, got.as_deref())
    }

    /// The same, where the message shows this of the value, unless it is sensitive.
    #[must_use]
    pub fn invalid_got(&self, requirement: &str, got: &str) -> Diagnostic {
        self.invalid_but(requirement, Some(got))
    }

    /// The same, where the message shows nothing of the value.
    #[must_use]
    pub fn invalid_without(&self, requirement: &str) -> Diagnostic {
        self.invalid_but(requirement, None)
    }

    fn invalid_but(&self, requirement: &str, got: Option<&str>) -> Diagnostic {
        let requirement = if self.warning { advice(requirement) } else { requirement.to_owned() };
        let mut detail = format!("{} {requirement}", self.name());
        if let Some(got) = got.filter(|_| !self.sensitive) {
            let _ = write!(detail, ", got: {got}");
        }
        detail.push('.');
        let quality = if self.warning { "Unusual" } else { "Invalid" };
        let what = if self.noun == Noun::Block { "block" } else { "attribute value" };
        self.adjusted(Diagnostic::error(format!("{quality} {what}"), detail)).at(self.path.clone())
    }

    /// The values that a [path expression](PathExpression) leads to, seen from the object that the attribute or block stands
    /// in; for a config validator, from the object that it validates. A text that is no path expression leads to none, and
    /// [`validate_implementation`](crate::validate_implementation()) reports it if the validator has it in its `paths`.
    #[must_use]
    pub fn find(&self, expression: &str) -> Vec<Match<'a>> {
        let Ok(expression) = expression.parse::<PathExpression>() else { return Vec::new() };
        if self.noun == Noun::Object {
            expression.seen_from_object(self.config, self.blocks, self.path)
        } else {
            expression.seen_from_attribute(self.config, self.blocks, self.path)
        }
    }
}

/// A requirement as a description: `must be even` is `Must be even.`
pub(crate) fn sentence(requirement: &str) -> String {
    let mut letters = requirement.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// A description as a requirement: `Must be even.` is `must be even`.
pub(super) fn requirement(description: &str) -> String {
    let text = description.strip_suffix('.').unwrap_or(description);
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string()).unwrap_or_default();
    format!("{first}{}", letters.as_str())
}

/// A requirement as advice: what `must` be only `should` be.
pub(super) fn advice(requirement: &str) -> String {
    let text = requirement.replace(", or must ", ", or should ").replace(", and must ", ", and should ");
    match text.strip_prefix("must ") {
        Some(rest) => format!("should {rest}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{IsRequired, Validator};
    use super::*;
    use crate::diagnostic::Diagnostics;

    #[test]
    fn a_message_names_what_it_is_about() {
        let (root, it) = (AttributePath::root(), AttributePath::of("it"));
        for (path, noun, expected) in [
            (&it, Noun::Attribute, "Attribute it"),
            (&it, Noun::Block, "Block it"),
            (&it, Noun::Object, "Object it"),
            (&root, Noun::Object, "The configuration"),
            (&it, Noun::Key, "A key of attribute it"),
        ] {
            let request = ValidateRequest::new(path, &Value::Null, &Value::Null).with_blocks(BlockNames::NONE, noun);
            assert_eq!(request.name(), expected);
            let summary = if noun == Noun::Block { "Invalid block" } else { "Invalid attribute value" };
            assert_eq!(request.invalid("must be odd").summary, summary);
            let mut missing = Diagnostics::new();
            IsRequired.validate(&request, &mut missing);
            let what = if noun == Noun::Block { "block" } else { "argument" };
            let missing = missing.into_iter().map(|one| one.summary).collect::<Vec<_>>();
            assert_eq!(missing, [format!("Missing required {what}")]);
        }
    }

    #[test]
    fn a_message_shows_a_short_value() {
        let it = AttributePath::of("it");
        for (value, got) in [
            (true.into(), ", got: true"),
            (1.into(), ", got: 1"),
            ("a".into(), ", got: \"a\""),
            ("".into(), ""),
            (Value::List(Vec::new()), ""),
        ] {
            let request = ValidateRequest::new(&it, &value, &Value::Null);
            assert_eq!(request.invalid("must be odd").detail, format!("Attribute it must be odd{got}."));
            assert_eq!(request.sensitive().invalid("must be odd").detail, "Attribute it must be odd.");
        }
    }

    #[test]
    fn keys_are_named_as_far_as_they_are_no_secret() {
        let path = AttributePath::of("a").key("k").attribute("b").key("secret");
        let request = ValidateRequest::new(&path, &Value::Null, &Value::Null);
        assert_eq!(request.place(), "a[\"k\"].b[\"secret\"]");
        assert_eq!(request.with_secrets(true, 3).place(), "a[\"k\"].b[key]");
        assert_eq!(request.with_secrets(true, 0).place(), "a[key].b[key]");
    }

    #[test]
    fn a_block_that_is_not_written_is_found_as_null() {
        let config = Value::object([("it", "a".into()), ("disk", Value::List(Vec::new()))]);
        let blocks = BlockNames::from_iter([("disk".to_owned(), BlockNames::default())]);
        let it = AttributePath::of("it");
        let request = ValidateRequest::new(&it, &Value::Null, &config);
        assert_eq!(request.find("disk")[0].value, &Value::List(Vec::new()));
        assert_eq!(request.with_blocks(&blocks, Noun::Attribute).find("disk")[0].value, &Value::Null);
    }
}
