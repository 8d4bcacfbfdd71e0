//! How the process lives and dies: signals, the parent, panics.

use std::io::{self, Write as _};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

/// How often it is checked whether the parent is still running.
#[cfg(unix)]
const PARENT_INTERVAL: Duration = Duration::from_secs(1);

/// Ctrl-C in a terminal reaches every process in it. It ends no server, and stops no change: that is for Terraform to say,
/// by `StopProvider`. But Terraform says nothing in the plan that it makes within an apply.
///
/// From here on it does not end the process: what handles a signal is installed now, and not when the task first runs.
///
/// # Errors
/// If the system does not allow it.
pub(super) fn note_interrupts(interrupt: CancellationToken) -> io::Result<()> {
    let mut interrupts = interrupts()?;
    tokio::spawn(async move {
        while interrupts.recv().await.is_some() {
            interrupt.cancel();
        }
    });
    Ok(())
}

/// Ends the server on Ctrl-C.
///
/// # Errors
/// If the system does not allow it.
pub(super) fn end_on_interrupt(shutdown: CancellationToken) -> io::Result<()> {
    let mut interrupts = interrupts()?;
    tokio::spawn(async move {
        if interrupts.recv().await.is_some() {
            shutdown.cancel();
        }
    });
    Ok(())
}

/// Ctrl-C, from now on.
#[cfg(unix)]
fn interrupts() -> io::Result<tokio::signal::unix::Signal> {
    tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())
}

/// Ctrl-C, from now on.
#[cfg(windows)]
fn interrupts() -> io::Result<tokio::signal::windows::CtrlC> {
    tokio::signal::windows::ctrl_c()
}

/// Ends the server on SIGTERM, so that its socket is removed.
///
/// # Errors
/// If the system does not allow it.
#[cfg(unix)]
pub(super) fn end_on_terminate(shutdown: CancellationToken) -> io::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::spawn(async move {
        if terminate.recv().await.is_some() {
            shutdown.cancel();
        }
    });
    Ok(())
}

/// Windows has no SIGTERM, and no socket's file to remove.
#[cfg(windows)]
#[expect(clippy::unnecessary_wraps, reason = "on Unix it can fail")]
pub(super) fn end_on_terminate(shutdown: CancellationToken) -> io::Result<()> {
    drop(shutdown);
    Ok(())
}

/// Ends the server when the parent has exited: a Terraform that was killed says no goodbye.
pub(super) fn watch_parent(shutdown: CancellationToken) {
    #[cfg(unix)]
    tokio::spawn(async move {
        let parent = ParentProcess::current();
        let mut ticks = tokio::time::interval(PARENT_INTERVAL);
        while !parent.has_ended() {
            ticks.tick().await;
        }
        shutdown.cancel();
    });
    #[cfg(not(unix))]
    drop(shutdown);
}

/// The process that started this one: the Terraform that it serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParentProcess {
    /// Its PID. Zero where the system does not report it.
    id: u32,
}

impl ParentProcess {
    /// The parent of now. Where a parent ends before its children, these get another one.
    #[must_use]
    pub fn current() -> Self {
        #[cfg(unix)]
        let id = std::os::unix::process::parent_id();
        #[cfg(not(unix))]
        let id = 0;
        Self { id }
    }

    /// A parent that has ended, for tests.
    #[doc(hidden)]
    #[must_use]
    pub fn ended() -> Self {
        Self { id: u32::MAX }
    }

    /// Whether it has ended, so that this process is about to end too. Always false where the system does not report parents.
    #[must_use]
    pub fn has_ended(self) -> bool {
        Self::current() != self
    }

    /// What distinguishes it from every other process: its PID, and when it and the system started, because PIDs are reused.
    /// `None` where the system does not report it.
    #[must_use]
    pub fn identity(self) -> Option<String> {
        if self.id == 0 {
            return None;
        }
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.id)).unwrap_or_default();
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        Some(format!("{}-{}-{}", self.id, start_time(&stat), boot.trim()))
    }
}

/// The start time in a line of `/proc/<pid>/stat`: the 20th word after the name of the program, which is in parentheses and
/// may hold anything.
fn start_time(stat: &str) -> &str {
    stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(19)).unwrap_or_default()
}

/// Prints panics in the form that Terraform shows to the user.
pub(super) fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let reason = panic.payload_as_str().unwrap_or("no reason given");
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        _ = writeln!(std::io::stderr(), "panic: {reason} at {place}");
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_of_any_name_has_a_start_time() {
        let fields = |name: &str| format!("7 ({name}) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20 21");
        assert_eq!(start_time(&fields("terraform")), "4711");
        assert_eq!(start_time(&fields("a) (b c")), "4711");
        assert_eq!(start_time(""), "");
    }

    #[cfg(unix)]
    #[test]
    fn a_parent_is_identified_while_it_runs() {
        let parent = ParentProcess::current();
        assert!(!parent.has_ended());
        assert_eq!(parent.identity(), ParentProcess::current().identity());
        assert!(parent.identity().is_some_and(|identity| identity.starts_with(&format!("{}-", parent.id))));
        assert!(ParentProcess::ended().has_ended());
    }
}
