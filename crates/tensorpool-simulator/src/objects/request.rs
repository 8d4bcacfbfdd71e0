//! Asynchronous requests: what the API has accepted and does later.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::handler::Handler;
use crate::api::{ApiRequest, ApiResponse};
use crate::clock::{self, Moment};
use crate::options::{Options, RetryAfter};
use crate::simulator::Simulator;
use crate::state::request::{AsynchronousRequest, Request};
use crate::world::World;

/// A request to start.
pub(crate) struct NewRequest<'a> {
    pub request_type: &'a str,
    pub object_id: &'a str,
    pub cluster_id: Option<&'a str>,
    pub change: Value,
    pub duration: Duration,
}

impl<'a> NewRequest<'a> {
    pub fn new(request_type: &'a str, object_id: &'a str, duration: Duration) -> Self {
        Self { request_type, object_id, cluster_id: None, change: Value::Null, duration }
    }
}

impl Request {
    pub fn status(&self, now: Moment, options: &Options) -> String {
        let elapsed = now.saturating_sub(self.started_at);
        let status = if elapsed >= self.duration_ms {
            if self.failure.is_some() { "FAILED" } else { "COMPLETED" }
        } else if elapsed < self.duration_ms / 4 {
            options.variants.unknown_status.as_deref().unwrap_or("PENDING")
        } else if elapsed >= self.duration_ms / 2 && options.variants.retrying {
            "RETRYING"
        } else {
            "PROCESSING"
        };
        options.status(status)
    }

    fn message(&self, now: Moment) -> String {
        match &self.failure {
            Some(failure) if now >= self.ends_at() => failure.clone(),
            _ if now >= self.ends_at() => format!("{} of {} is complete", self.request_type, self.object_id),
            _ => format!("{} of {} is in progress", self.request_type, self.object_id),
        }
    }

    fn to_json(&self, options: &Options) -> Value {
        let now = clock::now();
        json!({
            "request_id": self.id,
            "request_type": self.request_type,
            "status": self.status(now, options),
            "created_at": clock::iso(self.started_at),
            "object_id": self.object_id,
            "external_message": self.message(now),
        })
    }
}

/// Returns requests of another object: of each type one that failed, one that completed and one that is running.
fn foreign(now: Moment) -> Vec<Request> {
    let types = ["CLUSTER_CLAIM", "CLUSTER_RELEASE", "CLUSTER_EDIT", "STORAGE_CREATE", "STORAGE_DESTROY"];
    let request = |request_type: &str, state: &str, duration_ms, failure: Option<&str>| Request {
        id: format!("req_foreign_{}_{state}", request_type.to_ascii_lowercase()),
        request_type: request_type.to_owned(),
        object_id: if request_type.starts_with("CLUSTER") { "c-foreign".to_owned() } else { "s-foreign".to_owned() },
        cluster_id: None,
        change: Value::Null,
        started_at: now.saturating_sub(1000),
        duration_ms,
        failure: failure.map(str::to_owned),
    };
    let states = |request_type| {
        [
            request(request_type, "failed", 1000, Some("This failed for another object")),
            request(request_type, "completed", 1000, None),
            request(request_type, "running", 3000, None),
        ]
    };
    types.into_iter().flat_map(states).collect()
}

impl World {
    /// Makes the request of a create fail if the options demand it.
    pub(super) fn fail_create_if_configured(&mut self, request: &str) {
        if let Some(message) = &self.options.variants.fail_creates {
            self.objects.request.fail(request, message);
        }
    }

    /// Starts a request, and returns its id.
    pub fn start_request(&mut self, new: NewRequest<'_>) -> String {
        let id = self.new_id(&self.options.variants.request_id_prefix.clone());
        let requests = &mut self.objects.request;
        let failure = requests.failures.iter().position(|(request_type, _)| request_type == new.request_type);
        let request = Request {
            id: id.clone(),
            request_type: new.request_type.to_owned(),
            object_id: new.object_id.to_owned(),
            cluster_id: new.cluster_id.map(str::to_owned),
            change: new.change,
            started_at: clock::now(),
            duration_ms: clock::millis(new.duration),
            failure: failure.map(|position| requests.failures.remove(position).1),
        };
        requests.add(request);
        id
    }

    /// Returns the requests of an object that match the query. That the filters have these names is a guess: they are known to
    /// exist, but are not documented.
    pub fn operations(&self, object_id: &str, query: &ApiRequest<'_>) -> Vec<Value> {
        let now = clock::now();
        let allows = |names: [&str; 2], value: &str| {
            let filter = names.iter().find_map(|name| query.parameter(name));
            filter.is_none_or(|filter| filter.eq_ignore_ascii_case(value))
        };
        let matches = |request: &Request| {
            allows(["request_type", "type"], &request.request_type)
                && allows(["status", "request_status"], &request.status(now, &self.options))
        };
        let mut requests: Vec<_> = self.objects.request.concerning(object_id).cloned().collect();
        requests.sort_by_key(|request| request.started_at);
        if self.options.variants.foreign_operations {
            requests.extend(foreign(now));
        }
        requests.iter().filter(|request| matches(request)).map(|request| request.to_json(&self.options)).collect()
    }
}

impl Simulator {
    /// Returns all asynchronous requests, also those that have ended.
    #[must_use]
    pub fn asynchronous_requests(&self) -> Vec<AsynchronousRequest> {
        let view = |request: &Request| AsynchronousRequest {
            id: request.id.clone(),
            request_type: request.request_type.clone(),
            object_id: request.object_id.clone(),
            ends_at: request.ends_at(),
        };
        self.with_world(|world| world.objects.request.requests.values().map(view).collect())
    }
}

/// The endpoint of requests.
pub(crate) struct Requests;

impl Handler for Requests {
    fn handle(&self, world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
        let ("GET", ["request", "info", id]) = request.route() else { return None };
        let Some(request) = world.objects.request.requests.get(*id) else {
            return Some(ApiResponse::error(404, "Request not found"));
        };
        let response = ApiResponse::json(200, &request.to_json(&world.options));
        if clock::now() >= request.ends_at() {
            return Some(response);
        }
        let value = match world.options.retry_after {
            RetryAfter::Seconds(seconds) => seconds.to_string(),
            RetryAfter::Date(ahead) => httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(ahead)),
            RetryAfter::Malformed => "soon".to_owned(),
            RetryAfter::Absent => return Some(response),
        };
        Some(response.with_header("retry-after", value))
    }

    fn handle_admin(&self, world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
        let ("POST", ["fail-next"]) = request.route() else { return None };
        let text = |name| request.text(name).unwrap_or_default();
        world.objects.request.fail_next(text("request_type"), text("message"));
        Some(ApiResponse::done())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::variants::Variants;

    /// A request that takes the time from 1000 to 1100.
    fn request(failure: Option<&str>) -> Request {
        Request {
            id: "r".to_owned(),
            request_type: "CLUSTER_CLAIM".to_owned(),
            object_id: "c".to_owned(),
            cluster_id: None,
            change: Value::Null,
            started_at: 1000,
            duration_ms: 100,
            failure: failure.map(str::to_owned),
        }
    }

    fn statuses(variants: Variants) -> Vec<String> {
        let options = Options { variants, ..Options::default() };
        [1024, 1025, 1050, 1100].map(|now| request(Some("no capacity")).status(now, &options)).to_vec()
    }

    #[test]
    fn the_status_depends_on_the_time() {
        assert_eq!(statuses(Variants::default()), ["PENDING", "PROCESSING", "PROCESSING", "FAILED"]);
        let odd = Variants {
            unknown_status: Some("QUEUED".to_owned()),
            retrying: true,
            lower_case_statuses: true,
            ..Variants::default()
        };
        assert_eq!(statuses(odd), ["queued", "processing", "retrying", "failed"]);
    }

    #[test]
    fn the_message_of_a_request_says_how_it_ended_when_it_has_ended() {
        for (failure, now, message) in [
            (None, 1099, "CLUSTER_CLAIM of c is in progress"),
            (None, 1100, "CLUSTER_CLAIM of c is complete"),
            (Some("no capacity"), 1099, "CLUSTER_CLAIM of c is in progress"),
            (Some("no capacity"), 1100, "no capacity"),
        ] {
            assert_eq!(request(failure).message(now), message, "{failure:?} {now}");
        }
    }
}
