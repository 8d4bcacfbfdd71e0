//! The body of an error response, in any of the shapes that the API, its framework or a gateway may give it.

use serde_json::Value;

use crate::decode;
use crate::error::FieldError;
use crate::mask::shorten;
use crate::redact::Redactor;

/// The longest message that is shown, in bytes.
const MAX_MESSAGE: usize = 500;

/// The redacted body of an error response.
pub(crate) enum ErrorBody {
    Json(Value),
    /// Anything that is not JSON.
    Text(String),
}

impl ErrorBody {
    /// Decodes a body, or the beginning of one that was cut. It never fails: what is not JSON is text.
    pub fn read(body: &[u8], is_cut: bool, redactor: &Redactor) -> Self {
        match decode::decode(body, redactor) {
            // A bare string has no field name by which the decoder could know that it is displayed.
            Ok(Value::String(text)) => Self::Json(Value::String(redactor.redact(&text))),
            Ok(body) => Self::Json(body),
            Err(_) if is_cut => Self::Text(redactor.redact_beginning(&String::from_utf8_lossy(body))),
            Err(_) => Self::Text(redactor.redact(&String::from_utf8_lossy(body))),
        }
    }

    /// Returns the message in any of the known shapes. The official client reads `message`, `error` and
    /// `external_message`, in this order; `detail` is the field of the API's framework. `None` if there is no text, or the
    /// text is a web page.
    pub fn message(&self) -> Option<String> {
        let text = match self {
            Self::Json(Value::String(text)) | Self::Text(text) => text.clone(),
            Self::Json(Value::Object(fields)) => {
                let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
                let message = ["message", "error", "external_message", "detail"].into_iter().find_map(text);
                message.or_else(|| summarize(&self.field_errors()))?
            }
            Self::Json(_) => return None,
        };
        let text = text.trim();
        let is_readable = !text.is_empty() && !text.starts_with('<');
        is_readable.then(|| shorten(text, MAX_MESSAGE))
    }

    /// Whether the body is a JSON object, like the API's own errors.
    pub fn is_object(&self) -> bool {
        matches!(self, Self::Json(Value::Object(_)))
    }

    /// Returns the errors of single fields: the `HTTPValidationError` of the API's OpenAPI document.
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

fn summarize(fields: &[FieldError]) -> Option<String> {
    let sentences = fields.iter().map(|field| format!("{}: {}", field.location.join("."), field.message));
    (!fields.is_empty()).then(|| sentences.collect::<Vec<_>>().join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(body: &str) -> Option<String> {
        ErrorBody::read(body.as_bytes(), false, &Redactor::default()).message()
    }

    #[test]
    fn the_message_is_read_in_every_known_shape() {
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
            assert_eq!(message(body).as_deref(), expected, "{body}");
        }
    }

    #[test]
    fn a_long_message_is_shortened() {
        let long = message(&"é".repeat(1000)).expect("it is a message");
        assert!(long.len() <= MAX_MESSAGE + 4 && long.ends_with('…'));
        let longest = "a".repeat(MAX_MESSAGE);
        assert_eq!(message(&longest), Some(longest));
    }
}
