//! How long an operation may take, and who may end it.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Why a scope ended before the work in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interrupted {
    /// The user stopped the operation.
    Stopped,
    /// The time is over.
    Deadline,
}

/// What an operation is about, for the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Task {
    /// What is being done, as `create cluster`.
    pub operation: String,
    /// The id of the object.
    pub object_id: String,
    /// The name of the object.
    pub name: String,
}

/// The bounds of one operation, which may be many requests and much waiting: a deadline and a way to stop it. Every
/// request and every sleep ends at once when either comes.
#[derive(Clone, Debug)]
pub struct Scope {
    deadline: Instant,
    stop: CancellationToken,
    task: Arc<Task>,
}

impl Scope {
    /// Bounds that begin now.
    #[must_use]
    pub fn new(limit: Duration, stop: CancellationToken) -> Self {
        let now = Instant::now();
        // A limit beyond what the clock can express is as good as a year.
        let deadline = now.checked_add(limit).unwrap_or(now + Duration::from_hours(365 * 24));
        Self { deadline, stop, task: Arc::default() }
    }

    /// The same bounds, with what the operation is about: the log of every wait says it.
    #[must_use]
    pub fn about(mut self, task: Task) -> Self {
        self.task = Arc::new(task);
        self
    }

    /// What the operation is about.
    #[must_use]
    pub fn task(&self) -> &Task {
        &self.task
    }

    /// Bounds that nobody can stop: for the last look at an object after the user stopped the operation.
    #[must_use]
    pub fn detached(limit: Duration) -> Self {
        Self::new(limit, CancellationToken::new())
    }

    /// The same bounds with a deadline that is at most this far ahead.
    #[must_use]
    pub fn within(&self, limit: Duration) -> Self {
        let deadline = self.deadline.min(Instant::now() + limit);
        Self { deadline, ..self.clone() }
    }

    /// How much time is left.
    #[must_use]
    pub fn remaining(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// Does some work.
    ///
    /// # Errors
    /// When the scope ends before the work.
    pub async fn run<T>(&self, work: impl Future<Output = T>) -> Result<T, Interrupted> {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => Err(Interrupted::Stopped),
            result = work => Ok(result),
            () = tokio::time::sleep_until(self.deadline) => Err(Interrupted::Deadline),
        }
    }

    /// Waits.
    ///
    /// # Errors
    /// When the scope ends before. A wait that could only end after the deadline fails at once.
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
    async fn a_stop_wakes_a_sleep_at_once() {
        let stop = CancellationToken::new();
        let scope = Scope::new(Duration::from_secs(100), stop.clone());
        let begin = Instant::now();
        let (slept, ()) = tokio::join!(scope.sleep(Duration::from_mins(1)), async { stop.cancel() });
        assert_eq!(slept, Err(Interrupted::Stopped));
        assert_eq!(begin.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_sleep_to_the_very_deadline_is_slept() {
        let (scope, begin) = (Scope::detached(Duration::from_secs(10)), Instant::now());
        assert_eq!(scope.sleep(Duration::from_secs(10)).await, Ok(()));
        assert_eq!(begin.elapsed(), Duration::from_secs(10));
    }

    #[tokio::test(start_paused = true)]
    async fn a_part_of_a_scope_ends_with_it_at_the_latest_and_is_about_the_same() {
        let task = Task { operation: "create cluster".to_owned(), ..Task::default() };
        let scope = Scope::detached(Duration::from_secs(10)).about(task.clone());
        assert_eq!(scope.within(Duration::from_secs(4)).remaining(), Duration::from_secs(4));
        assert_eq!(scope.within(Duration::from_secs(40)).remaining(), Duration::from_secs(10));
        assert_eq!(scope.within(Duration::from_secs(4)).task(), &task);
    }

    #[tokio::test(start_paused = true)]
    async fn a_sleep_beyond_the_deadline_is_not_begun() {
        let scope = Scope::detached(Duration::from_secs(5));
        let begin = Instant::now();
        assert_eq!(scope.sleep(Duration::from_secs(6)).await, Err(Interrupted::Deadline));
        assert_eq!(begin.elapsed(), Duration::ZERO);
        assert_eq!(scope.run(std::future::pending::<()>()).await, Err(Interrupted::Deadline));
        assert_eq!(begin.elapsed(), Duration::from_secs(5));
    }
}
