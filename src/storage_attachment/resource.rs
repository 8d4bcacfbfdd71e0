//! The resource `tensorpool_storage_attachment`.

use async_trait::async_trait;
use serde_json::Value;
use tensorpool::{Client, Error, ErrorKind, Scope};
use terraform_plugin::schema::Schema;
use terraform_plugin::{Attr, Diagnostics, ImportTarget, Resource, ResourcePlan};

use super::messages::{self, Change};
use super::model::{AttachmentModel, schema};
use super::mount::{Goal, Sight, ask, end};
use crate::errors::Action;
use crate::limits;
use crate::paid::task;
use crate::provider::Session;

/// The names that the API has for attributes, for its complaints about fields.
const API_NAMES: [(&str, &str); 3] =
    [("storage_id", "storage_id"), ("cluster_ids", "cluster_id"), ("cluster_id", "cluster_id")];
/// In private state: the requests of an attachment that is not seen done. There may be none of them.
const REQUESTS: &str = "attach_requests";

type Operation = terraform_plugin::Operation<Session, AttachmentModel>;

/// The resource `tensorpool_storage_attachment`.
pub struct AttachmentResource;

#[async_trait]
impl Resource for AttachmentResource {
    type Client = Session;
    type Model = AttachmentModel;

    fn type_name(&self) -> &'static str {
        "tensorpool_storage_attachment"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    async fn plan(&self, plan: &mut ResourcePlan<Session, AttachmentModel>) -> Result<(), Diagnostics> {
        let warning = match (&plan.prior, &mut plan.planned) {
            (None, Some(planned)) => messages::restarts(Change::Attach, planned),
            // Terraform plans the other half of a replacement as a create.
            (Some(prior), planned) if planned.is_none() || !plan.requires_replace.is_empty() => {
                messages::restarts(Change::Detach, prior)
            }
            (Some(_), Some(planned)) if plan.private.get(REQUESTS).is_some() => {
                // An update in place, in which apply waits until the volume is attached.
                planned.attached = Attr::Unknown;
                return Ok(());
            }
            _ => return Ok(()),
        };
        plan.warnings.push(warning);
        Ok(())
    }

    async fn create(&self, operation: &mut Operation, planned: AttachmentModel) -> Result<(), Diagnostics> {
        let session = operation.client();
        let api = session.api()?;
        let (subject, limit) = (planned.subject(Action::Create), planned.timeouts.of("create", limits::CREATE));
        let bounds = || Scope::new(limit, operation.stop().clone()).about(task(&subject));
        let failed = |error: Error| subject.refused(&error, &API_NAMES);
        // The time of those that come before does not count.
        let _turn = session.turns().wait(planned.cluster_id(), &bounds()).await.map_err(failed)?;
        let (scope, state) = (bounds(), planned.settled(false));
        let requests = ask(api, &state, Goal::Attached, &scope).await.map_err(failed)?;
        operation.save(state.clone());
        if requests.is_none() {
            operation.warn(messages::attached_already(&subject));
        }
        operation.private_mut().set(REQUESTS, requests.unwrap_or_default());
        finish(operation, api, state, &scope).await
    }

    async fn read(&self, operation: &mut Operation, state: AttachmentModel) -> Result<(), Diagnostics> {
        let session = operation.client();
        let subject = state.subject(Action::Read);
        let scope = Scope::new(state.timeouts.of("read", limits::READ), operation.stop().clone());
        let sight = Sight::of(session.api()?, &state, &scope).await.map_err(|error| subject.failed(&error))?;
        let unfinished = operation.private().get(REQUESTS).is_some();
        let gone = match (sight.missing(), sight.is_attached()) {
            (Some(why), _) => Some(why),
            (None, Some(false)) if !unfinished => Some("The storage volume was detached from the cluster"),
            _ => None,
        };
        match gone {
            Some(why) => {
                operation.warn(messages::gone(&subject, why));
                operation.remove();
            }
            None => operation.save(state.settled(!unfinished)),
        }
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
        let session = operation.client();
        let scope = Scope::new(planned.timeouts.of("create", limits::CREATE), operation.stop().clone());
        let scope = scope.about(task(&planned.subject(Action::Create)));
        finish(operation, session.api()?, planned.settled(false), &scope).await
    }

    async fn delete(&self, operation: &mut Operation, prior: AttachmentModel) -> Result<(), Diagnostics> {
        let session = operation.client();
        let api = session.api()?;
        // Until the end is seen the attachment stays in the state.
        operation.save(prior.clone());
        let (subject, limit) = (prior.subject(Action::Delete), prior.timeouts.of("delete", limits::DELETE));
        let bounds = || Scope::new(limit, operation.stop().clone()).about(task(&subject));
        let failed = |error: Error| subject.failed(&error);
        let _turn = session.turns().wait(prior.cluster_id(), &bounds()).await.map_err(failed)?;
        let scope = bounds();
        if let Some(requests) = ask(api, &prior, Goal::Detached, &scope).await.map_err(failed)? {
            end(api, &prior, Goal::Detached, &requests, &scope).await.map_err(failed)?;
        }
        Ok(())
    }

    async fn import(&self, operation: &mut Operation, target: ImportTarget) -> Result<(), Diagnostics> {
        let state = wanted(&target)?;
        let subject = state.subject(Action::Import);
        let session = operation.client();
        let scope = Scope::new(limits::READ, operation.stop().clone());
        let sight = Sight::of(session.api()?, &state, &scope).await.map_err(|error| subject.failed(&error))?;
        if sight.is_attached() == Some(false) {
            return Err(messages::not_attached(&subject).into());
        }
        operation.save(state);
        Ok(())
    }
}

/// The attachment that an import names: by `storage_id/cluster_id`, or by its identity.
fn wanted(target: &ImportTarget) -> Result<AttachmentModel, Diagnostics> {
    let (storage_id, cluster_id) = match target {
        ImportTarget::Id(id) => {
            let parts = id.split_once('/').filter(|(storage, cluster)| !storage.is_empty() && !cluster.is_empty());
            parts.ok_or_else(|| messages::wrong_id(id))?
        }
        ImportTarget::Identity(_) => {
            (target.text("storage_id").unwrap_or_default(), target.text("cluster_id").unwrap_or_default())
        }
    };
    Ok(AttachmentModel::of(storage_id, cluster_id))
}

/// Waits until the volume is attached and the nodes run again.
async fn finish(
    operation: &mut Operation,
    api: &Client,
    state: AttachmentModel,
    scope: &Scope,
) -> Result<(), Diagnostics> {
    let kept = operation.private().get(REQUESTS).and_then(Value::as_array).cloned().unwrap_or_default();
    let requests: Vec<String> = kept.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    let subject = state.subject(Action::Create);
    match end(api, &state, Goal::Attached, &requests, scope).await {
        Ok(()) => {
            operation.private_mut().remove(REQUESTS);
            operation.save(state.settled(true));
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
            }
            Err(subject.failed(&error).into())
        }
    }
}
