//! An action and its object, which word the failures of it.

use std::fmt;

use tensorpool::{Error, ErrorKind};
use terraform_plugin::{Diagnostic, Diagnostics};

use super::fields::attribute_path;
use super::story::story;
use super::table::{row, wrong_path};
use super::verb::Verb;

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

    /// What happened: the action, the object, the response, the request.
    #[must_use]
    pub fn story(&self, error: &Error) -> String {
        story(self.verb, &self.to_string(), error)
    }

    /// What to do next.
    fn remedy(&self, error: &Error) -> String {
        if error.kind() == ErrorKind::NotFound && error.may_be_wrong_path() {
            return wrong_path(self.id.is_some() || self.name.is_some());
        }
        row(self.verb, error.kind()).remedy
    }
}
