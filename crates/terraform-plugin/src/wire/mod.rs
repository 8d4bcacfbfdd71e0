//! Between the protocol's messages and this crate's own types. Nothing that is generated leaves this folder, but for
//! the go-plugin services, which [`serve`](crate::serve) answers.

mod calls;
mod convert;
pub(crate) mod generated;
mod service;

pub(crate) use calls::ProviderService;
