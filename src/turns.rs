//! Turns: operations that must not overlap on one object run one after the other.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tensorpool::{Error, ErrorKind, Interrupted, Scope};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

/// The turns of all objects, by their ids.
#[derive(Default)]
pub struct Turns(Mutex<HashMap<String, Arc<AsyncMutex<()>>>>);

/// Somebody's turn, which ends when it is dropped.
pub struct Turn {
    _guard: OwnedMutexGuard<()>,
}

impl Turns {
    /// Waits for the turn at an object. Turns come in the order in which they were asked for.
    ///
    /// # Errors
    /// When the scope ends before.
    pub async fn wait(&self, id: &str, scope: &Scope) -> Result<Turn, Error> {
        let turn = {
            let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(id.to_owned()).or_default())
        };
        let kind = |why| match why {
            Interrupted::Stopped => ErrorKind::Stopped,
            Interrupted::Deadline => ErrorKind::Deadline,
        };
        let waited = scope.run(turn.lock_owned()).await;
        let waited = waited.map_err(|why| Error::new(kind(why), format!("waiting for other operations on {id}")));
        waited.map(|guard| Turn { _guard: guard })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn turns_at_one_object_do_not_overlap_and_others_do_not_wait() {
        let (turns, scope) = (Turns::default(), Scope::detached(Duration::from_secs(5)));
        let first = turns.wait("c-1", &scope).await.expect("nobody else is there");
        assert!(turns.wait("c-2", &scope).await.is_ok());
        let error = turns.wait("c-1", &scope).await.err().expect("it is not its turn");
        assert_eq!(error.kind(), ErrorKind::Deadline);
        drop(first);
        assert!(turns.wait("c-1", &Scope::detached(Duration::from_secs(5))).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_ends_the_wait() {
        let (turns, stop) = (Turns::default(), tokio_util::sync::CancellationToken::new());
        let _first = turns.wait("c-1", &Scope::detached(Duration::from_secs(5))).await.expect("nobody else is there");
        stop.cancel();
        let stopped = turns.wait("c-1", &Scope::new(Duration::from_secs(5), stop)).await;
        assert_eq!(stopped.err().map(|error| error.kind()), Some(ErrorKind::Stopped));
    }
}
