//! The object types of the API. Each has a file with its state, its rules, its endpoints and its admin requests. A new type is
//! one such file, and its name in the list below.

use serde::{Deserialize, Serialize};

use crate::api::{ApiRequest, ApiResponse};
use crate::world::World;

pub(crate) mod attachment;
pub(crate) mod cluster;
pub(crate) mod health;
pub(crate) mod instance;
pub(crate) mod job;
pub(crate) mod object_storage;
pub(crate) mod quote;
pub(crate) mod request;
pub(crate) mod ssh_key;
pub(crate) mod storage;
pub(crate) mod user;

/// Handles the requests about one type of objects. Implemented by the state of the type.
pub(crate) trait Handler {
    /// Handles a request to the API. `None` if it is about another type.
    fn handle(world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse>;

    /// Handles an admin request. `None` if it is about another type.
    fn handle_admin(_: &mut World, _: &ApiRequest<'_>) -> Option<ApiResponse> {
        None
    }

    /// Applies the effect of an asynchronous request that has ended.
    fn apply(_: &mut World, _: &request::Request) {}
}

/// Defines [`Objects`] and the functions that dispatch to the handlers of all types.
macro_rules! objects {
    ($($object:ident)*) => {
        /// The states of all types.
        #[derive(Default, Serialize, Deserialize)]
        #[serde(default)]
        pub(crate) struct Objects {
            $(pub $object: $object::State,)*
        }

        /// Handles a request to the API. `None` if no endpoint matches.
        pub(crate) fn handle(world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
            None$(.or_else(|| $object::State::handle(world, request)))*
        }

        /// Handles an admin request. `None` if no endpoint matches.
        pub(crate) fn handle_admin(world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
            None$(.or_else(|| $object::State::handle_admin(world, request)))*
        }

        /// Applies the effect of an asynchronous request that has ended.
        pub(crate) fn apply(world: &mut World, request: &request::Request) {
            $($object::State::apply(world, request);)*
        }
    };
}

objects! { attachment cluster health instance job object_storage quote request ssh_key storage user }
