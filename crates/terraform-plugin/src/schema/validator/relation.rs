//! Validators that relate an attribute or a block to others.

use super::{CalledFor, ValidateRequest, Validator};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::schema::presence::{COMBINATION, Presence, listed, presence};

/// An attribute or a block that must be written. Terraform itself checks the attributes that are
/// [`required`](crate::schema::Attribute::required), so this is for blocks, and for attributes that have to be written although
/// their schema calls them optional.
///
/// ```
/// use terraform_plugin::schema::{Block, BlockNesting, IsRequired};
///
/// let source = Block::new(BlockNesting::Single, "Where it comes from.").validate(IsRequired);
/// ```
pub struct IsRequired;

impl Validator for IsRequired {
    fn validate(&self, request: &ValidateRequest<'_>, diagnostics: &mut Diagnostics) {
        if request.value.is_null() {
            let what = if request.is_block() { "block" } else { "argument" };
            let detail = format!("{} must be set.", request.name());
            let missing = Diagnostic::error(format!("Missing required {what}"), detail).at(request.path.clone());
            diagnostics.push(request.adjusted(missing));
        }
    }

    fn description(&self) -> Option<String> {
        Some("Must be set.".to_owned())
    }

    fn called_for(&self) -> CalledFor {
        CalledFor::Any
    }
}

/// An attribute or a block with which none of these may be set. They are [path expressions](crate::schema::PathExpression).
///
/// ```
/// use terraform_plugin::schema::{Attribute, ConflictsWith};
///
/// let image = Attribute::string("The image.").optional().validate(ConflictsWith(&["disk[*].image"]));
/// ```
pub struct ConflictsWith(pub &'static [&'static str]);

impl Validator for ConflictsWith {
    fn validate(&self, request: &ValidateRequest<'_>, diagnostics: &mut Diagnostics) {
        let set: Vec<_> =
            self.0.iter().filter(|path| presence(&request.find(path)) == Presence::Set).copied().collect();
        if !set.is_empty() {
            let detail = format!("{} cannot be set together with {}.", request.name(), listed(&set, "and"));
            let conflict = Diagnostic::error(COMBINATION, detail).at(request.path.clone());
            diagnostics.push(request.adjusted(conflict));
        }
    }

    fn description(&self) -> Option<String> {
        Some(format!("Cannot be set together with {}.", listed(self.0, "or")))
    }

    fn called_for(&self) -> CalledFor {
        CalledFor::Set
    }

    fn paths(&self) -> Vec<&str> {
        self.0.to_vec()
    }
}

/// An attribute or a block with which all of these must be set. They are [path expressions](crate::schema::PathExpression).
///
/// ```
/// use terraform_plugin::schema::{AlsoRequires, Attribute};
///
/// let password = Attribute::string("The password.").optional().validate(AlsoRequires(&["user"]));
/// ```
pub struct AlsoRequires(pub &'static [&'static str]);

impl Validator for AlsoRequires {
    fn validate(&self, request: &ValidateRequest<'_>, diagnostics: &mut Diagnostics) {
        let missing: Vec<_> =
            self.0.iter().filter(|path| presence(&request.find(path)) == Presence::Unset).copied().collect();
        if !missing.is_empty() {
            let detail = format!("{} also requires {}.", request.name(), listed(&missing, "and"));
            let incomplete = Diagnostic::error(COMBINATION, detail).at(request.path.clone());
            diagnostics.push(request.adjusted(incomplete));
        }
    }

    fn description(&self) -> Option<String> {
        Some(format!("Also requires {}.", listed(self.0, "and")))
    }

    fn called_for(&self) -> CalledFor {
        CalledFor::Set
    }

    fn paths(&self) -> Vec<&str> {
        self.0.to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::super::ask;
    use super::super::{Not, Warn, testing};
    use super::*;
    use crate::path::AttributePath;
    use crate::value::Value;

    /// What is said of `it`, next to which stands `other`.
    fn said(validator: &dyn Validator, it: Value, other: Value) -> Vec<String> {
        let config = Value::object([("it", it), ("other", other)]);
        let path = AttributePath::of("it");
        let mut diagnostics = Diagnostics::new();
        let request = ValidateRequest::new(&path, config.get("it").expect("it is there"), &config);
        ask(validator, &request, &mut diagnostics);
        diagnostics.into_iter().map(|one| one.detail).collect()
    }

    #[test]
    fn what_is_set_next_to_it_counts() {
        let set = || Value::from("hunter2");
        let conflicts = ConflictsWith(&["other", "none"]);
        let requires = AlsoRequires(&["other"]);
        for (it, other, conflict, lack) in [
            (set(), set(), true, false),
            (set(), Value::Null, false, true),
            (set(), Value::unknown(), false, false),
            (Value::List(vec![Value::unknown()]), set(), true, false),
            (Value::unknown(), set(), false, false),
            (Value::unknown(), Value::Null, false, false),
            (Value::Null, set(), false, false),
            (Value::Null, Value::Null, false, false),
        ] {
            let expected = conflict.then_some("Attribute it cannot be set together with `other`.");
            assert_eq!(said(&conflicts, it.clone(), other.clone()), expected.into_iter().collect::<Vec<_>>());
            let expected = lack.then_some("Attribute it also requires `other`.");
            assert_eq!(said(&requires, it, other), expected.into_iter().collect::<Vec<_>>());
        }
        assert_eq!(conflicts.description().as_deref(), Some("Cannot be set together with `other` or `none`."));
        assert_eq!(requires.description().as_deref(), Some("Also requires `other`."));
        let advice = testing::diagnostics(&Warn(AlsoRequires(&["none"])), set(), false);
        assert!(!advice.is_empty() && !advice.has_errors());
    }

    #[test]
    fn what_is_required_is_missed() {
        assert_eq!(testing::detail(&IsRequired, Value::Null).as_deref(), Some("Attribute it must be set."));
        for there in [Value::unknown(), "".into(), Value::List(Vec::new())] {
            assert_eq!(testing::detail(&IsRequired, there), None);
        }
        assert_eq!(
            testing::detail(&Not(IsRequired), "a".into()).as_deref(),
            Some("Attribute it must not be set, got: \"a\".")
        );
    }
}
