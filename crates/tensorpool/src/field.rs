//! A field of a response for which a missing value and null mean different things.

use serde_json::Value;

/// A field of a response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Field<T> {
    /// The response does not contain the field, so its value is unknown.
    #[default]
    Absent,
    /// The API reports that there is no value.
    Null,
    /// The value.
    Value(T),
}

impl Field<String> {
    /// Reads the first of the named fields that is a string. An empty string counts as null.
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
    /// Returns what the API reports: `None` if nothing, `Some(None)` if it reports that there is no value.
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
    fn absent_and_null_are_distinguished_and_empty_is_null() {
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
    fn what_is_reported_distinguishes_absent_null_and_a_value() {
        assert_eq!(Field::<String>::Absent.shown(), None);
        assert_eq!(Field::<String>::Null.shown(), Some(None));
        assert_eq!(Field::Value(7).shown(), Some(Some(&7)));
    }
}
