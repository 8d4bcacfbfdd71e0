//! How the API spells what was asked for.
//!
//! The API may trim or lower-case a name, give an image its full name or round a size. What it shows right after a write is
//! its spelling of what was asked for. It is kept in private state; the state itself holds the user's value, and only a change
//! of the API's spelling is drift.

use serde_json::{Map, Value};
use terraform_plugin::{Attr, Private};

/// Where spellings are kept in private state.
const KEY: &str = "spelling";

/// The API's spelling of each attribute that it showed right after a write.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spelling(Map<String, Value>);

impl Spelling {
    /// The spellings that a state was saved with.
    #[must_use]
    pub fn load(private: &Private) -> Self {
        Self(private.get(KEY).and_then(Value::as_object).cloned().unwrap_or_default())
    }

    /// Keeps the spellings with a state.
    pub fn store(&self, private: &mut Private) {
        if self.0.is_empty() {
            private.remove(KEY);
        } else {
            private.set(KEY, Value::Object(self.0.clone()));
        }
    }

    /// Notes what the API shows for an attribute right after a write. A value that is spelled as in the state needs no note.
    pub fn record<T: PartialEq + Clone + Into<Value>>(&mut self, attribute: &str, state: &Attr<T>, shown: Option<&T>) {
        match shown {
            Some(shown) if state.known() != Some(shown) => {
                self.0.insert(attribute.to_owned(), shown.clone().into());
            }
            Some(_) => {
                self.0.remove(attribute);
            }
            None => {}
        }
    }

    /// What the API showed for an attribute before a change: its spelling of the state's value.
    #[must_use]
    pub fn shown(&self, attribute: &str, state: &Attr<String>) -> Option<String> {
        let noted = self.0.get(attribute).and_then(Value::as_str).map(str::to_owned);
        noted.or_else(|| state.known().cloned())
    }

    /// The same for a number.
    #[must_use]
    pub fn shown_number(&self, attribute: &str, state: &Attr<i64>) -> Option<i64> {
        self.0.get(attribute).and_then(Value::as_i64).or_else(|| state.known().copied())
    }

    /// The value for the state, after a read. What the API does not return stays as it was.
    #[must_use]
    pub fn reconcile<T: Clone + Into<Value>>(&self, attribute: &str, state: Attr<T>, shown: Option<&T>) -> Attr<T> {
        let Some(shown) = shown else { return state };
        let is_our_spelling = self.0.get(attribute).is_some_and(|spelling| *spelling == shown.clone().into());
        if is_our_spelling && state.known().is_some() { state } else { Attr::Known(shown.clone()) }
    }
}

/// Whether a text that the API shows cannot be its spelling of what was asked for: spellings differ in case, blanks and punctuation,
/// and add or cut something at either end.
#[must_use]
pub fn is_another_text(asked_for: &str, shown: &str) -> bool {
    let plain =
        |text: &str| text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let (asked_for, shown): (String, String) = (plain(asked_for), plain(shown));
    !asked_for.contains(&shown) && !shown.contains(&asked_for)
}

/// Whether an edit has arrived: the API shows the new value, or another one than before, which is its spelling of it. What it
/// does not return cannot be waited for.
#[must_use]
pub fn has_arrived<T: PartialEq>(wanted: Option<&T>, shown: Option<&T>, before: Option<&T>) -> bool {
    match (wanted, shown) {
        (None, _) | (_, None) => true,
        (Some(wanted), Some(shown)) => wanted == shown || before.is_some_and(|before| before != shown),
    }
}

/// Whether a new name has arrived. One that the API spells as the old one arrives without being seen, so what differs from
/// the wanted name in capitals and surrounding blanks alone is the API's spelling of it.
#[must_use]
pub fn name_has_arrived(wanted: Option<&String>, shown: Option<&String>, before: Option<&String>) -> bool {
    let spelled = |name: &String| name.trim().to_lowercase();
    has_arrived(wanted, shown, before) || wanted.map(spelled) == shown.map(spelled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(text: &str) -> Attr<String> {
        text.into()
    }

    #[test]
    fn what_was_shown_before_a_change_is_the_noted_spelling_or_else_the_state() {
        let mut spelling = Spelling::default();
        spelling.record("name", &known("Train "), Some(&"train".to_owned()));
        spelling.record("size_gb", &Attr::from(10), Some(&12));
        assert_eq!(spelling.shown("name", &known("Train ")).as_deref(), Some("train"));
        assert_eq!(spelling.shown("image", &known("u")).as_deref(), Some("u"));
        assert_eq!(spelling.shown("image", &Attr::Null), None);
        assert_eq!(spelling.shown_number("size_gb", &Attr::from(10)), Some(12));
        assert_eq!(spelling.shown_number("num_nodes", &Attr::from(3)), Some(3));
        assert_eq!(spelling.shown_number("num_nodes", &Attr::Null), None);
    }

    #[test]
    fn another_text_is_no_spelling() {
        let table = [
            ("Train ", "train", false),
            ("my data", "my-data", false),
            ("8xH100", "8x H100 SXM", false),
            ("a-very-long-name", "a-very-lo", false),
            ("8xH100", "1xH100", true),
            ("train", "boss", true),
        ];
        for (asked_for, shown, expected) in table {
            assert_eq!(is_another_text(asked_for, shown), expected, "{asked_for:?} {shown:?}");
        }
    }

    #[test]
    fn the_users_value_stays_while_the_api_keeps_its_spelling() {
        let mut spelling = Spelling::default();
        spelling.record("name", &known("Train "), Some(&"train".to_owned()));
        let mut private = Private::default();
        spelling.store(&mut private);
        let spelling = Spelling::load(&private);
        let shown = |text: &str| spelling.reconcile("name", known("Train "), Some(&text.to_owned()));
        assert_eq!(shown("train"), known("Train "));
        assert_eq!(shown("other"), known("other"), "a change of the spelling is drift");
        assert_eq!(spelling.reconcile("name", known("Train "), None), known("Train "));
        assert_eq!(spelling.reconcile("name", Attr::Null, Some(&"train".to_owned())), known("train"));
    }

    #[test]
    fn a_value_that_is_spelled_as_asked_for_leaves_no_note() {
        let mut spelling = Spelling::default();
        spelling.record("name", &known("a"), Some(&"b".to_owned()));
        spelling.record("name", &known("a"), None);
        assert_ne!(spelling, Spelling::default(), "what is not returned changes nothing");
        spelling.record("name", &known("a"), Some(&"a".to_owned()));
        assert_eq!(spelling, Spelling::default());
        let mut private = Private::default();
        spelling.store(&mut private);
        assert!(private.to_bytes().is_empty());
    }

    #[test]
    fn a_name_has_arrived_also_when_the_api_spells_it_as_the_old_one() {
        let table = [
            ("Train", "train", "train", true),
            (" train ", "train", "train", true),
            ("renamed", "train", "train", false),
            ("renamed", "renamed", "train", true),
            ("Renamed", "renamed", "train", true),
        ];
        for (wanted, shown, before, expected) in table {
            let [wanted, shown, before] = [wanted, shown, before].map(str::to_owned);
            assert_eq!(name_has_arrived(Some(&wanted), Some(&shown), Some(&before)), expected, "{wanted:?} {shown:?}");
        }
        assert!(name_has_arrived(None, Some(&"train".to_owned()), None), "it is not changed");
    }

    #[test]
    fn an_edit_has_arrived_when_the_api_shows_it_or_anything_new() {
        let table = [
            (None, Some(1), Some(1), true),
            (Some(2), None, Some(1), true),
            (Some(2), Some(2), Some(1), true),
            (Some(2), Some(3), Some(1), true),
            (Some(2), Some(1), Some(1), false),
            (Some(2), Some(1), None, false),
        ];
        for (wanted, shown, before, expected) in table {
            assert_eq!(has_arrived(wanted.as_ref(), shown.as_ref(), before.as_ref()), expected);
        }
    }
}
