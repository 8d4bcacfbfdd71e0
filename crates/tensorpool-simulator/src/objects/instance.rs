//! How to reach the nodes of clusters.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Kind;
use super::cluster;
use crate::reply::{Call, Reply};
use crate::world::World;

/// The clusters know their nodes.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct State;

impl Kind for State {
    fn answer(world: &mut World, call: &Call<'_>) -> Option<Reply> {
        let ("GET", ["ssh", id]) = call.route() else { return None };
        let found = world.cluster_views().into_iter().find_map(|cluster| {
            let index = cluster.instance_ids.iter().position(|instance| instance == id)?;
            Some((cluster.status, index))
        });
        Some(match (found, call.parameter("system").map(|system| system.to_ascii_lowercase()).as_deref()) {
            (None, _) => Reply::refuse(404, "Instance not found"),
            (Some((status, _)), _) if status != "RUNNING" => Reply::refuse(409, "Instance is not RUNNING"),
            (Some((_, index)), Some(system @ ("linux" | "darwin" | "windows"))) => {
                let program = if system == "windows" { "ssh.exe" } else { "ssh" };
                let command =
                    format!("{program} -o StrictHostKeyChecking=accept-new ubuntu@{}", cluster::address(index));
                Reply::json(200, &json!({"command": command, "message": null}))
            }
            (Some(_), _) => Reply::invalid(&json!(["query", "system"]), "Input should be linux, darwin or windows"),
        })
    }
}
