//! The health endpoint, which the official client calls before each of its commands.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Handler;
use crate::api::{ApiRequest, ApiResponse};
use crate::world::World;

/// The simulator is always healthy, so there is no state.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct State;

impl Handler for State {
    fn handle(_: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
        let ("POST", ["health"]) = request.route() else { return None };
        // The official client would print a message before the output of every command.
        Some(ApiResponse::json(200, &json!({"message": null})))
    }
}
