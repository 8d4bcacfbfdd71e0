//! The object types of the API. Each has a file with its rules, its endpoints, its admin requests and its methods of the
//! simulator, and, if anything is stored of it, a file in [`state`](crate::state). A new type is these files, and its names in
//! the list below and in [`Objects`](crate::state::Objects).

use crate::api::{ApiRequest, ApiResponse};
use crate::world::World;

pub(crate) mod attachment;
pub(crate) mod cluster;
mod handler;
mod health;
mod instance;
mod instance_type;
pub(crate) mod job;
pub(crate) mod object_storage;
mod provisioned;
mod quote;
pub(crate) mod request;
pub(crate) mod ssh_key;
pub(crate) mod storage;
pub(crate) mod user;

use handler::Handler;

const HANDLERS: [&dyn Handler; 11] = [
    &attachment::Attachments,
    &cluster::Clusters,
    &health::Health,
    &instance::Instances,
    &job::Jobs,
    &object_storage::ObjectStorage,
    &quote::Quotes,
    &request::Requests,
    &ssh_key::SshKeys,
    &storage::Volumes,
    &user::User,
];

/// Handles a request to the API.
pub(crate) fn handle(world: &mut World, request: &ApiRequest<'_>) -> ApiResponse {
    world.settle();
    let response = HANDLERS.iter().find_map(|handler| handler.handle(world, request));
    // A request that takes no time takes effect at once.
    world.settle();
    response.unwrap_or_else(ApiResponse::not_found).shaped(world.options.variants.error_shape)
}

/// Handles an admin request. `None` if no endpoint matches.
pub(crate) fn handle_admin(world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
    world.settle();
    HANDLERS.iter().find_map(|handler| handler.handle_admin(world, request))
}
