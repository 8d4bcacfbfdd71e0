//! Sends a create so that it takes effect once.
//!
//! Names are unique, and this one was free before. So an object of that name after a create whose answer was lost is ours, if
//! it was not there before and can be what was asked for. What follows from which answer is decided in
//! [`crate::evidence::ambiguity`].

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use tensorpool::{Client, Completeness, Error, ErrorKind, Listing, Progress, Scope, Tolerance, wait_until};

use crate::evidence::ambiguity::{Answer, Attempt, NameOwner, Next, SEARCH_LIMIT, next};
use crate::timeouts;

/// An accepted create.
#[derive(Clone, Debug)]
pub struct Created {
    /// The id of the new object.
    pub id: String,
    /// The request to wait for. Without one, the object itself shows when it is ready.
    pub request_id: Option<String>,
}

/// An object that a search by name found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its id.
    pub id: String,
    /// Whether it can be what was asked for, as far as the API returns it.
    pub fits: bool,
}

/// The objects of a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Those that were found.
    pub candidates: Vec<Candidate>,
    /// Whether the list in which they were searched for is complete, so that what is not in it does not exist.
    pub complete: bool,
}

impl Named {
    /// Those of a list that `is_it` recognises, all of which can be what was asked for.
    pub async fn of<T>(
        listing: &Listing<T>,
        is_it: impl Fn(&T) -> bool,
        id: impl Fn(&T) -> &str,
        api: &Client,
        scope: &Scope,
    ) -> Self {
        let named = listing.items.iter().filter(|item| is_it(item));
        let candidates = named.map(|item| Candidate { id: id(item).to_owned(), fits: true }).collect();
        Self { candidates, complete: is_complete(&listing.completeness, api, scope).await }
    }
}

/// Whether what is not in a list is not there. A list that answers 404 is an empty one if the API is there at all.
pub async fn is_complete(completeness: &Completeness, api: &Client, scope: &Scope) -> bool {
    match completeness {
        Completeness::Complete => true,
        Completeness::NotFound => api.account(scope).await.is_ok(),
        Completeness::Incomplete(_) => false,
    }
}

/// What a create needs of the API.
#[async_trait]
pub trait Creator: Send + Sync {
    /// Sends the create.
    async fn send(&self, scope: &Scope) -> Result<Created, Error>;
    /// The objects that have the name now, also in a spelling of the API's.
    async fn named(&self, scope: &Scope) -> Result<Named, Error>;
}

/// A create that took effect.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The object.
    pub created: Created,
    /// The answer was lost, and the object was found by its name.
    pub found_by_name: bool,
    /// Other objects of the name, which the first of two creates may have left.
    pub others: Vec<String>,
}

/// Why a create has no object to show.
#[derive(Debug)]
pub enum CreateError {
    /// The API refused it, so there is no object.
    Rejected(Error),
    /// The API returned the id of an object that existed before.
    Foreign(String),
    /// There may be an object, and these have its name.
    Ambiguous(Error, Vec<String>),
}

/// Sends a create, and searches for the object by its name before it is sent again. `before` holds the ids of the objects that
/// were listed before. The first create that is sent here counts as `attempt`.
///
/// # Errors
/// When there is no object, or it cannot be known whether there is one.
pub async fn create_once(
    creator: &impl Creator,
    before: &HashSet<String>,
    owner: NameOwner,
    mut attempt: Attempt,
    scope: &Scope,
) -> Result<Outcome, CreateError> {
    loop {
        let answered = creator.send(scope).await;
        let what_next = next(attempt, answer(&answered, before), owner);
        let error = match answered {
            Ok(created) if what_next == Next::Accept => {
                let others = match attempt {
                    Attempt::First => Vec::new(),
                    Attempt::Second => others(creator, &created.id, before, scope).await,
                };
                return Ok(Outcome { created, found_by_name: false, others });
            }
            Ok(created) => return Err(CreateError::Foreign(created.id)),
            Err(error) if what_next == Next::Reject => return Err(CreateError::Rejected(error)),
            Err(error) => error,
        };
        match search(creator, before, what_next == Next::GlanceThenGiveUp, scope).await {
            Search::Found(id) => {
                let created = Created { id, request_id: None };
                return Ok(Outcome { created, found_by_name: true, others: Vec::new() });
            }
            Search::Nothing if what_next == Next::SearchThenSend => attempt = Attempt::Second,
            Search::Nothing => return Err(CreateError::Ambiguous(error, Vec::new())),
            Search::Ambiguous(ids) => return Err(CreateError::Ambiguous(error, ids)),
        }
    }
}

/// What an answer to a create says.
pub(crate) fn answer(answered: &Result<Created, Error>, before: &HashSet<String>) -> Answer {
    match answered {
        Ok(created) if before.contains(&created.id) => Answer::CreatedBefore,
        Ok(_) => Answer::Created,
        Err(error) if error.kind() == ErrorKind::Conflict => Answer::Conflict,
        Err(error) if !error.is_ambiguous() => Answer::Rejected,
        Err(error) if matches!(error.kind(), ErrorKind::Stopped | ErrorKind::Deadline) => Answer::Ended,
        Err(_) => Answer::Ambiguous,
    }
}

/// What a search by name found.
#[derive(Debug, PartialEq, Eq)]
pub enum Search {
    /// The one object that can be ours.
    Found(String),
    /// None, to the end of the search.
    Nothing,
    /// Several, or one that cannot be what was asked for, or no complete list to the end of the search.
    Ambiguous(Vec<String>),
}

/// Searches for the object by its name until it is found or the search has lasted [`SEARCH_LIMIT`], as reads may lag behind
/// writes. An operation that is ending searches for two seconds.
pub async fn search(creator: &impl Creator, before: &HashSet<String>, ending: bool, scope: &Scope) -> Search {
    let limit = if ending { Scope::detached(timeouts::LAST_READ) } else { scope.within(SEARCH_LIMIT) };
    let lacks = AtomicBool::new(false);
    let check = || async {
        let named = creator.named(&limit).await?;
        let mut new = named.candidates;
        new.retain(|candidate| !before.contains(&candidate.id));
        lacks.store(new.is_empty() && named.complete, Ordering::Relaxed);
        Ok(if new.is_empty() { Progress::Pending("not found yet".to_owned()) } else { Progress::Done(new) })
    };
    match wait_until("searching for what was created", Tolerance::NONE, &limit, check).await {
        Ok(found) => match found.as_slice() {
            [one] if one.fits => Search::Found(one.id.clone()),
            _ => Search::Ambiguous(found.into_iter().map(|candidate| candidate.id).collect()),
        },
        Err(error) if error.kind() == ErrorKind::Stopped && !ending => {
            // A last glance: it may find the object, but its silence allows nothing.
            match Box::pin(search(creator, before, true, scope)).await {
                Search::Nothing => Search::Ambiguous(Vec::new()),
                found => found,
            }
        }
        Err(error) if error.kind() == ErrorKind::Deadline && lacks.into_inner() => Search::Nothing,
        Err(_) => Search::Ambiguous(Vec::new()),
    }
}

/// The objects of the name in addition to the one that was created. That they cannot be listed hides nothing that is known.
async fn others(creator: &impl Creator, id: &str, before: &HashSet<String>, scope: &Scope) -> Vec<String> {
    let named = creator.named(scope).await.unwrap_or_default();
    let ids = named.candidates.into_iter().map(|candidate| candidate.id);
    ids.filter(|other| other != id && !before.contains(other)).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Duration;

    use tensorpool::{Config, Secret};
    use tensorpool_simulator::{Options, Simulator};
    use tokio::time::Instant;
    use tokio_util::sync::CancellationToken;

    use super::*;

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
                Self::Created(id) => Ok(Created { id: id.to_owned(), request_id: None }),
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
        async fn send(&self, _: &Scope) -> Result<Created, Error> {
            *self.sent.lock().expect("no test panics in it") += 1;
            self.answers.lock().expect("no test panics in it").pop().expect("the test expects this create").answer()
        }

        async fn named(&self, _: &Scope) -> Result<Named, Error> {
            let elapsed = self.begin.elapsed();
            let visible = self.visible.iter().filter(|(after, _)| *after <= elapsed);
            Ok(Named { candidates: visible.map(|(_, one)| one.clone()).collect(), complete: self.complete })
        }
    }

    async fn run(cloud: &Cloud, owner: NameOwner) -> Result<Outcome, CreateError> {
        let scope = Scope::detached(Duration::from_hours(1));
        create_once(cloud, &HashSet::from(["c-0".to_owned()]), owner, Attempt::First, &scope).await
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
        let (before, scope) = (HashSet::from(["c-0".to_owned()]), Scope::detached(Duration::from_mins(1)));
        assert_eq!(others(&cloud, "c-2", &before, &scope).await, ["c-1"]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_appears_right_before_a_stop_is_found_by_a_last_glance() {
        let mut cloud = Cloud::new([Said::Lost]);
        let (appears, stops) = (Duration::from_micros(10_000_500), Duration::from_millis(10_001));
        cloud.visible.push((appears, Candidate { id: "c-1".to_owned(), fits: true }));
        let (stop, before) = (CancellationToken::new(), HashSet::new());
        let scope = Scope::new(Duration::from_hours(1), stop.clone());
        let begin = Instant::now();
        let (outcome, ()) =
            tokio::join!(create_once(&cloud, &before, NameOwner::Ours, Attempt::First, &scope), async {
                tokio::time::sleep(stops).await;
                stop.cancel();
            });
        assert_eq!(outcome.expect("it is found").created.id, "c-1");
        assert!(begin.elapsed() < Duration::from_millis(10_100), "{:?}", begin.elapsed());
    }

    #[tokio::test]
    async fn a_list_that_is_not_found_is_an_empty_one_if_the_api_is_there() {
        let options = Options { listen: ([127, 0, 0, 1], 0).into(), api_key: KEY.to_owned(), ..Options::default() };
        let cloud = Simulator::spawn(options).expect("the simulator starts");
        let scope = Scope::detached(Duration::from_secs(20));
        let here = client(&cloud.url());
        let elsewhere = client(&format!("{}/elsewhere", cloud.url()));
        let cut = || Completeness::Incomplete("there is more".to_owned());
        let table = [
            (&here, Completeness::Complete, true),
            (&here, Completeness::NotFound, true),
            (&here, cut(), false),
            (&elsewhere, Completeness::Complete, true),
            (&elsewhere, Completeness::NotFound, false),
            (&elsewhere, cut(), false),
        ];
        for (api, completeness, expected) in table {
            assert_eq!(is_complete(&completeness, api, &scope).await, expected, "{completeness:?}");
            let listing = Listing { items: vec![1, 2], completeness };
            let named = Named::of(&listing, |item| *item == 2, |_| "c-2", api, &scope).await;
            let candidates = vec![Candidate { id: "c-2".to_owned(), fits: true }];
            assert_eq!(named, Named { candidates, complete: expected });
        }
    }

    const KEY: &str = "tp-simulated";

    fn client(url: &str) -> Client {
        let config = Config::new(Secret::new(KEY), url).expect("it can work");
        Client::new(config.max_retries(0)).expect("a client can be made")
    }

    #[tokio::test(start_paused = true)]
    async fn an_ordinary_create_is_sent_once_and_lists_nothing() {
        let cloud = Cloud::new([Said::Created("c-1")]);
        let outcome = run(&cloud, NameOwner::Anybody).await.expect("it is created");
        assert_eq!((outcome.created.id.as_str(), outcome.found_by_name, cloud.sent()), ("c-1", false, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn the_id_of_an_object_that_was_there_before_is_not_ours() {
        assert!(matches!(
            run(&Cloud::new([Said::Created("c-0")]), NameOwner::Ours).await,
            Err(CreateError::Foreign(_))
        ));
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
        let scope = Scope::new(Duration::from_hours(1), stop.clone());
        let before = HashSet::new();
        let begin = Instant::now();
        let (outcome, ()) =
            tokio::join!(create_once(&cloud, &before, NameOwner::Ours, Attempt::First, &scope), async {
                tokio::time::sleep(Duration::from_secs(10)).await;
                stop.cancel();
            });
        assert!(matches!(outcome, Err(CreateError::Ambiguous(..))));
        assert!(begin.elapsed() <= Duration::from_secs(13), "{:?}", begin.elapsed());
        assert_eq!(cloud.sent(), 1);
    }
}
