//! What a value is expected to be.

use std::fmt;

use regex::Regex;
use serde_json::Value;

/// What a value of a state, a plan or a query is expected to be: exactly this, for everything that JSON is made of, or what one of
/// the functions of this module says, for example [`matching`].
pub struct Expected(Kind);

type Predicate = Box<dyn Fn(&Value) -> bool>;

enum Kind {
    Exactly(Value),
    Set,
    Absent,
    Matching(Regex),
    Containing(Vec<Value>),
    Elements(Vec<Value>),
    WithMembers(Value),
    OfLength(usize),
    Satisfying(String, Predicate),
}

impl<T: Into<Value>> From<T> for Expected {
    fn from(value: T) -> Self {
        Self(Kind::Exactly(value.into()))
    }
}

/// Anything but null.
#[must_use]
pub fn set() -> Expected {
    Expected(Kind::Set)
}

/// Null, or not there at all.
#[must_use]
pub fn null() -> Expected {
    Expected(Kind::Absent)
}

/// A text that a regular expression matches.
///
/// # Panics
/// If it is none.
#[must_use]
#[track_caller]
pub fn matching(regex: &str) -> Expected {
    Expected(Kind::Matching(
        Regex::new(regex).unwrap_or_else(|error| panic!("{regex:?} is no regular expression: {error}")),
    ))
}

/// A list or a set with at least these elements, in any order, or a text with all of these in it.
#[must_use]
pub fn containing<T: Into<Value>>(elements: impl IntoIterator<Item = T>) -> Expected {
    Expected(Kind::Containing(elements.into_iter().map(Into::into).collect()))
}

/// A list or a set of exactly these elements, in any order.
#[must_use]
pub fn elements<T: Into<Value>>(elements: impl IntoIterator<Item = T>) -> Expected {
    Expected(Kind::Elements(elements.into_iter().map(Into::into).collect()))
}

/// An object with at least these attributes, and those of objects in it likewise.
#[must_use]
pub fn with_members(members: Value) -> Expected {
    Expected(Kind::WithMembers(members))
}

/// A list, a set, a map or a text of so many elements or characters.
#[must_use]
pub fn of_length(length: usize) -> Expected {
    Expected(Kind::OfLength(length))
}

/// What a function says. `what` stands in the message of a failure, after "expected", for example `"a time in the past"`.
#[must_use]
pub fn satisfying(what: impl Into<String>, predicate: impl Fn(&Value) -> bool + 'static) -> Expected {
    Expected(Kind::Satisfying(what.into(), Box::new(predicate)))
}

impl Expected {
    /// Whether a value is as expected. `None` is one that is not there.
    pub(super) fn is_met_by(&self, found: Option<&Value>) -> bool {
        let found = found.unwrap_or(&Value::Null);
        match &self.0 {
            Kind::Exactly(value) => same(value, found),
            Kind::Set => !found.is_null(),
            Kind::Absent => found.is_null(),
            Kind::Matching(regex) => found.as_str().is_some_and(|text| regex.is_match(text)),
            Kind::Containing(parts) => match found {
                Value::Array(elements) => parts.iter().all(|part| elements.iter().any(|one| same(part, one))),
                Value::String(text) => parts.iter().all(|part| part.as_str().is_some_and(|part| text.contains(part))),
                _ => false,
            },
            Kind::Elements(wanted) => found.as_array().is_some_and(|found| same_elements(wanted, found)),
            Kind::WithMembers(members) => has_members(members, found),
            Kind::OfLength(length) => length_of(found) == Some(*length),
            Kind::Satisfying(_, predicate) => predicate(found),
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Exactly(value) => write!(f, "{value}"),
            Kind::Set => f.write_str("anything but null"),
            Kind::Absent => f.write_str("null"),
            Kind::Matching(regex) => write!(f, "a text that matches {:?}", regex.as_str()),
            Kind::Containing(parts) => write!(f, "something that contains {}", Value::from(parts.clone())),
            Kind::Elements(elements) => write!(f, "the elements {} in any order", Value::from(elements.clone())),
            Kind::WithMembers(members) => write!(f, "an object with {members}"),
            Kind::OfLength(length) => write!(f, "something of length {length}"),
            Kind::Satisfying(what, _) => f.write_str(what),
        }
    }
}

/// Whether two values are the same: `1` and `1.0` are one number.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || (a.is_f64() || b.is_f64()) && a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| same(a, b)))
        }
        (a, b) => a == b,
    }
}

fn same_elements(wanted: &[Value], found: &[Value]) -> bool {
    let mut left: Vec<_> = found.iter().collect();
    let mut take = |wanted: &Value| left.iter().position(|one| same(wanted, one)).map(|index| left.remove(index));
    wanted.len() == found.len() && wanted.iter().all(|wanted| take(wanted).is_some())
}

fn has_members(members: &Value, found: &Value) -> bool {
    match (members, found) {
        (Value::Object(members), Value::Object(found)) => {
            members.iter().all(|(name, member)| found.get(name).is_some_and(|found| has_members(member, found)))
        }
        (member, found) => same(member, found),
    }
}

fn length_of(value: &Value) -> Option<usize> {
    match value {
        Value::Array(elements) => Some(elements.len()),
        Value::Object(entries) => Some(entries.len()),
        Value::String(text) => Some(text.chars().count()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_as_expected_or_not() {
        let short = |value: &Value| value.as_str().is_some_and(|text| text.len() < 3);
        for (expected, right, wrong) in [
            (Expected::from("a"), json!("a"), json!("b")),
            (Expected::from(1), json!(1.0), json!(2)),
            (Expected::from(1.5), json!(1.5), json!(2)),
            (
                Expected::from(9_007_199_254_740_993_u64),
                json!(9_007_199_254_740_993_u64),
                json!(9_007_199_254_740_992_u64),
            ),
            (Expected::from(json!({"a": [1, null]})), json!({"a": [1, null]}), json!({"a": [1]})),
            (set(), json!(false), json!(null)),
            (null(), json!(null), json!("")),
            (matching("^c-[0-9]+$"), json!("c-17"), json!("c-")),
            (containing(["a", "b"]), json!(["b", "c", "a"]), json!(["a"])),
            (containing(["ran", "en"]), json!("range end"), json!("range")),
            (elements(["a", "b", "a"]), json!(["a", "a", "b"]), json!(["a", "b", "b"])),
            (with_members(json!({"a": {"b": 1}})), json!({"a": {"b": 1, "c": 2}, "d": 3}), json!({"a": {"c": 2}})),
            (of_length(2), json!({"a": 1, "b": 2}), json!([1])),
            (of_length(1), json!([7]), json!([])),
            (of_length(3), json!("äöü"), json!(3)),
            (satisfying("a short text", short), json!("ab"), json!("abc")),
        ] {
            assert!(expected.is_met_by(Some(&right)), "{right} is {expected}");
            assert!(!expected.is_met_by(Some(&wrong)), "{wrong} is not {expected}");
        }
        assert!(null().is_met_by(None) && !set().is_met_by(None));
    }

    #[test]
    fn an_expectation_reads_as_a_sentence() {
        for (expected, text) in [
            (Expected::from("a"), "\"a\""),
            (set(), "anything but null"),
            (null(), "null"),
            (matching("^a"), "a text that matches \"^a\""),
            (containing([1, 2]), "something that contains [1,2]"),
            (elements(["a"]), "the elements [\"a\"] in any order"),
            (with_members(json!({"a": 1})), "an object with {\"a\":1}"),
            (of_length(2), "something of length 2"),
            (satisfying("a short text", |_| true), "a short text"),
        ] {
            assert_eq!(expected.to_string(), text);
        }
    }
}
