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
}
