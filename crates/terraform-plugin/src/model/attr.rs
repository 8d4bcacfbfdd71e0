//! Values that may be absent or not known yet.

use std::collections::{BTreeMap, BTreeSet};

use super::{Model, ModelError, Shape};
use crate::value::Value;

/// The value of an attribute: absent, known only after apply, or known.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attr<T> {
    /// Absent.
    #[default]
    Null,
    /// Known only after apply.
    Unknown,
    /// Known.
    Known(T),
}

impl<T> Attr<T> {
    /// The value, when it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// The value, when it is known.
    pub fn into_known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// Whether the attribute is absent.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether the attribute is known only after apply.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// The attribute, or another value where it is absent or unknown.
    #[must_use]
    pub fn or(self, other: impl Into<Self>) -> Self {
        if matches!(self, Self::Known(_)) { self } else { other.into() }
    }
}

impl Attr<String> {
    /// The text, when it is known.
    ///
    /// ```
    /// let name = terraform_plugin::Attr::from("book");
    /// assert_eq!(name.as_str(), Some("book"));
    /// ```
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        self.known().map(String::as_str)
    }
}

impl Attr<bool> {
    /// Whether it is known to be true.
    ///
    /// ```
    /// use terraform_plugin::Attr;
    ///
    /// assert!(Attr::from(true).is_true());
    /// assert!(![Attr::from(false), Attr::Null, Attr::Unknown].iter().any(Attr::is_true));
    /// ```
    #[must_use]
    pub fn is_true(&self) -> bool {
        self.known() == Some(&true)
    }
}

impl<T> From<T> for Attr<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl<T> From<Option<T>> for Attr<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Known)
    }
}

impl From<&str> for Attr<String> {
    fn from(value: &str) -> Self {
        Self::Known(value.to_owned())
    }
}

impl<T: Model> Model for Attr<T> {
    fn from_value(value: Value) -> Result<Self, ModelError> {
        Ok(match value {
            Value::Null => Self::Null,
            Value::Unknown(_) => Self::Unknown,
            known => Self::Known(T::from_value(known)?),
        })
    }

    fn into_value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Unknown => Value::unknown(),
            Self::Known(value) => value.into_value(),
        }
    }

    fn shape() -> Shape {
        T::shape().or_null().or_unknown()
    }
}

/// A value that is never absent: known, or known only after apply. For elements of collections, where a null means nothing: one
/// in a configuration is the user's error at its place.
///
/// ```
/// use terraform_plugin::{Attr, Given, Model};
///
/// #[derive(Clone, Model)]
/// struct Note {
///     tags: Attr<Vec<Given<String>>>,
/// }
///
/// let note = Note { tags: vec!["a".to_owned()].into() };
/// assert_eq!(note.tags.known_elements().collect::<Vec<_>>(), ["a"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Given<T> {
    /// Known only after apply.
    Unknown,
    /// Known.
    Known(T),
}

impl<T> Given<T> {
    /// The value, when it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown => None,
        }
    }

    /// The value, when it is known.
    pub fn into_known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown => None,
        }
    }

    /// Whether the value is known only after apply.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }
}

impl<T> From<T> for Given<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl From<&str> for Given<String> {
    fn from(value: &str) -> Self {
        Self::Known(value.to_owned())
    }
}

impl<T: Model> Model for Given<T> {
    fn from_value(value: Value) -> Result<Self, ModelError> {
        if value.is_unknown() { Ok(Self::Unknown) } else { T::from_value(value).map(Self::Known) }
    }

    fn into_value(self) -> Value {
        match self {
            Self::Unknown => Value::unknown(),
            Self::Known(value) => value.into_value(),
        }
    }

    fn shape() -> Shape {
        T::shape().or_unknown()
    }
}

/// An element that may not be known: an [`Attr`] or a [`Given`].
pub trait MaybeKnown {
    /// What it is when it is known.
    type Value;

    /// The value, when it is known.
    fn value(&self) -> Option<&Self::Value>;
}

impl<T> MaybeKnown for Attr<T> {
    type Value = T;

    fn value(&self) -> Option<&T> {
        self.known()
    }
}

impl<T> MaybeKnown for Given<T> {
    type Value = T;

    fn value(&self) -> Option<&T> {
        self.known()
    }
}

impl<C> Attr<C> {
    /// The elements of a list or a set that are known; none if the whole is absent or unknown.
    pub fn known_elements<'a, E>(&'a self) -> impl Iterator<Item = &'a E::Value>
    where
        &'a C: IntoIterator<Item = &'a E>,
        E: MaybeKnown + 'a,
    {
        self.known().into_iter().flatten().filter_map(E::value)
    }

    /// The entries of a map that are known; none if the whole is absent or unknown.
    pub fn known_entries<'a, E>(&'a self) -> impl Iterator<Item = (&'a str, &'a E::Value)>
    where
        &'a C: IntoIterator<Item = (&'a String, &'a E)>,
        E: MaybeKnown + 'a,
    {
        self.known().into_iter().flatten().filter_map(|(key, element)| Some((key.as_str(), element.value()?)))
    }
}

impl<A: Into<E>, E> FromIterator<A> for Attr<Vec<E>> {
    fn from_iter<I: IntoIterator<Item = A>>(elements: I) -> Self {
        Self::Known(elements.into_iter().map(Into::into).collect())
    }
}

impl<A: Into<E>, E: Ord> FromIterator<A> for Attr<BTreeSet<E>> {
    fn from_iter<I: IntoIterator<Item = A>>(elements: I) -> Self {
        Self::Known(elements.into_iter().map(Into::into).collect())
    }
}

impl<K: Into<String>, A: Into<E>, E> FromIterator<(K, A)> for Attr<BTreeMap<String, E>> {
    fn from_iter<I: IntoIterator<Item = (K, A)>>(entries: I) -> Self {
        Self::Known(entries.into_iter().map(|(key, element)| (key.into(), element.into())).collect())
    }
}

/// The conversions of collections of values to those of elements.
macro_rules! from_values {
    ($($element:ident),*) => {$(
        impl<T> From<Vec<T>> for Attr<Vec<$element<T>>> {
            fn from(values: Vec<T>) -> Self {
                values.into_iter().collect()
            }
        }

        impl<T: Ord> From<BTreeSet<T>> for Attr<BTreeSet<$element<T>>> {
            fn from(values: BTreeSet<T>) -> Self {
                values.into_iter().collect()
            }
        }

        impl<T> From<BTreeMap<String, T>> for Attr<BTreeMap<String, $element<T>>> {
            fn from(values: BTreeMap<String, T>) -> Self {
                values.into_iter().collect()
            }
        }
    )*};
}

from_values!(Attr, Given);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collections_are_made_of_values_and_say_which_are_known() {
        let tags: Attr<Vec<Attr<String>>> = vec!["a".to_owned(), "b".to_owned()].into();
        assert_eq!(tags, Attr::Known(vec!["a".into(), "b".into()]));
        let tags: Attr<Vec<Given<String>>> = ["a", "b"].into_iter().collect();
        assert_eq!(tags.known_elements().collect::<Vec<_>>(), ["a", "b"]);
        let tags: Attr<BTreeSet<Attr<i64>>> = [2, 1, 2].into_iter().collect();
        assert_eq!(tags.known_elements().collect::<Vec<_>>(), [&1, &2]);
        let labels: Attr<BTreeMap<String, Attr<bool>>> = BTreeMap::from([("a".to_owned(), true)]).into();
        assert_eq!(labels.known_entries().collect::<Vec<_>>(), [("a", &true)]);
        let some = Attr::Known(vec![Attr::Null, Attr::Unknown, Attr::Known(1)]);
        assert_eq!(some.known_elements().collect::<Vec<_>>(), [&1]);
        assert_eq!(Attr::<Vec<Attr<i64>>>::Unknown.known_elements().count(), 0);
    }

    #[test]
    fn what_is_given_is_never_null() {
        let read = |value| Given::<String>::from_value(value).map_err(|error| error.to_string());
        assert_eq!(read(Value::unknown()), Ok(Given::Unknown));
        assert_eq!(read("a".into()), Ok("a".into()));
        assert!(read(Value::Null).is_err_and(|text| text.ends_with("expected a string, found null")));
        assert_eq!((Given::from(1).into_known(), Given::<i64>::Unknown.into_value()), (Some(1), Value::unknown()));
        assert!(Given::<i64>::Unknown.is_unknown() && Given::<i64>::Unknown.known().is_none());
        assert!(!Given::from(1).is_unknown());
    }

    #[test]
    fn an_attribute_has_a_value_when_it_is_known() {
        for (attribute, known, or_two) in
            [(Attr::from(1), Some(1), 1), (Attr::Null, None, 2), (Attr::Unknown, None, 2), (Some(3).into(), Some(3), 3)]
        {
            assert_eq!((attribute.known(), attribute.clone().into_known()), (known.as_ref(), known));
            assert_eq!(attribute.or(2), Attr::Known(or_two));
        }
        assert_eq!(Attr::<i64>::Null.or(Attr::<i64>::Unknown), Attr::Unknown);
        assert_eq!((Attr::from("a").as_str(), Attr::<String>::Unknown.as_str()), (Some("a"), None));
        let [yes, no] = [true, false].map(Attr::from);
        assert_eq!([yes, no, Attr::Null, Attr::Unknown].map(|it| it.is_true()), [true, false, false, false]);
    }
}
