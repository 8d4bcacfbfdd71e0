//! A Terraform provider for TensorPool, a GPU cloud.
//!
//! # Reading order
//!
//! 1. [`provider`] is the composition root: the provider's schema, and the list of all objects. Every operation is given a
//!    [`session`].
//! 2. [`ssh_key`] shows what an object is: its `model` (schema and state), `api` (calls), `resource`, `data_source`, `list` and
//!    `messages`. Creates are sent by [`create_once`], which never buys twice.
//! 3. [`cluster`] and [`storage`] cost money. What they have in common is [`provisioned`]: how they are created, resumed,
//!    changed, protected and destroyed.
//! 4. [`journal`] is what a create leaves on disk, so that a kill loses nothing.
//! 5. [`evidence`] decides what may be believed of the API's responses, for example that an object does not exist.
//! 6. [`errors`] words the failures, and [`timeouts`], [`filter`], [`incomplete_list`], [`lookup`], [`public_key`] and [`cluster_lock`] are small
//!    things that several objects share.
//! 7. The other folders are the other kinds of objects: [`storage_attachment`], [`object_storage`], [`object_storage_bucket`],
//!    [`user_preferences`]; the data sources of [`organization`], [`user`], [`quote`], [`request`] and [`instance`]; [`job`],
//!    data sources and an action; the action [`deletion_protection`]; and [`functions`], which ask the API nothing.
//!
//! The way of a request through all crates is in ARCHITECTURE.md. Test code in `model/` checks the decisions of `journal` and
//! `evidence` over every order of events.

#![allow(rustdoc::private_intra_doc_links, reason = "the tour is for those who read the code")]

mod cluster;
mod cluster_lock;
mod configuration;
mod create_once;
mod credentials;
mod defaults;
mod deletion_protection;
#[cfg(test)]
mod descriptions;
mod endpoint;
mod errors;
mod evidence;
mod filter;
mod functions;
#[cfg(test)]
mod in_process;
mod incomplete_list;
mod instance;
mod job;
mod journal;
mod listed;
mod lookup;
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
