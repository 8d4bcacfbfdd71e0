//! The resource `tensorpool_ssh_key`.

use async_trait::async_trait;
use tensorpool::{PublicKey, Scope};
use terraform_plugin::schema::Schema;
use terraform_plugin::{
    AttributePath, Diagnostic, Diagnostics, ImportTarget, Operation, Resource, ResourcePlan, Severity,
};

use super::messages;
use super::model::{API_NAMES, SshKeyModel, schema};
use crate::errors::{Action, Subject};
use crate::limits;
use crate::provider::Session;
use crate::public_key::not_a_key;
use crate::unclear::{self, Unmade};

pub(super) const TYPE_NAME: &str = "tensorpool_ssh_key";

/// The resource `tensorpool_ssh_key`.
pub struct SshKeyResource;

fn subject(action: Action, state: &SshKeyModel) -> Subject {
    Subject { action, noun: "SSH key", name: state.name.known().cloned(), id: state.id.known().cloned() }
}

#[async_trait]
impl Resource for SshKeyResource {
    type Client = Session;
    type Model = SshKeyModel;

    fn type_name(&self) -> &'static str {
        TYPE_NAME
    }

    fn schema(&self) -> Schema {
        schema()
    }

    async fn plan(&self, plan: &mut ResourcePlan<Session, SshKeyModel>) -> Result<(), Diagnostics> {
        let Some(planned) = plan.planned.take().map(SshKeyModel::with_fingerprint) else { return Ok(()) };
        if let (Some(prior), Some(config)) = (&plan.prior, &plan.config) {
            let first_told = prior.is_first_told(&planned);
            // A name that the API never told is open in every change, and is no other name for that.
            let untold = prior.name.is_null() && config.name.is_null();
            let same = [("public_key", first_told), ("name", untold)];
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
        let session = operation.client();
        let api = session.api()?;
        let keys = api.ssh_keys();
        let scope = &Scope::new(planned.timeouts.of("create", limits::CREATE), operation.stop().clone());
        let subject = subject(Action::Create, &planned);
        let key = &key_of(&planned)?;
        let known = keys.list_all(scope).await.map_err(|error| subject.failed(&error))?;
        if let Some(known) = known.iter().find(|known| known.is(key)) {
            return Err(messages::exists(known).into());
        }
        let (text, name) = (&key.to_string(), planned.name.known().map(String::as_str));
        let look = |limit: Scope| async move {
            let keys = api.ssh_keys().list_all(&limit).await?;
            Ok(keys.into_iter().find(|known| known.is(key)).map(|known| known.id))
        };
        let added = unclear::create(api, scope, || async { api.ssh_keys().add(text, name, scope).await }, look).await;
        let id = added.map_err(|unmade| match unmade {
            Unmade::Refused(error) => subject.refused(&error, &API_NAMES),
            Unmade::Undecided(error) => messages::undecided(&subject, &error).into(),
        })?;
        let state = SshKeyModel { id: id.clone().into(), ..planned };
        operation.save(state.clone().settled());
        // The answer holds the id alone; the list tells the rest, and so does the next read.
        match keys.get(&id, scope).await {
            Ok(Some(key)) => operation.save(state.with_computed(&key)),
            Ok(None) => {}
            Err(error) => {
                operation.warn(Diagnostic { severity: Severity::Warning, ..subject.failed(&error) });
            }
        }
        Ok(())
    }

    async fn read(
        &self,
        operation: &mut Operation<Session, SshKeyModel>,
        state: SshKeyModel,
    ) -> Result<(), Diagnostics> {
        let session = operation.client();
        let keys = session.api()?.ssh_keys();
        let scope = Scope::new(state.timeouts.of("read", limits::READ), operation.stop().clone());
        let subject = subject(Action::Read, &state);
        let found = unclear::look_twice(|| keys.get(state.id(), &scope)).await;
        if let Some(key) = found.map_err(|error| subject.failed(&error))? {
            operation.save(state.refreshed(&key));
        } else {
            operation.warn(messages::gone(&subject));
            operation.remove();
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
        let name = if planned.name.is_unknown() { prior.name } else { planned.name };
        operation.save(SshKeyModel { name, ..planned }.settled());
        Ok(())
    }

    async fn delete(
        &self,
        operation: &mut Operation<Session, SshKeyModel>,
        prior: SshKeyModel,
    ) -> Result<(), Diagnostics> {
        let session = operation.client();
        let keys = session.api()?.ssh_keys();
        let scope = Scope::new(prior.timeouts.of("delete", limits::DELETE), operation.stop().clone());
        let subject = subject(Action::Delete, &prior);
        let failed = |error| Diagnostics::from(subject.failed(&error));
        match keys.remove(prior.id(), &scope).await {
            // 404 is success if the list agrees.
            Err(error) if error.is_not_found() => match keys.get(prior.id(), &scope).await.map_err(failed)? {
                Some(_) => Err(messages::contradiction(&subject).into()),
                None => Ok(()),
            },
            removed => removed.map_err(failed),
        }
    }

    async fn import(
        &self,
        operation: &mut Operation<Session, SshKeyModel>,
        target: ImportTarget,
    ) -> Result<(), Diagnostics> {
        let session = operation.client();
        let scope = Scope::new(limits::READ, operation.stop().clone());
        let state = SshKeyModel { id: target.text("id").unwrap_or_default().into(), ..SshKeyModel::default() };
        let subject = subject(Action::Import, &state);
        let found = session.api()?.ssh_keys().get(state.id(), &scope).await;
        let found = found.map_err(|error| subject.failed(&error))?;
        let key = found.ok_or_else(|| messages::not_listed(&subject))?;
        operation.save(state.refreshed(&key));
        Ok(())
    }
}

/// The key that is to be added. What was not known while the configuration was checked is checked here.
fn key_of(planned: &SshKeyModel) -> Result<PublicKey, Diagnostics> {
    let text = planned.public_key.known().map(String::as_str).unwrap_or_default();
    PublicKey::parse(text).map_err(|error| {
        Diagnostic::error("Invalid attribute value", not_a_key(&error)).at(AttributePath::of("public_key")).into()
    })
}
