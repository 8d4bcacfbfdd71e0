//! A panic in one call is that call's error, not the end of the provider.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use futures_util::FutureExt;

use super::bug_report::mistake;
use crate::diagnostic::{Diagnostic, Diagnostics};

/// Runs one operation; a panic in it becomes a diagnostic that names the operation and the object. So does an error of it
/// that holds none: Terraform would take that for a success.
pub(crate) async fn guard<T>(
    what: &str,
    object: &str,
    operation: impl Future<Output = Result<T, Diagnostics>>,
) -> Result<T, Diagnostics> {
    let ended = survived(what, object, operation).await;
    let result = ended.unwrap_or_else(|crash| Err(crash.into()));
    result.map_err(|mut diagnostics| {
        // A validation has no other way to warn.
        if !diagnostics.has_errors() && (diagnostics.is_empty() || what != VALIDATE) {
            let sentence = format!("when it was asked to {what}, it failed without an error that says why.");
            diagnostics.push(mistake(object, &sentence));
        }
        diagnostics
    })
}

/// Runs a piece of the author's code that waits; a panic in it becomes a diagnostic.
pub(super) async fn survived<T>(what: &str, object: &str, piece: impl Future<Output = T>) -> Result<T, Diagnostic> {
    // Nothing that the operation shares can be left half changed in a way that matters: what it saved is a whole state or
    // none, the framework takes its own locks although they are poisoned, and a poisoned lock of the author's fails the
    // next call with a message.
    AssertUnwindSafe(piece).catch_unwind().await.map_err(|panic| crash(what, object, panic.as_ref()))
}

/// What a validation is asked to do.
pub(crate) const VALIDATE: &str = "validate";

/// Runs a piece of the author's code that is no operation; a panic in it becomes a diagnostic that names what it was to do.
pub(crate) fn caught<T>(what: &str, object: &str, piece: impl FnOnce() -> T) -> Result<T, Diagnostic> {
    caught_about(what, object, false, piece)
}

/// The same of a piece that is about one value. The reason of a panic may show it, so it is left out if the value is sensitive.
pub(crate) fn caught_about<T>(
    what: &str,
    object: &str,
    sensitive: bool,
    piece: impl FnOnce() -> T,
) -> Result<T, Diagnostic> {
    catch_unwind(AssertUnwindSafe(piece)).map_err(|panic| {
        let hidden = "the reason is not shown, as the value is sensitive.";
        crash(what, object, if sensitive { &hidden } else { panic.as_ref() })
    })
}

fn crash(what: &str, object: &str, panic: &(dyn Any + Send)) -> Diagnostic {
    let reason = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no reason given");
    Diagnostic::error(
        "The provider crashed",
        format!(
            "While it was asked to {what} {object}, the provider panicked: {reason}\n\nThis is a bug in the provider; \
             please report it to its developers. The provider goes on running, and what the operation had saved \
             before is in the state."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_diagnostic() {
        let result: Result<(), _> = guard("read", "example_thing", async { panic!("out of cheese") }).await;
        let diagnostics = result.expect_err("it panicked");
        let detail = &diagnostics.iter().next().expect("there is one").detail;
        assert!(detail.contains("read example_thing") && detail.contains("out of cheese"), "{detail}");
    }

    #[tokio::test]
    async fn an_error_that_says_nothing_is_reported() {
        let failed = async |what: &str, diagnostics| {
            let result: Result<(), _> = guard(what, "example_thing", async { Err(diagnostics) }).await;
            result.expect_err("it failed")
        };
        let warning = || Diagnostics::from(Diagnostic::warning("Slow", "It took long."));
        for (what, diagnostics) in
            [("create", warning()), ("create", Diagnostics::new()), (VALIDATE, Diagnostics::new())]
        {
            let reported = failed(what, diagnostics).await;
            let error = reported.iter().find(|one| one.is_error()).expect("there is an error");
            assert!(error.detail.starts_with(&format!("example_thing: when it was asked to {what}, it failed")));
        }
        assert_eq!(failed(VALIDATE, warning()).await, warning());
    }
}
