//! The endpoints of clusters.

use serde_json::{Value, json};

use super::rules::Extras;
use crate::api::{ApiRequest, ApiResponse};
use crate::clock;
use crate::objects::instance_type::check_instance_type;
use crate::objects::provisioned::{self, CLUSTER};
use crate::objects::request::NewRequest;
use crate::objects::{quote, ssh_key};
use crate::state::cluster::{Cluster, NewCluster};
use crate::world::World;

pub(super) fn handle(world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
    Some(match request.route() {
        ("POST", ["cluster", "create"]) => create(world, request),
        ("GET", ["cluster", "list"]) => {
            world.reads = world.reads.wrapping_add(1);
            list(world, request)
        }
        ("GET", ["cluster", "info", key]) => {
            world.reads = world.reads.wrapping_add(1);
            match world.visible_cluster(key) {
                Ok(cluster) => world.options.info("cluster", &describe(world, cluster, true), to_json(world, cluster)),
                Err(error) => error,
            }
        }
        ("GET", ["cluster", "operations", key]) => {
            let id = world.cluster_id(key).unwrap_or_else(|| (*key).to_owned());
            let operations = world.operations(&id, request);
            world.options.many("operations", &format!("{} operations", operations.len()), operations)
        }
        ("PATCH", ["cluster", "edit", key]) => edit(world, key, request),
        ("DELETE", ["cluster", key]) => destroy(world, key),
        _ => return None,
    })
}

fn to_json(world: &World, cluster: &Cluster) -> Value {
    let (status, variants) = (world.cluster_status(cluster), &world.options.variants);
    let instance = |(index, id): (usize, &String)| {
        let address = (status == "RUNNING").then(|| cluster.address(index));
        let status = if variants.flickering_status { flicker(status, world.reads + index) } else { status };
        json!({"id": id, "status": world.options.status(status), "ip_address": address})
    };
    let mut instances: Vec<_> = cluster.instance_ids.iter().enumerate().map(instance).collect();
    if variants.shuffle_instances && !instances.is_empty() {
        let first = world.reads % instances.len();
        instances.rotate_left(first);
    }
    let object = json!({
        "id": cluster.id,
        "name": cluster.name,
        "instance_type": cluster.instance_type,
        "num_nodes": cluster.num_nodes,
        "deletion_protection": cluster.deletion_protection,
        "container": cluster.container.as_deref().map(|image| variants.containers.normalize(image)),
        "created_at": (!variants.hidden_created_at).then(|| clock::iso(cluster.lifetime.created_at)),
        "instances": instances,
        "storage": world.objects.storage.attached_to(&cluster.id),
    });
    world.options.object("cluster", object)
}

/// Returns one of several statuses with the same outcome, a different one in each read.
fn flicker(status: &str, read: usize) -> &str {
    let statuses: &[&str] = match status {
        "PROVISIONING" => &["PROVISIONING", "PENDING", "STARTING", "CONFIGURING"],
        "RELEASING" => &["RELEASING", "STOPPING", "TERMINATING"],
        _ => return status,
    };
    statuses[read % statuses.len()]
}

/// Returns the text that the official client prints for a cluster.
fn describe(world: &World, cluster: &Cluster, instances: bool) -> String {
    let status = world.cluster_status(cluster);
    let lock = if cluster.deletion_protection { ", protected" } else { "" };
    let mut text =
        format!("{}  {}  {} x {}  {status}{lock}", cluster.id, cluster.name, cluster.num_nodes, cluster.instance_type);
    if instances {
        for (index, id) in cluster.instance_ids.iter().enumerate() {
            text.extend(["\n  ", id, "  ", &cluster.address(index), "  ", status]);
        }
    }
    text
}

fn list(world: &World, request: &ApiRequest<'_>) -> ApiResponse {
    let instances = request.parameter("instances").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let describe = |cluster: &Cluster| describe(world, cluster, instances);
    let to_json = |cluster: &Cluster| to_json(world, cluster);
    provisioned::list(&world.options, &world.objects.cluster.clusters, request, &CLUSTER, describe, to_json)
}

fn create(world: &mut World, request: &ApiRequest<'_>) -> ApiResponse {
    let Some(instance_type) = request.text("instance_type") else {
        return ApiResponse::invalid(&json!(["body", "instance_type"]), "Field required");
    };
    if let Err(message) = check_instance_type(instance_type, world.options.variants.any_instance_type) {
        return ApiResponse::invalid(&json!(["body", "instance_type"]), &message);
    }
    let nodes = request.body.get("num_nodes").filter(|nodes| !nodes.is_null()).map_or(Some(1), Value::as_u64);
    let Some(num_nodes) = nodes.filter(|nodes| *nodes >= 1).and_then(|nodes| u32::try_from(nodes).ok()) else {
        return ApiResponse::invalid(&json!(["body", "num_nodes"]), "Input should be greater than or equal to 1");
    };
    let keys = request.body.get("public_keys").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut public_keys = Vec::new();
    for (index, key) in keys.iter().enumerate() {
        match key.as_str().filter(|key| ssh_key::is_public_key(key)) {
            Some(key) => public_keys.push(key.to_owned()),
            None => return ApiResponse::invalid(&json!(["body", "public_keys", index]), "Not a valid SSH public key"),
        }
    }
    let (options, clusters) = (&world.options, &world.objects.cluster.clusters);
    let name = match provisioned::name(options, clusters, request.text("tp_cluster_name"), None, &CLUSTER) {
        Ok(name) => name,
        Err(error) => return error,
    };
    // The real minimum is not known; the price of one hour is a guess.
    if let Err(error) = world.check_balance(quote::cluster_rate(instance_type, num_nodes), "an hour of this cluster") {
        return error;
    }
    if request.flag("save_keys").unwrap_or(true) {
        for key in &public_keys {
            world.save_key(key);
        }
    }
    let new = NewCluster {
        name,
        instance_type: instance_type.to_owned(),
        num_nodes,
        deletion_protection: request.flag("deletion_protection").unwrap_or_default(),
    };
    // The second name was used until March 2026.
    let container = request.text("container").or_else(|| request.text("experimental_container")).map(str::to_owned);
    let extras = Extras { container, public_keys, ..Extras::default() };
    let (id, request_id) = world.create_cluster(new, extras, world.options.provision);
    let instance_ids = world.objects.cluster.clusters.get(&id).map(|cluster| cluster.instance_ids.clone());
    world.fail_create_if_configured(&request_id);
    world.options.created(
        "cluster",
        json!({
            "cluster_id": id,
            "message": format!("Cluster creation initiated: {id}"),
            "instance_ids": instance_ids,
            "request_id": world.options.request_id(&request_id),
        }),
    )
}

fn edit(world: &mut World, key: &str, request: &ApiRequest<'_>) -> ApiResponse {
    let id = match world.existing_cluster(key) {
        Ok(cluster) => cluster.id.clone(),
        Err(error) => return error,
    };
    let mut change = request.body.clone();
    if let Some(wanted) = request.text("cluster_name") {
        let (options, clusters) = (&world.options, &world.objects.cluster.clusters);
        match provisioned::name(options, clusters, Some(wanted), Some(&id), &CLUSTER) {
            Ok(name) => change["cluster_name"] = json!(name),
            Err(error) => return error,
        }
    } else if request.flag("deletion_protection").is_none() {
        return ApiResponse::invalid(&json!(["body"]), "At least one field is required");
    }
    let duration = world.options.edit;
    let request_id = world.start_request(NewRequest { change, ..NewRequest::new("CLUSTER_EDIT", &id, duration) });
    world.options.edited(&format!("Cluster {id} updated"), &request_id)
}

fn destroy(world: &mut World, key: &str) -> ApiResponse {
    let id = match world.existing_cluster(key) {
        Ok(cluster) => cluster.id.clone(),
        Err(error) => return error,
    };
    let started = world.release_cluster(&id);
    provisioned::destruction(&world.options, &id, started, &CLUSTER)
}
