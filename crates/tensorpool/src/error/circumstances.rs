//! What is known of a failure in addition to what failed.

use std::time::Duration;

/// What is known of a failure in addition to what failed: to where the request was sent, how often and for how long, and how the
/// response began.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Circumstances {
    /// The URL of the API, followed by where it was configured, if the configuration says so.
    pub endpoint: Option<String>,
    /// How often the request was sent again.
    pub retries: u32,
    /// How long the request took with its retries. If the user stopped the operation, how long that took; if the deadline passed,
    /// the limit.
    pub elapsed: Option<Duration>,
    /// Whether certainly no attempt reached the API.
    pub unsent: bool,
    /// The content type and the beginning of a response that is not JSON, without secrets.
    pub excerpt: Option<String>,
}
