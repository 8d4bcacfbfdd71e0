//! The one home of the wording of failures.
//!
//! Every diagnostic says what was being done to which object, what the API answered, the request id where there is one,
//! and what to do next. Nothing is claimed that is not known.

use std::fmt;

use tensorpool::{Error, ErrorKind, FieldError};
use terraform_plugin::{AttributePath, Diagnostic, Diagnostics};

/// What is being done to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// A create.
    Create,
    /// A read.
    Read,
    /// An update in place.
    Update,
    /// A delete.
    Delete,
    /// An import.
    Import,
    /// A look-up of one or many.
    LookUp,
}

impl Action {
    fn verb(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Import => "import",
            Self::LookUp => "look up",
        }
    }

    fn doing(self) -> &'static str {
        match self {
            Self::Create => "creating",
            Self::Read => "reading",
            Self::Update => "updating",
            Self::Delete => "deleting",
            Self::Import => "importing",
            Self::LookUp => "looking up",
        }
    }
}

/// An action and its object: what every diagnostic begins with.
#[derive(Clone, Debug)]
pub struct Subject {
    /// What is being done.
    pub action: Action,
    /// The object in a word, as `cluster`.
    pub noun: &'static str,
    /// Its name.
    pub name: Option<String>,
    /// Its id.
    pub id: Option<String>,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.noun)?;
        if let Some(name) = &self.name {
            write!(f, " {name:?}")?;
        }
        if let Some(id) = &self.id {
            write!(f, " ({id})")?;
        }
        Ok(())
    }
}

impl Subject {
    /// Words a failure of the API.
    #[must_use]
    pub fn failed(&self, error: &Error) -> Diagnostic {
        let summary = format!("Cannot {} {}: {}", self.action.verb(), self.noun, what(error.kind()));
        Diagnostic::error(summary, format!("{}\n\n{}", self.story(error), self.remedy(error)))
    }

    /// Words a failure of the API, and points each complaint about a field at its attribute. `attributes` gives the
    /// attributes by the API's names of them.
    #[must_use]
    pub fn refused(&self, error: &Error, attributes: &[(&str, &str)]) -> Diagnostics {
        let mut diagnostics = Diagnostics::new();
        for field in error.field_errors() {
            let mut diagnostic = self.failed(error);
            if let Some(path) = attribute_path(field, attributes) {
                diagnostic.detail = format!("{}: {}\n\n{}", path, field.message, diagnostic.detail);
                diagnostic.path = Some(path);
            }
            diagnostics.push(diagnostic);
        }
        if diagnostics.is_empty() {
            diagnostics.push(self.failed(error));
        }
        diagnostics
    }

    /// What happened: the action, the object, the answer, the request.
    fn story(&self, error: &Error) -> String {
        let mut story = format!("While {} {self}: {}", self.action.doing(), error.operation());
        match (error.kind(), error.status()) {
            (ErrorKind::RequestFailed, _) => story.push_str(" reported that the request FAILED"),
            (ErrorKind::Deadline, _) => story.push_str(" was not done in time"),
            (ErrorKind::Stopped, _) => story.push_str(" was interrupted"),
            (_, Some(status)) => story.push_str(&format!(" was answered with {status}")),
            (kind, None) => story.push_str(&format!(" failed: {}", what(kind))),
        }
        match error.message() {
            Some(message) => story.push_str(&format!(": {message}")),
            None if error.status().is_some() => story.push_str(" and no message"),
            None => {}
        }
        if !story.ends_with(['.', '!', '?', '…']) {
            story.push('.');
        }
        if let Some(status) = error.last_status() {
            story.push_str(&format!(" What was last seen: {status}."));
        }
        if let Some(cause) = error.cause() {
            story.push_str(&format!(" Before that: {cause}."));
        }
        if let Some(id) = error.request_id() {
            story.push_str(&format!(" Request id: {id}."));
        }
        story
    }

    /// What to do next.
    fn remedy(&self, error: &Error) -> String {
        let again = match self.action {
            Action::Delete => "Run the destroy again: the object is still in the state.",
            Action::Update => "Run terraform apply again: the object is still in the state.",
            _ => "Run terraform again.",
        };
        let text = match error.kind() {
            ErrorKind::Unauthorized => {
                "Check the API key: the argument api_key of the provider, or the environment variable TENSORPOOL_KEY."
            }
            ErrorKind::PaymentRequired => "Add to the balance in TensorPool's web dashboard, then run terraform again.",
            ErrorKind::Forbidden => {
                "The API key is valid but may not do this. Use a key of the owner, or of a member of the organization."
            }
            ErrorKind::NotFound => "Check the id. The object may belong to another account, or be gone.",
            ErrorKind::Invalid => "Correct the configuration and run terraform again.",
            ErrorKind::Conflict => {
                "The object is not in a state for this, or its name is taken. See the API's message."
            }
            ErrorKind::RateLimited => {
                "Wait a little and run terraform again; fewer operations at once (-parallelism) or a higher \
                 max_retries in the provider block help."
            }
            ErrorKind::Connect => "Check the network and the provider's endpoint. Nothing was sent.",
            ErrorKind::Deadline => {
                return format!("{again} More time can be given in the timeouts block of the resource.");
            }
            ErrorKind::RequestFailed => {
                "See the message of the API. If it does not help, ask TensorPool and give them the request id."
            }
            ErrorKind::UnexpectedStatus | ErrorKind::InvalidResponse => {
                return format!("Check that the provider's endpoint is the TensorPool API. {again}");
            }
            ErrorKind::Server | ErrorKind::Timeout | ErrorKind::Transport | ErrorKind::Stopped => again,
        };
        text.to_owned()
    }
}

fn what(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::NotFound => "not found",
        ErrorKind::Unauthorized => "API key not accepted",
        ErrorKind::PaymentRequired => "balance too low",
        ErrorKind::Forbidden => "access denied",
        ErrorKind::Conflict => "conflict",
        ErrorKind::Invalid => "invalid request",
        ErrorKind::RateLimited => "too many requests",
        ErrorKind::Server => "API failure",
        ErrorKind::UnexpectedStatus => "unexpected answer",
        ErrorKind::Connect => "no connection",
        ErrorKind::Timeout => "no answer in time",
        ErrorKind::Transport => "connection lost",
        ErrorKind::InvalidResponse => "unreadable answer",
        ErrorKind::RequestFailed => "request failed",
        ErrorKind::Deadline => "out of time",
        ErrorKind::Stopped => "interrupted",
    }
}

/// The attribute that a complaint about a field is about: `["body", "tp_cluster_name"]` is `name`.
fn attribute_path(field: &FieldError, attributes: &[(&str, &str)]) -> Option<AttributePath> {
    let mut steps = field.location.iter().skip_while(|step| *step == "body");
    let name = steps.next()?;
    let (_, attribute) = attributes.iter().find(|(api, _)| api == name)?;
    let path = AttributePath::of(*attribute);
    Some(match steps.next().and_then(|step| step.parse().ok()) {
        Some(index) => path.index(index),
        None => path,
    })
}
