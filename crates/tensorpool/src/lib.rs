//! A client for the API of TensorPool, a GPU cloud.
//!
//! The API is only partly documented, so responses are read leniently: a field that is missing, has another name or is new is
//! an error only if it is essential.
//!
//! An operation asks through an [`Api`]: the shared [`Client`] with a [`Scope`], which limits the time of the operation and can be
//! cancelled. It has one handle for each type of object, for example [`Api::clusters`]. What fails, fails with an [`Error`]. Requests share a rate limiter and are retried after
//! transient failures; `retry.rs` documents which failures those are and how long the client waits.
//!
//! ```no_run
//! use std::time::Duration;
//! use tensorpool::{Client, Config, DEFAULT_ENDPOINT, Scope, Secret, Tolerance};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let key = Secret::new(std::env::var("TENSORPOOL_KEY")?);
//! let client = Client::new(Config::new(key, DEFAULT_ENDPOINT)?)?;
//! let api = client.scoped(Scope::detached(Duration::from_hours(1)));
//! if let Some(request_id) = api.clusters().destroy("c-1").await?.request_id {
//!     api.requests().wait(&request_id, Some("c-1"), Tolerance::NONE).await?;
//! }
//! # Ok(())
//! # }
//! ```

mod accepted;
mod account;
mod api;
mod api_request;
mod client;
mod cluster;
mod config;
mod decode;
mod error;
mod error_body;
mod field;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod instance;
mod job;
mod known_fields;
mod lenient;
mod listing;
mod object;
mod object_storage;
mod pacer;
mod public_key;
mod quote;
mod redact;
mod request;
mod retry;
mod scope;
mod secret;
mod single_flight;
mod ssh_key;
mod storage;
mod tolerance;
mod transport;
mod user;
mod wait;

pub use accepted::{Accepted, Created};
pub use account::Account;
pub use api::Api;
pub use client::{Client, fingerprint};
pub use cluster::{Cluster, Clusters, CreateCluster, EditCluster, Instance};
pub use config::{Config, ConfigError, DEFAULT_ENDPOINT, Jitter};
pub use error::{Error, ErrorKind, FieldError};
pub use field::Field;
pub use instance::{Instances, SshCommand};
pub use job::{Job, JobStatus, Jobs};
pub use listing::{Completeness, Listing};
pub use object::{ApiObject, Objects};
pub use object_storage::{Bucket, Credentials, ObjectStorage};
pub use public_key::{PublicKey, PublicKeyError};
pub use quote::{Quote, Quotes};
pub use request::{Request, RequestStatus, Requests};
pub use scope::{Interrupted, Scope, Task};
pub use secret::Secret;
pub use ssh_key::{SshKey, SshKeys};
pub use storage::{CreateVolume, EditVolume, Volume, Volumes};
pub use tolerance::Tolerance;
pub use user::{Member, Organization, Preferences, User, Users};
pub use wait::{Condition, Progress, Waited};
