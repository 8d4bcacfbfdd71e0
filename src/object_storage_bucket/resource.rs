//! The resource `tensorpool_object_storage_bucket`.

use async_trait::async_trait;
use tensorpool::{Bucket, Client, Error, ErrorKind, Scope};
use terraform_plugin::schema::Schema;
use terraform_plugin::{Diagnostics, ImportTarget, Operation, Resource};

use super::messages;
use super::model::{API_NAMES, BucketModel, schema};
use crate::errors::{Action, Subject};
use crate::limits;
use crate::provider::Session;
use crate::unclear::{self, Unmade};

pub(super) const TYPE_NAME: &str = "tensorpool_object_storage_bucket";

/// The resource `tensorpool_object_storage_bucket`.
pub struct BucketResource;

fn subject(action: Action, state: &BucketModel) -> Subject {
    Subject { action, noun: "bucket", name: state.name.known().cloned(), id: None }
}

#[async_trait]
impl Resource for BucketResource {
    type Client = Session;
    type Model = BucketModel;

    fn type_name(&self) -> &'static str {
        TYPE_NAME
    }

    fn schema(&self) -> Schema {
        schema()
    }

    async fn create(
        &self,
        operation: &mut Operation<Session, BucketModel>,
        planned: BucketModel,
    ) -> Result<(), Diagnostics> {
        let session = operation.client();
        let api = session.api()?;
        let scope = &Scope::new(planned.timeouts.of("create", limits::CREATE), operation.stop().clone());
        let subject = subject(Action::Create, &planned);
        let name = planned.name();
        if find(api, name, scope).await.map_err(|error| subject.failed(&error))?.is_some() {
            return Err(messages::exists(name).into());
        }
        let send = || async { api.object_storage().create_bucket(name, scope).await };
        let look = |limit: Scope| async move { Ok(find(api, name, &limit).await?.map(drop)) };
        unclear::create(api, scope, send, look).await.map_err(|unmade| match unmade {
            Unmade::Refused(error) if error.is_not_found() => messages::not_enabled(&subject, &error).into(),
            Unmade::Refused(error) => subject.refused(&error, &API_NAMES),
            Unmade::Undecided(error) => messages::undecided(&subject, name, &error).into(),
        })?;
        operation.save(planned.clone().settled());
        // The answer says nothing of the bucket; what the list tells beside its name is also told by the next read.
        if let Ok(Some(bucket)) = find(api, name, scope).await {
            operation.save(planned.refreshed(&bucket));
        }
        Ok(())
    }

    async fn read(
        &self,
        operation: &mut Operation<Session, BucketModel>,
        state: BucketModel,
    ) -> Result<(), Diagnostics> {
        let session = operation.client();
        let api = session.api()?;
        let scope = Scope::new(state.timeouts.of("read", limits::READ), operation.stop().clone());
        let subject = subject(Action::Read, &state);
        let found = unclear::look_twice(|| find(api, state.name(), &scope)).await;
        if let Some(bucket) = found.map_err(|error| subject.failed(&error))? {
            operation.save(state.refreshed(&bucket));
        } else {
            operation.warn(messages::gone(&subject));
            operation.remove();
        }
        Ok(())
    }

    /// Nothing of a bucket can be changed: only what Terraform alone knows comes here.
    async fn update(
        &self,
        operation: &mut Operation<Session, BucketModel>,
        _: BucketModel,
        planned: BucketModel,
    ) -> Result<(), Diagnostics> {
        operation.save(planned.settled());
        Ok(())
    }

    async fn delete(
        &self,
        operation: &mut Operation<Session, BucketModel>,
        prior: BucketModel,
    ) -> Result<(), Diagnostics> {
        let session = operation.client();
        let api = session.api()?;
        let scope = Scope::new(prior.timeouts.of("delete", limits::DELETE), operation.stop().clone());
        let subject = subject(Action::Delete, &prior);
        let failed = |error: Error| Diagnostics::from(subject.failed(&error));
        match api.object_storage().delete_bucket(prior.name(), &scope).await {
            // 404 is success if the list agrees.
            Err(error) if error.is_not_found() => match find(api, prior.name(), &scope).await.map_err(failed)? {
                Some(_) => Err(messages::contradiction(&subject).into()),
                None => Ok(()),
            },
            // Which status says that a bucket is not empty is not known.
            Err(error) if matches!(error.kind(), ErrorKind::Conflict | ErrorKind::Invalid) => {
                Err(messages::refused(&subject, prior.name(), &error).into())
            }
            deleted => deleted.map_err(failed),
        }
    }

    async fn import(
        &self,
        operation: &mut Operation<Session, BucketModel>,
        target: ImportTarget,
    ) -> Result<(), Diagnostics> {
        let session = operation.client();
        let scope = Scope::new(limits::READ, operation.stop().clone());
        let state = BucketModel { name: target.text("name").unwrap_or_default().into(), ..BucketModel::default() };
        let subject = subject(Action::Import, &state);
        let found = find(session.api()?, state.name(), &scope).await.map_err(|error| subject.failed(&error))?;
        let bucket = found.ok_or_else(|| messages::not_listed(&subject))?;
        operation.save(state.refreshed(&bucket));
        Ok(())
    }
}

/// A bucket by its name. The API has no call for one bucket, so this looks through the list.
async fn find(api: &Client, name: &str, scope: &Scope) -> Result<Option<Bucket>, Error> {
    Ok(api.object_storage().buckets(scope).await?.into_iter().find(|bucket| bucket.name == name))
}
