//! What can go wrong with a request, and how the user is told.

use reqwest::StatusCode;
use terraform_plugin::Diagnostic;

/// Why a request failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The API refused it.
    #[error("the API answered {status}: {message}")]
    Refused { status: StatusCode, message: String, request_id: Option<String> },
    /// There is no answer. What was asked for may have happened all the same.
    #[error("the API did not answer: {}", innermost(.0))]
    NoAnswer(#[source] reqwest::Error),
    /// The request succeeded, and says something that this provider does not understand.
    #[error("the answer of the API cannot be read: {0}")]
    Unreadable(String),
    /// The user interrupted Terraform while a request waited for its turn.
    #[error("Terraform was interrupted")]
    Interrupted,
}

impl Error {
    /// Whether the object does not exist.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused { status: StatusCode::NOT_FOUND, .. })
    }

    /// The message for the user: what was being done (`create record`) to what (`the record "www" ...`), what the API said,
    /// and what to do. Every error of a request is worded here, so that all of them are worded alike.
    pub fn diagnostic(&self, doing: &str, object: &str) -> Diagnostic {
        let mut detail = format!("Cannot {doing}: {object}. {}. {}", capitalized(&self.to_string()), self.next_step());
        if let Self::Refused { request_id: Some(id), .. } = self {
            detail.push_str("\n\nThe support of the service finds the request by its id: ");
            detail.push_str(id);
        }
        Diagnostic::error(format!("Cannot {doing}"), detail)
    }

    /// What the user can do.
    fn next_step(&self) -> &'static str {
        match self {
            Self::Refused { status, .. } => match status.as_u16() {
                401 => "Check the attribute token of the provider, or the environment variable ZONES_TOKEN.",
                403 => "Use a token that has access to this zone.",
                404 => "Check the name of the zone, and the id if there is one.",
                409 => "Import what exists, or choose another name: terraform query lists what there is, with its id.",
                422 => "Change the configuration as the message says, and apply again.",
                429 => "Apply again later, or with a smaller number in terraform apply -parallelism.",
                500.. => "The mistake is the service's. Apply again later.",
                _ => "Look the status up in the documentation of the API.",
            },
            Self::NoAnswer(_) => {
                "Check the attribute endpoint of the provider and the network. If something was to be created, look whether it \
                 exists before you apply again."
            }
            Self::Unreadable(_) => "There may be a newer version of the provider, for a newer API.",
            Self::Interrupted => "Apply again to finish it.",
        }
    }
}

/// The cause at the end of the chain: the others only say that a request failed.
fn innermost(error: &reqwest::Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

fn capitalized(text: &str) -> String {
    let mut letters = text.trim_end_matches('.').chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16) -> Error {
        let status = StatusCode::from_u16(status).expect("it is a status");
        Error::Refused { status, message: "no such thing.".to_owned(), request_id: Some("req-7".to_owned()) }
    }

    #[test]
    fn a_message_says_what_was_done_to_what_and_what_to_do() {
        let diagnostic = refused(401).diagnostic("read zone", "the zone \"a.example\"");
        assert_eq!(diagnostic.summary, "Cannot read zone");
        assert_eq!(
            diagnostic.detail,
            "Cannot read zone: the zone \"a.example\". The API answered 401 Unauthorized: no such thing. Check the attribute \
             token of the provider, or the environment variable ZONES_TOKEN.\n\nThe support of the service finds the request by \
             its id: req-7"
        );
    }

    #[test]
    fn every_status_has_a_next_step() {
        for (status, step) in [
            (400, "documentation"),
            (403, "access"),
            (404, "Check the name"),
            (409, "Import"),
            (422, "Change"),
            (429, "parallelism"),
            (500, "service's"),
            (503, "service's"),
        ] {
            assert!(refused(status).next_step().contains(step), "{status}: {}", refused(status).next_step());
        }
        assert!(refused(404).is_not_found() && !refused(403).is_not_found() && !Error::Interrupted.is_not_found());
    }
}
