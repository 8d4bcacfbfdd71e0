//! The log of the requests to the API.

use serde::Serialize;
use serde_json::Value;

/// A logged request. The `Authorization` header is not logged, only whether the key was valid.
#[derive(Clone, Debug, Serialize)]
pub struct LoggedRequest {
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
}

impl LoggedRequest {
    /// Returns the method and the path, for example `DELETE /cluster/c-1`.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Removes a key from every part of the request.
    pub(crate) fn without(mut self, key: &str) -> Self {
        if key.is_empty() {
            return self;
        }
        for text in [&mut self.path, &mut self.query, &mut self.user_agent, &mut self.client_type] {
            *text = text.replace(key, "(key)");
        }
        if let Some(body) = &mut self.body {
            mask(body, key);
        }
        self
    }
}

fn mask(value: &mut Value, key: &str) {
    match value {
        Value::String(text) => *text = text.replace(key, "(key)"),
        Value::Array(items) => items.iter_mut().for_each(|item| mask(item, key)),
        Value::Object(fields) => fields.values_mut().for_each(|field| mask(field, key)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_part_of_a_logged_request_contains_the_key() {
        let planted = "tp-planted";
        let request = LoggedRequest {
            method: "POST".to_owned(),
            path: format!("/me/{planted}"),
            query: format!("key={planted}"),
            body: Some(json!({"key": planted, "deep": [{"er": format!("x{planted}")}]})),
            authorized: true,
            user_agent: planted.to_owned(),
            client_type: planted.to_owned(),
            status: None,
        };
        assert!(!json!(request.without(planted)).to_string().contains(planted));
    }
}
