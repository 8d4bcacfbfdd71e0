//! Volumes of the API, as provisioned objects.

use async_trait::async_trait;
use tensorpool::{Accepted, Api, Error, Volume};

use crate::provisioned::{Descriptor, Object};

#[async_trait]
impl Object for Volume {
    const DESCRIPTOR: Descriptor = Descriptor {
        type_name: "tensorpool_storage",
        noun: "storage volume",
        plural: "storage volumes",
        prefix: "tf-storage-",
        command: "storage",
        api_names: &[
            ("size", "size_gb"),
            ("size_gb", "size_gb"),
            ("name", "name"),
            ("tp_storage_name", "name"),
            ("deletion_protection", "deletion_protection"),
        ],
        create_request: "STORAGE_CREATE",
        delete_request: "STORAGE_DESTROY",
        until_ready: "waiting for the storage volume",
        not_ready: ("busy", "TensorPool was still busy with the storage volume when the time was over."),
    };

    fn protection(&self) -> Option<bool> {
        self.deletion_protection
    }

    fn is_ready(&self) -> bool {
        !self.is_busy()
    }

    fn may_be_destroyed(&self) -> bool {
        !self.is_busy()
    }

    fn attached_to(&self) -> &[String] {
        self.attached_clusters.as_deref().unwrap_or_default()
    }

    fn describe(&self) -> String {
        let status = self.status.as_deref().unwrap_or("in an unknown status");
        match self.attached_clusters.as_deref() {
            None | Some([]) => format!("it is {status}"),
            Some(clusters) => format!("it is {status} and attached to {}", clusters.join(", ")),
        }
    }

    async fn destroy(api: &Api, id: &str) -> Result<Accepted, Error> {
        api.volumes().destroy(id).await
    }
}
