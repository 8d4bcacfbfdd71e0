//! Values as Terraform has them: every type of the language, null and unknown.

mod access;
mod entries;
mod error;
mod fit;
mod json;
mod msgpack;
mod number;
pub mod path;
mod plain;
mod refinements;
mod ty;

use std::borrow::Cow;
use std::cmp::Ordering;

use unicode_normalization::{UnicodeNormalization, is_nfc};

pub(crate) use access::number_of;
pub use entries::{Entries, Name};
pub use error::ValueError;
pub(crate) use fit::{Misfit, MisfitKind};
pub use number::Number;
pub use refinements::Refinements;
pub use ty::Type;

/// Values and types may be nested this deeply. Terraform's own configurations stay far below; without a limit, a few
/// bytes from outside could overflow the stack.
const MAX_DEPTH: usize = 128;

/// A value of any type, as it stands in a configuration, a plan or a state.
///
/// A value does not carry its type: lists and tuples are both [`Value::List`], maps and objects both
/// [`Value::Map`]. The schema knows the type, and so every conversion asks for it.
///
/// `Debug` shows everything, also what is sensitive: it is for tests, never for logs.
#[derive(Clone, Debug)]
pub enum Value {
    /// No value: the attribute is absent, or was set to `null`.
    Null,
    /// A value that is known only after apply, and what is known of it already. Apart, as it would make every value
    /// three times as large.
    Unknown(Option<Box<Refinements>>),
    /// `true` or `false`.
    Bool(bool),
    /// A number of any size and precision.
    Number(Number),
    /// Text, in Unicode normal form C.
    String(String),
    /// The elements of a list or a tuple, in order.
    List(Vec<Value>),
    /// The elements of a set: no duplicates, and no order that means anything.
    Set(Vec<Value>),
    /// The elements of a map, or the attributes of an object.
    Map(Entries<Value>),
    /// A value of an attribute of dynamic type, with the type that it turned out to have.
    Dynamic(Box<Type>, Box<Value>),
}

impl Value {
    /// A value of which nothing is known.
    #[must_use]
    pub fn unknown() -> Self {
        Self::Unknown(None)
    }

    /// An unknown value of which something is known.
    #[must_use]
    pub fn refined(known: Refinements) -> Self {
        Self::Unknown((!known.is_empty()).then(|| Box::new(known)))
    }

    /// A value of an attribute of dynamic type.
    #[must_use]
    pub fn dynamic(ty: Type, value: Value) -> Self {
        Self::Dynamic(Box::new(ty), Box::new(value))
    }

    /// An object or a map.
    #[must_use]
    pub fn object<N: Into<Name>>(attributes: impl IntoIterator<Item = (N, Value)>) -> Self {
        Self::Map(attributes.into_iter().collect())
    }

    /// A set: elements that stand there twice are taken once. Unknown ones all stay, as they may turn out to differ.
    #[must_use]
    pub fn set(elements: impl IntoIterator<Item = Value>) -> Self {
        let mut elements: Vec<_> = elements.into_iter().collect();
        elements.sort();
        elements.dedup_by(|later, former| later == former && former.is_wholly_known());
        Self::Set(elements)
    }

    /// Whether this is null, also one of dynamic type.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.actual(), Self::Null)
    }

    /// Whether this is unknown as a whole, also one of dynamic type.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self.actual(), Self::Unknown(_))
    }

    /// The value itself, where it is one of dynamic type.
    fn actual(&self) -> &Self {
        match self {
            Self::Dynamic(_, value) => value.actual(),
            other => other,
        }
    }

    /// The value as a model sees it: a null or unknown one of dynamic type is null or unknown, whatever its type.
    pub(crate) fn plain(self) -> Self {
        match self {
            Self::Dynamic(_, inner) if inner.is_null() || inner.is_unknown() => inner.plain(),
            Self::List(elements) => Self::List(elements.into_iter().map(Self::plain).collect()),
            Self::Set(elements) => Self::Set(elements.into_iter().map(Self::plain).collect()),
            Self::Map(entries) => Self::Map(entries.map(|_, value| value.plain())),
            other => other,
        }
    }

    /// Whether neither this nor anything inside is unknown.
    #[must_use]
    pub fn is_wholly_known(&self) -> bool {
        match self {
            Self::Unknown(_) => false,
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) => true,
            Self::List(elements) | Self::Set(elements) => elements.iter().all(Self::is_wholly_known),
            Self::Map(entries) => entries.values().all(Self::is_wholly_known),
            Self::Dynamic(_, value) => value.is_wholly_known(),
        }
    }

    /// An attribute of an object, or an element of a map.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self.actual() {
            Self::Map(entries) => entries.get(name),
            _ => None,
        }
    }

    /// What kind of value this is, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Unknown(_) => "an unknown value",
            Self::Bool(_) => "a bool",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::List(_) => "a list",
            Self::Set(_) => "a set",
            Self::Map(_) => "an object or a map",
            Self::Dynamic(..) => "a dynamic value",
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Unknown(_) => 1,
            Self::Bool(_) => 2,
            Self::Number(_) => 3,
            Self::String(_) => 4,
            Self::List(_) => 5,
            Self::Set(_) => 6,
            Self::Map(_) => 7,
            Self::Dynamic(..) => 8,
        }
    }
}

/// An order that means nothing to Terraform; it exists to find duplicates, and to compare sets without theirs.
impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Unknown(a), Self::Unknown(b)) => a.cmp(b),
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => a.cmp(b),
            (Self::String(a), Self::String(b)) => a.cmp(b),
            (Self::List(a), Self::List(b)) => a.cmp(b),
            (Self::Set(a), Self::Set(b)) => sorted(a).cmp(&sorted(b)),
            (Self::Map(a), Self::Map(b)) => a.cmp(b),
            (Self::Dynamic(a_type, a), Self::Dynamic(b_type, b)) => (a_type, a).cmp(&(b_type, b)),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

/// A text in normal form C, the only one in which Terraform compares texts.
fn normal(text: &str) -> Cow<'_, str> {
    if is_normal(text) { text.into() } else { text.nfc().collect() }
}

/// Most texts are ASCII, and that is seen many bytes at a time.
fn is_normal(text: &str) -> bool {
    text.is_ascii() || is_nfc(text)
}

fn sorted(elements: &[Value]) -> Vec<&Value> {
    let mut elements: Vec<_> = elements.iter().collect();
    elements.sort();
    elements
}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Value {}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(normal(text).into_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(if is_normal(&text) { text } else { text.nfc().collect() })
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

#[cfg(test)]
mod tests {
    use super::path::AttributePath;
    use super::*;

    #[test]
    fn sets_are_equal_in_any_order() {
        let [a, b] = [Value::from("a"), Value::from("b")];
        assert_eq!(Value::Set(vec![a.clone(), b.clone()]), Value::Set(vec![b.clone(), a.clone()]));
        assert_ne!(Value::List(vec![a.clone(), b.clone()]), Value::List(vec![b.clone(), a.clone()]));
        assert_eq!(Value::set([b.clone(), a.clone(), b.clone()]), Value::Set(vec![a, b]));
    }

    #[test]
    fn values_of_a_kind_are_equal_if_their_content_is() {
        let known =
            |prefix: &str| Value::refined(Refinements { prefix: Some(prefix.to_owned()), ..Default::default() });
        let of = |text: &str| {
            [
                known(text),
                text.into(),
                Value::List(vec![text.into()]),
                Value::Set(vec![text.into()]),
                Value::object([("a", text.into())]),
                Value::dynamic(Type::String, text.into()),
            ]
        };
        let others = [(false.into(), true.into()), (1.into(), 2.into())];
        for (one, other) in of("a").into_iter().zip(of("b")).chain(others) {
            assert!(one == one.clone() && one != other && one < other, "{one:?} {other:?}");
        }
    }

    #[test]
    fn a_model_sees_null_and_unknown_without_their_type() {
        let dynamic = |value| Value::dynamic(Type::String, value);
        assert_eq!(dynamic(Value::Null).plain(), Value::Null);
        let value = Value::object([("a", Value::List(vec![dynamic(Value::unknown()), dynamic("x".into())]))]);
        let plain = Value::object([("a", Value::List(vec![Value::unknown(), dynamic("x".into())]))]);
        assert_eq!(value.plain(), plain);
    }

    #[test]
    fn unknown_elements_of_a_set_may_differ() {
        let set = Value::set([Value::unknown(), Value::from("a"), Value::unknown(), Value::from("a")]);
        assert_eq!(set, Value::Set(vec![Value::from("a"), Value::unknown(), Value::unknown()]));
    }

    #[test]
    fn an_element_costs_little_memory() {
        // A byte of msgpack can be an element, so this is by how much a message may grow.
        assert!(size_of::<Value>() <= 32, "{}", size_of::<Value>());
    }

    #[test]
    fn texts_have_one_form() {
        assert_eq!(Value::from("e\u{301}"), Value::from("\u{e9}".to_owned()));
        assert_eq!(Value::from("e\u{301}".to_owned()), Value::from("\u{e9}"));
    }

    #[test]
    fn a_dynamic_value_is_what_is_in_it() {
        let dynamic = |value| Value::dynamic(Type::Map(Box::new(Type::Bool)), value);
        assert!(dynamic(Value::Null).is_null() && dynamic(Value::unknown()).is_unknown());
        let value = Value::object([("a", dynamic(Value::object([("b", true.into())])))]);
        assert_eq!(value.at(&AttributePath::of("a").key("b")), Some(&Value::Bool(true)));
        assert_eq!(value.get("a").and_then(|inner| inner.get("b")), Some(&Value::Bool(true)));
    }

    #[test]
    fn an_unknown_inside_makes_the_whole_not_known() {
        let value = Value::object([("a", Value::List(vec![Value::unknown()]))]);
        assert!(!value.is_unknown() && !value.is_wholly_known());
    }
}
