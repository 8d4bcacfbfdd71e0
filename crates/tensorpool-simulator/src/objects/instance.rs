//! How to reach the nodes of clusters.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Kind;
use crate::reply::{Call, Reply};
use crate::world::World;

/// The clusters know their nodes.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct State;

impl Kind for State {
    fn answer(world: &mut World, call: &Call<'_>) -> Option<Reply> {
        let ("GET", ["ssh", id]) = call.route() else { return None };
        let found = world.node(id);
        Some(match (found, call.parameter("system").map(|system| system.to_ascii_lowercase()).as_deref()) {
            (None, _) => Reply::refuse(404, "Instance not found"),
            (Some((status, _)), _) if status != "RUNNING" => Reply::refuse(409, "Instance is not RUNNING"),
            (Some((_, address)), Some(system @ ("linux" | "darwin" | "windows"))) => {
                let program = if system == "windows" { "ssh.exe" } else { "ssh" };
                let command = format!("{program} -o StrictHostKeyChecking=accept-new ubuntu@{address}");
                Reply::json(200, &json!({"command": command, "message": null}))
            }
            (Some(_), _) => Reply::invalid(&json!(["query", "system"]), "Input should be linux, darwin or windows"),
        })
    }
}
