//! The create of an object that costs money, and what follows from its answer, or from none.
//!
//! Never two objects, and never one that nobody knows of. Names are unique, and this one was free before, so an object of
//! that name after a create whose answer was lost is ours. The journal knows it if this process dies.

use std::future::ready;

use tensorpool::{Client, Error, ErrorKind, Scope};
use terraform_plugin::{Diagnostics, Private};

use super::finish::{CLAIM, FAILED, UNFINISHED, finish};
use super::look::Known;
use super::{Made, Operation, Paid, Remote, messages, scope, subject};
use crate::errors::Action;
use crate::journal::{self, Entry, Lookup as _, Open, Wanted, fingerprint};
use crate::limits;
use crate::unclear::{self, Unmade};

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

    if generated {
        journal::none_made_before(journal, &Known::<P::Remote>::new(api, &bounds), &wanted).await?;
    }
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

/// Sends the create. What was made although the answer was lost is found by its name.
async fn claim<P: Paid>(
    api: &Client,
    state: &P,
    name: &str,
    open: Option<&Open>,
    scope: &Scope,
) -> Result<Made, Diagnostics> {
    let (subject, kind) = (subject(Action::Create, state), P::Remote::KIND);
    let send = || async { state.send_create(api, name, scope).await.map(Sent::Answered) };
    let look = |limit: Scope| async move {
        let found = P::Remote::find(api, name, &limit).await?;
        match found.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(Sent::Found(one.id().to_owned()))),
            _ => Err(Error::new(ErrorKind::Conflict, format!("looking for {name:?}"))),
        }
    };
    match unclear::create(api, scope, send, look).await {
        Ok(Sent::Answered(made)) => Ok(made),
        Ok(Sent::Found(id)) => {
            // A scope that has ended leaves no time to ask.
            let request_id = match scope.run(ready(())).await {
                Ok(()) => request_of::<P>(api, &id, &Scope::detached(limits::LAST_LOOK)).await,
                Err(_) => None,
            };
            Ok(Made { id, request_id })
        }
        Err(Unmade::Refused(error)) => {
            if let Some(open) = open {
                open.nothing_made();
            }
            Err(subject.refused(&error, kind.api_names))
        }
        Err(Unmade::Undecided(error)) => Err(messages::undecided(&kind, &subject, name, &error).into()),
    }
}

/// How it is known that there is an object.
enum Sent {
    /// The create was answered.
    Answered(Made),
    /// The answer was lost, and there is one of this id.
    Found(String),
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
