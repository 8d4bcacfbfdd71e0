//! [`Simulator`], the handle of a running simulator, and what it shares with the server. [`server`](crate::server) starts it; its
//! methods about objects are in the files of the objects.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

use crate::account::AccountIndex;
use crate::fault::{Fault, Faults};
use crate::log::LoggedRequest;
use crate::options::Options;
use crate::rate_limit::RateLimit;
use crate::store::Store;
use crate::world::World;

/// Everything that a request can read or change.
pub(crate) struct ServerState {
    pub world: World,
    pub faults: Faults,
    pub log: Vec<LoggedRequest>,
    pub rate_limit: RateLimit,
    /// The URL of the simulator, for the help text.
    pub url: String,
    /// The account that the methods of [`Simulator`] act on.
    acting_account: AccountIndex,
    store: Option<Store>,
}

impl ServerState {
    /// Creates the state, with what is in the data file if there is one.
    ///
    /// # Errors
    /// Returns an error if the data file cannot be read or written.
    pub fn new(options: Options, url: String) -> io::Result<Self> {
        let (seed, data) = (options.seed, options.data.clone());
        let mut world = World::new(options);
        let open = |path: PathBuf| {
            let explain = |error: io::Error| {
                io::Error::new(error.kind(), format!("Cannot use the data file {}: {error}", path.display()))
            };
            Store::open(&path, &mut world).map_err(explain)
        };
        let store = data.map(open).transpose()?;
        Ok(Self {
            world,
            faults: Faults::new(seed),
            log: Vec::new(),
            rate_limit: RateLimit::default(),
            url,
            acting_account: AccountIndex::FIRST,
            store,
        })
    }

    /// Writes the data file if there is one.
    pub fn save(&mut self) {
        if let Some(Err(error)) = self.store.as_mut().map(|store| store.save(&self.world)) {
            eprintln!("Cannot write the data file: {error}");
        }
    }
}

/// The state, shared by the connections and the handle.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Mutex<ServerState>>);

impl Shared {
    pub fn new(state: ServerState) -> Self {
        Self(Arc::new(Mutex::new(state)))
    }

    pub fn lock(&self) -> MutexGuard<'_, ServerState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A running simulator. It stops when it is dropped.
pub struct Simulator {
    address: SocketAddr,
    shared: Shared,
    stop: CancellationToken,
}

impl Simulator {
    pub(crate) fn new(address: SocketAddr, shared: Shared, stop: CancellationToken) -> Self {
        Self { address, shared, stop }
    }

    /// Returns the URL of the API.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the log of the requests to the API.
    #[must_use]
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.shared.lock().log.clone()
    }

    /// Clears the log of the requests.
    pub fn clear_requests(&self) {
        self.shared.lock().log.clear();
    }

    /// Adds a rule that injects a fault.
    pub fn add_fault(&self, fault: Fault) {
        _ = self.shared.lock().faults.add(fault);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.shared.lock().faults.clear();
    }

    /// Makes the next request of a type, for example `CLUSTER_CLAIM`, end as FAILED.
    pub fn fail_next(&self, request_type: &str, message: &str) {
        self.with_world(|world| world.objects.request.fail_next(request_type, message));
    }

    /// Changes the options from now on. The address, the key and the data file do not change.
    pub fn configure(&self, change: impl FnOnce(&mut Options)) {
        self.with_world(|world| change(&mut world.options));
    }

    /// Adds an account with its own objects. Does nothing if the key is empty or in use. All other methods act on the first
    /// account, except within [`Self::for_account`].
    pub fn add_account(&self, key: &str) {
        self.with_world(|world| world.accounts.add(key));
    }

    /// Runs `work`, during which all methods act on the account of a key. `None` if no account has the key.
    pub fn for_account<T>(&self, key: &str, work: impl FnOnce(&Self) -> T) -> Option<T> {
        {
            let mut state = self.shared.lock();
            state.acting_account = state.world.accounts.of_key(key)?;
        }
        let result = work(self);
        self.shared.lock().acting_account = AccountIndex::FIRST;
        Some(result)
    }

    /// Replaces the key of an account. Does nothing if no account has the old key, or the new one is empty or in use.
    pub fn rotate_key(&self, old: &str, new: &str) {
        self.with_world(|world| world.accounts.rotate_key(old, new));
    }

    /// Reads or changes the world.
    pub(crate) fn with_world<T>(&self, work: impl FnOnce(&mut World) -> T) -> T {
        let mut state = self.shared.lock();
        let account = state.acting_account;
        let result = state.world.with_account(account, |world| {
            world.settle();
            work(world)
        });
        state.save();
        result
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
