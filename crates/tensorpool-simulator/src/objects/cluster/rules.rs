//! The rules of clusters: how they are created and destroyed, and which status they have.

use std::time::Duration;

use crate::api::ApiResponse;
use crate::clock;
use crate::objects::request::NewRequest;
use crate::state::cluster::{Cluster, ClusterView, NewCluster};
use crate::state::lifetime::Lifetime;
use crate::state::owner::Owner;
use crate::world::World;

/// What a create contains in addition to a [`NewCluster`].
#[derive(Default)]
pub(super) struct Extras {
    pub container: Option<String>,
    pub public_keys: Vec<String>,
    pub owner: Owner,
}

const NOT_FOUND: &str = "Cluster not found";

impl World {
    /// Returns the id of a cluster that exists, by its id or its name.
    pub fn cluster_id(&self, key: &str) -> Option<String> {
        self.objects.cluster.clusters.get(key).map(|cluster| cluster.id.clone())
    }

    /// Creates a cluster, and returns its id and that of the request.
    pub(super) fn create_cluster(&mut self, new: NewCluster, extras: Extras, duration: Duration) -> (String, String) {
        let id = self.new_id("c-");
        let first_node = self.objects.cluster.nodes();
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
        self.objects.cluster.clusters.insert(cluster);
        (id, request)
    }

    /// Starts to destroy a cluster, and returns the id of the request.
    ///
    /// # Errors
    /// Returns the reason if the API rejects it.
    pub(super) fn release_cluster(&mut self, id: &str) -> Result<String, &'static str> {
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

    /// Returns a cluster that exists, by its id or its name.
    pub fn cluster_view(&self, key: &str) -> Option<ClusterView> {
        self.objects.cluster.clusters.get(key).map(|cluster| self.view_of(cluster))
    }

    /// Returns the status and the address of a node of a cluster that exists.
    pub fn node(&self, id: &str) -> Option<(String, String)> {
        self.objects.cluster.clusters.existing().find_map(|cluster| {
            let index = cluster.instance_ids.iter().position(|instance| instance == id)?;
            Some((self.cluster_status(cluster).to_owned(), cluster.address(index)))
        })
    }

    /// Returns the clusters that exist.
    pub fn cluster_views(&self) -> Vec<ClusterView> {
        self.objects.cluster.clusters.existing().map(|cluster| self.view_of(cluster)).collect()
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
            volumes: self.objects.storage.attached_to(&cluster.id),
            owner: cluster.owner,
        }
    }

    pub(super) fn cluster_status<'a>(&self, cluster: &'a Cluster) -> &'a str {
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
    pub(super) fn visible_cluster(&self, key: &str) -> Result<&Cluster, ApiResponse> {
        self.options.visible(self.objects.cluster.clusters.find(key), NOT_FOUND)
    }

    /// Returns the cluster that a change is about, which really exists.
    ///
    /// # Errors
    /// Returns the error of the API if there is none.
    pub(super) fn existing_cluster(&self, key: &str) -> Result<&Cluster, ApiResponse> {
        self.options.existing(self.objects.cluster.clusters.find(key), NOT_FOUND)
    }
}
