//! Attachments of volumes to clusters. Each begin and each end of one restarts all nodes of the cluster.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Kind;
use super::cluster::ClusterView;
use super::request::{Begin, Request};
use crate::reply::{Call, Reply};
use crate::server::Simulator;
use crate::world::World;

/// The volumes themselves know where they are attached.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct State;

/// Volumes can be attached to clusters of several nodes and to those of CPUs.
fn is_eligible(cluster: &ClusterView) -> bool {
    cluster.num_nodes > 1 || cluster.instance_type.to_ascii_uppercase().ends_with("XCPU")
}

impl World {
    pub(super) fn attached_volumes(&self, cluster_id: &str) -> Vec<String> {
        let volumes = self.objects.storage.volumes.iter();
        let attached = volumes.filter(|(_, volume)| volume.attached.iter().any(|id| id == cluster_id));
        attached.map(|(id, _)| id.clone()).collect()
    }

    /// Takes a cluster that is gone off all volumes. Whether the real API detaches them is not known.
    pub(super) fn forget_attachments(&mut self, cluster_id: &str) {
        for volume in self.objects.storage.volumes.values_mut() {
            volume.attached.retain(|id| id != cluster_id);
        }
    }

    fn set_attached(&mut self, volume_id: &str, cluster_id: &str, attached: bool) {
        if let Some(volume) = self.objects.storage.volumes.get_mut(volume_id) {
            volume.attached.retain(|id| id != cluster_id);
            if attached {
                volume.attached.push(cluster_id.to_owned());
            }
        }
    }

    /// Begins to attach or to detach, or says why not.
    fn mount(&mut self, kind: &str, volume_key: &str, cluster_key: &str) -> Result<Begun, Reply> {
        let attaches = kind == "STORAGE_ATTACH";
        let Some(volume) = self.volume_view(volume_key) else {
            return Err(Reply::refuse(404, "Storage volume not found"));
        };
        let Some(cluster) = self.cluster_view(cluster_key) else {
            return Err(Reply::refuse(404, "Cluster not found"));
        };
        let is_attached = volume.attached_clusters.contains(&cluster.id);
        if attaches && !is_eligible(&cluster) {
            let text = "Storage volumes can only be attached to multi-node clusters and CPU instances";
            return Err(Reply::refuse(400, text));
        }
        if attaches && is_attached {
            return Err(Reply::refuse(409, "Storage volume is attached to this cluster already"));
        }
        if !attaches && !is_attached {
            return Err(Reply::refuse(409, "Storage volume is not attached to this cluster"));
        }
        if cluster.status != "RUNNING" {
            return Err(Reply::refuse(409, "Cluster instances are not RUNNING"));
        }
        if volume.status != "AVAILABLE" {
            return Err(Reply::refuse(409, "Storage volume is busy"));
        }
        let begin = Begin::new(kind, &volume.id, self.options.restart);
        let request = self.begin(Begin { cluster_id: Some(&cluster.id), ..begin });
        Ok(Begun { volume: volume.id, cluster: cluster.id, request })
    }
}

/// A request that has begun, and the ids of what it is about.
struct Begun {
    volume: String,
    cluster: String,
    request: String,
}

fn attach(world: &mut World, call: &Call<'_>) -> Reply {
    let Some(volume) = call.text("storage_id") else {
        return Reply::invalid(&json!(["body", "storage_id"]), "Field required");
    };
    let clusters = call.body.get("cluster_ids").and_then(Value::as_array).map(Vec::as_slice);
    let [Value::String(cluster)] = clusters.unwrap_or_default() else {
        return Reply::invalid(&json!(["body", "cluster_ids"]), "Exactly one cluster id is required");
    };
    match world.mount("STORAGE_ATTACH", volume, cluster) {
        Ok(begun) => {
            let requests = if world.options.without_request_ids { Vec::new() } else { vec![begun.request] };
            let message = format!("Attaching {} to {}; its nodes restart", begun.volume, begun.cluster);
            let body = json!({"request_ids": requests, "message": message, "storage_id": begun.volume,
                "cluster_ids": [begun.cluster]});
            Reply::json(202, &body)
        }
        Err(refusal) => refusal,
    }
}

fn detach(world: &mut World, call: &Call<'_>) -> Reply {
    let (Some(volume), Some(cluster)) = (call.text("storage_id"), call.text("cluster_id")) else {
        return Reply::invalid(&json!(["body"]), "storage_id and cluster_id are required");
    };
    match world.mount("STORAGE_DETACH", volume, cluster) {
        Ok(begun) => {
            let message = format!("Detaching {} from {}; its nodes restart", begun.volume, begun.cluster);
            let body = json!({"request_id": world.options.request_id(&begun.request), "message": message,
                "storage_id": begun.volume, "cluster_id": begun.cluster});
            Reply::json(202, &body)
        }
        Err(refusal) => refusal,
    }
}

impl Kind for State {
    fn answer(world: &mut World, call: &Call<'_>) -> Option<Reply> {
        match call.route() {
            ("POST", ["storage", "attach"]) => Some(attach(world, call)),
            ("POST", ["storage", "detach"]) => Some(detach(world, call)),
            _ => None,
        }
    }

    fn order(world: &mut World, call: &Call<'_>) -> Option<Reply> {
        let attached = match call.route() {
            ("POST", ["attachments"]) => true,
            ("DELETE", ["attachments"]) => false,
            _ => return None,
        };
        let (Some(volume), Some(cluster)) = (call.text("storage_id"), call.text("cluster_id")) else {
            return Some(Reply::invalid(&json!(["body"]), "storage_id and cluster_id are required"));
        };
        world.set_attached(volume, cluster, attached);
        Some(Reply::json(200, &json!({})))
    }

    fn ended(world: &mut World, request: &Request) {
        let Some(cluster) = request.cluster_id.as_deref().filter(|_| request.failure.is_none()) else { return };
        match request.kind.as_str() {
            "STORAGE_ATTACH" => world.set_attached(&request.object_id, cluster, true),
            "STORAGE_DETACH" => world.set_attached(&request.object_id, cluster, false),
            _ => {}
        }
    }
}

impl Simulator {
    /// Attaches a volume to a cluster from outside, at once and without a restart.
    pub fn attach(&self, volume_id: &str, cluster_id: &str) {
        self.with(|world| world.set_attached(volume_id, cluster_id, true));
    }

    /// Detaches a volume from a cluster from outside, at once and without a restart.
    pub fn detach(&self, volume_id: &str, cluster_id: &str) {
        self.with(|world| world.set_attached(volume_id, cluster_id, false));
    }
}
