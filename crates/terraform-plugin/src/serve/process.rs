//! How the process lives and dies: signals, the parent, panics.

use std::io::{self, Write as _};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::parent::ParentProcess;
use super::signals::Signals;
use crate::mask;

/// How often it is checked whether the parent is still running.
const PARENT_INTERVAL: Duration = Duration::from_secs(1);

/// Ctrl-C in a terminal reaches every process in it. It ends no server, and stops no change: that is for Terraform to say,
/// by `StopProvider`. But Terraform says nothing in the plan that it makes within an apply.
///
/// # Errors
/// If the system does not allow to listen to it.
pub(super) fn note_interrupts(interrupt: CancellationToken) -> io::Result<()> {
    Signals::interrupt().map(|signals| cancel_at(signals, interrupt))
}

/// Ends the server on Ctrl-C.
///
/// # Errors
/// If the system does not allow to listen to it.
pub(super) fn end_on_interrupt(shutdown: CancellationToken) -> io::Result<()> {
    Signals::interrupt().map(|signals| cancel_at(signals, shutdown))
}

/// Ends the server when the system says that the process has to end, so that what runs is stopped and the socket removed.
///
/// # Errors
/// If the system does not allow to listen to it.
pub(super) fn end_on_terminate(shutdown: CancellationToken) -> io::Result<()> {
    Signals::terminate().map(|signals| cancel_at(signals, shutdown))
}

/// Cancels a token at these signals, and listens on: the second Ctrl-C of an impatient user must not end the process either.
fn cancel_at(mut signals: Signals, token: CancellationToken) {
    tokio::spawn(async move {
        while signals.next().await.is_some() {
            token.cancel();
        }
    });
}

/// Ends the server when the parent has exited: a Terraform that was killed says no goodbye.
pub(super) fn watch_parent(shutdown: CancellationToken) {
    tokio::spawn(async move {
        let parent = ParentProcess::current();
        let mut ticks = tokio::time::interval(PARENT_INTERVAL);
        while !parent.has_ended() {
            ticks.tick().await;
        }
        shutdown.cancel();
    });
}

/// Prints panics in the form that Terraform shows to the user.
pub(super) fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let reason = panic.payload_as_str().unwrap_or("no reason given");
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let line = format!("panic: {reason} at {place}");
        _ = writeln!(io::stderr(), "{}", mask::masks().masked(&line));
    }));
}
