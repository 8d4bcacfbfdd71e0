//! Terraform's plugin protocol 6, and a framework for writing providers in Rust.

// The derive macro names this crate; so do the crate's own tests.
extern crate self as terraform_plugin;

pub mod path;
pub mod schema;
pub mod value;

mod action;
mod check;
mod data_source;
mod diagnostic;
mod ephemeral;
mod framework;
mod function;
mod list;
mod model;
mod operation;
mod provider;
mod resource;
mod serve;
mod timeouts;
mod wire;

pub use action::{Action, Invocation};
pub use check::check;
pub use data_source::DataSource;
pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use ephemeral::{EphemeralResource, Opened};
pub use function::{Function, FunctionError, Parameter, Signature};
pub use list::{ListResource, Listing};
pub use model::{Attr, Model, ModelError};
pub use operation::{DeferReason, Operation, Private};
pub use path::AttributePath;
pub use provider::{Configure, Objects, Provider};
pub use resource::{ImportTarget, MoveSource, Resource, ResourcePlan};
pub use schema::check::Mistake;
#[cfg(fuzzing)]
pub use serve::decoders;
pub use serve::{ServeOptions, serve};
pub use timeouts::Timeouts;
