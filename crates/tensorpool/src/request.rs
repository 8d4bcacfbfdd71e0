//! Asynchronous requests. The API accepts a create or a destroy with a request id, and `GET /request/info/{request_id}`
//! returns the status of the request.

use std::fmt;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::api::Api;
use crate::api_request::{ApiRequest, ApiResponse};
use crate::error::{Error, ErrorKind};
use crate::lenient;
use crate::retry::{MIN_POLL, backoff, poll_interval};
use crate::tolerance::Tolerance;
use crate::wait::Watch;

/// The status of a request, as the API names it. The API may add others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestStatus {
    /// Accepted and not started.
    Pending,
    /// In progress.
    Processing,
    /// Completed successfully.
    Completed,
    /// Failed permanently.
    Failed,
    /// In progress again after a transient failure.
    Retrying,
    /// An undocumented status. The request counts as not ended.
    Other(String),
}

impl RequestStatus {
    /// Parses a status, in upper or lower case.
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
    /// The id.
    pub request_id: String,
    /// The type, for example `CLUSTER_RELEASE`.
    pub request_type: Option<String>,
    /// The status.
    pub status: RequestStatus,
    /// The id of the object that the request concerns.
    pub object_id: Option<String>,
    /// When the request was accepted, in ISO 8601.
    pub created_at: Option<String>,
    /// The message for the user.
    pub external_message: Option<String>,
}

impl Request {
    /// Whether the request may concern this object: it has the object's id or none.
    #[must_use]
    pub fn may_concern(&self, object_id: &str) -> bool {
        self.object_id.as_deref().is_none_or(|id| id == object_id)
    }

    /// Reads a request. `None` if there is no status.
    pub(crate) fn read(body: &Value) -> Option<Self> {
        let body = lenient::unwrap(body, &["request", "request_info"]);
        Some(Self {
            request_id: lenient::id(body, &["request_id", "id"]).unwrap_or_default(),
            request_type: lenient::text(body, &["request_type", "type"]),
            status: RequestStatus::parse(&lenient::text(body, &["status"])?),
            object_id: lenient::id(body, &["object_id"]),
            created_at: lenient::text(body, &["created_at"]),
            external_message: lenient::text(body, &["external_message", "message"]),
        })
    }
}

/// What may show without a poll that a request goes on.
pub(crate) trait GoesOn: Send {
    /// Whether the request goes on, as far as can be seen without a poll.
    ///
    /// # Errors
    /// Returns an error if the scope ends.
    fn goes_on(&mut self) -> impl Future<Output = Result<bool, Error>> + Send;

    /// Notes a poll which found that the request goes on.
    fn note_poll(&mut self);
}

/// Nothing but polls.
pub(crate) struct PollsAlone;

impl GoesOn for PollsAlone {
    async fn goes_on(&mut self) -> Result<bool, Error> {
        Ok(false)
    }

    fn note_poll(&mut self) {}
}

/// The operations on asynchronous requests.
pub struct Requests<'a>(&'a Api);

impl Api {
    /// Returns the operations on asynchronous requests.
    #[must_use]
    pub fn requests(&self) -> Requests<'_> {
        Requests(self)
    }
}

impl Requests<'_> {
    /// Reads a request. With the id of an object, the request must concern that object.
    ///
    /// # Errors
    /// Returns an error if the API cannot be reached or does not know the request, or the response is about another one.
    pub async fn get(&self, id: &str, object_id: Option<&str>) -> Result<Request, Error> {
        let response = self.0.send(info(id)).await?;
        read(id, object_id, &response.body).map_err(|error| self.0.client().redact(error))
    }

    /// Waits for the end of a request, and polls it at the interval that the API demands. Transient failures are tolerated
    /// until the scope ends, and others as `tolerance` defines.
    ///
    /// # Errors
    /// Returns [`ErrorKind::RequestFailed`] if the request ends as FAILED, [`ErrorKind::NotFound`] if the API does not know
    /// it, [`ErrorKind::WrongObject`] if the response is about another one, and another error if the scope ends or a failure
    /// is not tolerated.
    pub async fn wait(&self, id: &str, object_id: Option<&str>, tolerance: Tolerance) -> Result<Request, Error> {
        self.wait_unless(id, object_id, tolerance, PollsAlone).await
    }

    /// Like [`wait`](Self::wait), without the polls of intervals in which something else shows that the request goes on.
    pub(crate) async fn wait_unless(
        &self,
        id: &str,
        object_id: Option<&str>,
        tolerance: Tolerance,
        mut other: impl GoesOn,
    ) -> Result<Request, Error> {
        let operation = info(id).operation();
        let mut watch = Watch::new(self.0.scope(), &operation, tolerance).of_request(id);
        loop {
            let response = watch.attend(self.0.send_once(info(id))).await;
            let read = |response: ApiResponse| Ok((read(id, object_id, &response.body)?, response.retry_after));
            let interval = match response.and_then(read).map_err(|error| self.0.client().redact(error)) {
                Ok((request, retry_after)) => {
                    let request_type = request.request_type.as_deref().unwrap_or("request");
                    watch.observe(request.status.to_string(), |status| format!("{request_type} is {status}"));
                    match request.status {
                        RequestStatus::Completed => return Ok(request),
                        RequestStatus::Failed => {
                            return Err(Error::new(ErrorKind::RequestFailed, &operation)
                                .with_request_id(id)
                                .with_message(request.external_message));
                        }
                        _ => {
                            other.note_poll();
                            poll_interval(retry_after.as_deref(), SystemTime::now())
                        }
                    }
                }
                Err(error) => {
                    let failure = watch.tolerate(error)?;
                    interval_after(&failure, watch.failures())
                }
            };
            watch.pause(interval).await?;
            loop {
                let goes_on = watch.attend(other.goes_on()).await;
                if !goes_on.map_err(|error| watch.complete(error))? {
                    break;
                }
                watch.pause(interval).await?;
            }
        }
    }
}

fn info(id: &str) -> ApiRequest {
    ApiRequest::get(&["request", "info", id])
}

/// Returns the wait after a poll that failed: at least [`MIN_POLL`], also after a `Retry-After` of 0.
fn interval_after(error: &Error, failures: u32) -> Duration {
    error.retry_after().map_or_else(|| MIN_POLL + backoff(failures, 0.5), |wait| wait.max(MIN_POLL))
}

/// Reads the response to [`info`].
///
/// # Errors
/// Returns an error if the response contains no request, or one with another id or about another object.
fn read(id: &str, object_id: Option<&str>, body: &Value) -> Result<Request, Error> {
    let request = Request::read(body).ok_or_else(|| {
        Error::invalid_response(info(id).operation(), "the response contains no status").with_request_id(id)
    })?;
    let is_other_request = !request.request_id.is_empty() && request.request_id != id;
    if is_other_request || object_id.is_some_and(|object_id| !request.may_concern(object_id)) {
        let about = request.object_id.unwrap_or(request.request_id);
        return Err(Error::new(ErrorKind::WrongObject, info(id).operation())
            .with_request_id(id)
            .with_message(Some(format!("the response is about another request or object ({about})"))));
    }
    Ok(request)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use wiremock::matchers::path;
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;
    use crate::client::Client;
    use crate::config::Config;
    use crate::scope::Scope;
    use crate::secret::Secret;

    #[test]
    fn statuses_are_parsed_in_any_case_and_unknown_ones_are_not_terminal() {
        assert_eq!(RequestStatus::parse("completed"), RequestStatus::Completed);
        assert!(RequestStatus::parse("Failed").is_terminal());
        for status in ["PENDING", "processing", "RETRYING", "QUEUED_FOR_LATER"] {
            assert!(!RequestStatus::parse(status).is_terminal());
        }
    }

    #[test]
    fn a_response_about_another_request_or_object_is_an_error() {
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
        assert_eq!(about("", None), Ok(RequestStatus::Failed), "it contains no id");
        assert_eq!(about("r-1", Some("c-2")), Err(ErrorKind::WrongObject));
        assert_eq!(about("r-2", Some("c-1")), Err(ErrorKind::WrongObject));
    }

    /// Starts an API that returns these responses to the polls of `r-1`, the last one repeatedly.
    async fn server(responses: &[(u16, Value)]) -> (MockServer, Client) {
        let server = MockServer::start().await;
        for (at, (status, body)) in responses.iter().enumerate() {
            let response = ResponseTemplate::new(*status).insert_header("retry-after", "0").set_body_json(body);
            let mock = Mock::given(path("/request/info/r-1")).respond_with(response);
            let mock = if at + 1 < responses.len() { mock.up_to_n_times(1) } else { mock };
            mock.mount(&server).await;
        }
        let config = Config::new(Secret::new("k"), &server.uri()).expect("it is a loopback address").max_retries(0);
        (server, Client::new(config).expect("a client can be created"))
    }

    async fn wait(responses: &[(u16, Value)], seconds: u64) -> (Result<Request, Error>, usize, Duration) {
        let (server, client) = server(responses).await;
        let begin = std::time::Instant::now();
        let api = client.scoped(Scope::detached(Duration::from_secs(seconds)));
        let waited = api.requests().wait("r-1", Some("c-1"), Tolerance::NONE).await;
        (waited, server.received_requests().await.expect("they are recorded").len(), begin.elapsed())
    }

    fn is(status: &str) -> (u16, Value) {
        let body = json!({"request_id": "r-1", "object_id": "c-1", "status": status, "external_message": "no room"});
        (200, body)
    }

    #[tokio::test]
    async fn a_failed_request_ends_the_wait_with_the_message_of_the_api() {
        let (waited, polls, _) = wait(&[is("FAILED")], 3).await;
        let error = waited.expect_err("it failed");
        assert_eq!((error.kind(), error.request_id(), polls), (ErrorKind::RequestFailed, Some("r-1"), 1));
        assert_eq!((error.message(), error.operation()), (Some("no room"), "GET /request/info/r-1"));
    }

    #[tokio::test]
    async fn a_request_is_polled_until_it_is_completed() {
        let (waited, polls, time) = wait(&[is("PENDING"), is("SOMETHING_NEW"), is("COMPLETED")], 10).await;
        assert_eq!(waited.expect("it is completed").status, RequestStatus::Completed);
        assert_eq!(polls, 3);
        assert!(time >= Duration::from_secs(2), "{time:?}");
    }

    #[tokio::test]
    async fn the_error_at_the_end_of_the_scope_contains_the_last_status() {
        let (waited, _, _) = wait(&[is("RETRYING")], 1).await;
        let error = waited.expect_err("it never ends");
        assert_eq!((error.kind(), error.last_status()), (ErrorKind::Deadline, Some("RETRYING")));
        assert_eq!(error.request_id(), Some("r-1"));
    }

    #[tokio::test]
    async fn a_transient_failure_is_tolerated_and_another_one_ends_the_wait() {
        let (waited, polls, time) = wait(&[(200, json!({"message": "m"})), is("COMPLETED")], 10).await;
        assert!(waited.is_ok() && polls == 2, "{waited:?}");
        assert!(time >= Duration::from_millis(1_250), "{time:?}");
        let (waited, polls, _) = wait(&[is("PROCESSING"), (403, json!({}))], 4).await;
        let error = waited.expect_err("it is denied");
        assert_eq!((error.kind(), polls, error.last_status()), (ErrorKind::Forbidden, 2, Some("PROCESSING")));
    }

    #[tokio::test]
    async fn a_request_is_read_and_must_concern_the_object() {
        let (_server, client) = server(&[is("PROCESSING")]).await;
        let api = client.scoped(Scope::detached(Duration::from_secs(10)));
        let request = api.requests().get("r-1", Some("c-1")).await.expect("it is there");
        assert_eq!((request.request_id.as_str(), request.status), ("r-1", RequestStatus::Processing));
        let error = api.requests().get("r-1", Some("c-2")).await.expect_err("it is another object's");
        assert_eq!((error.kind(), error.request_id()), (ErrorKind::WrongObject, Some("r-1")));
    }

    #[test]
    fn every_status_is_parsed_and_displayed_as_the_api_names_it() {
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
    fn the_error_of_a_response_without_a_status_contains_the_request_id() {
        let error = read("r-1", None, &json!({"message": "m"})).expect_err("there is no status");
        assert_eq!((error.kind(), error.request_id()), (ErrorKind::InvalidResponse, Some("r-1")));
        assert_eq!(error.message(), Some("the response contains no status"));
    }

    #[test]
    fn at_least_a_second_passes_after_a_failed_poll() {
        let error = Error::new(ErrorKind::Server, "GET /request/info/r-1");
        let after = |seconds| error.clone().with_retry_after(Some(Duration::from_secs(seconds)));
        assert_eq!(interval_after(&error, 1), Duration::from_millis(1_500));
        assert_eq!(interval_after(&after(0), 1), Duration::from_secs(1));
        assert_eq!(interval_after(&after(7), 1), Duration::from_secs(7));
    }
}
