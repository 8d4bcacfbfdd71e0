//! Attachments of volumes to clusters. They are found by name, so that faults hit data sources too.

use tensorpool_simulator::{NewCluster, NewVolume, Simulator};

use crate::subject::{Object, Subject};

pub struct Attachment;

fn attachment(volume: &str) -> String {
    format!(
        "data \"tensorpool_cluster\" \"it\" {{\n  name = \"train\"\n}}\n\ndata \"tensorpool_storage\" \"it\" {{\n  name = \
         \"{volume}\"\n}}\n\nresource \"tensorpool_storage_attachment\" \"it\" {{\n  storage_id = \
         data.tensorpool_storage.it.id\n  cluster_id = data.tensorpool_cluster.it.id\n  timeouts {{\n    create = \
         \"12s\"\n    delete = \"12s\"\n    read = \"6s\"\n  }}\n}}\n"
    )
}

fn add_volume(cloud: &Simulator, name: &str) -> String {
    cloud.add_volume(NewVolume { name: name.to_owned(), size_gb: 10, ..NewVolume::default() })
}

impl Subject for Attachment {
    fn type_name(&self) -> &'static str {
        "tensorpool_storage_attachment"
    }

    fn created(&self) -> String {
        attachment("data")
    }

    fn updated(&self) -> Option<String> {
        None
    }

    fn replaced(&self) -> Option<String> {
        Some(attachment("models"))
    }

    fn protected(&self) -> Option<String> {
        None
    }

    fn is_paid(&self) -> bool {
        false
    }

    fn set_up(&self, cloud: &Simulator) {
        _ = cloud.add_cluster(NewCluster {
            name: "train".to_owned(),
            instance_type: "8xH100".to_owned(),
            num_nodes: 2,
            deletion_protection: false,
        });
        for name in ["data", "models"] {
            _ = add_volume(cloud, name);
        }
    }

    fn truth(&self, cloud: &Simulator) -> Vec<Object> {
        let attached = |volume: tensorpool_simulator::VolumeView| {
            let id = volume.id;
            volume.attached_clusters.into_iter().map(move |cluster| format!("{id}/{cluster}"))
        };
        let ids = cloud.volumes().into_iter().flat_map(attached);
        ids.map(|id| Object { name: id.clone(), id }).collect()
    }

    fn name(&self) -> &'static str {
        "data"
    }

    fn is_adopted(&self) -> bool {
        true
    }

    /// The name is that of the volume.
    fn create_outside(&self, cloud: &Simulator, name: &str) -> String {
        let cluster = cloud.clusters().remove(0).id;
        let known = cloud.volumes().into_iter().find(|volume| volume.name == name).map(|volume| volume.id);
        let volume = known.unwrap_or_else(|| add_volume(cloud, name));
        cloud.attach(&volume, &cluster);
        format!("{volume}/{cluster}")
    }

    fn lock(&self, _: &Simulator, _: &str, _: bool) {}
}
