//! The entries of a map and the attributes of an object.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Deref, Index};
use std::sync::Arc;

/// The key of an entry, or the name of an attribute. Cheap to clone: clones share the text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Arc<str>);

impl Name {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, text: &str) -> bool {
        *self.0 == *text
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, text: &&str) -> bool {
        *self.0 == **text
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Name {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&String> for Name {
    fn from(text: &String) -> Self {
        Self(text.as_str().into())
    }
}

impl From<&Name> for Name {
    fn from(name: &Name) -> Self {
        name.clone()
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        (*name.0).into()
    }
}

impl From<&Name> for String {
    fn from(name: &Name) -> Self {
        (*name.0).into()
    }
}

/// What has names: the elements of a map, the attributes of an object, or their types. In the order of the names, each of
/// which it has once.
///
/// The objects of a list all have the same names, so they share them: an attribute takes no more memory than its value.
#[derive(Clone, PartialEq, Eq)]
pub struct Entries<T> {
    names: Arc<Vec<Name>>,
    values: Vec<T>,
}

impl<T> Entries<T> {
    /// No entries.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Entries with these names, which are in order, and a value for each.
    pub(crate) fn of(names: &Arc<Vec<Name>>, values: Vec<T>) -> Self {
        debug_assert_eq!(names.len(), values.len(), "a value has a name");
        Self { names: Arc::clone(names), values }
    }

    /// The names, in order.
    pub(crate) fn names(&self) -> &Arc<Vec<Name>> {
        &self.names
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    fn find(&self, name: &str) -> Result<usize, usize> {
        self.names.binary_search_by(|other| (**other).cmp(name))
    }

    /// Whether there is an entry of this name.
    #[must_use]
    pub fn contains_key(&self, name: &str) -> bool {
        self.find(name).is_ok()
    }

    /// The value of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&T> {
        self.values.get(self.find(name).ok()?)
    }

    /// The value of this name, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut T> {
        let at = self.find(name).ok()?;
        self.values.get_mut(at)
    }

    /// Puts a value in, and returns the one that the name had.
    pub fn insert(&mut self, name: impl Into<Name>, value: T) -> Option<T> {
        let name = name.into();
        match self.find(&name) {
            Ok(at) => Some(std::mem::replace(&mut self.values[at], value)),
            Err(at) => {
                Arc::make_mut(&mut self.names).insert(at, name);
                self.values.insert(at, value);
                None
            }
        }
    }

    /// Takes the value of a name out.
    pub fn remove(&mut self, name: &str) -> Option<T> {
        let at = self.find(name).ok()?;
        Arc::make_mut(&mut self.names).remove(at);
        Some(self.values.remove(at))
    }

    /// The names, in order.
    pub fn keys(&self) -> std::slice::Iter<'_, Name> {
        self.names.iter()
    }

    /// The values, in the order of their names.
    pub fn values(&self) -> std::slice::Iter<'_, T> {
        self.values.iter()
    }

    /// The values, to be changed.
    pub fn values_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.values.iter_mut()
    }

    /// The values themselves, in the order of their names.
    #[must_use]
    pub fn into_values(self) -> std::vec::IntoIter<T> {
        self.values.into_iter()
    }

    /// The names and values, in order.
    pub fn iter(&self) -> Iter<'_, T> {
        self.names.iter().zip(&self.values)
    }

    /// The names and values, these to be changed.
    pub fn iter_mut(&mut self) -> IterMut<'_, T> {
        self.names.iter().zip(&mut self.values)
    }

    /// Another value for each name, made from its value.
    #[must_use]
    pub fn map_ref<U>(&self, mut make: impl FnMut(&Name, &T) -> U) -> Entries<U> {
        let values = self.iter().map(|(name, value)| make(name, value)).collect();
        Entries { names: Arc::clone(&self.names), values }
    }

    /// Like [`map_ref`](Self::map_ref), with the values themselves.
    #[must_use]
    pub fn map<U>(self, mut make: impl FnMut(&Name, T) -> U) -> Entries<U> {
        let values = self.names.iter().zip(self.values).map(|(name, value)| make(name, value)).collect();
        Entries { names: self.names, values }
    }
}

impl<T: Ord> Ord for Entries<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        let names = if Arc::ptr_eq(&self.names, &other.names) { Ordering::Equal } else { self.names.cmp(&other.names) };
        names.then_with(|| self.values.cmp(&other.values))
    }
}

impl<T: Ord> PartialOrd for Entries<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The names and values of [`Entries`].
pub type Iter<'a, T> = std::iter::Zip<std::slice::Iter<'a, Name>, std::slice::Iter<'a, T>>;
/// The names and values of [`Entries`], these to be changed.
pub type IterMut<'a, T> = std::iter::Zip<std::slice::Iter<'a, Name>, std::slice::IterMut<'a, T>>;

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self { names: Arc::default(), values: Vec::new() }
    }
}

impl<T: fmt::Debug> fmt::Debug for Entries<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

/// # Panics
/// When there is no entry of this name.
impl<T> Index<&str> for Entries<T> {
    type Output = T;

    fn index(&self, name: &str) -> &T {
        self.get(name).expect("there is an entry of this name")
    }
}

/// Of two values of a name the later one counts.
impl<N: Into<Name>, T> FromIterator<(N, T)> for Entries<T> {
    fn from_iter<I: IntoIterator<Item = (N, T)>>(entries: I) -> Self {
        let mut entries: Vec<(Name, T)> = entries.into_iter().map(|(name, value)| (name.into(), value)).collect();
        let is_in_order = entries.windows(2).all(|pair| pair[0].0 < pair[1].0);
        if !is_in_order {
            entries.sort_by(|(one, _), (other, _)| one.cmp(other));
            entries.dedup_by(|later, former| {
                let is_same = later.0 == former.0;
                if is_same {
                    std::mem::swap(later, former);
                }
                is_same
            });
        }
        let (names, values) = entries.into_iter().unzip::<_, _, Vec<_>, Vec<_>>();
        Self { names: Arc::new(names), values }
    }
}

impl<N: Into<Name>, T, const COUNT: usize> From<[(N, T); COUNT]> for Entries<T> {
    fn from(entries: [(N, T); COUNT]) -> Self {
        entries.into_iter().collect()
    }
}

impl<N: Into<Name>, T> From<BTreeMap<N, T>> for Entries<T> {
    fn from(entries: BTreeMap<N, T>) -> Self {
        entries.into_iter().collect()
    }
}

impl<N: Into<Name>, T> Extend<(N, T)> for Entries<T> {
    fn extend<I: IntoIterator<Item = (N, T)>>(&mut self, entries: I) {
        let own = std::mem::take(self).into_iter();
        *self = own.chain(entries.into_iter().map(|(name, value)| (name.into(), value))).collect();
    }
}

/// The names and values themselves.
pub struct IntoIter<T> {
    names: Arc<Vec<Name>>,
    values: std::iter::Enumerate<std::vec::IntoIter<T>>,
}

impl<T> Iterator for IntoIter<T> {
    type Item = (Name, T);

    fn next(&mut self) -> Option<(Name, T)> {
        let (at, value) = self.values.next()?;
        Some((self.names.get(at)?.clone(), value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.values.size_hint()
    }
}

impl<T> ExactSizeIterator for IntoIter<T> {}

impl<T> IntoIterator for Entries<T> {
    type Item = (Name, T);
    type IntoIter = IntoIter<T>;

    fn into_iter(self) -> IntoIter<T> {
        IntoIter { names: self.names, values: self.values.into_iter().enumerate() }
    }
}

impl<'a, T> IntoIterator for &'a Entries<T> {
    type Item = (&'a Name, &'a T);
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

impl<'a, T> IntoIterator for &'a mut Entries<T> {
    type Item = (&'a Name, &'a mut T);
    type IntoIter = IterMut<'a, T>;

    fn into_iter(self) -> IterMut<'a, T> {
        self.iter_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(names: &[&str]) -> Entries<usize> {
        names.iter().enumerate().map(|(at, name)| (*name, at)).collect()
    }

    #[test]
    fn entries_are_in_order_and_the_later_of_two_counts() {
        let entries = entries(&["b", "a", "c", "a", "b", "a"]);
        assert_eq!(format!("{entries:?}"), r#"{"a": 5, "b": 4, "c": 2}"#);
        assert_eq!((entries.get("b"), entries.get("x"), entries["c"]), (Some(&4), None, 2));
        assert!(entries.keys().eq(["a", "b", "c"].iter()) && entries.values().eq(&[5, 4, 2]));
    }

    #[test]
    fn what_is_put_in_and_taken_out_leaves_copies_as_they_are() {
        let before = entries(&["a", "c"]);
        let mut after = before.clone();
        assert_eq!(
            (after.insert("b", 7), after.insert("a", 8), after.remove("c"), after.remove("x")),
            (None, Some(0), Some(1), None)
        );
        assert_eq!(format!("{after:?} {before:?}"), r#"{"a": 8, "b": 7} {"a": 0, "c": 1}"#);
        after.extend([("0", 1), ("b", 2)]);
        assert_eq!(format!("{after:?}"), r#"{"0": 1, "a": 8, "b": 2}"#);
    }

    #[test]
    fn entries_of_the_same_names_share_them() {
        let former = entries(&["a", "b"]);
        let later = former.clone().map(|name, value| format!("{name}{value}"));
        assert!(Arc::ptr_eq(former.names(), later.names()));
        assert_eq!(
            later.into_iter().collect::<Vec<_>>(),
            [("a".into(), "a0".to_owned()), ("b".into(), "b1".to_owned())]
        );
    }

    #[test]
    fn a_name_is_its_text_and_no_other() {
        let name = Name::from("a");
        assert_eq!((name.as_ref(), Borrow::<str>::borrow(&name)), ("a", "a"));
        assert!(name == "a" && name != "b" && name == *"a" && name != *"b");
    }

    #[test]
    fn entries_say_which_and_how_many_they_are() {
        let (none, two) = (entries(&[]), Entries::from(std::collections::BTreeMap::from([("a", 0), ("b", 1)])));
        assert_eq!(two, entries(&["a", "b"]));
        assert!(none.is_empty() && !two.is_empty());
        assert_eq!(["a", "b", "c"].map(|name| two.contains_key(name)), [true, true, false]);
        let mut changed = two.clone();
        *changed.get_mut("b").expect("it is there") = 7;
        assert_eq!((changed["b"], two["b"]), (7, 1));
        assert_eq!(changed.get_mut("c"), None);
        let mut taken = two.into_iter();
        assert_eq!([taken.len(), taken.by_ref().take(1).count(), taken.len()], [2, 1, 1]);
    }

    #[test]
    fn the_order_of_entries_is_by_names_and_then_by_values() {
        let sorted = [entries(&["a"]), entries(&["a", "b"]), entries(&["b"]), [("b", 1)].into()];
        for pair in sorted.windows(2) {
            assert!(pair[0] < pair[1] && pair[0] != pair[1]);
        }
        assert_eq!(entries(&["a", "b"]), entries(&["a", "b"]));
    }
}
