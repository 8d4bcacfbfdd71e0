//! When to send a request again, and how long to wait before.

use std::time::{Duration, SystemTime};

use crate::error::{Error, ErrorKind};

const FIRST_BACKOFF: Duration = Duration::from_millis(500);
const MAX_BACKOFF: Duration = Duration::from_secs(30);
/// No wait that the API asks for is longer than this.
pub(crate) const MAX_RETRY_AFTER: Duration = Duration::from_mins(1);

/// Whether a request may be sent twice without harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// It says what shall be: twice is the same as once.
    Harmless,
    /// It makes something: twice makes two, unless the first was certainly not accepted.
    MakesAnother,
}

impl Repeat {
    /// Whether a request that failed so may be sent again.
    pub fn allows(self, kind: ErrorKind) -> bool {
        match self {
            Self::Harmless => kind.may_pass(),
            Self::MakesAnother => matches!(kind, ErrorKind::RateLimited | ErrorKind::Connect),
        }
    }

    /// Whether a request that failed so may still have had its effect. A redirect is how some servers answer a create
    /// that succeeded; other unexpected statuses are refusals.
    pub fn leaves_ambiguous(self, error: &Error) -> bool {
        use ErrorKind::{InvalidResponse, Server, Timeout, Transport};
        let redirected = error.status().is_some_and(|status| (300..400).contains(&status));
        let unanswered = matches!(error.kind(), Server | Timeout | Transport | InvalidResponse);
        self == Self::MakesAnother && (unanswered || redirected)
    }
}

/// The wait before try `attempt` (the first retry is 0): exponential, capped, with full jitter. `jitter` is from 0 to 1.
pub(crate) fn backoff(attempt: u32, jitter: f64) -> Duration {
    let ceiling = FIRST_BACKOFF.saturating_mul(2_u32.saturating_pow(attempt)).min(MAX_BACKOFF);
    ceiling.mul_f64(jitter.clamp(0.0, 1.0))
}

/// The wait after a 429 that does not say how long. Half of it is certain: a jitter near 0 would be a storm.
pub(crate) fn unstated_wait(attempt: u32, jitter: f64) -> Duration {
    backoff(attempt, 0.5 + jitter / 2.0)
}

/// The wait that a `Retry-After` header asks for, in seconds or as a date; none when it says nothing that can be read.
pub(crate) fn retry_after(header: &str, now: SystemTime) -> Option<Duration> {
    let header = header.trim();
    let wait = match header.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => httpdate::parse_http_date(header).ok()?.duration_since(now).unwrap_or_default(),
    };
    Some(wait.min(MAX_RETRY_AFTER))
}

/// The wait before the next poll of an asynchronous request: what the header asks for, but at least 1 s, also when it is
/// malformed; 2 s without one. The official client does the same.
pub(crate) fn poll_interval(header: Option<&str>, now: SystemTime) -> Duration {
    const LEAST: Duration = Duration::from_secs(1);
    header.map_or(Duration::from_secs(2), |header| retry_after(header, now).unwrap_or(LEAST).max(LEAST))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    #[test]
    fn retry_after_comes_in_seconds_and_as_a_date() {
        assert_eq!(retry_after(" 7 ", NOW), Some(Duration::from_secs(7)));
        assert_eq!(retry_after("Thu, 01 Jan 1970 00:00:09 GMT", NOW), Some(Duration::from_secs(9)));
        let later = NOW + Duration::from_secs(20);
        assert_eq!(retry_after("Thu, 01 Jan 1970 00:00:09 GMT", later), Some(Duration::ZERO));
        assert_eq!(retry_after("86400", NOW), Some(MAX_RETRY_AFTER));
        for malformed in ["", "soon", "-3", "1.5"] {
            assert_eq!(retry_after(malformed, NOW), None, "{malformed}");
        }
    }

    #[test]
    fn polls_wait_at_least_a_second() {
        assert_eq!(poll_interval(None, NOW), Duration::from_secs(2));
        for short in ["0", "soon"] {
            assert_eq!(poll_interval(Some(short), NOW), Duration::from_secs(1));
        }
        assert_eq!(poll_interval(Some("600"), NOW), MAX_RETRY_AFTER);
    }

    #[test]
    fn a_create_is_repeated_only_when_it_was_certainly_not_accepted() {
        for kind in ErrorKind::ALL {
            let safe = matches!(kind, ErrorKind::RateLimited | ErrorKind::Connect);
            assert_eq!(Repeat::MakesAnother.allows(kind), safe, "{kind:?}");
            assert!(!(safe && Repeat::MakesAnother.leaves_ambiguous(&Error::new(kind, "POST /"))), "{kind:?}");
        }
    }

    #[test]
    fn no_status_but_429_lets_a_create_be_sent_again() {
        for status in 100..=599 {
            let error = Error::new(ErrorKind::of_status(status), "POST /").status_code(status);
            assert_eq!(Repeat::MakesAnother.allows(error.kind()), status == 429, "{status}");
            let unclear = status == 408 || (300..400).contains(&status) || status >= 500;
            assert_eq!(Repeat::MakesAnother.leaves_ambiguous(&error), unclear, "{status}");
        }
    }

    proptest! {
        #[test]
        fn a_backoff_is_never_longer_than_its_cap(attempt: u32, jitter: f64) {
            let jitter = if jitter.is_nan() { 0.5 } else { jitter };
            prop_assert!(backoff(attempt, jitter) <= MAX_BACKOFF);
        }

        #[test]
        fn no_header_breaks_the_pace(header: String) {
            let wait = poll_interval(Some(&header), NOW);
            prop_assert!(wait >= Duration::from_secs(1) && wait <= MAX_RETRY_AFTER);
        }
    }

    #[test]
    fn a_backoff_doubles_up_to_its_cap_and_jitter_scales_it() {
        let millis = |attempt, jitter| backoff(attempt, jitter).as_millis();
        assert_eq!(
            [0, 1, 2, 5, 6, 40].map(|attempt| millis(attempt, 1.0)),
            [500, 1_000, 2_000, 16_000, 30_000, 30_000]
        );
        assert_eq!([0.0, 0.5, 1.0, 7.0, -1.0].map(|jitter| millis(1, jitter)), [0, 500, 1_000, 1_000, 0]);
    }

    #[test]
    fn half_of_an_unstated_wait_is_certain() {
        let millis = |jitter| unstated_wait(1, jitter).as_millis();
        assert_eq!([0.0, 0.5, 1.0].map(millis), [500, 750, 1_000]);
    }

    #[test]
    fn what_may_be_repeated_is_repeated_after_a_failure_that_passes_and_is_never_ambiguous() {
        for kind in ErrorKind::ALL {
            assert_eq!(Repeat::Harmless.allows(kind), kind.may_pass(), "{kind:?}");
            assert!(!Repeat::Harmless.leaves_ambiguous(&Error::new(kind, "GET /").status_code(302)), "{kind:?}");
        }
    }

    #[test]
    fn a_poll_waits_as_long_as_the_header_says() {
        assert_eq!(poll_interval(Some("7"), NOW), Duration::from_secs(7));
    }
}
