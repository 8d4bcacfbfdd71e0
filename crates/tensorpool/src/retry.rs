//! Which failed requests are sent again, and how long the client waits before it does.
//!
//! A request may wait at three places: for the [`pacer`](crate::pacer), which slows all requests down to what the API accepts; here,
//! after a failure of its own; and between two checks of a [`wait`](mod@crate::wait), which has a [`Tolerance`](crate::Tolerance) of
//! its own. The poll of an asynchronous request is sent without retries, as the wait repeats it anyway.
//!
//! # What is transient
//!
//! A failure is transient if the same request may succeed a little later ([`ErrorKind::is_transient`]): 429, 5xx, 408 and
//! the client's own timeout, no connection, a connection that broke, and a response that cannot be decoded, which is what
//! a gateway in front of the API produces. Every other status is the API's decision and is returned at once.
//!
//! An idempotent request is sent again after every transient failure. A request that has another effect each time it is
//! accepted ([`Idempotency::NotIdempotent`]) is sent again only if it was certainly not accepted: after a 429, or when no
//! connection was established. After the other transient failures, and after a redirect, its outcome is ambiguous, which
//! the caller learns from [`Error::is_ambiguous`].
//!
//! # What can be configured
//!
//! | Setting | Default | What it limits |
//! |---|---|---|
//! | [`Config::max_retries`](crate::Config::max_retries) | 4 | the retries of one request |
//! | [`Config::request_timeout`](crate::Config::request_timeout) | 30 s | one HTTP request, without its retries |
//! | [`Config::jitter`](crate::Config::jitter) | random | nothing: tests make the waits predictable with it |
//! | [`Scope`](crate::Scope) | | everything in an operation together: a wait that would end after its deadline is not started |
//!
//! The constants below cannot be configured.
//!
//! # The constants
//!
//! | Constant | Value | Why |
//! |---|---|---|
//! | [`FIRST_BACKOFF`] | 500 ms | Long enough for a restarted connection or process, short enough not to be noticed. It doubles with each retry. |
//! | [`MAX_BACKOFF`] | 30 s | Reached after seven failures in a row, in practice only by polls and repeated 429s. The end of an outage is noticed within half a minute. |
//! | [`MAX_RETRY_AFTER`] | 1 min | A longer `Retry-After` would let one wrong header use up the timeout of a whole operation. |
//! | [`RATE_LIMITS_PER_RETRY`] | 4 | A 429 says "later", not that something is wrong, so it uses up a quarter of a retry. |
//! | [`MIN_POLL`] | 1 s | The official client never polls a request more often, whatever the header says. |
//! | [`DEFAULT_POLL`] | 2 s | The interval of the official client when there is no header. |

use std::time::{Duration, SystemTime};

use crate::error::{Error, ErrorKind};

const FIRST_BACKOFF: Duration = Duration::from_millis(500);
const MAX_BACKOFF: Duration = Duration::from_secs(30);
pub(crate) const MAX_RETRY_AFTER: Duration = Duration::from_mins(1);
const RATE_LIMITS_PER_RETRY: u32 = 4;
pub(crate) const MIN_POLL: Duration = Duration::from_secs(1);
const DEFAULT_POLL: Duration = Duration::from_secs(2);

/// Whether sending a request twice has the same effect as sending it once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Idempotency {
    /// It describes the result, so a second one changes nothing.
    Idempotent,
    /// It has another effect each time it is accepted, for example a create.
    NotIdempotent,
}

impl Idempotency {
    /// Whether a request that failed in this way may be sent again.
    pub fn allows_retry(self, kind: ErrorKind) -> bool {
        match self {
            Self::Idempotent => kind.is_transient(),
            Self::NotIdempotent => matches!(kind, ErrorKind::RateLimited | ErrorKind::Connect),
        }
    }

    /// Whether a request that failed in this way may have been accepted all the same. Some servers redirect after a create
    /// that succeeded; other unexpected statuses are rejections.
    pub fn is_ambiguous_after(self, error: &Error) -> bool {
        use ErrorKind::{InvalidResponse, Server, Timeout, Transport};
        let is_redirect = error.status().is_some_and(|status| (300..400).contains(&status));
        let is_inconclusive = matches!(error.kind(), Server | Timeout | Transport | InvalidResponse);
        self == Self::NotIdempotent && (is_inconclusive || is_redirect)
    }
}

/// The retries of one request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RetryBudget {
    max_retries: u32,
    failures: u32,
    rate_limits: u32,
}

/// How long to wait after a failure, and which requests wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wait {
    /// All requests of the client: the API limits the account, not one request.
    AllRequests(Duration),
    /// The request that failed.
    ThisRequest(Duration),
}

impl RetryBudget {
    pub fn new(max_retries: u32) -> Self {
        Self { max_retries, failures: 0, rate_limits: 0 }
    }

    /// Counts a failure and returns the wait that follows it. The `Retry-After` of the API counts more than the backoff.
    pub fn spend(&mut self, error: &Error, jitter: f64) -> Wait {
        if error.kind() == ErrorKind::RateLimited {
            let wait = error.retry_after().unwrap_or_else(|| rate_limit_backoff(self.rate_limits, jitter));
            self.rate_limits += 1;
            return Wait::AllRequests(wait);
        }
        let wait = error.retry_after().unwrap_or_else(|| backoff(self.failures, jitter));
        self.failures += 1;
        Wait::ThisRequest(wait)
    }

    /// Whether there is no retry left.
    pub fn is_exhausted(&self) -> bool {
        self.failures > self.max_retries || self.rate_limits > self.max_retries.saturating_mul(RATE_LIMITS_PER_RETRY)
    }
}

/// Returns the wait before retry `attempt`, counted from 0: exponential, capped, with full jitter. `jitter` is between 0
/// and 1.
pub(crate) fn backoff(attempt: u32, jitter: f64) -> Duration {
    let ceiling = FIRST_BACKOFF.saturating_mul(2_u32.saturating_pow(attempt)).min(MAX_BACKOFF);
    ceiling.mul_f64(jitter.clamp(0.0, 1.0))
}

/// Returns the wait after a 429 without a `Retry-After` header. Half of it does not depend on the jitter: with a wait near
/// 0 the requests would all come back at once.
fn rate_limit_backoff(attempt: u32, jitter: f64) -> Duration {
    backoff(attempt, 0.5 + jitter / 2.0)
}

/// Parses a `Retry-After` header, which holds seconds or a date. `None` if it is malformed.
pub(crate) fn retry_after(header: &str, now: SystemTime) -> Option<Duration> {
    let header = header.trim();
    let wait = match header.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => httpdate::parse_http_date(header).ok()?.duration_since(now).unwrap_or_default(),
    };
    Some(wait.min(MAX_RETRY_AFTER))
}

/// Returns the wait before the next poll of an asynchronous request: that of the `Retry-After` header, but at least
/// [`MIN_POLL`], also if the header is malformed; [`DEFAULT_POLL`] without a header.
pub(crate) fn poll_interval(header: Option<&str>, now: SystemTime) -> Duration {
    header.map_or(DEFAULT_POLL, |header| retry_after(header, now).unwrap_or(MIN_POLL).max(MIN_POLL))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    #[test]
    fn retry_after_is_a_number_of_seconds_or_a_date() {
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
    fn a_create_is_retried_only_if_it_was_certainly_not_accepted() {
        for kind in ErrorKind::ALL {
            let safe = matches!(kind, ErrorKind::RateLimited | ErrorKind::Connect);
            assert_eq!(Idempotency::NotIdempotent.allows_retry(kind), safe, "{kind:?}");
            assert!(!(safe && Idempotency::NotIdempotent.is_ambiguous_after(&Error::new(kind, "POST /"))), "{kind:?}");
        }
    }

    #[test]
    fn a_create_is_retried_after_no_status_but_429() {
        for status in 100..=599 {
            let error = Error::new(ErrorKind::of_status(status), "POST /").status_code(status);
            assert_eq!(Idempotency::NotIdempotent.allows_retry(error.kind()), status == 429, "{status}");
            let ambiguous = status == 408 || (300..400).contains(&status) || status >= 500;
            assert_eq!(Idempotency::NotIdempotent.is_ambiguous_after(&error), ambiguous, "{status}");
        }
    }

    proptest! {
        #[test]
        fn a_backoff_is_never_longer_than_its_cap(attempt: u32, jitter: f64) {
            let jitter = if jitter.is_nan() { 0.5 } else { jitter };
            prop_assert!(backoff(attempt, jitter) <= MAX_BACKOFF);
        }

        #[test]
        fn no_header_makes_the_interval_shorter_or_longer_than_its_limits(header: String) {
            let wait = poll_interval(Some(&header), NOW);
            prop_assert!(wait >= Duration::from_secs(1) && wait <= MAX_RETRY_AFTER);
        }
    }

    #[test]
    fn a_backoff_doubles_up_to_its_cap_and_is_scaled_by_the_jitter() {
        let millis = |attempt, jitter| backoff(attempt, jitter).as_millis();
        assert_eq!(
            [0, 1, 2, 5, 6, 40].map(|attempt| millis(attempt, 1.0)),
            [500, 1_000, 2_000, 16_000, 30_000, 30_000]
        );
        assert_eq!([0.0, 0.5, 1.0, 7.0, -1.0].map(|jitter| millis(1, jitter)), [0, 500, 1_000, 1_000, 0]);
    }

    #[test]
    fn half_of_the_wait_after_a_429_does_not_depend_on_the_jitter() {
        let millis = |jitter| rate_limit_backoff(1, jitter).as_millis();
        assert_eq!([0.0, 0.5, 1.0].map(millis), [500, 750, 1_000]);
    }

    #[test]
    fn an_idempotent_request_is_retried_after_every_transient_failure_and_is_never_ambiguous() {
        for kind in ErrorKind::ALL {
            assert_eq!(Idempotency::Idempotent.allows_retry(kind), kind.is_transient(), "{kind:?}");
            assert!(
                !Idempotency::Idempotent.is_ambiguous_after(&Error::new(kind, "GET /").status_code(302)),
                "{kind:?}"
            );
        }
    }

    #[test]
    fn a_poll_waits_for_the_time_in_the_header() {
        assert_eq!(poll_interval(Some("7"), NOW), Duration::from_secs(7));
    }

    fn failures(kinds: &[ErrorKind], max_retries: u32) -> (Vec<Wait>, bool) {
        let mut budget = RetryBudget::new(max_retries);
        let waits = kinds.iter().map(|kind| budget.spend(&Error::new(*kind, "GET /"), 1.0)).collect();
        (waits, budget.is_exhausted())
    }

    #[test]
    fn a_429_makes_all_requests_wait_and_another_failure_only_its_own() {
        use ErrorKind::{RateLimited, Server};
        let (waits, _) = failures(&[Server, RateLimited, Server, RateLimited], 4);
        let [first, second] = [500, 1_000].map(Duration::from_millis);
        let expected =
            [Wait::ThisRequest(first), Wait::AllRequests(first), Wait::ThisRequest(second), Wait::AllRequests(second)];
        assert_eq!(waits, expected);
        let error = Error::new(RateLimited, "GET /").with_retry_after(Some(Duration::from_secs(9)));
        assert_eq!(RetryBudget::new(1).spend(&error, 0.0), Wait::AllRequests(Duration::from_secs(9)));
    }

    #[test]
    fn four_429s_use_up_as_much_as_one_other_failure() {
        for (kind, allowed) in [(ErrorKind::Server, 2), (ErrorKind::RateLimited, 8)] {
            assert!(!failures(&vec![kind; allowed], 2).1, "{kind:?}");
            assert!(failures(&vec![kind; allowed + 1], 2).1, "{kind:?}");
            assert!(failures(&[kind], 0).1, "{kind:?}");
        }
    }
}
