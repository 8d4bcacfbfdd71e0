//! Rules that concern several attributes at once.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::AttributePath;
use crate::value::Value;

/// A rule that the top-level attributes of a configuration must keep together: see
/// [`Schema::config_validator`](super::Schema::config_validator). It works for every kind of object, and for the provider block.
pub trait ConfigValidator: Send + Sync + 'static {
    /// Adds an error for every way in which the configuration breaks the rule. Values that are unknown may still turn out
    /// to be null, so they neither break a rule nor fulfil it.
    fn check(&self, config: &Value, diagnostics: &mut Diagnostics);

    /// The attributes that the rule names, to check that the schema has them.
    fn attributes(&self) -> &[&'static str];
}

/// At most one of these may be set.
pub struct Conflicting(pub &'static [&'static str]);

/// Exactly one of these must be set.
pub struct ExactlyOneOf(pub &'static [&'static str]);

/// At least one of these must be set.
pub struct AtLeastOneOf(pub &'static [&'static str]);

/// Either all of these are set, or none.
pub struct RequiredTogether(pub &'static [&'static str]);

/// Which attributes are set, and how many may still turn out to be.
struct Count<'a> {
    set: Vec<&'a str>,
    unset: Vec<&'a str>,
    unknown: usize,
}

impl<'a> Count<'a> {
    fn of(config: &Value, names: &'a [&'static str]) -> Self {
        let mut count = Self { set: Vec::new(), unset: Vec::new(), unknown: 0 };
        for name in names {
            match config.get(name) {
                Some(value) if value.is_unknown() => count.unknown += 1,
                Some(value) if !value.is_null() => count.set.push(name),
                _ => count.unset.push(name),
            }
        }
        count
    }
}

fn broken(at: &str, sentence: String) -> Diagnostic {
    Diagnostic::error("Invalid combination of arguments", sentence).at(AttributePath::of(at))
}

fn listed(names: &[&str]) -> String {
    names.join(", ")
}

fn conflict(names: &[&str], set: &[&str], diagnostics: &mut Diagnostics) {
    if let [_, .., last] = set {
        let sentence = format!("Only one of {} may be set, but {} are.", listed(names), listed(set));
        diagnostics.push(broken(last, sentence));
    }
}

fn lack(names: &[&str], count: &Count<'_>, diagnostics: &mut Diagnostics) {
    if let [first, ..] = names
        && count.set.is_empty()
        && count.unknown == 0
    {
        diagnostics.push(broken(first, format!("One of {} must be set.", listed(names))));
    }
}

impl ConfigValidator for Conflicting {
    fn check(&self, config: &Value, diagnostics: &mut Diagnostics) {
        conflict(self.0, &Count::of(config, self.0).set, diagnostics);
    }

    fn attributes(&self) -> &[&'static str] {
        self.0
    }
}

impl ConfigValidator for ExactlyOneOf {
    fn check(&self, config: &Value, diagnostics: &mut Diagnostics) {
        let count = Count::of(config, self.0);
        conflict(self.0, &count.set, diagnostics);
        lack(self.0, &count, diagnostics);
    }

    fn attributes(&self) -> &[&'static str] {
        self.0
    }
}

impl ConfigValidator for AtLeastOneOf {
    fn check(&self, config: &Value, diagnostics: &mut Diagnostics) {
        lack(self.0, &Count::of(config, self.0), diagnostics);
    }

    fn attributes(&self) -> &[&'static str] {
        self.0
    }
}

impl ConfigValidator for RequiredTogether {
    fn check(&self, config: &Value, diagnostics: &mut Diagnostics) {
        let count = Count::of(config, self.0);
        if let ([set, ..], [_, ..]) = (&*count.set, &*count.unset) {
            let sentence = format!("{} go together, but {} missing.", listed(self.0), are(&count.unset));
            diagnostics.push(broken(set, sentence));
        }
    }

    fn attributes(&self) -> &[&'static str] {
        self.0
    }
}

fn are(names: &[&str]) -> String {
    format!("{} {}", listed(names), if names.len() == 1 { "is" } else { "are" })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &[&str] = &["id", "name"];

    fn broken(rule: &impl ConfigValidator, id: Value, name: Value) -> Option<String> {
        let mut diagnostics = Diagnostics::new();
        rule.check(&Value::object([("id", id), ("name", name)]), &mut diagnostics);
        let first = diagnostics.into_iter().next()?;
        Some(format!("{}: {}", first.path?, first.detail))
    }

    #[test]
    fn each_rule_says_what_is_wrong_and_where() {
        let (set, null) = (|| Value::from("x"), || Value::Null);
        let both = "name: Only one of id, name may be set, but id, name are.";
        assert_eq!(broken(&Conflicting(NAMES), set(), set()).as_deref(), Some(both));
        assert_eq!(broken(&ExactlyOneOf(NAMES), set(), set()).as_deref(), Some(both));
        let none = "id: One of id, name must be set.";
        assert_eq!(broken(&ExactlyOneOf(NAMES), null(), null()).as_deref(), Some(none));
        assert_eq!(broken(&AtLeastOneOf(NAMES), null(), null()).as_deref(), Some(none));
        let half = "name: id, name go together, but id is missing.";
        assert_eq!(broken(&RequiredTogether(NAMES), null(), set()).as_deref(), Some(half));
    }

    #[test]
    fn what_is_unknown_neither_breaks_nor_fulfils() {
        for other in [Value::Null, Value::unknown(), Value::from("x")] {
            assert_eq!(broken(&Conflicting(NAMES), Value::unknown(), other.clone()), None);
            assert_eq!(broken(&ExactlyOneOf(NAMES), Value::unknown(), other.clone()), None);
            assert_eq!(broken(&AtLeastOneOf(NAMES), Value::unknown(), other.clone()), None);
            assert_eq!(broken(&RequiredTogether(NAMES), Value::unknown(), other), None);
        }
    }
}
