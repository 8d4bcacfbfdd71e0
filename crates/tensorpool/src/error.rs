//! What can go wrong, with everything that a user needs to know of it.

use std::fmt;
use std::time::Duration;

use crate::redact::printable;
use crate::scope::Interrupted;

/// Defines the kinds together with the list of them, so that no kind can be missing in the list.
macro_rules! error_kinds {
    ($($(#[$doc:meta])* $kind:ident,)*) => {
        /// What kind of failure an [`Error`] is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorKind {
            $($(#[$doc])* $kind,)*
        }

        impl ErrorKind {
            /// Every kind.
            pub const ALL: [Self; [$(Self::$kind),*].len()] = [$(Self::$kind),*];
        }
    };
}

error_kinds! {
    /// 404: there is no such object.
    NotFound,
    /// 401: the API key is missing or wrong.
    Unauthorized,
    /// 402: the balance is too low.
    PaymentRequired,
    /// 403: the key may not do this.
    Forbidden,
    /// 409: the object is not in a state for this.
    Conflict,
    /// 400 or 422: the API refuses the values that were sent.
    Invalid,
    /// 429: too many requests, also after retries.
    RateLimited,
    /// 5xx: the API failed, also after retries.
    Server,
    /// Any other status.
    UnexpectedStatus,
    /// No connection could be made: the request was certainly not sent.
    Connect,
    /// The request took longer than one may, or the API says so with 408.
    Timeout,
    /// The connection broke.
    Transport,
    /// The answer is not what the API documents: not JSON, or a needed part is missing.
    InvalidResponse,
    /// The answer is about another object or request than was asked for.
    WrongObject,
    /// An asynchronous request of the API ended as FAILED.
    RequestFailed,
    /// The operation's time is over.
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
            // A 408 may come from something in front of the API after the API has acted, so unlike 429 it does not say
            // that nothing happened.
            408 => Self::Timeout,
            429 => Self::RateLimited,
            500..=599 => Self::Server,
            _ => Self::UnexpectedStatus,
        }
    }

    /// Whether the same request may succeed a little later.
    #[must_use]
    pub fn may_pass(self) -> bool {
        matches!(
            self,
            Self::RateLimited | Self::Server | Self::Connect | Self::Timeout | Self::Transport | Self::InvalidResponse
        )
    }
}

/// What the API says is wrong with one field of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Where the field stands, as `["body", "public_keys", "0"]`.
    pub location: Vec<String>,
    /// What is wrong.
    pub message: String,
}

/// A failed request, or a failed operation of several.
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
    /// An error of a kind. The client makes its own; this is for tests of what is done with them.
    #[must_use]
    pub fn new(kind: ErrorKind, operation: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind: Some(kind), operation: operation.into(), ..Inner::default() }))
    }

    pub(crate) fn interrupted(why: Interrupted, operation: impl Into<String>) -> Self {
        let kind = match why {
            Interrupted::Stopped => ErrorKind::Stopped,
            Interrupted::Deadline => ErrorKind::Deadline,
        };
        Self::new(kind, operation)
    }

    /// With the HTTP status of the answer.
    #[must_use]
    pub fn status_code(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    /// With a message.
    #[must_use]
    pub fn with_message(mut self, message: Option<String>) -> Self {
        self.0.message = message.map(|text| printable(&text).into_owned());
        self
    }

    pub(crate) fn with_json(mut self, json: bool) -> Self {
        self.0.json = json;
        self
    }

    /// Whether the body of the answer was a JSON object, as the API's own errors are.
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.0.json
    }

    /// With complaints about fields.
    #[must_use]
    pub fn with_fields(mut self, fields: Vec<FieldError>) -> Self {
        self.0.fields = fields;
        self
    }

    /// With the id of an asynchronous request.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<String>) -> Self {
        self.0.request_id = Some(id.into());
        self
    }

    pub(crate) fn with_retry_after(mut self, time: Option<Duration>) -> Self {
        self.0.retry_after = time;
        self
    }

    /// With what was last seen.
    #[must_use]
    pub fn with_last_status(mut self, status: Option<String>) -> Self {
        self.0.last_status = status.map(|text| printable(&text).into_owned());
        self
    }

    /// Marks a failure after which the API may have done what was asked. The client marks its own; this is for tests of what
    /// is done with them.
    #[must_use]
    pub fn ambiguous(mut self, ambiguous: bool) -> Self {
        self.0.ambiguous = ambiguous;
        self
    }

    pub(crate) fn caused_by(mut self, cause: Option<Self>) -> Self {
        self.0.cause = cause;
        self
    }

    /// With every text that may come from an answer changed by `map`.
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

    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        // Every constructor sets it; the default of the struct only exists for the other fields.
        self.0.kind.unwrap_or(ErrorKind::UnexpectedStatus)
    }

    /// What was being done, as `DELETE /cluster/c-1`.
    #[must_use]
    pub fn operation(&self) -> &str {
        &self.0.operation
    }

    /// The HTTP status of the answer, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The API's own message; where there was no answer, what the network said.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// What the API says of single fields.
    #[must_use]
    pub fn field_errors(&self) -> &[FieldError] {
        &self.0.fields
    }

    /// The id of the asynchronous request that failed or did not end.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How long the API asked to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// What was last seen of something that was waited for.
    #[must_use]
    pub fn last_status(&self) -> Option<&str> {
        self.0.last_status.as_deref()
    }

    /// Whether the API may have done what was asked although no good answer came.
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        self.0.ambiguous
    }

    /// The failure that was being retried when the operation ended.
    #[must_use]
    pub fn cause(&self) -> Option<&Self> {
        self.0.cause.as_ref()
    }

    /// Whether the API does not have what was asked: the endpoint itself is missing, not an object.
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
            ErrorKind::UnexpectedStatus => "unexpected answer",
            ErrorKind::Connect => "cannot connect",
            ErrorKind::Timeout => "no answer in time",
            ErrorKind::Transport => "the connection broke",
            ErrorKind::InvalidResponse => "the answer cannot be read",
            ErrorKind::WrongObject => "the answer is about another object",
            ErrorKind::RequestFailed => "the request failed",
            ErrorKind::Deadline => "the time is over",
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
