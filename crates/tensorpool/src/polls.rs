//! Polls that can be left out, when many requests are waited for at once.
//!
//! Each wait polls its own request, in the interval that the API demands, so a hundred waits are a hundred polls in each interval. A
//! list shows the objects of all of them. As long as it shows an object just as a list did before the last poll, which found that
//! the request goes on, the request can hardly have ended, and is not polled in this interval.
//!
//! That is no proof, and nothing follows from it but a poll less: what a list shows as changed, or does not show, is polled, and so
//! is every request once a minute, whatever lists show. How a request ended, only a poll says.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::bulk::{Item, Moment, State, Step, WaitOf};
use crate::error::Error;
use crate::object::{ApiObject, Objects};
use crate::recent::owners;
use crate::request::Request;
use crate::tolerance::Tolerance;

/// The longest time between two polls of a request because of what lists show.
const MAX_UNPOLLED: Duration = Duration::from_mins(1);

/// What may show without a poll that a request goes on.
pub(crate) trait GoesOn: Send {
    /// Whether the request goes on, as far as can be seen without a poll.
    ///
    /// # Errors
    /// Returns an error if the scope ends.
    fn goes_on(&mut self) -> impl Future<Output = Result<bool, Error>> + Send;

    /// Notes a poll which found that the request goes on.
    fn note_poll(&mut self);
}

/// Nothing but polls.
pub(crate) struct PollsAlone;

impl GoesOn for PollsAlone {
    async fn goes_on(&mut self) -> Result<bool, Error> {
        Ok(false)
    }

    fn note_poll(&mut self) {}
}

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
        let kind = Arc::clone(&self.wait.0);
        if !kind.has_many_waits() || !self.views.are_useful {
            return Ok(false);
        }
        // A list that began after the last look: whoever looks first in an interval asks for it, and all others share it.
        let since = std::mem::replace(&mut self.looked, self.objects.api.client().bulk().now());
        loop {
            let seen = kind.state().seen(self.id, owners::<T>(), since);
            let shown = match seen {
                Step::Answer(object) => Some(object),
                Step::ReadAlone => None,
                Step::List(owner) => {
                    let is_there = |state: &State<T>| state.is_newer(owner, since);
                    self.objects.ask_for_list(owner, is_there).await?;
                    continue;
                }
            };
            return Ok(self.views.take(shown, Instant::now()));
        }
    }

    fn note_poll(&mut self) {
        self.views.note_poll(Instant::now());
    }
}

/// What lists have shown of one object.
struct Views<T> {
    /// What a list showed before the last poll, which found that the request goes on.
    before_poll: Option<T>,
    /// What a list has shown since.
    since_poll: Option<T>,
    polled: Instant,
    /// Whether lists show the status of the object: in others nothing might change when the request ends.
    are_useful: bool,
}

impl<T: Item + PartialEq> Views<T> {
    fn new(now: Instant) -> Self {
        Self { before_poll: None, since_poll: None, polled: now, are_useful: true }
    }

    /// Takes what a newer list shows of the object, if it does. Whether that means that the request goes on.
    fn take(&mut self, shown: Option<T>, now: Instant) -> bool {
        self.are_useful = shown.as_ref().is_none_or(shows_status);
        self.since_poll = shown.filter(|_| self.are_useful);
        let is_unchanged = self.since_poll.is_some() && self.since_poll == self.before_poll;
        is_unchanged && now.duration_since(self.polled) < MAX_UNPOLLED
    }

    fn note_poll(&mut self, now: Instant) {
        self.before_poll = self.since_poll.take();
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

    #[test]
    fn a_poll_is_left_out_while_lists_show_the_object_as_before_the_last_one() {
        let begin = Instant::now();
        let at = |seconds| begin + Duration::from_secs(seconds);
        let (creating, running) = (|| Some(cluster(Some("CREATING"))), || Some(cluster(Some("RUNNING"))));
        let mut views = Views::new(begin);
        views.note_poll(at(0));
        assert!(!views.take(creating(), at(1)), "no list came before the first poll");
        views.note_poll(at(1));
        assert!(views.take(creating(), at(2)) && views.take(creating(), at(3)));
        assert!(!views.take(running(), at(4)), "it has changed");
        views.note_poll(at(4));
        assert!(views.take(running(), at(5)), "the poll found that the request goes on");
        assert!(!views.take(None, at(6)), "it is in no list");
        views.note_poll(at(6));
        assert!(!views.take(running(), at(7)));
        views.note_poll(at(7));
        assert!(views.take(running(), at(66)) && !views.take(running(), at(67)), "once a minute it is polled");
    }

    #[test]
    fn lists_without_a_status_show_nothing() {
        let mut views = Views::new(Instant::now());
        for _ in 0..3 {
            assert!(!views.take(Some(cluster(None)), Instant::now()) && !views.are_useful);
            views.note_poll(Instant::now());
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
            self.begin.elapsed().checked_sub(Duration::from_millis(4_000 + at * 20))
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
                assert!(!is_shown || ended.is_ok_and(|request| request.status == RequestStatus::Completed));
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
        let (polls, lists, found) = waited(40, true, Duration::from_secs(30)).await;
        // Two polls at the begin, without a list before the first, and the one that finds the end; each second would be one.
        assert!(polls <= 40 * 4 && lists <= 16, "{polls} polls, {lists} lists");
        assert!(found.len() == 40 && found.iter().all(|late| *late < Duration::from_millis(2_500)), "{found:?}");
    }

    #[tokio::test]
    async fn a_few_waits_ask_for_no_list() {
        let (polls, lists, _) = waited(3, true, Duration::from_secs(30)).await;
        assert!(lists == 0 && polls >= 12, "{polls} polls, {lists} lists");
    }

    #[tokio::test]
    async fn while_lists_show_no_change_nothing_is_polled_for_a_minute() {
        let (polls, lists, _) = waited(5, false, Duration::from_secs(7)).await;
        // Without lists there would be 35 polls. A minute has not passed.
        assert!(lists > 2 && polls <= 15, "{polls} polls, {lists} lists");
    }
}
