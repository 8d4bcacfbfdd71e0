//! Clusters.

use http::Method;
use serde_json::{Value, json};

use crate::accepted::{Accepted, Created};
use crate::api::Api;
use crate::api_request::ApiRequest;
use crate::error::Error;
use crate::field::Field;
use crate::lenient;
use crate::object::{ApiObject, Decode, Objects};
use crate::request::Request;

/// The cluster to create.
#[derive(Clone, Debug)]
pub struct CreateCluster {
    /// The type of each node, for example `8xH100`.
    pub instance_type: String,
    /// The number of nodes.
    pub num_nodes: u32,
    /// The name. It is unique among the account's clusters, so the cluster can be found by it when the response to the
    /// create is lost.
    pub name: String,
    /// Whether the API rejects requests to destroy the cluster.
    pub deletion_protection: bool,
    /// SSH keys to install in addition to those of the account.
    pub public_keys: Vec<String>,
    /// The image of a container to run on the nodes.
    pub container: Option<String>,
}

impl CreateCluster {
    /// The names are those of the API's reference, and `container` is that of the official client since 0.0.8.
    fn body(&self) -> Value {
        let mut body = json!({
            "instance_type": self.instance_type,
            "num_nodes": self.num_nodes,
            "tp_cluster_name": self.name,
            "deletion_protection": self.deletion_protection,
            // By default the API would add new keys to the account, and nothing would ever remove them.
            "save_keys": false,
        });
        if !self.public_keys.is_empty() {
            body["public_keys"] = json!(self.public_keys);
        }
        if let Some(container) = &self.container {
            body["container"] = json!(container);
        }
        body
    }
}

/// The changes to a cluster. What is `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct EditCluster {
    /// The new name.
    pub name: Option<String>,
    /// Whether the API rejects requests to destroy the cluster.
    pub deletion_protection: Option<bool>,
}

impl EditCluster {
    fn body(&self) -> Value {
        let mut body = json!({});
        if let Some(name) = &self.name {
            body["cluster_name"] = json!(name);
        }
        if let Some(protection) = self.deletion_protection {
            body["deletion_protection"] = json!(protection);
        }
        body
    }
}

/// A cluster. `None` stands for what the API does not report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cluster {
    /// The id.
    pub id: String,
    /// The name.
    pub name: Option<String>,
    /// The type of each node.
    pub instance_type: Option<String>,
    /// The number of nodes.
    pub num_nodes: Option<u32>,
    /// Whether the API rejects requests to destroy the cluster.
    pub deletion_protection: Option<bool>,
    /// The status.
    pub status: Option<String>,
    /// The image of the container that runs on the nodes.
    pub container: Field<String>,
    /// When the cluster was created, in ISO 8601.
    pub created_at: Option<String>,
    /// The nodes, in the order of their ids.
    pub instances: Vec<Instance>,
    /// The ids of the attached volumes, in order.
    pub storage_ids: Vec<String>,
}

/// A node of a cluster.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Instance {
    /// The id.
    pub id: String,
    /// The status. `RUNNING` is the only documented one.
    pub status: Option<String>,
    /// The IP address.
    pub ip_address: Option<String>,
}

impl Instance {
    /// Whether the node is running.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.status.as_deref().is_some_and(|status| status.eq_ignore_ascii_case("RUNNING"))
    }

    fn is_deleted(&self) -> bool {
        self.status.as_deref().is_some_and(lenient::is_deleted)
    }

    fn read(value: &Value) -> Option<Self> {
        if let Some(id) = lenient::id_of(value) {
            return Some(Self { id, ..Self::default() });
        }
        Some(Self {
            id: lenient::id(value, &["id", "instance_id"])?,
            status: lenient::text(value, &["status", "state"]),
            ip_address: lenient::text(value, &["ip_address", "public_ip", "ip", "address"]),
        })
    }
}

impl Cluster {
    /// Whether all nodes are running. A cluster without nodes is not running.
    #[must_use]
    pub fn is_running(&self) -> bool {
        !self.instances.is_empty() && self.instances.iter().all(Instance::is_running)
    }

    /// Returns the nodes and their statuses as text.
    #[must_use]
    pub fn describe_instances(&self) -> String {
        if self.instances.is_empty() {
            return "no instances".to_owned();
        }
        let describe = |instance: &Instance| {
            format!("{} is {}", instance.id, instance.status.as_deref().unwrap_or("in an unknown status"))
        };
        self.instances.iter().map(describe).collect::<Vec<_>>().join(", ")
    }
}

impl ApiObject for Cluster {
    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// A cluster with a running node exists, whatever its status is.
    fn is_deleted(&self) -> bool {
        let all_nodes_are_deleted = !self.instances.is_empty() && self.instances.iter().all(Instance::is_deleted);
        let is_tombstone = self.status.as_deref().is_some_and(lenient::is_deleted) || all_nodes_are_deleted;
        is_tombstone && !self.instances.iter().any(Instance::is_running)
    }
}

impl Decode for Cluster {
    const LIST: &'static [&'static str] = &["cluster", "list"];
    const INFO: Option<&'static [&'static str]> = Some(&["cluster", "info"]);
    const WRAPPERS: &'static [&'static str] = &["clusters"];

    fn read(answer: &Value) -> Option<Self> {
        // The id may stand beside the object.
        let value = lenient::unwrap(answer, &["cluster_info", "cluster"]);
        let instances = lenient::items(value, &["instances"]).map(Vec::as_slice).unwrap_or_default();
        // The order has no meaning, and without sorting a different one would look like a change.
        let mut instances: Vec<_> = instances.iter().filter_map(Instance::read).collect();
        instances.sort_by(|a, b| a.id.cmp(&b.id));
        let mut storage_ids = lenient::ids(value, &["storage_ids", "storage"], &["id", "storage_id"]);
        storage_ids.sort();
        Some(Self {
            id: lenient::id(value, &["id", "cluster_id", "tp_cluster_id"])
                .or_else(|| lenient::id(answer, &["cluster_id", "tp_cluster_id"]))?,
            name: lenient::text(value, &["name", "cluster_name", "tp_cluster_name"]),
            instance_type: lenient::text(value, &["instance_type"]),
            num_nodes: lenient::whole(value, &["num_nodes"]),
            deletion_protection: lenient::flag(value, &["deletion_protection"]),
            status: lenient::text(value, &["status", "state"]),
            container: Field::read(value, &["container", "experimental_container"]),
            created_at: lenient::text(value, &["created_at"]),
            instances,
            storage_ids,
        })
    }

    fn with_id(self, id: String) -> Self {
        Self { id, ..self }
    }

    fn fields(&self) -> Vec<(&'static str, bool)> {
        let every = |has: &dyn Fn(&Instance) -> bool| !self.instances.is_empty() && self.instances.iter().all(has);
        vec![
            ("name", self.name.is_some()),
            ("instance_type", self.instance_type.is_some()),
            ("num_nodes", self.num_nodes.is_some()),
            ("deletion_protection", self.deletion_protection.is_some()),
            ("status", self.status.is_some()),
            ("container", self.container != Field::Absent),
            ("created_at", self.created_at.is_some()),
            ("instances", !self.instances.is_empty()),
            ("instances.status", every(&|instance| instance.status.is_some())),
            ("instances.ip_address", every(&|instance| instance.ip_address.is_some())),
        ]
    }
}

/// The operations on clusters.
pub type Clusters<'a> = Objects<'a, Cluster>;

impl Api {
    /// Returns the operations on clusters.
    #[must_use]
    pub fn clusters(&self) -> Clusters<'_> {
        self.objects()
    }
}

impl Clusters<'_> {
    /// Creates a cluster. The request is retried only if the API certainly did not accept it.
    ///
    /// # Errors
    /// Returns an error if the API rejects the request or cannot be reached. If [`Error::is_ambiguous`], the cluster may
    /// exist nevertheless.
    pub async fn create(&self, cluster: &CreateCluster) -> Result<Created, Error> {
        let request = ApiRequest::new(Method::POST, &["cluster", "create"]).body(cluster.body()).not_idempotent();
        let operation = request.operation();
        let body = self.api.send(request).await?.body;
        Created::read(operation, &body, "cluster", lenient::id(&body, &["cluster_id", "id"]))
    }

    /// Changes a cluster in place.
    ///
    /// # Errors
    /// Returns an error if the API rejects the request or cannot be reached.
    pub async fn edit(&self, id: &str, edit: &EditCluster) -> Result<Accepted, Error> {
        let request = ApiRequest::new(Method::PATCH, &["cluster", "edit", id]).body(edit.body());
        Ok(Accepted::read(&self.api.send(request).await?.body))
    }

    /// Destroys a cluster. The API responds with 409 while deletion protection is enabled or a node is not running.
    ///
    /// # Errors
    /// Returns an error if the API rejects the request or cannot be reached.
    pub async fn destroy(&self, id: &str) -> Result<Accepted, Error> {
        let request = ApiRequest::new(Method::DELETE, &["cluster", id]);
        Ok(Accepted::read(&self.api.send(request).await?.body))
    }

    /// Lists the requests that concern a cluster. Those of its attached volumes may be among them;
    /// [`Request::may_concern`] distinguishes them. The list is empty if the API responds with 404.
    ///
    /// # Errors
    /// Returns an error if the API cannot be reached or rejects the request.
    pub async fn operations(&self, id: &str) -> Result<Vec<Request>, Error> {
        match self.api.send(ApiRequest::get(&["cluster", "operations", id])).await {
            Ok(response) => {
                let items = lenient::items(&response.body, &["operations", "requests"]).map(Vec::as_slice);
                Ok(items.unwrap_or_default().iter().filter_map(Request::read).collect())
            }
            Err(error) if error.is_not_found() => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests;
