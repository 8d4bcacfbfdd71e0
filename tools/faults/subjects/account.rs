//! The objects of an account and its organization: SSH keys, object storage and buckets. They are not paid by the hour.

use tensorpool_simulator::{NewSshKey, Owner, Simulator};

use crate::subject::{Object, Subject};

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINJdpoDqinxOvPW2GIrwZ2ZIozKhkOidqQGMg913ksV6";
const OTHER_KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ7kgV0TzFnTnVaP4H5mOn7sPqbQdGzJcWmC4xLk2eRt";
const BUCKET: &str = "data-set";

/// A block with short limits; a change of the time for reads is an update.
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

    fn name(&self) -> &'static str {
        "laptop"
    }

    /// An account has a key once, so what has another name is another key.
    fn create_outside(&self, cloud: &Simulator, name: &str) -> String {
        let public_key = if name == self.name() { KEY } else { OTHER_KEY }.to_owned();
        cloud.add_ssh_key(NewSshKey { public_key, name: name.to_owned(), owner: Owner::User })
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
        let organization = cloud.object_storage_keys().and_then(|_| cloud.organization());
        organization.map(|id| Object { name: id.clone(), id }).into_iter().collect()
    }

    fn name(&self) -> &'static str {
        "object storage"
    }

    fn is_one_of_many(&self) -> bool {
        false
    }

    fn is_adopted(&self) -> bool {
        true
    }

    fn create_outside(&self, cloud: &Simulator, _: &str) -> String {
        cloud.enable_object_storage();
        cloud.organization().expect("the user has an organization")
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

    fn name(&self) -> &'static str {
        BUCKET
    }

    fn create_outside(&self, cloud: &Simulator, name: &str) -> String {
        cloud.add_bucket(name);
        name.to_owned()
    }

    fn lock(&self, cloud: &Simulator, id: &str, locked: bool) {
        if locked {
            cloud.put_object(id, "weights.bin");
        } else {
            cloud.empty_bucket(id);
        }
    }
}
