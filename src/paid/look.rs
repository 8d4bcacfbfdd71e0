//! Looks: what a read, an import and the journal learn of an object.

use std::marker::PhantomData;

use async_trait::async_trait;
use tensorpool::{Client, Error, Scope};
use terraform_plugin::{Diagnostics, ImportTarget};

use super::{IMPORTED, Operation, Paid, Remote, id_of, messages, scope, subject};
use crate::errors::Action;
use crate::journal::Lookup;

/// What a look finds.
pub enum Look<R> {
    /// It is there.
    There(R),
    /// There is none.
    Gone,
    /// The API says of one object both that there is none and that there is.
    Contradiction,
}

/// Looks at an object. That there is none is believed only if the list agrees: an answer of something in front of the API
/// is not enough to empty a state.
///
/// # Errors
/// When the API cannot be asked.
pub async fn look<R: Remote>(api: &Client, id: &str, scope: &Scope) -> Result<Look<R>, Error> {
    match R::get(api, id, scope).await {
        Ok(remote) if !remote.is_gone() => return Ok(Look::There(remote)),
        Err(error) if !error.is_not_found() => return Err(error),
        Ok(_) | Err(_) => {}
    }
    Ok(if listed::<R>(api, id, scope).await?.is_some() { Look::Contradiction } else { Look::Gone })
}

/// An object of which an answer says that there is none, if the list has it all the same.
///
/// # Errors
/// When the API cannot be asked.
pub(super) async fn listed<R: Remote>(api: &Client, id: &str, scope: &Scope) -> Result<Option<R>, Error> {
    let all = R::list_all(api, scope).await?;
    Ok(all.into_iter().find(|one| one.id() == id && !one.is_gone()))
}

/// Reads an object into the state, or removes it from there.
///
/// # Errors
/// When the API cannot be asked, or contradicts itself.
pub async fn read<P: Paid>(operation: &mut Operation<P>, state: P) -> Result<(), Diagnostics> {
    let session = operation.client();
    let id = id_of(&state);
    session.journal().seen(P::Remote::KIND.type_name, &id);
    let scope = scope(operation, Action::Read, &state);
    let subject = subject(Action::Read, &state);
    match look::<P::Remote>(session.api()?, &id, &scope).await {
        Ok(Look::There(remote)) => operation.save(state.refreshed(&remote)),
        Ok(Look::Gone) => {
            operation.warn(messages::gone(&P::Remote::KIND, &subject));
            operation.remove();
        }
        Ok(Look::Contradiction) => return Err(messages::contradiction(&P::Remote::KIND, &subject).into()),
        Err(error) => return Err(subject.failed(&error).into()),
    }
    Ok(())
}

/// Imports an object by its id.
///
/// # Errors
/// When there is none, or the API cannot be asked.
pub async fn import<P: Paid>(operation: &mut Operation<P>, target: ImportTarget) -> Result<(), Diagnostics> {
    let session = operation.client();
    let state = P::imported(target.text("id").unwrap_or_default().to_owned());
    let scope = scope(operation, Action::Import, &state);
    let remote = P::Remote::get(session.api()?, &id_of(&state), &scope).await;
    let remote = remote.map_err(|error| subject(Action::Import, &state).failed(&error))?;
    operation.private_mut().set(IMPORTED, true);
    operation.save(state.refreshed(&remote));
    Ok(())
}

/// How the journal looks for a kind of object.
pub(super) struct Known<'a, R> {
    api: &'a Client,
    scope: &'a Scope,
    kind: PhantomData<fn() -> R>,
}

impl<'a, R: Remote> Known<'a, R> {
    pub fn new(api: &'a Client, scope: &'a Scope) -> Self {
        Self { api, scope, kind: PhantomData }
    }
}

#[async_trait]
impl<R: Remote> Lookup for Known<'_, R> {
    const TYPE_NAME: &'static str = R::KIND.type_name;
    const NOUN: &'static str = R::KIND.noun;

    async fn exists(&self, id: &str) -> Result<bool, Error> {
        Ok(!matches!(look::<R>(self.api, id, self.scope).await?, Look::Gone))
    }

    async fn id_of(&self, name: &str) -> Result<Option<String>, Error> {
        Ok(R::find(self.api, name, self.scope).await?.first().map(|one| one.id().to_owned()))
    }
}
