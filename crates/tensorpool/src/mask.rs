//! Shows the body of a request or a response without what may be secret or private in it: known secrets, and the values of
//! fields whose names say that they are.

use serde_json::Value;

use crate::redact::Redactor;

const MASK: &str = "***";
/// A longer body is not decoded, only its beginning is shown.
const MAX_DECODED: usize = 64 << 10;
/// The longest text that is shown.
pub(crate) const MAX_SHOWN: usize = 8 << 10;

/// Parts of the names of fields whose values are masked: credentials, and what is about a person.
const SENSITIVE: [&str; 20] = [
    "secret",
    "token",
    "password",
    "passwd",
    "passphrase",
    "credential",
    "private",
    "api_key",
    "apikey",
    "access_key",
    "accesskey",
    "authorization",
    "cookie",
    "session",
    "signature",
    "env",
    "email",
    "full_name",
    "phone",
    "iam_username",
];

/// Whether the value of a field or a header of this name is masked. The switches of notifications have "email" in their names.
pub(crate) fn is_sensitive(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('-', "_");
    !name.starts_with("notify_") && SENSITIVE.iter().any(|part| name.contains(part))
}

/// Returns a body as it may be shown. If it is about credentials, every value in it is masked, whatever the names of its fields.
pub(crate) fn masked(body: &[u8], is_about_credentials: bool, redactor: &Redactor) -> String {
    let decoded = if body.len() <= MAX_DECODED { serde_json::from_slice(body).ok() } else { None };
    let text = match decoded {
        Some(value) => mask_value(value, is_about_credentials, redactor).to_string(),
        None if is_about_credentials && !body.is_empty() => format!("({} bytes, not shown)", body.len()),
        None => mask_text(body, redactor),
    };
    shorten(&text, MAX_SHOWN)
}

/// Returns the beginning of a text, with an ellipsis if there is more. Secrets have to be masked before.
pub(crate) fn shorten(text: &str, bytes: usize) -> String {
    if text.len() <= bytes {
        return text.to_owned();
    }
    format!("{}…", &text[..text.floor_char_boundary(bytes)])
}

fn mask_value(value: Value, is_masked: bool, redactor: &Redactor) -> Value {
    match value {
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .map(|(name, value)| {
                    let is_masked = is_masked || is_sensitive(&name);
                    (redactor.redact(&name), mask_value(value, is_masked, redactor))
                })
                .collect(),
        ),
        Value::Array(items) => items.into_iter().map(|item| mask_value(item, is_masked, redactor)).collect(),
        Value::String(_) | Value::Number(_) if is_masked => Value::from(MASK),
        Value::String(text) => Value::from(redactor.redact(&text)),
        other => other,
    }
}

/// Masks a text that is not JSON, or only its beginning. If it looks like JSON nevertheless, it is shown up to the first name of
/// a field that is sensitive, and up to the first escape sequence, behind which a secret would not be recognized.
fn mask_text(body: &[u8], redactor: &Redactor) -> String {
    let is_cut = body.len() > 2 * MAX_SHOWN;
    let text = String::from_utf8_lossy(&body[..body.len().min(2 * MAX_SHOWN)]);
    let looks_like_json = text.trim_start().starts_with(['{', '[', '"']);
    let end = if looks_like_json { end_of_harmless(&text) } else { text.len() };
    if end < text.len() {
        redactor.redact(&text[..end]) + MASK
    } else if is_cut {
        redactor.redact_beginning(&text) + "…"
    } else {
        redactor.redact(&text)
    }
}

/// Returns how much of a text contains neither an escape sequence nor the value of a sensitive field.
fn end_of_harmless(text: &str) -> usize {
    let escape = text.find('\\').unwrap_or(text.len());
    let mut at = 0;
    for (index, piece) in text[..escape].split('"').enumerate() {
        at += piece.len() + 1;
        if index % 2 == 1 && is_sensitive(piece) {
            return at.min(escape);
        }
    }
    escape
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn redactor() -> Redactor {
        let redactor = Redactor::default();
        redactor.add("tp-planted/0123456789");
        redactor
    }

    fn show(body: &str) -> String {
        masked(body.as_bytes(), false, &redactor())
    }

    #[test]
    fn values_of_sensitive_fields_and_known_secrets_are_masked() {
        let body = json!({
            "id": "c-1", "size": 2, "on": true, "Secret-Access-Key": "planted", "credentials": {"id": "planted", "n": [7, null]},
            "user": {"email": "planted@example.org", "notify_email_cluster_create": true}, "message": "tp-planted/0123456789",
            "env": {"HF": "planted"}, "key": "ssh-ed25519 AAAA",
        });
        let shown: Value = serde_json::from_str(&show(&body.to_string())).expect("it is JSON");
        let expected = json!({
            "id": "c-1", "size": 2, "on": true, "Secret-Access-Key": "***", "credentials": {"id": "***", "n": ["***", null]},
            "user": {"email": "***", "notify_email_cluster_create": true}, "message": "***",
            "env": {"HF": "***"}, "key": "ssh-ed25519 AAAA",
        });
        assert_eq!(shown, expected);
    }

    #[test]
    fn of_a_body_about_credentials_only_the_structure_is_shown() {
        let show = |body: &str| masked(body.as_bytes(), true, &redactor());
        let shown = show(r#"{"keys": [{"a": "planted", "b": 7, "c": null}], "message": "planted"}"#);
        assert_eq!(shown, r#"{"keys":[{"a":"***","b":"***","c":null}],"message":"***"}"#);
        assert_eq!((show("<planted>"), show("")), ("(9 bytes, not shown)".to_owned(), String::new()));
    }

    #[test]
    fn what_cannot_be_decoded_ends_before_anything_that_may_be_secret() {
        for (body, expected) in [
            ("<html>tp-planted/0123456789</html>", "<html>***</html>"),
            (r#"{"id": "c-1", "secret_access_key": "planted"#, r#"{"id": "c-1", "secret_access_key"***"#),
            (r#"{"id": "c-1", "message": "tp-planted\/0123"#, r#"{"id": "c-1", "message": "tp-planted***"#),
            (r#"{"id": "c-1""#, r#"{"id": "c-1""#),
            ("", ""),
        ] {
            assert_eq!(show(body), expected);
        }
    }

    #[test]
    fn what_is_shown_is_bounded_and_no_secret_is_cut_in_two() {
        for filler in ["a", "é", "\u{1b}"] {
            for length in 0..24 {
                let body = format!("{}tp-planted/0123456789", filler.repeat(2 * MAX_SHOWN / filler.len() - length));
                let shown = show(&body.repeat(8));
                assert!(shown.len() <= MAX_SHOWN + 8 && !shown.contains("planted"), "{length}");
            }
        }
        let long = json!({"items": vec![json!({"token": "planted", "id": "c-1"}); 2_000]}).to_string();
        assert!(show(&long).len() <= MAX_SHOWN + 8 && !show(&long).contains("planted"));
        let longer = json!({"items": vec![json!({"token": "planted", "id": "c-1"}); 20_000]}).to_string();
        assert!(!show(&longer).contains("planted"));
    }

    #[test]
    fn a_text_of_the_greatest_length_is_masked_to_its_end() {
        let secret = "tp-planted/0123456789";
        let (secrets, rest) = (2 * MAX_SHOWN / secret.len(), 2 * MAX_SHOWN % secret.len());
        let shown = |rest| format!("{}{}", "a".repeat(rest), "***".repeat(secrets));
        assert_eq!(show(&format!("{}{}", "a".repeat(rest), secret.repeat(secrets))), shown(rest));
        let longer = show(&format!("{}{}", "a".repeat(rest + 1), secret.repeat(secrets)));
        assert!(longer.ends_with("*…") && !longer.contains("tp-"), "{longer}");
    }
}
