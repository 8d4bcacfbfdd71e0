//! Asynchronous requests: what was accepted and is done later.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Kind;
use crate::clock::{self, Moment};
use crate::options::{Options, RetryAfter};
use crate::reply::{Call, Reply};
use crate::world::World;

/// A request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    pub id: String,
    /// As `CLUSTER_CLAIM`.
    pub kind: String,
    pub object_id: String,
    /// The cluster whose nodes it restarts.
    pub cluster_id: Option<String>,
    /// What an edit changes.
    pub change: Value,
    began: Moment,
    takes: u64,
    /// It ends as FAILED with this message.
    pub failure: Option<String>,
}

/// What begins.
pub(crate) struct Begin<'a> {
    pub kind: &'a str,
    pub object_id: &'a str,
    pub cluster_id: Option<&'a str>,
    pub change: Value,
    pub takes: Duration,
}

impl<'a> Begin<'a> {
    pub fn new(kind: &'a str, object_id: &'a str, takes: Duration) -> Self {
        Self { kind, object_id, cluster_id: None, change: Value::Null, takes }
    }
}

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct State {
    requests: BTreeMap<String, Request>,
    /// Those that have not taken effect yet, by when they end.
    running: BTreeSet<(Moment, String)>,
    /// The ids of all that concern an object: a list of many objects asks for each what runs.
    by_object: BTreeMap<String, Vec<String>>,
    /// By the type of request: the messages with which the next ones fail.
    failures: Vec<(String, String)>,
}

impl Request {
    /// When it comes to its end, which is also when it takes effect.
    pub fn ends(&self) -> Moment {
        self.began.saturating_add(self.takes)
    }

    fn status(&self, now: Moment, options: &Options) -> String {
        let elapsed = now.saturating_sub(self.began);
        let status = if elapsed >= self.takes {
            if self.failure.is_some() { "FAILED" } else { "COMPLETED" }
        } else if elapsed < self.takes / 4 {
            options.variants.unknown_status.as_deref().unwrap_or("PENDING")
        } else if elapsed >= self.takes / 2 && options.variants.retrying {
            "RETRYING"
        } else {
            "PROCESSING"
        };
        options.status(status)
    }

    fn message(&self, now: Moment) -> String {
        match &self.failure {
            Some(failure) if now >= self.ends() => failure.clone(),
            _ if now >= self.ends() => format!("{} of {} is complete", self.kind, self.object_id),
            _ => format!("{} of {} is under way", self.kind, self.object_id),
        }
    }

    fn shown(&self, options: &Options) -> Value {
        let now = clock::now();
        json!({
            "request_id": self.id,
            "request_type": self.kind,
            "status": self.status(now, options),
            "created_at": clock::iso(self.began),
            "object_id": self.object_id,
            "external_message": self.message(now),
        })
    }
}

impl State {
    /// Takes the request that came to its end first, so that effects have the order of their ends.
    pub fn take_ended(&mut self, now: Moment) -> Option<Request> {
        self.running.first().filter(|(ends, _)| *ends <= now)?;
        let (_, id) = self.running.pop_first()?;
        self.requests.get(&id).cloned()
    }

    /// The requests that concern an object.
    fn concerning(&self, object_id: &str) -> impl Iterator<Item = &Request> {
        let ids = self.by_object.get(object_id).map(Vec::as_slice).unwrap_or_default();
        ids.iter().filter_map(|id| self.requests.get(id))
    }

    /// Those of them that have not come to their end.
    pub fn running(&self, object_id: &str) -> impl Iterator<Item = &Request> {
        self.concerning(object_id).filter(|request| self.running.contains(&(request.ends(), request.id.clone())))
    }

    /// Whether there ever was a request of a type about an object.
    pub fn has_any(&self, object_id: &str, kind: &str) -> bool {
        self.concerning(object_id).any(|request| request.kind == kind)
    }

    /// Lets a request that has begun end as FAILED.
    pub fn fail(&mut self, id: &str, message: &str) {
        if let Some(request) = self.requests.get_mut(id) {
            request.failure = Some(message.to_owned());
        }
    }

    fn add(&mut self, request: Request) {
        for object in [Some(&request.object_id), request.cluster_id.as_ref()].into_iter().flatten() {
            self.by_object.entry(object.clone()).or_default().push(request.id.clone());
        }
        self.running.insert((request.ends(), request.id.clone()));
        self.requests.insert(request.id.clone(), request);
    }

    pub fn fail_next(&mut self, kind: &str, message: &str) {
        self.failures.push((kind.to_owned(), message.to_owned()));
    }
}

/// Requests about an object that nobody asked for: of each type one that failed, one that is complete and one that runs.
fn foreign(now: Moment) -> Vec<Request> {
    let kinds = ["CLUSTER_CLAIM", "CLUSTER_RELEASE", "CLUSTER_EDIT", "STORAGE_CREATE", "STORAGE_DESTROY"];
    let request = |kind: &str, state: &str, began: Moment, takes, failure: Option<&str>| Request {
        id: format!("req_foreign_{}_{state}", kind.to_ascii_lowercase()),
        kind: kind.to_owned(),
        object_id: if kind.starts_with("CLUSTER") { "c-foreign".to_owned() } else { "s-foreign".to_owned() },
        cluster_id: None,
        change: Value::Null,
        began,
        takes,
        failure: failure.map(str::to_owned),
    };
    let states = |kind| {
        [
            request(kind, "failed", now.saturating_sub(1000), 1000, Some("This failed for another object")),
            request(kind, "completed", now.saturating_sub(1000), 1000, None),
            request(kind, "running", now.saturating_sub(1000), 3000, None),
        ]
    };
    kinds.into_iter().flat_map(states).collect()
}

impl World {
    /// Lets the request of a create fail if all of them shall.
    pub(super) fn fail_if_creates_do(&mut self, request: &str) {
        if let Some(message) = &self.options.variants.fail_creates {
            self.objects.request.fail(request, message);
        }
    }

    /// Begins a request and gives its id.
    pub fn begin(&mut self, begin: Begin<'_>) -> String {
        let id = self.id(&self.options.variants.request_id_prefix.clone());
        let requests = &mut self.objects.request;
        let failure = requests.failures.iter().position(|(wanted, _)| wanted == begin.kind);
        let request = Request {
            id: id.clone(),
            kind: begin.kind.to_owned(),
            object_id: begin.object_id.to_owned(),
            cluster_id: begin.cluster_id.map(str::to_owned),
            change: begin.change,
            began: clock::now(),
            takes: clock::millis(begin.takes),
            failure: failure.map(|position| requests.failures.remove(position).1),
        };
        requests.add(request);
        id
    }

    /// The requests that concern an object. The filters' names are a guess: they are known to exist, but not documented.
    pub fn operations(&self, object_id: &str, call: &Call<'_>) -> Vec<Value> {
        let wanted = |names: [&str; 2], value: &str| {
            let wanted = names.iter().find_map(|name| call.parameter(name));
            wanted.is_none_or(|wanted| wanted.eq_ignore_ascii_case(value))
        };
        let mut all: Vec<_> = self
            .objects
            .request
            .concerning(object_id)
            .filter(|request| wanted(["request_type", "type"], &request.kind))
            .filter(|request| wanted(["status", "request_status"], &request.status(clock::now(), &self.options)))
            .collect();
        all.sort_by_key(|request| request.began);
        let own = all.iter().map(|request| request.shown(&self.options));
        if !self.options.variants.foreign_operations {
            return own.collect();
        }
        let foreign = foreign(clock::now());
        let foreign = foreign
            .iter()
            .filter(|request| wanted(["request_type", "type"], &request.kind))
            .filter(|request| wanted(["status", "request_status"], &request.status(clock::now(), &self.options)));
        own.chain(foreign.map(|request| request.shown(&self.options))).collect()
    }
}

impl Kind for State {
    fn answer(world: &mut World, call: &Call<'_>) -> Option<Reply> {
        let ("GET", ["request", "info", id]) = call.route() else { return None };
        let Some(request) = world.objects.request.requests.get(*id) else {
            return Some(Reply::refuse(404, "Request not found"));
        };
        let reply = Reply::json(200, &request.shown(&world.options));
        if clock::now() >= request.ends() {
            return Some(reply);
        }
        let value = match world.options.retry_after {
            RetryAfter::Seconds(seconds) => seconds.to_string(),
            RetryAfter::Date(ahead) => httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(ahead)),
            RetryAfter::Malformed => "soon".to_owned(),
            RetryAfter::Absent => return Some(reply),
        };
        Some(reply.with_header("retry-after", value))
    }

    fn order(world: &mut World, call: &Call<'_>) -> Option<Reply> {
        let ("POST", ["fail-next"]) = call.route() else { return None };
        let text = |name| call.text(name).unwrap_or_default();
        world.objects.request.fail_next(text("request_type"), text("message"));
        Some(Reply::json(200, &json!({})))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Variants;

    fn statuses(variants: Variants) -> Vec<String> {
        let options = Options { variants, ..Options::default() };
        let request = Request {
            id: "r".to_owned(),
            kind: "CLUSTER_CLAIM".to_owned(),
            object_id: "c".to_owned(),
            cluster_id: None,
            change: Value::Null,
            began: 1000,
            takes: 100,
            failure: Some("no capacity".to_owned()),
        };
        [1000, 1030, 1060, 1100].map(|now| request.status(now, &options)).to_vec()
    }

    #[test]
    fn the_status_follows_from_the_time() {
        assert_eq!(statuses(Variants::default()), ["PENDING", "PROCESSING", "PROCESSING", "FAILED"]);
        let odd = Variants {
            unknown_status: Some("QUEUED".to_owned()),
            retrying: true,
            lower_case_statuses: true,
            ..Variants::default()
        };
        assert_eq!(statuses(odd), ["queued", "processing", "retrying", "failed"]);
    }
}
