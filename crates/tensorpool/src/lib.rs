//! A client for the API of TensorPool, a GPU cloud.
//!
//! The API is only partly documented, so responses are read leniently: a field that is missing, has another name or is new is
//! an error only if it is essential.
//!
//! A [`Client`] is what all requests share. An operation asks through an [`Api`], the client within a [`Scope`], which limits the
//! time of the operation and can be cancelled. The API has one handle for each type of object, for example [`Api::clusters`], and
//! every failure is an [`Error`].
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
//!
//! # A tour of the files
//!
//! The order in which they are best read: from the question to the answer, and then to what takes longer.
//!
//! **Asking.** [`scope`] is the deadline and the cancellation of an operation, and [`error`] what a failed one returns. [`config`]
//! has what a user can set; [`client`] is built from it and holds what all requests share. [`api`] puts the two together: the
//! client within a scope, through which everything below is asked.
//!
//! **A request on the wire.** [`api_request`] describes one request and its response. [`transport`] sends it: [`pacer`] says when, at
//! the rate that the API accepts, and [`retry`] whether and when again, with a reason for each constant. [`single_flight`] lets
//! concurrent callers share a query without returning a stale result.
//!
//! **Many at once.** [`bulk`] says which read of one object a list may answer, and [`recent`] asks for the lists. [`polls`]
//! says which polls of requests they make needless.
//!
//! **Reading a response.** [`decode`] keeps the fields that [`known_fields`] lists and limits what a response can cost in memory.
//! [`lenient`] and [`field`] read single fields, [`error_body`] the bodies of errors. [`secret`] is never printed, and [`redact`]
//! removes secrets from every text that people read. [`excerpt`] and [`exchange_log`] show what was sent and received, with [`mask`]
//! in front of what may be secret.
//!
//! **Objects.** [`object`] reads and lists objects of any type, and [`listing`] says what a list proves about an object that it does
//! not contain. [`accepted`] is the response to a create, a change or a destroy. [`cluster`], [`storage`] and [`ssh_key`] add what is
//! particular to a type. [`object_storage`], [`user`] (with [`account`]), [`job`], [`instance`] and [`quote`] have no lists of this
//! form and stand alone. [`public_key`] compares SSH keys.
//!
//! **Waiting.** [`tolerance`] defines which failures are transient for a wait, [`wait`](mod@wait) checks a [`Condition`] until it
//! holds, and [`request`] polls the asynchronous request of a create or a destroy.
//!
//! `fuzzing` has the entry points of the fuzz targets.

#![allow(rustdoc::private_intra_doc_links, reason = "the tour is for readers of the sources, whose files are private")]

mod accepted;
mod account;
mod api;
mod api_request;
mod bulk;
#[cfg(test)]
mod calls;
mod client;
mod cluster;
mod config;
mod decode;
mod error;
mod error_body;
mod excerpt;
mod exchange_log;
mod field;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod instance;
mod job;
mod known_fields;
mod lenient;
mod listing;
mod mask;
mod object;
mod object_storage;
mod pacer;
mod polls;
mod public_key;
mod quote;
mod recent;
mod redact;
mod request;
#[cfg(target_os = "linux")]
mod resolver;
mod retry;
mod scope;
mod secret;
mod single_flight;
mod ssh_key;
mod storage;
#[cfg(test)]
mod testing;
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
pub use error::{Circumstances, Error, ErrorKind, FieldError};
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
