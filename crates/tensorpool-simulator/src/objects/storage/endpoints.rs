//! The endpoints of volumes.

use serde_json::{Value, json};

use super::{NewVolume, Volume};
use crate::clock;
use crate::objects::quote;
use crate::objects::request::Begin;
use crate::options::Sight;
use crate::reply::{Call, Reply};
use crate::world::{Owner, World};

pub(super) fn answer(world: &mut World, call: &Call<'_>) -> Option<Reply> {
    Some(match call.route() {
        ("POST", ["storage", "create"]) => create(world, call),
        ("GET", ["storage", "list"]) => list(world, call),
        ("GET", ["storage", "info", key]) => match world.look_for_volume(key) {
            Ok(volume) => world.options.info("storage", &line(world, volume), shown(world, volume)),
            Err(refusal) => refusal,
        },
        ("PATCH", ["storage", "edit", key]) => edit(world, key, call),
        ("DELETE", ["storage", key]) => destroy(world, key),
        _ => return None,
    })
}

fn shown(world: &World, volume: &Volume) -> Value {
    let object = json!({
        "id": volume.id,
        "name": volume.name,
        "size_gb": volume.size_gb,
        "deletion_protection": volume.deletion_protection,
        "status": world.options.status(world.volume_status(volume)),
        "hourly_rate": quote::storage_rate(volume.size_gb),
        "attached_clusters": volume.attached,
        "created_at": clock::iso(volume.created_at),
    });
    world.options.object("storage", object)
}

/// A volume in words, as the official client prints it.
fn line(world: &World, volume: &Volume) -> String {
    let lock = if volume.deletion_protection { ", protected" } else { "" };
    let attached = if volume.attached.is_empty() { "-".to_owned() } else { volume.attached.join(", ") };
    let status = world.volume_status(volume);
    format!("{}  {}  {} GB  {status}{lock}  attached to {attached}", volume.id, volume.name, volume.size_gb)
}

fn list(world: &World, call: &Call<'_>) -> Reply {
    let owner = if call.of_organization() { Owner::Organization } else { Owner::User };
    let seen = |volume: &&Volume| {
        let sight = world.options.sight(volume.created_at, volume.gone_at, clock::now());
        volume.owner == owner && matches!(sight, Sight::Exists | Sight::Memory)
    };
    let volumes: Vec<_> = world.objects.storage.volumes.values().filter(seen).collect();
    let lines: Vec<_> = volumes.iter().map(|volume| line(world, volume)).collect();
    let message = if lines.is_empty() { "No storage volumes".to_owned() } else { lines.join("\n") };
    world.options.many("volumes", &message, volumes.iter().map(|volume| shown(world, volume)).collect())
}

fn create(world: &mut World, call: &Call<'_>) -> Reply {
    let Some(size_gb) = call.body.get("size").and_then(Value::as_u64).filter(|size| *size >= 1) else {
        return Reply::invalid(&json!(["body", "size"]), "Input should be greater than or equal to 1");
    };
    let size_gb = world.options.variants.size_gb(size_gb);
    let name = world.options.variants.names.kept(call.text("name").unwrap_or_default());
    if world.volume_name_is_taken(&name, None) {
        return Reply::refuse(409, "A storage volume with this name already exists");
    }
    if let Err(refusal) = world.check_balance(24.0 * quote::storage_rate(size_gb), "24 hours of this volume") {
        return refusal;
    }
    let new = NewVolume {
        name,
        size_gb,
        deletion_protection: call.flag("deletion_protection").unwrap_or_default(),
        owner: Owner::User,
    };
    let (id, request) = world.create_volume(new, world.options.provision);
    world.fail_if_creates_do(&request);
    world.options.created(
        "storage",
        json!({
            "storage_id": id,
            "message": format!("Storage creation initiated: {id}"),
            "request_id": world.options.request_id(&request),
        }),
    )
}

fn edit(world: &mut World, key: &str, call: &Call<'_>) -> Reply {
    let (id, size_now) = match world.volume_to_change(key) {
        Ok(volume) => (volume.id.clone(), volume.size_gb),
        Err(refusal) => return refusal,
    };
    let variants = &world.options.variants;
    let name = call.text("tp_storage_name").map(|name| variants.names.kept(name));
    let size = call.body.get("size_gb").filter(|size| !size.is_null());
    let size = size.map(|size| size.as_u64().map(|size| variants.size_gb(size)));
    if name.is_none() && size.is_none() && call.flag("deletion_protection").is_none() {
        return Reply::invalid(&json!(["body"]), "At least one field is required");
    }
    if size.is_some_and(|size| size.is_none_or(|size| size < size_now)) {
        return Reply::invalid(&json!(["body", "size_gb"]), "Storage size can only be increased");
    }
    if name.as_ref().is_some_and(|name| world.volume_name_is_taken(name, Some(&id))) {
        return Reply::refuse(409, "A storage volume with this name already exists");
    }
    let takes = world.options.edit;
    let mut change = call.body.clone();
    if let Some(name) = name {
        change["tp_storage_name"] = json!(name);
    }
    if let Some(size) = size {
        change["size_gb"] = json!(size);
    }
    let request = world.begin(Begin { change, ..Begin::new("STORAGE_EDIT", &id, takes) });
    world.options.edited(&format!("Storage volume {id} updated"), &request)
}

fn destroy(world: &mut World, key: &str) -> Reply {
    let id = match world.volume_to_change(key) {
        Ok(volume) => volume.id.clone(),
        Err(refusal) => return refusal,
    };
    match world.destroy_volume(&id) {
        Ok(request) => Reply::json(
            202,
            &json!({
                "storage_id": id,
                "message": format!("Storage volume {id} destruction initiated"),
                "request_id": world.options.request_id(&request),
            }),
        ),
        Err(reason) => Reply::refuse(409, reason),
    }
}
