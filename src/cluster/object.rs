//! Clusters of the API, as provisioned objects.

use async_trait::async_trait;
use tensorpool::{Accepted, Api, Cluster, Error, Request};

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

    fn protection(&self) -> Option<bool> {
        self.deletion_protection
    }

    fn is_ready(&self) -> bool {
        self.is_running()
    }

    fn may_be_destroyed(&self) -> bool {
        self.instances.is_empty() || self.is_running()
    }

    fn created_at(&self) -> Option<&str> {
        self.created_at.as_deref()
    }

    fn attached_to(&self) -> &[String] {
        &[]
    }

    fn describe(&self) -> String {
        self.describe_instances()
    }

    async fn destroy(api: &Api, id: &str) -> Result<Accepted, Error> {
        api.clusters().destroy(id).await
    }

    async fn operations(api: &Api, id: &str) -> Result<Vec<Request>, Error> {
        let mut operations = api.clusters().operations(id).await?;
        // The list holds requests of other objects as well, for example of volumes.
        operations.retain(|request| request.may_concern(id));
        Ok(operations)
    }
}
