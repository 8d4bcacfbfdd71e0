//! Attachments of volumes to clusters. Attaching and detaching restarts all nodes of the cluster.

use serde_json::{Value, json};

use super::handler::Handler;
use super::request::NewRequest;
use crate::api::{ApiRequest, ApiResponse};
use crate::simulator::Simulator;
use crate::state::cluster::ClusterView;
use crate::world::World;

/// Whether volumes can be attached to a cluster: it has several nodes or is a CPU cluster.
fn is_eligible(cluster: &ClusterView) -> bool {
    cluster.num_nodes > 1 || cluster.instance_type.to_ascii_uppercase().ends_with("XCPU")
}

impl World {
    /// Starts to attach or to detach a volume.
    ///
    /// # Errors
    /// Returns the error of the API if it rejects this.
    fn change_attachment(
        &mut self,
        request_type: &str,
        volume_key: &str,
        cluster_key: &str,
    ) -> Result<Started, ApiResponse> {
        let attaches = request_type == "STORAGE_ATTACH";
        let Some(volume) = self.volume_view(volume_key) else {
            return Err(ApiResponse::error(404, "Storage volume not found"));
        };
        let Some(cluster) = self.cluster_view(cluster_key) else {
            return Err(ApiResponse::error(404, "Cluster not found"));
        };
        let is_attached = volume.attached_clusters.contains(&cluster.id);
        if attaches && !is_eligible(&cluster) {
            let text = "Storage volumes can only be attached to multi-node clusters and CPU instances";
            return Err(ApiResponse::error(400, text));
        }
        if attaches && is_attached {
            return Err(ApiResponse::error(409, "Storage volume is attached to this cluster already"));
        }
        if !attaches && !is_attached {
            return Err(ApiResponse::error(409, "Storage volume is not attached to this cluster"));
        }
        if cluster.status != "RUNNING" {
            return Err(ApiResponse::error(409, "Cluster instances are not RUNNING"));
        }
        if volume.status != "AVAILABLE" {
            return Err(ApiResponse::error(409, "Storage volume is busy"));
        }
        let new = NewRequest::new(request_type, &volume.id, self.options.restart);
        let request = self.start_request(NewRequest { cluster_id: Some(&cluster.id), ..new });
        Ok(Started { volume: volume.id, cluster: cluster.id, request })
    }
}

/// A started request, and the ids of its objects.
struct Started {
    volume: String,
    cluster: String,
    request: String,
}

fn attach(world: &mut World, request: &ApiRequest<'_>) -> ApiResponse {
    let Some(volume) = request.text("storage_id") else {
        return ApiResponse::invalid(&json!(["body", "storage_id"]), "Field required");
    };
    let clusters = request.body.get("cluster_ids").and_then(Value::as_array).map(Vec::as_slice);
    let [Value::String(cluster)] = clusters.unwrap_or_default() else {
        return ApiResponse::invalid(&json!(["body", "cluster_ids"]), "Exactly one cluster id is required");
    };
    match world.change_attachment("STORAGE_ATTACH", volume, cluster) {
        Ok(started) => {
            let requests = if world.options.without_request_ids { Vec::new() } else { vec![started.request] };
            let message = format!("Attaching {} to {}; its nodes restart", started.volume, started.cluster);
            let body = json!({"request_ids": requests, "message": message, "storage_id": started.volume,
                "cluster_ids": [started.cluster]});
            ApiResponse::json(202, &body)
        }
        Err(error) => error,
    }
}

fn detach(world: &mut World, request: &ApiRequest<'_>) -> ApiResponse {
    let (Some(volume), Some(cluster)) = (request.text("storage_id"), request.text("cluster_id")) else {
        return ApiResponse::invalid(&json!(["body"]), "storage_id and cluster_id are required");
    };
    match world.change_attachment("STORAGE_DETACH", volume, cluster) {
        Ok(started) => {
            let message = format!("Detaching {} from {}; its nodes restart", started.volume, started.cluster);
            let body = json!({"request_id": world.options.request_id(&started.request), "message": message,
                "storage_id": started.volume, "cluster_id": started.cluster});
            ApiResponse::json(202, &body)
        }
        Err(error) => error,
    }
}

/// The endpoints of attachments, which are part of the state of volumes.
pub(crate) struct Attachments;

impl Handler for Attachments {
    fn handle(&self, world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
        match request.route() {
            ("POST", ["storage", "attach"]) => Some(attach(world, request)),
            ("POST", ["storage", "detach"]) => Some(detach(world, request)),
            _ => None,
        }
    }

    fn handle_admin(&self, world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
        let attached = match request.route() {
            ("POST", ["attachments"]) => true,
            ("DELETE", ["attachments"]) => false,
            _ => return None,
        };
        let (Some(volume), Some(cluster)) = (request.text("storage_id"), request.text("cluster_id")) else {
            return Some(ApiResponse::invalid(&json!(["body"]), "storage_id and cluster_id are required"));
        };
        world.objects.storage.set_attached(volume, cluster, attached);
        Some(ApiResponse::done())
    }
}

impl Simulator {
    /// Attaches a volume to a cluster outside Terraform, immediately and without a restart.
    pub fn attach(&self, volume_id: &str, cluster_id: &str) {
        self.with_world(|world| world.objects.storage.set_attached(volume_id, cluster_id, true));
    }

    /// Detaches a volume from a cluster outside Terraform, immediately and without a restart.
    pub fn detach(&self, volume_id: &str, cluster_id: &str) {
        self.with_world(|world| world.objects.storage.set_attached(volume_id, cluster_id, false));
    }
}
