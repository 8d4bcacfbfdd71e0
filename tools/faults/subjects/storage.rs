//! Storage volumes.

use tensorpool_simulator::{NewVolume, Simulator};

use crate::subject::{Object, Subject, TIMEOUTS};

pub struct Storage;

fn volume(name: &str, size_gb: u64, more: &str) -> String {
    format!(
        "resource \"tensorpool_storage\" \"it\" {{\n  name = \"{name}\"\n  size_gb = {size_gb}\n{more}\n{TIMEOUTS}\n}}\n"
    )
}

impl Subject for Storage {
    fn type_name(&self) -> &'static str {
        "tensorpool_storage"
    }

    fn created(&self) -> String {
        volume("data", 100, "")
    }

    fn updated(&self) -> Option<String> {
        Some(volume("renamed", 200, ""))
    }

    fn replaced(&self) -> Option<String> {
        None
    }

    fn protected(&self) -> Option<String> {
        Some(volume("data", 100, "  deletion_protection = true"))
    }

    fn truth(&self, cloud: &Simulator) -> Vec<Object> {
        cloud.volumes().into_iter().map(|volume| Object { id: volume.id, name: volume.name }).collect()
    }

    fn name(&self) -> &'static str {
        "data"
    }

    fn create_outside(&self, cloud: &Simulator, name: &str) -> String {
        cloud.add_volume(NewVolume { name: name.to_owned(), size_gb: 100, ..NewVolume::default() })
    }

    fn lock(&self, cloud: &Simulator, id: &str, locked: bool) {
        cloud.set_volume_deletion_protection(id, locked);
    }
}
