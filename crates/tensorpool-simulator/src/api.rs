//! The API itself: every endpoint and its rules.

use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};

use crate::world::{ClusterView, NewCluster, RetryAfter, World};

/// An answer.
pub(crate) struct Reply {
    pub status: u16,
    pub body: String,
    pub headers: Vec<(String, String)>,
}

impl Reply {
    pub fn json(status: u16, body: &Value) -> Self {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Self { status, body: body.to_string(), headers }
    }

    pub fn not_found() -> Self {
        Self::json(404, &json!({"detail": "Not Found"}))
    }
}

fn detail(status: u16, text: &str) -> Reply {
    Reply::json(status, &json!({"detail": text}))
}

/// The `HTTPValidationError` of the API's OpenAPI document.
fn invalid(location: &Value, message: &str) -> Reply {
    Reply::json(422, &json!({"detail": [{"loc": location, "msg": message, "type": "value_error"}]}))
}

/// Answers a request that carried the right key.
pub(crate) fn answer(world: &mut World, method: &str, path: &[&str], query: &str, body: &Value) -> Reply {
    match (method, path) {
        ("POST", ["cluster", "create"]) => create(world, body),
        ("GET", ["cluster", "list"]) => {
            // Everything belongs to the user, nothing to an organization.
            let organization = query.contains("include_org=true");
            let clusters = if organization { Vec::new() } else { world.views() };
            let clusters: Vec<_> = clusters.iter().map(shown).collect();
            Reply::json(200, &json!({"message": format!("{} clusters", clusters.len()), "clusters": clusters}))
        }
        ("GET", ["cluster", "info", cluster]) => match world.view(cluster) {
            Some(view) => Reply::json(200, &json!({"message": view.name, "cluster_info": shown(&view)})),
            None => detail(404, "Cluster not found"),
        },
        ("GET", ["cluster", "operations", cluster]) => {
            let now = Instant::now();
            let requests = world.requests_of(cluster);
            let requests: Vec<_> = requests
                .iter()
                .map(|request| json!({"request_id": request.id, "request_type": request.kind, "status": request.status(now)}))
                .collect();
            Reply::json(200, &json!({"operations": requests}))
        }
        ("PATCH", ["cluster", "edit", cluster]) => edit(world, cluster, body),
        ("DELETE", ["cluster", cluster]) => destroy(world, cluster),
        ("GET", ["request", "info", id]) => request_info(world, id),
        ("GET", ["me"] | ["user", "info"]) => {
            Reply::json(200, &json!({"message": "Simulated user", "uid": "u-simulated"}))
        }
        _ => Reply::not_found(),
    }
}

fn shown(view: &ClusterView) -> Value {
    let instances: Vec<_> = view
        .instance_ids
        .iter()
        .enumerate()
        .map(|(index, id)| {
            let address = (view.status == "RUNNING").then(|| format!("203.0.113.{}", index + 1));
            json!({"id": id, "status": view.status, "ip_address": address})
        })
        .collect();
    json!({
        "id": view.id,
        "name": view.name,
        "instance_type": view.instance_type,
        "num_nodes": view.num_nodes,
        "deletion_protection": view.deletion_protection,
        "container": view.container,
        "instances": instances,
        "storage": [],
    })
}

fn is_instance_type(text: &str) -> bool {
    text.split_once('x')
        .is_some_and(|(count, model)| count.parse::<u32>().is_ok_and(|count| count > 0) && !model.is_empty())
}

fn create(world: &mut World, body: &Value) -> Reply {
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let Some(instance_type) = text("instance_type") else {
        return invalid(&json!(["body", "instance_type"]), "Field required");
    };
    if !is_instance_type(&instance_type) {
        return invalid(&json!(["body", "instance_type"]), "Unknown instance type");
    }
    let nodes = body.get("num_nodes").filter(|nodes| !nodes.is_null()).map_or(Some(1), Value::as_u64);
    let Some(num_nodes) = nodes.filter(|nodes| *nodes >= 1).and_then(|nodes| u32::try_from(nodes).ok()) else {
        return invalid(&json!(["body", "num_nodes"]), "Input should be greater than or equal to 1");
    };
    let keys = body.get("public_keys").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for (index, key) in keys.iter().enumerate() {
        if !key
            .as_str()
            .is_some_and(|key| key.starts_with("ssh-") || key.starts_with("ecdsa-") || key.starts_with("sk-"))
        {
            return invalid(&json!(["body", "public_keys", index]), "Not a valid SSH public key");
        }
    }
    let name = text("tp_cluster_name").unwrap_or_default();
    if world.name_is_taken(&name, None) {
        return detail(409, "A cluster with this name already exists");
    }
    let deletion_protection = body.get("deletion_protection").and_then(Value::as_bool).unwrap_or_default();
    let container = text("container").or_else(|| text("experimental_container"));
    let without_request_ids = world.options.without_request_ids;
    let cluster = world.create(NewCluster { name, instance_type, num_nodes, deletion_protection }, container, true);
    Reply::json(
        202,
        &json!({
            "cluster_id": cluster.id,
            "message": "Cluster creation initiated",
            "instance_ids": cluster.instance_ids,
            "request_id": cluster.claim.as_ref().filter(|_| !without_request_ids),
        }),
    )
}

fn edit(world: &mut World, key: &str, body: &Value) -> Reply {
    let Some(view) = world.view(key) else { return detail(404, "Cluster not found") };
    let name = body.get("cluster_name").and_then(Value::as_str);
    let protection = body.get("deletion_protection").and_then(Value::as_bool);
    if name.is_none() && protection.is_none() {
        return invalid(&json!(["body"]), "At least one field is required");
    }
    if name.is_some_and(|name| world.name_is_taken(name, Some(&view.id))) {
        return detail(409, "A cluster with this name already exists");
    }
    if let Some(cluster) = world.cluster(&view.id) {
        if let Some(name) = name {
            name.clone_into(&mut cluster.name);
        }
        if let Some(protection) = protection {
            cluster.deletion_protection = protection;
        }
    }
    Reply::json(202, &json!({"message": "Cluster updated"}))
}

fn destroy(world: &mut World, key: &str) -> Reply {
    let Some(view) = world.view(key) else { return detail(404, "Cluster not found") };
    match world.release(&view.id) {
        Ok(request) => {
            let request = (!world.options.without_request_ids).then_some(request);
            let body =
                json!({"cluster_id": view.id, "message": "Cluster destruction initiated", "request_id": request});
            Reply::json(202, &body)
        }
        Err(reason) => detail(409, &reason),
    }
}

fn request_info(world: &World, id: &str) -> Reply {
    let now = Instant::now();
    let Some(request) = world.request(id) else { return detail(404, "Request not found") };
    let status = request.status(now);
    let mut reply = Reply::json(
        200,
        &json!({
            "request_id": request.id,
            "request_type": request.kind,
            "status": status,
            "created_at": "2026-01-01T00:00:00Z",
            "object_id": request.object_id,
            "external_message": request.message(now),
        }),
    );
    if !matches!(status, "COMPLETED" | "FAILED") {
        let value = match world.options.retry_after {
            RetryAfter::Seconds(seconds) => Some(seconds.to_string()),
            RetryAfter::Date(ahead) => Some(httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(ahead))),
            RetryAfter::Malformed => Some("soon".to_owned()),
            RetryAfter::Absent => None,
        };
        reply.headers.extend(value.map(|value| ("retry-after".to_owned(), value)));
    }
    reply
}
