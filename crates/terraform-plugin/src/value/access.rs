//! Values by hand: what is in one, and one of what Rust has.

use std::collections::{BTreeMap, HashMap};

use super::path::{AttributePath, Step};
use super::{Entries, Name, Number, Value, ValueError};

impl Value {
    /// The value at a path below this one.
    #[must_use]
    pub fn at(&self, path: &AttributePath) -> Option<&Self> {
        path.steps().iter().try_fold(self, |value, step| match (step, value.actual()) {
            (Step::Attribute(name) | Step::Key(name), Self::Map(entries)) => entries.get(name),
            (Step::Index(index), Self::List(elements)) => elements.get(*index),
            (Step::Element(wanted), Self::Set(elements)) => elements.iter().find(|element| *element == &**wanted),
            _ => None,
        })
    }

    /// The text, if it is one. Like all of these, also of a value of dynamic type.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self.actual() { Some(text) } else { None }
    }

    /// Whether it is true, if it is a bool.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(bool) = self.actual() { Some(*bool) } else { None }
    }

    /// The number, if it is one.
    #[must_use]
    pub fn as_number(&self) -> Option<&Number> {
        if let Self::Number(number) = self.actual() { Some(number) } else { None }
    }

    /// The number, if it is a whole one of 64 bits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number()?.as_i64()
    }

    /// The number, if it is a whole one of 64 bits that is not negative.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        self.as_number()?.as_u64()
    }

    /// The nearest float, if it is a number and not too large for one.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        self.as_number().map(Number::as_f64).filter(|float| float.is_finite())
    }

    /// The elements, if it is a list, a tuple or a set.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Self]> {
        if let Self::List(elements) | Self::Set(elements) = self.actual() { Some(elements) } else { None }
    }

    /// The elements of a list, a set or a map, each with the step to it.
    pub(crate) fn elements(&self) -> Vec<(Step, &Self)> {
        match self.actual() {
            Self::List(elements) => elements.iter().enumerate().map(|(at, one)| (Step::Index(at), one)).collect(),
            Self::Set(elements) => elements.iter().map(|one| (Step::Element(Box::new(one.clone())), one)).collect(),
            Self::Map(entries) => entries.iter().map(|(key, one)| (Step::Key(key.into()), one)).collect(),
            _ => Vec::new(),
        }
    }

    /// The entries of a map or the attributes of an object, if it is one.
    #[must_use]
    pub fn as_map(&self) -> Option<&Entries<Self>> {
        if let Self::Map(entries) = self.actual() { Some(entries) } else { None }
    }
}

macro_rules! from_integer {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Value {
            fn from(number: $integer) -> Self {
                Self::Number(number_of(number))
            }
        }
    )*};
}

from_integer!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);

/// Every number of those types is one of these two.
pub(crate) fn number_of<N: TryInto<i64> + TryInto<u64> + Copy>(number: N) -> Number {
    let signed = TryInto::<i64>::try_into(number).map(Number::from);
    signed.or_else(|_| number.try_into().map(|number: u64| Number::from(number))).unwrap_or_else(|_| 0_i64.into())
}

impl TryFrom<f64> for Value {
    type Error = ValueError;

    /// Every finite number, as its shortest decimal: 0.1 is one tenth.
    fn try_from(number: f64) -> Result<Self, ValueError> {
        Number::try_from(number).map(Self::Number)
    }
}

/// A list.
impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(elements: Vec<T>) -> Self {
        Self::List(elements.into_iter().map(Into::into).collect())
    }
}

/// A list.
impl<T: Into<Value>, const N: usize> From<[T; N]> for Value {
    fn from(elements: [T; N]) -> Self {
        Self::List(elements.into_iter().map(Into::into).collect())
    }
}

/// Null if there is nothing.
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<K: Into<Name>, T: Into<Value>> From<BTreeMap<K, T>> for Value {
    fn from(entries: BTreeMap<K, T>) -> Self {
        Self::object(entries.into_iter().map(|(key, value)| (key, value.into())))
    }
}

impl<K: Into<Name>, T: Into<Value>, S> From<HashMap<K, T, S>> for Value {
    fn from(entries: HashMap<K, T, S>) -> Self {
        Self::object(entries.into_iter().map(|(key, value)| (key, value.into())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Type;

    #[test]
    fn what_is_in_a_value_comes_out() {
        let dynamic = Value::dynamic(Type::String, "a".into());
        assert_eq!((dynamic.as_str(), Value::from("a").as_str(), Value::Null.as_str()), (Some("a"), Some("a"), None));
        assert_eq!((Value::from(true).as_bool(), Value::from(1).as_bool()), (Some(true), None));
        assert_eq!((Value::from(-7).as_i64(), Value::from(-7).as_u64()), (Some(-7), None));
        assert_eq!(Value::from(u64::MAX).as_u64(), Some(u64::MAX));
        assert_eq!(Value::try_from(1.5).ok().and_then(|half| half.as_f64()), Some(1.5));
        assert_eq!(Value::Number("1e400".parse().expect("it is a number")).as_f64(), None);
        assert_eq!(Value::set(["a".into()]).as_list(), Some(&["a".into()][..]));
        assert_eq!(Value::object([("a", 1.into())]).as_map().map(Entries::len), Some(1));
        assert!(Value::unknown().as_number().is_none() && Value::from(1).as_list().is_none());
    }

    #[test]
    fn what_rust_has_becomes_a_value() {
        assert_eq!((Value::from(7_u8), Value::from(7_usize), Value::from(7_i64)), (7.into(), 7.into(), 7.into()));
        assert_eq!(Value::from(vec!["a", "b"]), Value::List(vec!["a".into(), "b".into()]));
        assert_eq!(Value::from([Some(1), None]), Value::List(vec![1.into(), Value::Null]));
        let map = Value::object([("a", true.into())]);
        assert_eq!(Value::from(BTreeMap::from([("a", true)])), map);
        assert_eq!(Value::from(HashMap::from([("a".to_owned(), true)])), map);
        assert!(Value::try_from(f64::NAN).is_err());
    }

    #[test]
    fn a_path_leads_to_a_value() {
        let value = Value::object([("a", Value::List(vec![Value::object([("b", Value::from(7))])]))]);
        let path = AttributePath::of("a").index(0).attribute("b");
        assert_eq!(value.at(&path), Some(&Value::from(7)));
        assert_eq!(value.at(&AttributePath::of("a").index(1)), None);
        let set = Value::set(["x".into(), "y".into()]);
        let element = |text: &str| AttributePath::root().element(text.into());
        assert_eq!((set.at(&element("y")), set.at(&element("z"))), (Some(&"y".into()), None));
    }

    #[test]
    fn each_element_has_the_step_to_it() {
        let [a, b] = [Value::from("a"), Value::from("b")];
        let element = |one: &Value| Step::Element(Box::new(one.clone()));
        let list = Value::dynamic(Type::List(Box::new(Type::String)), Value::List(vec![a.clone(), b.clone()]));
        assert_eq!(list.elements(), [(Step::Index(0), &a), (Step::Index(1), &b)]);
        let set = Value::set([a.clone(), b.clone()]);
        assert_eq!(set.elements(), [(element(&a), &a), (element(&b), &b)]);
        let map = Value::object([("k", a.clone()), ("l", b.clone())]);
        assert_eq!(map.elements(), [(Step::Key("k".to_owned()), &a), (Step::Key("l".to_owned()), &b)]);
        assert_eq!((a.elements(), Value::Null.elements()), (vec![], vec![]));
    }
}
