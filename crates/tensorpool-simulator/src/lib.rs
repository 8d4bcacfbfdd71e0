//! A local TensorPool: it keeps the rules of the real API, costs nothing, and fails where it is told to.
//!
//! Use it as a library in tests, or as the program `tensorpool-simulator`. Under `/_simulator/` it shows what it was
//! asked, and takes orders: faults, locks that are set from outside, failures of the next request.

mod api;
mod control;
mod fault;
mod log;
mod server;
mod world;

pub use fault::{Action, Fault};
pub use log::LoggedRequest;
pub use server::Simulator;
pub use world::{ClusterView, NewCluster, Options, RetryAfter};
