//! What the simulator was asked.

use serde::Serialize;
use serde_json::Value;

/// One request, as it came. The `Authorization` header is not kept, only whether it was right.
#[derive(Clone, Debug, Serialize)]
pub struct LoggedRequest {
    /// The method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The query, as it was written.
    pub query: String,
    /// The body, if it was JSON.
    pub body: Option<Value>,
    /// Whether the right key came with it.
    pub authorized: bool,
    /// The `User-Agent` header.
    pub user_agent: String,
    /// The `X-Client-Type` header.
    pub client_type: String,
    /// The status of the answer; none when the connection was dropped.
    pub status: Option<u16>,
}

impl LoggedRequest {
    /// The request in a line, as `DELETE /cluster/c-1`.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The same without the key, wherever a client may have put it.
    pub(crate) fn without(mut self, key: &str) -> Self {
        if key.is_empty() {
            return self;
        }
        for text in [&mut self.path, &mut self.query, &mut self.user_agent, &mut self.client_type] {
            *text = text.replace(key, "(key)");
        }
        if let Some(body) = &mut self.body {
            hide(body, key);
        }
        self
    }
}

fn hide(value: &mut Value, key: &str) {
    match value {
        Value::String(text) => *text = text.replace(key, "(key)"),
        Value::Array(items) => items.iter_mut().for_each(|item| hide(item, key)),
        Value::Object(fields) => fields.values_mut().for_each(|field| hide(field, key)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_key_is_nowhere_in_the_log() {
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
