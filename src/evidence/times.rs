//! What the times of a create prove: when its object can no longer be hidden by the lag of reads, and which object of a name
//! it can have created.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::ambiguity::SEARCH_LIMIT;

/// How far the clock of this machine and the API's may be apart.
const CLOCKS_APART: Duration = Duration::from_mins(1);

/// How long reads may still lag behind an object that was created by then, at a time that this machine's clock noted. A time
/// that is not known, or that lies in the future, proves nothing.
#[must_use]
pub fn lag_left(created_by: Option<SystemTime>, now: SystemTime) -> Duration {
    let age = created_by.and_then(|then| now.duration_since(then).ok()).unwrap_or_default();
    SEARCH_LIMIT.saturating_sub(age)
}

/// Whether an object whose create the API received at a time can be the one that a create asked for which began at another,
/// as this machine's clock says. A create is sent at once, and a second time after a search at most.
#[must_use]
pub fn was_asked_for_then(received: Option<SystemTime>, began: Option<SystemTime>) -> bool {
    let (Some(received), Some(began)) = (received, began) else { return false };
    let later = received.duration_since(began).unwrap_or_default();
    let earlier = began.duration_since(received).unwrap_or_default();
    earlier <= CLOCKS_APART && later <= SEARCH_LIMIT + CLOCKS_APART
}

/// A time as the API writes it, to the second: ISO 8601, in UTC if it does not say where. `None` if it is none.
#[must_use]
pub fn moment(text: &str) -> Option<SystemTime> {
    let utc = || TimeZone::UTC.to_timestamp(text.parse::<DateTime>()?);
    let timestamp = text.parse::<Timestamp>().or_else(|_| utc()).ok()?;
    let seconds = u64::try_from(timestamp.as_second()).ok()?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn reads_may_lag_for_a_minute_behind_what_was_created() {
        let table = [(Some(100), 100, 60), (Some(100), 130, 30), (Some(100), 160, 0), (Some(100), 9999, 0)];
        for (created_by, now, left) in table {
            assert_eq!(lag_left(created_by.map(at), at(now)), Duration::from_secs(left), "{created_by:?} {now}");
        }
        assert_eq!(lag_left(None, at(100)), SEARCH_LIMIT);
        assert_eq!(lag_left(Some(at(500)), at(100)), SEARCH_LIMIT, "the clock was set back");
    }

    #[test]
    fn an_object_is_of_a_create_only_if_both_are_of_one_time() {
        let table = [(1000, true), (941, true), (939, false), (1119, true), (1121, false), (9999, false), (0, false)];
        for (received, expected) in table {
            assert_eq!(was_asked_for_then(Some(at(received)), Some(at(1000))), expected, "{received}");
        }
        assert!(!was_asked_for_then(None, Some(at(1000))), "the API does not say");
        assert!(!was_asked_for_then(Some(at(1000)), None), "the entry does not say");
    }

    #[test]
    fn a_time_of_the_api_is_in_utc() {
        let expected = Some(at(1_767_225_600));
        for text in ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00", "2026-01-01 00:00:00", "2026-01-01T01:00:00+01:00"]
        {
            assert_eq!(moment(text), expected, "{text}");
        }
        assert_eq!(moment("2026-01-01T00:00:00.000000"), expected);
        for text in ["", "yesterday", "1767225600"] {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
