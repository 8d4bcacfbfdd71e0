//! The pacer against APIs that limit requests in different ways, with a paused clock.

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
    let (second, ()) = tokio::join!(pacer.acquire(&scope), async {
        assert!(pacer.rate_limited(first, Duration::from_secs(4)), "it begins a pause");
        assert!(!pacer.rate_limited(first, Duration::from_secs(3)), "one lasts already");
        assert_eq!(pacer.pause(), Duration::from_secs(4));
    });
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
    for (base, accepted, expected) in
        [(10.0, 0.0, 10.0), (10.0, 200.0, 11.25), (10.0, 400.0, 20.0), (10.0, 800.0, 90.0), (10.0, 4_000.0, MAX_RATE)]
    {
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
