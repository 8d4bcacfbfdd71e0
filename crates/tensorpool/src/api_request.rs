//! One HTTP request to the API and the successful response to it, as the rest of the crate sees them.

use http::Method;
use serde_json::Value;

use crate::redact::printable;
use crate::retry::Idempotency;

/// A request to the API, without what every request has in common: the endpoint and the headers.
pub(crate) struct ApiRequest {
    pub method: Method,
    /// The segments of the path. Each is percent-encoded, so an id that contains a slash cannot address another resource.
    pub path: Vec<String>,
    pub query: Vec<(&'static str, String)>,
    pub body: Option<Value>,
    pub idempotency: Idempotency,
}

impl ApiRequest {
    pub fn new(method: Method, path: &[&str]) -> Self {
        let path = path.iter().map(|segment| (*segment).to_owned()).collect();
        Self { method, path, query: Vec::new(), body: None, idempotency: Idempotency::Idempotent }
    }

    pub fn get(path: &[&str]) -> Self {
        Self::new(Method::GET, path)
    }

    pub fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    pub fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// Marks a request that has another effect each time the API accepts it, for example a create.
    pub fn not_idempotent(mut self) -> Self {
        self.idempotency = Idempotency::NotIdempotent;
        self
    }

    /// The method and the path, for errors and the log.
    pub fn operation(&self) -> String {
        printable(&format!("{} /{}", self.method, self.path.join("/"))).into_owned()
    }

    /// Whether the request or its response contains credentials.
    pub fn is_about_credentials(&self) -> bool {
        self.path.first().is_some_and(|first| first == "object-storage")
            && self.path.get(1).is_none_or(|second| second != "bucket")
    }

    /// Whether a path segment is empty, or would be resolved against the rest of the path.
    pub fn has_empty_segment(&self) -> bool {
        self.path.iter().any(|segment| matches!(segment.trim(), "" | "." | ".."))
    }
}

/// A response with a 2xx status whose body could be decoded.
#[derive(Debug)]
pub(crate) struct ApiResponse {
    pub body: Value,
    /// The `Retry-After` header.
    pub retry_after: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_the_method_and_the_path() {
        assert_eq!(ApiRequest::get(&["cluster", "info", "c-1"]).operation(), "GET /cluster/info/c-1");
    }

    #[test]
    fn what_concerns_object_storage_itself_is_about_credentials() {
        for path in [["object-storage", "credentials"], ["object-storage", "rotate-keys"], ["object-storage", "enable"]]
        {
            assert!(ApiRequest::get(&path).is_about_credentials(), "{path:?}");
        }
        for path in [["object-storage", "bucket"], ["cluster", "list"]] {
            assert!(!ApiRequest::get(&path).is_about_credentials(), "{path:?}");
        }
    }

    #[test]
    fn a_segment_that_addresses_something_else_counts_as_empty() {
        for id in ["", " ", ".", ".."] {
            assert!(ApiRequest::get(&["cluster", "info", id]).has_empty_segment(), "{id:?}");
        }
        assert!(!ApiRequest::get(&["cluster", "info", "a/b"]).has_empty_segment());
    }
}
