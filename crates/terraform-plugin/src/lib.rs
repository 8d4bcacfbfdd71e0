//! Terraform's plugin protocol 6, and a framework for writing providers in Rust.

// The derive macro names this crate; so do the crate's own tests.
extern crate self as terraform_plugin;

pub mod path;
pub mod schema;
pub mod value;

mod data_source;
mod diagnostic;
mod framework;
mod model;
mod operation;
mod provider;
mod resource;
mod serve;
mod timeouts;
mod wire;

pub use data_source::DataSource;
pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use model::{Attr, Model, ModelError};
pub use operation::{Operation, Private};
pub use path::AttributePath;
pub use provider::{Configure, Objects, Provider};
pub use resource::{Resource, ResourcePlan};
pub use serve::{ServeOptions, serve};
pub use timeouts::Timeouts;
