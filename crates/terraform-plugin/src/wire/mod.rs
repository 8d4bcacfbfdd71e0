//! Between the protocol's messages and this crate's own types. Nothing that is generated leaves this folder, but for
//! the go-plugin services, which [`serve`](mod@crate::serve) answers.
//!
//! `service.rs` lists the RPCs; what each does stands in the file of its kind of object, as a method of [`Served`].

mod action;
mod convert;
mod data_source;
mod ephemeral;
mod function;
pub(crate) mod generated;
mod list;
mod provider;
mod resource;
mod schema;
mod served;
mod service;

pub(crate) use served::Served;
pub(crate) use service::ProviderService;
