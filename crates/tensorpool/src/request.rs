//! Asynchronous requests.
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
use crate::scope::Scope;
use crate::wait::{Failures, Tolerance, report};

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
    /// Whether it can be a request of this object: it says so, or does not say of which it is.
    #[must_use]
    pub fn may_concern(&self, object_id: &str) -> bool {
        self.object_id.as_deref().is_none_or(|id| id == object_id)
    }

    /// Reads a request, if there is a status in it.
    pub(crate) fn read(body: &Value) -> Option<Self> {
        let body = body::unwrap(body, &["request", "request_info"]);
        Some(Self {
            request_id: body::id(body, &["request_id", "id"]).unwrap_or_default(),
            request_type: body::text(body, &["request_type", "type"]),
            status: RequestStatus::parse(&body::text(body, &["status"])?),
            object_id: body::id(body, &["object_id"]),
            created_at: body::text(body, &["created_at"]),
            external_message: body::text(body, &["external_message", "message"]),
        })
    }
}

/// The calls on requests.
pub struct Requests<'a>(pub(crate) &'a Client);

impl Requests<'_> {
    fn call(id: &str) -> Call {
        Call::new(Method::GET, &["request", "info", id])
    }

    /// Reads a request. With the id of the object that it must concern, an answer about another one is an error.
    ///
    /// # Errors
    /// When the API cannot be asked, does not know the request, or answers about another one.
    pub async fn get(&self, id: &str, object_id: Option<&str>, scope: &Scope) -> Result<Request, Error> {
        let answer = self.0.send(Self::call(id), scope).await?;
        read(id, object_id, &answer.body).map_err(|error| self.0.clean(error))
    }

    /// Waits for the end of a request, at the pace that the API asks for. Transient failures are tolerated until the scope
    /// ends, and others as `tolerance` says.
    ///
    /// # Errors
    /// [`ErrorKind::RequestFailed`] when the request ends as FAILED, [`ErrorKind::NotFound`] when the API does not know
    /// it, [`ErrorKind::WrongObject`] when the answer is about another one, and whatever else prevents the wait.
    pub async fn wait(
        &self,
        id: &str,
        object_id: Option<&str>,
        tolerance: Tolerance,
        scope: &Scope,
    ) -> Result<Request, Error> {
        let begin = Instant::now();
        let mut last_status: Option<String> = None;
        let mut failures = Failures::new(tolerance);
        loop {
            let polled = self.0.send_once(Self::call(id), scope).await;
            let read = |answer: Answer| Ok((read(id, object_id, &answer.body)?, answer.retry_after));
            let interval = match polled.and_then(read).map_err(|error| self.0.clean(error)) {
                Ok((request, retry_after)) => {
                    failures.reset();
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
                Err(error) if failures.tolerates(error.kind()) => {
                    error.retry_after().unwrap_or_else(|| Duration::from_secs(1) + backoff(failures.count(), 0.5))
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

/// Reads an answer about a request, and compares it with the question.
fn read(id: &str, object_id: Option<&str>, body: &Value) -> Result<Request, Error> {
    let request = Request::read(body).ok_or_else(|| unreadable(id))?;
    let is_other_request = !request.request_id.is_empty() && request.request_id != id;
    if is_other_request || object_id.is_some_and(|object_id| !request.may_concern(object_id)) {
        let about = request.object_id.unwrap_or(request.request_id);
        return Err(Error::new(ErrorKind::WrongObject, Requests::call(id).name())
            .with_request_id(id)
            .with_message(Some(format!("the answer is about another request or object ({about})"))));
    }
    Ok(request)
}

fn unreadable(id: &str) -> Error {
    Error::new(ErrorKind::InvalidResponse, Requests::call(id).name())
        .with_request_id(id)
        .with_message(Some("the answer holds no status".to_owned()))
}

impl Client {
    /// The calls on asynchronous requests.
    #[must_use]
    pub fn requests(&self) -> Requests<'_> {
        Requests(self)
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

    #[test]
    fn an_answer_is_compared_with_the_question() {
        let about = |request: &str, object: Option<&str>| {
            read(
                "r-1",
                Some("c-1"),
                &serde_json::json!({"request_id": request, "status": "FAILED", "object_id": object}),
            )
            .map_err(|error| error.kind())
            .map(|request| request.status)
        };
        assert_eq!(about("r-1", Some("c-1")), Ok(RequestStatus::Failed));
        assert_eq!(about("", None), Ok(RequestStatus::Failed), "it does not say of which it is");
        assert_eq!(about("r-1", Some("c-2")), Err(ErrorKind::WrongObject));
        assert_eq!(about("r-2", Some("c-1")), Err(ErrorKind::WrongObject));
    }
}
