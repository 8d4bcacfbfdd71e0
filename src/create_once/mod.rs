//! Sends a create so that it takes effect once.
//!
//! Names are unique, and this one was free before. So an object of that name after a create whose answer was lost is ours, if
//! it was not there before and can be what was asked for. What follows from which answer is decided in
//! [`crate::evidence::ambiguity`].

mod creator;
mod search;

use std::collections::HashSet;

use tensorpool::{Api, Created, Error, ErrorKind};

use self::search::glance;
use crate::evidence::ambiguity::{Answer, Attempt, NameOwner, Next, next};

pub use creator::{Candidate, Creator, Named, is_complete};
pub use search::{Search, search};

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
    api: &Api,
) -> Result<Outcome, CreateError> {
    loop {
        let answered = creator.send(api).await;
        let what_next = next(attempt, answer(&answered, before), owner);
        let error = match answered {
            Ok(created) if what_next == Next::Accept => {
                let others = match attempt {
                    Attempt::First => Vec::new(),
                    Attempt::Second => others(creator, &created.id, before, api).await,
                };
                return Ok(Outcome { created, found_by_name: false, others });
            }
            Ok(created) => return Err(CreateError::Foreign(created.id)),
            Err(error) if what_next == Next::Reject => return Err(CreateError::Rejected(error)),
            Err(error) => error,
        };
        let searched = match what_next {
            Next::GlanceThenGiveUp => glance(creator, before, api).await,
            _ => search(creator, before, api).await,
        };
        match searched {
            Search::Found(id) => {
                let created = Created::at_once(id);
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

/// The objects of the name in addition to the one that was created. That they cannot be listed hides nothing that is known.
async fn others(creator: &impl Creator, id: &str, before: &HashSet<String>, api: &Api) -> Vec<String> {
    let named = creator.named(api).await.unwrap_or_default();
    let ids = named.candidates.into_iter().map(|candidate| candidate.id);
    ids.filter(|other| other != id && !before.contains(other)).collect()
}

#[cfg(test)]
mod tests;
