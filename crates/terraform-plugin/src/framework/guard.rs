//! A panic in one call is that call's error, not the end of the provider.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use crate::diagnostic::{Diagnostic, Diagnostics};

/// Runs one operation; a panic in it becomes a diagnostic that names the operation and the object.
pub(crate) async fn guard<T>(
    what: &str,
    object: &str,
    operation: impl Future<Output = Result<T, Diagnostics>>,
) -> Result<T, Diagnostics> {
    // Nothing that the operation shares can be left half changed in a way that matters: what it saved is a whole
    // state or none, and locks are the asynchronous kind, which a panic does not poison.
    AssertUnwindSafe(operation).catch_unwind().await.unwrap_or_else(|panic| Err(crash(what, object, panic.as_ref())))
}

fn crash(what: &str, object: &str, panic: &(dyn Any + Send)) -> Diagnostics {
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
    .into()
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
}
