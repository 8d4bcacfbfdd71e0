//! The error of a failed request or operation.

use std::fmt;
use std::time::Duration;

use crate::redact::printable;
use crate::scope::Interrupted;

/// Defines [`ErrorKind`] together with [`ErrorKind::ALL`], so that the list is complete.
macro_rules! error_kinds {
    ($($(#[$doc:meta])* $kind:ident,)*) => {
        /// The kind of an [`Error`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorKind {
            $($(#[$doc])* $kind,)*
        }

        impl ErrorKind {
            /// All kinds.
            pub const ALL: [Self; [$(Self::$kind),*].len()] = [$(Self::$kind),*];
        }
    };
}

error_kinds! {
    /// 404: the object does not exist.
    NotFound,
    /// 401: the API key is missing or wrong.
    Unauthorized,
    /// 402: the balance is too low.
    PaymentRequired,
    /// 403: the key does not permit this.
    Forbidden,
    /// 409: the state of the object does not permit this.
    Conflict,
    /// 400 or 422: the API rejected the values that were sent.
    Invalid,
    /// 429: too many requests, even after retries.
    RateLimited,
    /// 5xx: the API failed, even after retries.
    Server,
    /// Any other status.
    UnexpectedStatus,
    /// No connection could be established, so the request was certainly not sent.
    Connect,
    /// The request timed out, or the API responded with 408.
    Timeout,
    /// The connection broke.
    Transport,
    /// The response is not JSON, or lacks a required field.
    InvalidResponse,
    /// The response is about another object or request than the requested one.
    WrongObject,
    /// An asynchronous request ended as FAILED.
    RequestFailed,
    /// The deadline of the operation passed.
    Deadline,
    /// The user stopped the operation.
    Stopped,
}

impl ErrorKind {
    pub(crate) fn of_status(status: u16) -> Self {
        match status {
            400 | 422 => Self::Invalid,
            401 => Self::Unauthorized,
            402 => Self::PaymentRequired,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            409 => Self::Conflict,
            // Unlike a 429, a 408 does not prove that the request had no effect: a gateway may send it after the API acted.
            408 => Self::Timeout,
            429 => Self::RateLimited,
            500..=599 => Self::Server,
            _ => Self::UnexpectedStatus,
        }
    }

    /// Whether the same request may succeed a little later. `retry.rs` has the reasons.
    #[must_use]
    pub fn is_transient(self) -> bool {
        matches!(
            self,
            Self::RateLimited | Self::Server | Self::Connect | Self::Timeout | Self::Transport | Self::InvalidResponse
        )
    }
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

    pub(crate) fn interrupted(why: Interrupted, operation: impl Into<String>) -> Self {
        let kind = match why {
            Interrupted::Stopped => ErrorKind::Stopped,
            Interrupted::Deadline => ErrorKind::Deadline,
        };
        Self::new(kind, operation)
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

    pub(crate) fn with_json(mut self, json: bool) -> Self {
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
        for FieldError { location, message } in &mut self.0.fields {
            *message = map(message);
            for step in location {
                *step = map(step);
            }
        }
        self
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
