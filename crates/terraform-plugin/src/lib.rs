//! Terraform's plugin protocol 6, and a framework for writing providers in Rust.
//!
//! A provider is a struct that implements [`Provider`]: its configuration, and the list of its objects. Each object is a
//! struct too, with a [`Schema`](schema::Schema), a typed model that is derived from a struct, and a few asynchronous
//! functions:
//!
//! | Trait | What it is | Since Terraform |
//! |---|---|---|
//! | [`Resource`] | an object with a life that Terraform manages | 1.0 |
//! | [`DataSource`] | something to look up | 1.0 |
//! | [`Function`] | a pure computation | 1.8 |
//! | [`EphemeralResource`] | a value that is never stored | 1.10 |
//! | [`ListResource`] | a search for existing objects, for `terraform query` | 1.14 |
//! | [`Action`] | something to do that leaves no state | 1.14 |
//!
//! The [`guide`] begins with a provider in fifteen minutes, and has a chapter for each subject.
//!
//! What is newer than the Terraform at hand is invisible to it, so one provider serves all versions. A plan of 1.16 and newer shows
//! what the provider [generates](schema::Attribute::generated_with), and such a Terraform lets it choose
//! [blocks](schema::Block::computed).
//!
//! The framework does the rest: it speaks the protocol, lets in only the Terraform that started the process, validates
//! configurations, computes plans from the schemas, keeps what an operation has [saved](Operation::save) whatever happens
//! afterwards, cancels operations when the user interrupts Terraform, turns a panic into a message, and reports authors' mistakes
//! with the resource and the attribute before Terraform would call them a bug. [`validate_implementation()`] finds many of them in a test, and
//! [`testing`] calls a whole provider as Terraform does, in the process of the test.
//!
//! # A whole provider
//!
//! ```
//! use std::collections::BTreeMap;
//! use std::sync::Mutex;
//!
//! use terraform_plugin::schema::{Attribute, IdentitySchema, Schema};
//! use terraform_plugin::{
//!     Attr, Configure, Diagnostics, ImportTarget, Model, Objects, Operation, Provider, Resource, async_trait,
//! };
//!
//! /// What operations work with; a real provider has the client of an API here.
//! type Shelf = Mutex<BTreeMap<String, String>>;
//!
//! struct Books;
//!
//! #[derive(Clone, Model)]
//! struct Config {}
//!
//! #[async_trait]
//! impl Provider for Books {
//!     type Config = Config;
//!     type Session = Shelf;
//!
//!     fn schema(&self) -> Schema {
//!         Schema::new("Keeps books on a shelf.")
//!     }
//!
//!     async fn configure(&self, _: Configure<Config>) -> Result<Shelf, Diagnostics> {
//!         Ok(Shelf::default())
//!     }
//!
//!     fn objects(&self) -> Objects<Shelf> {
//!         Objects::new().resource(Book)
//!     }
//! }
//!
//! struct Book;
//!
//! #[derive(Clone, Model)]
//! struct BookModel {
//!     isbn: Attr<String>,
//!     title: Attr<String>,
//! }
//!
//! #[async_trait]
//! impl Resource for Book {
//!     type Session = Shelf;
//!     type Model = BookModel;
//!
//!     fn type_name(&self) -> &'static str {
//!         "books_book"
//!     }
//!
//!     fn schema(&self) -> Schema {
//!         Schema::new("A book.")
//!             .noun("book")
//!             .identity(IdentitySchema::of("isbn", "The number of the book."))
//!             .attribute("isbn", Attribute::string("The number.").required().requires_replace())
//!             .attribute("title", Attribute::string("The title.").required())
//!     }
//!
//!     async fn create(&self, operation: &mut Operation<Shelf, BookModel>, planned: BookModel) -> Result<(), Diagnostics> {
//!         put(&operation.session(), &planned);
//!         operation.save(planned);
//!         Ok(())
//!     }
//!
//!     async fn read(&self, operation: &mut Operation<Shelf, BookModel>, state: BookModel) -> Result<(), Diagnostics> {
//!         let isbn = state.isbn.known().cloned().unwrap_or_default();
//!         let title = operation.session().lock().expect("no holder panics").get(&isbn).cloned();
//!         match title {
//!             Some(title) => operation.save(BookModel { title: title.into(), ..state }),
//!             None => operation.remove(),
//!         }
//!         Ok(())
//!     }
//!
//!     async fn update(
//!         &self,
//!         operation: &mut Operation<Shelf, BookModel>,
//!         _prior: BookModel,
//!         planned: BookModel,
//!     ) -> Result<(), Diagnostics> {
//!         put(&operation.session(), &planned);
//!         operation.save(planned);
//!         Ok(())
//!     }
//!
//!     async fn delete(&self, operation: &mut Operation<Shelf, BookModel>, prior: BookModel) -> Result<(), Diagnostics> {
//!         let isbn = prior.isbn.known().cloned().unwrap_or_default();
//!         operation.session().lock().expect("no holder panics").remove(&isbn);
//!         Ok(())
//!     }
//!
//!     async fn import(
//!         &self,
//!         operation: &mut Operation<Shelf, BookModel>,
//!         target: ImportTarget,
//!     ) -> Result<(), Diagnostics> {
//!         // Terraform reads what is saved here.
//!         operation.save(BookModel { isbn: target.text("isbn").map(str::to_owned).into(), title: Attr::Null });
//!         Ok(())
//!     }
//! }
//!
//! fn put(shelf: &Shelf, book: &BookModel) {
//!     if let (Some(isbn), Some(title)) = (book.isbn.known(), book.title.known()) {
//!         shelf.lock().expect("no holder panics").insert(isbn.clone(), title.clone());
//!     }
//! }
//!
//! // What tests of the provider do.
//! use serde_json::json;
//! use terraform_plugin::testing::InProcess;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! assert_eq!(terraform_plugin::validate_implementation(&Books), []);
//!
//! let provider = InProcess::new(Books).configure(json!({})).await.unwrap();
//! let book = provider.resource("books_book");
//! let config = json!({ "isbn": "9780131103627", "title": "The C Programming Language" });
//! let created = book.create(config.clone()).await.ok();
//! assert!(book.plan(&created, config).await.ok().is_empty());
//! assert_eq!(book.import("9780131103627").await.ok(), created);
//! book.destroy(&created).await.ok();
//! # }
//! ```
//!
//! Its program, whose name must be `terraform-provider-books`:
//!
//! ```ignore
//! fn main() -> std::process::ExitCode {
//!     terraform_plugin::run(Books, terraform_plugin::ServeOptions::new("example/books"))
//! }
//! ```
//!
//! Build it with `AWS_LC_SYS_NO_JITTER_ENTROPY=1` in the environment, as in the `[env]` of `.cargo/config.toml`: Terraform
//! starts a provider four times in an apply, and without it each start gathers entropy from the processor's jitter first, for
//! some 30 ms.
//!
//! # Descriptions
//!
//! An author writes what an attribute is, and the framework adds what it knows, in sentences that always come in the same order:
//! what a value must be, how it relates to others, its default, what a change of it does, and the version of Terraform that
//! it needs. So the registry, editors and other clients of the schema show all of it, it is never out of date, and nobody writes
//! it by hand. The `isbn` above is described as "The number. Changing this forces a new book."
//!
//! [`Schema::noun`](schema::Schema::noun) gives the word for the object, [`Attribute::default_is`](schema::Attribute::default_is)
//! words for a default that is no plain value, and `saying` those of a [`predicate`](schema::predicate) or a pattern.
//! [`Attribute::description_as_written`](schema::Attribute::description_as_written) switches it off for one attribute, and
//! [`Undescribed`](schema::Undescribed) for one validator. A sentence that an author writes although the framework adds it is a
//! mistake that [`validate_implementation()`] reports.
//!
//! The package `examples/terraform-provider-notes` in the repository uses everything that there is, and is driven by a real
//! Terraform in its tests.
//!
//! # Logging
//!
//! What a provider logs with the crate `tracing` goes to Terraform, which shows it with `TF_LOG` or `TF_LOG_PROVIDER`. Texts of
//! attributes that are sensitive or write-only are masked in it; [`mask()`], [`mask_field()`] and [`mask_pattern()`] mask more.
//!
//! # Features
//!
//! | Feature | What it is | What it brings |
//! |---|---|---|
//! | `serve`, by default | the program that Terraform starts: [`run`], [`serve()`], [`ServeOptions`] and [`ParentProcess`] | 62 of 156 crates on Linux, and the need for a C compiler, for the TLS library |
//!
//! Without it, objects are written, and a provider is tested with [`testing`]. So a library of objects is built without the server, and the
//! program of the provider with it:
//!
//! ```toml
//! terraform-plugin = { version = "0.1", default-features = false }
//! ```
//!
//! # A guided tour of the source
//!
//! No module uses one that stands later in this order, so the crate can be read from its beginning.
//!
//! 1. [`value`]: what Terraform's values are, their [types](value::Type), the [`value::path`] to one inside another, and
//!    how they travel: `value::msgpack` and `value::json`.
//! 2. [`diagnostic`]: what is reported to the user.
//! 3. [`model`]: structs of Rust that stand for objects. The [derive macro](terraform_plugin_derive) writes
//!    [`Model::from_value`] and [`Model::into_value`]; [`model::refused`] finds what a model cannot hold. [`text`] has models of
//!    texts that mean something.
//! 4. [`operation`] and [`memory`]: what every call brings with it and leaves. [`mod@mask`]: what no log shows.
//! 5. [`schema`]: first [`schema::Attribute`] and [`schema::Block`], then what they are given: a [`schema::Validator`], a
//!    [`schema::ConfigValidator`] and a [`schema::PlanModifier`]. A [`schema::PathExpression`] leads from one attribute to
//!    others. What all of them do is said in the descriptions (`schema::sentences`), and what is wrong with a schema
//!    itself is a [`Mistake`].
//! 6. The traits that authors implement: [`resource`], [`data_source`], [`ephemeral`], [`list`] and [`action`]; and
//!    [`function`], which needs no operation.
//! 7. [`framework`]: what is the same for all of them. [`framework::AnyResource`] is a resource without its types, and
//!    [`framework::ResourceServer`] makes one of a [`Resource`]. The plan of a resource is the longest way; it begins in
//!    `framework::resource_plan`, which leads through `planning`, `generated` and `contract`.
//! 8. [`provider`]: the composition of a provider; [`validate_implementation()`], which checks one; and [`descriptions()`], which
//!    shows what clients read of it.
//! 9. [`wire`]: the protocol. [`wire::ProviderService`] lists the RPCs, and [`wire::Served`] has a method for each.
//! 10. [`mod@serve`]: the process, its handshake with Terraform and its end.
//!
//! Authors also have [`timeouts`] and [`testing`], and `fuzzing` holds what the fuzz targets call. [`testing::InProcess`] is what stands
//! at the other end of the protocol: [`wire::Local`] sends the messages, and [`testing`] decides which, as Terraform does; the state
//! that Terraform proposes for a plan is `testing::proposed`.

#![allow(rustdoc::private_intra_doc_links, reason = "the tour is for readers of the source, who see what is private")]

// The derive macro names this crate; so do the crate's own tests.
extern crate self as terraform_plugin;

#[cfg(all(fuzzing, feature = "serve"))]
pub mod fuzzing;
pub mod guide;
pub mod schema;
pub mod testing;
pub mod text;
pub mod value;

mod action;
mod data_source;
mod descriptions;
mod diagnostic;
mod ephemeral;
mod framework;
mod function;
#[cfg(all(test, not(fuzzing), feature = "serve"))]
mod fuzzing;
#[cfg(test)]
mod least;
mod list;
#[cfg_attr(not(feature = "serve"), allow(dead_code, reason = "the log is what asks for them"))]
mod mask;
mod memory;
mod model;
mod operation;
mod provider;
mod resource;
#[cfg(feature = "serve")]
mod serve;
mod timeouts;
mod validate_implementation;
mod wire;

pub use action::{Action, Invocation};
/// The macro that stands at every implementation of a trait with asynchronous functions.
pub use async_trait::async_trait;
pub use data_source::DataSource;
pub use descriptions::{Described, descriptions};
pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use ephemeral::{EphemeralResource, Opened};
pub use function::{Function, FunctionError};
pub use list::{ListResource, Listed, Listing};
pub use mask::{mask, mask_field, mask_pattern};
pub use model::{Attr, Given, MaybeKnown, Model, ModelError, Shape};
pub use operation::{DeferReason, Operation, Private};
pub use provider::{Configure, Objects, Provider};
pub use resource::{ImportTarget, MoveSource, Moved, Resource, ResourcePlan};
pub use schema::mistake::Mistake;
pub use schema::{Parameter, Signature};
#[cfg(feature = "serve")]
pub use serve::{ParentProcess, ServeOptions, run, serve};
pub use timeouts::Timeouts;
/// What a call is stopped by: the crate `tokio-util`'s type, so that what waits on one waits on it.
pub use tokio_util::sync::CancellationToken;
pub use validate_implementation::validate_implementation;
pub use value::path::{self, AttributePath};
