//! Storage volumes: their state and their rules. Their endpoints and admin requests are in the submodules.

mod admin;
mod endpoints;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Handler;
use super::request::{NewRequest, Request};
use crate::api::{ApiRequest, ApiResponse};
use crate::clock::{self, Moment};
use crate::visibility::Lifetime;
use crate::world::{Owner, World};

/// A volume to create outside Terraform.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct NewVolume {
    /// The name.
    pub name: String,
    /// The size in GB.
    pub size_gb: u64,
    /// Whether deletion protection is enabled.
    #[serde(default)]
    pub deletion_protection: bool,
    /// The owner.
    #[serde(default)]
    pub owner: Owner,
}

/// A volume as it really is, whatever reads return.
#[derive(Clone, Debug, Serialize, PartialEq)]
pub struct VolumeView {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The size in GB.
    pub size_gb: u64,
    /// Whether deletion protection is enabled.
    pub deletion_protection: bool,
    /// The status.
    pub status: String,
    /// The ids of the clusters that it is attached to.
    pub attached_clusters: Vec<String>,
    /// The owner.
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
    #[serde(flatten)]
    lifetime: Lifetime,
    /// Whether the request of the create failed.
    failed: bool,
}

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct State {
    pub(super) volumes: BTreeMap<String, Volume>,
}

impl State {
    /// Returns the volumes that exist.
    fn existing(&self) -> impl Iterator<Item = &Volume> {
        self.volumes.values().filter(|volume| volume.lifetime.is_current())
    }

    /// Returns a volume that exists by its id or its name, or a deleted one by its id.
    fn find(&self, key: &str) -> Option<&Volume> {
        let mut existing = self.existing();
        existing.find(|volume| volume.id == key || volume.name == key).or_else(|| self.volumes.get(key))
    }
}

const NOT_FOUND: &str = "Storage volume not found";

impl World {
    /// Returns a volume that exists, by its id or its name.
    fn volume(&mut self, key: &str) -> Option<&mut Volume> {
        let id = self.objects.storage.find(key)?.id.clone();
        self.objects.storage.volumes.get_mut(&id).filter(|volume| volume.lifetime.is_current())
    }

    /// Whether a volume other than `except` has a name that must be unique.
    fn volume_name_is_taken(&self, name: &str, except: Option<&str>) -> bool {
        !self.options.variants.allow_duplicate_names
            && self.objects.storage.existing().any(|volume| volume.name == name && Some(volume.id.as_str()) != except)
    }

    /// Creates a volume, and returns its id and that of the request.
    fn create_volume(&mut self, new: NewVolume, duration: Duration) -> (String, String) {
        let id = self.new_id("s-");
        let request = self.start_request(NewRequest::new("STORAGE_CREATE", &id, duration));
        let volume = Volume {
            id: id.clone(),
            name: if new.name.is_empty() { id.replace("s-", "storage-") } else { new.name },
            size_gb: new.size_gb,
            deletion_protection: new.deletion_protection,
            attached: Vec::new(),
            owner: new.owner,
            lifetime: Lifetime::starting_now(),
            failed: false,
        };
        self.objects.storage.volumes.insert(id.clone(), volume);
        (id, request)
    }

    /// Starts to destroy a volume, and returns the id of the request. How the real API responds for an attached volume is not
    /// known.
    ///
    /// # Errors
    /// Returns the reason if the API rejects it.
    fn destroy_volume(&mut self, id: &str) -> Result<String, &'static str> {
        let Some(view) = self.volume_view(id) else { return Err(NOT_FOUND) };
        if view.deletion_protection {
            return Err("Deletion protection is enabled for this storage volume");
        }
        if !view.attached_clusters.is_empty() {
            return Err("Storage volume is attached to a cluster; detach it first");
        }
        if view.status != "AVAILABLE" && view.status != "FAILED" {
            return Err("Storage volume is busy");
        }
        let duration = self.options.release;
        Ok(self.start_request(NewRequest::new("STORAGE_DESTROY", &view.id, duration)))
    }

    /// Deletes a volume.
    fn remove_volume(&mut self, id: &str, at: Moment) {
        if let Some(volume) = self.objects.storage.volumes.get_mut(id) {
            volume.lifetime.deleted_at = Some(at);
            volume.attached.clear();
        }
    }

    /// Returns a volume that exists, by its id or its name.
    pub fn volume_view(&self, key: &str) -> Option<VolumeView> {
        let volume = self.objects.storage.find(key)?;
        volume.lifetime.is_current().then(|| self.view_of_volume(volume))
    }

    /// Returns the volumes that exist.
    pub fn volume_views(&self) -> Vec<VolumeView> {
        self.objects.storage.existing().map(|volume| self.view_of_volume(volume)).collect()
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

    /// Returns the status of a volume. The words of the real API are not known.
    fn volume_status(&self, volume: &Volume) -> &'static str {
        let requests = &self.objects.request;
        if let Some(deleted_at) = volume.lifetime.deleted_at {
            // A read that lags returns the status from before the volume was deleted.
            return match self.options.lags(deleted_at, clock::now()) {
                true if requests.has_any(&volume.id, "STORAGE_DESTROY") => "DELETING",
                true => "AVAILABLE",
                false => "TERMINATED",
            };
        }
        let running: Vec<_> = requests.running(&volume.id).map(|request| request.request_type.as_str()).collect();
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

    /// Returns the volume that a read finds, which may be a tombstone.
    ///
    /// # Errors
    /// Returns the error of the API if the read finds none.
    fn visible_volume(&self, key: &str) -> Result<&Volume, ApiResponse> {
        self.options.visible(self.objects.storage.find(key), |volume| volume.lifetime, NOT_FOUND)
    }

    /// Returns the volume that a change is about, which really exists.
    ///
    /// # Errors
    /// Returns the error of the API if there is none.
    fn existing_volume(&self, key: &str) -> Result<&Volume, ApiResponse> {
        self.options.existing(self.objects.storage.find(key), |volume| volume.lifetime, NOT_FOUND)
    }
}

impl Handler for State {
    fn handle(world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
        endpoints::handle(world, request)
    }

    fn handle_admin(world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
        admin::handle(world, request)
    }

    fn apply(world: &mut World, request: &Request) {
        let failed = request.failure.is_some();
        if request.request_type == "STORAGE_DESTROY" && !failed {
            return world.remove_volume(&request.object_id, request.ends_at());
        }
        let Some(volume) = world.objects.storage.volumes.get_mut(&request.object_id) else { return };
        match request.request_type.as_str() {
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
