//! How a call ended: what it gave, and what it reported.

use std::fmt::Write as _;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::operation::DeferReason;

/// How a call of a provider ended: what it gave, and what it reported.
#[derive(Clone, Debug)]
#[must_use]
pub struct Response<T> {
    result: Option<T>,
    diagnostics: Diagnostics,
    deferred: Option<DeferReason>,
}

impl<T> Response<T> {
    pub(super) fn new(result: Option<T>, diagnostics: Diagnostics) -> Self {
        Self { result, diagnostics, deferred: None }
    }

    pub(super) fn failed(diagnostics: Diagnostics) -> Self {
        Self::new(None, diagnostics)
    }

    pub(super) fn into_parts(self) -> (Option<T>, Diagnostics, Option<DeferReason>) {
        (self.result, self.diagnostics, self.deferred)
    }

    pub(super) fn deferred_by(mut self, reason: Option<DeferReason>) -> Self {
        self.deferred = reason;
        self
    }

    /// What the call gave. Use it where a call succeeds; warnings are no failure.
    ///
    /// # Panics
    /// If it failed, was put off, or gave nothing, with everything that it reported.
    #[track_caller]
    pub fn ok(self) -> T {
        self.check();
        let Self { result, diagnostics, .. } = self;
        result.unwrap_or_else(|| panic!("the call succeeded, but gave nothing{}", shown(&diagnostics)))
    }

    /// What the call gave, although it may have failed.
    #[must_use]
    pub fn result(&self) -> Option<&T> {
        self.result.as_ref()
    }

    /// What the call gave, although it may have failed.
    #[must_use]
    pub fn into_result(self) -> Option<T> {
        self.result
    }

    /// The one error with which the call failed.
    ///
    /// # Panics
    /// If it did not fail, or with another number of errors, or with one of another summary.
    #[track_caller]
    pub fn error(&self, summary: &str) -> &Diagnostic {
        one_error(&self.diagnostics, summary)
    }

    /// A warning that the call reported.
    ///
    /// # Panics
    /// If it reported none of this summary.
    #[track_caller]
    pub fn warning(&self, summary: &str) -> &Diagnostic {
        warning(&self.diagnostics, summary)
    }

    /// Everything that was reported.
    #[must_use]
    pub fn diagnostics(&self) -> &Diagnostics {
        &self.diagnostics
    }

    /// Whether it failed.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.diagnostics.has_errors()
    }

    /// Why the call was put off, if it was.
    #[must_use]
    pub fn deferred(&self) -> Option<DeferReason> {
        self.deferred
    }

    #[track_caller]
    pub(super) fn check(&self) {
        succeeded(&self.diagnostics);
        if let Some(reason) = self.deferred {
            panic!("the call was put off: {reason:?}");
        }
    }
}

/// Checks that nothing failed.
#[track_caller]
pub(super) fn succeeded(diagnostics: &Diagnostics) {
    assert!(!diagnostics.has_errors(), "the call failed{}", shown(diagnostics));
}

#[track_caller]
pub(super) fn one_error<'a>(diagnostics: &'a Diagnostics, summary: &str) -> &'a Diagnostic {
    let errors: Vec<_> = diagnostics.iter().filter(|one| one.is_error()).collect();
    match errors[..] {
        [error] if error.summary == summary => error,
        [] => panic!("the call did not fail; expected one error, {summary:?}{}", shown(diagnostics)),
        _ => panic!("expected one error, {summary:?}{}", shown(diagnostics)),
    }
}

#[track_caller]
pub(super) fn warning<'a>(diagnostics: &'a Diagnostics, summary: &str) -> &'a Diagnostic {
    let found = diagnostics.iter().find(|one| !one.is_error() && one.summary == summary);
    found.unwrap_or_else(|| panic!("there is no warning {summary:?}{}", shown(diagnostics)))
}

/// Everything that was reported, below a sentence.
pub(super) fn shown(diagnostics: &Diagnostics) -> String {
    if diagnostics.is_empty() {
        return "; nothing was reported".to_owned();
    }
    diagnostics.iter().fold("; reported was:".to_owned(), |mut text, one| {
        let place = one.path.as_ref().map(|path| format!(", at {path}")).unwrap_or_default();
        let (severity, summary, detail) = (one.severity, &one.summary, one.detail.replace('\n', "\n    "));
        _ = write!(text, "\n\n  {severity:?}: {summary}{place}\n\n    {detail}");
        text
    })
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;
    use crate::path::AttributePath;

    fn panic_of(piece: impl FnOnce()) -> String {
        let panic = catch_unwind(AssertUnwindSafe(piece)).expect_err("it panics");
        panic.downcast_ref::<String>().cloned().expect("it says why")
    }

    fn response(errors: &[&str]) -> Response<u8> {
        let mut diagnostics = Diagnostics::from(Diagnostic::warning("Slow", "It took long."));
        diagnostics.extend(
            errors
                .iter()
                .map(|summary| Diagnostic::error(*summary, "It failed.\nTry again.").at(AttributePath::of("name"))),
        );
        Response::new(Some(7), diagnostics)
    }

    #[test]
    fn what_a_response_gave_is_taken_if_it_did_not_fail() {
        assert_eq!(response(&[]).ok(), 7);
        assert_eq!(response(&[]).warning("Slow").detail, "It took long.");
        assert_eq!((response(&["Bad"]).result(), response(&["Bad"]).has_failed()), (Some(&7), true));
        assert_eq!(response(&["Bad"]).error("Bad").path, Some(AttributePath::of("name")));
    }

    #[test]
    fn a_check_that_fails_shows_everything_that_was_reported() {
        let all = "; reported was:\n\n  Warning: Slow\n\n    It took long.\n\n  Error: Bad, at name\n\n    It failed.\n    Try again.";
        assert_eq!(panic_of(|| _ = response(&["Bad"]).ok()), format!("the call failed{all}"));
        assert_eq!(panic_of(|| _ = response(&["Bad"]).error("Good")), format!("expected one error, \"Good\"{all}"));
        assert!(panic_of(|| _ = response(&["Bad", "Bad"]).error("Bad")).starts_with("expected one error, \"Bad\";"));
        assert!(panic_of(|| _ = response(&[]).error("Bad")).starts_with("the call did not fail; expected one error"));
        assert!(panic_of(|| _ = response(&[]).warning("Fast")).starts_with("there is no warning \"Fast\"; reported"));
        let nothing = Response::<u8>::failed(Diagnostics::new());
        assert_eq!(panic_of(|| _ = nothing.ok()), "the call succeeded, but gave nothing; nothing was reported");
        let deferred = response(&[]).deferred_by(Some(DeferReason::AbsentPrerequisite));
        assert_eq!(panic_of(|| _ = deferred.ok()), "the call was put off: AbsentPrerequisite");
    }
}
