//! The data source `tensorpool_ssh_commands`: the SSH commands of all nodes of a cluster.

use async_trait::async_trait;
use futures_util::stream::{self, StreamExt};
use tensorpool::{Api, ApiObject, Cluster, Error, ErrorKind, Instance};
use terraform_plugin::schema::{Attribute, LengthAtLeast, Nesting, Schema};
use terraform_plugin::{Attr, AttributePath, DataSource, Diagnostic, Diagnostics, Model, Operation};

use super::system::{system_attribute, system_of};
use crate::errors::{Subject, Verb};
use crate::lookup;
use crate::session::Session;
use crate::timeouts;

/// How many nodes are asked about at the same time. A cluster may have many, and the rate of requests is all operations'.
const PARALLEL: usize = 4;

/// A node, and the command that opens a shell on it.
#[derive(Clone, Debug, Model)]
pub struct NodeModel {
    instance_id: Attr<String>,
    status: Attr<String>,
    command: Attr<String>,
}

/// The state of `tensorpool_ssh_commands`.
#[derive(Clone, Debug, Model)]
pub struct SshCommandsModel {
    cluster_id: Attr<String>,
    system: Attr<String>,
    nodes: Attr<Vec<NodeModel>>,
}

/// The data source `tensorpool_ssh_commands`.
pub struct SshCommandsDataSource;

#[async_trait]
impl DataSource for SshCommandsDataSource {
    type Session = Session;
    type Model = SshCommandsModel;

    fn type_name(&self) -> &'static str {
        "tensorpool_ssh_commands"
    }

    fn schema(&self) -> Schema {
        let node = [
            ("instance_id", Attribute::string("The id of the node.").computed()),
            ("status", Attribute::string("The status of the node. Null if the API does not return it.").computed()),
            (
                "command",
                Attribute::string("The command, quoted for a shell. Null while the node does not run.").computed(),
            ),
        ];
        Schema::new(
            "The commands that open a shell on the nodes of a cluster, one for each node. TensorPool composes them, with the \
             user to log in as. The ids of the nodes of a new cluster are not known during the plan, but their number is: \
             use `count = tensorpool_cluster.NAME.num_nodes` rather than `for_each`.",
        )
        .attribute("cluster_id", Attribute::string("The id of the cluster.").required().validate(LengthAtLeast(1)))
        .attribute("system", system_attribute())
        .attribute(
            "nodes",
            Attribute::nested(
                Nesting::List,
                node,
                "The nodes, in the order of `instances` of the `tensorpool_cluster`.",
            )
            .computed(),
        )
    }

    async fn read(
        &self,
        operation: &mut Operation<Session, SshCommandsModel>,
        config: SshCommandsModel,
    ) -> Result<(), Diagnostics> {
        let api = &operation.session().api(timeouts::READ, operation.stop())?;
        let id = config.cluster_id.as_str().unwrap_or_default();
        let system = system_of(&config.system);
        let instances = cluster(api, id).await?.instances;
        // The requests begin only when they are polled.
        let requests: Vec<_> = instances.into_iter().map(|instance| node(api, instance, system)).collect();
        let nodes: Vec<_> = stream::iter(requests).buffered(PARALLEL).collect().await;
        let nodes = nodes.into_iter().collect::<Result<Vec<_>, Diagnostic>>()?;
        let system = system.into();
        operation.save(SshCommandsModel { system, nodes: nodes.into(), ..config });
        Ok(())
    }
}

async fn cluster(api: &Api, id: &str) -> Result<Cluster, Diagnostic> {
    let subject = Subject::new(Verb::LookUp, "cluster").with_id(id);
    let cluster = api.clusters().get(id).await.map_err(|error| lookup::failed(&subject, &error, "cluster_id"))?;
    if cluster.is_deleted() {
        let detail = format!("The {subject} was destroyed, so it has no nodes.");
        return Err(Diagnostic::error("Cluster not found", detail).at(AttributePath::of("cluster_id")));
    }
    Ok(cluster)
}

/// A node with its command, or without one if it does not run.
async fn node(api: &Api, instance: Instance, system: &str) -> Result<NodeModel, Diagnostic> {
    let command = match api.instances().ssh_command(&instance.id, system).await {
        Ok(found) => Some(found.command),
        Err(error) if is_not_running(&instance, &error) => None,
        Err(error) => {
            return Err(Subject::new(Verb::LookUp, "SSH command of node").with_id(&instance.id).failed(&error));
        }
    };
    Ok(NodeModel { instance_id: instance.id.into(), status: instance.status.into(), command: command.into() })
}

/// Whether a failure means that the node does not run. `RUNNING` is the only documented status, so the API is asked about
/// every node, and its refusal counts.
fn is_not_running(instance: &Instance, error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Conflict => true,
        // Of a node that runs, this would be about something else, for example an API without this endpoint.
        ErrorKind::NotFound | ErrorKind::Invalid => !instance.is_running(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_refusal_of_the_api_means_that_a_node_does_not_run() {
        for (kind, status, expected) in [
            (ErrorKind::Conflict, Some("RUNNING"), true),
            (ErrorKind::NotFound, None, true),
            (ErrorKind::NotFound, Some("PENDING"), true),
            (ErrorKind::NotFound, Some("running"), false),
            (ErrorKind::Invalid, Some("PENDING"), true),
            (ErrorKind::Invalid, Some("RUNNING"), false),
            (ErrorKind::Unauthorized, Some("PENDING"), false),
            (ErrorKind::Server, Some("PENDING"), false),
            (ErrorKind::Stopped, None, false),
        ] {
            let instance = Instance { status: status.map(str::to_owned), ..Instance::default() };
            assert_eq!(is_not_running(&instance, &Error::new(kind, "GET /ssh/i-1")), expected, "{kind:?} {status:?}");
        }
    }
}
