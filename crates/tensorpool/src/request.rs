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
                    let least = Duration::from_secs(1);
                    // A second lies between two polls, also after a `Retry-After` of 0.
                    error.retry_after().map_or_else(|| least + backoff(failures.count(), 0.5), |wait| wait.max(least))
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
    use serde_json::json;
    use wiremock::matchers::path;
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;
    use crate::config::Config;
    use crate::secret::Secret;

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

    /// A client of an API that answers the polls of `r-1` with these, and then as the last.
    async fn answered(answers: &[(u16, Value)]) -> (MockServer, Client) {
        let api = MockServer::start().await;
        for (at, (status, body)) in answers.iter().enumerate() {
            let answer = ResponseTemplate::new(*status).insert_header("retry-after", "0").set_body_json(body);
            let mock = Mock::given(path("/request/info/r-1")).respond_with(answer);
            let mock = if at + 1 < answers.len() { mock.up_to_n_times(1) } else { mock };
            mock.mount(&api).await;
        }
        let config = Config::new(Secret::new("k"), &api.uri()).expect("it is on this machine").max_retries(0);
        (api, Client::new(config).expect("a client can be made"))
    }

    async fn wait(answers: &[(u16, Value)], seconds: u64) -> (Result<Request, Error>, usize, Duration) {
        let (api, client) = answered(answers).await;
        let (begin, scope) = (std::time::Instant::now(), Scope::detached(Duration::from_secs(seconds)));
        let waited = client.requests().wait("r-1", Some("c-1"), Tolerance::NONE, &scope).await;
        (waited, api.received_requests().await.expect("they are recorded").len(), begin.elapsed())
    }

    fn is(status: &str) -> (u16, Value) {
        let body = json!({"request_id": "r-1", "object_id": "c-1", "status": status, "external_message": "no room"});
        (200, body)
    }

    #[tokio::test]
    async fn a_request_that_failed_ends_the_wait_with_what_the_api_says() {
        let (waited, polls, _) = wait(&[is("FAILED")], 3).await;
        let error = waited.expect_err("it failed");
        assert_eq!((error.kind(), error.request_id(), polls), (ErrorKind::RequestFailed, Some("r-1"), 1));
        assert_eq!((error.message(), error.operation()), (Some("no room"), "GET /request/info/r-1"));
    }

    #[tokio::test]
    async fn a_request_that_goes_on_is_polled_until_it_is_completed() {
        let (waited, polls, time) = wait(&[is("PENDING"), is("SOMETHING_NEW"), is("COMPLETED")], 10).await;
        assert_eq!(waited.expect("it is completed").status, RequestStatus::Completed);
        assert_eq!(polls, 3);
        assert!(time >= Duration::from_secs(2), "{time:?}");
    }

    #[tokio::test]
    async fn the_end_of_the_scope_tells_the_last_status() {
        let (waited, _, _) = wait(&[is("RETRYING")], 1).await;
        let error = waited.expect_err("it never ends");
        assert_eq!((error.kind(), error.last_status()), (ErrorKind::Deadline, Some("RETRYING")));
        assert_eq!(error.request_id(), Some("r-1"));
    }

    #[tokio::test]
    async fn a_failure_that_passes_is_waited_out_and_another_one_ends_the_wait() {
        let (waited, polls, time) = wait(&[(200, json!({"message": "m"})), is("COMPLETED")], 10).await;
        assert!(waited.is_ok() && polls == 2, "{waited:?}");
        assert!(time >= Duration::from_millis(1_250), "{time:?}");
        let (waited, polls, _) = wait(&[is("PROCESSING"), (403, json!({}))], 4).await;
        let error = waited.expect_err("it is denied");
        assert_eq!((error.kind(), polls, error.last_status()), (ErrorKind::Forbidden, 2, Some("PROCESSING")));
    }

    #[tokio::test]
    async fn a_request_is_read_and_compared() {
        let (_api, client) = answered(&[is("PROCESSING")]).await;
        let scope = Scope::detached(Duration::from_secs(10));
        let request = client.requests().get("r-1", Some("c-1"), &scope).await.expect("it is there");
        assert_eq!((request.request_id.as_str(), request.status), ("r-1", RequestStatus::Processing));
        let error = client.requests().get("r-1", Some("c-2"), &scope).await.expect_err("it is another object's");
        assert_eq!((error.kind(), error.request_id()), (ErrorKind::WrongObject, Some("r-1")));
    }

    #[test]
    fn every_status_is_read_and_written_as_the_api_names_it() {
        for (text, status) in [
            ("PENDING", RequestStatus::Pending),
            ("PROCESSING", RequestStatus::Processing),
            ("COMPLETED", RequestStatus::Completed),
            ("FAILED", RequestStatus::Failed),
            ("RETRYING", RequestStatus::Retrying),
            ("Queued", RequestStatus::Other("Queued".to_owned())),
        ] {
            assert_eq!(RequestStatus::parse(text), status);
            assert_eq!(status.to_string(), text);
        }
    }

    #[test]
    fn an_answer_without_a_status_names_the_request() {
        let error = read("r-1", None, &json!({"message": "m"})).expect_err("there is no status");
        assert_eq!((error.kind(), error.request_id()), (ErrorKind::InvalidResponse, Some("r-1")));
        assert_eq!(error.message(), Some("the answer holds no status"));
    }
}
