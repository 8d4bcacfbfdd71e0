//! The deadline and the cancellation of an operation.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Why a scope ended before the work in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interrupted {
    /// The user stopped the operation.
    Stopped,
    /// The deadline passed.
    Deadline,
}

/// The operation that a scope belongs to, for the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Task {
    /// What is being done, for example `create cluster`.
    pub operation: String,
    /// The id of the object.
    pub object_id: String,
    /// The name of the object.
    pub name: String,
}

/// The deadline and the cancellation token of one operation, which may consist of many requests and long waits. Every
/// request and every sleep in the scope ends as soon as the deadline passes or the token is cancelled.
#[derive(Clone, Debug)]
pub struct Scope {
    begin: Instant,
    deadline: Instant,
    stop: CancellationToken,
    task: Arc<Task>,
}

impl Scope {
    /// Creates a scope whose deadline is `limit` from now.
    #[must_use]
    pub fn new(limit: Duration, stop: CancellationToken) -> Self {
        let now = Instant::now();
        // A limit that the clock cannot represent is replaced by a year.
        let deadline = now.checked_add(limit).unwrap_or(now + Duration::from_hours(365 * 24));
        Self { begin: now, deadline, stop, task: Arc::default() }
    }

    /// Sets the task, which the log of every wait contains.
    #[must_use]
    pub fn about(mut self, task: Task) -> Self {
        self.task = Arc::new(task);
        self
    }

    /// Returns the task.
    #[must_use]
    pub fn task(&self) -> &Task {
        &self.task
    }

    /// Creates a scope that cannot be cancelled, for example to read an object once more after the user stopped the
    /// operation.
    #[must_use]
    pub fn detached(limit: Duration) -> Self {
        Self::new(limit, CancellationToken::new())
    }

    /// Returns a part of the scope that ends after `limit`, or with the scope if that is earlier.
    #[must_use]
    pub fn within(&self, limit: Duration) -> Self {
        let deadline = self.deadline.min(Instant::now() + limit);
        Self { deadline, ..self.clone() }
    }

    /// Returns the time since the operation began.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.begin.elapsed()
    }

    /// Returns the time from the begin of the operation to the deadline.
    #[must_use]
    pub fn limit(&self) -> Duration {
        self.deadline.saturating_duration_since(self.begin)
    }

    /// Returns the time until the deadline.
    #[must_use]
    pub fn remaining(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// Runs a future until it completes or the scope ends.
    ///
    /// # Errors
    /// Returns an error if the scope ends first.
    pub async fn run<T>(&self, work: impl Future<Output = T>) -> Result<T, Interrupted> {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => Err(Interrupted::Stopped),
            result = work => Ok(result),
            () = tokio::time::sleep_until(self.deadline) => Err(Interrupted::Deadline),
        }
    }

    /// Sleeps.
    ///
    /// # Errors
    /// Returns an error if the scope ends first. A sleep that would end after the deadline fails at once.
    pub async fn sleep(&self, time: Duration) -> Result<(), Interrupted> {
        if time > self.remaining() && !self.stop.is_cancelled() {
            return Err(Interrupted::Deadline);
        }
        self.run(tokio::time::sleep(time)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_cancellation_ends_a_sleep_at_once() {
        let stop = CancellationToken::new();
        let scope = Scope::new(Duration::from_secs(100), stop.clone());
        let begin = Instant::now();
        let (slept, ()) = tokio::join!(scope.sleep(Duration::from_mins(1)), async { stop.cancel() });
        assert_eq!(slept, Err(Interrupted::Stopped));
        assert_eq!(begin.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_sleep_that_ends_at_the_deadline_succeeds() {
        let (scope, begin) = (Scope::detached(Duration::from_secs(10)), Instant::now());
        assert_eq!(scope.sleep(Duration::from_secs(10)).await, Ok(()));
        assert_eq!(begin.elapsed(), Duration::from_secs(10));
    }

    #[tokio::test(start_paused = true)]
    async fn a_part_of_a_scope_ends_no_later_and_has_the_same_task() {
        let task = Task { operation: "create cluster".to_owned(), ..Task::default() };
        let scope = Scope::detached(Duration::from_secs(10)).about(task.clone());
        assert_eq!(scope.within(Duration::from_secs(4)).remaining(), Duration::from_secs(4));
        assert_eq!(scope.within(Duration::from_secs(40)).remaining(), Duration::from_secs(10));
        assert_eq!(scope.within(Duration::from_secs(4)).task(), &task);
    }

    #[tokio::test(start_paused = true)]
    async fn a_sleep_beyond_the_deadline_is_not_started() {
        let scope = Scope::detached(Duration::from_secs(5));
        let begin = Instant::now();
        assert_eq!(scope.sleep(Duration::from_secs(6)).await, Err(Interrupted::Deadline));
        assert_eq!(begin.elapsed(), Duration::ZERO);
        assert_eq!(scope.run(std::future::pending::<()>()).await, Err(Interrupted::Deadline));
        assert_eq!(begin.elapsed(), Duration::from_secs(5));
    }

    #[tokio::test(start_paused = true)]
    async fn a_scope_says_how_long_it_lasts_and_how_much_of_that_has_passed() {
        let scope = Scope::detached(Duration::from_secs(10));
        tokio::time::advance(Duration::from_secs(4)).await;
        let times = [scope.limit(), scope.elapsed(), scope.remaining()];
        assert_eq!(times, [10, 4, 6].map(Duration::from_secs));
        let part = scope.within(Duration::from_secs(1));
        assert_eq!([part.limit(), part.elapsed()], [5, 4].map(Duration::from_secs), "it began with the operation");
    }
}
