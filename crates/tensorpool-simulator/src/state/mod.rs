//! What exists in the simulated cloud: a file for each type of objects that has a state, with what is stored of it and what an
//! ended request changes in it. It knows neither the options nor HTTP, and is what the data file holds.

use serde::{Deserialize, Serialize};

use crate::clock::Moment;

pub(crate) mod cluster;
pub(crate) mod job;
pub(crate) mod lifetime;
pub(crate) mod object_storage;
pub(crate) mod owner;
pub(crate) mod provisioned;
pub(crate) mod request;
pub(crate) mod ssh_key;
pub(crate) mod storage;
pub(crate) mod user;

/// The objects of an account.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Objects {
    pub cluster: cluster::State,
    pub job: job::State,
    pub object_storage: object_storage::State,
    pub request: request::State,
    pub ssh_key: ssh_key::State,
    pub storage: storage::State,
    pub user: user::State,
}

impl Objects {
    /// Applies the effects of all requests that have ended, in the order in which they ended.
    pub fn settle(&mut self, now: Moment) {
        while let Some(request) = self.request.pop_ended(now) {
            self.cluster.apply(&request);
            self.storage.apply(&request);
        }
    }

    /// Deletes a cluster, and detaches its volumes. Whether the real API detaches them is not known.
    pub fn delete_cluster(&mut self, id: &str, at: Moment) {
        self.cluster.clusters.delete(id, at);
        self.storage.detach_all_from(id);
    }
}
