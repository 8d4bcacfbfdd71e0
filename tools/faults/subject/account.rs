//! The objects of an account and its organization: SSH keys, object storage and buckets. They are not paid by the hour.

use tensorpool_simulator::{NewSshKey, Owner, Simulator};

use super::{Object, Subject};

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINJdpoDqinxOvPW2GIrwZ2ZIozKhkOidqQGMg913ksV6";
const ORGANIZATION: &str = "o-simulated";
const BUCKET: &str = "data-set";

/// A block with short limits; the time for reads makes an update of its own.
fn block(type_name: &str, arguments: &str, read: &str) -> String {
    format!(
        "resource \"{type_name}\" \"it\" {{\n{arguments}\n  timeouts {{\n    create = \"12s\"\n    delete = \"12s\"\n    \
         read = \"{read}\"\n  }}\n}}\n"
    )
}

pub struct SshKey;

fn ssh_key(name: &str, read: &str) -> String {
    block("tensorpool_ssh_key", &format!("  name = \"{name}\"\n  public_key = \"{KEY}\""), read)
}

impl Subject for SshKey {
    fn type_name(&self) -> &'static str {
        "tensorpool_ssh_key"
    }

    fn created(&self) -> String {
        ssh_key("laptop", "6s")
    }

    fn updated(&self) -> Option<String> {
        Some(ssh_key("laptop", "7s"))
    }

    fn replaced(&self) -> Option<String> {
        Some(ssh_key("desktop", "6s"))
    }

    fn protected(&self) -> Option<String> {
        None
    }

    fn is_paid(&self) -> bool {
        false
    }

    fn truth(&self, cloud: &Simulator) -> Vec<Object> {
        cloud.ssh_keys().into_iter().map(|key| Object { id: key.id, name: key.name }).collect()
    }

    fn exists_already(&self, cloud: &Simulator) -> String {
        cloud.add_ssh_key(NewSshKey { public_key: KEY.to_owned(), name: "laptop".to_owned(), owner: Owner::User })
    }

    fn lock(&self, _: &Simulator, _: &str, _: bool) {}
}

pub struct ObjectStorage;

impl Subject for ObjectStorage {
    fn type_name(&self) -> &'static str {
        "tensorpool_object_storage"
    }

    fn created(&self) -> String {
        block(self.type_name(), "  allow_disable = true", "6s")
    }

    fn updated(&self) -> Option<String> {
        Some(block(self.type_name(), "  allow_disable = true", "7s"))
    }

    fn replaced(&self) -> Option<String> {
        None
    }

    fn protected(&self) -> Option<String> {
        None
    }

    fn is_paid(&self) -> bool {
        false
    }

    fn truth(&self, cloud: &Simulator) -> Vec<Object> {
        let object = |_| Object { id: ORGANIZATION.to_owned(), name: ORGANIZATION.to_owned() };
        cloud.object_storage_keys().map(object).into_iter().collect()
    }

    fn exists_already(&self, cloud: &Simulator) -> String {
        cloud.enable_object_storage();
        ORGANIZATION.to_owned()
    }

    fn lock(&self, _: &Simulator, _: &str, _: bool) {}
}

pub struct Bucket;

fn bucket(name: &str, read: &str) -> String {
    block("tensorpool_object_storage_bucket", &format!("  name = \"{name}\""), read)
}

impl Subject for Bucket {
    fn type_name(&self) -> &'static str {
        "tensorpool_object_storage_bucket"
    }

    fn set_up(&self, cloud: &Simulator) {
        cloud.enable_object_storage();
    }

    fn created(&self) -> String {
        bucket(BUCKET, "6s")
    }

    fn updated(&self) -> Option<String> {
        Some(bucket(BUCKET, "7s"))
    }

    fn replaced(&self) -> Option<String> {
        Some(bucket("other-set", "6s"))
    }

    /// What is in a bucket protects it.
    fn protected(&self) -> Option<String> {
        Some(self.created())
    }

    fn is_paid(&self) -> bool {
        false
    }

    fn truth(&self, cloud: &Simulator) -> Vec<Object> {
        cloud.buckets().into_iter().map(|name| Object { id: name.clone(), name }).collect()
    }

    fn exists_already(&self, cloud: &Simulator) -> String {
        cloud.add_bucket(BUCKET);
        BUCKET.to_owned()
    }

    fn lock(&self, cloud: &Simulator, id: &str, locked: bool) {
        if locked {
            cloud.put_object(id, "weights.bin");
        } else {
            cloud.empty_bucket(id);
        }
    }
}
