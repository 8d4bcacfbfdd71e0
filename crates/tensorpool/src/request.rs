//! Asynchronous requests, and the only place that waits for something.
//!
//! The API answers a create or a destroy with a request id; `GET /request/info/{request_id}` tells how far it is.

use std::fmt;
use std::time::{Duration, SystemTime};

use http::Method;
use serde_json::Value;
use tokio::time::Instant;

use crate::body;
use crate::client::{Answer, Call, Client};
use crate::error::{Error, ErrorKind};
use crate::retry::{backoff, poll_interval};
use crate::scope::{Scope, Task};

/// How far a request is. The names are those of the API; it may add others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestStatus {
    /// Accepted, not begun.
    Pending,
    /// Begun.
    Processing,
    /// Done.
    Completed,
    /// Given up.
    Failed,
    /// Begun again after a passing failure.
    Retrying,
    /// One that is not documented: the request goes on.
    Other(String),
}

impl RequestStatus {
    /// Reads a status, in upper or lower case.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text.to_ascii_uppercase().as_str() {
            "PENDING" => Self::Pending,
            "PROCESSING" => Self::Processing,
            "COMPLETED" => Self::Completed,
            "FAILED" => Self::Failed,
            "RETRYING" => Self::Retrying,
            _ => Self::Other(text.to_owned()),
        }
    }

    /// Whether the request has ended.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        matches!(self, Self::Completed | Self::Failed)
    }
}

impl fmt::Display for RequestStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pending => "PENDING",
            Self::Processing => "PROCESSING",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
            Self::Retrying => "RETRYING",
            Self::Other(text) => text,
        })
    }
}

/// An asynchronous request.
#[derive(Clone, Debug)]
pub struct Request {
    /// Its id.
    pub request_id: String,
    /// What it does, as `CLUSTER_RELEASE`.
    pub request_type: Option<String>,
    /// How far it is.
    pub status: RequestStatus,
    /// The object that it concerns.
    pub object_id: Option<String>,
    /// When it was accepted, in ISO 8601.
    pub created_at: Option<String>,
    /// What the API says to the user.
    pub external_message: Option<String>,
}

impl Request {
    /// Reads a request, if there is a status in it.
    pub(crate) fn read(body: &Value) -> Option<Self> {
        let body = body::unwrap(body, &["request", "request_info"]);
        Some(Self {
            request_id: body::text(body, &["request_id", "id"]).unwrap_or_default(),
            request_type: body::text(body, &["request_type", "type"]),
            status: RequestStatus::parse(&body::text(body, &["status"])?),
            object_id: body::text(body, &["object_id"]),
            created_at: body::text(body, &["created_at"]),
            external_message: body::text(body, &["external_message", "message"]),
        })
    }
}

/// What a look at something that is waited for shows.
#[derive(Debug)]
pub enum Progress<T> {
    /// It is as it should be.
    Done(T),
    /// Not yet; what it looks like now.
    Pending(String),
}

/// The calls on requests.
pub struct Requests<'a>(pub(crate) &'a Client);

impl Requests<'_> {
    fn call(id: &str) -> Call {
        Call::new(Method::GET, &["request", "info", id])
    }

    /// Looks at a request.
    ///
    /// # Errors
    /// When the API cannot be asked or does not know the request.
    pub async fn get(&self, id: &str, scope: &Scope) -> Result<Request, Error> {
        let answer = self.0.send(Self::call(id), scope).await?;
        Request::read(&answer.body).ok_or_else(|| unreadable(id))
    }

    /// Waits for the end of a request, at the pace that the API asks for. Failures that may pass are borne until the
    /// scope ends.
    ///
    /// # Errors
    /// [`ErrorKind::RequestFailed`] when the request ends as FAILED, [`ErrorKind::NotFound`] when the API does not know
    /// it, and whatever else prevents the wait.
    pub async fn wait(&self, id: &str, scope: &Scope) -> Result<Request, Error> {
        let begin = Instant::now();
        let mut last_status: Option<String> = None;
        let mut failures = 0;
        loop {
            let polled = self.0.send_once(Self::call(id), scope).await;
            let read = |answer: Answer| {
                let request = Request::read(&answer.body).ok_or_else(|| unreadable(id))?;
                Ok((request, answer.retry_after))
            };
            let interval = match polled.and_then(read) {
                Ok((request, retry_after)) => {
                    failures = 0;
                    let status = request.status.to_string();
                    if last_status.as_ref() != Some(&status) {
                        let kind = request.request_type.as_deref().unwrap_or("request");
                        report(scope, Some(id), begin, &format!("{kind} is {status}"));
                        last_status = Some(status);
                    }
                    match request.status {
                        RequestStatus::Completed => return Ok(request),
                        RequestStatus::Failed => {
                            return Err(Error::new(ErrorKind::RequestFailed, Self::call(id).name())
                                .with_request_id(id)
                                .with_message(request.external_message));
                        }
                        _ => poll_interval(retry_after.as_deref(), SystemTime::now()),
                    }
                }
                Err(error) if error.kind().may_pass() => {
                    failures += 1;
                    error.retry_after().unwrap_or_else(|| Duration::from_secs(1) + backoff(failures, 0.5))
                }
                Err(error) => return Err(error.with_request_id(id).with_last_status(last_status)),
            };
            if let Err(why) = scope.sleep(interval).await {
                let error = Error::interrupted(why, Self::call(id).name());
                return Err(error.with_request_id(id).with_last_status(last_status));
            }
        }
    }
}

/// One line for the user who looks at the log: what is waited for, since when, and what is new.
fn report(scope: &Scope, request_id: Option<&str>, begin: Instant, news: &str) {
    let (Task { operation, object_id, name }, elapsed_s) = (scope.task(), begin.elapsed().as_secs());
    tracing::info!(operation, name, object_id, request_id, elapsed_s, "{news}");
}

fn unreadable(id: &str) -> Error {
    Error::new(ErrorKind::InvalidResponse, Requests::call(id).name())
        .with_request_id(id)
        .with_message(Some("the answer holds no status".to_owned()))
}

const FIRST_LOOK: Duration = Duration::from_secs(1);
const SLOWEST_LOOK: Duration = Duration::from_secs(10);

impl Client {
    /// The calls on asynchronous requests.
    #[must_use]
    pub fn requests(&self) -> Requests<'_> {
        Requests(self)
    }

    /// Looks at something again and again until it is as it should be. `what` names the wait in errors and in the log.
    /// Failures of a look that may pass are borne until the scope ends.
    ///
    /// # Errors
    /// What a look fails with, or the end of the scope with the last thing seen.
    pub async fn wait_until<T, F>(&self, what: &str, scope: &Scope, mut look: impl FnMut() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<Progress<T>, Error>>,
    {
        let begin = Instant::now();
        let mut last_status = None;
        let mut interval = FIRST_LOOK;
        loop {
            match look().await {
                Ok(Progress::Done(result)) => return Ok(result),
                Ok(Progress::Pending(status)) => {
                    if last_status.as_ref() != Some(&status) {
                        report(scope, None, begin, &format!("{what}: {status}"));
                        last_status = Some(status);
                    }
                }
                Err(error) if error.kind().may_pass() => {}
                Err(error) => return Err(error.with_last_status(last_status)),
            }
            if let Err(why) = scope.sleep(interval).await {
                return Err(Error::interrupted(why, what).with_last_status(last_status));
            }
            interval = (interval * 2).min(SLOWEST_LOOK);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_read_in_any_case_and_unknown_ones_go_on() {
        assert_eq!(RequestStatus::parse("completed"), RequestStatus::Completed);
        assert!(RequestStatus::parse("Failed").is_terminal());
        for going_on in ["PENDING", "processing", "RETRYING", "QUEUED_FOR_LATER"] {
            assert!(!RequestStatus::parse(going_on).is_terminal());
        }
    }
}
