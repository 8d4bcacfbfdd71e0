//! A simulator of the TensorPool API for demos and tests. It follows the rules of the real API, costs nothing, and injects
//! faults on request.
//!
//! Use it as a library in tests with [`Simulator`], or as the program `tensorpool-simulator`. The admin API under
//! `/_simulator/` returns the log of the requests and what really exists, injects faults, and changes objects as if it
//! happened outside Terraform.

mod account;
mod admin;
mod answer_id;
mod api;
mod clock;
mod fault;
mod help;
mod log;
mod normalization;
mod objects;
mod options;
mod rate_limit;
mod server;
mod shapes;
mod store;
mod visibility;
mod world;

pub use answer_id::AnswerId;
pub use fault::{Action, Fault};
pub use help::help;
pub use log::LoggedRequest;
pub use normalization::{Containers, Names};
pub use objects::cluster::{ClusterView, NewCluster};
pub use objects::job::NewJob;
pub use objects::ssh_key::{NewSshKey, SshKeyView};
pub use objects::storage::{NewVolume, VolumeView};
pub use objects::user::Preferences;
pub use options::{ErrorShape, Gone, IdName, NameField, Options, RetryAfter, Variants};
pub use server::Simulator;
pub use world::Owner;
