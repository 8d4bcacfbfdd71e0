//! The destroy of an object that costs money, and what follows from its answer.
//!
//! 202 is polled to the end, 404 is success. 409 does not say why: the API answers so for a protected object, for one that
//! is not in a state for it, and while a destroy is under way. So the object is looked at, and the look decides.

use std::future::ready;

use tensorpool::{Client, Error, ErrorKind, Progress, Scope};
use terraform_plugin::{Diagnostic, Diagnostics};

use super::look::listed;
use super::protection::locked_outside;
use super::{Operation, Paid, Remote, id_of, messages, scope, subject};
use crate::errors::Action;

/// In private state: the request of a destroy that has not ended.
const RELEASE: &str = "release_request";
/// How often a 409 for which the look shows no reason is tried again.
pub const UNEXPLAINED_TRIES: u32 = 3;

/// Why the API may refuse to destroy an object, beside its protection.
pub enum Obstacle {
    /// Nothing is seen.
    None,
    /// It is not in a state for it, which passes.
    Unsettled,
    /// It is in use by these clusters.
    AttachedTo(Vec<String>),
}

/// What the API says to the destroy.
enum Answer {
    /// It is under way, with a request to wait for or without.
    Released(Option<String>),
    /// There is nothing to destroy.
    Gone,
}

/// Destroys an object and waits until it is gone.
///
/// # Errors
/// When it cannot be destroyed. Then it stays in the state.
pub async fn delete<P: Paid>(operation: &mut Operation<P>, prior: P) -> Result<(), Diagnostics> {
    let session = operation.client();
    let (api, id) = (session.api()?, id_of(&prior));
    session.journal().seen(P::Remote::KIND.type_name, &id);
    let scope = scope(operation, Action::Delete, &prior);
    // Until the end is seen the object stays in the state, with the request that the next run can join.
    operation.save(prior.clone());
    let subject = subject(Action::Delete, &prior);
    let request = match running_release(operation, api, &scope).await {
        Some(id) => Some(id),
        None => match destroy(api, &prior, &scope).await? {
            Answer::Gone => return Ok(()),
            Answer::Released(id) => id,
        },
    };
    if let Some(request) = request {
        operation.private_mut().set(RELEASE, request.clone());
        match api.requests().wait(&request, &scope).await {
            Ok(_) => {}
            // The API forgets requests; then the object itself tells.
            Err(error) if error.is_not_found() => {}
            Err(error) => {
                if error.kind() == ErrorKind::RequestFailed {
                    operation.private_mut().remove(RELEASE);
                }
                return Err(subject.failed(&error).into());
            }
        }
    }
    wait_until_gone::<P>(api, &id, &scope).await.map_err(|error| subject.failed(&error))?;
    Ok(())
}

/// The destroy that an earlier run began, if it still goes on.
async fn running_release<P: Paid>(operation: &Operation<P>, api: &Client, scope: &Scope) -> Option<String> {
    let id = operation.private().text(RELEASE)?;
    let request = api.requests().get(id, scope).await.ok()?;
    (!request.status.is_terminal()).then(|| id.to_owned())
}

async fn destroy<P: Paid>(api: &Client, prior: &P, scope: &Scope) -> Result<Answer, Diagnostics> {
    let (id, subject) = (id_of(prior), subject(Action::Delete, prior));
    let failed = |error: &Error| Diagnostics::from(subject.failed(error));
    let mut unexplained = 0;
    loop {
        let conflict = match P::Remote::destroy(api, &id, scope).await {
            Ok(accepted) => return Ok(Answer::Released(accepted.request_id)),
            // 404 is success if the look agrees.
            Err(error) if error.is_not_found() || error.kind() == ErrorKind::Conflict => error,
            Err(error) => return Err(failed(&error)),
        };
        let remote = match P::Remote::get(api, &id, scope).await {
            Ok(remote) if remote.is_gone() => return Ok(Answer::Gone),
            Ok(remote) => remote,
            // Two answers of 404 agree. After a 409 the list has to decide.
            Err(error) if error.is_not_found() && conflict.is_not_found() => return Ok(Answer::Gone),
            Err(error) if error.is_not_found() => {
                match listed::<P::Remote>(api, &id, scope).await.map_err(|error| failed(&error))? {
                    Some(remote) => remote,
                    None => return Ok(Answer::Gone),
                }
            }
            Err(error) => return Err(failed(&error)),
        };
        if remote.is_protected() {
            return Err(locked_outside(prior, &conflict).into());
        }
        if let Some(request) = release_under_way::<P>(api, &id, scope).await {
            return Ok(Answer::Released(Some(request)));
        }
        match remote.obstacle() {
            Obstacle::AttachedTo(clusters) => {
                let story = format!("{} ", subject.story(&conflict));
                return Err(messages::attached(&P::Remote::KIND, &subject, &clusters.join(", "), &story).into());
            }
            Obstacle::Unsettled => {
                tracing::info!("the {} cannot be destroyed yet: {}", P::Remote::KIND.noun, remote.describe());
                match wait_until_changed::<P>(api, &remote, scope).await {
                    Ok(true) => {}
                    Ok(false) => return Ok(Answer::Gone),
                    Err(error) => return Err(unsettled(prior, &error).into()),
                }
            }
            Obstacle::None if unexplained == UNEXPLAINED_TRIES => return Err(failed(&conflict)),
            Obstacle::None => {
                unexplained += 1;
                pause(api, "waiting to try the destroy again", scope).await.map_err(|error| failed(&error))?;
            }
        }
    }
}

/// The request of a destroy that somebody else began. That it cannot be asked is no failure: the look goes on.
async fn release_under_way<P: Paid>(api: &Client, id: &str, scope: &Scope) -> Option<String> {
    let operations = P::Remote::operations(api, id, scope).await.ok()?;
    operations
        .into_iter()
        .find(|request| {
            let kind = request.request_type.as_deref().unwrap_or_default();
            kind.eq_ignore_ascii_case(P::Remote::KIND.delete_request) && !request.status.is_terminal()
        })
        .map(|request| request.request_id)
        .filter(|id| !id.is_empty())
}

/// Waits until the object is no longer as it was when the API refused; false when it is gone. It need not be ready then:
/// nodes of a create that failed never run, and still the API may destroy them.
async fn wait_until_changed<P: Paid>(api: &Client, before: &P::Remote, scope: &Scope) -> Result<bool, Error> {
    let look = || async {
        match P::Remote::get(api, before.id(), scope).await {
            Ok(remote) if remote.is_gone() => Ok(Progress::Done(false)),
            Ok(remote) if remote.describe() != before.describe() => Ok(Progress::Done(true)),
            Ok(remote) => Ok(Progress::Pending(remote.describe())),
            Err(error) if error.is_not_found() => {
                let listed = listed::<P::Remote>(api, before.id(), scope).await?;
                Ok(listed.map_or(Progress::Done(false), |remote| Progress::Pending(remote.describe())))
            }
            Err(error) => Err(error),
        }
    };
    api.wait_until(P::Remote::KIND.until_ready, scope, look).await
}

async fn wait_until_gone<P: Paid>(api: &Client, id: &str, scope: &Scope) -> Result<(), Error> {
    let look = || async {
        match P::Remote::get(api, id, scope).await {
            Ok(remote) if remote.is_gone() => Ok(Progress::Done(())),
            Ok(remote) => Ok(Progress::Pending(remote.describe())),
            Err(error) if error.is_not_found() => Ok(Progress::Done(())),
            // After an accepted destroy this may be how what is gone looks. The list decides.
            Err(error) if error.kind() == ErrorKind::Forbidden => {
                let listed = listed::<P::Remote>(api, id, scope).await?;
                if listed.is_some() { Err(error) } else { Ok(Progress::Done(())) }
            }
            Err(error) => Err(error),
        }
    };
    api.wait_until(&format!("waiting for the {} to be gone", P::Remote::KIND.noun), scope, look).await
}

/// One turn of the poller, after a 409. `what` names the wait.
///
/// # Errors
/// When the scope ends before.
pub async fn pause(api: &Client, what: &str, scope: &Scope) -> Result<(), Error> {
    let mut turns = 0;
    let look = || {
        turns += 1;
        ready(Ok(if turns > 1 { Progress::Done(()) } else { Progress::Pending("the API answered 409".to_owned()) }))
    };
    api.wait_until(what, scope, look).await
}

/// The time is over, and the object is still in a state in which the API refuses to destroy it.
fn unsettled<P: Paid>(prior: &P, error: &Error) -> Diagnostic {
    let (kind, mut diagnostic) = (P::Remote::KIND, subject(Action::Delete, prior).failed(error));
    if error.kind() == ErrorKind::Deadline {
        let (words, sentence) = kind.unsettled;
        diagnostic.summary = format!("Cannot delete {}: {words}", kind.noun);
        diagnostic.detail = format!("{}\n\n{sentence}", diagnostic.detail);
    }
    diagnostic
}
