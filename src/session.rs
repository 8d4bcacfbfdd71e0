//! What every operation is given.

use std::time::Duration;

use tensorpool::{Api, Client, Scope};
use terraform_plugin::{AttributePath, Diagnostic, Diagnostics};
use tokio_util::sync::CancellationToken;

use crate::cluster_lock::ClusterLocks;
use crate::evidence::Memory;
use crate::journal::Journal;

/// What every operation is given: the API's client, or why there is none yet; the journal of creates; the locks of clusters;
/// and what this process remembers of the state.
pub struct Session {
    client: Result<Client, &'static str>,
    journal: Journal,
    locks: ClusterLocks,
    memory: Memory,
}

impl Session {
    /// A session with a client.
    #[must_use]
    pub fn new(client: Client, journal: Journal) -> Self {
        Self { client: Ok(client), journal, locks: ClusterLocks::default(), memory: Memory::default() }
    }

    /// A session without a client, as this argument of the provider is not known yet.
    #[must_use]
    pub fn unknown(attribute: &'static str) -> Self {
        Self {
            client: Err(attribute),
            journal: Journal::off(),
            locks: ClusterLocks::default(),
            memory: Memory::default(),
        }
    }

    /// The API for an operation that may take as long as `limit`, and ends early when the user stops it.
    ///
    /// # Errors
    /// When the provider's configuration is not known yet.
    pub fn api(&self, limit: Duration, stop: &CancellationToken) -> Result<Api, Diagnostics> {
        self.scoped(Scope::new(limit, stop.clone()))
    }

    /// The API within the scope of an operation.
    ///
    /// # Errors
    /// When the provider's configuration is not known yet.
    pub fn scoped(&self, scope: Scope) -> Result<Api, Diagnostics> {
        self.client.as_ref().map(|client| client.scoped(scope)).map_err(|attribute| {
            let detail = format!(
                "The provider's argument {attribute} is only known after another resource was applied, but this \
                 operation needs it now. Apply that resource first, for example with -target, or set the argument to a \
                 value that is known."
            );
            Diagnostic::error("Provider configuration not known yet", detail).at(AttributePath::of(*attribute)).into()
        })
    }

    /// The journal of creates.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The locks of operations that must not overlap on one cluster.
    #[must_use]
    pub fn locks(&self) -> &ClusterLocks {
        &self.locks
    }

    /// What this process remembers of the state.
    #[must_use]
    pub fn memory(&self) -> &Memory {
        &self.memory
    }
}
