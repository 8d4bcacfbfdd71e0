//! The resource `tensorpool_object_storage`.

use std::collections::HashSet;
use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use tensorpool::{Api, Condition, Credentials, Error, ErrorKind, Progress, Waited};
use terraform_plugin::schema::Schema;
use terraform_plugin::{Diagnostics, ImportTarget, Operation, Resource, ResourcePlan};

use super::api::{Enabled, Enabling, enabled, ensure_organization};
use super::messages;
use super::model::{ObjectStorageModel, organization, schema};
use crate::create_once::{CreateError, create_once};
use crate::errors::{Subject, Verb};
use crate::evidence::ambiguity::{Attempt, NameOwner};
use crate::evidence::memory::{Deed, Remembered, mark_holder};
use crate::evidence::{AccountMark, Presence, Unfinished, presence};
use crate::incomplete_list;
use crate::object_storage_bucket::TYPE_NAME as BUCKET_TYPE_NAME;
use crate::provisioned::not_visible;
use crate::session::{Session, validate_credentials};
use crate::timeouts;

/// The object in a word.
const NOUN: &str = "object storage";

const TYPE_NAME: &str = "tensorpool_object_storage";

/// How long the list may show buckets that were deleted.
const NO_BUCKETS_LIMIT: Duration = Duration::from_secs(5);

/// The resource `tensorpool_object_storage`.
pub struct ObjectStorageResource;

fn subject(verb: Verb, state: &ObjectStorageModel) -> Subject {
    Subject { verb, noun: NOUN, name: None, id: state.org_id.known().cloned() }
}

#[async_trait]
impl Resource for ObjectStorageResource {
    type Session = Session;
    type Model = ObjectStorageModel;

    fn type_name(&self) -> &'static str {
        TYPE_NAME
    }

    fn schema(&self) -> Schema {
        schema()
    }

    async fn plan(&self, plan: &mut ResourcePlan<Session, ObjectStorageModel>) -> Result<(), Diagnostics> {
        validate_credentials(plan).await?;
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
        let session = operation.session();
        let api = &session.api(planned.timeouts.of("create", timeouts::CREATE), operation.stop())?;
        let subject = subject(Verb::Create, &planned);
        let enabled = enabled(api).await.map_err(|error| subject.failed(&error))?;
        let (credentials, deed) = match enabled {
            Some(credentials) => {
                operation.warn(messages::adopted(organization(&credentials)));
                (credentials, Deed::Adopted)
            }
            None => (enable(api, &subject).await?, Deed::Created),
        };
        let org_id = organization(&credentials);
        let holder = Some(mark_holder(operation.private_mut()));
        session.memory().remember(TYPE_NAME, org_id, Remembered { deed, holder, ..Remembered::default() });
        AccountMark::of(api).store(operation.private_mut());
        operation.save(planned.refreshed(&credentials));
        Ok(())
    }

    async fn read(
        &self,
        operation: &mut Operation<Session, ObjectStorageModel>,
        state: ObjectStorageModel,
    ) -> Result<(), Diagnostics> {
        let api = &operation.session().api(state.timeouts.of("read", timeouts::READ), operation.stop())?;
        let subject = subject(Verb::Read, &state);
        match storage_presence(operation, api).await.map_err(|error| subject.failed(&error))? {
            Presence::Found(credentials) => {
                ensure_organization(&subject, state.org_id(), &credentials)?;
                AccountMark::of(api).store(operation.private_mut());
                operation.save(state.refreshed(&credentials));
            }
            Presence::Absent => {
                operation.warn(messages::absent(state.org_id()));
                operation.remove();
            }
            Presence::Unproved(doubt) => return Err(not_visible(NOUN, &subject, &doubt).into()),
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
        operation.save(planned.clone().without_unknowns());
        let api = operation.session().api(planned.timeouts.of("update", timeouts::UPDATE), operation.stop())?;
        match api.object_storage().credentials().await {
            Ok(credentials) => operation.save(planned.with_status(&credentials)),
            Err(error) => {
                let failed = subject(Verb::Update, &planned).failed(&error);
                operation.warn(failed.into_warning());
            }
        }
        Ok(())
    }

    async fn delete(
        &self,
        operation: &mut Operation<Session, ObjectStorageModel>,
        prior: ObjectStorageModel,
    ) -> Result<(), Diagnostics> {
        let session = operation.session();
        let api = &session.api(prior.timeouts.of("delete", timeouts::DELETE), operation.stop())?;
        let subject = subject(Verb::Delete, &prior);
        let failed = |error: &Error| Diagnostics::from(subject.failed(error));
        if !prior.may_be_disabled() {
            operation.save(prior.clone());
            return Err(messages::not_allowed(prior.org_id()).into());
        }
        let known = session.memory().of(TYPE_NAME, prior.org_id());
        if known.is_some_and(|known| known.is_held_by_another(operation.private())) {
            operation.warn(messages::kept(prior.org_id()));
            return Ok(());
        }
        // With a key of another organization, that one's object storage would be disabled.
        let credentials = match storage_presence(operation, api).await.map_err(|error| failed(&error))? {
            Presence::Found(credentials) => credentials,
            Presence::Absent => {
                session.memory().forget(TYPE_NAME, prior.org_id());
                return Ok(());
            }
            Presence::Unproved(doubt) => return Err(not_visible(NOUN, &subject, &doubt).into()),
        };
        ensure_organization(&subject, prior.org_id(), &credentials)?;
        refuse_with_buckets(&session, api, &subject).await?;
        let disabled: Result<(), Diagnostics> = match api.object_storage().disable().await {
            Err(error) if error.is_not_found() => {
                match storage_presence(operation, api).await.map_err(|error| failed(&error))? {
                    Presence::Absent => Ok(()),
                    Presence::Found(_) => Err(messages::contradiction().into()),
                    Presence::Unproved(doubt) => Err(not_visible(NOUN, &subject, &doubt).into()),
                }
            }
            Err(error) if matches!(error.kind(), ErrorKind::Conflict | ErrorKind::Invalid) => {
                match api.object_storage().buckets().await {
                    Ok(tensorpool::Listing { items: buckets, .. }) if !buckets.is_empty() => {
                        Err(messages::refused_with_buckets(&subject, &error, &buckets).into())
                    }
                    _ => Err(failed(&error)),
                }
            }
            disabled => disabled.map_err(|error| failed(&error)),
        };
        disabled?;
        session.memory().forget(TYPE_NAME, prior.org_id());
        Ok(())
    }

    async fn import(
        &self,
        operation: &mut Operation<Session, ObjectStorageModel>,
        target: ImportTarget,
    ) -> Result<(), Diagnostics> {
        let api = operation.session().api(timeouts::READ, operation.stop())?;
        let org_id = target.text("org_id").unwrap_or_default();
        let state = ObjectStorageModel { org_id: org_id.into(), ..ObjectStorageModel::default() };
        let subject = subject(Verb::Import, &state);
        let credentials = api.object_storage().credentials().await.map_err(|error| {
            if error.is_not_found() { messages::not_enabled(&subject, &error) } else { subject.failed(&error) }
        })?;
        ensure_organization(&subject, state.org_id(), &credentials)?;
        AccountMark::of(&api).store(operation.private_mut());
        operation.save(state.imported(&credentials));
        Ok(())
    }
}

/// What the API does with buckets that still exist is not known, so it is not put to the test. It may be a little late with what it
/// shows. A read that fails is no permission.
async fn refuse_with_buckets(session: &Session, api: &Api, subject: &Subject) -> Result<(), Diagnostics> {
    match api.within(NO_BUCKETS_LIMIT).wait_until_deadline(&NoBuckets { session, api }).await {
        Ok(Waited::Done(())) => Ok(()),
        Ok(Waited::TimedOut { last: Some(Buckets(names)), .. }) => Err(messages::has_buckets(subject, &names).into()),
        Ok(Waited::TimedOut { last: None, error }) | Err(error) => Err(subject.failed(&error).into()),
    }
}

/// That there are no buckets, but for those that this process has deleted: a list may show them for a while.
struct NoBuckets<'a> {
    session: &'a Session,
    api: &'a Api,
}

/// The names of the buckets that there are.
struct Buckets(Vec<String>);

impl fmt::Display for Buckets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there are {}", self.0.join(", "))
    }
}

impl Condition for NoBuckets<'_> {
    type Output = ();
    type Pending = Buckets;

    fn name(&self) -> String {
        "waiting for the last bucket to be deleted".to_owned()
    }

    async fn check(&self) -> Result<Progress<(), Buckets>, Error> {
        let buckets = self.api.object_storage().buckets().await?;
        incomplete_list::ensure_complete(&buckets, self.api, "buckets").await?;
        let is_deleted = |name: &String| {
            self.session.memory().of(BUCKET_TYPE_NAME, name).is_some_and(|known| known.deed == Deed::Removed)
        };
        let names: Vec<_> =
            buckets.items.into_iter().map(|bucket| bucket.name).filter(|name| !is_deleted(name)).collect();
        Ok(if names.is_empty() { Progress::Done(()) } else { Progress::Pending(Buckets(names)) })
    }
}

/// Whether object storage is enabled, and its credentials if it is.
async fn storage_presence(
    operation: &Operation<Session, ObjectStorageModel>,
    api: &Api,
) -> Result<Presence<Credentials>, Error> {
    let kept = AccountMark::load(operation.private());
    presence(&Enabled, kept.as_ref(), Unfinished::No, api).await
}

async fn enable(api: &Api, subject: &Subject) -> Result<Credentials, Diagnostics> {
    let enabling = Enabling::default();
    // It was not enabled before, so there is none that could be another one.
    let created = create_once(&enabling, &HashSet::new(), NameOwner::Anybody, Attempt::First, api).await;
    created.map_err(|error| match error {
        CreateError::Rejected(error) => Diagnostics::from(subject.failed(&error)),
        CreateError::Ambiguous(error, _) => messages::ambiguous(subject, &error).into(),
        // There was none before.
        CreateError::Foreign(_) => messages::contradiction().into(),
    })?;
    // Whatever created it has returned the credentials.
    enabling.into_credentials().ok_or_else(|| messages::contradiction().into())
}
