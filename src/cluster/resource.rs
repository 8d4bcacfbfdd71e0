//! The resource `tensorpool_cluster`.

use std::time::Duration;

use async_trait::async_trait;
use tensorpool::{Client, EditCluster, Error, Progress, Scope, Task};
use terraform_plugin::schema::Schema;
use terraform_plugin::{Attr, AttributePath, Diagnostic, Diagnostics, ImportTarget, Resource, ResourcePlan};

use super::claim::{self, FAILED, finish, is_unfinished};
use super::model::{API_NAMES, ClusterModel, schema};
use super::release;
use crate::errors::{Action, Subject};
use crate::provider::Session;

pub(super) const TYPE_NAME: &str = "tensorpool_cluster";

const CREATE_LIMIT: Duration = Duration::from_hours(1);
const READ_LIMIT: Duration = Duration::from_mins(5);
const UPDATE_LIMIT: Duration = Duration::from_mins(20);
const DELETE_LIMIT: Duration = Duration::from_hours(1);
/// In private state: the cluster was imported, so what the API does not tell was never known.
const IMPORTED: &str = "imported";

pub(super) type Operation = terraform_plugin::Operation<Session, ClusterModel>;

/// The resource `tensorpool_cluster`.
pub struct ClusterResource;

pub(super) fn subject(action: Action, state: &ClusterModel) -> Subject {
    Subject { action, noun: "cluster", name: state.name.known().cloned(), id: state.id.known().cloned() }
}

/// What the log says of an operation while it waits.
pub(super) fn task(subject: &Subject) -> Task {
    Task {
        operation: subject.doing(),
        object_id: subject.id.clone().unwrap_or_default(),
        name: subject.name.clone().unwrap_or_default(),
    }
}

#[async_trait]
impl Resource for ClusterResource {
    type Client = Session;
    type Model = ClusterModel;

    fn type_name(&self) -> &'static str {
        TYPE_NAME
    }

    fn schema(&self) -> Schema {
        schema()
    }

    async fn plan(&self, plan: &mut ResourcePlan<Session, ClusterModel>) -> Result<(), Diagnostics> {
        claim::tell_what_is_left_behind(plan).await;
        let Some(prior) = &plan.prior else { return Ok(()) };
        if plan.private.get(IMPORTED).is_some() {
            // These were never read, so setting them in the configuration tells what the cluster already has.
            let first_told = |path: &AttributePath| {
                (path == &AttributePath::of("public_keys") && prior.public_keys.is_null())
                    || (path == &AttributePath::of("container") && prior.container.is_null())
            };
            plan.requires_replace.retain(|path| !first_told(path));
        }
        if prior.is_protected() && (plan.planned.is_none() || !plan.requires_replace.is_empty()) {
            return Err(protected(prior, &plan.requires_replace).into());
        }
        if let Some(planned) = &mut plan.planned
            && plan.private.get(FAILED).is_some()
        {
            // An open id is a change, and one that only a new cluster can bring.
            planned.id = Attr::Unknown;
            planned.instances = Attr::Unknown;
            planned.storage_ids = Attr::Unknown;
            plan.requires_replace.push(AttributePath::of("id"));
        } else if let Some(planned) = &mut plan.planned
            && is_unfinished(&plan.private)
        {
            // An update in place, in which apply waits for the end of the create.
            planned.instances = Attr::Unknown;
            planned.storage_ids = Attr::Unknown;
        }
        Ok(())
    }

    async fn create(&self, operation: &mut Operation, planned: ClusterModel) -> Result<(), Diagnostics> {
        let session = operation.client();
        let scope = Scope::new(planned.timeouts.of("create", CREATE_LIMIT), operation.stop().clone());
        claim::create(operation, session.api()?, session.journal(), planned, &scope).await
    }

    async fn read(&self, operation: &mut Operation, state: ClusterModel) -> Result<(), Diagnostics> {
        let session = operation.client();
        session.journal().seen(TYPE_NAME, state.id());
        let scope = Scope::new(state.timeouts.of("read", READ_LIMIT), operation.stop().clone());
        match session.api()?.clusters().get(state.id(), &scope).await {
            Ok(cluster) if !cluster.is_gone() => operation.save(state.refreshed(&cluster)),
            Err(error) if !error.is_not_found() => return Err(subject(Action::Read, &state).failed(&error).into()),
            Ok(_) | Err(_) => {
                let subject = subject(Action::Read, &state);
                // A state is emptied only if the list agrees: an answer of something in front of the API is not enough.
                let listed = session.api()?.clusters().list_all(&scope).await;
                let listed = listed.map_err(|error| subject.failed(&error))?;
                if listed.iter().any(|cluster| cluster.id == state.id() && !cluster.is_gone()) {
                    return Err(contradiction(&subject).into());
                }
                operation.warn(gone(&state));
                operation.remove();
            }
        }
        Ok(())
    }

    async fn update(
        &self,
        operation: &mut Operation,
        prior: ClusterModel,
        planned: ClusterModel,
    ) -> Result<(), Diagnostics> {
        let session = operation.client();
        let api = session.api()?;
        session.journal().seen(TYPE_NAME, prior.id());
        let mut state = prior.clone();
        if is_unfinished(operation.private()) {
            let scope = Scope::new(planned.timeouts.of("create", CREATE_LIMIT), operation.stop().clone());
            finish(operation, api, state.clone(), &scope).await?;
            if is_unfinished(operation.private()) {
                // Interrupted again. What was planned comes back as it was planned, and the next apply goes on.
                return Ok(());
            }
        }
        let scope = Scope::new(planned.timeouts.of("update", UPDATE_LIMIT), operation.stop().clone());
        let scope = scope.about(task(&subject(Action::Update, &prior)));
        let edit = EditCluster {
            name: planned.name.known().filter(|name| prior.name.known() != Some(name)).cloned(),
            deletion_protection: planned
                .deletion_protection
                .known()
                .filter(|protection| prior.deletion_protection.known() != Some(protection))
                .copied(),
        };
        if edit.name.is_some() || edit.deletion_protection.is_some() {
            state = self::edit(api, &prior, &edit, &scope).await?;
        }
        let cluster = api.clusters().get(prior.id(), &scope).await;
        // What only the configuration knows is taken from it.
        let state = ClusterModel { instances: state.instances, storage_ids: state.storage_ids, ..planned };
        operation.private_mut().remove(IMPORTED);
        operation.save(match cluster {
            Ok(cluster) => state.with_computed(&cluster),
            Err(_) => state.settled(),
        });
        Ok(())
    }

    async fn delete(&self, operation: &mut Operation, prior: ClusterModel) -> Result<(), Diagnostics> {
        let session = operation.client();
        session.journal().seen(TYPE_NAME, prior.id());
        let scope = Scope::new(prior.timeouts.of("delete", DELETE_LIMIT), operation.stop().clone());
        let scope = scope.about(task(&subject(Action::Delete, &prior)));
        release::release(operation, session.api()?, prior, &scope).await
    }

    async fn import(&self, operation: &mut Operation, target: ImportTarget) -> Result<(), Diagnostics> {
        let session = operation.client();
        let scope = Scope::new(READ_LIMIT, operation.stop().clone());
        let state = ClusterModel::imported(target.text("id").unwrap_or_default().to_owned());
        let cluster = session.api()?.clusters().get(state.id(), &scope).await;
        let cluster = cluster.map_err(|error| subject(Action::Import, &state).failed(&error))?;
        operation.private_mut().set(IMPORTED, true);
        operation.save(state.refreshed(&cluster));
        Ok(())
    }
}

/// Changes a cluster and waits until the change is visible.
async fn edit(
    api: &Client,
    prior: &ClusterModel,
    edit: &EditCluster,
    scope: &Scope,
) -> Result<ClusterModel, Diagnostics> {
    let subject = subject(Action::Update, prior);
    let failed = |error: Error| subject.refused(&error, &API_NAMES);
    let accepted = api.clusters().edit(prior.id(), edit, scope).await.map_err(failed)?;
    if let Some(id) = accepted.request_id {
        api.requests().wait(&id, scope).await.map_err(failed)?;
    }
    let look = || async {
        let cluster = api.clusters().get(prior.id(), scope).await?;
        // A field that the API does not tell cannot be waited for.
        let name = edit.name.is_none() || cluster.name.is_none() || cluster.name == edit.name;
        let protection = edit.deletion_protection.is_none()
            || cluster.deletion_protection.is_none()
            || cluster.deletion_protection == edit.deletion_protection;
        Ok(if name && protection {
            Progress::Done(cluster)
        } else {
            Progress::Pending("the change is not visible yet".to_owned())
        })
    };
    let cluster = api.wait_until("waiting for the change of the cluster", scope, look).await.map_err(failed)?;
    Ok(prior.clone().refreshed(&cluster))
}

/// Why a plan that would destroy a protected cluster is refused. Also the diagnostic of the lock that is met at apply.
pub(super) fn protected(state: &ClusterModel, replaced_for: &[AttributePath]) -> Diagnostic {
    let cluster = subject(Action::Delete, state);
    let what = if replaced_for.is_empty() {
        "destroy it".to_owned()
    } else {
        let paths: Vec<_> = replaced_for.iter().map(ToString::to_string).collect();
        format!("replace it, because of a change of {}", paths.join(", "))
    };
    let detail = format!(
        "Deletion protection is on for {cluster}, and this plan would {what}. Nothing was changed.\n\nIf you mean it: \
         1. set deletion_protection = false on the cluster and run terraform apply; 2. then destroy or replace it."
    );
    Diagnostic::error("Cluster is protected from deletion", detail).at(AttributePath::of("deletion_protection"))
}

/// The API says of one cluster both that there is none and that there is.
fn contradiction(cluster: &Subject) -> Diagnostic {
    let detail = format!(
        "TensorPool answered that there is no {cluster}, but lists it. Nothing was changed, and the cluster is still in the \
         state. Run terraform again."
    );
    Diagnostic::error("Cannot read cluster: contradictory answers", detail)
}

fn gone(state: &ClusterModel) -> Diagnostic {
    let cluster = subject(Action::Read, state);
    let detail = format!(
        "TensorPool has no {cluster} any more: it was destroyed outside Terraform. It is removed from the state, and the \
         next apply creates it anew if it is still in the configuration."
    );
    Diagnostic::warning("Cluster is gone", detail)
}
