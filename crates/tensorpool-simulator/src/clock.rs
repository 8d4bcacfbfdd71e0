//! Wall-clock time in milliseconds since 1970. A monotonic clock would not survive a restart.

use std::time::{Duration, SystemTime};

/// Milliseconds since 1970.
pub(crate) type Moment = u64;

/// Returns the current time.
pub(crate) fn now() -> Moment {
    millis(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default())
}

/// Returns a duration in milliseconds.
pub(crate) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Returns a time in ISO 8601.
pub(crate) fn iso(moment: Moment) -> String {
    let timestamp = i64::try_from(moment).ok().and_then(|moment| jiff::Timestamp::from_millisecond(moment).ok());
    timestamp.unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_formatted_in_iso_8601() {
        assert_eq!(iso(1_767_225_600_500), "2026-01-01T00:00:00.5Z");
    }
}
