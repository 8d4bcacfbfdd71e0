//! Clusters of the API, as provisioned objects.

use std::sync::Arc;

use async_trait::async_trait;
use tensorpool::{Accepted, Client, Cluster, Error, Listing, Request, Scope};

use crate::provisioned::{Descriptor, Object};

#[async_trait]
impl Object for Cluster {
    const DESCRIPTOR: Descriptor = Descriptor {
        type_name: "tensorpool_cluster",
        noun: "cluster",
        plural: "clusters",
        prefix: "tf-cluster-",
        command: "cluster",
        api_names: &[
            ("instance_type", "instance_type"),
            ("num_nodes", "num_nodes"),
            ("tp_cluster_name", "name"),
            ("cluster_name", "name"),
            ("deletion_protection", "deletion_protection"),
            ("public_keys", "public_keys"),
            ("container", "container"),
            ("experimental_container", "container"),
        ],
        create_request: "CLUSTER_CLAIM",
        delete_request: "CLUSTER_RELEASE",
        until_ready: "waiting for the instances of the cluster to run",
        not_ready: (
            "instances not RUNNING",
            "TensorPool destroys a cluster only while all of its instances are RUNNING.",
        ),
    };

    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    fn is_deleted(&self) -> bool {
        Cluster::is_deleted(self)
    }

    fn protection(&self) -> Option<bool> {
        self.deletion_protection
    }

    fn is_ready(&self) -> bool {
        self.is_running()
    }

    fn may_be_destroyed(&self) -> bool {
        self.instances.is_empty() || self.is_running()
    }

    fn attached_to(&self) -> &[String] {
        &[]
    }

    fn describe(&self) -> String {
        self.describe_instances()
    }

    async fn get(api: &Client, id: &str, scope: &Scope) -> Result<Self, Error> {
        api.clusters().get(id, scope).await
    }

    async fn list(api: &Client, organization: bool, scope: &Scope) -> Result<Vec<Self>, Error> {
        api.clusters().list(organization, scope).await
    }

    async fn resolve(api: &Client, id_or_name: &str, scope: &Scope) -> Result<Self, Error> {
        api.clusters().resolve(id_or_name, scope).await
    }

    async fn listing(api: &Client, scope: &Scope) -> Result<Arc<Listing<Self>>, Error> {
        api.clusters().listing(scope).await
    }

    async fn find(api: &Client, name: &str, scope: &Scope) -> Result<Vec<Self>, Error> {
        api.clusters().find(name, scope).await
    }

    async fn destroy(api: &Client, id: &str, scope: &Scope) -> Result<Accepted, Error> {
        api.clusters().destroy(id, scope).await
    }

    async fn operations(api: &Client, id: &str, scope: &Scope) -> Result<Vec<Request>, Error> {
        let mut operations = api.clusters().operations(id, scope).await?;
        // The list holds requests of other objects as well, for example of volumes.
        operations.retain(|request| request.may_concern(id));
        Ok(operations)
    }
}
