//! Polls that can be left out, when many requests are waited for at once.
//!
//! Each wait polls its own request, in the interval that the API demands, so a hundred waits are a hundred polls in each interval. A
//! list shows the objects of all of them. As long as it shows an object just as a list did before the last poll, which found that
//! the request goes on, the request can hardly have ended, and is not polled in this interval.
//!
//! That is no proof, and nothing follows from it but that a poll comes later: what a list shows as changed, or does not show, is polled
//! in the same interval. What lists never show as changed is polled after 1, 2, 4, 8 of the intervals and so on, and at least once
//! a minute; so where lists show too little, an end is found after at most twice the time that it took. In the last minutes of an
//! operation all polls are sent: nothing that has ended may be reported as unfinished. How a request ended, only a poll says.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::bulk::{Item, Moment, State, Step, WaitOf};
use crate::error::Error;
use crate::object::{ApiObject, Objects};
use crate::recent::owners;
use crate::request::{GoesOn, Request};
use crate::tolerance::Tolerance;

/// The longest time without a poll because of what lists show. The interval of the API and the time of a list come in addition.
const MAX_UNPOLLED: Duration = Duration::from_mins(1);
/// When no more time is left to an operation, all polls are sent.
const LAST: Duration = Duration::from_mins(2);
/// After so many lists in a row that made no poll needless, a wait asks for no more.
const MAX_USELESS: u32 = 3;

impl<T: ApiObject> Objects<'_, T> {
    /// Waits for the end of a request that concerns an object of this kind, as [`Requests::wait`](crate::Requests::wait) does. While
    /// many such requests are waited for, lists show which of them need not be polled.
    ///
    /// # Errors
    /// As those of [`Requests::wait`](crate::Requests::wait).
    pub async fn wait_for_request(
        &self,
        request_id: &str,
        object_id: &str,
        tolerance: Tolerance,
    ) -> Result<Request, Error> {
        let bulk = self.api.client().bulk();
        let lists = Lists {
            objects: self,
            id: object_id,
            wait: WaitOf::begin(bulk.kind::<T>()),
            looked: bulk.now(),
            views: Views::new(Instant::now()),
        };
        self.api.requests().wait_unless(request_id, Some(object_id), tolerance, lists).await
    }
}

/// The lists that show the object of a request.
struct Lists<'a, T> {
    objects: &'a Objects<'a, T>,
    id: &'a str,
    wait: WaitOf<T>,
    /// When they were last looked at.
    looked: Moment,
    views: Views<T>,
}

impl<T: ApiObject> GoesOn for Lists<'_, T> {
    async fn goes_on(&mut self) -> Result<bool, Error> {
        let (api, kind) = (self.objects.api, Arc::clone(&self.wait.0));
        let is_worth_while = kind.has_many_waits() && api.scope().remaining() > LAST;
        if !is_worth_while || self.views.is_poll_due(Instant::now()) {
            return Ok(false);
        }
        // Whoever looks first in an interval asks for the list, and all others share it.
        let shown = loop {
            let seen = kind.state().seen(self.id, owners::<T>(), self.looked);
            match seen {
                Step::Answer(object) => break Some(object),
                Step::ReadAlone => break None,
                Step::List(owner) => {
                    let is_there = |state: &State<T>| state.is_newer(owner, self.looked);
                    self.objects.ask_for_list(owner, is_there).await?;
                }
            }
        };
        self.looked = api.client().bulk().now();
        Ok(self.views.take(shown, Instant::now()))
    }

    fn note_poll(&mut self) {
        self.looked = self.objects.api.client().bulk().now();
        self.views.note_poll(Instant::now());
    }
}

/// What lists have shown of one object.
struct Views<T> {
    /// What a list showed before the last poll, which found that the request goes on.
    before_poll: Option<T>,
    /// What a list has shown since.
    since_poll: Option<T>,
    /// When a list showed a change, or the wait began.
    changed: Instant,
    polled: Instant,
    /// How many lists in a row have made no poll needless.
    useless: u32,
}

impl<T: Item + PartialEq> Views<T> {
    fn new(now: Instant) -> Self {
        Self { before_poll: None, since_poll: None, changed: now, polled: now, useless: 0 }
    }

    /// Whether the request has to be polled now, whatever a list shows.
    fn is_poll_due(&self, now: Instant) -> bool {
        let silence = self.polled.duration_since(self.changed).min(MAX_UNPOLLED);
        self.useless >= MAX_USELESS || now.duration_since(self.polled) >= silence
    }

    /// Takes what a newer list shows of the object, if it does. Whether that makes the next poll needless.
    fn take(&mut self, shown: Option<T>, now: Instant) -> bool {
        // Without a status, nothing might change when the request ends.
        self.since_poll = shown.filter(shows_status);
        let is_unchanged = self.since_poll.is_some() && self.since_poll == self.before_poll;
        if is_unchanged {
            self.useless = 0;
            return !self.is_poll_due(now);
        }
        self.useless += 1;
        if self.before_poll.is_some() {
            self.changed = now;
        }
        false
    }

    /// Notes a poll which found that the request goes on.
    fn note_poll(&mut self, now: Instant) {
        self.before_poll = self.since_poll.take().or(self.before_poll.take());
        self.polled = now;
    }
}

fn shows_status<T: Item>(object: &T) -> bool {
    let is_status = |field: &str| field.rsplit('.').next() == Some("status");
    object.fields().iter().any(|(field, is_reported)| *is_reported && is_status(field))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use futures_util::future::join_all;
    use serde_json::{Value, json};
    use wiremock::matchers::{path, path_regex};
    use wiremock::{Mock, MockServer, Request as Asked, Respond, ResponseTemplate};

    use super::*;
    use crate::api::Api;
    use crate::client::Client;
    use crate::cluster::Cluster;
    use crate::config::Config;
    use crate::request::RequestStatus;
    use crate::scope::Scope;
    use crate::secret::Secret;

    fn cluster(status: Option<&str>) -> Cluster {
        Cluster { id: "c-1".to_owned(), status: status.map(str::to_owned), ..Cluster::default() }
    }

    /// The seconds at which a request is polled that begins at 0 and is looked at each second, when lists show this at a second.
    fn polled_at(seconds: u64, shown: impl Fn(u64) -> Option<Cluster>) -> Vec<u64> {
        let begin = Instant::now();
        let mut views = Views::new(begin);
        let polls = (0..seconds).filter(|second| {
            let now = begin + Duration::from_secs(*second);
            let is_polled = views.is_poll_due(now) || !views.take(shown(*second), now);
            if is_polled {
                views.note_poll(now);
            }
            is_polled
        });
        polls.collect()
    }

    #[test]
    fn what_lists_show_unchanged_is_polled_ever_more_seldom_and_once_a_minute() {
        let polls = polled_at(200, |_| Some(cluster(Some("CREATING"))));
        assert_eq!(polls, [0, 1, 2, 3, 6, 12, 24, 48, 96, 156]);
    }

    #[test]
    fn what_lists_show_as_changed_is_polled_at_once_and_again_soon() {
        let polls = polled_at(60, |second| Some(cluster(Some(if second < 30 { "CREATING" } else { "RUNNING" }))));
        assert_eq!(polls, [0, 1, 2, 3, 6, 12, 24, 30, 31, 32, 34, 38, 46]);
        let flickering = polled_at(20, |second| Some(cluster(Some(if second % 2 == 0 { "A" } else { "B" }))));
        assert_eq!(flickering, (0..20).collect::<Vec<_>>(), "each list is another one");
    }

    #[test]
    fn where_lists_show_nothing_everything_is_polled_and_soon_no_list_is_asked_for() {
        for shown in [None, Some(cluster(None))] {
            assert_eq!(polled_at(50, |_| shown.clone()), (0..50).collect::<Vec<_>>());
            let begin = Instant::now();
            let polled = begin + Duration::from_secs(1);
            let mut views = Views::new(begin);
            views.note_poll(polled);
            for lists in 0..5 {
                assert_eq!(views.is_poll_due(polled), lists >= MAX_USELESS);
                assert!(!views.take(shown.clone(), polled));
            }
        }
        assert!(shows_status(&cluster(Some("CREATING"))) && !shows_status(&cluster(None)));
    }

    /// Clusters whose creates end after a while, one after the other.
    struct Creates {
        begin: Instant,
        number: u64,
        /// Whether lists show how the creates stand.
        is_shown: bool,
        /// When each end was polled, after the create had ended.
        found: Mutex<Vec<Duration>>,
    }

    impl Creates {
        fn has_ended(&self, at: u64) -> Option<Duration> {
            self.begin.elapsed().checked_sub(Duration::from_millis(8_000 + at * 20))
        }
    }

    struct Answers(Arc<Creates>);

    impl Respond for Answers {
        fn respond(&self, request: &Asked) -> ResponseTemplate {
            let path = request.url.path();
            let body = if let Some(id) = path.strip_prefix("/request/info/r-") {
                let ended = self.0.has_ended(id.parse().expect("it is a number"));
                self.0.found.lock().expect("no test panics").extend(ended);
                json!({"request_id": format!("r-{id}"), "status": if ended.is_some() { "COMPLETED" } else { "PROCESSING" }})
            } else if request.url.query().is_some() {
                json!([])
            } else {
                let status =
                    |at| if self.0.is_shown && self.0.has_ended(at).is_some() { "RUNNING" } else { "CREATING" };
                let one = |at| json!({"id": format!("c-{at}"), "status": status(at)});
                (0..self.0.number).map(one).collect::<Vec<Value>>().into()
            };
            ResponseTemplate::new(200).insert_header("retry-after", "1").set_body_json(body)
        }
    }

    /// Waits for so many creates at once. Returns the number of polls and of lists, and how late their ends were found.
    async fn waited(number: u64, is_shown: bool, limit: Duration) -> (usize, usize, Vec<Duration>) {
        let server = MockServer::start().await;
        let creates = Arc::new(Creates { begin: Instant::now(), number, is_shown, found: Mutex::default() });
        Mock::given(path_regex("^/request/info/")).respond_with(Answers(Arc::clone(&creates))).mount(&server).await;
        Mock::given(path("/cluster/list")).respond_with(Answers(Arc::clone(&creates))).mount(&server).await;
        let config = Config::new(Secret::new("k"), &server.uri()).expect("it is a loopback address").max_retries(0);
        let api: Api = Client::new(config).expect("a client can be created").scoped(Scope::detached(limit));
        join_all((0..number).map(|at| {
            let api = &api;
            async move {
                // As creates do, they begin one after the other.
                tokio::time::sleep(Duration::from_millis(at * 20)).await;
                let (request, object) = (format!("r-{at}"), format!("c-{at}"));
                let ended = api.clusters().wait_for_request(&request, &object, Tolerance::NONE).await;
                assert!(ended.is_ok_and(|request| request.status == RequestStatus::Completed));
            }
        }))
        .await;
        let requests = server.received_requests().await.expect("they are recorded");
        let count = |part: &str| requests.iter().filter(|request| request.url.path().contains(part)).count();
        let found = std::mem::take(&mut *creates.found.lock().expect("no test panics"));
        (count("/info/"), count("/list"), found)
    }

    #[tokio::test]
    async fn many_waits_share_lists_and_every_end_is_found_in_time() {
        let (polls, lists, found) = waited(40, true, Duration::from_mins(10)).await;
        // Each second would be a poll, which are more than 400.
        assert!(polls <= 40 * 7 && lists <= 16, "{polls} polls, {lists} lists");
        assert!(found.len() == 40 && found.iter().all(|late| *late < Duration::from_millis(2_500)), "{found:?}");
    }

    #[tokio::test]
    async fn a_few_waits_and_the_last_minutes_of_an_operation_ask_for_no_list() {
        for (number, limit) in [(3, Duration::from_mins(10)), (6, LAST)] {
            let (polls, lists, found) = waited(number, true, limit).await;
            assert!(lists == 0 && found.iter().all(|late| *late < Duration::from_millis(1_500)), "{polls} {found:?}");
        }
    }

    #[tokio::test]
    async fn an_end_that_lists_never_show_is_found_within_the_time_that_it_took() {
        let (_, lists, found) = waited(6, false, Duration::from_mins(10)).await;
        assert!(lists > 0 && found.len() == 6 && found.iter().all(|late| *late < Duration::from_secs(6)), "{found:?}");
    }
}
