//! Operations that must not overlap on one cluster run one after the other.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tensorpool::{Error, Scope};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

/// The locks of all clusters, by their ids.
#[derive(Default)]
pub struct ClusterLocks(Mutex<HashMap<String, Arc<AsyncMutex<()>>>>);

/// Holds the lock of a cluster until it is dropped.
pub struct Permit {
    _guard: OwnedMutexGuard<()>,
}

impl ClusterLocks {
    /// Waits for the lock of a cluster. It is given in the order in which it was asked for.
    ///
    /// # Errors
    /// When the scope ends before.
    pub async fn acquire(&self, id: &str, scope: &Scope) -> Result<Permit, Error> {
        let lock = {
            let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(locks.entry(id.to_owned()).or_default())
        };
        let waited = scope.wait_for(&format!("waiting for other operations on {id}"), lock.lock_owned()).await;
        waited.map(|guard| Permit { _guard: guard })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tensorpool::ErrorKind;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn operations_on_one_cluster_do_not_overlap_and_others_do_not_wait() {
        let (locks, scope) = (ClusterLocks::default(), Scope::detached(Duration::from_secs(5)));
        let first = locks.acquire("c-1", &scope).await.expect("no other operation holds it");
        assert!(locks.acquire("c-2", &scope).await.is_ok());
        let error = locks.acquire("c-1", &scope).await.err().expect("it is held");
        assert_eq!(error.kind(), ErrorKind::Deadline);
        drop(first);
        assert!(locks.acquire("c-1", &Scope::detached(Duration::from_secs(5))).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_ends_the_wait() {
        let (locks, stop) = (ClusterLocks::default(), tokio_util::sync::CancellationToken::new());
        let _first =
            locks.acquire("c-1", &Scope::detached(Duration::from_secs(5))).await.expect("no other operation holds it");
        stop.cancel();
        let stopped = locks.acquire("c-1", &Scope::new(Duration::from_secs(5), stop)).await;
        assert_eq!(stopped.err().map(|error| error.kind()), Some(ErrorKind::Stopped));
    }
}
