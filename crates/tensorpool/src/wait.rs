//! Polls until a condition holds, and tolerates transient failures meanwhile.

use std::time::Duration;

use tokio::time::Instant;

use crate::error::{Error, ErrorKind};
use crate::redact::printable;
use crate::scope::{Scope, Task};

/// The wait after the first poll. It doubles with each poll.
const FIRST_INTERVAL: Duration = Duration::from_secs(1);
/// The longest wait between two polls, which is short compared to the minutes that a create takes.
const MAX_INTERVAL: Duration = Duration::from_secs(10);

/// The result of one poll.
#[derive(Debug)]
pub enum Progress<T> {
    /// The condition holds.
    Done(T),
    /// The condition does not hold yet; the current status.
    Pending(String),
}

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

/// Polls until the condition holds. The interval starts at 1 s and doubles up to 10 s. `what` names the wait in errors and
/// in the log. Transient failures are tolerated until the scope ends, and others as `tolerance` defines.
///
/// # Errors
/// Returns the error of a poll that is not tolerated, or an error with the last status if the scope ends.
pub async fn wait_until<T, F>(
    what: &str,
    tolerance: Tolerance,
    scope: &Scope,
    mut poll: impl FnMut() -> F,
) -> Result<T, Error>
where
    F: Future<Output = Result<Progress<T>, Error>>,
{
    let begin = Instant::now();
    let mut last_status = None;
    let mut failures = Failures::new(tolerance);
    let mut interval = FIRST_INTERVAL;
    loop {
        let failure = match poll().await {
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
        interval = (interval * 2).min(MAX_INTERVAL);
    }
}

/// Logs the progress of a wait: what is waited for, for how long, and the new status.
pub(crate) fn report(scope: &Scope, request_id: Option<&str>, begin: Instant, news: &str) {
    let (Task { operation, object_id, name }, elapsed_s) = (scope.task(), begin.elapsed().as_secs());
    tracing::info!(operation, name, object_id, request_id, elapsed_s, "{}", printable(news));
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

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
    async fn a_success_resets_the_time_of_a_denial() {
        let (begin, polls) = (Instant::now(), Cell::new(0));
        let poll = || {
            polls.set(polls.get() + 1);
            let denied = polls.get() % 5 != 0;
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
        assert!(wait_until("waiting", Tolerance::PAID, &scope, poll).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn at_least_a_second_passes_between_two_polls_even_if_the_status_changes() {
        let (begin, polls) = (Instant::now(), Cell::new(0_u32));
        let poll = || {
            polls.set(polls.get() + 1);
            let status = polls.get().to_string();
            async move { Ok(Progress::<()>::Pending(status)) }
        };
        let scope = Scope::detached(Duration::from_secs(30));
        let error = wait_until("waiting", Tolerance::NONE, &scope, poll).await.expect_err("it is never done");
        assert_eq!((error.kind(), error.last_status()), (ErrorKind::Deadline, Some(polls.get().to_string().as_str())));
        assert!(u64::from(polls.get()) <= begin.elapsed().as_secs() + 1, "{}", polls.get());
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

    #[tokio::test(start_paused = true)]
    async fn polls_become_rarer_and_a_permanent_failure_ends_them() {
        let (begin, times) = (Instant::now(), std::cell::RefCell::new(Vec::new()));
        let poll = || {
            times.borrow_mut().push(begin.elapsed().as_secs());
            let failure = match times.borrow().len() {
                1..7 => ErrorKind::Server,
                _ => ErrorKind::Conflict,
            };
            async move { Err::<Progress<()>, _>(Error::new(failure, "GET /x")) }
        };
        let scope = Scope::detached(Duration::from_hours(1));
        let error = wait_until("waiting", Tolerance::NONE, &scope, poll).await.expect_err("it ends as a conflict");
        assert_eq!(error.kind(), ErrorKind::Conflict);
        assert_eq!(times.into_inner(), [0, 1, 3, 7, 15, 25, 35]);
    }

    /// Collects the logged messages.
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
    async fn each_new_status_is_logged_once_without_control_characters() {
        let lines = Lines::default();
        let _guard = tracing::subscriber::set_default(lines.clone());
        let statuses = Cell::new(["a", "a", "b\u{1b}[2J", "b\u{1b}[2J", "done"].iter());
        let poll = || {
            let mut rest = statuses.take();
            let status = *rest.next().expect("there is no poll after the last");
            statuses.set(rest);
            async move { Ok(if status == "done" { Progress::Done(()) } else { Progress::Pending(status.to_owned()) }) }
        };
        wait_until("w", Tolerance::NONE, &Scope::detached(Duration::from_mins(5)), poll).await.expect("it is done");
        assert_eq!(*lines.0.lock().expect("no test panics with it"), ["w: a", "w: b\u{fffd}[2J"]);
    }
}
