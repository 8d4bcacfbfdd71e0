//! What a person or the system says to the process: an interrupt, or that it is to end.

use std::future::poll_fn;
use std::io;
use std::task::{Context, Poll};

/// Signals of one meaning. They are listened to from the creation of this value on: while nothing listens to a signal, it ends
/// the process at once.
pub(super) struct Signals(Vec<Source>);

/// Ready when a signal has come.
type Source = Box<dyn FnMut(&mut Context<'_>) -> Poll<Option<()>> + Send>;

impl Signals {
    /// Ctrl-C, and Ctrl-Break, which is the same to Terraform.
    #[cfg(windows)]
    pub fn interrupt() -> io::Result<Self> {
        use tokio::signal::windows::{ctrl_break, ctrl_c};
        let (mut c, mut r#break) = (ctrl_c()?, ctrl_break()?);
        Ok(Self(vec![Box::new(move |cx| c.poll_recv(cx)), Box::new(move |cx| r#break.poll_recv(cx))]))
    }

    /// The window of the console is closed. Windows waits some seconds. That the user logs off it says to services alone.
    /// <https://learn.microsoft.com/en-us/windows/console/handlerroutine>
    #[cfg(windows)]
    pub fn terminate() -> io::Result<Self> {
        let mut close = tokio::signal::windows::ctrl_close()?;
        Ok(Self(vec![Box::new(move |cx| close.poll_recv(cx))]))
    }

    /// Ctrl-C.
    #[cfg(unix)]
    pub fn interrupt() -> io::Result<Self> {
        Self::of(tokio::signal::unix::SignalKind::interrupt())
    }

    /// SIGTERM.
    #[cfg(unix)]
    pub fn terminate() -> io::Result<Self> {
        Self::of(tokio::signal::unix::SignalKind::terminate())
    }

    #[cfg(unix)]
    fn of(kind: tokio::signal::unix::SignalKind) -> io::Result<Self> {
        let mut signal = tokio::signal::unix::signal(kind)?;
        Ok(Self(vec![Box::new(move |cx| signal.poll_recv(cx))]))
    }

    /// Waits for the next one. `None` if none can come any more.
    pub async fn next(&mut self) -> Option<()> {
        poll_fn(|cx| {
            // Each of them is asked, so that each wakes this task.
            let polls = self.0.iter_mut().map(|source| source(cx)).collect::<Vec<_>>();
            polls.into_iter().find(Poll::is_ready).unwrap_or(Poll::Pending)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn each_source_counts_again_and_again() {
        let (one, mut from_one) = mpsc::channel::<()>(1);
        let (other, mut from_other) = mpsc::channel::<()>(1);
        let mut signals =
            Signals(vec![Box::new(move |cx| from_one.poll_recv(cx)), Box::new(move |cx| from_other.poll_recv(cx))]);
        let moment = std::time::Duration::from_millis(20);
        assert!(tokio::time::timeout(moment, signals.next()).await.is_err(), "none has come");
        for source in [&one, &other, &one] {
            let (next, sent) = tokio::join!(signals.next(), source.send(()));
            assert_eq!((next, sent), (Some(()), Ok(())));
        }
    }

    #[tokio::test]
    async fn the_signals_of_this_system_can_be_listened_to() {
        for signals in [Signals::interrupt(), Signals::terminate()] {
            assert!(!signals.expect("they can be listened to").0.is_empty());
        }
    }
}
