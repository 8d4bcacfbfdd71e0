//! A field of an answer of which absent and null are told apart.

use serde_json::Value;

/// A field of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Field<T> {
    /// The answer does not hold it, so nothing is known.
    #[default]
    Absent,
    /// There is no value, the API says.
    Null,
    /// The value.
    Value(T),
}

impl Field<String> {
    /// Reads a text by the first of its names that the answer holds. An empty text is no value.
    pub(crate) fn read(object: &Value, names: &[&str]) -> Self {
        let mut field = Self::Absent;
        for value in names.iter().filter_map(|name| object.get(name)) {
            match value {
                Value::String(text) if !text.is_empty() => return Self::Value(text.clone()),
                Value::String(_) | Value::Null => field = Self::Null,
                _ => {}
            }
        }
        field
    }
}

impl<T> Field<T> {
    /// What the API shows: `None` if nothing, `Some(None)` if it says that there is no value.
    #[must_use]
    pub fn shown(&self) -> Option<Option<&T>> {
        match self {
            Self::Absent => None,
            Self::Null => Some(None),
            Self::Value(value) => Some(Some(value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn absent_and_null_are_told_apart_and_empty_is_null() {
        let read = |object: &Value| Field::read(object, &["container", "experimental_container"]);
        assert_eq!(read(&json!({})), Field::Absent);
        assert_eq!(read(&json!({"container": 7})), Field::Absent);
        assert_eq!(read(&json!({"container": null})), Field::Null);
        assert_eq!(read(&json!({"container": ""})), Field::Null);
        let second = json!({"container": null, "experimental_container": "image"});
        assert_eq!(read(&second), Field::Value("image".to_owned()));
        assert_eq!(read(&second).shown(), Some(Some(&"image".to_owned())));
    }

    #[test]
    fn what_is_shown_tells_absent_null_and_a_value_apart() {
        assert_eq!(Field::<String>::Absent.shown(), None);
        assert_eq!(Field::<String>::Null.shown(), Some(None));
        assert_eq!(Field::Value(7).shown(), Some(Some(&7)));
    }
}
