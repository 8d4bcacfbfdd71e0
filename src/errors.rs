//! The one home of the wording of failures.
//!
//! Every diagnostic says what was being done to which object, what the API answered, the request id where there is one,
//! and what to do next. Nothing is claimed that is not known.

use std::fmt;

use tensorpool::{Error, ErrorKind, FieldError, Interrupted};
use terraform_plugin::{AttributePath, Diagnostic, Diagnostics};

/// What is being done to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
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
    /// A lookup of one or many.
    LookUp,
    /// The cancellation of something that runs.
    Cancel,
    /// A switch of the deletion protection.
    Protect,
    /// A rotation of keys.
    Rotate,
}

impl Verb {
    fn infinitive(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Import => "import",
            Self::LookUp => "look up",
            Self::Cancel => "cancel",
            Self::Protect => "set deletion protection of",
            Self::Rotate => "rotate",
        }
    }

    pub fn gerund(self) -> &'static str {
        match self {
            Self::Create => "creating",
            Self::Read => "reading",
            Self::Update => "updating",
            Self::Delete => "deleting",
            Self::Import => "importing",
            Self::LookUp => "looking up",
            Self::Cancel => "canceling",
            Self::Protect => "setting deletion protection of",
            Self::Rotate => "rotating",
        }
    }
}

/// An action and its object: what every diagnostic begins with.
#[derive(Clone, Debug)]
pub struct Subject {
    /// What is being done.
    pub verb: Verb,
    /// The object in a word, for example `cluster`.
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
    /// An object of which neither a name nor an id is known yet.
    #[must_use]
    pub fn new(verb: Verb, noun: &'static str) -> Self {
        Self { verb, noun, name: None, id: None }
    }

    /// The object of this id.
    #[must_use]
    pub fn with_id(self, id: &str) -> Self {
        Self { id: Some(id.to_owned()), ..self }
    }

    /// The action and the kind of object, for example `creating cluster`.
    #[must_use]
    pub fn gerund(&self) -> String {
        format!("{} {}", self.verb.gerund(), self.noun)
    }

    /// The action and the kind of object, for example `create cluster`.
    #[must_use]
    pub fn infinitive(&self) -> String {
        format!("{} {}", self.verb.infinitive(), self.noun)
    }

    /// Words a failure of the API.
    #[must_use]
    pub fn failed(&self, error: &Error) -> Diagnostic {
        let summary = format!("Cannot {}: {}", self.infinitive(), row(self.verb, error.kind()).what);
        Diagnostic::error(summary, format!("{}\n\n{}", self.story(error), self.remedy(error)))
    }

    /// Words a failure of which more is known than its kind: with a summary and a remedy of its own.
    #[must_use]
    pub fn failed_as(&self, summary: impl Into<String>, error: &Error, remedy: &str) -> Diagnostic {
        Diagnostic::error(summary, format!("{}\n\n{remedy}", self.story(error)))
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
    #[must_use]
    pub fn story(&self, error: &Error) -> String {
        let answer = match (error.kind(), error.status()) {
            (ErrorKind::RequestFailed, _) => " reported that the request FAILED".to_owned(),
            (ErrorKind::Deadline, _) => " was not done in time".to_owned(),
            (ErrorKind::Stopped, _) => " was interrupted".to_owned(),
            (_, Some(status)) => format!(" was answered with {status}"),
            (kind, None) => format!(" failed: {}", row(self.verb, kind).what),
        };
        let message = match error.message() {
            Some(message) => format!(": {message}"),
            None if error.status().is_some() => " and no message".to_owned(),
            None => String::new(),
        };
        let mut story = format!("While {} {self}: {}{answer}{message}", self.verb.gerund(), error.operation());
        if !story.ends_with(['.', '!', '?', '…']) {
            story.push('.');
        }
        let more = [
            error.last_status().map(|status| format!(" What was last seen: {status}.")),
            error.cause().map(|cause| format!(" Before that: {cause}.")),
            error.request_id().map(|id| format!(" Request id: {id}.")),
        ];
        story.extend(more.into_iter().flatten());
        story
    }

    /// What to do next.
    fn remedy(&self, error: &Error) -> String {
        row(self.verb, error.kind()).remedy
    }
}

/// The error of a wait that a stop or the deadline ended.
#[must_use]
pub fn interrupted(why: Interrupted, what: impl Into<String>) -> Error {
    let kind = match why {
        Interrupted::Stopped => ErrorKind::Stopped,
        Interrupted::Deadline => ErrorKind::Deadline,
    };
    Error::new(kind, what)
}

/// What is said of one kind of failure of one action.
struct Row {
    /// A few words for the summary.
    what: &'static str,
    /// What to do next.
    remedy: String,
}

/// The table of all failures: every action by every kind of error.
fn row(verb: Verb, kind: ErrorKind) -> Row {
    let again = match verb {
        Verb::Delete => "Run the destroy again: the object is still in the state.",
        Verb::Update => "Run terraform apply again: the object is still in the state.",
        _ => "Run terraform again.",
    };
    let row = |what, remedy: &str| Row { what, remedy: remedy.to_owned() };
    match kind {
        ErrorKind::NotFound => {
            row("not found", "Check the id. The object may belong to another account, or have been deleted.")
        }
        ErrorKind::Unauthorized => row(
            "API key not accepted",
            "Check the API key: the argument api_key of the provider, or the environment variable TENSORPOOL_KEY.",
        ),
        ErrorKind::PaymentRequired => {
            row("balance too low", "Add to the balance in TensorPool's web dashboard, then run terraform again.")
        }
        ErrorKind::Forbidden => row(
            "access denied",
            "The API key is valid but may not do this. Use a key of the owner, or of a member of the organization.",
        ),
        ErrorKind::Conflict => {
            row("conflict", "The object is not in a state for this, or its name is taken. See the API's message.")
        }
        ErrorKind::Invalid => row("invalid request", "Correct the configuration and run terraform again."),
        ErrorKind::RateLimited => row(
            "too many requests",
            "Wait a little and run terraform again; fewer operations at once (-parallelism) or a higher max_retries in \
             the provider block help.",
        ),
        ErrorKind::Server => row("API failure", again),
        ErrorKind::UnexpectedStatus => Row {
            what: "unexpected answer",
            remedy: format!("Check that the provider's endpoint is the TensorPool API. {again}"),
        },
        ErrorKind::Connect => row("no connection", "Check the network and the provider's endpoint. Nothing was sent."),
        ErrorKind::Timeout => row("no answer in time", again),
        ErrorKind::Transport => row("connection lost", again),
        ErrorKind::InvalidResponse => Row {
            what: "unreadable answer",
            remedy: format!("Check that the provider's endpoint is the TensorPool API. {again}"),
        },
        ErrorKind::WrongObject => row(
            "answer about another object",
            "Nothing of that answer was believed or changed. Run terraform again; if it stays so, ask TensorPool.",
        ),
        ErrorKind::RequestFailed => row(
            "request failed",
            "See the message of the API. If it does not help, ask TensorPool and give them the request id.",
        ),
        ErrorKind::Deadline => Row { what: "out of time", remedy: format!("{again}{}", more_time(verb)) },
        ErrorKind::Stopped => row("interrupted", again),
    }
}

/// How to wait longer, where the user can say so.
fn more_time(verb: Verb) -> String {
    match verb {
        Verb::Create | Verb::Read | Verb::Update | Verb::Delete => {
            let name = verb.infinitive();
            format!(" To wait longer, set {name} in the timeouts block of the resource, as {name} = \"2h\".")
        }
        Verb::Import | Verb::LookUp | Verb::Cancel | Verb::Protect | Verb::Rotate => String::new(),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(verb: Verb) -> Subject {
        Subject { verb, noun: "cluster", name: Some("train".to_owned()), id: Some("c-1".to_owned()) }
    }

    fn error(kind: ErrorKind) -> Error {
        let status = match kind {
            ErrorKind::NotFound => Some(404),
            ErrorKind::Unauthorized => Some(401),
            ErrorKind::PaymentRequired => Some(402),
            ErrorKind::Forbidden => Some(403),
            ErrorKind::Conflict => Some(409),
            ErrorKind::Invalid => Some(422),
            ErrorKind::RateLimited => Some(429),
            ErrorKind::Server => Some(503),
            ErrorKind::UnexpectedStatus => Some(302),
            _ => None,
        };
        let error = Error::new(kind, "DELETE /cluster/c-1").with_message(Some("The API's own words".to_owned()));
        let error = match kind {
            ErrorKind::RequestFailed => error.with_request_id("req_1"),
            ErrorKind::Deadline => error.with_request_id("req_1").with_last_status(Some("PROCESSING".to_owned())),
            _ => error,
        };
        match status {
            Some(status) => error.status_code(status),
            None => error,
        }
    }

    /// The wording of every kind of failure of every action: a change of it is seen, and has to be meant.
    #[test]
    fn every_failure_is_worded() {
        let verbs = [
            Verb::Create,
            Verb::Read,
            Verb::Update,
            Verb::Delete,
            Verb::Import,
            Verb::LookUp,
            Verb::Cancel,
            Verb::Protect,
            Verb::Rotate,
        ];
        let mut text = String::new();
        for verb in verbs {
            for kind in ErrorKind::ALL {
                let Diagnostic { summary, detail, .. } = subject(verb).failed(&error(kind));
                text.extend(["## ", &summary, "\n\n", &detail, "\n\n"]);
            }
        }
        assert_eq!(text.matches("## ").count(), verbs.len() * ErrorKind::ALL.len());
        insta::assert_snapshot!("every_failure", text);
    }

    #[test]
    fn a_complaint_about_a_field_points_at_its_attribute() {
        let field = |location: &[&str]| FieldError {
            location: location.iter().map(|step| (*step).to_owned()).collect(),
            message: "wrong".to_owned(),
        };
        let fields = vec![field(&["body", "tp_cluster_name"]), field(&["body", "public_keys", "1"]), field(&["body"])];
        let error = error(ErrorKind::Invalid).with_fields(fields);
        let attributes = [("tp_cluster_name", "name"), ("public_keys", "public_keys")];
        let diagnostics = subject(Verb::Create).refused(&error, &attributes);
        let paths: Vec<_> =
            diagnostics.iter().map(|one| one.path.as_ref().map(ToString::to_string).unwrap_or_default()).collect();
        assert_eq!(paths, ["name", "public_keys[1]", ""]);
    }
}
