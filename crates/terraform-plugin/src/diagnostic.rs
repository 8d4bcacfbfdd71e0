//! What a provider reports to the user: errors and warnings, with the attribute that they are about.

use crate::path::AttributePath;

/// How bad a [`Diagnostic`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Severity {
    /// The operation failed.
    Error,
    /// The operation went on, but the user should know.
    Warning,
}

/// One message to the user.
///
/// The summary is one short line that stays the same for one kind of problem; the detail says what happened to
/// which object and what to do next. Neither may hold a secret.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// One short line.
    pub summary: String,
    /// What happened, and what to do. Plain text of any length.
    pub detail: String,
    /// The attribute that the message is about. Terraform shows its line in the configuration.
    pub path: Option<AttributePath>,
}

impl Diagnostic {
    /// A message that says that the operation failed.
    #[must_use]
    pub fn error(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { severity: Severity::Error, summary: summary.into(), detail: detail.into(), path: None }
    }

    /// A message that does not stop the operation.
    #[must_use]
    pub fn warning(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(summary, detail) }
    }

    /// The same message as one that does not stop the operation.
    #[must_use]
    pub fn into_warning(self) -> Self {
        Self { severity: Severity::Warning, ..self }
    }

    /// The same message, about an attribute.
    #[must_use]
    pub fn at(mut self, path: AttributePath) -> Self {
        self.path = Some(path);
        self
    }

    /// Whether the operation failed.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// The messages of one call, in the order in which they arose.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// No messages.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a message.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds the error, if `result` is one.
    pub fn absorb(&mut self, result: Result<(), Diagnostics>) {
        if let Err(diagnostics) = result {
            self.0.extend(diagnostics);
        }
    }

    /// Whether any of the messages is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(Diagnostic::is_error)
    }

    /// The errors alone.
    pub(crate) fn errors(self) -> Self {
        Self(self.0.into_iter().filter(Diagnostic::is_error).collect())
    }

    /// Whether there are no messages.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The messages.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<T: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: T) {
        self.0.extend(diagnostics);
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_alone_is_no_failure() {
        let mut diagnostics = Diagnostics::from(Diagnostic::warning("Restarts", "All nodes restart."));
        assert!(!diagnostics.has_errors());
        diagnostics.absorb(Err(Diagnostic::error("Failed", "It failed.").into()));
        assert!(diagnostics.has_errors());
        assert_eq!((diagnostics.iter().count(), (&diagnostics).into_iter().count()), (2, 2));
        assert!(Diagnostics::default().is_empty() && !diagnostics.is_empty());
        let errors = diagnostics.errors();
        assert_eq!(errors.iter().map(|error| &*error.summary).collect::<Vec<_>>(), ["Failed"]);
    }
}
