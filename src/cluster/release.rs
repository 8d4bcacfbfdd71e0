//! The destroy of a cluster: `DELETE /cluster/{cluster}`, and what follows from its answer.
//!
//! 202 is polled to the end, 404 is success. 409 does not say why: the API answers so for a protected cluster, for one
//! whose nodes do not all run, and while a destroy is under way. So the cluster is looked at, and the look decides.

use std::future::ready;

use tensorpool::{Client, Cluster, Error, ErrorKind, Progress, Scope};
use terraform_plugin::{Diagnostic, Diagnostics};

use super::model::ClusterModel;
use super::resource::{Operation, protected, subject};
use crate::errors::Action;

/// In private state: the request of a destroy that has not ended.
const RELEASE: &str = "release_request";
/// How often a 409 for which the look shows no reason is tried again.
const UNEXPLAINED_TRIES: u32 = 3;

/// What the API says to the destroy.
enum Answer {
    /// It is under way, with a request to wait for or without.
    Released(Option<String>),
    /// There is nothing to destroy.
    Gone,
}

pub(super) async fn release(
    operation: &mut Operation,
    api: &Client,
    prior: ClusterModel,
    scope: &Scope,
) -> Result<(), Diagnostics> {
    // Until the end is seen the cluster stays in the state, with the request that the next run can join.
    operation.save(prior.clone());
    let subject = subject(Action::Delete, &prior);
    let request = match running_release(operation, api, scope).await {
        Some(id) => Some(id),
        None => match destroy(api, &prior, scope).await? {
            Answer::Gone => return Ok(()),
            Answer::Released(id) => id,
        },
    };
    if let Some(id) = request {
        operation.private_mut().set(RELEASE, id.clone());
        match api.requests().wait(&id, scope).await {
            Ok(_) => {}
            // The API forgets requests; then the cluster itself tells.
            Err(error) if error.is_not_found() => {}
            Err(error) => {
                if error.kind() == ErrorKind::RequestFailed {
                    operation.private_mut().remove(RELEASE);
                }
                return Err(subject.failed(&error).into());
            }
        }
    }
    wait_until_gone(api, prior.id(), scope).await.map_err(|error| subject.failed(&error))?;
    Ok(())
}

/// The destroy that an earlier run began, if it still goes on.
async fn running_release(operation: &Operation, api: &Client, scope: &Scope) -> Option<String> {
    let id = operation.private().text(RELEASE)?;
    let request = api.requests().get(id, scope).await.ok()?;
    (!request.status.is_terminal()).then(|| id.to_owned())
}

async fn destroy(api: &Client, prior: &ClusterModel, scope: &Scope) -> Result<Answer, Diagnostics> {
    let subject = subject(Action::Delete, prior);
    let failed = |error: &Error| Diagnostics::from(subject.failed(error));
    let mut unexplained = 0;
    loop {
        let conflict = match api.clusters().destroy(prior.id(), scope).await {
            Ok(accepted) => return Ok(Answer::Released(accepted.request_id)),
            // 404 is success if the look agrees.
            Err(error) if error.is_not_found() || error.kind() == ErrorKind::Conflict => error,
            Err(error) => return Err(failed(&error)),
        };
        let cluster = match api.clusters().get(prior.id(), scope).await {
            Ok(cluster) if cluster.is_gone() => return Ok(Answer::Gone),
            Ok(cluster) => cluster,
            // Two answers of 404 agree. After a 409 the list has to decide.
            Err(error) if error.is_not_found() => {
                let listed = if conflict.is_not_found() {
                    None
                } else {
                    listed(api, prior.id(), scope).await.map_err(|error| failed(&error))?
                };
                match listed {
                    None => return Ok(Answer::Gone),
                    Some(cluster) => cluster,
                }
            }
            Err(error) => return Err(failed(&error)),
        };
        if cluster.deletion_protection == Some(true) {
            return Err(locked_outside(prior, &conflict).into());
        }
        if let Some(id) = release_under_way(api, prior.id(), scope).await {
            return Ok(Answer::Released(Some(id)));
        }
        if !cluster.instances.is_empty() && !cluster.is_running() {
            tracing::info!("the cluster cannot be destroyed yet: {}", cluster.describe_instances());
            match wait_until_changed(api, &cluster, scope).await {
                Ok(Some(_)) => {}
                Ok(None) => return Ok(Answer::Gone),
                Err(error) => return Err(not_running(prior, &error).into()),
            }
        } else if unexplained == UNEXPLAINED_TRIES {
            return Err(failed(&conflict));
        } else {
            unexplained += 1;
            pause(api, scope).await.map_err(|error| failed(&error))?;
        }
    }
}

/// The request of a destroy that somebody else began. That it cannot be asked is no failure: the look goes on.
async fn release_under_way(api: &Client, id: &str, scope: &Scope) -> Option<String> {
    let operations = api.clusters().operations(id, scope).await.ok()?;
    operations
        .into_iter()
        .find(|request| {
            let kind = request.request_type.as_deref().unwrap_or_default();
            kind.eq_ignore_ascii_case("CLUSTER_RELEASE") && !request.status.is_terminal()
        })
        .map(|request| request.request_id)
        .filter(|id| !id.is_empty())
}

/// Waits until the nodes are no longer as they were when the API refused, or there is no cluster any more. They need not
/// all run then: nodes of a create that failed never will, and still the API may destroy them.
async fn wait_until_changed(api: &Client, before: &Cluster, scope: &Scope) -> Result<Option<Cluster>, Error> {
    let look = || async {
        match api.clusters().get(&before.id, scope).await {
            Ok(cluster) if cluster.is_gone() => Ok(Progress::Done(None)),
            Ok(cluster) if cluster.describe_instances() != before.describe_instances() => {
                Ok(Progress::Done(Some(cluster)))
            }
            Ok(cluster) => Ok(Progress::Pending(cluster.describe_instances())),
            Err(error) if error.is_not_found() => {
                let listed = listed(api, &before.id, scope).await?;
                Ok(listed.map_or(Progress::Done(None), |cluster| Progress::Pending(cluster.describe_instances())))
            }
            Err(error) => Err(error),
        }
    };
    api.wait_until("waiting for the instances of the cluster to run", scope, look).await
}

/// A cluster of which a single answer says that there is none, if the list has it all the same.
async fn listed(api: &Client, id: &str, scope: &Scope) -> Result<Option<Cluster>, Error> {
    let clusters = api.clusters().list_all(scope).await?;
    Ok(clusters.into_iter().find(|cluster| cluster.id == id && !cluster.is_gone()))
}

async fn wait_until_gone(api: &Client, id: &str, scope: &Scope) -> Result<(), Error> {
    let look = || async {
        match api.clusters().get(id, scope).await {
            Ok(cluster) if cluster.is_gone() => Ok(Progress::Done(())),
            Ok(cluster) => Ok(Progress::Pending(cluster.describe_instances())),
            Err(error) if error.is_not_found() => Ok(Progress::Done(())),
            Err(error) => Err(error),
        }
    };
    api.wait_until("waiting for the cluster to be gone", scope, look).await
}

/// One turn of the poller.
async fn pause(api: &Client, scope: &Scope) -> Result<(), Error> {
    let mut turns = 0;
    let look = || {
        turns += 1;
        ready(Ok(if turns > 1 { Progress::Done(()) } else { Progress::Pending("the API answered 409".to_owned()) }))
    };
    api.wait_until("waiting to try the destroy again", scope, look).await
}

/// Deletion protection that the plan did not see.
fn locked_outside(prior: &ClusterModel, conflict: &Error) -> Diagnostic {
    let mut diagnostic = protected(prior, &[]);
    let cluster = subject(Action::Delete, prior);
    diagnostic.detail = format!(
        "{}\n\nDeletion protection of {cluster} is on: it was set outside Terraform after this plan was made. The \
         cluster was not destroyed and is still in the state.\n\nIf you mean to destroy it: 1. set deletion_protection \
         = false on the cluster and run terraform apply, which lifts the lock; 2. then destroy it.",
        cluster.story(conflict),
    );
    diagnostic
}

/// The time is over and some node still does not run.
fn not_running(prior: &ClusterModel, error: &Error) -> Diagnostic {
    let mut diagnostic = subject(Action::Delete, prior).failed(error);
    if error.kind() == ErrorKind::Deadline {
        "Cannot delete cluster: instances not RUNNING".clone_into(&mut diagnostic.summary);
        diagnostic.detail = format!(
            "{}\n\nTensorPool destroys a cluster only while all of its instances are RUNNING.",
            diagnostic.detail
        );
    }
    diagnostic
}
