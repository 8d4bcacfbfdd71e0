//! A Terraform provider for TensorPool, a GPU cloud.
//!
//! One folder for each kind of object; [`provider`](TensorPool) holds the list of them, and `errors` words every
//! failure of the API.

mod cluster;
mod errors;
mod journal;
mod provider;

pub use provider::{ADDRESS, TensorPool};
