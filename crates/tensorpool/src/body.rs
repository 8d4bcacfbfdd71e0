//! Reads the API's answers, whose shapes are only partly documented: messages of errors, and fields that go by several
//! names.

use serde_json::Value;

use crate::error::FieldError;
use crate::lenient;
use crate::redact::Redactor;

/// Longer texts are no message for a person.
const MAX_MESSAGE: usize = 500;

/// The body of a failure, without secrets.
pub(crate) enum Failure {
    /// Whatever is JSON.
    Json(Value),
    /// Any other text.
    Text(String),
}

impl Failure {
    /// Reads the body of a failure, which may be anything.
    pub fn read(body: &[u8], redactor: &Redactor) -> Self {
        match lenient::decode(body, redactor) {
            // A text that stands alone is a message, whatever its field would be.
            Ok(Value::String(text)) => Self::Json(Value::String(redactor.clean(&text))),
            Ok(body) => Self::Json(body),
            Err(_) => Self::Text(redactor.clean(&String::from_utf8_lossy(body))),
        }
    }

    /// The message, in whichever of the known shapes. The official client reads `message`, `error` and `external_message`, in
    /// this order; `detail` is what the API's framework writes.
    pub fn message(&self) -> Option<String> {
        let text = match self {
            Self::Json(Value::String(text)) | Self::Text(text) => text.clone(),
            Self::Json(Value::Object(fields)) => {
                let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
                ["message", "error", "external_message", "detail"].into_iter().find_map(text).or_else(|| {
                    let fields = self.field_errors();
                    (!fields.is_empty()).then(|| {
                        let sentences =
                            fields.iter().map(|field| format!("{}: {}", field.location.join("."), field.message));
                        sentences.collect::<Vec<_>>().join("; ")
                    })
                })?
            }
            Self::Json(_) => return None,
        };
        let text = text.trim();
        let for_a_person = !text.is_empty() && !text.starts_with('<');
        for_a_person.then(|| {
            let mut text = text.to_owned();
            if text.len() > MAX_MESSAGE {
                text.truncate(text.floor_char_boundary(MAX_MESSAGE));
                text.push('…');
            }
            text
        })
    }

    /// Whether it is a JSON object, as the API's own errors are.
    pub fn is_object(&self) -> bool {
        matches!(self, Self::Json(Value::Object(_)))
    }

    /// The errors of single fields: the `HTTPValidationError` of the API's OpenAPI document.
    pub fn field_errors(&self) -> Vec<FieldError> {
        let Self::Json(body) = self else { return Vec::new() };
        let Some(items) = body.get("detail").and_then(Value::as_array) else { return Vec::new() };
        let read = |item: &Value| {
            let step = |step: &Value| step.as_str().map_or_else(|| step.to_string(), str::to_owned);
            let location = item.get("loc").and_then(Value::as_array).map(|steps| steps.iter().map(step).collect());
            let message = item.get("msg").and_then(Value::as_str)?.to_owned();
            Some(FieldError { location: location.unwrap_or_default(), message })
        };
        items.iter().filter_map(read).collect()
    }
}

/// The message in a body.
#[cfg(any(test, fuzzing))]
pub(crate) fn message(body: &[u8]) -> Option<String> {
    Failure::read(body, &Redactor::default()).message()
}

/// Whether a body is a JSON object.
#[cfg(test)]
pub(crate) fn is_json(body: &[u8]) -> bool {
    Failure::read(body, &Redactor::default()).is_object()
}

/// The errors of single fields in a body.
#[cfg(any(test, fuzzing))]
pub(crate) fn field_errors(body: &[u8]) -> Vec<FieldError> {
    Failure::read(body, &Redactor::default()).field_errors()
}

/// A field by the first of its names that holds something.
pub(crate) fn field<'a>(object: &'a Value, names: &[&str]) -> Option<&'a Value> {
    names.iter().find_map(|name| object.get(name).filter(|value| !value.is_null()))
}

/// A text by the first of its names.
pub(crate) fn text(object: &Value, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| object.get(name).and_then(Value::as_str)).map(str::to_owned)
}

/// An id by the first of its names: a text, or a whole number. An empty one is none.
pub(crate) fn id(object: &Value, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| object.get(name).and_then(id_of))
}

/// An id that stands alone.
pub(crate) fn id_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}

/// A truth value by the first of its names.
pub(crate) fn flag(object: &Value, names: &[&str]) -> Option<bool> {
    names.iter().find_map(|name| object.get(name).and_then(Value::as_bool))
}

/// A whole number by the first of its names.
pub(crate) fn whole<T: TryFrom<u64>>(object: &Value, names: &[&str]) -> Option<T> {
    names.iter().find_map(|name| object.get(name).and_then(Value::as_u64)).and_then(|number| number.try_into().ok())
}

/// A number by the first of its names. Amounts of money may be written as texts, which keeps their digits.
pub(crate) fn number(object: &Value, names: &[&str]) -> Option<f64> {
    let read = |value: &Value| value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
    names.iter().find_map(|name| object.get(name).and_then(read)).filter(|number| number.is_finite())
}

/// The ids in a list by the first of its names; each is a text, or an object that holds its id by one of `ids`.
pub(crate) fn ids(object: &Value, names: &[&str], ids: &[&str]) -> Vec<String> {
    let read = |item: &Value| id_of(item).or_else(|| id(item, ids));
    field(object, names).and_then(Value::as_array).into_iter().flatten().filter_map(read).collect()
}

/// Whether a status is that of a destroyed object. None is documented; these are what such statuses are usually called.
pub(crate) fn is_deleted(status: &str) -> bool {
    ["DELETED", "DESTROYED", "TERMINATED", "RELEASED"].iter().any(|deleted| status.eq_ignore_ascii_case(deleted))
}

/// The object inside a wrapper, or the body itself where there is none.
pub(crate) fn unwrap<'a>(body: &'a Value, wrappers: &[&str]) -> &'a Value {
    field(body, wrappers).filter(|inner| inner.is_object()).unwrap_or(body)
}

/// The items of a list, bare or inside a wrapper.
pub(crate) fn items<'a>(body: &'a Value, wrappers: &[&str]) -> Option<&'a Vec<Value>> {
    body.as_array().or_else(|| field(body, wrappers).and_then(Value::as_array))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_of_error_has_its_message() {
        for (body, expected) in [
            (r#"{"message": "m", "detail": "d"}"#, Some("m")),
            (
                r#"{"error": "Invalid or missing authentication token"}"#,
                Some("Invalid or missing authentication token"),
            ),
            (r#"{"detail": "Cluster not found"}"#, Some("Cluster not found")),
            (r#"{"external_message": "No capacity"}"#, Some("No capacity")),
            (r#"{"detail": [{"loc": ["body", "k", 0], "msg": "bad", "type": "t"}]}"#, Some("body.k.0: bad")),
            (r#""just text""#, Some("just text")),
            ("plain text", Some("plain text")),
            ("<html>Bad gateway</html>", None),
            ("", None),
            ("[]", None),
            ("{}", None),
        ] {
            assert_eq!(message(body.as_bytes()).as_deref(), expected, "{body}");
        }
    }

    #[test]
    fn numbers_may_be_texts_and_ids_may_be_objects() {
        let object = serde_json::json!({"a": "2.5", "b": 3, "c": "much", "d": -1, "e": ["x", {"id": "y"}, 7, {}]});
        assert_eq!(
            [number(&object, &["a"]), number(&object, &["c", "b"]), number(&object, &["c"])],
            [Some(2.5), Some(3.0), None]
        );
        assert_eq!(
            [whole::<u32>(&object, &["b"]), whole(&object, &["d"]), whole(&object, &["a"])],
            [Some(3), None, None]
        );
        assert_eq!(ids(&object, &["absent", "e"], &["id"]), ["x", "y", "7"]);
        assert_eq!(flag(&object, &["a", "b"]), None);
    }

    #[test]
    fn a_long_message_is_cut() {
        let long = message("é".repeat(1000).as_bytes()).expect("it is a message");
        assert!(long.len() <= MAX_MESSAGE + 4 && long.ends_with('…'));
    }
}
