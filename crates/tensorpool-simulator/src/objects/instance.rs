//! SSH access to the nodes of clusters.

use serde_json::json;

use super::handler::Handler;
use crate::api::{ApiRequest, ApiResponse};
use crate::world::World;

/// The endpoint of SSH access. The nodes are part of the state of clusters.
pub(crate) struct Instances;

impl Handler for Instances {
    fn handle(&self, world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
        let ("GET", ["ssh", id]) = request.route() else { return None };
        let found = world.node(id);
        Some(match (found, request.parameter("system").map(|system| system.to_ascii_lowercase()).as_deref()) {
            (None, _) => ApiResponse::error(404, "Instance not found"),
            (Some((status, _)), _) if status != "RUNNING" => ApiResponse::error(409, "Instance is not RUNNING"),
            (Some((_, address)), Some(system @ ("linux" | "darwin" | "windows"))) => {
                let program = if system == "windows" { "ssh.exe" } else { "ssh" };
                let command = format!("{program} -o StrictHostKeyChecking=accept-new ubuntu@{address}");
                ApiResponse::json(200, &json!({"command": command, "message": null}))
            }
            (Some(_), _) => {
                ApiResponse::invalid(&json!(["query", "system"]), "Input should be linux, darwin or windows")
            }
        })
    }
}
