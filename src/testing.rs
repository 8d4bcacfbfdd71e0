//! Clients for unit tests.

use tensorpool::{Client, Config, Secret};

/// The key of [`client`].
pub const KEY: &str = "tp-simulated";

/// A client of an endpoint, which retries nothing. It sends nothing before it is asked to.
pub fn client(endpoint: &str) -> Client {
    let config = Config::new(Secret::new(KEY), endpoint).expect("it is https, or a loopback address");
    Client::new(config.max_retries(0)).expect("a client can be created")
}
