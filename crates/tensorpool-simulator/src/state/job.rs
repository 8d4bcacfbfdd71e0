//! What is stored of jobs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;

/// A job to create.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NewJob {
    /// The name.
    pub name: String,
    /// The status, for example `running`.
    pub status: String,
    /// The id of the cluster that it runs on.
    pub cluster_id: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Job {
    #[serde(flatten)]
    pub new: NewJob,
    /// When the cancellation ends, if one was requested.
    pub canceled_at: Option<Moment>,
}

impl Job {
    pub fn status(&self, now: Moment) -> &str {
        match self.canceled_at {
            Some(at) if now >= at => "canceled",
            Some(_) => "canceling",
            None => &self.new.status,
        }
    }

    pub fn is_terminal(&self, now: Moment) -> bool {
        ["completed", "error", "failed", "canceled"].contains(&self.status(now))
    }
}

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct State {
    pub jobs: BTreeMap<String, Job>,
}
