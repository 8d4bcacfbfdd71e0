//! A Terraform provider for TensorPool, a GPU cloud.
//!
//! One folder for each kind of object; [`provider`](TensorPool) holds the list of them, and `errors` words every
//! failure of the API.

mod cluster;
mod cluster_lock;
mod configuration;
mod create_once;
mod credentials;
mod defaults;
mod deletion_protection;
mod errors;
mod evidence;
mod filter;
mod functions;
mod instance;
mod job;
mod journal;
#[cfg(test)]
mod model;
mod object_storage;
mod object_storage_bucket;
mod organization;
mod provider;
mod provisioned;
mod public_key;
mod quote;
mod request;
mod session;
mod ssh_key;
mod storage;
mod storage_attachment;
#[cfg(test)]
mod testing;
mod timeouts;
mod user;
mod user_preferences;

pub use provider::{ADDRESS, TensorPool};
