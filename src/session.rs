//! What every operation is given.

use std::time::Duration;

use tensorpool::{Api, Client, Scope};
use terraform_plugin::{AttributePath, Diagnostic, Diagnostics, ResourcePlan};
use tokio_util::sync::CancellationToken;

use crate::cluster_lock::ClusterLocks;
use crate::credentials::Validation;
use crate::defaults::Defaults;
use crate::evidence::Memory;
use crate::journal::Journal;
use crate::timeouts;

/// What every operation is given: the API's client, or why there is none yet; the validation of its key; the defaults of the
/// provider block; the journal of creates; the locks of clusters; and what this process remembers of the state.
pub struct Session {
    client: Result<Client, &'static str>,
    validation: Validation,
    defaults: Defaults,
    journal: Journal,
    locks: ClusterLocks,
    memory: Memory,
}

impl Session {
    /// A session with a client.
    #[must_use]
    pub fn new(client: Client, validation: Validation, defaults: Defaults, journal: Journal) -> Self {
        Self {
            client: Ok(client),
            validation,
            defaults,
            journal,
            locks: ClusterLocks::default(),
            memory: Memory::default(),
        }
    }

    /// A session without a client, as this argument of the provider is not known yet.
    #[must_use]
    pub fn unknown(attribute: &'static str, defaults: Defaults) -> Self {
        Self {
            client: Err(attribute),
            validation: Validation::default(),
            defaults,
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

    /// The defaults of the provider block.
    #[must_use]
    pub fn defaults(&self) -> &Defaults {
        &self.defaults
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

/// Validates the credentials in the plan of a create, so that a wrong key fails before something is half applied.
///
/// # Errors
/// Returns an error if the API rejects the key, or there is no TensorPool API at the endpoint.
pub async fn validate_credentials<M>(plan: &ResourcePlan<Session, M>) -> Result<(), Diagnostics> {
    let is_create = plan.prior.is_none() && plan.planned.is_some();
    match plan.session().filter(|_| is_create) {
        // Without a client something of the configuration is not known yet.
        Some(session) => match session.api(timeouts::LOOK_UP, plan.stop()) {
            Ok(api) => session.validation.run(&api).await,
            Err(_) => Ok(()),
        },
        None => Ok(()),
    }
}
