//! Changes to volumes outside Terraform: the admin requests, and the methods of [`Simulator`].

use std::time::Duration;

use serde_json::{Value, json};

use crate::api::{ApiRequest, ApiResponse};
use crate::clock;
use crate::simulator::Simulator;
use crate::state::storage::{NewVolume, VolumeView};
use crate::world::World;

pub(super) fn handle(world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
    Some(match request.route() {
        ("GET", ["volumes"]) => ApiResponse::json(200, &json!(world.volume_views())),
        ("POST", ["volumes"]) => match serde_json::from_value(request.body.clone()) {
            Ok(new) => ApiResponse::json(200, &json!({"id": add(world, new)})),
            Err(error) => ApiResponse::unusable(&error),
        },
        ("PATCH", ["volumes", id]) => {
            let Some(volume) = world.objects.storage.volumes.get_mut(id) else { return Some(ApiResponse::not_found()) };
            if let Some(protection) = request.flag("deletion_protection") {
                volume.deletion_protection = protection;
            }
            if let Some(name) = request.text("name") {
                name.clone_into(&mut volume.name);
            }
            if let Some(size) = request.body.get("size_gb").and_then(Value::as_u64) {
                volume.size_gb = size;
            }
            ApiResponse::done()
        }
        ("DELETE", ["volumes", id]) => {
            world.objects.storage.delete(id, clock::now());
            ApiResponse::done()
        }
        _ => return None,
    })
}

fn add(world: &mut World, new: NewVolume) -> String {
    let id = world.create_volume(new, Duration::ZERO).0;
    world.settle();
    id
}

impl Simulator {
    /// Returns the volumes that really exist.
    #[must_use]
    pub fn volumes(&self) -> Vec<VolumeView> {
        self.with_world(|world| world.volume_views())
    }

    /// Creates an available volume, and returns its id.
    #[must_use]
    pub fn add_volume(&self, new: NewVolume) -> String {
        self.with_world(|world| add(world, new))
    }

    /// Enables or disables the deletion protection of a volume.
    pub fn set_volume_deletion_protection(&self, id: &str, protection: bool) {
        self.change_volume(id, &json!({"deletion_protection": protection}));
    }

    /// Changes the size of a volume, which may also shrink here.
    pub fn resize_volume(&self, id: &str, size_gb: u64) {
        self.change_volume(id, &json!({"size_gb": size_gb}));
    }

    /// Renames a volume.
    pub fn rename_volume(&self, id: &str, name: &str) {
        self.change_volume(id, &json!({"name": name}));
    }

    fn change_volume(&self, id: &str, body: &Value) {
        self.with_world(|world| {
            handle(world, &ApiRequest { method: "PATCH", path: &["volumes", id], query: "", body })
        });
    }

    /// Deletes a volume immediately.
    pub fn remove_volume(&self, id: &str) {
        self.with_world(|world| world.objects.storage.delete(id, clock::now()));
    }
}
