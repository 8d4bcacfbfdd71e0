//! The endpoints of volumes.

use serde_json::{Value, json};

use crate::api::{ApiRequest, ApiResponse};
use crate::clock;
use crate::normalization;
use crate::objects::provisioned::{self, VOLUME};
use crate::objects::quote;
use crate::objects::request::NewRequest;
use crate::state::owner::Owner;
use crate::state::storage::{NewVolume, Volume};
use crate::world::World;

pub(super) fn handle(world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
    Some(match request.route() {
        ("POST", ["storage", "create"]) => create(world, request),
        ("GET", ["storage", "list"]) => list(world, request),
        ("GET", ["storage", "info", key]) => match world.visible_volume(key) {
            Ok(volume) => world.options.info("storage", &describe(world, volume), to_json(world, volume)),
            Err(error) => error,
        },
        ("PATCH", ["storage", "edit", key]) => edit(world, key, request),
        ("DELETE", ["storage", key]) => destroy(world, key),
        _ => return None,
    })
}

fn to_json(world: &World, volume: &Volume) -> Value {
    let object = json!({
        "id": volume.id,
        "name": volume.name,
        "size_gb": volume.size_gb,
        "deletion_protection": volume.deletion_protection,
        "status": world.options.status(world.volume_status(volume)),
        "hourly_rate": quote::storage_rate(volume.size_gb),
        "attached_clusters": volume.attached,
        "created_at": clock::iso(volume.lifetime.created_at),
    });
    world.options.object("storage", object)
}

/// Returns the text that the official client prints for a volume.
fn describe(world: &World, volume: &Volume) -> String {
    let lock = if volume.deletion_protection { ", protected" } else { "" };
    let attached = if volume.attached.is_empty() { "-".to_owned() } else { volume.attached.join(", ") };
    let status = world.volume_status(volume);
    format!("{}  {}  {} GB  {status}{lock}  attached to {attached}", volume.id, volume.name, volume.size_gb)
}

fn list(world: &World, request: &ApiRequest<'_>) -> ApiResponse {
    let describe = |volume: &Volume| describe(world, volume);
    let to_json = |volume: &Volume| to_json(world, volume);
    provisioned::list(&world.options, &world.objects.storage.volumes, request, &VOLUME, describe, to_json)
}

fn create(world: &mut World, request: &ApiRequest<'_>) -> ApiResponse {
    let Some(size_gb) = request.body.get("size").and_then(Value::as_u64).filter(|size| *size >= 1) else {
        return ApiResponse::invalid(&json!(["body", "size"]), "Input should be greater than or equal to 1");
    };
    let size_gb = normalization::size_gb(size_gb, world.options.variants.size_step_gb);
    let (options, volumes) = (&world.options, &world.objects.storage.volumes);
    let name = match provisioned::name(options, volumes, request.text("name"), None, &VOLUME) {
        Ok(name) => name,
        Err(error) => return error,
    };
    if let Err(error) = world.check_balance(24.0 * quote::storage_rate(size_gb), "24 hours of this volume") {
        return error;
    }
    let new = NewVolume {
        name,
        size_gb,
        deletion_protection: request.flag("deletion_protection").unwrap_or_default(),
        owner: Owner::User,
    };
    let (id, request_id) = world.create_volume(new, world.options.provision);
    world.fail_create_if_configured(&request_id);
    world.options.created(
        "storage",
        json!({
            "storage_id": id,
            "message": format!("Storage creation initiated: {id}"),
            "request_id": world.options.request_id(&request_id),
        }),
    )
}

fn edit(world: &mut World, key: &str, request: &ApiRequest<'_>) -> ApiResponse {
    let (id, size_now) = match world.existing_volume(key) {
        Ok(volume) => (volume.id.clone(), volume.size_gb),
        Err(error) => return error,
    };
    let mut change = request.body.clone();
    let size = request.body.get("size_gb").filter(|size| !size.is_null());
    let name = request.text("tp_storage_name");
    if name.is_none() && size.is_none() && request.flag("deletion_protection").is_none() {
        return ApiResponse::invalid(&json!(["body"]), "At least one field is required");
    }
    if let Some(size) = size {
        let step = world.options.variants.size_step_gb;
        match size.as_u64().map(|size| normalization::size_gb(size, step)).filter(|size| *size >= size_now) {
            Some(size) => change["size_gb"] = json!(size),
            None => return ApiResponse::invalid(&json!(["body", "size_gb"]), "Storage size can only be increased"),
        }
    }
    if name.is_some() {
        match provisioned::name(&world.options, &world.objects.storage.volumes, name, Some(&id), &VOLUME) {
            Ok(name) => change["tp_storage_name"] = json!(name),
            Err(error) => return error,
        }
    }
    let duration = world.options.edit;
    let request_id = world.start_request(NewRequest { change, ..NewRequest::new("STORAGE_EDIT", &id, duration) });
    world.options.edited(&format!("Storage volume {id} updated"), &request_id)
}

fn destroy(world: &mut World, key: &str) -> ApiResponse {
    let id = match world.existing_volume(key) {
        Ok(volume) => volume.id.clone(),
        Err(error) => return error,
    };
    let started = world.destroy_volume(&id);
    provisioned::destruction(&world.options, &id, started, &VOLUME)
}
