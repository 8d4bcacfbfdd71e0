//! The only place that waits until something is as it should be.

use std::time::Duration;

use tokio::time::Instant;

use crate::error::{Error, ErrorKind};
use crate::redact::printable;
use crate::scope::{Scope, Task};

const FIRST_INTERVAL: Duration = Duration::from_secs(1);
const LONGEST_INTERVAL: Duration = Duration::from_secs(10);

/// What a check of something that is waited for finds.
#[derive(Debug)]
pub enum Progress<T> {
    /// It is as it should be.
    Done(T),
    /// Not yet; its status now.
    Pending(String),
}

/// Which failures a wait tolerates in addition to transient ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tolerance {
    /// How long 401 and 403 are tolerated in a row: a key may be out of order for a moment.
    denied: Duration,
    /// Whether 404 means "not yet".
    not_found: bool,
}

impl Tolerance {
    /// Transient failures alone.
    pub const NONE: Self = Self { denied: Duration::ZERO, not_found: false };
    /// For waits for something that costs money: they are not given up for a denial that passes.
    pub const PAID: Self = Self { denied: Duration::from_mins(2), not_found: false };

    /// The same, where 404 means "not yet": for an object that the caller has created itself.
    #[must_use]
    pub const fn with_not_found(self) -> Self {
        Self { not_found: true, ..self }
    }

    /// Whether a failure is tolerated that has gone on for so long.
    #[must_use]
    pub fn tolerates(self, kind: ErrorKind, lasting: Duration) -> bool {
        match kind {
            ErrorKind::Unauthorized | ErrorKind::Forbidden => lasting < self.denied,
            ErrorKind::NotFound => self.not_found,
            kind => kind.may_pass(),
        }
    }
}

/// The failures of a wait in a row.
pub(crate) struct Failures {
    tolerance: Tolerance,
    count: u32,
    denied_since: Option<Instant>,
}

impl Failures {
    pub fn new(tolerance: Tolerance) -> Self {
        Self { tolerance, count: 0, denied_since: None }
    }

    /// A check succeeded.
    pub fn reset(&mut self) {
        (self.count, self.denied_since) = (0, None);
    }

    /// How many there were in a row.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Counts a failure; whether the wait goes on.
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

/// Repeats a check until it is done, at a pace that begins with a second. `what` names the wait in errors and in the log.
/// Transient failures are tolerated until the scope ends, and others as `tolerance` says.
///
/// # Errors
/// What a check fails with, or the end of the scope with the last status.
pub async fn wait_until<T, F>(
    what: &str,
    tolerance: Tolerance,
    scope: &Scope,
    mut check: impl FnMut() -> F,
) -> Result<T, Error>
where
    F: Future<Output = Result<Progress<T>, Error>>,
{
    let begin = Instant::now();
    let mut last_status = None;
    let mut failures = Failures::new(tolerance);
    let mut interval = FIRST_INTERVAL;
    loop {
        let failure = match check().await {
            Ok(Progress::Done(result)) => return Ok(result),
            Ok(Progress::Pending(status)) => {
                failures.reset();
                if last_status.as_ref() != Some(&status) {
                    report(scope, None, begin, &format!("{what}: {status}"));
                    last_status = Some(status);
                }
                None
            }
            Err(error) if failures.tolerates(error.kind()) => Some(error),
            Err(error) => return Err(error.with_last_status(last_status)),
        };
        if let Err(why) = scope.sleep(interval).await {
            return Err(Error::interrupted(why, what).with_last_status(last_status).caused_by(failure));
        }
        interval = (interval * 2).min(LONGEST_INTERVAL);
    }
}

/// One line for the user who reads the log: what is waited for, since when, and what is new.
pub(crate) fn report(scope: &Scope, request_id: Option<&str>, begin: Instant, news: &str) {
    let (Task { operation, object_id, name }, elapsed_s) = (scope.task(), begin.elapsed().as_secs());
    tracing::info!(operation, name, object_id, request_id, elapsed_s, "{}", printable(news));
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn a_tolerance_says_which_failures_are_tolerated_and_for_how_long() {
        let minute = Duration::from_mins(1);
        for kind in ErrorKind::ALL {
            let transient = kind.may_pass();
            assert_eq!(Tolerance::NONE.tolerates(kind, Duration::ZERO), transient, "{kind:?}");
            let denied = matches!(kind, ErrorKind::Unauthorized | ErrorKind::Forbidden);
            assert_eq!(Tolerance::PAID.tolerates(kind, minute), transient || denied, "{kind:?}");
            assert_eq!(Tolerance::PAID.tolerates(kind, minute * 2), transient, "{kind:?}");
            let not_yet = Tolerance::NONE.with_not_found().tolerates(kind, minute);
            assert_eq!(not_yet, transient || kind == ErrorKind::NotFound, "{kind:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_denial_is_tolerated_for_two_minutes_in_a_row() {
        let begin = Instant::now();
        let denied = || async { Err::<Progress<()>, _>(Error::new(ErrorKind::Forbidden, "GET /x")) };
        let scope = Scope::detached(Duration::from_hours(1));
        let error = wait_until("waiting", Tolerance::PAID, &scope, denied).await.expect_err("it is denied for ever");
        assert_eq!(error.kind(), ErrorKind::Forbidden);
        assert!(begin.elapsed() >= Duration::from_mins(2) && begin.elapsed() < Duration::from_mins(3));
    }

    #[tokio::test(start_paused = true)]
    async fn a_denial_that_passes_begins_anew() {
        let (begin, checks) = (Instant::now(), Cell::new(0));
        let check = || {
            checks.set(checks.get() + 1);
            let denied = checks.get() % 5 != 0;
            let done = begin.elapsed() > Duration::from_mins(10);
            async move {
                match (denied, done) {
                    (_, true) => Ok(Progress::Done(())),
                    (true, _) => Err(Error::new(ErrorKind::Unauthorized, "GET /x")),
                    (false, _) => Ok(Progress::Pending("going on".to_owned())),
                }
            }
        };
        let scope = Scope::detached(Duration::from_hours(1));
        assert!(wait_until("waiting", Tolerance::PAID, &scope, check).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_second_lies_between_two_checks_also_when_each_answer_differs() {
        let (begin, checks) = (Instant::now(), Cell::new(0_u32));
        let check = || {
            checks.set(checks.get() + 1);
            let status = checks.get().to_string();
            async move { Ok(Progress::<()>::Pending(status)) }
        };
        let scope = Scope::detached(Duration::from_secs(30));
        let error = wait_until("waiting", Tolerance::NONE, &scope, check).await.expect_err("it is never done");
        assert_eq!((error.kind(), error.last_status()), (ErrorKind::Deadline, Some(checks.get().to_string().as_str())));
        assert!(u64::from(checks.get()) <= begin.elapsed().as_secs() + 1, "{}", checks.get());
    }

    #[test]
    fn failures_are_counted_until_a_check_succeeds() {
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
    async fn another_failure_between_two_denials_begins_their_time_anew() {
        let mut failures = Failures::new(Tolerance::PAID);
        for kind in [ErrorKind::Forbidden, ErrorKind::Server, ErrorKind::Unauthorized, ErrorKind::Forbidden] {
            assert!(failures.tolerates(kind), "{kind:?}");
            tokio::time::advance(Duration::from_secs(90)).await;
        }
        assert!(!failures.tolerates(ErrorKind::Forbidden), "three minutes after the first since");
    }

    #[tokio::test(start_paused = true)]
    async fn checks_become_rarer_and_a_failure_that_does_not_pass_ends_them() {
        let (begin, times) = (Instant::now(), std::cell::RefCell::new(Vec::new()));
        let check = || {
            times.borrow_mut().push(begin.elapsed().as_secs());
            let failure = match times.borrow().len() {
                1..7 => ErrorKind::Server,
                _ => ErrorKind::Conflict,
            };
            async move { Err::<Progress<()>, _>(Error::new(failure, "GET /x")) }
        };
        let scope = Scope::detached(Duration::from_hours(1));
        let error = wait_until("waiting", Tolerance::NONE, &scope, check).await.expect_err("it ends as a conflict");
        assert_eq!(error.kind(), ErrorKind::Conflict);
        assert_eq!(times.into_inner(), [0, 1, 3, 7, 15, 25, 35]);
    }

    /// Keeps what is logged.
    #[derive(Clone, Default)]
    struct Lines(std::sync::Arc<std::sync::Mutex<Vec<String>>>);

    impl tracing::Subscriber for Lines {
        fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
            true
        }
        fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
            tracing::span::Id::from_u64(1)
        }
        fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
        fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
        fn event(&self, event: &tracing::Event<'_>) {
            let mut lines = self.0.lock().expect("no test panics with it");
            event.record(&mut |field: &tracing::field::Field, value: &dyn std::fmt::Debug| {
                if field.name() == "message" {
                    lines.push(format!("{value:?}"));
                }
            });
        }
        fn enter(&self, _: &tracing::span::Id) {}
        fn exit(&self, _: &tracing::span::Id) {}
    }

    #[tokio::test(start_paused = true)]
    async fn each_new_status_is_logged_once_and_controls_no_terminal() {
        let lines = Lines::default();
        let _guard = tracing::subscriber::set_default(lines.clone());
        let statuses = Cell::new(["a", "a", "b\u{1b}[2J", "b\u{1b}[2J", "done"].iter());
        let check = || {
            let mut rest = statuses.take();
            let status = *rest.next().expect("nobody asks after the end");
            statuses.set(rest);
            async move { Ok(if status == "done" { Progress::Done(()) } else { Progress::Pending(status.to_owned()) }) }
        };
        wait_until("w", Tolerance::NONE, &Scope::detached(Duration::from_mins(5)), check).await.expect("it is done");
        assert_eq!(*lines.0.lock().expect("no test panics with it"), ["w: a", "w: b\u{fffd}[2J"]);
    }
}
