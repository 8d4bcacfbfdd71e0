//! A local TensorPool: it keeps the rules of the real API, costs nothing, and fails where it is told to.
//!
//! Use it as a library in tests, or as the program `tensorpool-simulator`. Under `/_simulator/` it shows what it was
//! asked, and takes orders: faults, locks that are set from outside, failures of the next request.

mod account;
mod answer_id;
mod clock;
mod control;
mod fault;
mod help;
mod limit;
mod log;
mod normal;
mod objects;
mod options;
mod reply;
mod server;
mod store;
mod world;

pub use answer_id::AnswerId;
pub use fault::{Action, Fault};
pub use help::help;
pub use log::LoggedRequest;
pub use normal::{Containers, Names};
pub use objects::cluster::{ClusterView, NewCluster};
pub use objects::job::NewJob;
pub use objects::ssh_key::{NewSshKey, SshKeyView};
pub use objects::storage::{NewVolume, VolumeView};
pub use objects::user::Preferences;
pub use options::{ErrorShape, Gone, IdName, NameField, Options, RetryAfter, Variants};
pub use server::Simulator;
pub use world::Owner;
