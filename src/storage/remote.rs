//! Volumes of the API, as objects that cost money.

use async_trait::async_trait;
use tensorpool::{Accepted, Client, Error, Scope, Volume};

use crate::paid::{Kind, Obstacle, Remote};

#[async_trait]
impl Remote for Volume {
    const KIND: Kind = Kind {
        type_name: "tensorpool_storage",
        noun: "storage volume",
        plural: "storage volumes",
        prefix: "tf-storage-",
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
        unsettled: ("busy", "TensorPool was still busy with the storage volume when the time was over."),
    };

    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    fn is_gone(&self) -> bool {
        self.is_gone()
    }

    fn is_protected(&self) -> bool {
        self.deletion_protection == Some(true)
    }

    fn is_ready(&self) -> bool {
        !self.is_busy()
    }

    fn obstacle(&self) -> Obstacle {
        match self.attached_clusters.as_deref() {
            _ if self.is_busy() => Obstacle::Unsettled,
            None | Some([]) => Obstacle::None,
            Some(clusters) => Obstacle::AttachedTo(clusters.to_vec()),
        }
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

    async fn list_all(api: &Client, scope: &Scope) -> Result<Vec<Self>, Error> {
        api.volumes().list_all(scope).await
    }

    async fn find(api: &Client, name: &str, scope: &Scope) -> Result<Vec<Self>, Error> {
        api.volumes().find(name, scope).await
    }

    async fn destroy(api: &Client, id: &str, scope: &Scope) -> Result<Accepted, Error> {
        api.volumes().destroy(id, scope).await
    }
}
