//! The rate limiter that all requests of the process share.
//!
//! A 429 pauses all requests for as long as the API demands. Afterwards requests are sent at nine tenths of the rate that the
//! API accepted before. The rate then grows with the cube of the time it has been in use without a 429, like the window of
//! TCP CUBIC: slowly at first, so that it stays near the limit, and quickly later, so that a limit that no longer exists is
//! noticed. The API documents no limit.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::scope::{Interrupted, Scope};

/// The rate at the start, and the highest one, in requests per second. A higher one would require responses within 10 ms.
const MAX_RATE: f64 = 100.0;
/// The lowest rate, however many 429s there are: a request every two seconds still finds out when the API accepts them again.
const MIN_RATE: f64 = 0.5;
/// The new rate after a 429, relative to what the API accepted in the second before.
const DECREASE: f64 = 0.9;
/// The lowest new rate after one 429, relative to the old one. In a second that has just begun, little is accepted yet, and
/// that says little about the limit.
const MAX_DECREASE: f64 = 0.25;
/// The seconds of full use without a 429 after which the rate has doubled.
const DOUBLING_TIME: f64 = 40.0;
/// The time over which accepted requests are counted.
const WINDOW: Duration = Duration::from_secs(1);

/// The permission to send one request now. Contains the time at which it was issued.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Permit(Instant);

/// Issues permits at a rate that the API accepts.
pub(crate) struct Pacer {
    /// The holder of the lock is next. The lock is fair.
    queue: tokio::sync::Mutex<()>,
    pace: Mutex<Pace>,
}

struct Pace {
    /// The rate after the last 429, in requests per second.
    base_rate: f64,
    /// The number of requests accepted since the last 429. The rate grows with this number and not with time, because a
    /// rate that is not used proves nothing.
    accepted: f64,
    /// The times of the requests accepted in the last second.
    recent: VecDeque<Instant>,
    /// The time for which the last permit was issued.
    last: Option<Instant>,
    /// No permit is issued before this time.
    paused_until: Instant,
    /// The time of the last decrease. A 429 to an older request says nothing about the rate since then.
    decreased_at: Instant,
}

impl Default for Pacer {
    fn default() -> Self {
        Self { queue: tokio::sync::Mutex::default(), pace: Mutex::new(Pace::new(MAX_RATE, Instant::now())) }
    }
}

impl Pacer {
    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a permit. Permits are issued in the order of the calls.
    ///
    /// # Errors
    /// Returns an error if the scope ends first, and at once if a pause lasts beyond its deadline.
    pub async fn acquire(&self, scope: &Scope) -> Result<Permit, Interrupted> {
        let pause = self.pause();
        if pause > scope.remaining() {
            scope.sleep(pause).await?;
        }
        let _next = scope.run(self.queue.lock()).await?;
        loop {
            // A pause may begin during the sleep, so the time is computed again afterwards.
            let wait = self.pace().next_permit_at().saturating_duration_since(Instant::now());
            if wait.is_zero() {
                return Ok(self.pace().issue(Instant::now()));
            }
            scope.sleep(wait).await?;
        }
    }

    /// Records that the API responded to a request with anything but a 429.
    pub fn accepted(&self) {
        self.pace().accept(Instant::now());
    }

    /// Records a 429 to the request of a permit, and pauses all requests. Returns whether that began a pause, as opposed to one
    /// that lasts already.
    pub fn rate_limited(&self, permit: Permit, pause: Duration) -> bool {
        let (mut pace, now) = (self.pace(), Instant::now());
        let begins = pace.paused_until <= now && !pause.is_zero();
        pace.decrease(permit, now, pause);
        begins
    }

    /// Returns how long all requests still wait because of a 429.
    pub fn pause(&self) -> Duration {
        self.pace().paused_until.saturating_duration_since(Instant::now())
    }
}

impl Pace {
    fn new(base_rate: f64, now: Instant) -> Self {
        Self { base_rate, accepted: 0.0, recent: VecDeque::new(), last: None, paused_until: now, decreased_at: now }
    }

    fn rate(&self) -> f64 {
        let seconds = self.accepted / self.base_rate;
        (self.base_rate * (1.0 + (seconds / DOUBLING_TIME).powi(3))).min(MAX_RATE)
    }

    fn interval(&self) -> Duration {
        Duration::from_secs_f64(1.0 / self.rate())
    }

    fn next_permit_at(&self) -> Instant {
        self.last.map_or(self.paused_until, |last| self.paused_until.max(last + self.interval()))
    }

    fn issue(&mut self, now: Instant) -> Permit {
        // A timer that fires late must not lower the rate, so up to one interval is caught up.
        let on_time = now.checked_sub(self.interval()).map_or(now, |earliest| self.next_permit_at().max(earliest));
        self.last = Some(on_time.min(now));
        Permit(now)
    }

    fn accept(&mut self, now: Instant) {
        self.accepted += 1.0;
        self.recent.push_back(now);
        while self.recent.front().is_some_and(|time| now.duration_since(*time) >= WINDOW) {
            self.recent.pop_front();
        }
    }

    fn decrease(&mut self, permit: Permit, now: Instant, pause: Duration) {
        self.paused_until = self.paused_until.max(now + pause);
        if permit.0 < self.decreased_at {
            return;
        }
        let rate = self.rate();
        let recent = self.recent.iter().filter(|time| now.duration_since(**time) < WINDOW).count();
        // After a long pause nothing was accepted recently: the rate is too high, but it is unknown by how much.
        let sustainable = if recent == 0 { rate / 2.0 } else { u32::try_from(recent).map_or(rate, f64::from) };
        self.base_rate = (sustainable.min(rate) * DECREASE).max(rate * MAX_DECREASE).max(MIN_RATE);
        self.accepted = 0.0;
        self.decreased_at = now;
    }
}

#[cfg(test)]
mod tests;
