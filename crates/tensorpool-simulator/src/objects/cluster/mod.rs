//! Clusters.

mod admin;
mod endpoints;
mod rules;

use super::handler::Handler;
use crate::api::{ApiRequest, ApiResponse};
use crate::world::World;

/// The endpoints of clusters.
pub(crate) struct Clusters;

impl Handler for Clusters {
    fn handle(&self, world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
        endpoints::handle(world, request)
    }

    fn handle_admin(&self, world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
        admin::handle(world, request)
    }
}
