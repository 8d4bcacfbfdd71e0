//! Clusters.

use tensorpool_simulator::{NewCluster, Simulator};

use crate::subject::{Object, Subject, TIMEOUTS};

pub struct Cluster;

fn cluster(instance_type: &str, name: &str, more: &str) -> String {
    format!(
        "resource \"tensorpool_cluster\" \"it\" {{\n  name = \"{name}\"\n  instance_type = \"{instance_type}\"\n{more}\n\
         {TIMEOUTS}\n}}\n"
    )
}

impl Subject for Cluster {
    fn type_name(&self) -> &'static str {
        "tensorpool_cluster"
    }

    fn created(&self) -> String {
        cluster("1xH100", "train", "")
    }

    fn updated(&self) -> Option<String> {
        Some(cluster("1xH100", "renamed", ""))
    }

    fn replaced(&self) -> Option<String> {
        Some(cluster("1xH200", "train", ""))
    }

    fn protected(&self) -> Option<String> {
        Some(cluster("1xH100", "train", "  deletion_protection = true"))
    }

    fn truth(&self, cloud: &Simulator) -> Vec<Object> {
        cloud.clusters().into_iter().map(|cluster| Object { id: cluster.id, name: cluster.name }).collect()
    }

    fn name(&self) -> &'static str {
        "train"
    }

    fn create_outside(&self, cloud: &Simulator, name: &str) -> String {
        cloud.add_cluster(NewCluster {
            name: name.to_owned(),
            instance_type: "1xH100".to_owned(),
            num_nodes: 1,
            deletion_protection: false,
        })
    }

    fn lock(&self, cloud: &Simulator, id: &str, locked: bool) {
        cloud.set_deletion_protection(id, locked);
    }
}
