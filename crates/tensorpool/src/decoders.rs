//! The decoders of what the API sends with a failure, as functions of bytes: what the fuzz targets call, and what a bounded
//! run of the same calls is in the tests below. None may panic, whatever the bytes are.

use std::time::{Duration, SystemTime};

use crate::body;
use crate::retry::{MAX_RETRY_AFTER, poll_interval, retry_after as wait};

/// A `Retry-After` header: no wait is longer than a minute, and no poll sooner than a second.
///
/// # Panics
/// When that does not hold.
pub fn retry_after(bytes: &[u8]) {
    let header = String::from_utf8_lossy(bytes);
    let now = SystemTime::UNIX_EPOCH + Duration::from_hours(500_000);
    assert!(wait(&header, now).is_none_or(|wait| wait <= MAX_RETRY_AFTER));
    let poll = poll_interval(Some(&header), now);
    assert!(poll >= Duration::from_secs(1) && poll <= MAX_RETRY_AFTER);
}

/// The body of a failure, in whichever shape.
pub fn error_body(bytes: &[u8]) {
    _ = body::message(bytes);
    _ = body::field_errors(bytes);
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// Bodies in the shapes that the API has, and pieces that these are made of.
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

    /// One of these texts with a few of its bytes changed, or any bytes.
    fn damaged(texts: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
        let changes = vec((any::<prop::sample::Index>(), any::<u8>()), 0..4);
        let damaged = (prop::sample::select(texts), changes).prop_map(|(text, changes)| {
            let mut bytes = text.as_bytes().to_vec();
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            bytes
        });
        prop_oneof![4 => damaged, 1 => vec(any::<u8>(), 0..100)]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]

        #[test]
        fn headers(bytes in damaged(&HEADERS)) {
            retry_after(&bytes);
        }

        #[test]
        fn bodies(bytes in damaged(&BODIES)) {
            error_body(&bytes);
        }
    }
}
