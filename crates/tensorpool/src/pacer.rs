//! The one rate limiter: all requests of the process pass it one after another.
//!
//! A 429 stops everybody for as long as the API asks. Then requests go on at a pace just below what the API took before
//! it refused. The pace grows hardly at first and faster the longer it goes well, as that of TCP CUBIC does: so it stays
//! near a limit that is there, and finds out soon when there is none any more. The limit is documented nowhere.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::scope::{Interrupted, Scope};

/// Requests per second before the API said anything, and at most. Beyond it the API would have to answer within 10 ms.
const FASTEST: f64 = 100.0;
/// However often the API refuses, one request in two seconds still asks.
const SLOWEST: f64 = 0.5;
/// After a 429, the share that is tried of what the API took in the second before.
const BACK: f64 = 0.9;
/// One 429 lowers the pace to this share at most: what was taken in a second that had hardly begun tells little.
const LOWEST_STEP: f64 = 0.25;
/// After so many seconds of full use without a 429 the pace has doubled.
const DOUBLING: f64 = 40.0;
const MEASURED: Duration = Duration::from_secs(1);

/// The right to send one request now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn(Instant);

/// Lets requests go at a pace that the API bears.
pub(crate) struct Pacer {
    /// Whoever holds it is next. It is given in the order in which it is asked for.
    queue: tokio::sync::Mutex<()>,
    pace: Mutex<Pace>,
}

struct Pace {
    /// Requests per second after the last 429.
    base: f64,
    /// How many requests the API took since. A pace that nobody used has not proved itself, so it does not grow with time.
    taken: f64,
    /// When the API took the requests of the last second.
    recent: VecDeque<Instant>,
    /// When the last request went.
    last: Option<Instant>,
    /// Nobody goes before this.
    paused_until: Instant,
    /// When the pace last fell. A 429 to an older request tells nothing of the pace since.
    slowed: Instant,
}

impl Default for Pacer {
    fn default() -> Self {
        let now = Instant::now();
        let pace =
            Pace { base: FASTEST, taken: 0.0, recent: VecDeque::new(), last: None, paused_until: now, slowed: now };
        Self { queue: tokio::sync::Mutex::default(), pace: Mutex::new(pace) }
    }
}

impl Pacer {
    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a turn. Turns are given in the order in which they are asked for. A pause beyond the deadline of the
    /// scope is not waited for.
    pub async fn turn(&self, scope: &Scope) -> Result<Turn, Interrupted> {
        let pause = self.pace().paused_until.saturating_duration_since(Instant::now());
        if pause > scope.remaining() {
            scope.sleep(pause).await?;
        }
        let _next = scope.run(self.queue.lock()).await?;
        loop {
            // A pause may begin while somebody sleeps, so it is looked at again.
            let wait = self.pace().ready().saturating_duration_since(Instant::now());
            if wait.is_zero() {
                return Ok(Turn(self.pace().go(Instant::now())));
            }
            scope.sleep(wait).await?;
        }
    }

    /// The API answered a request with anything but a 429.
    pub fn taken(&self) {
        self.pace().take(Instant::now());
    }

    /// The API refused a request with 429 and wants to be left alone for a while.
    pub fn refused(&self, turn: Turn, wait: Duration) {
        self.pace().refuse(turn, Instant::now(), wait);
    }
}

impl Pace {
    fn per_second(&self) -> f64 {
        let seconds = self.taken / self.base;
        (self.base * (1.0 + (seconds / DOUBLING).powi(3))).min(FASTEST)
    }

    fn interval(&self) -> Duration {
        Duration::from_secs_f64(1.0 / self.per_second())
    }

    /// When the next request may go.
    fn ready(&self) -> Instant {
        self.last.map_or(self.paused_until, |last| self.paused_until.max(last + self.interval()))
    }

    fn go(&mut self, now: Instant) -> Instant {
        // A timer that wakes late must not slow everybody down, so one interval at most is caught up.
        let on_time = now.checked_sub(self.interval()).map_or(now, |earliest| self.ready().max(earliest));
        self.last = Some(on_time.min(now));
        now
    }

    fn take(&mut self, now: Instant) {
        self.taken += 1.0;
        self.recent.push_back(now);
        while self.recent.front().is_some_and(|time| now.duration_since(*time) >= MEASURED) {
            self.recent.pop_front();
        }
    }

    fn refuse(&mut self, turn: Turn, now: Instant, wait: Duration) {
        self.paused_until = self.paused_until.max(now + wait);
        if turn.0 < self.slowed {
            return;
        }
        let pace = self.per_second();
        let recent = self.recent.iter().filter(|time| now.duration_since(**time) < MEASURED).count();
        // Nothing was taken after a long pause: that says that the pace is too fast, and not by how much.
        let bearable = if recent == 0 { pace / 2.0 } else { u32::try_from(recent).map_or(pace, f64::from) };
        self.base = (bearable.min(pace) * BACK).max(pace * LOWEST_STEP).max(SLOWEST);
        self.taken = 0.0;
        self.slowed = now;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// How an API counts.
    #[derive(Clone, Copy, Debug)]
    enum Rule {
        /// So many in each second by the clock.
        EachSecond(u32),
        /// So many in any second.
        AnySecond(u32),
        /// So many a second, and twice as many at once after a rest.
        Bucket(u32),
    }

    /// An API with a limit.
    struct Limited {
        begin: Instant,
        state: Mutex<State>,
        refused: AtomicU32,
    }

    struct State {
        rule: Rule,
        /// When the requests of the last seconds were taken.
        taken: VecDeque<Duration>,
        level: f64,
        last: Duration,
    }

    impl Limited {
        fn new(rule: Rule) -> Arc<Self> {
            let level = if let Rule::Bucket(limit) = rule { f64::from(2 * limit) } else { 0.0 };
            let state = State { rule, taken: VecDeque::new(), level, last: Duration::ZERO };
            Arc::new(Self { begin: Instant::now(), state: Mutex::new(state), refused: AtomicU32::new(0) })
        }

        fn ask(&self) -> bool {
            let (mut state, now) = (self.state.lock().expect("no test panics with it"), self.begin.elapsed());
            let takes = state.takes(now);
            if !takes {
                self.refused.fetch_add(1, Ordering::Relaxed);
            }
            takes
        }
    }

    impl State {
        fn takes(&mut self, now: Duration) -> bool {
            let limit = match self.rule {
                Rule::EachSecond(limit) => {
                    self.taken.retain(|time| time.as_secs() == now.as_secs());
                    limit
                }
                Rule::AnySecond(limit) => {
                    self.taken.retain(|time| now < *time + Duration::from_secs(1));
                    limit
                }
                Rule::Bucket(limit) => {
                    let rest = now.saturating_sub(self.last).as_secs_f64();
                    self.level = (self.level + rest * f64::from(limit)).min(f64::from(2 * limit));
                    self.last = now;
                    let full = self.level >= 1.0;
                    self.level -= if full { 1.0 } else { 0.0 };
                    return full;
                }
            };
            let free = self.taken.len() < limit as usize;
            if free {
                self.taken.push_back(now);
            }
            free
        }
    }

    /// So many pollers of an API for so long. Each polls once a second. The answer is how often each was answered.
    async fn poll(api: &Arc<Limited>, pollers: usize, time: Duration) -> Vec<u32> {
        let pacer = Arc::new(Pacer::default());
        let poller = |_| {
            let (pacer, api) = (Arc::clone(&pacer), Arc::clone(api));
            tokio::spawn(async move {
                let scope = Scope::detached(time);
                let mut polls = 0;
                while !scope.remaining().is_zero()
                    && let Ok(turn) = pacer.turn(&scope).await
                {
                    // The way to the API and back.
                    tokio::time::sleep(Duration::from_millis(30)).await;
                    if api.ask() {
                        pacer.taken();
                        polls += 1;
                        tokio::time::sleep(Duration::from_secs(1)).await;
                    } else {
                        pacer.refused(turn, Duration::from_secs(1));
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
    async fn two_hundred_pollers_use_what_a_limit_allows_and_each_has_its_share() {
        for limit in [3, 20] {
            for rule in [Rule::EachSecond(limit), Rule::AnySecond(limit), Rule::Bucket(limit)] {
                let api = Limited::new(rule);
                let polls = poll(&api, 200, Duration::from_secs(100)).await;
                let (taken, refused) = (polls.iter().sum::<u32>(), api.refused.load(Ordering::Relaxed));
                let (least, most) = (polls.iter().min().expect("200"), polls.iter().max().expect("200"));
                assert!(taken >= 100 * limit * 8 / 10, "{rule:?}: only {taken} were taken");
                assert!(refused <= 15, "{rule:?}: {refused} were refused");
                assert!(most - least <= 3, "{rule:?}: one got {least} answers, another {most}");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_that_is_lifted_is_found_out() {
        let api = Limited::new(Rule::AnySecond(20));
        let lifting = Arc::clone(&api);
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_mins(1)).await;
            lifting.state.lock().expect("no test panics with it").rule = Rule::AnySecond(1000);
        });
        let taken: u32 = poll(&api, 200, Duration::from_mins(2)).await.iter().sum();
        // At the former pace it would be 2,400 at the most.
        assert!(taken > 3600, "only {taken} were taken");
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

    fn pace(base: f64, taken: f64) -> Pace {
        let now = Instant::now();
        Pace { base, taken, recent: VecDeque::new(), last: None, paused_until: now, slowed: now }
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[tokio::test(start_paused = true)]
    async fn a_pace_doubles_in_forty_seconds_of_full_use_and_has_an_end() {
        for (base, taken, expected) in [
            (10.0, 0.0, 10.0),
            (10.0, 200.0, 11.25),
            (10.0, 400.0, 20.0),
            (10.0, 800.0, 90.0),
            (10.0, 4_000.0, FASTEST),
        ] {
            let pace = pace(base, taken);
            assert!(close(pace.per_second(), expected), "{base} {taken}: {}", pace.per_second());
            assert!(close(pace.interval().as_secs_f64(), (1e9 / expected).round() / 1e9), "{base} {taken}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_429_sets_the_pace_to_nine_tenths_of_what_was_taken_in_the_last_second() {
        for (base, recent, expected) in
            [(100.0, 40, 36.0), (100.0, 0, 45.0), (100.0, 1, 25.0), (10.0, 40, 9.0), (0.6, 0, SLOWEST), (4.0, 0, 1.8)]
        {
            let mut pace = pace(base, 0.0);
            let turn = Turn(Instant::now());
            tokio::time::advance(Duration::from_secs(5)).await;
            // These are a second old when the 429 comes, and count no more.
            pace.recent.extend([Instant::now(); 7]);
            tokio::time::advance(MEASURED).await;
            pace.recent.extend(vec![Instant::now(); recent]);
            pace.refuse(turn, Instant::now(), Duration::from_secs(2));
            assert!(close(pace.base, expected), "{base} {recent}: {}", pace.base);
            assert!(close(pace.taken, 0.0));
            assert_eq!(pace.paused_until, Instant::now() + Duration::from_secs(2));
            assert_eq!(pace.slowed, Instant::now());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_429_to_an_older_request_only_pauses() {
        let mut pace = pace(100.0, 0.0);
        let old = Turn(Instant::now());
        tokio::time::advance(Duration::from_millis(10)).await;
        pace.refuse(Turn(Instant::now()), Instant::now(), Duration::ZERO);
        let (base, now) = (pace.base, Instant::now());
        pace.refuse(old, now, Duration::from_secs(3));
        assert!(close(pace.base, base), "{} is not {base}", pace.base);
        assert_eq!(pace.paused_until, now + Duration::from_secs(3));
        pace.refuse(Turn(now), now, Duration::ZERO);
        assert!(pace.base < base, "a request of that very moment is not older");
    }

    #[tokio::test(start_paused = true)]
    async fn only_the_last_second_of_what_was_taken_is_kept() {
        let mut pace = pace(100.0, 0.0);
        for _ in 0..50 {
            pace.take(Instant::now());
            tokio::time::advance(Duration::from_millis(100)).await;
        }
        assert!(close(pace.taken, 50.0));
        assert_eq!(pace.recent.len(), 10);
    }

    #[tokio::test(start_paused = true)]
    async fn one_interval_at_most_is_caught_up() {
        let (mut pace, begin) = (pace(10.0, 0.0), Instant::now());
        assert_eq!(pace.ready(), begin);
        pace.go(begin);
        assert_eq!(pace.ready(), begin + Duration::from_millis(100));
        // A little late: the next one comes as if this had been on time.
        pace.go(begin + Duration::from_millis(130));
        assert_eq!(pace.ready(), begin + Duration::from_millis(200));
        // Very late: there is no burst.
        let late = begin + Duration::from_secs(9);
        pace.go(late);
        assert_eq!(pace.ready(), late);
        pace.paused_until = late + Duration::from_secs(1);
        assert_eq!(pace.ready(), late + Duration::from_secs(1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_beyond_the_deadline_is_not_waited_for_behind_somebody_who_is_next() {
        let (pacer, scope, begin) = (Pacer::default(), Scope::detached(Duration::from_secs(5)), Instant::now());
        let turn = pacer.turn(&scope).await.expect("there is no pause yet");
        pacer.refused(turn, Duration::from_secs(9));
        let _next = pacer.queue.lock().await;
        assert_eq!(pacer.turn(&scope).await.err(), Some(Interrupted::Deadline));
        assert_eq!(begin.elapsed(), Duration::ZERO);
    }
}
