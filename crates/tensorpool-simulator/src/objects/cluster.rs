//! Clusters: their state, their rules, and what can be ordered about them. Their endpoints are in the file beside.

mod endpoints;
mod instance_type;
mod outside;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Kind;
use super::request::{Begin, Request};
use crate::clock::{self, Moment};
use crate::options::Sight;
use crate::reply::{Call, Reply};
use crate::world::{Owner, World};

/// A cluster that is made outside Terraform.
#[derive(Clone, Debug, Deserialize)]
pub struct NewCluster {
    /// Its name.
    pub name: String,
    /// What its nodes are.
    pub instance_type: String,
    /// How many nodes it has.
    #[serde(default = "one")]
    pub num_nodes: u32,
    /// Whether it is protected.
    #[serde(default)]
    pub deletion_protection: bool,
}

fn one() -> u32 {
    1
}

/// A cluster as it really is.
#[derive(Clone, Debug, Serialize, PartialEq)]
pub struct ClusterView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What its nodes are.
    pub instance_type: String,
    /// How many nodes it has.
    pub num_nodes: u32,
    /// Whether it is protected.
    pub deletion_protection: bool,
    /// The container's image.
    pub container: Option<String>,
    /// The status of its nodes.
    pub status: String,
    /// Its nodes.
    pub instance_ids: Vec<String>,
    /// The SSH keys on its nodes.
    pub public_keys: Vec<String>,
    /// The volumes that are attached to it.
    pub volumes: Vec<String>,
    /// To whom it belongs.
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
    /// How many nodes were made before its first one, which gives each an address of its own.
    #[serde(default)]
    first_node: usize,
    public_keys: Vec<String>,
    owner: Owner,
    created_at: Moment,
    /// Its create failed.
    failed: bool,
    /// A status that was set from outside.
    status: Option<String>,
    gone_at: Option<Moment>,
}

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct State {
    clusters: BTreeMap<String, Cluster>,
}

/// What a create asks for, beyond what [`NewCluster`] holds.
#[derive(Default)]
struct Extras {
    container: Option<String>,
    public_keys: Vec<String>,
    owner: Owner,
}

impl World {
    /// The id of a cluster that exists, by its id or its name.
    pub fn cluster_id(&self, key: &str) -> Option<String> {
        let mut clusters = self.objects.cluster.clusters.values().filter(|cluster| cluster.gone_at.is_none());
        clusters.find(|cluster| cluster.id == key || cluster.name == key).map(|cluster| cluster.id.clone())
    }

    /// A cluster that exists.
    fn cluster(&mut self, key: &str) -> Option<&mut Cluster> {
        let id = self.cluster_id(key)?;
        self.objects.cluster.clusters.get_mut(&id)
    }

    fn cluster_name_is_taken(&self, name: &str, by_other_than: Option<&str>) -> bool {
        if self.options.variants.allow_duplicate_names {
            return false;
        }
        let mut clusters = self.objects.cluster.clusters.values().filter(|cluster| cluster.gone_at.is_none());
        clusters.any(|cluster| cluster.name == name && Some(cluster.id.as_str()) != by_other_than)
    }

    /// Makes a cluster, and gives its id and that of the request.
    fn create_cluster(&mut self, new: NewCluster, extras: Extras, takes: std::time::Duration) -> (String, String) {
        let id = self.id("c-");
        let first_node = self.objects.cluster.clusters.values().map(|cluster| cluster.instance_ids.len()).sum();
        let instance_ids = (0..new.num_nodes).map(|_| self.id("i-")).collect();
        let request = self.begin(Begin::new("CLUSTER_CLAIM", &id, takes));
        // The keys of the account are on every new cluster.
        let public_keys = self.objects.ssh_key.added_to(extras.public_keys);
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
            created_at: clock::now(),
            failed: false,
            status: None,
            gone_at: None,
        };
        self.objects.cluster.clusters.insert(id.clone(), cluster);
        (id, request)
    }

    /// Begins the destroy of a cluster that exists, or says why not.
    fn release_cluster(&mut self, id: &str) -> Result<String, &'static str> {
        let Some(view) = self.cluster_view(id) else { return Err("Cluster not found") };
        if view.deletion_protection {
            return Err("Deletion protection is enabled for this cluster");
        }
        // A cluster whose create failed has no nodes that could run; without this exception it would stay for ever.
        if view.status != "RUNNING" && view.status != "FAILED" {
            return Err("Cluster instances are not RUNNING");
        }
        let takes = self.options.release;
        Ok(self.begin(Begin::new("CLUSTER_RELEASE", &view.id, takes)))
    }

    /// Makes a cluster vanish, and takes it off its volumes.
    fn remove_cluster(&mut self, id: &str, at: Moment) {
        if let Some(cluster) = self.objects.cluster.clusters.get_mut(id) {
            cluster.gone_at = Some(at);
        }
        self.forget_attachments(id);
    }

    /// A cluster that exists, by its id or its name.
    pub fn cluster_view(&self, key: &str) -> Option<ClusterView> {
        let cluster = self.objects.cluster.clusters.get(&self.cluster_id(key)?)?;
        Some(self.view_of(cluster))
    }

    /// The status and the address of a node of a cluster that exists.
    pub fn node(&self, id: &str) -> Option<(String, String)> {
        let mut clusters = self.objects.cluster.clusters.values().filter(|cluster| cluster.gone_at.is_none());
        clusters.find_map(|cluster| {
            let index = cluster.instance_ids.iter().position(|instance| instance == id)?;
            Some((self.cluster_status(cluster).to_owned(), cluster.address(index)))
        })
    }

    pub fn cluster_views(&self) -> Vec<ClusterView> {
        let clusters = self.objects.cluster.clusters.values().filter(|cluster| cluster.gone_at.is_none());
        clusters.map(|cluster| self.view_of(cluster)).collect()
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
        if let Some(gone_at) = cluster.gone_at {
            // An answer that is behind shows what the cluster was before.
            return match self.options.lags(gone_at, clock::now()) {
                true if self.objects.request.has_any(&cluster.id, "CLUSTER_RELEASE") => "RELEASING",
                true => "RUNNING",
                false => "TERMINATED",
            };
        }
        if let Some(status) = &cluster.status {
            return status;
        }
        let running: Vec<_> = self.objects.request.running(&cluster.id).map(|request| request.kind.as_str()).collect();
        if running.contains(&"CLUSTER_RELEASE") {
            "RELEASING"
        } else if running.contains(&"CLUSTER_CLAIM") {
            "PROVISIONING"
        } else if cluster.failed {
            "FAILED"
        } else if running.iter().any(|kind| ["STORAGE_ATTACH", "STORAGE_DETACH"].contains(kind)) {
            "RESTARTING"
        } else {
            "RUNNING"
        }
    }

    /// The cluster that an info about this key meets: one that exists, or the memory of one, or a refusal.
    fn look_for_cluster(&self, key: &str) -> Result<&Cluster, Reply> {
        let clusters = &self.objects.cluster.clusters;
        let known = self.cluster_id(key).and_then(|id| clusters.get(&id)).or_else(|| clusters.get(key));
        let sight = known.map(|cluster| self.options.sight(cluster.created_at, cluster.gone_at, clock::now()));
        match (known, sight) {
            (Some(cluster), Some(Sight::Exists | Sight::Memory)) => Ok(cluster),
            (_, Some(Sight::Forbidden)) => Err(Reply::refuse(403, "Access denied")),
            _ => Err(Reply::refuse(404, "Cluster not found")),
        }
    }

    /// The cluster that a change concerns: one that really exists, whatever infos show.
    fn cluster_to_change(&self, key: &str) -> Result<&Cluster, Reply> {
        let clusters = &self.objects.cluster.clusters;
        if let Some(cluster) = self.cluster_id(key).and_then(|id| clusters.get(&id)) {
            return Ok(cluster);
        }
        let sight = clusters.get(key).map(|cluster| self.options.variants.gone.sight(cluster.gone_at, clock::now()));
        Err(match sight {
            Some(Sight::Forbidden) => Reply::refuse(403, "Access denied"),
            _ => Reply::refuse(404, "Cluster not found"),
        })
    }
}

impl Kind for State {
    fn answer(world: &mut World, call: &Call<'_>) -> Option<Reply> {
        endpoints::answer(world, call)
    }

    fn order(world: &mut World, call: &Call<'_>) -> Option<Reply> {
        outside::order(world, call)
    }

    fn ended(world: &mut World, request: &Request) {
        let failed = request.failure.is_some();
        match request.kind.as_str() {
            "CLUSTER_CLAIM" if failed => {
                if let Some(cluster) = world.objects.cluster.clusters.get_mut(&request.object_id) {
                    cluster.failed = true;
                }
            }
            "CLUSTER_RELEASE" if !failed => world.remove_cluster(&request.object_id, request.ends()),
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
