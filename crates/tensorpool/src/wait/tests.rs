//! Waits with a paused clock.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use super::*;
use crate::client::Client;
use crate::config::Config;
use crate::secret::Secret;
use crate::testing::Lines;

/// A condition whose checks have these results.
struct Scripted<F> {
    tolerance: Tolerance,
    check: F,
}

impl<F: Fn() -> Result<Progress<(), String>, Error> + Sync> Condition for Scripted<F> {
    type Output = ();
    type Pending = String;

    fn name(&self) -> String {
        "waiting".to_owned()
    }

    fn tolerance(&self) -> Tolerance {
        self.tolerance
    }

    async fn check(&self) -> Result<Progress<(), String>, Error> {
        (self.check)()
    }
}

fn api(time: Duration) -> Api {
    let config = Config::new(Secret::new("k"), "https://a").expect("it is an https URL");
    Client::new(config).expect("a client can be created").scoped(Scope::detached(time))
}

async fn wait(
    tolerance: Tolerance,
    time: Duration,
    check: impl Fn() -> Result<Progress<(), String>, Error> + Sync,
) -> Result<(), Error> {
    api(time).wait(&Scripted { tolerance, check }).await
}

const HOUR: Duration = Duration::from_hours(1);

#[tokio::test(start_paused = true)]
async fn a_denial_is_tolerated_for_two_minutes_in_a_row() {
    let begin = Instant::now();
    let denied = || Err(Error::new(ErrorKind::Forbidden, "GET /x"));
    let error = wait(Tolerance::PAID, HOUR, denied).await.expect_err("it is denied for ever");
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    assert!(begin.elapsed() >= Duration::from_mins(2) && begin.elapsed() < Duration::from_mins(3));
}

#[tokio::test(start_paused = true)]
async fn a_success_resets_the_time_of_a_denial() {
    let (begin, checks) = (Instant::now(), AtomicU32::new(0));
    let check = || {
        let denied = (checks.fetch_add(1, Ordering::Relaxed) + 1) % 5 != 0;
        let done = begin.elapsed() > Duration::from_mins(10);
        match (denied, done) {
            (_, true) => Ok(Progress::Done(())),
            (true, _) => Err(Error::new(ErrorKind::Unauthorized, "GET /x")),
            (false, _) => Ok(Progress::Pending("going on".to_owned())),
        }
    };
    assert!(wait(Tolerance::PAID, HOUR, check).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn at_least_a_second_passes_between_two_checks_even_if_the_status_changes() {
    let (begin, checks) = (Instant::now(), AtomicU32::new(0));
    let check = || Ok(Progress::Pending((checks.fetch_add(1, Ordering::Relaxed) + 1).to_string()));
    let error = wait(Tolerance::NONE, Duration::from_secs(30), check).await.expect_err("it is never done");
    let checks = checks.into_inner();
    assert_eq!((error.kind(), error.last_status()), (ErrorKind::Deadline, Some(checks.to_string().as_str())));
    assert!(u64::from(checks) <= begin.elapsed().as_secs() + 1, "{checks}");
}

#[tokio::test(start_paused = true)]
async fn checks_become_rarer_and_a_permanent_failure_ends_them() {
    let (begin, times) = (Instant::now(), Mutex::new(Vec::new()));
    let check = || {
        let mut times = times.lock().expect("no test panics with it");
        times.push(begin.elapsed().as_secs());
        let kind = if times.len() < 7 { ErrorKind::Server } else { ErrorKind::Conflict };
        Err(Error::new(kind, "GET /x"))
    };
    let error = wait(Tolerance::NONE, HOUR, check).await.expect_err("it ends as a conflict");
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(times.into_inner().expect("no test panics with it"), [0, 1, 3, 7, 15, 25, 35]);
}

#[tokio::test(start_paused = true)]
async fn a_deadline_returns_what_was_observed_last_and_what_failed_after_it() {
    let first = AtomicU32::new(0);
    let check = || match first.fetch_add(1, Ordering::Relaxed) {
        0 => Ok(Progress::Pending("c-1".to_owned())),
        _ => Err(Error::new(ErrorKind::Server, "GET /x")),
    };
    let condition = Scripted { tolerance: Tolerance::NONE, check };
    let waited = api(Duration::from_secs(5)).wait_until_deadline(&condition).await.expect("it is no failure");
    let Waited::TimedOut { last, error } = waited else { panic!("it is never done") };
    assert_eq!(last.as_deref(), Some("c-1"));
    assert_eq!((error.operation(), error.last_status()), ("waiting", Some("c-1")));
    assert_eq!(error.cause().map(Error::kind), Some(ErrorKind::Server));
    let failing = Scripted { tolerance: Tolerance::NONE, check: || Err(Error::new(ErrorKind::Server, "GET /x")) };
    let waited = api(Duration::from_secs(5)).wait_until_deadline(&failing).await.expect("it is no failure");
    assert!(matches!(waited, Waited::TimedOut { last: None, .. }));
}

#[tokio::test(start_paused = true)]
async fn each_new_status_is_logged_once_without_control_characters() {
    let lines = Lines::default();
    let _guard = tracing::subscriber::set_default(lines.clone());
    let statuses = Mutex::new(["a", "a", "b\u{1b}[2J", "b\u{1b}[2J", "done"].into_iter());
    let check = || {
        let next = statuses.lock().expect("no test panics with it").next();
        let status = next.expect("there is no check after the last");
        Ok(if status == "done" { Progress::Done(()) } else { Progress::Pending(status.to_owned()) })
    };
    wait(Tolerance::NONE, Duration::from_mins(5), check).await.expect("it is done");
    assert_eq!(lines.messages(), ["waiting: a", "waiting: b\u{fffd}[2J"]);
}

#[tokio::test(start_paused = true)]
async fn a_wait_without_news_is_logged_once_a_minute_also_while_a_check_takes_long() {
    let lines = Lines::default();
    let _guard = tracing::subscriber::set_default(lines.clone());
    let begin = Instant::now();
    let check = || match begin.elapsed().as_secs() {
        0 => Ok(Progress::Pending("PROCESSING".to_owned())),
        1..130 => Err(Error::new(ErrorKind::Server, "GET /x")),
        _ => Ok(Progress::Done(())),
    };
    wait(Tolerance::NONE, Duration::from_mins(5), check).await.expect("it is done");
    let scope = Scope::detached(Duration::from_mins(5));
    scope.wait_for("waiting for a lock", tokio::time::sleep(Duration::from_secs(61))).await.expect("it ends in time");
    let expected = [
        "waiting: PROCESSING",
        "waiting: PROCESSING (still waiting after 60 s; the last 8 checks failed)",
        "waiting: PROCESSING (still waiting after 120 s; the last 14 checks failed)",
        "waiting for a lock, no status yet (still waiting after 60 s)",
    ];
    assert_eq!(lines.messages(), expected);
}

#[tokio::test(start_paused = true)]
async fn failures_are_counted_until_a_check_succeeds() {
    let scope = Scope::detached(HOUR);
    let mut watch = Watch::new(&scope, "waiting", Tolerance::NONE);
    for failures in 1..4 {
        assert!(watch.tolerate(Error::new(ErrorKind::Server, "GET /x")).is_ok());
        assert_eq!(watch.failures(), failures);
    }
    watch.observe("PENDING".to_owned(), str::to_owned);
    assert_eq!(watch.failures(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_check_that_would_come_too_late_is_made_a_second_before_the_end() {
    let (scope, begin) = (Scope::detached(Duration::from_secs(12)), Instant::now());
    let mut watch = Watch::new(&scope, "GET /request/info/r-1", Tolerance::NONE);
    watch.pause(Duration::from_secs(5)).await.expect("it comes in time");
    watch.pause(Duration::from_hours(1)).await.expect("there is time for one more");
    assert_eq!(begin.elapsed(), Duration::from_secs(11));
    assert_eq!(watch.pause(Duration::from_hours(1)).await.expect_err("that was the last").kind(), ErrorKind::Deadline);
    assert_eq!(begin.elapsed(), Duration::from_secs(11));
}
