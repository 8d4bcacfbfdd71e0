//! What is stored of asynchronous requests: what the API has accepted and does later.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::Moment;

/// An asynchronous request.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[expect(clippy::struct_field_names, reason = "`request_type` is its name in the API")]
pub(crate) struct Request {
    pub id: String,
    /// For example `CLUSTER_CLAIM`.
    #[serde(alias = "kind")]
    pub request_type: String,
    pub object_id: String,
    /// The cluster whose nodes the request restarts.
    pub cluster_id: Option<String>,
    /// The changes of an edit.
    pub change: Value,
    #[serde(alias = "began")]
    pub started_at: Moment,
    #[serde(alias = "takes")]
    pub duration_ms: u64,
    /// The message with which the request ends as FAILED.
    pub failure: Option<String>,
}

/// An asynchronous request as it really is, whatever polls return.
#[derive(Clone, Debug, PartialEq)]
pub struct AsynchronousRequest {
    /// The id.
    pub id: String,
    /// For example `CLUSTER_CLAIM`.
    pub request_type: String,
    /// The id of the object that it changes.
    pub object_id: String,
    /// When it ends, in milliseconds since 1970.
    pub ends_at: u64,
}

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct State {
    pub requests: BTreeMap<String, Request>,
    /// The requests that have not taken effect yet, by the time at which they end.
    running: BTreeSet<(Moment, String)>,
    /// The ids of the requests of each object. A list of many objects needs the running requests of each of them.
    by_object: BTreeMap<String, Vec<String>>,
    /// The types of requests that are to fail, with their messages.
    pub failures: Vec<(String, String)>,
}

impl Request {
    /// Returns when the request ends and takes effect.
    pub fn ends_at(&self) -> Moment {
        self.started_at.saturating_add(self.duration_ms)
    }
}

impl State {
    /// Removes and returns the request that ended first, so that effects are applied in the order of the ends.
    pub fn pop_ended(&mut self, now: Moment) -> Option<Request> {
        self.running.first().filter(|(ends_at, _)| *ends_at <= now)?;
        let (_, id) = self.running.pop_first()?;
        self.requests.get(&id).cloned()
    }

    /// Returns the requests of an object.
    pub fn concerning(&self, object_id: &str) -> impl Iterator<Item = &Request> {
        let ids = self.by_object.get(object_id).map(Vec::as_slice).unwrap_or_default();
        ids.iter().filter_map(|id| self.requests.get(id))
    }

    /// Returns the running requests of an object.
    pub fn running(&self, object_id: &str) -> impl Iterator<Item = &Request> {
        self.concerning(object_id).filter(|request| self.running.contains(&(request.ends_at(), request.id.clone())))
    }

    /// Returns all running requests, in the order in which they end.
    pub fn all_running(&self) -> impl Iterator<Item = &Request> {
        self.running.iter().filter_map(|(_, id)| self.requests.get(id))
    }

    /// Whether there ever was a request of a type for an object.
    pub fn has_any(&self, object_id: &str, request_type: &str) -> bool {
        self.concerning(object_id).any(|request| request.request_type == request_type)
    }

    /// Makes a started request end as FAILED.
    pub fn fail(&mut self, id: &str, message: &str) {
        if let Some(request) = self.requests.get_mut(id) {
            request.failure = Some(message.to_owned());
        }
    }

    pub fn add(&mut self, request: Request) {
        for object in [Some(&request.object_id), request.cluster_id.as_ref()].into_iter().flatten() {
            self.by_object.entry(object.clone()).or_default().push(request.id.clone());
        }
        self.running.insert((request.ends_at(), request.id.clone()));
        self.requests.insert(request.id.clone(), request);
    }

    /// Makes the next request of a type end as FAILED.
    pub fn fail_next(&mut self, request_type: &str, message: &str) {
        self.failures.push((request_type.to_owned(), message.to_owned()));
    }
}
