//! The kinds of errors.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_status_is_of_a_kind() {
        for (status, kind, is_transient) in [
            (400, ErrorKind::Invalid, false),
            (422, ErrorKind::Invalid, false),
            (401, ErrorKind::Unauthorized, false),
            (402, ErrorKind::PaymentRequired, false),
            (403, ErrorKind::Forbidden, false),
            (404, ErrorKind::NotFound, false),
            (408, ErrorKind::Timeout, true),
            (409, ErrorKind::Conflict, false),
            (429, ErrorKind::RateLimited, true),
            (500, ErrorKind::Server, true),
            (599, ErrorKind::Server, true),
            (307, ErrorKind::UnexpectedStatus, false),
            (418, ErrorKind::UnexpectedStatus, false),
        ] {
            assert_eq!((ErrorKind::of_status(status), kind.is_transient()), (kind, is_transient), "{status}");
        }
    }
}
