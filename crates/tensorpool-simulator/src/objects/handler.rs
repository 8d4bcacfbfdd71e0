//! What the requests about each type of objects have in common.

use crate::api::{ApiRequest, ApiResponse};
use crate::world::World;

/// Handles the requests about one type of objects.
pub(crate) trait Handler: Sync {
    /// Handles a request to the API. `None` if it is about another type.
    fn handle(&self, world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse>;

    /// Handles an admin request. `None` if it is about another type.
    fn handle_admin(&self, _: &mut World, _: &ApiRequest<'_>) -> Option<ApiResponse> {
        None
    }
}
