//! The create of a cluster: `POST /cluster/create`, and what follows from its answer, or from none.
//!
//! Never two machines, and never one that nobody knows of. The cluster's name is unique and was free before, so a cluster
//! of that name after a create whose answer was lost is ours. The journal knows it if this process dies.

use std::time::Duration;

use async_trait::async_trait;
use tensorpool::{Client, Created, Error, ErrorKind, Progress, Scope};
use terraform_plugin::{Diagnostics, Private, ResourcePlan};

use super::messages;
use super::model::{API_NAMES, ClusterModel};
use super::resource::{Operation, TYPE_NAME, subject, task};
use crate::errors::Action;
use crate::journal::{self, Entry, Journal, Lookup, Open, Wanted, fingerprint};
use crate::provider::Session;

/// The last look at a cluster after the user's interrupt: Terraform should end within seconds.
const LAST_LOOK_LIMIT: Duration = Duration::from_secs(2);
/// The look for a cluster whose create was not answered. Worth some time, as the cluster costs money.
const LOOK_UP_LIMIT: Duration = Duration::from_secs(30);

/// In private state: the request of a create that has not ended.
const CLAIM: &str = "claim_request";
/// In private state: the create had no request id, and the cluster was not seen running.
const UNFINISHED: &str = "unfinished";
/// In private state: a create that was resumed has failed, so the cluster has to be replaced.
pub(super) const FAILED: &str = "failed";

/// Whether private state tells of a create that has not ended.
pub(super) fn is_unfinished(private: &Private) -> bool {
    private.get(CLAIM).is_some() || private.get(UNFINISHED).is_some()
}

pub(super) async fn create(
    operation: &mut Operation,
    api: &Client,
    journal: &Journal,
    planned: ClusterModel,
    scope: &Scope,
) -> Result<(), Diagnostics> {
    // A replacement inherits what was kept for the former cluster.
    *operation.private_mut() = Private::default();
    let configured = planned.name.known().cloned();
    let generated = configured.is_none();
    let name = configured.unwrap_or_else(generated_name);
    let configuration = configuration(&planned);
    let wanted = Wanted { type_name: TYPE_NAME, name: &name, generated, configuration: &configuration };
    // What an earlier run left behind in the middle of this very create: its cluster, or at least its name.
    let left = journal.take(&wanted).await;
    let name = left.as_ref().map_or(&name, |(entry, _)| &entry.name).clone();
    let wanted = Wanted { name: &name, ..wanted };
    let mut state = ClusterModel { name: name.clone().into(), ..planned };
    let scope = scope.clone().about(task(&subject(Action::Create, &state)));

    let found = look_before(api, &name, left.as_ref().map(|(entry, _)| entry), &scope).await;
    let found = found.map_err(|error| subject(Action::Create, &state).failed(&error))?;
    let (created, open) = match (found, left) {
        (Some(id), Some((entry, open))) if entry.id.as_ref().is_none_or(|known| *known == id) => {
            operation.warn(messages::adopted(&name, &id));
            let request_id = match entry.request_id {
                None => claim_request(api, &id, &scope).await,
                known => known,
            };
            (Created { cluster_id: id, request_id }, Some(open))
        }
        (Some(id), _) => return Err(messages::name_taken(&name, &id).into()),
        (None, left) => {
            if let Some((_, open)) = left {
                // The new entry comes below, with the same name.
                open.nothing_made();
            }
            let open = journal.begin(&wanted).unwrap_or_else(|(place, error)| {
                operation.warn(messages::no_journal(&place, &error));
                None
            });
            (claim(api, &state, &name, open.as_ref(), &scope).await?, open)
        }
    };

    // From here on the cluster exists and costs money: it is in the state whatever happens next.
    if let Some(open) = &open {
        open.answered(&created.cluster_id, created.request_id.as_deref());
    }
    state.id = created.cluster_id.into();
    let state = state.settled();
    operation.save(state.clone());
    match &created.request_id {
        Some(id) => operation.private_mut().set(CLAIM, id.clone()),
        None => operation.private_mut().set(UNFINISHED, true),
    }
    let finished = finish(operation, api, state, &scope).await;
    // Terraform marks a create that failed as tainted, which already means that it is replaced.
    operation.private_mut().remove(FAILED);
    if let Some(open) = open {
        open.returned();
    }
    finished
}

/// What the configuration asks for beside the name, in short.
fn configuration(planned: &ClusterModel) -> String {
    let request = planned.to_create(String::new());
    fingerprint(&format!("{request:?}"))
}

fn generated_name() -> String {
    let random = std::iter::repeat_with(fastrand::lowercase).take(10).collect::<String>();
    format!("tf-cluster-{random}")
}

/// The cluster that has the name already, or the one that the journal knows.
async fn look_before(api: &Client, name: &str, left: Option<&Entry>, scope: &Scope) -> Result<Option<String>, Error> {
    if let Some(id) = left.and_then(|entry| entry.id.as_deref()) {
        let known = Clusters(api, scope);
        if known.exists(id).await? {
            return Ok(Some(id.to_owned()));
        }
    }
    Clusters(api, scope).id_of(name).await
}

/// Sends the create, and once more when it certainly came to nothing.
async fn claim(
    api: &Client,
    state: &ClusterModel,
    name: &str,
    open: Option<&Open>,
    scope: &Scope,
) -> Result<Created, Diagnostics> {
    let request = state.to_create(name.to_owned());
    let subject = subject(Action::Create, state);
    let refused = |error: &Error| {
        if let Some(open) = open {
            open.nothing_made();
        }
        subject.refused(error, &API_NAMES)
    };
    let mut unclear = match api.clusters().create(&request, scope).await {
        Ok(created) => return Ok(created),
        Err(error) if !error.outcome_is_unclear() => return Err(refused(&error)),
        Err(error) => error,
    };
    let undecided = |error: &Error| Err(messages::undecided(&subject, name, error).into());
    for last in [false, true] {
        let ending = matches!(unclear.kind(), ErrorKind::Stopped | ErrorKind::Deadline);
        match look_after(api, name, ending, scope).await.as_deref() {
            Ok([id]) => {
                let request_id =
                    if ending { None } else { claim_request(api, id, &Scope::detached(LAST_LOOK_LIMIT)).await };
                return Ok(Created { cluster_id: id.clone(), request_id });
            }
            Ok([]) if !last && !ending => {}
            _ => return undecided(&unclear),
        }
        // There is none of the name. If the first create is still on its way, the name lets only one of them succeed.
        unclear = match api.clusters().create(&request, scope).await {
            Ok(created) => return Ok(created),
            Err(error) if error.kind() == ErrorKind::Conflict || error.outcome_is_unclear() => error,
            Err(error) => return Err(refused(&error)),
        };
    }
    undecided(&unclear)
}

/// Looks for the cluster of a create whose answer was lost. Failures that may pass are borne within the limit. When the
/// operation is ending anyway, an API that is just about to act gets until the limit to do so.
async fn look_after(api: &Client, name: &str, ending: bool, scope: &Scope) -> Result<Vec<String>, Error> {
    let limit = Scope::detached(if ending { LAST_LOOK_LIMIT } else { LOOK_UP_LIMIT }).about(scope.task().clone());
    let look = || async {
        let found = api.clusters().find(name, &limit).await?;
        Ok(if found.is_empty() && ending {
            Progress::Pending("no cluster of this name yet".to_owned())
        } else {
            Progress::Done(found.into_iter().map(|cluster| cluster.id).collect())
        })
    };
    api.wait_until("looking for the cluster by its name", &limit, look).await
}

/// The request that makes a cluster, when the answer that named it was lost. That it cannot be had is no failure: the
/// cluster itself tells when it is ready.
async fn claim_request(api: &Client, id: &str, scope: &Scope) -> Option<String> {
    let operations = api.clusters().operations(id, scope).await.ok()?;
    let claims = |kind: Option<&str>| kind.is_some_and(|kind| kind.eq_ignore_ascii_case("CLUSTER_CLAIM"));
    let claim = operations.into_iter().find(|request| claims(request.request_type.as_deref()))?;
    Some(claim.request_id).filter(|id| !id.is_empty())
}

/// Waits until a cluster that was created is ready, and saves what it turned out to be.
pub(super) async fn finish(
    operation: &mut Operation,
    api: &Client,
    state: ClusterModel,
    scope: &Scope,
) -> Result<(), Diagnostics> {
    let scope = &scope.clone().about(task(&subject(Action::Create, &state)));
    let request_id = operation.private().text(CLAIM).map(str::to_owned);
    let waited = match &request_id {
        Some(id) => match api.requests().wait(id, scope).await {
            // The API forgets requests; then the cluster itself tells.
            Err(error) if error.is_not_found() => wait_until_running(api, state.id(), scope).await,
            waited => waited.map(|_| ()),
        },
        None => wait_until_running(api, state.id(), scope).await,
    };
    let look_scope = if waited.is_ok() { scope.clone() } else { Scope::detached(LAST_LOOK_LIMIT) };
    let looked = api.clusters().get(state.id(), &look_scope).await;
    let state = match &looked {
        Ok(cluster) => state.with_computed(cluster),
        Err(_) => state,
    };
    operation.save(state.clone());
    let subject = subject(Action::Create, &state);
    match waited {
        Err(error) if error.kind() == ErrorKind::Stopped => {
            operation.warn(messages::still_provisioning(&subject, request_id.as_deref()));
            return Ok(());
        }
        // It may still become ready, so the next apply waits again where the state is not tainted.
        Err(error) if error.kind() != ErrorKind::RequestFailed => return Err(subject.failed(&error).into()),
        Err(error) => {
            operation.private_mut().set(FAILED, true);
            operation.private_mut().remove(CLAIM);
            operation.private_mut().remove(UNFINISHED);
            return Err(messages::create_failed(&subject, &error).into());
        }
        Ok(()) => {}
    }
    operation.private_mut().remove(CLAIM);
    operation.private_mut().remove(UNFINISHED);
    if let Err(error) = looked {
        let mut warning = subject.failed(&error);
        warning.severity = terraform_plugin::Severity::Warning;
        operation.warn(warning);
    }
    Ok(())
}

async fn wait_until_running(api: &Client, id: &str, scope: &Scope) -> Result<(), Error> {
    let look = || async {
        let cluster = api.clusters().get(id, scope).await?;
        Ok(if cluster.is_running() { Progress::Done(()) } else { Progress::Pending(cluster.describe_instances()) })
    };
    api.wait_until("waiting for the instances of the cluster to run", scope, look).await
}

/// Warns, once in a process, of clusters that runs left behind.
pub(super) async fn tell_what_is_left_behind(plan: &mut ResourcePlan<Session, ClusterModel>) {
    let Some(session) = plan.client() else { return };
    let (Ok(api), limit) = (session.api(), Scope::detached(LOOK_UP_LIMIT)) else { return };
    if let Some(prior) = &plan.prior {
        session.journal().seen(TYPE_NAME, prior.id());
    }
    let planned = plan.planned.as_ref().filter(|_| plan.prior.is_none());
    let creating = planned.and_then(|planned| planned.name.known()).map(String::as_str);
    for warning in journal::review(session.journal(), &Clusters(api, &limit), creating).await {
        plan.warnings.push(warning);
    }
}

/// How clusters are looked for.
struct Clusters<'a>(&'a Client, &'a Scope);

#[async_trait]
impl Lookup for Clusters<'_> {
    const TYPE_NAME: &'static str = TYPE_NAME;
    const NOUN: &'static str = "cluster";

    async fn exists(&self, id: &str) -> Result<bool, Error> {
        match self.0.clusters().get(id, self.1).await {
            Ok(cluster) => Ok(!cluster.is_gone()),
            Err(error) if error.is_not_found() => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn id_of(&self, name: &str) -> Result<Option<String>, Error> {
        Ok(self.0.clusters().find(name, self.1).await?.into_iter().next().map(|cluster| cluster.id))
    }
}
