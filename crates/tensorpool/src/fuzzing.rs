//! Entry points for fuzzing the decoders of error responses. The fuzz targets call them, and the tests below call them a
//! bounded number of times. None may panic, whatever the bytes are.

use std::time::{Duration, SystemTime};

use crate::error_body::ErrorBody;
use crate::redact::Redactor;
use crate::retry::{MAX_RETRY_AFTER, MIN_POLL, poll_interval, retry_after as parse};

/// Parses a `Retry-After` header.
///
/// # Panics
/// Panics if the wait is longer than a minute, or the interval between two polls is shorter than a second.
pub fn retry_after(bytes: &[u8]) {
    let header = String::from_utf8_lossy(bytes);
    let now = SystemTime::UNIX_EPOCH + Duration::from_hours(500_000);
    assert!(parse(&header, now).is_none_or(|wait| wait <= MAX_RETRY_AFTER));
    let interval = poll_interval(Some(&header), now);
    assert!(interval >= MIN_POLL && interval <= MAX_RETRY_AFTER);
}

/// Decodes the body of an error response.
pub fn error_body(bytes: &[u8]) {
    let body = ErrorBody::read(bytes, false, &Redactor::default());
    _ = body.message();
    _ = body.field_errors();
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// Bodies in the shapes that the API uses, and in broken ones.
    const BODIES: [&str; 6] = [
        r#"{"detail": "Not found"}"#,
        r#"{"detail": [{"loc": ["body", "num_nodes", 0], "msg": "too small", "type": "value_error"}]}"#,
        r#"{"message": "no", "error": {"message": "deeper"}}"#,
        r#"{"error": ["a", null, 1e999]}"#,
        "<html><body>502 Bad Gateway</body></html>",
        "[[[[[[[[\"\\ud800\"]]]]]]]]",
    ];

    const HEADERS: [&str; 5] =
        ["7", "-1", "18446744073709551616", "Sun, 06 Nov 1994 08:49:37 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"];

    /// One of these texts with a few of its bytes changed, or arbitrary bytes.
    fn corrupt(texts: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
        let changes = vec((any::<prop::sample::Index>(), any::<u8>()), 0..4);
        let corrupt = (prop::sample::select(texts), changes).prop_map(|(text, changes)| {
            let mut bytes = text.as_bytes().to_vec();
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            bytes
        });
        prop_oneof![4 => corrupt, 1 => vec(any::<u8>(), 0..100)]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]

        #[test]
        fn headers(bytes in corrupt(&HEADERS)) {
            retry_after(&bytes);
        }

        #[test]
        fn bodies(bytes in corrupt(&BODIES)) {
            error_body(&bytes);
        }
    }
}
