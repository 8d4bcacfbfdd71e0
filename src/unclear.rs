//! Creates whose answer was lost, and absences, of objects that can be looked for: an SSH key by its key, what has a name by
//! its name.
//!
//! The object was looked for before the create and was not there. So if it is there after a create whose answer was lost,
//! it is ours; if it is not, the create is sent once more.

use tensorpool::{Client, Error, ErrorKind, Progress, Scope};

use crate::limits;

/// Why a create has no object to show.
#[derive(Debug)]
pub enum Unmade {
    /// The API refused it, so there is no object.
    Refused(Error),
    /// There may be an object: the answer was lost, and looking for it did not decide.
    Undecided(Error),
}

/// Sends a create. `look` gives the object if it is there.
///
/// # Errors
/// When the API refuses, or when it cannot be told whether it acted.
pub async fn create<T, C, L>(
    api: &Client,
    scope: &Scope,
    mut send: impl FnMut() -> C,
    mut look: impl FnMut(Scope) -> L,
) -> Result<T, Unmade>
where
    C: Future<Output = Result<T, Error>>,
    L: Future<Output = Result<Option<T>, Error>>,
{
    let mut unclear = match send().await {
        Ok(made) => return Ok(made),
        Err(error) if !error.outcome_is_unclear() => return Err(Unmade::Refused(error)),
        Err(error) => error,
    };
    for last in [false, true] {
        let ending = matches!(unclear.kind(), ErrorKind::Stopped | ErrorKind::Deadline);
        match search(api, scope, ending, &mut look).await {
            Ok(Some(found)) => return Ok(found),
            Ok(None) if !last && !ending => {}
            _ => break,
        }
        unclear = match send().await {
            Ok(made) => return Ok(made),
            // A conflict may be with what the first create made meanwhile.
            Err(error) if error.outcome_is_unclear() || error.kind() == ErrorKind::Conflict => error,
            Err(error) => return Err(Unmade::Refused(error)),
        };
    }
    Err(Unmade::Undecided(unclear))
}

/// Looks for an object, and once more before its absence is believed: one answer without it may come from something in
/// front of the API.
///
/// # Errors
/// When the API cannot be asked.
pub async fn look_twice<T, L>(mut look: impl FnMut() -> L) -> Result<Option<T>, Error>
where
    L: Future<Output = Result<Option<T>, Error>>,
{
    match look().await {
        Ok(None) => look().await,
        found => found,
    }
}

/// Looks for the object; failures that may pass are borne within the limit. When the operation is ending anyway, an API
/// that is just about to act gets until the limit to do so.
async fn search<T, L>(
    api: &Client,
    scope: &Scope,
    ending: bool,
    look: &mut impl FnMut(Scope) -> L,
) -> Result<Option<T>, Error>
where
    L: Future<Output = Result<Option<T>, Error>>,
{
    // Among hundreds of operations a request may wait for its turn for most of a minute.
    let patient = scope.remaining().clamp(limits::LOOK_UP, limits::LONGEST_LOOK_UP);
    let limit = Scope::detached(if ending { limits::LAST_LOOK } else { patient });
    let again = || {
        let found = look(limit.clone());
        async {
            Ok(match found.await? {
                None if ending => Progress::Pending("not there yet".to_owned()),
                found => Progress::Done(found),
            })
        }
    };
    api.wait_until("looking for what was created", &limit, again).await
}
