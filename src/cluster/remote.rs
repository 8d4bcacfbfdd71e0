//! Clusters of the API, as objects that cost money.

use async_trait::async_trait;
use tensorpool::{Accepted, Client, Cluster, Error, Request, Scope};

use crate::paid::{Kind, Obstacle, Remote};

#[async_trait]
impl Remote for Cluster {
    const KIND: Kind = Kind {
        type_name: "tensorpool_cluster",
        noun: "cluster",
        plural: "clusters",
        prefix: "tf-cluster-",
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
        unsettled: (
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

    fn is_gone(&self) -> bool {
        self.is_gone()
    }

    fn is_protected(&self) -> bool {
        self.deletion_protection == Some(true)
    }

    fn is_ready(&self) -> bool {
        self.is_running()
    }

    fn obstacle(&self) -> Obstacle {
        if self.instances.is_empty() || self.is_running() { Obstacle::None } else { Obstacle::Unsettled }
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

    async fn list_all(api: &Client, scope: &Scope) -> Result<Vec<Self>, Error> {
        api.clusters().list_all(scope).await
    }

    async fn find(api: &Client, name: &str, scope: &Scope) -> Result<Vec<Self>, Error> {
        api.clusters().find(name, scope).await
    }

    async fn destroy(api: &Client, id: &str, scope: &Scope) -> Result<Accepted, Error> {
        api.clusters().destroy(id, scope).await
    }

    async fn operations(api: &Client, id: &str, scope: &Scope) -> Result<Vec<Request>, Error> {
        api.clusters().operations(id, scope).await
    }
}
