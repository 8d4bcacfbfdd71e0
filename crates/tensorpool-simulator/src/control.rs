//! Orders to the simulator, under `/_simulator/`. They need no key: it listens on this machine only. Orders about objects
//! are in the files of the objects.

use serde_json::json;

use crate::account::Which;
use crate::fault::Fault;
use crate::help::help;
use crate::objects;
use crate::reply::{Call, Reply};
use crate::server::State;
use crate::world::World;

/// Answers an order. The account is the one whose objects it is about.
pub(crate) fn answer(state: &mut State, call: &Call<'_>, account: Which) -> Reply {
    let done = || Reply::json(200, &json!({}));
    match call.route() {
        ("GET", []) => {
            let headers = vec![("content-type".to_owned(), "text/plain; charset=utf-8".to_owned())];
            Reply::raw(200, help(&state.url), headers)
        }
        ("GET", ["requests"]) => Reply::json(200, &json!(state.log)),
        ("DELETE", ["requests"]) => {
            state.log.clear();
            done()
        }
        ("POST", ["faults"]) => match serde_json::from_value::<Fault>(call.body.clone()) {
            Ok(fault) => {
                state.faults.add(fault);
                done()
            }
            Err(error) => Reply::json(422, &json!({"detail": error.to_string()})),
        },
        ("DELETE", ["faults"]) => {
            state.faults.clear();
            done()
        }
        ("GET", ["options"]) => Reply::json(200, &json!(state.world.options)),
        ("PATCH", ["options"]) => {
            match state.world.options.set(call.body.as_object().unwrap_or(&serde_json::Map::new())) {
                Ok(()) => Reply::json(200, &json!(state.world.options)),
                Err(error) => Reply::json(422, &json!({"detail": error})),
            }
        }
        ("POST", ["accounts"]) => {
            let key = call.text("key").unwrap_or_default();
            changed_account(&mut state.world, |world| world.add_account(key))
        }
        ("PATCH", ["accounts"]) => {
            let text = |name| call.text(name).unwrap_or_default();
            changed_account(&mut state.world, |world| world.rotate_key(text("key"), text("new_key")))
        }
        _ => {
            let reply = state.world.within(account, |world| {
                world.settle();
                objects::order(world, call)
            });
            reply.unwrap_or_else(Reply::not_found).shaped(crate::options::ErrorShape::Detail)
        }
    }
}

/// Adds or changes an account, and tells whose it is.
fn changed_account(world: &mut World, change: impl FnOnce(&mut World) -> Option<Which>) -> Reply {
    let Some(which) = change(world) else {
        return Reply::json(
            409,
            &json!({"detail": "The key is unknown, or the one that it shall be is empty or taken"}),
        );
    };
    world.within(which, |world| Reply::json(200, &world.objects.user.ids()))
}
