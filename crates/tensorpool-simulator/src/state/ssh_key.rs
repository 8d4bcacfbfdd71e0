//! What is stored of SSH keys.

use serde::{Deserialize, Serialize};

use super::owner::Owner;
use crate::clock::{self, Moment};

/// An SSH key of the account.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct SshKeyView {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The public key, as it was added.
    pub public_key: String,
    /// The owner.
    pub owner: Owner,
    pub(crate) created_at: Moment,
}

/// An SSH key to add outside Terraform.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct NewSshKey {
    /// The public key.
    pub public_key: String,
    /// The name. If it is empty, the key gets the user's email address.
    #[serde(default)]
    pub name: String,
    /// The owner.
    #[serde(default)]
    pub owner: Owner,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    /// In the order in which they were added.
    pub keys: Vec<SshKeyView>,
    /// The deleted keys and when they were deleted: a list that lags still contains them.
    pub removed: Vec<(SshKeyView, Moment)>,
}

/// Returns the type and the blob of a key. Keys are compared without their comments.
pub(crate) fn type_and_blob(key: &str) -> (Option<&str>, Option<&str>) {
    let mut words = key.split_whitespace();
    (words.next(), words.next())
}

impl State {
    /// Returns the keys of a new cluster: the given ones and those of the account.
    pub fn merged_with(&self, mut given: Vec<String>) -> Vec<String> {
        for key in &self.keys {
            if !given.iter().any(|known| type_and_blob(known) == type_and_blob(&key.public_key)) {
                given.push(key.public_key.clone());
            }
        }
        given
    }

    /// Deletes a key. Returns whether it existed.
    pub fn remove(&mut self, id: &str) -> bool {
        let Some(position) = self.keys.iter().position(|key| key.id == id) else { return false };
        self.removed.push((self.keys.remove(position), clock::now()));
        true
    }

    pub fn has(&self, public_key: &str) -> bool {
        self.keys.iter().any(|key| type_and_blob(&key.public_key) == type_and_blob(public_key))
    }
}
