//! What is stored of clusters.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::lifetime::Lifetime;
use super::owner::Owner;
use super::provisioned::{Collection, Provisioned};
use super::request::Request;

/// A cluster to create outside Terraform.
#[derive(Clone, Debug, Deserialize)]
pub struct NewCluster {
    /// The name.
    pub name: String,
    /// The type of each node.
    pub instance_type: String,
    /// The number of nodes.
    #[serde(default = "one")]
    pub num_nodes: u32,
    /// Whether deletion protection is enabled.
    #[serde(default)]
    pub deletion_protection: bool,
}

fn one() -> u32 {
    1
}

/// A cluster as it really is, whatever reads return.
#[derive(Clone, Debug, Serialize, PartialEq)]
pub struct ClusterView {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The type of each node.
    pub instance_type: String,
    /// The number of nodes.
    pub num_nodes: u32,
    /// Whether deletion protection is enabled.
    pub deletion_protection: bool,
    /// The container image.
    pub container: Option<String>,
    /// The status of the nodes.
    pub status: String,
    /// The ids of the nodes.
    pub instance_ids: Vec<String>,
    /// The SSH keys on the nodes.
    pub public_keys: Vec<String>,
    /// The ids of the attached volumes.
    pub volumes: Vec<String>,
    /// The owner.
    pub owner: Owner,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Cluster {
    pub id: String,
    pub name: String,
    pub instance_type: String,
    pub num_nodes: u32,
    pub deletion_protection: bool,
    pub container: Option<String>,
    pub instance_ids: Vec<String>,
    /// The number of nodes that were created before the first node of this cluster. It makes the address of each node unique.
    #[serde(default)]
    pub first_node: usize,
    pub public_keys: Vec<String>,
    pub owner: Owner,
    #[serde(flatten)]
    pub lifetime: Lifetime,
    /// Whether the request of the create failed.
    pub failed: bool,
    /// A status that an admin request has set.
    pub status: Option<String>,
}

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct State {
    pub clusters: Collection<Cluster>,
}

impl Provisioned for Cluster {
    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn owner(&self) -> Owner {
        self.owner
    }

    fn lifetime(&self) -> Lifetime {
        self.lifetime
    }

    fn lifetime_mut(&mut self) -> &mut Lifetime {
        &mut self.lifetime
    }
}

impl State {
    /// Returns the number of nodes that were ever created.
    pub fn nodes(&self) -> usize {
        self.clusters.all().map(|cluster| cluster.instance_ids.len()).sum()
    }

    /// Applies the effect of a request that has ended.
    pub fn apply(&mut self, request: &Request) {
        let id = request.object_id.as_str();
        let failed = request.failure.is_some();
        match request.request_type.as_str() {
            "CLUSTER_CLAIM" => {
                if let Some(cluster) = self.clusters.by_id_mut(id) {
                    cluster.failed = failed;
                }
            }
            _ if failed => {}
            "CLUSTER_RELEASE" => self.clusters.delete(id, request.ends_at()),
            "CLUSTER_EDIT" => {
                if let Some(cluster) = self.clusters.by_id_mut(id) {
                    cluster.edit(&request.change);
                }
            }
            _ => {}
        }
    }
}

impl Cluster {
    fn edit(&mut self, change: &Value) {
        if let Some(name) = change["cluster_name"].as_str() {
            name.clone_into(&mut self.name);
        }
        if let Some(protection) = change["deletion_protection"].as_bool() {
            self.deletion_protection = protection;
        }
    }

    /// Returns the address of the node at an index.
    pub fn address(&self, index: usize) -> String {
        address(self.first_node + index)
    }
}

/// Returns the address of a node by its number: first in the ranges for documentation, then in a private one.
fn address(node: usize) -> String {
    let (block, host) = (node / 254, node % 254 + 1);
    match block {
        0 => format!("203.0.113.{host}"),
        1 => format!("198.51.100.{host}"),
        _ => format!("10.{}.{}.{host}", (block - 2) / 256 % 256, (block - 2) % 256),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_node_has_a_unique_address() {
        assert_eq!([0, 253].map(address), ["203.0.113.1", "203.0.113.254"]);
        assert_eq!([254, 507].map(address), ["198.51.100.1", "198.51.100.254"]);
        assert_eq!([508, 762, 508 + 256 * 254].map(address), ["10.0.0.1", "10.0.1.1", "10.1.0.1"]);
    }
}
