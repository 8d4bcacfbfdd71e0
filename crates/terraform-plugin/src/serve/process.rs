//! How the process lives and dies: signals, the parent, panics.

use std::io::Write as _;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

/// How often we check whether the parent is still running.
#[cfg(unix)]
const PARENT_INTERVAL: Duration = Duration::from_secs(1);

/// Ctrl-C in a terminal reaches every process in it. It ends no server, and stops no change: that is for Terraform to say,
/// by `StopProvider`. But Terraform says nothing in the plan that it makes within an apply.
pub(super) fn note_interrupts(interrupt: CancellationToken) {
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            interrupt.cancel();
        }
    });
}

/// Ends the server on Ctrl-C.
pub(super) fn end_on_interrupt(shutdown: CancellationToken) {
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            shutdown.cancel();
        }
    });
}

/// Ends the server on SIGTERM, so that its socket is removed.
pub(super) fn end_on_terminate(shutdown: CancellationToken) {
    #[cfg(unix)]
    tokio::spawn(async move {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate())
            && terminate.recv().await.is_some()
        {
            shutdown.cancel();
        }
    });
    #[cfg(not(unix))]
    drop(shutdown);
}

/// Ends the server when the parent has exited: a Terraform that was killed says no goodbye.
pub(super) fn watch_parent(shutdown: CancellationToken) {
    #[cfg(unix)]
    tokio::spawn(async move {
        let parent = rustix::process::getppid();
        let mut ticks = tokio::time::interval(PARENT_INTERVAL);
        loop {
            ticks.tick().await;
            if rustix::process::getppid() != parent {
                shutdown.cancel();
                return;
            }
        }
    });
    #[cfg(not(unix))]
    drop(shutdown);
}

/// Prints panics in the form that Terraform shows to the user.
pub(super) fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let reason = panic.payload_as_str().unwrap_or("no reason given");
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        _ = writeln!(std::io::stderr(), "panic: {reason} at {place}");
    }));
}
