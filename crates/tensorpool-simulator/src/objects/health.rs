//! What the official client asks before each of its commands.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Kind;
use crate::reply::{Call, Reply};
use crate::world::World;

/// The simulator is always well.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct State;

impl Kind for State {
    fn answer(_: &mut World, call: &Call<'_>) -> Option<Reply> {
        let ("POST", ["health"]) = call.route() else { return None };
        // A message would be shown before the output of every command.
        Some(Reply::json(200, &json!({"message": null})))
    }
}
