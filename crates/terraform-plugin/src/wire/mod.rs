//! Between the protocol's messages and this crate's own types. Nothing that is generated leaves this folder, but for
//! the go-plugin services, which [`serve`](mod@crate::serve) answers.
//!
//! `service.rs` lists the RPCs; what each does stands in the file of its kind of object, as a method of [`Served`]. `local/` is
//! the other end: a client in the same process, for tests of providers.

mod action;
mod convert;
mod data_source;
mod ephemeral;
mod function;
pub(crate) mod generated;
mod list;
mod local;
mod provider;
mod resource;
mod schema;
mod served;
mod service;
#[cfg(test)]
mod tests;

pub(crate) use local::{Capabilities, Client, Local, Moved};
#[cfg(feature = "serve")]
pub(crate) use served::Served;
#[cfg(feature = "serve")]
pub(crate) use service::ProviderService;
