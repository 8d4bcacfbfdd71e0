//! The log of the requests to the API.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

/// A logged request. The `Authorization` header is not logged, only whether the key was valid.
#[derive(Clone, Debug, Serialize)]
pub struct LoggedRequest {
    /// When it was received, in milliseconds since 1970.
    pub received_at: u64,
    /// The method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The query string.
    pub query: String,
    /// The body, if it was JSON.
    pub body: Option<Value>,
    /// Whether the request had the key of an account.
    pub authorized: bool,
    /// The `User-Agent` header.
    pub user_agent: String,
    /// The `X-Client-Type` header.
    pub client_type: String,
    /// The status of the response. `None` if the connection was closed without one.
    pub status: Option<u16>,
    /// How long the response took, in milliseconds. `None` if there is none, or not yet.
    pub took_ms: Option<u64>,
}

impl LoggedRequest {
    /// Returns the method and the path, for example `DELETE /cluster/c-1`.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Returns the method, and the path without what names an object, for example `DELETE /cluster/{id}`.
    #[must_use]
    pub fn kind(&self) -> String {
        let steps = self.path.split('/').map(|step| if is_id(step) { "{id}" } else { step });
        format!("{} {}", self.method, steps.collect::<Vec<_>>().join("/"))
    }

    /// Returns how many requests there are of each kind.
    #[must_use]
    pub fn count_by_kind(requests: &[Self]) -> BTreeMap<String, usize> {
        let mut kinds = BTreeMap::new();
        for request in requests {
            *kinds.entry(request.kind()).or_default() += 1;
        }
        kinds
    }

    /// Removes a key from every part of the request.
    pub(crate) fn without(mut self, key: &str) -> Self {
        for text in [&mut self.path, &mut self.query, &mut self.user_agent, &mut self.client_type] {
            *text = without_key(text, key);
        }
        if let Some(body) = &mut self.body {
            mask(body, key);
        }
        self
    }
}

/// Removes a key from a text.
pub(crate) fn without_key(text: &str, key: &str) -> String {
    if key.is_empty() { text.to_owned() } else { text.replace(key, "(key)") }
}

fn mask(value: &mut Value, key: &str) {
    match value {
        Value::String(text) => *text = without_key(text, key),
        Value::Array(items) => items.iter_mut().for_each(|item| mask(item, key)),
        Value::Object(fields) => fields.values_mut().for_each(|field| mask(field, key)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Whether a step of a path names one object, rather than being a word of the API: only one of these has more than letters.
fn is_id(step: &str) -> bool {
    step != "object-storage" && step.contains(|one: char| !one.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn asked(method: &str, path: &str) -> LoggedRequest {
        LoggedRequest {
            received_at: 0,
            method: method.to_owned(),
            path: path.to_owned(),
            query: String::new(),
            body: None,
            authorized: true,
            user_agent: String::new(),
            client_type: String::new(),
            status: Some(200),
            took_ms: None,
        }
    }

    #[test]
    fn requests_are_counted_without_what_names_an_object() {
        let requests = [
            asked("GET", "/cluster/info/c-1"),
            asked("GET", "/cluster/info/n_two"),
            asked("DELETE", "/cluster/c-abc"),
            asked("GET", "/object-storage/bucket/list"),
        ];
        let expected =
            [("DELETE /cluster/{id}", 1), ("GET /cluster/info/{id}", 2), ("GET /object-storage/bucket/list", 1)];
        let expected = expected.map(|(kind, count)| (kind.to_owned(), count));
        assert_eq!(LoggedRequest::count_by_kind(&requests), BTreeMap::from(expected));
    }

    #[test]
    fn no_part_of_a_logged_request_contains_the_key() {
        let planted = "tp-planted";
        let request = LoggedRequest {
            received_at: 0,
            method: "POST".to_owned(),
            path: format!("/me/{planted}"),
            query: format!("key={planted}"),
            body: Some(json!({"key": planted, "deep": [{"er": format!("x{planted}")}]})),
            authorized: true,
            user_agent: planted.to_owned(),
            client_type: planted.to_owned(),
            status: None,
            took_ms: None,
        };
        assert!(!json!(request.without(planted)).to_string().contains(planted));
    }
}
