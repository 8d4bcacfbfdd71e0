//! The create of an object that costs money, and what follows from its answer, or from none.
//!
//! Never two objects, and never one that nobody knows of. Names are unique, and this one was free before, so an object of
//! that name after a create whose answer was lost is ours. The journal knows it if this process dies.

use std::time::Duration;

use tensorpool::{Client, Error, ErrorKind, Progress, Scope};
use terraform_plugin::{Diagnostics, Private};

use super::finish::{CLAIM, FAILED, UNFINISHED, finish};
use super::look::Known;
use super::{LAST_LOOK_LIMIT, Made, Operation, Paid, Remote, messages, scope, subject};
use crate::errors::Action;
use crate::journal::{Entry, Lookup as _, Open, Wanted, fingerprint};

/// The look for an object whose create was not answered. Worth some time, as the object costs money.
pub(super) const LOOK_UP_LIMIT: Duration = Duration::from_secs(30);

/// Creates an object and waits until it is ready.
///
/// # Errors
/// When it cannot be made or does not become ready. What exists by then is in the state.
pub async fn create<P: Paid>(operation: &mut Operation<P>, planned: P) -> Result<(), Diagnostics> {
    let session = operation.client();
    let (api, journal, kind) = (session.api()?, session.journal(), P::Remote::KIND);
    let mut state = planned;
    let bounds = scope(operation, Action::Create, &state);
    // A replacement inherits what was kept for the former object.
    *operation.private_mut() = Private::default();
    let configured = state.common().name.known().cloned();
    let generated = configured.is_none();
    let name = configured.unwrap_or_else(|| generated_name(kind.prefix));
    let configuration = fingerprint(&state.wishes());
    let wanted = Wanted { type_name: kind.type_name, name: &name, generated, configuration: &configuration };
    // What an earlier run left behind in the middle of this very create: its object, or at least its name.
    let left = journal.take(&wanted).await;
    let name = left.as_ref().map_or(&name, |(entry, _)| &entry.name).clone();
    let wanted = Wanted { name: &name, ..wanted };
    *state.common().name = name.clone().into();
    let bounds = bounds.about(super::task(&subject(Action::Create, &state)));

    let found = look_before::<P>(api, &name, left.as_ref().map(|(entry, _)| entry), &bounds).await;
    let found = found.map_err(|error| subject(Action::Create, &state).failed(&error))?;
    let (made, open) = match (found, left) {
        (Some(id), Some((entry, open))) if entry.id.as_ref().is_none_or(|known| *known == id) => {
            operation.warn(messages::adopted(&kind, &name, &id));
            let request_id = match entry.request_id {
                None => request_of::<P>(api, &id, &bounds).await,
                known => known,
            };
            (Made { id, request_id }, Some(open))
        }
        (Some(id), _) => return Err(messages::name_taken(&kind, &name, &id).into()),
        (None, left) => {
            if let Some((_, open)) = left {
                // The new entry comes below, with the same name.
                open.nothing_made();
            }
            let open = journal.begin(&wanted).unwrap_or_else(|(place, error)| {
                operation.warn(messages::no_journal(&kind, &place, &error));
                None
            });
            (claim(api, &state, &name, open.as_ref(), &bounds).await?, open)
        }
    };

    // From here on the object exists and costs money: it is in the state whatever happens next.
    if let Some(open) = &open {
        open.answered(&made.id, made.request_id.as_deref());
    }
    *state.common().id = made.id.into();
    let state = state.settled();
    operation.save(state.clone());
    match &made.request_id {
        Some(id) => operation.private_mut().set(CLAIM, id.clone()),
        None => operation.private_mut().set(UNFINISHED, true),
    }
    let finished = finish(operation, api, state, &bounds).await;
    // Terraform marks a create that failed as tainted, which already means that it is replaced.
    operation.private_mut().remove(FAILED);
    if let Some(open) = open {
        open.returned();
    }
    finished
}

fn generated_name(prefix: &str) -> String {
    let random = std::iter::repeat_with(fastrand::lowercase).take(10).collect::<String>();
    format!("{prefix}{random}")
}

/// The object that has the name already, or the one that the journal knows.
async fn look_before<P: Paid>(
    api: &Client,
    name: &str,
    left: Option<&Entry>,
    scope: &Scope,
) -> Result<Option<String>, Error> {
    let known = Known::<P::Remote>::new(api, scope);
    if let Some(id) = left.and_then(|entry| entry.id.as_deref())
        && known.exists(id).await?
    {
        return Ok(Some(id.to_owned()));
    }
    known.id_of(name).await
}

/// Sends the create, and once more when it certainly came to nothing.
async fn claim<P: Paid>(
    api: &Client,
    state: &P,
    name: &str,
    open: Option<&Open>,
    scope: &Scope,
) -> Result<Made, Diagnostics> {
    let subject = subject(Action::Create, state);
    let refused = |error: &Error| {
        if let Some(open) = open {
            open.nothing_made();
        }
        subject.refused(error, P::Remote::KIND.api_names)
    };
    let mut unclear = match state.send_create(api, name, scope).await {
        Ok(made) => return Ok(made),
        Err(error) if !error.outcome_is_unclear() => return Err(refused(&error)),
        Err(error) => error,
    };
    let undecided = |error: &Error| Err(messages::undecided(&P::Remote::KIND, &subject, name, error).into());
    for last in [false, true] {
        let ending = matches!(unclear.kind(), ErrorKind::Stopped | ErrorKind::Deadline);
        match look_after::<P>(api, name, ending, scope).await.as_deref() {
            Ok([id]) => {
                let limit = Scope::detached(LAST_LOOK_LIMIT);
                let request_id = if ending { None } else { request_of::<P>(api, id, &limit).await };
                return Ok(Made { id: id.clone(), request_id });
            }
            Ok([]) if !last && !ending => {}
            _ => return undecided(&unclear),
        }
        // There is none of the name. If the first create is still on its way, the name lets only one of them succeed.
        unclear = match state.send_create(api, name, scope).await {
            Ok(made) => return Ok(made),
            Err(error) if error.kind() == ErrorKind::Conflict || error.outcome_is_unclear() => error,
            Err(error) => return Err(refused(&error)),
        };
    }
    undecided(&unclear)
}

/// Looks for the object of a create whose answer was lost. Failures that may pass are borne within the limit. When the
/// operation is ending anyway, an API that is just about to act gets until the limit to do so.
async fn look_after<P: Paid>(api: &Client, name: &str, ending: bool, scope: &Scope) -> Result<Vec<String>, Error> {
    let noun = P::Remote::KIND.noun;
    let limit = Scope::detached(if ending { LAST_LOOK_LIMIT } else { LOOK_UP_LIMIT }).about(scope.task().clone());
    let look = || async {
        let found = P::Remote::find(api, name, &limit).await?;
        Ok(if found.is_empty() && ending {
            Progress::Pending(format!("no {noun} of this name yet"))
        } else {
            Progress::Done(found.iter().map(|one| one.id().to_owned()).collect())
        })
    };
    api.wait_until(&format!("looking for the {noun} by its name"), &limit, look).await
}

/// The request that makes an object, when the answer that named it was lost. That it cannot be had is no failure: the
/// object itself tells when it is ready.
async fn request_of<P: Paid>(api: &Client, id: &str, scope: &Scope) -> Option<String> {
    let operations = P::Remote::operations(api, id, scope).await.ok()?;
    let creates =
        |kind: Option<&str>| kind.is_some_and(|kind| kind.eq_ignore_ascii_case(P::Remote::KIND.create_request));
    let create = operations.into_iter().find(|request| creates(request.request_type.as_deref()))?;
    Some(create.request_id).filter(|id| !id.is_empty())
}
