//! The error of a failed request or operation.

mod circumstances;
mod kind;

use std::fmt;
use std::time::Duration;

use crate::redact::printable;
use crate::scope::{Interrupted, Scope};

pub use circumstances::Circumstances;
pub use kind::ErrorKind;

/// The innermost source of an error, which says what happened.
pub(crate) fn innermost<'a>(error: &'a (dyn std::error::Error + 'static)) -> &'a (dyn std::error::Error + 'static) {
    std::iter::successors(Some(error), |error| error.source()).last().unwrap_or(error)
}

/// An error that the API reports for one field of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The path of the field, for example `["body", "public_keys", "0"]`.
    pub location: Vec<String>,
    /// The message.
    pub message: String,
}

/// The error of a failed request, or of an operation that consists of several requests.
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone, Default)]
struct Inner {
    kind: Option<ErrorKind>,
    operation: String,
    status: Option<u16>,
    message: Option<String>,
    fields: Vec<FieldError>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    last_status: Option<String>,
    ambiguous: bool,
    json: bool,
    cause: Option<Error>,
    circumstances: Circumstances,
}

impl Error {
    /// Creates an error of a kind. The client creates its own; this is for tests of code that handles them.
    #[must_use]
    pub fn new(kind: ErrorKind, operation: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind: Some(kind), operation: operation.into(), ..Inner::default() }))
    }

    /// Creates the error of a response that lacks a required part.
    pub(crate) fn invalid_response(operation: impl Into<String>, message: &str) -> Self {
        Self::new(ErrorKind::InvalidResponse, operation).with_message(Some(message.to_owned()))
    }

    /// Creates the error of an operation whose scope ended. `operation` is the step at which it ended.
    #[must_use]
    pub fn interrupted(why: Interrupted, operation: impl Into<String>, scope: &Scope) -> Self {
        let (kind, elapsed) = match why {
            Interrupted::Stopped => (ErrorKind::Stopped, scope.elapsed()),
            // A wait that would end after the deadline ends at once.
            Interrupted::Deadline => (ErrorKind::Deadline, scope.limit()),
        };
        Self::new(kind, operation).with_circumstances(|it| it.elapsed = Some(elapsed))
    }

    /// Sets the HTTP status of the response.
    #[must_use]
    pub fn status_code(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    /// Sets the message.
    #[must_use]
    pub fn with_message(mut self, message: Option<String>) -> Self {
        self.0.message = message.map(|text| printable(&text).into_owned());
        self
    }

    /// Sets whether the body of the response was a JSON object. The client sets it for its own; this is for tests of code that words
    /// errors.
    #[must_use]
    pub fn with_json(mut self, json: bool) -> Self {
        self.0.json = json;
        self
    }

    /// Whether the body of the response was a JSON object, like the API's own errors.
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.0.json
    }

    /// Sets the errors of single fields.
    #[must_use]
    pub fn with_fields(mut self, fields: Vec<FieldError>) -> Self {
        self.0.fields = fields;
        self
    }

    /// Sets the id of the asynchronous request.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<String>) -> Self {
        self.0.request_id = Some(id.into());
        self
    }

    pub(crate) fn with_retry_after(mut self, time: Option<Duration>) -> Self {
        self.0.retry_after = time;
        self
    }

    /// Sets the last status that a wait observed.
    #[must_use]
    pub fn with_last_status(mut self, status: Option<String>) -> Self {
        self.0.last_status = status.map(|text| printable(&text).into_owned());
        self
    }

    /// Marks the outcome of the request as ambiguous. The client marks its own errors; this is for tests of code that handles
    /// them.
    #[must_use]
    pub fn ambiguous(mut self, ambiguous: bool) -> Self {
        self.0.ambiguous = ambiguous;
        self
    }

    pub(crate) fn caused_by(mut self, cause: Option<Self>) -> Self {
        self.0.cause = cause;
        self
    }

    /// Applies `map` to every text that may come from a response.
    pub(crate) fn map_texts(mut self, map: impl Fn(&str) -> String) -> Self {
        self.0.message = self.0.message.as_deref().map(&map);
        self.0.last_status = self.0.last_status.as_deref().map(&map);
        self.0.circumstances.excerpt = self.0.circumstances.excerpt.as_deref().map(&map);
        for FieldError { location, message } in &mut self.0.fields {
            *message = map(message);
            for step in location {
                *step = map(step);
            }
        }
        self
    }

    /// Changes the circumstances. The client records its own; this is for tests of code that words errors.
    #[must_use]
    pub fn with_circumstances(mut self, change: impl FnOnce(&mut Circumstances)) -> Self {
        change(&mut self.0.circumstances);
        self
    }

    /// Returns the circumstances.
    #[must_use]
    pub fn circumstances(&self) -> &Circumstances {
        &self.0.circumstances
    }

    /// Returns the kind.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        // Every constructor sets it. It is an `Option` only because the struct derives `Default`.
        self.0.kind.unwrap_or(ErrorKind::UnexpectedStatus)
    }

    /// Returns what was being done, for example `DELETE /cluster/c-1`.
    #[must_use]
    pub fn operation(&self) -> &str {
        &self.0.operation
    }

    /// Returns the HTTP status of the response. `None` if there was no response.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// Returns the API's own message or, if there was no response, that of the network.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// Returns the errors that the API reports for single fields.
    #[must_use]
    pub fn field_errors(&self) -> &[FieldError] {
        &self.0.fields
    }

    /// Returns the id of the asynchronous request that failed or did not end.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Returns the wait that the API requested with `Retry-After`.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns the last status that a wait observed.
    #[must_use]
    pub fn last_status(&self) -> Option<&str> {
        self.0.last_status.as_deref()
    }

    /// Whether the API may have accepted the request although it failed.
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        self.0.ambiguous
    }

    /// Returns the failure that was being retried when the operation ended.
    #[must_use]
    pub fn cause(&self) -> Option<&Self> {
        self.0.cause.as_ref()
    }

    /// Whether the API does not have the endpoint, as opposed to the object.
    #[must_use]
    pub fn is_missing_endpoint(&self) -> bool {
        self.kind() == ErrorKind::UnexpectedStatus && self.status() == Some(404)
    }

    /// Whether the response has an error message that the API itself wrote about the object. Its router writes another one, if
    /// it does not have the path.
    #[must_use]
    pub fn has_message_of_api(&self) -> bool {
        self.is_json() && self.message().is_some_and(|message| message != "Not Found")
    }

    /// Whether this is a 404 that a server returns for a path that it does not have.
    #[must_use]
    pub fn may_be_wrong_path(&self) -> bool {
        self.status() == Some(404) && !self.has_message_of_api()
    }

    /// Whether the object does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind() {
            ErrorKind::NotFound => "not found",
            ErrorKind::Unauthorized => "the API key was not accepted",
            ErrorKind::PaymentRequired => "the balance is too low",
            ErrorKind::Forbidden => "access denied",
            ErrorKind::Conflict => "conflict",
            ErrorKind::Invalid => "invalid request",
            ErrorKind::RateLimited => "too many requests",
            ErrorKind::Server => "the API failed",
            ErrorKind::UnexpectedStatus => "unexpected status",
            ErrorKind::Connect => "cannot connect",
            ErrorKind::Timeout => "timed out",
            ErrorKind::Transport => "the connection broke",
            ErrorKind::InvalidResponse => "invalid response",
            ErrorKind::WrongObject => "the response is about another object",
            ErrorKind::RequestFailed => "the request failed",
            ErrorKind::Deadline => "the deadline passed",
            ErrorKind::Stopped => "stopped",
        };
        write!(f, "{}: {what}", self.0.operation)?;
        if let Some(status) = self.0.status {
            write!(f, " ({status})")?;
        }
        if let Some(message) = &self.0.message {
            write!(f, ": {message}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({self})")
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause().map(|cause| cause as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_all_that_is_known() {
        let field = FieldError { location: vec!["body".to_owned()], message: "too short".to_owned() };
        let error = Error::new(ErrorKind::Conflict, "POST /a")
            .status_code(409)
            .with_message(Some("taken\u{7}".to_owned()))
            .with_json(true)
            .with_fields(vec![field.clone()])
            .with_request_id("req_1")
            .with_retry_after(Some(Duration::from_secs(7)))
            .with_last_status(Some("PENDING".to_owned()))
            .ambiguous(true)
            .caused_by(Some(Error::new(ErrorKind::Timeout, "GET /b")))
            .with_circumstances(|circumstances| circumstances.retries = 2);
        assert_eq!((error.kind(), error.operation(), error.status()), (ErrorKind::Conflict, "POST /a", Some(409)));
        assert_eq!((error.is_json(), error.is_ambiguous()), (true, true));
        assert_eq!((error.field_errors(), error.request_id()), (&[field][..], Some("req_1")));
        assert_eq!((error.retry_after(), error.last_status()), (Some(Duration::from_secs(7)), Some("PENDING")));
        assert_eq!(error.circumstances().retries, 2);
        assert_eq!(error.cause().map(Error::kind), Some(ErrorKind::Timeout));
        let source = std::error::Error::source(&error).expect("it has a cause").to_string();
        assert_eq!(source, "GET /b: timed out");
        assert_eq!(error.to_string(), "POST /a: conflict (409): taken\u{fffd}");
        assert_eq!(format!("{error:?}"), "Error(POST /a: conflict (409): taken\u{fffd})");
    }

    #[test]
    fn a_404_is_about_the_object_only_if_the_api_says_so() {
        use ErrorKind::{NotFound, UnexpectedStatus};
        let cases = [
            // What it is, its status, JSON, its message; of the API, of a wrong path, of a missing endpoint.
            (NotFound, 404, true, Some("no such cluster"), [true, false, false]),
            (NotFound, 404, true, Some("Not Found"), [false, true, false]),
            (NotFound, 404, true, None, [false, true, false]),
            (NotFound, 404, false, Some("no such cluster"), [false, true, false]),
            (UnexpectedStatus, 404, false, None, [false, true, true]),
            (UnexpectedStatus, 418, false, None, [false, false, false]),
        ];
        for (kind, status, json, message, expected) in cases {
            let error = Error::new(kind, "GET /a").status_code(status).with_json(json);
            let error = error.with_message(message.map(str::to_owned));
            let found = [error.has_message_of_api(), error.may_be_wrong_path(), error.is_missing_endpoint()];
            assert_eq!(found, expected, "{error}, {json}");
            assert_eq!((error.is_not_found(), error.is_ambiguous()), (kind == NotFound, false));
        }
    }
}
