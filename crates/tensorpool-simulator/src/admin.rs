//! The admin API under `/_simulator/`. It needs no key: [`guard`](crate::server) keeps web pages away from it, and the simulator
//! listens on this machine only unless other machines are allowed. Requests about objects are handled in the files of the
//! objects.

use serde_json::json;

use crate::account::{AccountIndex, Accounts};
use crate::api::{ApiRequest, ApiResponse};
use crate::fault::Fault;
use crate::help::help;
use crate::objects;
use crate::simulator::ServerState;
use crate::variants::ErrorShape;
use crate::world::World;

/// Handles an admin request, on the objects of an account.
pub(crate) fn handle(state: &mut ServerState, request: &ApiRequest<'_>, account: AccountIndex) -> ApiResponse {
    match request.route() {
        ("GET", []) => {
            let headers = vec![("content-type".to_owned(), "text/plain; charset=utf-8".to_owned())];
            ApiResponse::raw(200, help(&state.url), headers)
        }
        ("GET", ["requests"]) => ApiResponse::json(200, &json!(state.log)),
        ("DELETE", ["requests"]) => {
            state.log.clear();
            ApiResponse::done()
        }
        ("GET", ["faults"]) => ApiResponse::json(200, &json!(state.faults.rules())),
        ("POST", ["faults"]) => match Fault::from_json(request.body) {
            Ok(fault) => ApiResponse::json(200, &json!({"id": state.faults.add(fault)})),
            Err(error) => ApiResponse::unusable(&error),
        },
        ("DELETE", ["faults", id]) if state.faults.remove(id) => ApiResponse::done(),
        ("DELETE", ["faults"]) => {
            state.faults.clear();
            ApiResponse::done()
        }
        ("GET", ["options"]) => ApiResponse::json(200, &json!(state.world.options)),
        ("PATCH", ["options"]) => {
            match state.world.options.set(request.body.as_object().unwrap_or(&serde_json::Map::new())) {
                Ok(()) => ApiResponse::json(200, &json!(state.world.options)),
                Err(error) => ApiResponse::unusable(&error),
            }
        }
        ("POST", ["accounts"]) => {
            let key = request.text("key").unwrap_or_default();
            change_accounts(&mut state.world, |accounts| accounts.add(key))
        }
        ("PATCH", ["accounts"]) => {
            let text = |name| request.text(name).unwrap_or_default();
            change_accounts(&mut state.world, |accounts| accounts.rotate_key(text("key"), text("new_key")))
        }
        _ => {
            let response = state.world.with_account(account, |world| objects::handle_admin(world, request));
            response.unwrap_or_else(ApiResponse::not_found).shaped(ErrorShape::Detail)
        }
    }
}

/// Adds or changes an account, and returns the ids of its user and organization.
fn change_accounts(world: &mut World, change: impl FnOnce(&mut Accounts) -> Option<AccountIndex>) -> ApiResponse {
    let Some(account) = change(&mut world.accounts) else {
        return ApiResponse::json(
            409,
            &json!({"detail": "The key does not belong to an account, or the new key is empty or in use"}),
        );
    };
    world.with_account(account, |world| ApiResponse::json(200, &world.objects.user.ids()))
}
