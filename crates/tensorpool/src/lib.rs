//! A client of the API of TensorPool, a GPU cloud.
//!
//! The API is only partly documented, so answers are read leniently: fields that are missing, have another name or are
//! new are no errors unless nothing can be done without them.
//!
//! ```no_run
//! use std::time::Duration;
//! use tensorpool::{Client, Config, DEFAULT_ENDPOINT, Scope, Secret, Tolerance};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let key = Secret::new(std::env::var("TENSORPOOL_KEY")?);
//! let client = Client::new(Config::new(key, DEFAULT_ENDPOINT)?)?;
//! let scope = Scope::detached(Duration::from_secs(3600));
//! if let Some(request_id) = client.clusters().destroy("c-1", &scope).await?.request_id {
//!     client.requests().wait(&request_id, Some("c-1"), Tolerance::NONE, &scope).await?;
//! }
//! # Ok(())
//! # }
//! ```

mod accepted;
mod body;
mod client;
mod cluster;
mod config;
#[cfg(any(test, fuzzing))]
pub mod decoders;
mod error;
mod field;
mod instance;
mod job;
mod lenient;
mod listing;
mod names;
mod object_storage;
mod pacer;
mod public_key;
mod quote;
mod redact;
mod request;
mod retry;
mod scope;
mod secret;
mod sharing;
mod ssh_key;
mod storage;
mod user;
mod wait;

pub use accepted::Accepted;
pub use client::{Client, fingerprint};
pub use cluster::{Cluster, Clusters, CreateCluster, Created, EditCluster, Instance};
pub use config::{Config, ConfigError, DEFAULT_ENDPOINT, Jitter};
pub use error::{Error, ErrorKind, FieldError};
pub use field::Field;
pub use instance::{Instances, SshCommand};
pub use job::{Job, JobStatus, Jobs};
pub use listing::{Completeness, Listing};
pub use object_storage::{Bucket, Credentials, ObjectStorage};
pub use public_key::{PublicKey, PublicKeyError};
pub use quote::{Quote, Quotes};
pub use request::{Request, RequestStatus, Requests};
pub use scope::{Interrupted, Scope, Task};
pub use secret::Secret;
pub use ssh_key::{SshKey, SshKeys};
pub use storage::{CreateVolume, CreatedVolume, EditVolume, Volume, Volumes};
pub use user::{Account, Member, Organization, Preferences, User, Users};
pub use wait::{Progress, Tolerance, wait_until};
