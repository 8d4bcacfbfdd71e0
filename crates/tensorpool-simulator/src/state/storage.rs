//! What is stored of storage volumes, and which clusters they are attached to.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::lifetime::Lifetime;
use super::owner::Owner;
use super::provisioned::{Collection, Provisioned};
use super::request::Request;
use crate::clock::Moment;

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
    pub id: String,
    pub name: String,
    pub size_gb: u64,
    pub deletion_protection: bool,
    pub attached: Vec<String>,
    pub owner: Owner,
    #[serde(flatten)]
    pub lifetime: Lifetime,
    /// Whether the request of the create failed.
    pub failed: bool,
}

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct State {
    pub volumes: Collection<Volume>,
}

impl Provisioned for Volume {
    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn owner(&self) -> Owner {
        self.owner
    }

    fn lifetime(&self) -> Lifetime {
        self.lifetime
    }

    fn lifetime_mut(&mut self) -> &mut Lifetime {
        &mut self.lifetime
    }
}

impl State {
    /// Returns the ids of the volumes that are attached to a cluster.
    pub fn attached_to(&self, cluster_id: &str) -> Vec<String> {
        let attached = self.volumes.all().filter(|volume| volume.attached.iter().any(|id| id == cluster_id));
        attached.map(|volume| volume.id.clone()).collect()
    }

    /// Attaches a volume to a cluster, or detaches it.
    pub fn set_attached(&mut self, volume_id: &str, cluster_id: &str, attached: bool) {
        if let Some(volume) = self.volumes.by_id_mut(volume_id) {
            volume.attached.retain(|id| id != cluster_id);
            if attached {
                volume.attached.push(cluster_id.to_owned());
            }
        }
    }

    /// Detaches all volumes of a cluster.
    pub fn detach_all_from(&mut self, cluster_id: &str) {
        for volume in self.volumes.all_mut() {
            volume.attached.retain(|id| id != cluster_id);
        }
    }

    /// Deletes a volume.
    pub fn delete(&mut self, id: &str, at: Moment) {
        self.volumes.delete(id, at);
        if let Some(volume) = self.volumes.by_id_mut(id) {
            volume.attached.clear();
        }
    }

    /// Applies the effect of a request that has ended.
    pub fn apply(&mut self, request: &Request) {
        let id = request.object_id.as_str();
        let failed = request.failure.is_some();
        match (request.request_type.as_str(), request.cluster_id.as_deref()) {
            ("STORAGE_CREATE", _) => {
                if let Some(volume) = self.volumes.by_id_mut(id) {
                    volume.failed = failed;
                }
            }
            _ if failed => {}
            ("CLUSTER_RELEASE", _) => self.detach_all_from(id),
            ("STORAGE_DESTROY", _) => self.delete(id, request.ends_at()),
            ("STORAGE_EDIT", _) => {
                if let Some(volume) = self.volumes.by_id_mut(id) {
                    volume.edit(&request.change);
                }
            }
            ("STORAGE_ATTACH", Some(cluster)) => self.set_attached(id, cluster, true),
            ("STORAGE_DETACH", Some(cluster)) => self.set_attached(id, cluster, false),
            _ => {}
        }
    }
}

impl Volume {
    fn edit(&mut self, change: &Value) {
        if let Some(name) = change["tp_storage_name"].as_str() {
            name.clone_into(&mut self.name);
        }
        if let Some(size) = change["size_gb"].as_u64() {
            self.size_gb = size;
        }
        if let Some(protection) = change["deletion_protection"].as_bool() {
            self.deletion_protection = protection;
        }
    }
}
