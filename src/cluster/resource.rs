//! The resource `tensorpool_cluster`.

use std::time::Duration;

use async_trait::async_trait;
use tensorpool::{Client, Created, EditCluster, Error, ErrorKind, Progress, Scope};
use terraform_plugin::schema::Schema;
use terraform_plugin::{Attr, AttributePath, Diagnostic, Diagnostics, ImportTarget, Resource, ResourcePlan};

use super::model::{API_NAMES, ClusterModel, schema};
use super::release;
use crate::errors::{Action, Subject};
use crate::provider::Session;

const CREATE_LIMIT: Duration = Duration::from_hours(1);
const READ_LIMIT: Duration = Duration::from_mins(5);
const UPDATE_LIMIT: Duration = Duration::from_mins(20);
const DELETE_LIMIT: Duration = Duration::from_hours(1);
/// The last look at a cluster after the user's interrupt: Terraform should end within seconds.
const LAST_LOOK_LIMIT: Duration = Duration::from_secs(3);
/// The look for a cluster whose create was not answered. Worth some time, as the cluster costs money.
const LOOK_UP_LIMIT: Duration = Duration::from_secs(30);

/// In private state: the request of a create that has not ended.
const CLAIM: &str = "claim_request";
/// In private state: the create had no request id, and the cluster was not seen running.
const UNFINISHED: &str = "unfinished";
/// In private state: the cluster was imported, so what the API does not tell was never known.
const IMPORTED: &str = "imported";

pub(super) type Operation = terraform_plugin::Operation<Session, ClusterModel>;

/// The resource `tensorpool_cluster`.
pub struct ClusterResource;

pub(super) fn subject(action: Action, state: &ClusterModel) -> Subject {
    Subject { action, noun: "cluster", name: state.name.known().cloned(), id: state.id.known().cloned() }
}

#[async_trait]
impl Resource for ClusterResource {
    type Client = Session;
    type Model = ClusterModel;

    fn type_name(&self) -> &'static str {
        "tensorpool_cluster"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    async fn plan(&self, plan: &mut ResourcePlan<Session, ClusterModel>) -> Result<(), Diagnostics> {
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
        let unfinished = plan.private.get(CLAIM).is_some() || plan.private.get(UNFINISHED).is_some();
        if let Some(planned) = &mut plan.planned
            && unfinished
        {
            // An update in place, in which apply waits for the end of the create.
            planned.instances = Attr::Unknown;
            planned.storage_ids = Attr::Unknown;
        }
        Ok(())
    }

    async fn create(&self, operation: &mut Operation, planned: ClusterModel) -> Result<(), Diagnostics> {
        let session = operation.client();
        let api = session.api()?;
        let scope = Scope::new(planned.timeouts.of("create", CREATE_LIMIT), operation.stop().clone());
        let name = planned.name.known().cloned().unwrap_or_else(generated_name);
        let mut state = ClusterModel { name: name.clone().into(), ..planned };

        let existing = api.clusters().find(&name, &scope).await;
        let existing = existing.map_err(|error| subject(Action::Create, &state).failed(&error))?;
        if let Some(cluster) = existing.first() {
            return Err(name_taken(&name, &cluster.id).into());
        }
        let created = claim(api, &state, name, &scope).await?;

        // From here on the cluster exists and costs money: it is in the state whatever happens next.
        state.id = created.cluster_id.into();
        let state = state.settled();
        operation.save(state.clone());
        match &created.request_id {
            Some(id) => operation.private_mut().set(CLAIM, id.clone()),
            None => operation.private_mut().set(UNFINISHED, true),
        }
        finish(operation, api, state, &scope, Action::Create).await
    }

    async fn read(&self, operation: &mut Operation, state: ClusterModel) -> Result<(), Diagnostics> {
        let session = operation.client();
        let scope = Scope::new(state.timeouts.of("read", READ_LIMIT), operation.stop().clone());
        match session.api()?.clusters().get(state.id(), &scope).await {
            Ok(cluster) if !cluster.is_gone() => operation.save(state.refreshed(&cluster)),
            Err(error) if !error.is_not_found() => return Err(subject(Action::Read, &state).failed(&error).into()),
            Ok(_) | Err(_) => {
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
        let mut scope = Scope::new(planned.timeouts.of("update", UPDATE_LIMIT), operation.stop().clone());
        let mut state = prior.clone();
        if operation.private().get(CLAIM).is_some() || operation.private().get(UNFINISHED).is_some() {
            let scope = Scope::new(planned.timeouts.of("create", CREATE_LIMIT), operation.stop().clone());
            finish(operation, api, state.clone(), &scope, Action::Create).await?;
        }
        let edit = EditCluster {
            name: planned.name.known().filter(|name| prior.name.known() != Some(name)).cloned(),
            deletion_protection: planned
                .deletion_protection
                .known()
                .filter(|protection| prior.deletion_protection.known() != Some(protection))
                .copied(),
        };
        if edit.name.is_some() || edit.deletion_protection.is_some() {
            state = self::edit(api, &prior, &edit, &mut scope).await?;
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
        let scope = Scope::new(prior.timeouts.of("delete", DELETE_LIMIT), operation.stop().clone());
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

/// Sends the create. When its outcome is not known, the cluster is looked for by its name, which nobody else has.
async fn claim(api: &Client, state: &ClusterModel, name: String, scope: &Scope) -> Result<Created, Diagnostics> {
    let request = state.to_create(name.clone());
    let subject = subject(Action::Create, state);
    let refused = |error: &Error| subject.refused(error, &API_NAMES);
    let error = match api.clusters().create(&request, scope).await {
        Ok(created) => return Ok(created),
        Err(error) if !error.outcome_is_unclear() => return Err(refused(&error)),
        Err(error) => error,
    };
    let found = api.clusters().find(&name, &Scope::detached(LOOK_UP_LIMIT)).await;
    match found.as_deref() {
        Ok([cluster]) => Ok(Created { cluster_id: cluster.id.clone(), request_id: None }),
        Ok([]) if !matches!(error.kind(), ErrorKind::Stopped | ErrorKind::Deadline) => {
            // It was not accepted, so sending it once more cannot make a second one.
            api.clusters().create(&request, scope).await.map_err(|error| {
                if error.outcome_is_unclear() { undecided(&subject, &name, &error).into() } else { refused(&error) }
            })
        }
        _ => Err(undecided(&subject, &name, &error).into()),
    }
}

/// Waits until a cluster that was created is ready, and saves what it turned out to be.
async fn finish(
    operation: &mut Operation,
    api: &Client,
    state: ClusterModel,
    scope: &Scope,
    action: Action,
) -> Result<(), Diagnostics> {
    let request_id = operation.private().text(CLAIM).map(str::to_owned);
    let waited = match &request_id {
        Some(id) => match api.requests().wait(id, scope).await {
            // The API forgets requests; then the cluster itself tells.
            Err(error) if error.is_not_found() => wait_until_running(api, state.id(), scope).await,
            waited => waited.map(|_| ()),
        },
        None => wait_until_running(api, state.id(), scope).await,
    };
    let interrupted = matches!(&waited, Err(error) if error.kind() == ErrorKind::Stopped);
    let scope = if waited.is_ok() { scope.clone() } else { Scope::detached(LAST_LOOK_LIMIT) };
    let looked = api.clusters().get(state.id(), &scope).await;
    let state = match &looked {
        Ok(cluster) => state.with_computed(cluster),
        Err(_) => state,
    };
    operation.save(state.clone());
    let subject = subject(action, &state);
    match waited {
        Ok(()) => {
            operation.private_mut().remove(CLAIM);
            operation.private_mut().remove(UNFINISHED);
            if let Err(error) = looked {
                let mut warning = subject.failed(&error);
                warning.severity = terraform_plugin::Severity::Warning;
                operation.warn(warning);
            }
            Ok(())
        }
        Err(_) if interrupted => {
            operation.warn(still_provisioning(&subject, request_id.as_deref()));
            Ok(())
        }
        Err(error) => {
            operation.private_mut().remove(CLAIM);
            operation.private_mut().remove(UNFINISHED);
            Err(subject.failed(&error).into())
        }
    }
}

async fn wait_until_running(api: &Client, id: &str, scope: &Scope) -> Result<(), Error> {
    let look = || async {
        let cluster = api.clusters().get(id, scope).await?;
        Ok(if cluster.is_running() { Progress::Done(()) } else { Progress::Pending(cluster.describe_instances()) })
    };
    api.wait_until("waiting for the instances of the cluster to run", scope, look).await
}

/// Changes a cluster and waits until the change is visible.
async fn edit(
    api: &Client,
    prior: &ClusterModel,
    edit: &EditCluster,
    scope: &mut Scope,
) -> Result<ClusterModel, Diagnostics> {
    let subject = subject(Action::Update, prior);
    let failed = |error: Error| subject.refused(&error, &API_NAMES);
    let accepted = api.clusters().edit(prior.id(), edit, scope).await.map_err(failed)?;
    if let Some(id) = accepted.request_id {
        api.requests().wait(&id, scope).await.map_err(failed)?;
    }
    let scope = &*scope;
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

fn generated_name() -> String {
    let random = std::iter::repeat_with(fastrand::lowercase).take(10).collect::<String>();
    format!("tf-cluster-{random}")
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

fn name_taken(name: &str, id: &str) -> Diagnostic {
    let detail = format!(
        "A cluster named {name:?} already exists ({id}), and names are unique. Nothing was created.\n\nChoose another \
         name, or bring the existing cluster under Terraform: terraform import <address of this resource> {id}"
    );
    Diagnostic::error("Cluster name already exists", detail).at(AttributePath::of("name"))
}

fn undecided(subject: &Subject, name: &str, error: &Error) -> Diagnostic {
    let mut diagnostic = subject.failed(error);
    "Cluster may exist outside the state".clone_into(&mut diagnostic.summary);
    diagnostic.detail = format!(
        "{}\n\nIt is not known whether TensorPool created the cluster: the answer to the create was lost, and looking \
         for the name did not decide it. Check TensorPool's web dashboard for a cluster named {name:?}. If it is there, \
         import it: terraform import <address of this resource> <id of the cluster>. If it is not, run terraform apply \
         again.",
        diagnostic.detail
    );
    diagnostic
}

fn still_provisioning(subject: &Subject, request_id: Option<&str>) -> Diagnostic {
    let request = request_id.map(|id| format!(" Request id: {id}.")).unwrap_or_default();
    let detail = format!(
        "Terraform was interrupted while {subject} was being provisioned. The cluster exists, costs money and is in the \
         state.{request}\n\nThe next terraform apply waits for it; terraform destroy removes it."
    );
    Diagnostic::warning("Cluster is still being provisioned", detail)
}

fn gone(state: &ClusterModel) -> Diagnostic {
    let cluster = subject(Action::Read, state);
    let detail = format!(
        "TensorPool has no {cluster} any more: it was destroyed outside Terraform. It is removed from the state, and the \
         next apply creates it anew if it is still in the configuration."
    );
    Diagnostic::warning("Cluster is gone", detail)
}
