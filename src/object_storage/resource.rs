//! The resource `tensorpool_object_storage`.

use async_trait::async_trait;
use tensorpool::{Client, Credentials, Error, ErrorKind, Scope};
use terraform_plugin::schema::Schema;
use terraform_plugin::{Diagnostic, Diagnostics, ImportTarget, Operation, Resource, ResourcePlan, Severity};

use super::messages;
use super::model::{ObjectStorageModel, is_same_organization, organization, schema};
use crate::errors::{Action, Subject};
use crate::limits;
use crate::provider::Session;
use crate::unclear::{self, Unmade};

/// The resource `tensorpool_object_storage`.
pub struct ObjectStorageResource;

fn subject(action: Action, state: &ObjectStorageModel) -> Subject {
    Subject { action, noun: "object storage", name: None, id: state.org_id.known().cloned() }
}

#[async_trait]
impl Resource for ObjectStorageResource {
    type Client = Session;
    type Model = ObjectStorageModel;

    fn type_name(&self) -> &'static str {
        "tensorpool_object_storage"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    async fn plan(&self, plan: &mut ResourcePlan<Session, ObjectStorageModel>) -> Result<(), Diagnostics> {
        match (&plan.prior, &plan.planned) {
            (Some(prior), None) if !prior.may_be_disabled() => Err(messages::not_allowed(prior.org_id()).into()),
            _ => Ok(()),
        }
    }

    async fn create(
        &self,
        operation: &mut Operation<Session, ObjectStorageModel>,
        planned: ObjectStorageModel,
    ) -> Result<(), Diagnostics> {
        let session = operation.client();
        let api = session.api()?;
        let scope = &Scope::new(planned.timeouts.of("create", limits::CREATE), operation.stop().clone());
        let subject = subject(Action::Create, &planned);
        let enabled = enabled(api, scope).await.map_err(|error| subject.failed(&error))?;
        let credentials = match enabled {
            Some(credentials) => {
                operation.warn(messages::adopted(organization(&credentials)));
                credentials
            }
            None => enable(api, &subject, scope).await?,
        };
        operation.save(planned.refreshed(&credentials));
        Ok(())
    }

    async fn read(
        &self,
        operation: &mut Operation<Session, ObjectStorageModel>,
        state: ObjectStorageModel,
    ) -> Result<(), Diagnostics> {
        let session = operation.client();
        let api = session.api()?;
        let scope = Scope::new(state.timeouts.of("read", limits::READ), operation.stop().clone());
        let subject = subject(Action::Read, &state);
        let found = unclear::look_twice(|| enabled(api, &scope)).await;
        if let Some(credentials) = found.map_err(|error| subject.failed(&error))? {
            belongs(&subject, &state, &credentials)?;
            operation.save(state.refreshed(&credentials));
        } else {
            operation.warn(messages::gone(state.org_id()));
            operation.remove();
        }
        Ok(())
    }

    /// Only what Terraform alone knows can change, as whether a destroy is allowed.
    async fn update(
        &self,
        operation: &mut Operation<Session, ObjectStorageModel>,
        _: ObjectStorageModel,
        planned: ObjectStorageModel,
    ) -> Result<(), Diagnostics> {
        let session = operation.client();
        let scope = Scope::new(planned.timeouts.of("update", limits::UPDATE), operation.stop().clone());
        operation.save(planned.clone().settled());
        match session.api()?.object_storage().credentials(&scope).await {
            Ok(credentials) => operation.save(planned.with_status(&credentials)),
            Err(error) => {
                let failed = subject(Action::Update, &planned).failed(&error);
                operation.warn(Diagnostic { severity: Severity::Warning, ..failed });
            }
        }
        Ok(())
    }

    async fn delete(
        &self,
        operation: &mut Operation<Session, ObjectStorageModel>,
        prior: ObjectStorageModel,
    ) -> Result<(), Diagnostics> {
        let session = operation.client();
        let api = session.api()?;
        let scope = Scope::new(prior.timeouts.of("delete", limits::DELETE), operation.stop().clone());
        let subject = subject(Action::Delete, &prior);
        let failed = |error: &Error| Diagnostics::from(subject.failed(error));
        // With a key of another organization, that one's object storage would be disabled. The look decides whether there
        // is anything to disable, too; a 404 of the disabling itself agrees with it then.
        let Some(credentials) = enabled(api, &scope).await.map_err(|error| failed(&error))? else {
            return gone_or_error(api, &subject, &scope).await;
        };
        belongs(&subject, &prior, &credentials)?;
        match api.object_storage().disable(&scope).await {
            Err(error) if error.is_not_found() => gone_or_error(api, &subject, &scope).await,
            Err(error) if matches!(error.kind(), ErrorKind::Conflict | ErrorKind::Invalid) => {
                match api.object_storage().buckets(&scope).await {
                    Ok(buckets) if !buckets.is_empty() => {
                        Err(messages::refused_with_buckets(&subject, &error, &buckets).into())
                    }
                    _ => Err(failed(&error)),
                }
            }
            disabled => disabled.map_err(|error| failed(&error)),
        }
    }

    async fn import(
        &self,
        operation: &mut Operation<Session, ObjectStorageModel>,
        target: ImportTarget,
    ) -> Result<(), Diagnostics> {
        let session = operation.client();
        let scope = Scope::new(limits::READ, operation.stop().clone());
        let org_id = target.text("org_id").unwrap_or_default();
        let state = ObjectStorageModel { org_id: org_id.into(), ..ObjectStorageModel::default() };
        let subject = subject(Action::Import, &state);
        let credentials = session.api()?.object_storage().credentials(&scope).await.map_err(|error| {
            if error.is_not_found() { messages::not_enabled(&subject, &error) } else { subject.failed(&error) }
        })?;
        belongs(&subject, &state, &credentials)?;
        operation.save(state.refreshed(&credentials));
        Ok(())
    }
}

/// The credentials while object storage is enabled.
async fn enabled(api: &Client, scope: &Scope) -> Result<Option<Credentials>, Error> {
    match api.object_storage().credentials(scope).await {
        Err(error) if error.is_not_found() => Ok(None),
        found => found.map(Some),
    }
}

async fn enable(api: &Client, subject: &Subject, scope: &Scope) -> Result<Credentials, Diagnostics> {
    let send = || async { api.object_storage().enable(scope).await };
    let look = |limit: Scope| async move { enabled(api, &limit).await };
    let made = unclear::create(api, scope, send, look).await;
    made.map_err(|unmade| match unmade {
        Unmade::Refused(error) => subject.failed(&error).into(),
        Unmade::Undecided(error) => messages::undecided(subject, &error).into(),
    })
}

/// The end of a destroy that found nothing: success, if a second look finds nothing either.
async fn gone_or_error(api: &Client, subject: &Subject, scope: &Scope) -> Result<(), Diagnostics> {
    match enabled(api, scope).await.map_err(|error| subject.failed(&error))? {
        None => Ok(()),
        Some(_) => Err(messages::contradiction().into()),
    }
}

/// Whether the API key is of the organization that the state is of.
fn belongs(subject: &Subject, state: &ObjectStorageModel, credentials: &Credentials) -> Result<(), Diagnostic> {
    let (wanted, found) = (state.org_id(), organization(credentials));
    if is_same_organization(wanted, found) {
        return Ok(());
    }
    Err(messages::other_organization(subject, wanted, found))
}
