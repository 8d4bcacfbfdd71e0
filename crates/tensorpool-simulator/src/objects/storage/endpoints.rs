//! The endpoints of volumes.

use serde_json::{Value, json};

use super::{NewVolume, Volume};
use crate::api::{ApiRequest, ApiResponse};
use crate::clock;
use crate::objects::quote;
use crate::objects::request::NewRequest;
use crate::world::{Owner, World};

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
    let owner = if request.of_organization() { Owner::Organization } else { Owner::User };
    let is_listed = |volume: &&Volume| {
        volume.owner == owner && world.options.visibility(volume.lifetime, clock::now()).is_returned()
    };
    let volumes: Vec<_> = world.objects.storage.volumes.values().filter(is_listed).collect();
    let lines: Vec<_> = volumes.iter().map(|volume| describe(world, volume)).collect();
    let message = if lines.is_empty() { "No storage volumes".to_owned() } else { lines.join("\n") };
    world.options.many("volumes", &message, volumes.iter().map(|volume| to_json(world, volume)).collect())
}

fn create(world: &mut World, request: &ApiRequest<'_>) -> ApiResponse {
    let Some(size_gb) = request.body.get("size").and_then(Value::as_u64).filter(|size| *size >= 1) else {
        return ApiResponse::invalid(&json!(["body", "size"]), "Input should be greater than or equal to 1");
    };
    let size_gb = world.options.variants.size_gb(size_gb);
    let name = world.options.variants.names.normalize(request.text("name").unwrap_or_default());
    if world.volume_name_is_taken(&name, None) {
        return ApiResponse::error(409, "A storage volume with this name already exists");
    }
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
    let variants = &world.options.variants;
    let name = request.text("tp_storage_name").map(|name| variants.names.normalize(name));
    let size = request.body.get("size_gb").filter(|size| !size.is_null());
    let size = size.map(|size| size.as_u64().map(|size| variants.size_gb(size)));
    if name.is_none() && size.is_none() && request.flag("deletion_protection").is_none() {
        return ApiResponse::invalid(&json!(["body"]), "At least one field is required");
    }
    if size.is_some_and(|size| size.is_none_or(|size| size < size_now)) {
        return ApiResponse::invalid(&json!(["body", "size_gb"]), "Storage size can only be increased");
    }
    if name.as_ref().is_some_and(|name| world.volume_name_is_taken(name, Some(&id))) {
        return ApiResponse::error(409, "A storage volume with this name already exists");
    }
    let duration = world.options.edit;
    let mut change = request.body.clone();
    if let Some(name) = name {
        change["tp_storage_name"] = json!(name);
    }
    if let Some(size) = size {
        change["size_gb"] = json!(size);
    }
    let request_id = world.start_request(NewRequest { change, ..NewRequest::new("STORAGE_EDIT", &id, duration) });
    world.options.edited(&format!("Storage volume {id} updated"), &request_id)
}

fn destroy(world: &mut World, key: &str) -> ApiResponse {
    let id = match world.existing_volume(key) {
        Ok(volume) => volume.id.clone(),
        Err(error) => return error,
    };
    match world.destroy_volume(&id) {
        Ok(request_id) => ApiResponse::json(
            202,
            &json!({
                "storage_id": id,
                "message": format!("Storage volume {id} destruction initiated"),
                "request_id": world.options.request_id(&request_id),
            }),
        ),
        Err(reason) => ApiResponse::error(409, reason),
    }
}
