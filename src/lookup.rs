//! Failures of lookups: an error about the object that an attribute names points at that attribute.

use tensorpool::{Error, ErrorKind};
use terraform_plugin::{AttributePath, Diagnostic};

use crate::errors::Subject;

/// Words the failure of a lookup by the value of an attribute, and points at the attribute if another value could help.
#[must_use]
pub fn failed(subject: &Subject, error: &Error, attribute: &str) -> Diagnostic {
    let diagnostic = subject.failed(error);
    if is_about_the_object(error.kind()) { diagnostic.at(AttributePath::of(attribute)) } else { diagnostic }
}

/// Whether a failure is about the object, and not about the key, the balance, the network or the API.
fn is_about_the_object(kind: ErrorKind) -> bool {
    match kind {
        ErrorKind::NotFound
        | ErrorKind::Forbidden
        | ErrorKind::Conflict
        | ErrorKind::Invalid
        | ErrorKind::WrongObject => true,
        ErrorKind::Unauthorized
        | ErrorKind::PaymentRequired
        | ErrorKind::RateLimited
        | ErrorKind::Server
        | ErrorKind::UnexpectedStatus
        | ErrorKind::Connect
        | ErrorKind::Timeout
        | ErrorKind::Transport
        | ErrorKind::InvalidResponse
        | ErrorKind::RequestFailed
        | ErrorKind::Deadline
        | ErrorKind::Stopped => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::errors::Verb;

    #[test]
    fn only_a_failure_that_another_value_could_help_points_at_the_attribute() {
        let path = |kind| {
            let error = Error::new(kind, "GET /cluster/info/c-1");
            failed(&Subject::new(Verb::LookUp, "cluster").with_id("c-1"), &error, "id").path
        };
        assert_eq!(path(ErrorKind::NotFound), Some(AttributePath::of("id")));
        assert_eq!(path(ErrorKind::Forbidden), Some(AttributePath::of("id")));
        assert_eq!(path(ErrorKind::Unauthorized), None);
        assert_eq!(path(ErrorKind::Connect), None);
    }
}
