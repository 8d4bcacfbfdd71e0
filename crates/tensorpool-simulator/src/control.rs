//! Orders to the simulator, under `/_simulator/`. They need no key: it listens on this machine only. Orders about objects
//! are in the files of the objects.

use serde_json::json;

use crate::fault::Fault;
use crate::objects;
use crate::reply::{Call, Reply};
use crate::server::State;

/// Answers an order.
pub(crate) fn answer(state: &mut State, call: &Call<'_>) -> Reply {
    let done = || Reply::json(200, &json!({}));
    match call.route() {
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
        _ => {
            state.world.settle();
            let reply = objects::order(&mut state.world, call).unwrap_or_else(Reply::not_found);
            reply.shaped(crate::options::ErrorShape::Detail)
        }
    }
}
