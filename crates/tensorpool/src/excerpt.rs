//! The beginning of a response that is not JSON, for errors: it shows who responded in place of the API.

use http::HeaderMap;
use http::header::CONTENT_TYPE;

use crate::mask::masked;
use crate::redact::Redactor;

/// How many characters of the body are shown.
const LENGTH: usize = 100;
/// How many characters of the content type are shown.
const TYPE_LENGTH: usize = 60;

/// Returns the content type of a response and the first characters of its body, without secrets. `None` if the body is empty.
pub(crate) fn excerpt(
    headers: &HeaderMap,
    body: &[u8],
    is_about_credentials: bool,
    redactor: &Redactor,
) -> Option<String> {
    let text = masked(body, is_about_credentials, redactor);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        return None;
    }
    let content_type = headers.get(CONTENT_TYPE).map_or_else(
        || "no content type".to_owned(),
        |value| cut(&redactor.redact(&String::from_utf8_lossy(value.as_bytes())), TYPE_LENGTH),
    );
    Some(format!("{content_type}: {}", cut(&text, LENGTH)))
}

fn cut(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn it_has_the_content_type_and_the_first_characters_without_secrets() {
        let redactor = Redactor::default();
        redactor.add("tp-planted");
        let html = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))]);
        let body = format!("<html>\n  <b>tp-planted</b>{}", "é".repeat(200));
        let shown = excerpt(&html, body.as_bytes(), false, &redactor).expect("there is a body");
        assert!(shown.starts_with("text/html; charset=utf-8: <html> <b>***</b>é") && shown.ends_with("é…"), "{shown}");
        assert_eq!(shown.chars().count(), "text/html; charset=utf-8: ".len() + LENGTH + 1);
        assert_eq!(excerpt(&HeaderMap::new(), b"gone", false, &redactor).as_deref(), Some("no content type: gone"));
        assert_eq!(excerpt(&html, b" \n", false, &redactor), None);
    }
}
