//! The target of an operation: built once, at its door.

use std::marker::PhantomData;
use std::sync::Arc;

use async_trait::async_trait;
use tensorpool::{Api, Completeness, Error, RequestStatus};
use terraform_plugin::{Diagnostics, Private};

use super::marks::unfinished;
use super::{Object, Operation, Provisioned, id_of, scope, subject, task};
use crate::errors::{Subject, Verb};
use crate::evidence::memory::{Deed, Remembered};
use crate::evidence::{self, AccountMark, ListEvidence, Presence, Spelling, Unfinished, Witness, check_absence};
use crate::listed;
use crate::session::Session;
use crate::timeouts;

/// What an operation is about: the API within the bounds of the operation, and the object.
pub struct Target<O> {
    /// The session.
    pub session: Arc<Session>,
    /// The API, within the bounds of the operation.
    pub api: Api,
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
        let (api, subject) = (session.scoped(scope(operation, verb, state))?, subject(verb, state));
        Ok(Self { session, api, subject, id: id_of(state), object: PhantomData })
    }

    /// The same for another verb, with bounds of its own.
    pub fn reopen<P: Provisioned<Object = O>>(&self, operation: &Operation<P>, verb: Verb, state: &P) -> Self {
        Self {
            session: Arc::clone(&self.session),
            api: self.api.with_scope(scope(operation, verb, state)),
            subject: subject(verb, state),
            id: self.id.clone(),
            object: PhantomData,
        }
    }

    /// The same once a create knows the id.
    #[must_use]
    pub fn identified(self, id: String, subject: Subject) -> Self {
        let scope = self.api.scope().clone().about(task(&subject));
        Self { api: self.api.with_scope(scope), subject, id, ..self }
    }

    /// Reads the object once.
    ///
    /// # Errors
    /// As the API says.
    pub async fn read(&self) -> Result<O, Error> {
        self.api.objects().get(&self.id).await
    }

    /// The one object that has the name, if there is none of the id: then the id was none of the API's.
    pub async fn namesake(&self, api: &Api) -> Option<String> {
        let name = self.subject.name.as_deref()?.trim();
        let objects = api.objects::<O>();
        if !objects.get(&self.id).await.is_err_and(|error| error.is_not_found()) {
            return None;
        }
        let listing = objects.listing().await.ok()?;
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
        presence(&self.api, &self.id, private).await
    }

    /// The same for a refresh, in which many objects may be read at once. A create that has not ended is read by itself.
    ///
    /// # Errors
    /// When the API cannot be asked.
    pub async fn presence_in_refresh<P: Provisioned<Object = O>>(
        &self,
        state: &P,
        private: &Private,
    ) -> Result<Presence<O>, Error> {
        if matches!(unfinished(private), Unfinished::No) {
            let spelling = Spelling::load(private);
            if let Some(object) = listed::unchanged(&self.api, &self.id, state, &spelling, P::after_read).await? {
                return Ok(Presence::Found(object));
            }
        }
        self.presence(private).await
    }

    /// Whether the object is absent that a read has just not found.
    ///
    /// # Errors
    /// When the API cannot be asked.
    pub async fn check_absence(&self, private: &Private) -> Result<Presence<O>, Error> {
        let witness = ObjectWitness::new(&self.id);
        check_absence(&witness, AccountMark::load_for(&self.id, private).as_ref(), unfinished(private), &self.api).await
    }

    /// Whether a request says that it is the create of this object.
    pub async fn is_created_by(&self, request_id: Option<&str>) -> bool {
        let Some(request_id) = request_id else { return false };
        let api = self.api.detached(timeouts::LAST_READ);
        let request = api.requests().get(request_id, None).await;
        request.is_ok_and(|request| request.object_id.as_deref() == Some(&*self.id))
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
            Remembered { name, protected, deed, ..Remembered::default() },
        );
    }
}

/// Whether an object exists, and the object if it does.
///
/// # Errors
/// When the API cannot be asked.
pub async fn presence<O: Object>(api: &Api, id: &str, private: &Private) -> Result<Presence<O>, Error> {
    let witness = ObjectWitness::new(id);
    evidence::presence(&witness, AccountMark::load_for(id, private).as_ref(), unfinished(private), api).await
}

/// What can be asked of an object by its id.
pub struct ObjectWitness<'a, O> {
    id: &'a str,
    object: PhantomData<fn() -> O>,
}

impl<'a, O: Object> ObjectWitness<'a, O> {
    /// The witness of the object of this id.
    #[must_use]
    pub fn new(id: &'a str) -> Self {
        Self { id, object: PhantomData }
    }
}

#[async_trait]
impl<O: Object> Witness for ObjectWitness<'_, O> {
    type Object = O;

    async fn read(&self, api: &Api) -> Result<Option<O>, Error> {
        match api.objects::<O>().get(self.id).await {
            Ok(object) => Ok(Some(object).filter(|object| !object.is_deleted())),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn list(&self, api: &Api) -> Result<ListEvidence, Error> {
        let listing = api.objects::<O>().listing().await?;
        Ok(ListEvidence::of(&*listing, |object| object.id() == self.id && !object.is_deleted()))
    }

    async fn create_failed(&self, request_id: &str, api: &Api) -> Result<bool, Error> {
        let request = api.requests().get(request_id, Some(self.id)).await?;
        Ok(request.status == RequestStatus::Failed)
    }
}
