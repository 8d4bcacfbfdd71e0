//! The resource `tensorpool_object_storage_bucket`.

use std::collections::HashSet;

use async_trait::async_trait;
use tensorpool::{Api, Bucket, Error, ErrorKind, Waited};
use terraform_plugin::schema::Schema;
use terraform_plugin::{Diagnostics, ImportTarget, Operation, Private, Resource, ResourcePlan};

use super::api::BucketOfName;
use super::messages;
use super::model::{API_NAMES, BucketModel, schema};
use crate::create_once::{CreateError, create_once};
use crate::errors::{Subject, Verb};
use crate::evidence::account::is_other_organization;
use crate::evidence::ambiguity::{Attempt, NameOwner, SEARCH_LIMIT};
use crate::evidence::memory::{Deed, Remembered};
use crate::evidence::{AccountMark, Presence, Spelling, Unfinished, Visible, Witness as _, presence};
use crate::listed;
use crate::provisioned::not_visible;
use crate::session::{Session, validate_credentials};
use crate::timeouts;

/// The object in a word.
const NOUN: &str = "bucket";

pub const TYPE_NAME: &str = "tensorpool_object_storage_bucket";

/// The resource `tensorpool_object_storage_bucket`.
pub struct BucketResource;

fn subject(verb: Verb, state: &BucketModel) -> Subject {
    Subject { verb, noun: NOUN, name: state.name.known().cloned(), id: None }
}

#[async_trait]
impl Resource for BucketResource {
    type Session = Session;
    type Model = BucketModel;

    fn type_name(&self) -> &'static str {
        TYPE_NAME
    }

    fn schema(&self) -> Schema {
        schema()
    }

    async fn plan(&self, plan: &mut ResourcePlan<Session, BucketModel>) -> Result<(), Diagnostics> {
        validate_credentials(plan).await
    }

    async fn create(
        &self,
        operation: &mut Operation<Session, BucketModel>,
        planned: BucketModel,
    ) -> Result<(), Diagnostics> {
        let session = operation.session();
        let api = &session.api(planned.timeouts.of("create", timeouts::CREATE), operation.stop())?;
        let subject = subject(Verb::Create, &planned);
        let name = planned.name();
        let bucket = BucketOfName { name };
        // The list may still show the bucket that this very run has deleted, to replace it.
        let is_deleted = session.memory().of(TYPE_NAME, name).is_some_and(|known| known.deed == Deed::Removed);
        let listed = bucket.read(api).await.map_err(|error| subject.failed(&error))?;
        if listed.is_some() && !is_deleted {
            return Err(messages::exists(name).into());
        }
        // Names are the ids of buckets, and this one was free before.
        let created = create_once(&bucket, &HashSet::new(), NameOwner::Anybody, Attempt::First, api).await;
        created.map_err(|error| match error {
            CreateError::Rejected(error) if error.is_not_found() => messages::not_enabled(&subject, &error).into(),
            CreateError::Rejected(error) => subject.refused(&error, &API_NAMES),
            CreateError::Foreign(_) => messages::exists(name).into(),
            CreateError::Ambiguous(error, _) => messages::ambiguous(&subject, name, &error).into(),
        })?;
        operation.save(planned.clone().without_unknowns());
        // A replacement inherits what was kept for the former object.
        *operation.private_mut() = Private::default();
        mark(operation, api).await;
        session.memory().forget(TYPE_NAME, name);
        // The answer says nothing of the bucket. Lists lag behind writes, and what they do not show the next read would take for
        // absent.
        let name = "waiting until the bucket is listed";
        let listed = Visible { name, pending: "not listed yet", witness: &bucket, api };
        if let Ok(Waited::Done(bucket)) = api.within(SEARCH_LIMIT).wait_until_deadline(&listed).await {
            operation.save(planned.refreshed(&bucket));
        }
        Ok(())
    }

    async fn read(
        &self,
        operation: &mut Operation<Session, BucketModel>,
        state: BucketModel,
    ) -> Result<(), Diagnostics> {
        let api = &operation.session().api(state.timeouts.of("read", timeouts::READ), operation.stop())?;
        let subject = subject(Verb::Read, &state);
        ensure_same_organization(operation, api, &subject).await?;
        let read = |state: BucketModel, bucket: &Bucket, _: &mut Spelling| state.refreshed(bucket);
        let listed = listed::unchanged(api, state.name(), &state, &Spelling::default(), read).await;
        let presence = match listed.map_err(|error| subject.failed(&error))? {
            Some(bucket) => Presence::Found(bucket),
            None => bucket_presence(operation, api, &state).await.map_err(|error| subject.failed(&error))?,
        };
        match presence {
            Presence::Found(bucket) => {
                AccountMark::of(api).store(operation.private_mut());
                operation.save(state.refreshed(&bucket));
            }
            Presence::Absent => {
                operation.warn(messages::absent(&subject));
                operation.remove();
            }
            Presence::Unproved(doubt) => return Err(not_visible(NOUN, &subject, &doubt).into()),
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
        operation.save(planned.without_unknowns());
        Ok(())
    }

    async fn delete(
        &self,
        operation: &mut Operation<Session, BucketModel>,
        prior: BucketModel,
    ) -> Result<(), Diagnostics> {
        let session = operation.session();
        let api = &session.api(prior.timeouts.of("delete", timeouts::DELETE), operation.stop())?;
        let subject = subject(Verb::Delete, &prior);
        let failed = |error: Error| Diagnostics::from(subject.failed(&error));
        ensure_same_organization(operation, api, &subject).await?;
        match api.object_storage().delete_bucket(prior.name()).await {
            // 404 is success if it is proved that there is no such bucket.
            Err(error) if error.is_not_found() => {
                match bucket_presence(operation, api, &prior).await.map_err(failed)? {
                    Presence::Absent => Ok(()),
                    Presence::Found(_) => Err(messages::contradiction(&subject).into()),
                    Presence::Unproved(doubt) => Err(not_visible(NOUN, &subject, &doubt).into()),
                }
            }
            // Which status says that a bucket is not empty is not known.
            Err(error) if matches!(error.kind(), ErrorKind::Conflict | ErrorKind::Invalid) => {
                Err(messages::refused(&subject, prior.name(), &error).into())
            }
            deleted => {
                deleted.map_err(failed)?;
                let removed = Remembered { deed: Deed::Removed, ..Remembered::default() };
                session.memory().remember(TYPE_NAME, prior.name(), removed);
                Ok(())
            }
        }
    }

    async fn import(
        &self,
        operation: &mut Operation<Session, BucketModel>,
        target: ImportTarget,
    ) -> Result<(), Diagnostics> {
        let api = &operation.session().api(timeouts::READ, operation.stop())?;
        let state = BucketModel { name: target.text("name").unwrap_or_default().into(), ..BucketModel::default() };
        let subject = subject(Verb::Import, &state);
        let asked = BucketOfName { name: state.name() };
        let found = asked.read(api).await.map_err(|error| subject.failed(&error))?;
        let bucket = found.ok_or_else(|| messages::not_listed(&subject))?;
        mark(operation, api).await;
        operation.save(state.refreshed(&bucket));
        Ok(())
    }
}

/// Keeps the mark of the account and its organization: in another one the name is another bucket's. That it cannot be asked
/// for now is no failure of what was done.
async fn mark(operation: &mut Operation<Session, BucketModel>, api: &Api) {
    if api.client().known_account().is_none() {
        _ = AccountMark::control(&api.within(timeouts::QUICK)).await;
    }
    AccountMark::of(api).store(operation.private_mut());
}

/// Makes sure that the bucket of this name is not another organization's.
async fn ensure_same_organization(
    operation: &Operation<Session, BucketModel>,
    api: &Api,
    subject: &Subject,
) -> Result<(), Diagnostics> {
    match is_other_organization(api, operation.private()).await {
        Ok(false) => Ok(()),
        Ok(true) => Err(messages::other_organization(subject).into()),
        Err(error) => Err(subject.failed(&error).into()),
    }
}

/// Whether a bucket exists, and the bucket if it does.
async fn bucket_presence(
    operation: &Operation<Session, BucketModel>,
    api: &Api,
    state: &BucketModel,
) -> Result<Presence<Bucket>, Error> {
    let kept = AccountMark::load(operation.private());
    presence(&BucketOfName { name: state.name() }, kept.as_ref(), Unfinished::No, api).await
}
