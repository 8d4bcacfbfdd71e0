//! Orders to the simulator, under `/_simulator/`. They need no key: it listens on this machine only.

use serde_json::{Value, json};

use crate::api::Reply;
use crate::server::State;

/// Answers an order.
pub(crate) fn answer(state: &mut State, method: &str, path: &[&str], body: &Value) -> Reply {
    let done = || Reply::json(200, &json!({}));
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    match (method, path) {
        ("GET", ["requests"]) => Reply::json(200, &json!(state.log)),
        ("DELETE", ["requests"]) => {
            state.log.clear();
            done()
        }
        ("GET", ["clusters"]) => Reply::json(200, &json!(state.world.views())),
        ("POST", ["clusters"]) => match serde_json::from_value(body.clone()) {
            Ok(new) => Reply::json(200, &json!({"id": state.world.create(new, None, false).id})),
            Err(error) => Reply::json(422, &json!({"detail": error.to_string()})),
        },
        ("PATCH", ["clusters", id]) => {
            let Some(cluster) = state.world.cluster(id) else { return Reply::not_found() };
            if let Some(protection) = body.get("deletion_protection").and_then(Value::as_bool) {
                cluster.deletion_protection = protection;
            }
            if let Some(name) = text("name") {
                name.clone_into(&mut cluster.name);
            }
            if let Some(status) = body.get("instance_status") {
                // Null lifts the status again.
                cluster.status = status.as_str().map(str::to_owned);
            }
            done()
        }
        ("DELETE", ["clusters", id]) => {
            state.world.remove(id);
            done()
        }
        ("POST", ["faults"]) => match serde_json::from_value(body.clone()) {
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
        ("POST", ["fail-next"]) => {
            let (kind, message) = (text("request_type").unwrap_or_default(), text("message").unwrap_or_default());
            state.world.fail_next(kind, message);
            done()
        }
        _ => Reply::not_found(),
    }
}
