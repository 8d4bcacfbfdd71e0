//! The rules of volumes: how they are created and destroyed, and which status they have.

use std::time::Duration;

use crate::api::ApiResponse;
use crate::clock;
use crate::objects::request::NewRequest;
use crate::state::lifetime::Lifetime;
use crate::state::storage::{NewVolume, Volume, VolumeView};
use crate::world::World;

const NOT_FOUND: &str = "Storage volume not found";

impl World {
    /// Creates a volume, and returns its id and that of the request.
    pub(super) fn create_volume(&mut self, new: NewVolume, duration: Duration) -> (String, String) {
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
        self.objects.storage.volumes.insert(volume);
        (id, request)
    }

    /// Starts to destroy a volume, and returns the id of the request. How the real API responds for an attached volume is not
    /// known.
    ///
    /// # Errors
    /// Returns the reason if the API rejects it.
    pub(super) fn destroy_volume(&mut self, id: &str) -> Result<String, &'static str> {
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

    /// Returns a volume that exists, by its id or its name.
    pub fn volume_view(&self, key: &str) -> Option<VolumeView> {
        self.objects.storage.volumes.get(key).map(|volume| self.view_of_volume(volume))
    }

    /// Returns the volumes that exist.
    pub fn volume_views(&self) -> Vec<VolumeView> {
        self.objects.storage.volumes.existing().map(|volume| self.view_of_volume(volume)).collect()
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
    pub(super) fn volume_status(&self, volume: &Volume) -> &'static str {
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
    pub(super) fn visible_volume(&self, key: &str) -> Result<&Volume, ApiResponse> {
        self.options.visible(self.objects.storage.volumes.find(key), NOT_FOUND)
    }

    /// Returns the volume that a change is about, which really exists.
    ///
    /// # Errors
    /// Returns the error of the API if there is none.
    pub(super) fn existing_volume(&self, key: &str) -> Result<&Volume, ApiResponse> {
        self.options.existing(self.objects.storage.volumes.find(key), NOT_FOUND)
    }
}
