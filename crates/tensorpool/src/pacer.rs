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
        let pause = self.pace().paused_until.saturating_duration_since(Instant::now());
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

    /// Records a 429 to the request of a permit, and pauses all requests.
    pub fn rate_limited(&self, permit: Permit, pause: Duration) {
        self.pace().decrease(permit, Instant::now(), pause);
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
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// How an API limits requests.
    #[derive(Clone, Copy, Debug)]
    enum Rule {
        /// So many in each second of the clock.
        FixedWindow(u32),
        /// So many in any second.
        SlidingWindow(u32),
        /// So many per second, and up to twice as many at once after a rest.
        TokenBucket(u32),
    }

    /// An API with a rate limit.
    struct LimitedApi {
        begin: Instant,
        state: Mutex<State>,
        rejected: AtomicU32,
    }

    struct State {
        rule: Rule,
        /// The times of the requests accepted in the last second.
        accepted: VecDeque<Duration>,
        level: f64,
        last: Duration,
    }

    impl LimitedApi {
        fn new(rule: Rule) -> Arc<Self> {
            let level = if let Rule::TokenBucket(limit) = rule { f64::from(2 * limit) } else { 0.0 };
            let state = State { rule, accepted: VecDeque::new(), level, last: Duration::ZERO };
            Arc::new(Self { begin: Instant::now(), state: Mutex::new(state), rejected: AtomicU32::new(0) })
        }

        fn request(&self) -> bool {
            let (mut state, now) = (self.state.lock().expect("no test panics with it"), self.begin.elapsed());
            let accepts = state.accepts(now);
            if !accepts {
                self.rejected.fetch_add(1, Ordering::Relaxed);
            }
            accepts
        }
    }

    impl State {
        fn accepts(&mut self, now: Duration) -> bool {
            let limit = match self.rule {
                Rule::FixedWindow(limit) => {
                    self.accepted.retain(|time| time.as_secs() == now.as_secs());
                    limit
                }
                Rule::SlidingWindow(limit) => {
                    self.accepted.retain(|time| now < *time + Duration::from_secs(1));
                    limit
                }
                Rule::TokenBucket(limit) => {
                    let rest = now.saturating_sub(self.last).as_secs_f64();
                    self.level = (self.level + rest * f64::from(limit)).min(f64::from(2 * limit));
                    self.last = now;
                    let full = self.level >= 1.0;
                    self.level -= if full { 1.0 } else { 0.0 };
                    return full;
                }
            };
            let free = self.accepted.len() < limit as usize;
            if free {
                self.accepted.push_back(now);
            }
            free
        }
    }

    /// Runs some pollers for some time, each of which polls once a second. Returns how many polls of each were accepted.
    async fn poll(api: &Arc<LimitedApi>, pollers: usize, time: Duration) -> Vec<u32> {
        let pacer = Arc::new(Pacer::default());
        let poller = |_| {
            let (pacer, api) = (Arc::clone(&pacer), Arc::clone(api));
            tokio::spawn(async move {
                let scope = Scope::detached(time);
                let mut polls = 0;
                while !scope.remaining().is_zero()
                    && let Ok(permit) = pacer.acquire(&scope).await
                {
                    // The round trip.
                    tokio::time::sleep(Duration::from_millis(30)).await;
                    if api.request() {
                        pacer.accepted();
                        polls += 1;
                        tokio::time::sleep(Duration::from_secs(1)).await;
                    } else {
                        pacer.rate_limited(permit, Duration::from_secs(1));
                    }
                }
                polls
            })
        };
        let mut polls = Vec::new();
        for poller in (0..pollers).map(poller).collect::<Vec<_>>() {
            polls.push(poller.await.expect("no poller panics"));
        }
        polls
    }

    #[tokio::test(start_paused = true)]
    async fn two_hundred_pollers_use_what_a_limit_allows_and_each_gets_its_share() {
        for limit in [3, 20] {
            for rule in [Rule::FixedWindow(limit), Rule::SlidingWindow(limit), Rule::TokenBucket(limit)] {
                let api = LimitedApi::new(rule);
                let polls = poll(&api, 200, Duration::from_secs(100)).await;
                let (accepted, rejected) = (polls.iter().sum::<u32>(), api.rejected.load(Ordering::Relaxed));
                let (least, most) = (polls.iter().min().expect("200"), polls.iter().max().expect("200"));
                assert!(accepted >= 100 * limit * 8 / 10, "{rule:?}: only {accepted} were accepted");
                assert!(rejected <= 15, "{rule:?}: {rejected} were rejected");
                assert!(most - least <= 3, "{rule:?}: one got {least} responses, another {most}");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_that_is_lifted_is_noticed() {
        let api = LimitedApi::new(Rule::SlidingWindow(20));
        let lifting = Arc::clone(&api);
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_mins(1)).await;
            lifting.state.lock().expect("no test panics with it").rule = Rule::SlidingWindow(1000);
        });
        let accepted: u32 = poll(&api, 200, Duration::from_mins(2)).await.iter().sum();
        // At the former rate it would be 2,400 at most.
        assert!(accepted > 3600, "only {accepted} were accepted");
    }

    #[tokio::test(start_paused = true)]
    async fn the_longest_pause_holds_for_all_requests_and_is_followed_by_an_interval() {
        let (pacer, scope, begin) = (Pacer::default(), Scope::detached(Duration::from_mins(1)), Instant::now());
        let permit = pacer.acquire(&scope).await.expect("there is no pause yet");
        pacer.rate_limited(permit, Duration::from_secs(9));
        pacer.rate_limited(permit, Duration::from_secs(3));
        pacer.acquire(&scope).await.expect("the pause is within the scope");
        assert_eq!(begin.elapsed(), Duration::from_secs(9));
        pacer.acquire(&scope).await.expect("the second is within the scope");
        assert!(begin.elapsed() > Duration::from_secs(9));
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_holds_for_callers_that_wait_already() {
        let (pacer, scope, begin) = (Pacer::default(), Scope::detached(Duration::from_mins(1)), Instant::now());
        let first = pacer.acquire(&scope).await.expect("the first goes at once");
        let (second, ()) =
            tokio::join!(pacer.acquire(&scope), async { pacer.rate_limited(first, Duration::from_secs(4)) });
        second.expect("the pause is within the scope");
        assert!(begin.elapsed() >= Duration::from_secs(4));
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_beyond_the_deadline_is_not_waited_for() {
        let (pacer, scope, begin) = (Pacer::default(), Scope::detached(Duration::from_secs(5)), Instant::now());
        let permit = pacer.acquire(&scope).await.expect("there is no pause yet");
        pacer.rate_limited(permit, Duration::from_secs(9));
        assert_eq!(pacer.acquire(&scope).await.err(), Some(Interrupted::Deadline));
        assert_eq!(begin.elapsed(), Duration::ZERO);
    }

    fn pace(base_rate: f64, accepted: f64) -> Pace {
        Pace { accepted, ..Pace::new(base_rate, Instant::now()) }
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[tokio::test(start_paused = true)]
    async fn the_rate_doubles_in_forty_seconds_of_full_use_and_is_capped() {
        for (base, accepted, expected) in [
            (10.0, 0.0, 10.0),
            (10.0, 200.0, 11.25),
            (10.0, 400.0, 20.0),
            (10.0, 800.0, 90.0),
            (10.0, 4_000.0, MAX_RATE),
        ] {
            let pace = pace(base, accepted);
            assert!(close(pace.rate(), expected), "{base} {accepted}: {}", pace.rate());
            assert!(close(pace.interval().as_secs_f64(), (1e9 / expected).round() / 1e9), "{base} {accepted}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_429_sets_the_rate_to_nine_tenths_of_what_was_accepted_in_the_last_second() {
        for (base, recent, expected) in
            [(100.0, 40, 36.0), (100.0, 0, 45.0), (100.0, 1, 25.0), (10.0, 40, 9.0), (0.6, 0, MIN_RATE), (4.0, 0, 1.8)]
        {
            let mut pace = pace(base, 0.0);
            let permit = Permit(Instant::now());
            tokio::time::advance(Duration::from_secs(5)).await;
            // These are a second old at the time of the 429, and no longer count.
            pace.recent.extend([Instant::now(); 7]);
            tokio::time::advance(WINDOW).await;
            pace.recent.extend(vec![Instant::now(); recent]);
            pace.decrease(permit, Instant::now(), Duration::from_secs(2));
            assert!(close(pace.base_rate, expected), "{base} {recent}: {}", pace.base_rate);
            assert!(close(pace.accepted, 0.0));
            assert_eq!(pace.paused_until, Instant::now() + Duration::from_secs(2));
            assert_eq!(pace.decreased_at, Instant::now());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_429_to_an_older_request_only_pauses() {
        let mut pace = pace(100.0, 0.0);
        let old = Permit(Instant::now());
        tokio::time::advance(Duration::from_millis(10)).await;
        pace.decrease(Permit(Instant::now()), Instant::now(), Duration::ZERO);
        let (base, now) = (pace.base_rate, Instant::now());
        pace.decrease(old, now, Duration::from_secs(3));
        assert!(close(pace.base_rate, base), "{} is not {base}", pace.base_rate);
        assert_eq!(pace.paused_until, now + Duration::from_secs(3));
        pace.decrease(Permit(now), now, Duration::ZERO);
        assert!(pace.base_rate < base, "a request of the same moment is not older");
    }

    #[tokio::test(start_paused = true)]
    async fn only_the_requests_of_the_last_second_are_kept() {
        let mut pace = pace(100.0, 0.0);
        for _ in 0..50 {
            pace.accept(Instant::now());
            tokio::time::advance(Duration::from_millis(100)).await;
        }
        assert!(close(pace.accepted, 50.0));
        assert_eq!(pace.recent.len(), 10);
    }

    #[tokio::test(start_paused = true)]
    async fn up_to_one_interval_is_caught_up() {
        let (mut pace, begin) = (pace(10.0, 0.0), Instant::now());
        assert_eq!(pace.next_permit_at(), begin);
        pace.issue(begin);
        assert_eq!(pace.next_permit_at(), begin + Duration::from_millis(100));
        // A little late: the next one is due as if this one had been on time.
        pace.issue(begin + Duration::from_millis(130));
        assert_eq!(pace.next_permit_at(), begin + Duration::from_millis(200));
        // Very late: there is no burst.
        let late = begin + Duration::from_secs(9);
        pace.issue(late);
        assert_eq!(pace.next_permit_at(), late);
        pace.paused_until = late + Duration::from_secs(1);
        assert_eq!(pace.next_permit_at(), late + Duration::from_secs(1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_beyond_the_deadline_is_not_waited_for_in_the_queue_either() {
        let (pacer, scope, begin) = (Pacer::default(), Scope::detached(Duration::from_secs(5)), Instant::now());
        let permit = pacer.acquire(&scope).await.expect("there is no pause yet");
        pacer.rate_limited(permit, Duration::from_secs(9));
        let _next = pacer.queue.lock().await;
        assert_eq!(pacer.acquire(&scope).await.err(), Some(Interrupted::Deadline));
        assert_eq!(begin.elapsed(), Duration::ZERO);
    }
}
