//! Storage volumes: their state and their rules. Their endpoints are in the file beside.

mod endpoints;
mod outside;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Kind;
use super::request::{Begin, Request};
use crate::clock::{self, Moment};
use crate::options::Sight;
use crate::reply::{Call, Reply};
use crate::world::{Owner, World};

/// A volume that is made outside Terraform.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct NewVolume {
    /// Its name.
    pub name: String,
    /// How large it is, in GB.
    pub size_gb: u64,
    /// Whether it is protected.
    #[serde(default)]
    pub deletion_protection: bool,
    /// To whom it belongs.
    #[serde(default)]
    pub owner: Owner,
}

/// A volume as it really is.
#[derive(Clone, Debug, Serialize, PartialEq)]
pub struct VolumeView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How large it is, in GB.
    pub size_gb: u64,
    /// Whether it is protected.
    pub deletion_protection: bool,
    /// Its status.
    pub status: String,
    /// The clusters that it is attached to.
    pub attached_clusters: Vec<String>,
    /// To whom it belongs.
    pub owner: Owner,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Volume {
    id: String,
    name: String,
    size_gb: u64,
    deletion_protection: bool,
    pub(super) attached: Vec<String>,
    owner: Owner,
    created_at: Moment,
    /// Its create failed.
    failed: bool,
    gone_at: Option<Moment>,
}

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct State {
    pub(super) volumes: BTreeMap<String, Volume>,
}

impl World {
    /// The id of a volume that exists, by its id or its name.
    pub fn volume_id(&self, key: &str) -> Option<String> {
        let mut volumes = self.objects.storage.volumes.values().filter(|volume| volume.gone_at.is_none());
        volumes.find(|volume| volume.id == key || volume.name == key).map(|volume| volume.id.clone())
    }

    /// A volume that exists.
    fn volume(&mut self, key: &str) -> Option<&mut Volume> {
        let id = self.volume_id(key)?;
        self.objects.storage.volumes.get_mut(&id)
    }

    fn volume_name_is_taken(&self, name: &str, by_other_than: Option<&str>) -> bool {
        if self.options.variants.allow_duplicate_names {
            return false;
        }
        let mut volumes = self.objects.storage.volumes.values().filter(|volume| volume.gone_at.is_none());
        volumes.any(|volume| volume.name == name && Some(volume.id.as_str()) != by_other_than)
    }

    /// Makes a volume, and gives its id and that of the request.
    fn create_volume(&mut self, new: NewVolume, takes: std::time::Duration) -> (String, String) {
        let id = self.id("s-");
        let request = self.begin(Begin::new("STORAGE_CREATE", &id, takes));
        let volume = Volume {
            id: id.clone(),
            name: if new.name.is_empty() { id.replace("s-", "storage-") } else { new.name },
            size_gb: new.size_gb,
            deletion_protection: new.deletion_protection,
            attached: Vec::new(),
            owner: new.owner,
            created_at: clock::now(),
            failed: false,
            gone_at: None,
        };
        self.objects.storage.volumes.insert(id.clone(), volume);
        (id, request)
    }

    /// Begins the destroy of a volume that exists, or says why not. What the real API says to a volume that is attached
    /// is not known.
    fn destroy_volume(&mut self, id: &str) -> Result<String, &'static str> {
        let Some(view) = self.volume_view(id) else { return Err("Storage volume not found") };
        if view.deletion_protection {
            return Err("Deletion protection is enabled for this storage volume");
        }
        if !view.attached_clusters.is_empty() {
            return Err("Storage volume is attached to a cluster; detach it first");
        }
        if view.status != "AVAILABLE" && view.status != "FAILED" {
            return Err("Storage volume is busy");
        }
        let takes = self.options.release;
        Ok(self.begin(Begin::new("STORAGE_DESTROY", &view.id, takes)))
    }

    /// Makes a volume vanish.
    fn remove_volume(&mut self, id: &str, at: Moment) {
        if let Some(volume) = self.objects.storage.volumes.get_mut(id) {
            volume.gone_at = Some(at);
            volume.attached.clear();
        }
    }

    /// A volume that exists, by its id or its name.
    pub fn volume_view(&self, key: &str) -> Option<VolumeView> {
        let volume = self.objects.storage.volumes.get(&self.volume_id(key)?)?;
        Some(self.view_of_volume(volume))
    }

    pub fn volume_views(&self) -> Vec<VolumeView> {
        let volumes = self.objects.storage.volumes.values().filter(|volume| volume.gone_at.is_none());
        volumes.map(|volume| self.view_of_volume(volume)).collect()
    }

    fn view_of_volume(&self, volume: &Volume) -> VolumeView {
        VolumeView {
            id: volume.id.clone(),
            name: volume.name.clone(),
            size_gb: volume.size_gb,
            deletion_protection: volume.deletion_protection,
            status: self.volume_status(volume).to_owned(),
            attached_clusters: volume.attached.clone(),
            owner: volume.owner,
        }
    }

    /// The status of a volume. The API's own are not known.
    fn volume_status(&self, volume: &Volume) -> &'static str {
        if let Some(gone_at) = volume.gone_at {
            // An answer that is behind shows what the volume was before.
            return match self.options.lags(gone_at, clock::now()) {
                true if self.objects.request.has_any(&volume.id, "STORAGE_DESTROY") => "DELETING",
                true => "AVAILABLE",
                false => "TERMINATED",
            };
        }
        let running: Vec<_> = self.objects.request.running(&volume.id).map(|request| request.kind.as_str()).collect();
        if running.contains(&"STORAGE_DESTROY") {
            "DELETING"
        } else if running.contains(&"STORAGE_CREATE") {
            "CREATING"
        } else if volume.failed {
            "FAILED"
        } else if running.contains(&"STORAGE_ATTACH") {
            "ATTACHING"
        } else if running.contains(&"STORAGE_DETACH") {
            "DETACHING"
        } else {
            "AVAILABLE"
        }
    }

    /// The volume that an info about this key meets: one that exists, or the memory of one, or a refusal.
    fn look_for_volume(&self, key: &str) -> Result<&Volume, Reply> {
        let volumes = &self.objects.storage.volumes;
        let known = self.volume_id(key).and_then(|id| volumes.get(&id)).or_else(|| volumes.get(key));
        let sight = known.map(|volume| self.options.sight(volume.created_at, volume.gone_at, clock::now()));
        match (known, sight) {
            (Some(volume), Some(Sight::Exists | Sight::Memory)) => Ok(volume),
            (_, Some(Sight::Forbidden)) => Err(Reply::refuse(403, "Access denied")),
            _ => Err(Reply::refuse(404, "Storage volume not found")),
        }
    }

    /// The volume that a change concerns: one that really exists, whatever infos show.
    fn volume_to_change(&self, key: &str) -> Result<&Volume, Reply> {
        let volumes = &self.objects.storage.volumes;
        if let Some(volume) = self.volume_id(key).and_then(|id| volumes.get(&id)) {
            return Ok(volume);
        }
        let sight = volumes.get(key).map(|volume| self.options.variants.gone.sight(volume.gone_at, clock::now()));
        Err(match sight {
            Some(Sight::Forbidden) => Reply::refuse(403, "Access denied"),
            _ => Reply::refuse(404, "Storage volume not found"),
        })
    }
}

impl Kind for State {
    fn answer(world: &mut World, call: &Call<'_>) -> Option<Reply> {
        endpoints::answer(world, call)
    }

    fn order(world: &mut World, call: &Call<'_>) -> Option<Reply> {
        outside::order(world, call)
    }

    fn ended(world: &mut World, request: &Request) {
        let failed = request.failure.is_some();
        if request.kind == "STORAGE_DESTROY" && !failed {
            return world.remove_volume(&request.object_id, request.ends());
        }
        let Some(volume) = world.objects.storage.volumes.get_mut(&request.object_id) else { return };
        match request.kind.as_str() {
            "STORAGE_CREATE" => volume.failed = failed,
            "STORAGE_EDIT" if !failed => {
                if let Some(name) = request.change["tp_storage_name"].as_str() {
                    name.clone_into(&mut volume.name);
                }
                if let Some(size) = request.change["size_gb"].as_u64() {
                    volume.size_gb = size;
                }
                if let Some(protection) = request.change["deletion_protection"].as_bool() {
                    volume.deletion_protection = protection;
                }
            }
            _ => {}
        }
    }
}
