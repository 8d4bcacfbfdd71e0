//! The health endpoint, which the official client calls before each of its commands.

use serde_json::json;

use super::handler::Handler;
use crate::api::{ApiRequest, ApiResponse};
use crate::world::World;

/// The endpoint of the health. The simulator is always healthy.
pub(crate) struct Health;

impl Handler for Health {
    fn handle(&self, _: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
        let ("POST", ["health"]) = request.route() else { return None };
        // The official client would print a message before the output of every command.
        Some(ApiResponse::json(200, &json!({"message": null})))
    }
}
