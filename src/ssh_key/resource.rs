//! The resource `tensorpool_ssh_key`.

use std::time::SystemTime;

use async_trait::async_trait;
use tensorpool::{Api, Error, ErrorKind, PublicKey, SshKey};
use terraform_plugin::schema::Schema;
use terraform_plugin::{
    AttributePath, Diagnostic, Diagnostics, ImportTarget, Operation, Private, Resource, ResourcePlan,
};

use super::api::{KeyOfId, NewKey};
use super::listed::{mark_listed, mark_unlisted, unlisted_for, wait_until_listed};
use super::messages;
use super::model::{API_NAMES, SshKeyModel, schema};
use crate::create_once::{CreateError, create_once};
use crate::errors::{Subject, Verb};
use crate::evidence::ambiguity::{Attempt, NameOwner};
use crate::evidence::memory::{Deed, Remembered};
use crate::evidence::{AccountMark, Presence, Spelling, Unfinished, Witness as _, presence};
use crate::listed;
use crate::provisioned::{IMPORTED, not_visible};
use crate::public_key::not_a_key;
use crate::session::{Session, validate_credentials};
use crate::timeouts;

/// The object in a word.
const NOUN: &str = "SSH key";

pub(super) const TYPE_NAME: &str = "tensorpool_ssh_key";

/// The resource `tensorpool_ssh_key`.
pub struct SshKeyResource;

fn subject(verb: Verb, state: &SshKeyModel) -> Subject {
    Subject { verb, noun: NOUN, name: state.name.known().cloned(), id: state.id.known().cloned() }
}

#[async_trait]
impl Resource for SshKeyResource {
    type Session = Session;
    type Model = SshKeyModel;

    fn type_name(&self) -> &'static str {
        TYPE_NAME
    }

    fn schema(&self) -> Schema {
        schema()
    }

    async fn plan(&self, plan: &mut ResourcePlan<Session, SshKeyModel>) -> Result<(), Diagnostics> {
        validate_credentials(plan).await?;
        let Some(planned) = plan.planned.take().map(SshKeyModel::with_fingerprint) else { return Ok(()) };
        if let (Some(prior), Some(config)) = (&plan.prior, &plan.config) {
            let first_known = prior.is_first_known(&planned);
            // A name that the API never returned is unknown in every change, and is no other name for that.
            let unreturned = prior.name.is_null() && config.name.is_null();
            // Nor is what may be the API's spelling of an imported name: replacing the key would bring that spelling again.
            let imported = plan.private.get(IMPORTED).is_some() && prior.may_be_named(&planned);
            let same = [("public_key", first_known), ("name", unreturned || imported)];
            plan.requires_replace
                .retain(|path| !same.iter().any(|(name, same)| *same && *path == AttributePath::of(*name)));
        }
        plan.planned = Some(planned);
        Ok(())
    }

    async fn create(
        &self,
        operation: &mut Operation<Session, SshKeyModel>,
        planned: SshKeyModel,
    ) -> Result<(), Diagnostics> {
        // A replacement inherits what was kept for the former key.
        *operation.private_mut() = Private::default();
        let session = operation.session();
        let api = &session.api(planned.timeouts.of("create", timeouts::CREATE), operation.stop())?;
        let subject = subject(Verb::Create, &planned);
        let key = &key_of(&planned)?;
        let listing = api.ssh_keys().listing().await.map_err(|error| subject.failed(&error))?;
        // The list may still show the key that this very run has removed, to replace it.
        let is_removed = |id: &str| session.memory().of(TYPE_NAME, id).is_some_and(|known| known.deed == Deed::Removed);
        if let Some(known) = listing.items.iter().find(|known| known.is(key) && !is_removed(&known.id)) {
            return Err(messages::exists(known).into());
        }
        let before = listing.items.iter().map(|known| known.id.clone()).collect();
        let new = NewKey { key, name: planned.name.as_str() };
        let outcome =
            create_once(&new, &before, NameOwner::Anybody, Attempt::First, api).await.map_err(|error| match error {
                CreateError::Rejected(error) => subject.refused(&error, &API_NAMES),
                CreateError::Foreign(id) => messages::foreign(&subject, &id).into(),
                CreateError::Ambiguous(error, _) => messages::ambiguous(&subject, &error).into(),
            })?;
        if !outcome.others.is_empty() {
            operation.warn(messages::others(&outcome.created.id, &outcome.others));
        }
        let id = outcome.created.id;
        let state = SshKeyModel { id: id.clone().into(), ..planned };
        operation.save(state.clone().without_unknowns());
        AccountMark::of(api).store(operation.private_mut());
        mark_unlisted(operation.private_mut(), SystemTime::now());
        // The answer holds the id alone; the list shows the rest. To return before it does would let the next plan find that
        // there is no such key.
        let new = KeyOfId { id: &id };
        match wait_until_listed(|| new.look(api), api).await {
            Ok(Some(key)) => {
                let state = state.with_computed(&key);
                mark_listed(operation.private_mut());
                note_spelling(operation.private_mut(), &state, &key);
                operation.save(state);
            }
            unlisted => {
                let subject = Subject { id: Some(id), ..subject };
                operation.warn(messages::not_listed_yet(&subject, unlisted.err().as_ref()));
            }
        }
        Ok(())
    }

    async fn read(
        &self,
        operation: &mut Operation<Session, SshKeyModel>,
        state: SshKeyModel,
    ) -> Result<(), Diagnostics> {
        let api = &operation.session().api(state.timeouts.of("read", timeouts::READ), operation.stop())?;
        let subject = subject(Verb::Read, &state);
        match key_presence(operation, api, &state).await.map_err(|error| subject.failed(&error))? {
            Presence::Found(key) => {
                AccountMark::of(api).store(operation.private_mut());
                let mut spelling = Spelling::load(operation.private());
                if mark_listed(operation.private_mut()) {
                    // The create ended before it saw the key: what is shown now is the spelling of what it asked for.
                    state.record_spelling(&key, &mut spelling);
                }
                let state = state.refreshed(&key, &spelling);
                note_spelling(operation.private_mut(), &state, &key);
                operation.save(state);
            }
            Presence::Absent => {
                operation.warn(messages::absent(&subject));
                operation.remove();
            }
            Presence::Unproved(doubt) => return Err(not_visible(NOUN, &subject, &doubt).into()),
        }
        Ok(())
    }

    /// Nothing of a key can be changed: only what Terraform alone knows comes here.
    async fn update(
        &self,
        operation: &mut Operation<Session, SshKeyModel>,
        prior: SshKeyModel,
        planned: SshKeyModel,
    ) -> Result<(), Diagnostics> {
        let name = if planned.name.is_unknown() { prior.name.clone() } else { planned.name };
        // What an imported key is called from now on is the user's, and what it was called the API's spelling of it.
        if name != prior.name && operation.private().get(IMPORTED).is_some() {
            let mut spelling = Spelling::load(operation.private());
            spelling.record("name", &name, prior.name.known());
            spelling.store(operation.private_mut());
        }
        operation.private_mut().remove(IMPORTED);
        operation.save(SshKeyModel { name, ..planned }.without_unknowns());
        Ok(())
    }

    async fn delete(
        &self,
        operation: &mut Operation<Session, SshKeyModel>,
        prior: SshKeyModel,
    ) -> Result<(), Diagnostics> {
        let session = operation.session();
        let api = &session.api(prior.timeouts.of("delete", timeouts::DELETE), operation.stop())?;
        let subject = subject(Verb::Delete, &prior);
        let failed = |error| Diagnostics::from(subject.failed(&error));
        match api.ssh_keys().remove(prior.id()).await {
            // 404 is success if it is proved that there is no such key.
            Err(error) if error.is_not_found() => match key_presence(operation, api, &prior).await.map_err(failed)? {
                Presence::Absent => Ok(()),
                Presence::Found(_) => Err(messages::contradiction(&subject).into()),
                Presence::Unproved(doubt) => Err(not_visible(NOUN, &subject, &doubt).into()),
            },
            removed => {
                removed.map_err(failed)?;
                // The list may still show it to the create that replaces it.
                let removed = Remembered { deed: Deed::Removed, ..Remembered::default() };
                session.memory().remember(TYPE_NAME, prior.id(), removed);
                Ok(())
            }
        }
    }

    async fn import(
        &self,
        operation: &mut Operation<Session, SshKeyModel>,
        target: ImportTarget,
    ) -> Result<(), Diagnostics> {
        let api = &operation.session().api(timeouts::READ, operation.stop())?;
        let state = SshKeyModel { id: target.text("id").unwrap_or_default().into(), ..SshKeyModel::default() };
        let subject = subject(Verb::Import, &state);
        let found = KeyOfId { id: state.id() }.read(api).await;
        let found = found.map_err(|error| subject.failed(&error))?;
        let key = found.ok_or_else(|| messages::not_listed(&subject))?;
        AccountMark::of(api).store(operation.private_mut());
        operation.private_mut().set(IMPORTED, true);
        operation.save(state.refreshed(&key, &Spelling::default()));
        Ok(())
    }
}

/// Notes how the API spells what the state says of a key that was just read.
fn note_spelling(private: &mut Private, state: &SshKeyModel, key: &SshKey) {
    let mut spelling = Spelling::load(private);
    state.record_spelling(key, &mut spelling);
    spelling.store(private);
}

/// Whether a key exists, and the key if it does.
async fn key_presence(
    operation: &Operation<Session, SshKeyModel>,
    api: &Api,
    state: &SshKeyModel,
) -> Result<Presence<SshKey>, Error> {
    let key = KeyOfId { id: state.id() };
    let limit = unlisted_for(operation.private(), SystemTime::now());
    if limit.is_zero() {
        let spelling = Spelling::load(operation.private());
        let read = |state: SshKeyModel, key: &SshKey, spelling: &mut Spelling| {
            let state = state.refreshed(key, spelling);
            state.record_spelling(key, spelling);
            state
        };
        if let Some(key) = listed::unchanged(api, state.id(), state, &spelling, read).await? {
            return Ok(Presence::Found(key));
        }
    } else {
        // The create ended before the list showed the key, which it may yet do.
        let limit = &api.within(limit);
        match wait_until_listed(|| key.look(limit), limit).await {
            Ok(Some(key)) => return Ok(Presence::Found(key)),
            Err(error) if error.kind() == ErrorKind::Stopped => return Err(error),
            Ok(None) | Err(_) => {}
        }
    }
    let kept = AccountMark::load(operation.private());
    presence(&key, kept.as_ref(), Unfinished::No, api).await
}

/// The key that is to be added. What was not known while the configuration was checked is checked here.
fn key_of(planned: &SshKeyModel) -> Result<PublicKey, Diagnostics> {
    let text = planned.public_key.as_str().unwrap_or_default();
    PublicKey::parse(text).map_err(|error| {
        Diagnostic::error("Invalid attribute value", not_a_key(&error)).at(AttributePath::of("public_key")).into()
    })
}
