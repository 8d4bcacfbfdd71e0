//! The resource `tensorpool_storage_attachment`.

use async_trait::async_trait;
use serde_json::Value;
use tensorpool::{Api, Error, ErrorKind, Scope};
use terraform_plugin::schema::Schema;
use terraform_plugin::{Attr, Diagnostics, ImportTarget, Resource, ResourcePlan};

use super::attach::{Attachment, Goal, Observation, attachment_presence, finish, is_listed, send};
use super::messages;
use super::model::{AttachmentModel, NOUN, schema};
use super::restart::restarts;
use crate::errors::Verb;
use crate::evidence::AccountMark;
use crate::evidence::memory::{Deed, Remembered, mark_holder};
use crate::provisioned::{not_visible, task};
use crate::session::{Session, validate_credentials};
use crate::timeouts;

/// The API's names of attributes, for its complaints about fields.
const API_NAMES: [(&str, &str); 3] =
    [("storage_id", "storage_id"), ("cluster_ids", "cluster_id"), ("cluster_id", "cluster_id")];
/// In private state: the requests of an attachment that was not observed to be done. There may be none of them.
const REQUESTS: &str = "attach_requests";

pub(super) const TYPE_NAME: &str = "tensorpool_storage_attachment";

type Operation = terraform_plugin::Operation<Session, AttachmentModel>;

/// The resource `tensorpool_storage_attachment`.
pub struct AttachmentResource;

#[async_trait]
impl Resource for AttachmentResource {
    type Session = Session;
    type Model = AttachmentModel;

    fn type_name(&self) -> &'static str {
        TYPE_NAME
    }

    fn schema(&self) -> Schema {
        schema()
    }

    async fn plan(&self, plan: &mut ResourcePlan<Session, AttachmentModel>) -> Result<(), Diagnostics> {
        validate_credentials(plan).await?;
        if let (Some(_), Some(planned)) = (&plan.prior, &mut plan.planned)
            && plan.requires_replace.is_empty()
            && plan.private.get(REQUESTS).is_some()
        {
            // An update in place, in which apply waits until the volume is attached.
            planned.attached = Attr::Unknown;
        }
        if let Some((change, cluster_id)) = restarts(plan).await {
            plan.warnings.push(messages::restarts(change, &cluster_id));
        }
        Ok(())
    }

    async fn create(&self, operation: &mut Operation, planned: AttachmentModel) -> Result<(), Diagnostics> {
        let session = operation.session();
        let (subject, limit) = (planned.subject(Verb::Create), planned.timeouts.of("create", timeouts::CREATE));
        let bounds = || Scope::new(limit, operation.stop().clone()).about(task(&subject));
        let failed = |error: Error| subject.refused(&error, &API_NAMES);
        let api = session.scoped(bounds())?;
        let _permit = session.locks().acquire(planned.cluster_id(), api.scope()).await.map_err(failed)?;
        // The time that other operations took does not count.
        let (api, state) = (&api.with_scope(bounds()), planned.without_unknowns(false));
        let pair = state.pair();
        let requests = send(api, &state, Goal::Attached).await.map_err(failed)?;
        let deed = if requests.is_some() { Deed::Created } else { Deed::Adopted };
        if requests.is_none() {
            if session.memory().of(TYPE_NAME, &pair).is_some_and(|known| known.deed != Deed::Read) {
                return Err(messages::attached_twice(&subject).into());
            }
            operation.warn(messages::attached_already(&subject));
        }
        let holder = Some(mark_holder(operation.private_mut()));
        session.memory().remember(TYPE_NAME, &pair, Remembered { deed, holder, ..Remembered::default() });
        operation.save(state.clone());
        AccountMark::of(api).store(operation.private_mut());
        operation.private_mut().set(REQUESTS, requests.unwrap_or_default());
        wait_until_attached(operation, api, state).await
    }

    async fn read(&self, operation: &mut Operation, state: AttachmentModel) -> Result<(), Diagnostics> {
        let session = operation.session();
        let subject = state.subject(Verb::Read);
        let api = &session.api(state.timeouts.of("read", timeouts::READ), operation.stop())?;
        let unfinished = operation.private().get(REQUESTS).is_some();
        let failed = |error: Error| subject.failed(&error);
        let presence = if !unfinished && is_listed(api, &state).await.map_err(failed)? {
            Attachment::Attached
        } else {
            attachment_presence(api, &state, operation.private()).await.map_err(failed)?
        };
        let absent = match presence {
            Attachment::Unproved(doubt) => return Err(not_visible(NOUN, &subject, &doubt).into()),
            Attachment::Absent(why) => Some(why),
            Attachment::Detached if !unfinished => Some("The storage volume was detached from the cluster"),
            Attachment::Attached | Attachment::Detached => None,
        };
        if let Some(why) = absent {
            operation.warn(messages::absent(&subject, why));
            operation.remove();
            return Ok(());
        }
        AccountMark::of(api).store(operation.private_mut());
        session.memory().remember(TYPE_NAME, &state.pair(), Remembered::default());
        operation.save(state.without_unknowns(!unfinished));
        Ok(())
    }

    async fn update(
        &self,
        operation: &mut Operation,
        _prior: AttachmentModel,
        planned: AttachmentModel,
    ) -> Result<(), Diagnostics> {
        if operation.private().get(REQUESTS).is_none() {
            // Only the timeouts can change in place.
            operation.save(planned);
            return Ok(());
        }
        let scope = Scope::new(planned.timeouts.of("create", timeouts::CREATE), operation.stop().clone());
        let api = operation.session().scoped(scope.about(task(&planned.subject(Verb::Create))))?;
        wait_until_attached(operation, &api, planned.without_unknowns(false)).await
    }

    async fn delete(&self, operation: &mut Operation, prior: AttachmentModel) -> Result<(), Diagnostics> {
        let session = operation.session();
        let (subject, limit) = (prior.subject(Verb::Delete), prior.timeouts.of("delete", timeouts::DELETE));
        let stop = operation.stop().clone();
        let bounds = || Scope::new(limit, stop.clone()).about(task(&subject));
        let api = session.scoped(bounds())?;
        // Until the end is observed the attachment stays in the state.
        operation.save(prior.clone());
        let failed = |error: Error| subject.failed(&error);
        let _permit = session.locks().acquire(prior.cluster_id(), api.scope()).await.map_err(failed)?;
        let known = session.memory().of(TYPE_NAME, &prior.pair());
        if known.is_some_and(|known| known.is_held_by_another(operation.private())) {
            operation.warn(messages::kept(&subject));
            return Ok(());
        }
        let api = &api.with_scope(bounds());
        let completed = match send(api, &prior, Goal::Detached).await.map_err(failed)? {
            Some(requests) => finish(api, &prior, Goal::Detached, &requests).await.map_err(failed)?,
            None => false,
        };
        if !completed {
            match attachment_presence(api, &prior, operation.private()).await.map_err(failed)? {
                Attachment::Detached | Attachment::Absent(_) => {}
                Attachment::Unproved(doubt) => return Err(not_visible(NOUN, &subject, &doubt).into()),
                Attachment::Attached => {
                    let observation = Observation::read(api, &prior).await.map_err(failed)?;
                    // Where neither object shows attachments, there is nothing to be contradicted by.
                    if observation.is_attached().is_some() {
                        return Err(messages::still_attached(&subject).into());
                    }
                }
            }
        }
        session.memory().forget(TYPE_NAME, &prior.pair());
        Ok(())
    }

    async fn import(&self, operation: &mut Operation, target: ImportTarget) -> Result<(), Diagnostics> {
        let asked = requested(&target)?;
        let subject = asked.subject(Verb::Import);
        let api = &operation.session().api(timeouts::READ, operation.stop())?;
        let failed = |error: Error| subject.failed(&error);
        // Names are accepted in place of ids; the state holds the ids.
        let volume = api.volumes().resolve(asked.storage_id()).await.map_err(failed)?;
        let cluster = api.clusters().resolve(asked.cluster_id()).await.map_err(failed)?;
        let state = AttachmentModel::of(&volume.id, &cluster.id);
        let observation = Observation::read(api, &state).await.map_err(failed)?;
        if observation.is_attached() == Some(false) {
            return Err(messages::not_attached(&subject).into());
        }
        AccountMark::of(api).store(operation.private_mut());
        operation.save(state);
        Ok(())
    }
}

/// The attachment that an import names: by `storage_id/cluster_id`, or by its identity.
fn requested(target: &ImportTarget) -> Result<AttachmentModel, Diagnostics> {
    let (storage_id, cluster_id) = match target.id() {
        Some(id) => {
            let parts = id.split_once('/').filter(|(storage, cluster)| !storage.is_empty() && !cluster.is_empty());
            parts.ok_or_else(|| messages::wrong_id(id))?
        }
        None => (target.text("storage_id").unwrap_or_default(), target.text("cluster_id").unwrap_or_default()),
    };
    Ok(AttachmentModel::of(storage_id, cluster_id))
}

/// Waits until the volume is attached and the nodes run again.
async fn wait_until_attached(operation: &mut Operation, api: &Api, state: AttachmentModel) -> Result<(), Diagnostics> {
    let kept = operation.private().get(REQUESTS).and_then(Value::as_array).cloned().unwrap_or_default();
    let requests: Vec<String> = kept.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    let subject = state.subject(Verb::Create);
    match finish(api, &state, Goal::Attached, &requests).await {
        Ok(_) => {
            operation.private_mut().remove(REQUESTS);
            operation.save(state.without_unknowns(true));
            Ok(())
        }
        Err(error) if error.kind() == ErrorKind::Stopped => {
            operation.warn(messages::still_attaching(&subject, &requests));
            operation.save(state);
            Ok(())
        }
        Err(error) => {
            if error.kind() == ErrorKind::RequestFailed {
                operation.private_mut().remove(REQUESTS);
                return Err(subject.failed(&error).into());
            }
            Err(messages::unfinished(&subject, &error).into())
        }
    }
}
