//! A Terraform provider for TensorPool, a GPU cloud.
//!
//! One folder for each kind of object; [`provider`](TensorPool) holds the list of them, and `errors` words every
//! failure of the API.

mod cluster;
mod deletion_protection;
mod errors;
mod functions;
mod instance;
mod job;
mod journal;
mod limits;
mod lookup;
mod object_storage;
mod object_storage_bucket;
mod organization;
mod paid;
mod provider;
mod public_key;
mod quote;
mod request;
mod ssh_key;
mod storage;
mod storage_attachment;
mod turns;
mod unclear;
mod user;
mod user_preferences;

pub use provider::{ADDRESS, TensorPool};
