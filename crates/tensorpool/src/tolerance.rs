//! Which failures a wait tolerates, and for how long.

use std::time::Duration;

use tokio::time::Instant;

use crate::error::ErrorKind;

/// The failures that a wait tolerates in addition to transient ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tolerance {
    /// How long consecutive 401s and 403s are tolerated: a key may be rejected for a moment.
    denied: Duration,
    /// Whether 404 means "not yet".
    not_found: bool,
}

impl Tolerance {
    /// Only transient failures are tolerated.
    pub const NONE: Self = Self { denied: Duration::ZERO, not_found: false };
    /// For waits on something that costs money: 401 and 403 are tolerated for two minutes.
    pub const PAID: Self = Self { denied: Duration::from_mins(2), not_found: false };

    /// Tolerates 404 as well: for an object that the caller has created itself, so it means "not yet".
    #[must_use]
    pub const fn with_not_found(self) -> Self {
        Self { not_found: true, ..self }
    }

    /// Whether a failure is tolerated that has lasted for some time.
    #[must_use]
    pub fn tolerates(self, kind: ErrorKind, lasting: Duration) -> bool {
        match kind {
            ErrorKind::Unauthorized | ErrorKind::Forbidden => lasting < self.denied,
            ErrorKind::NotFound => self.not_found,
            kind => kind.is_transient(),
        }
    }
}

/// Counts the consecutive failures of a wait.
pub(crate) struct Failures {
    tolerance: Tolerance,
    count: u32,
    denied_since: Option<Instant>,
}

impl Failures {
    pub fn new(tolerance: Tolerance) -> Self {
        Self { tolerance, count: 0, denied_since: None }
    }

    /// Records a poll that succeeded.
    pub fn reset(&mut self) {
        (self.count, self.denied_since) = (0, None);
    }

    /// Returns the number of consecutive failures.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Records a failure. Returns whether the wait continues.
    pub fn tolerates(&mut self, kind: ErrorKind) -> bool {
        self.count += 1;
        if !matches!(kind, ErrorKind::Unauthorized | ErrorKind::Forbidden) {
            self.denied_since = None;
            return self.tolerance.tolerates(kind, Duration::ZERO);
        }
        let since = *self.denied_since.get_or_insert_with(Instant::now);
        self.tolerance.tolerates(kind, since.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tolerance_defines_which_failures_are_tolerated_and_for_how_long() {
        let minute = Duration::from_mins(1);
        for kind in ErrorKind::ALL {
            let transient = kind.is_transient();
            assert_eq!(Tolerance::NONE.tolerates(kind, Duration::ZERO), transient, "{kind:?}");
            let denied = matches!(kind, ErrorKind::Unauthorized | ErrorKind::Forbidden);
            assert_eq!(Tolerance::PAID.tolerates(kind, minute), transient || denied, "{kind:?}");
            assert_eq!(Tolerance::PAID.tolerates(kind, minute * 2), transient, "{kind:?}");
            let not_yet = Tolerance::NONE.with_not_found().tolerates(kind, minute);
            assert_eq!(not_yet, transient || kind == ErrorKind::NotFound, "{kind:?}");
        }
    }

    #[test]
    fn failures_are_counted_until_a_poll_succeeds() {
        let mut failures = Failures::new(Tolerance::NONE);
        assert_eq!(failures.count(), 0);
        for count in 1..4 {
            assert!(failures.tolerates(ErrorKind::Server));
            assert_eq!(failures.count(), count);
        }
        failures.reset();
        assert_eq!(failures.count(), 0);
        assert!(!failures.tolerates(ErrorKind::Conflict));
    }

    #[tokio::test(start_paused = true)]
    async fn another_failure_between_two_denials_resets_their_time() {
        let mut failures = Failures::new(Tolerance::PAID);
        for kind in [ErrorKind::Forbidden, ErrorKind::Server, ErrorKind::Unauthorized, ErrorKind::Forbidden] {
            assert!(failures.tolerates(kind), "{kind:?}");
            tokio::time::advance(Duration::from_secs(90)).await;
        }
        assert!(!failures.tolerates(ErrorKind::Forbidden), "three minutes after the first of them");
    }
}
