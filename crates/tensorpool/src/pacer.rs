//! The one rate limiter: all requests of the process pass it one after another.
//!
//! A 429 stops everybody for as long as the API asks. Those who waited are then let go at a pace, not all at once: the
//! pace falls by half with a 429 and grows slowly while there is none, as TCP does with its window. So the pace finds the
//! API's limit, which is documented nowhere.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::scope::{Interrupted, Scope};

/// Requests per second before the API said anything, and at most. Beyond it the API would have to answer within 10 ms.
const FASTEST: f64 = 100.0;
/// However often the API refuses, one request in two seconds still asks.
const SLOWEST: f64 = 0.5;
/// How much the pace grows in each second without a 429, in requests per second.
const GROWTH: f64 = 1.0;

/// The right to send one request now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn(Instant);

/// Lets requests go at a pace that the API bears.
pub(crate) struct Pacer(Mutex<Pace>);

struct Pace {
    per_second: f64,
    /// When the next request may go. A pause moves it ahead.
    next: Instant,
    /// Nobody goes before this.
    paused_until: Instant,
    /// When the pace last fell. A 429 to an older request tells nothing of the pace since.
    slowed: Instant,
}

impl Default for Pacer {
    fn default() -> Self {
        let now = Instant::now();
        Self(Mutex::new(Pace { per_second: FASTEST, next: now, paused_until: now, slowed: now }))
    }
}

impl Pacer {
    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a turn. Turns are given in the order in which they are asked for.
    pub async fn turn(&self, scope: &Scope) -> Result<Turn, Interrupted> {
        loop {
            let turn = self.pace().reserve(Instant::now());
            scope.sleep(turn.saturating_duration_since(Instant::now())).await?;
            // A pause that began meanwhile holds for those who had a turn before it as well.
            if self.pace().paused_until <= turn {
                return Ok(Turn(turn));
            }
        }
    }

    /// The API took a request.
    pub fn accepted(&self) {
        let mut pace = self.pace();
        pace.per_second = (pace.per_second + GROWTH / pace.per_second).min(FASTEST);
    }

    /// The API refused a request with 429 and wants to be left alone for a while.
    pub fn refused(&self, turn: Turn, wait: Duration) {
        let (mut pace, now) = (self.pace(), Instant::now());
        pace.paused_until = pace.paused_until.max(now + wait);
        pace.next = pace.next.max(pace.paused_until);
        if turn.0 >= pace.slowed {
            pace.per_second = (pace.per_second / 2.0).max(SLOWEST);
            pace.slowed = now;
            // The turns that were given at the old pace are worth nothing behind a pause.
            pace.next = pace.paused_until;
        }
    }
}

impl Pace {
    fn reserve(&mut self, now: Instant) -> Instant {
        let turn = self.next.max(now);
        self.next = turn + Duration::from_secs_f64(1.0 / self.per_second);
        turn
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// An API that takes 20 requests in each second.
    #[derive(Default)]
    struct Limited {
        second: Mutex<(u64, u32)>,
        refused: AtomicU32,
    }

    impl Limited {
        fn ask(&self, begin: Instant) -> bool {
            let mut second = self.second.lock().expect("no test panics with it");
            let now = begin.elapsed().as_secs();
            *second = if second.0 == now { (now, second.1 + 1) } else { (now, 1) };
            let taken = second.1 <= 20;
            if !taken {
                self.refused.fetch_add(1, Ordering::Relaxed);
            }
            taken
        }
    }

    #[tokio::test(start_paused = true)]
    async fn two_hundred_pollers_get_through_a_limit_of_twenty_a_second() {
        let (pacer, api, begin) = (Arc::new(Pacer::default()), Arc::new(Limited::default()), Instant::now());
        let poller = |_| {
            let (pacer, api) = (Arc::clone(&pacer), Arc::clone(&api));
            tokio::spawn(async move {
                let scope = Scope::detached(Duration::from_mins(10));
                let mut polls = 0;
                while polls < 5 {
                    let turn = pacer.turn(&scope).await.expect("it comes within the scope");
                    // The way to the API and back.
                    tokio::time::sleep(Duration::from_millis(30)).await;
                    if api.ask(begin) {
                        pacer.accepted();
                        polls += 1;
                        tokio::time::sleep(Duration::from_secs(1)).await;
                    } else {
                        pacer.refused(turn, Duration::from_secs(1));
                    }
                }
                begin.elapsed()
            })
        };
        let pollers: Vec<_> = (0..200).map(poller).collect();
        let mut ends = Vec::new();
        for poller in pollers {
            ends.push(poller.await.expect("no poller panics"));
        }
        let (first, last) = (ends.iter().min().expect("200"), ends.iter().max().expect("200"));
        let refused = api.refused.load(Ordering::Relaxed);
        // 1,000 polls need 50 s at the least.
        assert!(*last < Duration::from_secs(110), "it took {last:?}");
        assert!(refused <= 50, "{refused} of 1,000 were refused");
        assert!(*last < *first * 2, "the first ended after {first:?}, the last after {last:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_longest_pause_counts_for_everybody_and_ends_at_a_pace() {
        let (pacer, scope, begin) = (Pacer::default(), Scope::detached(Duration::from_mins(1)), Instant::now());
        let turn = pacer.turn(&scope).await.expect("there is no pause yet");
        pacer.refused(turn, Duration::from_secs(9));
        pacer.refused(turn, Duration::from_secs(3));
        pacer.turn(&scope).await.expect("the pause is within the scope");
        assert_eq!(begin.elapsed(), Duration::from_secs(9));
        pacer.turn(&scope).await.expect("the second is within the scope");
        assert!(begin.elapsed() > Duration::from_secs(9));
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_holds_for_those_who_had_a_turn() {
        let (pacer, scope, begin) = (Pacer::default(), Scope::detached(Duration::from_mins(1)), Instant::now());
        let first = pacer.turn(&scope).await.expect("the first goes at once");
        let (second, ()) = tokio::join!(pacer.turn(&scope), async { pacer.refused(first, Duration::from_secs(4)) });
        second.expect("the pause is within the scope");
        assert!(begin.elapsed() >= Duration::from_secs(4));
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_beyond_the_deadline_is_not_waited_for() {
        let (pacer, scope, begin) = (Pacer::default(), Scope::detached(Duration::from_secs(5)), Instant::now());
        let turn = pacer.turn(&scope).await.expect("there is no pause yet");
        pacer.refused(turn, Duration::from_secs(9));
        assert_eq!(pacer.turn(&scope).await.err(), Some(Interrupted::Deadline));
        assert_eq!(begin.elapsed(), Duration::ZERO);
    }
}
