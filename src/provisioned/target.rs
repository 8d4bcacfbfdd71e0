//! The target of an operation: built once, at its door.

use std::marker::PhantomData;
use std::sync::Arc;

use async_trait::async_trait;
use tensorpool::{Client, Completeness, Error, RequestStatus, Scope};
use terraform_plugin::{Diagnostics, Private};

use super::marks::unfinished;
use super::{Object, Operation, Provisioned, id_of, scope, subject};
use crate::errors::{Subject, Verb};
use crate::evidence::memory::{Deed, Remembered};
use crate::evidence::{self, AccountMark, ListEvidence, Presence, Witness, check_absence};
use crate::session::Session;

/// What an operation is about: the API, the bounds, and the object.
pub struct Target<O> {
    /// The session.
    pub session: Arc<Session>,
    /// The API.
    pub api: Client,
    /// The bounds of the operation.
    pub scope: Scope,
    /// What diagnostics begin with.
    pub subject: Subject,
    /// The id of the object.
    pub id: String,
    object: PhantomData<fn() -> O>,
}

impl<O: Object> Target<O> {
    /// The target of an operation on the object of a state.
    ///
    /// # Errors
    /// When the provider's configuration is not known yet.
    pub fn open<P: Provisioned<Object = O>>(
        operation: &Operation<P>,
        verb: Verb,
        state: &P,
    ) -> Result<Self, Diagnostics> {
        let session = operation.session();
        let api = session.api()?.clone();
        let (scope, subject) = (scope(operation, verb, state), subject(verb, state));
        Ok(Self { session, api, scope, subject, id: id_of(state), object: PhantomData })
    }

    /// The same for another verb, with bounds of its own.
    pub fn reopen<P: Provisioned<Object = O>>(&self, operation: &Operation<P>, verb: Verb, state: &P) -> Self {
        Self {
            session: Arc::clone(&self.session),
            api: self.api.clone(),
            scope: scope(operation, verb, state),
            subject: subject(verb, state),
            id: self.id.clone(),
            object: PhantomData,
        }
    }

    /// The same once a create knows the id.
    #[must_use]
    pub fn identified(self, id: String, subject: Subject) -> Self {
        Self { subject, id, ..self }
    }

    /// Reads the object once.
    ///
    /// # Errors
    /// As the API says.
    pub async fn read(&self, scope: &Scope) -> Result<O, Error> {
        O::get(&self.api, &self.id, scope).await
    }

    /// The one object that has the name, if there is none of the id: then the id was none of the API's.
    pub async fn namesake(&self, scope: &Scope) -> Option<String> {
        let name = self.subject.name.as_deref()?.trim();
        if !self.read(scope).await.is_err_and(|error| error.is_not_found()) {
            return None;
        }
        let listing = O::listing(&self.api, scope).await.ok()?;
        let is_complete = matches!(listing.completeness, Completeness::Complete);
        let is_of_name = |object: &&O| object.name().is_some_and(|other| other.trim().eq_ignore_ascii_case(name));
        let is_it = |object: &&O| !object.is_deleted() && (object.id() == self.id || is_of_name(object));
        let mut found = listing.items.iter().filter(is_it);
        match (found.next(), found.next()) {
            (Some(one), None) if is_complete && one.id() != self.id => Some(one.id().to_owned()),
            _ => None,
        }
    }

    /// Whether the object exists, and the object if it does.
    ///
    /// # Errors
    /// When the API cannot be asked.
    pub async fn presence(&self, private: &Private) -> Result<Presence<O>, Error> {
        presence(&self.api, &self.id, private, &self.scope).await
    }

    /// Whether the object is absent that a read has just not found.
    ///
    /// # Errors
    /// When the API cannot be asked.
    pub async fn check_absence(&self, private: &Private) -> Result<Presence<O>, Error> {
        let witness = ObjectWitness::new(&self.api, &self.id);
        check_absence(&witness, AccountMark::load(private).as_ref(), unfinished(private), &self.scope).await
    }

    /// Remembers that the object was found in the state: with which account, and that the journal need not keep it.
    pub async fn confirm_found<P: Provisioned<Object = O>>(&self, state: &P, private: &mut Private) {
        AccountMark::of(&self.api).store(private);
        let name = state.name().as_str();
        self.session.journal().confirm_saved(O::DESCRIPTOR.type_name, &self.id, name).await;
        self.remember(state, Deed::Read);
    }

    /// Remembers the object for as long as this process lives.
    pub fn remember<P: Provisioned<Object = O>>(&self, state: &P, deed: Deed) {
        let (name, protected) = (state.name().known().cloned(), super::is_protected(state));
        let id = id_of(state);
        self.session.memory().remember(
            O::DESCRIPTOR.type_name,
            &id,
            Remembered { name, protected, deed, holder: None },
        );
    }
}

/// Whether an object exists, and the object if it does.
///
/// # Errors
/// When the API cannot be asked.
pub async fn presence<O: Object>(
    api: &Client,
    id: &str,
    private: &Private,
    scope: &Scope,
) -> Result<Presence<O>, Error> {
    let witness = ObjectWitness::new(api, id);
    evidence::presence(&witness, AccountMark::load(private).as_ref(), unfinished(private), scope).await
}

/// What can be asked of an object by its id.
pub struct ObjectWitness<'a, O> {
    api: &'a Client,
    id: &'a str,
    object: PhantomData<fn() -> O>,
}

impl<'a, O: Object> ObjectWitness<'a, O> {
    /// The witness of the object of this id.
    #[must_use]
    pub fn new(api: &'a Client, id: &'a str) -> Self {
        Self { api, id, object: PhantomData }
    }
}

#[async_trait]
impl<O: Object> Witness for ObjectWitness<'_, O> {
    type Object = O;

    async fn read(&self, scope: &Scope) -> Result<Option<O>, Error> {
        match O::get(self.api, self.id, scope).await {
            Ok(object) => Ok(Some(object).filter(|object| !object.is_deleted())),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn list(&self, scope: &Scope) -> Result<ListEvidence, Error> {
        Ok(ListEvidence::of(&*O::listing(self.api, scope).await?, |object| {
            object.id() == self.id && !object.is_deleted()
        }))
    }

    async fn control(&self, scope: &Scope) -> Result<AccountMark, Error> {
        AccountMark::control(self.api, scope).await
    }

    async fn create_failed(&self, request_id: &str, scope: &Scope) -> Result<bool, Error> {
        let request = self.api.requests().get(request_id, Some(self.id), scope).await?;
        Ok(request.status == RequestStatus::Failed)
    }
}
