//! What happens to volumes from outside: orders under `/_simulator/`, and the same for callers in the process.

use std::time::Duration;

use serde_json::{Value, json};

use super::{NewVolume, VolumeView};
use crate::clock;
use crate::reply::{Call, Reply};
use crate::server::Simulator;
use crate::world::World;

pub(super) fn order(world: &mut World, call: &Call<'_>) -> Option<Reply> {
    let done = || Reply::json(200, &json!({}));
    Some(match call.route() {
        ("GET", ["volumes"]) => Reply::json(200, &json!(world.volume_views())),
        ("POST", ["volumes"]) => match serde_json::from_value(call.body.clone()) {
            Ok(new) => Reply::json(200, &json!({"id": add(world, new)})),
            Err(error) => Reply::json(422, &json!({"detail": error.to_string()})),
        },
        ("PATCH", ["volumes", id]) => {
            let Some(volume) = world.volume(id) else { return Some(Reply::not_found()) };
            if let Some(protection) = call.flag("deletion_protection") {
                volume.deletion_protection = protection;
            }
            if let Some(name) = call.text("name") {
                name.clone_into(&mut volume.name);
            }
            if let Some(size) = call.body.get("size_gb").and_then(Value::as_u64) {
                volume.size_gb = size;
            }
            done()
        }
        ("DELETE", ["volumes", id]) => {
            world.remove_volume(id, clock::now());
            done()
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
    /// The volumes that really exist.
    #[must_use]
    pub fn volumes(&self) -> Vec<VolumeView> {
        self.with(|world| world.volume_views())
    }

    /// Makes a volume from outside, and gives its id.
    #[must_use]
    pub fn add_volume(&self, new: NewVolume) -> String {
        self.with(|world| add(world, new))
    }

    /// Sets or lifts the lock of a volume from outside.
    pub fn set_volume_deletion_protection(&self, id: &str, protection: bool) {
        self.change_volume(id, &json!({"deletion_protection": protection}));
    }

    /// Gives a volume another size from outside; here it may also shrink.
    pub fn resize_volume(&self, id: &str, size_gb: u64) {
        self.change_volume(id, &json!({"size_gb": size_gb}));
    }

    /// Renames a volume from outside.
    pub fn rename_volume(&self, id: &str, name: &str) {
        self.change_volume(id, &json!({"name": name}));
    }

    fn change_volume(&self, id: &str, body: &Value) {
        self.with(|world| order(world, &Call { method: "PATCH", path: &["volumes", id], query: "", body }));
    }

    /// Makes a volume vanish.
    pub fn remove_volume(&self, id: &str) {
        self.with(|world| world.remove_volume(id, clock::now()));
    }
}
