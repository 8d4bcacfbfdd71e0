//! The search for an object whose create was not answered, by its name.

use std::collections::HashSet;
use std::fmt;

use tensorpool::{Api, Condition, Error, ErrorKind, Progress, Waited};

use super::creator::{Candidate, Creator};
use crate::evidence::ambiguity::SEARCH_LIMIT;
use crate::timeouts;

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
/// writes.
pub async fn search<C: Creator>(creator: &C, before: &HashSet<String>, api: &Api) -> Search {
    match search_in(creator, before, &api.within(SEARCH_LIMIT)).await {
        Ok(search) => search,
        // A last glance: it may find the object, but its silence allows nothing.
        Err(error) if error.kind() == ErrorKind::Stopped => match glance(creator, before, api).await {
            Search::Nothing => Search::Ambiguous(Vec::new()),
            found => found,
        },
        Err(_) => Search::Ambiguous(Vec::new()),
    }
}

/// Searches for as long as an operation that is ending has time.
pub(super) async fn glance<C: Creator>(creator: &C, before: &HashSet<String>, api: &Api) -> Search {
    let searched = search_in(creator, before, &api.detached(timeouts::LAST_READ)).await;
    searched.unwrap_or_else(|_| Search::Ambiguous(Vec::new()))
}

/// Searches until the scope ends.
async fn search_in<C: Creator>(creator: &C, before: &HashSet<String>, api: &Api) -> Result<Search, Error> {
    Ok(match api.wait_until_deadline(&NewObject { creator, before, api }).await? {
        Waited::Done(found) => match found.as_slice() {
            [one] if one.fits => Search::Found(one.id.clone()),
            _ => Search::Ambiguous(found.into_iter().map(|candidate| candidate.id).collect()),
        },
        Waited::TimedOut { last: Some(NotFound { list_is_complete: true }), .. } => Search::Nothing,
        Waited::TimedOut { .. } => Search::Ambiguous(Vec::new()),
    })
}

/// That there is an object of the name which was not there before the create.
struct NewObject<'a, C> {
    creator: &'a C,
    before: &'a HashSet<String>,
    api: &'a Api,
}

/// A list without such an object.
struct NotFound {
    list_is_complete: bool,
}

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not found yet")
    }
}

impl<C: Creator> Condition for NewObject<'_, C> {
    type Output = Vec<Candidate>;
    type Pending = NotFound;

    fn name(&self) -> String {
        "searching for what was created".to_owned()
    }

    async fn check(&self) -> Result<Progress<Vec<Candidate>, NotFound>, Error> {
        let named = self.creator.named(self.api).await?;
        let mut new = named.candidates;
        new.retain(|candidate| !self.before.contains(&candidate.id));
        Ok(if new.is_empty() {
            Progress::Pending(NotFound { list_is_complete: named.complete })
        } else {
            Progress::Done(new)
        })
    }
}
