//! Volumes of the API, as provisioned objects.

use std::sync::Arc;

use async_trait::async_trait;
use tensorpool::{Accepted, Client, Error, Listing, Scope, Volume};

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

    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    fn is_deleted(&self) -> bool {
        Volume::is_deleted(self)
    }

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

    async fn get(api: &Client, id: &str, scope: &Scope) -> Result<Self, Error> {
        api.volumes().get(id, scope).await
    }

    async fn list(api: &Client, organization: bool, scope: &Scope) -> Result<Vec<Self>, Error> {
        api.volumes().list(organization, scope).await
    }

    async fn resolve(api: &Client, id_or_name: &str, scope: &Scope) -> Result<Self, Error> {
        api.volumes().resolve(id_or_name, scope).await
    }

    async fn listing(api: &Client, scope: &Scope) -> Result<Arc<Listing<Self>>, Error> {
        api.volumes().listing(scope).await
    }

    async fn find(api: &Client, name: &str, scope: &Scope) -> Result<Vec<Self>, Error> {
        api.volumes().find(name, scope).await
    }

    async fn destroy(api: &Client, id: &str, scope: &Scope) -> Result<Accepted, Error> {
        api.volumes().destroy(id, scope).await
    }
}
