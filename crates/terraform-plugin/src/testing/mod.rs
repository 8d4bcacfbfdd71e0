//! What authors of providers test with, without a Terraform.
//!
//! [`InProcess`] runs a whole provider in the process of a test, as Terraform runs it: resources are created, planned, read,
//! updated, replaced, imported and destroyed, data sources read, functions called, actions invoked. Most tests of a provider are
//! best written with it.
//!
//! What is smaller than an object, for example a part of a create, is tested with [`operation`] and [`resource_plan`]: they make what
//! the framework hands to an object's functions.
//!
//! With a real Terraform, providers are tested by the crate `terraform-plugin-testing`. The guide has a
//! [chapter](crate::guide::testing) on both.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/testing/books.rs"));
//! use serde_json::json;
//! use terraform_plugin::testing::InProcess;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let provider = InProcess::new(Books).configure(json!({ "closed": false })).await.unwrap();
//! let book = provider.resource("books_book");
//!
//! // A create that fails half way leaves what it saved, and Terraform will replace it.
//! let failed = book.create(json!({ "isbn": "9780131103627", "title": "torn" })).await;
//! assert_eq!(failed.error("Torn").detail, "Some pages are missing.");
//! assert!(failed.object().unwrap().is_tainted());
//! # }
//! ```

mod action;
mod applying;
mod config;
mod conversion;
mod data_source;
mod decode;
mod ephemeral;
mod found;
mod function;
mod handles;
mod in_process;
mod list;
mod object;
mod plan;
mod planning;
mod proposed;
mod resource;
mod response;
mod unit;
mod validated;
mod version;

#[cfg(test)]
#[allow(missing_docs, dead_code, reason = "it is a provider for tests and examples")]
pub(crate) mod books;
#[cfg(test)]
mod tests;

pub use action::ActionHandle;
pub use applying::Applied;
pub use config::{Config, UNKNOWN};
pub use data_source::DataSourceHandle;
pub use ephemeral::{EphemeralHandle, OpenValues};
pub use found::Found;
pub use function::{FailedCall, FunctionHandle};
pub use in_process::InProcess;
pub use list::{FoundObject, ListHandle};
pub use object::StoredObject;
pub use plan::{Plan, PlannedAction};
pub use resource::{ForeignObject, ResourceHandle};
pub use response::Response;
pub use unit::{
    EndState, Ended, Setup, deferral, ended, identified, move_source, operation, planned_again, replacing,
    resource_plan, storing, upgrading,
};
