//! Clusters: their state and their rules. Their endpoints and admin requests are in the submodules.

mod admin;
mod endpoints;
mod instance_type;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Handler;
use super::request::{NewRequest, Request};
use crate::api::{ApiRequest, ApiResponse};
use crate::clock::{self, Moment};
use crate::visibility::Lifetime;
use crate::world::{Owner, World};

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
    id: String,
    name: String,
    instance_type: String,
    num_nodes: u32,
    deletion_protection: bool,
    container: Option<String>,
    instance_ids: Vec<String>,
    /// The number of nodes that were created before the first node of this cluster. It makes the address of each node unique.
    #[serde(default)]
    first_node: usize,
    public_keys: Vec<String>,
    owner: Owner,
    #[serde(flatten)]
    lifetime: Lifetime,
    /// Whether the request of the create failed.
    failed: bool,
    /// A status that an admin request has set.
    status: Option<String>,
}

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct State {
    clusters: BTreeMap<String, Cluster>,
}

impl State {
    /// Returns the clusters that exist.
    fn existing(&self) -> impl Iterator<Item = &Cluster> {
        self.clusters.values().filter(|cluster| cluster.lifetime.is_current())
    }

    /// Returns a cluster that exists by its id or its name, or a deleted one by its id.
    fn find(&self, key: &str) -> Option<&Cluster> {
        let mut existing = self.existing();
        existing.find(|cluster| cluster.id == key || cluster.name == key).or_else(|| self.clusters.get(key))
    }
}

/// What a create contains in addition to a [`NewCluster`].
#[derive(Default)]
struct Extras {
    container: Option<String>,
    public_keys: Vec<String>,
    owner: Owner,
}

const NOT_FOUND: &str = "Cluster not found";

impl World {
    /// Returns the id of a cluster that exists, by its id or its name.
    pub fn cluster_id(&self, key: &str) -> Option<String> {
        let cluster = self.objects.cluster.find(key)?;
        cluster.lifetime.is_current().then(|| cluster.id.clone())
    }

    /// Returns a cluster that exists.
    fn cluster(&mut self, key: &str) -> Option<&mut Cluster> {
        let id = self.cluster_id(key)?;
        self.objects.cluster.clusters.get_mut(&id)
    }

    /// Whether a cluster other than `except` has a name that must be unique.
    fn cluster_name_is_taken(&self, name: &str, except: Option<&str>) -> bool {
        !self.options.variants.allow_duplicate_names
            && self
                .objects
                .cluster
                .existing()
                .any(|cluster| cluster.name == name && Some(cluster.id.as_str()) != except)
    }

    /// Creates a cluster, and returns its id and that of the request.
    fn create_cluster(&mut self, new: NewCluster, extras: Extras, duration: Duration) -> (String, String) {
        let id = self.new_id("c-");
        let first_node = self.objects.cluster.clusters.values().map(|cluster| cluster.instance_ids.len()).sum();
        let instance_ids = (0..new.num_nodes).map(|_| self.new_id("i-")).collect();
        let request = self.start_request(NewRequest::new("CLUSTER_CLAIM", &id, duration));
        // The keys of the account are installed on every new cluster.
        let public_keys = self.objects.ssh_key.merged_with(extras.public_keys);
        let cluster = Cluster {
            id: id.clone(),
            name: if new.name.is_empty() { id.replace("c-", "cluster-") } else { new.name },
            instance_type: new.instance_type,
            num_nodes: new.num_nodes,
            deletion_protection: new.deletion_protection,
            container: extras.container,
            instance_ids,
            first_node,
            public_keys,
            owner: extras.owner,
            lifetime: Lifetime::starting_now(),
            failed: false,
            status: None,
        };
        self.objects.cluster.clusters.insert(id.clone(), cluster);
        (id, request)
    }

    /// Starts to destroy a cluster, and returns the id of the request.
    ///
    /// # Errors
    /// Returns the reason if the API rejects it.
    fn release_cluster(&mut self, id: &str) -> Result<String, &'static str> {
        let Some(view) = self.cluster_view(id) else { return Err(NOT_FOUND) };
        if view.deletion_protection {
            return Err("Deletion protection is enabled for this cluster");
        }
        // A cluster whose create failed has no running nodes. Without this exception it could never be destroyed.
        if view.status != "RUNNING" && view.status != "FAILED" {
            return Err("Cluster instances are not RUNNING");
        }
        let duration = self.options.release;
        Ok(self.start_request(NewRequest::new("CLUSTER_RELEASE", &view.id, duration)))
    }

    /// Deletes a cluster, and detaches its volumes.
    fn remove_cluster(&mut self, id: &str, at: Moment) {
        if let Some(cluster) = self.objects.cluster.clusters.get_mut(id) {
            cluster.lifetime.deleted_at = Some(at);
        }
        self.remove_attachments(id);
    }

    /// Returns a cluster that exists, by its id or its name.
    pub fn cluster_view(&self, key: &str) -> Option<ClusterView> {
        let cluster = self.objects.cluster.find(key)?;
        cluster.lifetime.is_current().then(|| self.view_of(cluster))
    }

    /// Returns the status and the address of a node of a cluster that exists.
    pub fn node(&self, id: &str) -> Option<(String, String)> {
        self.objects.cluster.existing().find_map(|cluster| {
            let index = cluster.instance_ids.iter().position(|instance| instance == id)?;
            Some((self.cluster_status(cluster).to_owned(), cluster.address(index)))
        })
    }

    /// Returns the clusters that exist.
    pub fn cluster_views(&self) -> Vec<ClusterView> {
        self.objects.cluster.existing().map(|cluster| self.view_of(cluster)).collect()
    }

    fn view_of(&self, cluster: &Cluster) -> ClusterView {
        ClusterView {
            id: cluster.id.clone(),
            name: cluster.name.clone(),
            instance_type: cluster.instance_type.clone(),
            num_nodes: cluster.num_nodes,
            deletion_protection: cluster.deletion_protection,
            container: cluster.container.clone(),
            status: self.cluster_status(cluster).to_owned(),
            instance_ids: cluster.instance_ids.clone(),
            public_keys: cluster.public_keys.clone(),
            volumes: self.attached_volumes(&cluster.id),
            owner: cluster.owner,
        }
    }

    fn cluster_status<'a>(&self, cluster: &'a Cluster) -> &'a str {
        let requests = &self.objects.request;
        if let Some(deleted_at) = cluster.lifetime.deleted_at {
            // A read that lags returns the status from before the cluster was deleted.
            return match self.options.lags(deleted_at, clock::now()) {
                true if requests.has_any(&cluster.id, "CLUSTER_RELEASE") => "RELEASING",
                true => "RUNNING",
                false => "TERMINATED",
            };
        }
        if let Some(status) = &cluster.status {
            return status;
        }
        let running: Vec<_> = requests.running(&cluster.id).map(|request| request.request_type.as_str()).collect();
        if running.contains(&"CLUSTER_RELEASE") {
            "RELEASING"
        } else if running.contains(&"CLUSTER_CLAIM") {
            "PROVISIONING"
        } else if cluster.failed {
            "FAILED"
        } else if running.contains(&"STORAGE_ATTACH") || running.contains(&"STORAGE_DETACH") {
            "RESTARTING"
        } else {
            "RUNNING"
        }
    }

    /// Returns the cluster that a read finds, which may be a tombstone.
    ///
    /// # Errors
    /// Returns the error of the API if the read finds none.
    fn visible_cluster(&self, key: &str) -> Result<&Cluster, ApiResponse> {
        self.options.visible(self.objects.cluster.find(key), |cluster| cluster.lifetime, NOT_FOUND)
    }

    /// Returns the cluster that a change is about, which really exists.
    ///
    /// # Errors
    /// Returns the error of the API if there is none.
    fn existing_cluster(&self, key: &str) -> Result<&Cluster, ApiResponse> {
        self.options.existing(self.objects.cluster.find(key), |cluster| cluster.lifetime, NOT_FOUND)
    }
}

impl Handler for State {
    fn handle(world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
        endpoints::handle(world, request)
    }

    fn handle_admin(world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
        admin::handle(world, request)
    }

    fn apply(world: &mut World, request: &Request) {
        let failed = request.failure.is_some();
        match request.request_type.as_str() {
            "CLUSTER_CLAIM" if failed => {
                if let Some(cluster) = world.objects.cluster.clusters.get_mut(&request.object_id) {
                    cluster.failed = true;
                }
            }
            "CLUSTER_RELEASE" if !failed => world.remove_cluster(&request.object_id, request.ends_at()),
            "CLUSTER_EDIT" if !failed => {
                let Some(cluster) = world.objects.cluster.clusters.get_mut(&request.object_id) else { return };
                if let Some(name) = request.change["cluster_name"].as_str() {
                    name.clone_into(&mut cluster.name);
                }
                if let Some(protection) = request.change["deletion_protection"].as_bool() {
                    cluster.deletion_protection = protection;
                }
            }
            _ => {}
        }
    }
}
