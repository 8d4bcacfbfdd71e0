//! Waits: a condition is checked until it holds, and transient failures are tolerated meanwhile.

use std::fmt::Display;
use std::time::Duration;

use tokio::time::Instant;

use crate::api::Api;
use crate::error::{Error, ErrorKind};
use crate::redact::printable;
use crate::scope::{Scope, Task};
use crate::tolerance::{Failures, Tolerance};

/// The wait after the first check. It doubles with each check.
const FIRST_INTERVAL: Duration = Duration::from_secs(1);
/// The longest wait between two checks, which is short compared to the minutes that a create takes.
const MAX_INTERVAL: Duration = Duration::from_secs(10);
/// The longest time without a line in the log.
const MAX_SILENCE: Duration = Duration::from_mins(1);
/// How long before the deadline the last check is made.
const LAST_CHECK: Duration = Duration::from_secs(1);

/// A condition that is waited for. A check of it has three outcomes: it holds, it does not hold yet, or the check failed. A
/// failure that [`tolerance`](Self::tolerance) covers is transient, and the condition is checked again; any other ends the wait.
pub trait Condition: Sync {
    /// What is there once the condition holds.
    type Output;
    /// What was observed while the condition does not hold. Its text is the status that people read in the log and in errors.
    type Pending: Display;

    /// Returns what is waited for, in words, for example `waiting for the cluster to be deleted`. It is in the log and in
    /// errors.
    fn name(&self) -> String;

    /// Returns which failures of a check are transient.
    fn tolerance(&self) -> Tolerance {
        Tolerance::NONE
    }

    /// Checks the condition once.
    ///
    /// # Errors
    /// Returns an error if it cannot be checked.
    fn check(&self) -> impl Future<Output = Result<Progress<Self::Output, Self::Pending>, Error>> + Send;
}

/// The result of one check of a condition.
#[derive(Debug)]
pub enum Progress<T, P> {
    /// The condition holds.
    Done(T),
    /// The condition does not hold yet; what was observed.
    Pending(P),
}

/// How a wait ended that may end without its condition.
#[derive(Debug)]
pub enum Waited<T, P> {
    /// The condition holds.
    Done(T),
    /// The deadline passed.
    TimedOut {
        /// What was observed last. `None` if every check failed.
        last: Option<P>,
        /// The same as an error, for callers that can do nothing without the condition.
        error: Error,
    },
}

impl Api {
    /// Waits until a condition holds. The interval between two checks starts at 1 s and doubles up to 10 s.
    ///
    /// # Errors
    /// Returns the error of a check that is not tolerated, or an error with the last status if the scope ends.
    pub async fn wait<C: Condition>(&self, condition: &C) -> Result<C::Output, Error> {
        match self.wait_until_deadline(condition).await? {
            Waited::Done(output) => Ok(output),
            Waited::TimedOut { error, .. } => Err(error),
        }
    }

    /// Like [`wait`](Self::wait), for a caller that can go on without the condition: that the deadline passed is not an error,
    /// and what was observed last is returned.
    ///
    /// # Errors
    /// Returns the error of a check that is not tolerated, or an error if the user stops the operation.
    pub async fn wait_until_deadline<C: Condition>(
        &self,
        condition: &C,
    ) -> Result<Waited<C::Output, C::Pending>, Error> {
        let name = condition.name();
        let mut watch = Watch::new(self.scope(), &name, condition.tolerance());
        let (mut last, mut interval) = (None, FIRST_INTERVAL);
        let error = loop {
            let failure = match watch.attend(condition.check()).await {
                Ok(Progress::Done(output)) => {
                    // What was waited for may not be in a list that was asked for before.
                    self.client().bulk().note_change();
                    return Ok(Waited::Done(output));
                }
                Ok(Progress::Pending(pending)) => {
                    watch.observe(pending.to_string(), |status| format!("{name}: {status}"));
                    last = Some(pending);
                    None
                }
                Err(error) => match watch.tolerate(error) {
                    Ok(failure) => Some(failure),
                    Err(error) => break error,
                },
            };
            if let Err(error) = watch.pause(interval).await {
                break error.caused_by(failure);
            }
            interval = (interval * 2).min(MAX_INTERVAL);
        };
        if error.kind() == ErrorKind::Deadline { Ok(Waited::TimedOut { last, error }) } else { Err(error) }
    }
}

impl Scope {
    /// Runs a future until it completes or the scope ends, and logs once a minute that it is waited for. `what` says so in words,
    /// for example `waiting for other operations on c-1`.
    ///
    /// # Errors
    /// Returns an error if the scope ends first.
    pub async fn wait_for<T>(&self, what: &str, work: impl Future<Output = T>) -> Result<T, Error> {
        let waited = Watch::new(self, what, Tolerance::NONE).attend(self.run(work)).await;
        waited.map_err(|why| Error::interrupted(why, what, self))
    }
}

/// What every wait keeps: the last status, which is logged when it changes and once a minute, and how many checks in a row have
/// failed.
pub(crate) struct Watch<'a> {
    scope: &'a Scope,
    /// What is waited for.
    what: &'a str,
    request_id: Option<&'a str>,
    begin: Instant,
    reported: Instant,
    failures: Failures,
    last_status: Option<String>,
    /// The last status in a sentence.
    last_news: Option<String>,
}

impl<'a> Watch<'a> {
    pub fn new(scope: &'a Scope, what: &'a str, tolerance: Tolerance) -> Self {
        let begin = Instant::now();
        Self {
            scope,
            what,
            request_id: None,
            begin,
            reported: begin,
            failures: Failures::new(tolerance),
            last_status: None,
            last_news: None,
        }
    }

    /// Watches a request, whose id is then in the log and in errors.
    pub fn of_request(self, id: &'a str) -> Self {
        Self { request_id: Some(id), ..self }
    }

    /// Records a check that succeeded. A new status is logged as `news` words it.
    pub fn observe(&mut self, status: String, news: impl FnOnce(&str) -> String) {
        self.failures.reset();
        if self.last_status.as_ref() != Some(&status) {
            let news = news(&status);
            self.report(&news);
            (self.last_status, self.last_news) = (Some(status), Some(news));
        }
    }

    /// Records a check that failed, and returns the failure if it is tolerated.
    ///
    /// # Errors
    /// Returns the error with which the wait ends otherwise.
    pub fn tolerate(&mut self, failure: Error) -> Result<Error, Error> {
        if self.failures.tolerates(failure.kind()) { Ok(failure) } else { Err(self.complete(failure)) }
    }

    /// Returns the number of consecutive failures.
    pub fn failures(&self) -> u32 {
        self.failures.count()
    }

    /// Sleeps until the next check. One that would come too late is made at the last moment instead: what is waited for may have
    /// ended long before, whatever interval the API demands.
    ///
    /// # Errors
    /// Returns an error with the last status if the scope ends first.
    pub async fn pause(&mut self, interval: Duration) -> Result<(), Error> {
        let scope = self.scope;
        let remaining = scope.remaining();
        let before_the_end = remaining.checked_sub(LAST_CHECK).filter(|rest| !rest.is_zero());
        let interval = if interval > remaining { before_the_end.unwrap_or(interval) } else { interval };
        let slept = self.attend(scope.sleep(interval)).await;
        slept.map_err(|why| self.complete(Error::interrupted(why, self.what, scope)))
    }

    /// Runs a part of the wait, and logs once a minute that it goes on.
    pub async fn attend<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                biased;
                output = &mut work => return output,
                () = tokio::time::sleep_until(self.reported + MAX_SILENCE) => self.report_silence(),
            }
        }
    }

    fn report_silence(&mut self) {
        let elapsed = self.begin.elapsed().as_secs();
        let failures = match self.failures.count() {
            0 => String::new(),
            count => format!("; the last {count} checks failed"),
        };
        let status = self.last_news.clone().unwrap_or_else(|| format!("{}, no status yet", self.what));
        self.report(&format!("{status} (still waiting after {elapsed} s{failures})"));
    }

    /// Adds the last status and the request to an error.
    pub fn complete(&self, error: Error) -> Error {
        let error = error.with_last_status(self.last_status.clone());
        match self.request_id {
            Some(id) => error.with_request_id(id),
            None => error,
        }
    }

    /// Logs what is waited for, for how long, and the status.
    fn report(&mut self, news: &str) {
        self.reported = Instant::now();
        let Task { operation, object_id, name } = self.scope.task();
        let (request_id, elapsed_s) = (self.request_id, self.begin.elapsed().as_secs());
        tracing::info!(operation, name, object_id, request_id, elapsed_s, "{}", printable(news));
    }
}

#[cfg(test)]
mod tests;
