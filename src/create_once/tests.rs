//! Creates in a cloud that answers as each test sets it up, with a paused clock.

use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use tensorpool::Scope;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::creator::{Candidate, Named};
use super::*;
use crate::testing::client;

/// An answer to a create.
#[derive(Clone, Copy)]
enum Said {
    Created(&'static str),
    Lost,
    Refused(ErrorKind),
}

impl Said {
    fn answer(self) -> Result<Created, Error> {
        let error = |kind| Error::new(kind, "POST /cluster/create");
        match self {
            Self::Created(id) => Ok(Created::at_once(id)),
            Self::Lost => Err(error(ErrorKind::Transport).ambiguous(true)),
            Self::Refused(kind) => Err(error(kind)),
        }
    }
}

/// A cloud in which each create is answered as the test sets it up, and objects become visible at a time.
struct Cloud {
    answers: Mutex<Vec<Said>>,
    visible: Vec<(Duration, Candidate)>,
    complete: bool,
    begin: Instant,
    sent: Mutex<u32>,
}

impl Cloud {
    fn new(answers: impl IntoIterator<Item = Said>) -> Self {
        let mut answers: Vec<_> = answers.into_iter().collect();
        answers.reverse();
        Self {
            answers: answers.into(),
            visible: Vec::new(),
            complete: true,
            begin: Instant::now(),
            sent: Mutex::new(0),
        }
    }

    fn showing(mut self, after: u64, id: &str, fits: bool) -> Self {
        self.visible.push((Duration::from_secs(after), Candidate { id: id.to_owned(), fits }));
        self
    }

    fn sent(&self) -> u32 {
        *self.sent.lock().expect("no test panics in it")
    }
}

#[async_trait]
impl Creator for Cloud {
    async fn send(&self, _: &Api) -> Result<Created, Error> {
        *self.sent.lock().expect("no test panics in it") += 1;
        self.answers.lock().expect("no test panics in it").pop().expect("the test expects this create").answer()
    }

    async fn named(&self, _: &Api) -> Result<Named, Error> {
        let elapsed = self.begin.elapsed();
        let visible = self.visible.iter().filter(|(after, _)| *after <= elapsed);
        Ok(Named { candidates: visible.map(|(_, one)| one.clone()).collect(), complete: self.complete })
    }
}

async fn run(cloud: &Cloud, owner: NameOwner) -> Result<Outcome, CreateError> {
    let api = within(Scope::detached(Duration::from_hours(1)));
    create_once(cloud, &HashSet::from(["c-0".to_owned()]), owner, Attempt::First, &api).await
}

fn within(scope: Scope) -> Api {
    client("https://a").scoped(scope)
}

#[test]
fn an_error_says_what_became_of_the_create() {
    let error = |kind| Error::new(kind, "POST /cluster/create");
    let table = [
        (error(ErrorKind::Conflict), Answer::Conflict),
        (error(ErrorKind::PaymentRequired), Answer::Rejected),
        (error(ErrorKind::Stopped), Answer::Rejected),
        (error(ErrorKind::Stopped).ambiguous(true), Answer::Ended),
        (error(ErrorKind::Deadline).ambiguous(true), Answer::Ended),
        (error(ErrorKind::Transport).ambiguous(true), Answer::Ambiguous),
    ];
    for (error, expected) in table {
        let text = error.to_string();
        assert_eq!(answer(&Err(error), &HashSet::new()), expected, "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn others_of_the_name_are_those_that_are_new_and_not_the_created_one() {
    let cloud = Cloud::new([]).showing(0, "c-0", true).showing(0, "c-1", true).showing(0, "c-2", true);
    let (before, api) = (HashSet::from(["c-0".to_owned()]), within(Scope::detached(Duration::from_mins(1))));
    assert_eq!(others(&cloud, "c-2", &before, &api).await, ["c-1"]);
}

#[tokio::test(start_paused = true)]
async fn what_appears_right_before_a_stop_is_found_by_a_last_glance() {
    let mut cloud = Cloud::new([Said::Lost]);
    let (appears, stops) = (Duration::from_micros(10_000_500), Duration::from_millis(10_001));
    cloud.visible.push((appears, Candidate { id: "c-1".to_owned(), fits: true }));
    let (stop, before) = (CancellationToken::new(), HashSet::new());
    let api = within(Scope::new(Duration::from_hours(1), stop.clone()));
    let begin = Instant::now();
    let (outcome, ()) = tokio::join!(create_once(&cloud, &before, NameOwner::Ours, Attempt::First, &api), async {
        tokio::time::sleep(stops).await;
        stop.cancel();
    });
    assert_eq!(outcome.expect("it is found").created.id, "c-1");
    assert!(begin.elapsed() < Duration::from_millis(10_100), "{:?}", begin.elapsed());
}

#[tokio::test(start_paused = true)]
async fn an_ordinary_create_is_sent_once_and_lists_nothing() {
    let cloud = Cloud::new([Said::Created("c-1")]);
    let outcome = run(&cloud, NameOwner::Anybody).await.expect("it is created");
    assert_eq!((outcome.created.id.as_str(), outcome.found_by_name, cloud.sent()), ("c-1", false, 1));
}

#[tokio::test(start_paused = true)]
async fn the_id_of_an_object_that_was_there_before_is_not_ours() {
    assert!(matches!(run(&Cloud::new([Said::Created("c-0")]), NameOwner::Ours).await, Err(CreateError::Foreign(_))));
}

#[tokio::test(start_paused = true)]
async fn what_reads_show_late_is_found_before_the_create_is_sent_again() {
    let cloud = Cloud::new([Said::Lost]).showing(40, "c-1", true);
    let outcome = run(&cloud, NameOwner::Anybody).await.expect("it is found");
    assert_eq!((outcome.created.id.as_str(), outcome.found_by_name, cloud.sent()), ("c-1", true, 1));
}

#[tokio::test(start_paused = true)]
async fn after_a_minute_without_it_the_create_is_sent_once_more_and_others_of_the_name_are_reported() {
    let cloud = Cloud::new([Said::Lost, Said::Created("c-2")]).showing(61, "c-1", true).showing(61, "c-2", true);
    let begin = Instant::now();
    let outcome = run(&cloud, NameOwner::Anybody).await.expect("it is created");
    assert!(begin.elapsed() >= Duration::from_secs(50), "{:?}", begin.elapsed());
    assert_eq!((outcome.created.id.as_str(), cloud.sent()), ("c-2", 2));
    let late = Cloud::new([Said::Lost, Said::Lost]);
    assert!(matches!(run(&late, NameOwner::Ours).await, Err(CreateError::Ambiguous(_, ids)) if ids.is_empty()));
    assert_eq!(late.sent(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_incomplete_list_is_no_reason_to_send_again() {
    let cloud = Cloud { complete: false, ..Cloud::new([Said::Lost]) };
    assert!(matches!(run(&cloud, NameOwner::Anybody).await, Err(CreateError::Ambiguous(..))));
    assert_eq!(cloud.sent(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_ours_is_not_adopted() {
    for cloud in [
        Cloud::new([Said::Lost]).showing(0, "c-1", false),
        Cloud::new([Said::Lost]).showing(0, "c-1", true).showing(0, "c-2", true),
    ] {
        let outcome = run(&cloud, NameOwner::Anybody).await;
        assert!(matches!(outcome, Err(CreateError::Ambiguous(_, ids)) if !ids.is_empty()));
    }
    let before = Cloud::new([Said::Refused(ErrorKind::Conflict)]).showing(0, "c-0", true);
    assert!(matches!(run(&before, NameOwner::Ours).await, Err(CreateError::Ambiguous(_, ids)) if ids.is_empty()));
}

#[tokio::test(start_paused = true)]
async fn a_conflict_with_a_name_of_ours_is_waited_for_and_with_another_is_a_refusal() {
    let ours = Cloud::new([Said::Refused(ErrorKind::Conflict)]).showing(20, "c-1", true);
    let outcome = run(&ours, NameOwner::Ours).await.expect("it is found");
    assert_eq!((outcome.created.id.as_str(), ours.sent()), ("c-1", 1));
    let theirs = Cloud::new([Said::Refused(ErrorKind::Conflict)]).showing(0, "c-1", true);
    assert!(matches!(run(&theirs, NameOwner::Anybody).await, Err(CreateError::Rejected(_))));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_the_second_create_does_not_say_that_the_first_had_no_effect() {
    let cloud = Cloud::new([Said::Lost, Said::Refused(ErrorKind::PaymentRequired)]);
    assert!(matches!(run(&cloud, NameOwner::Anybody).await, Err(CreateError::Ambiguous(..))));
    let first = Cloud::new([Said::Refused(ErrorKind::PaymentRequired)]);
    assert!(matches!(run(&first, NameOwner::Anybody).await, Err(CreateError::Rejected(_))));
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_the_search_within_seconds() {
    let (cloud, stop) = (Cloud::new([Said::Lost]), CancellationToken::new());
    let api = within(Scope::new(Duration::from_hours(1), stop.clone()));
    let before = HashSet::new();
    let begin = Instant::now();
    let (outcome, ()) = tokio::join!(create_once(&cloud, &before, NameOwner::Ours, Attempt::First, &api), async {
        tokio::time::sleep(Duration::from_secs(10)).await;
        stop.cancel();
    });
    assert!(matches!(outcome, Err(CreateError::Ambiguous(..))));
    assert!(begin.elapsed() <= Duration::from_secs(13), "{:?}", begin.elapsed());
    assert_eq!(cloud.sent(), 1);
}
