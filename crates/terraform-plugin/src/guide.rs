//! The guide: a provider in fifteen minutes, and then a chapter for each subject.
//!
//! 1. [A provider in fifteen minutes](first_provider), from `cargo new` to `terraform apply`
//! 2. [Schemas and models](schemas): attributes, objects in objects, sets, values of any type, what is not known yet
//! 3. [Plans](plans): defaults, modifiers, replacements, refusals
//! 4. [Long operations](operations): what is saved when, interrupts, timeouts, errors
//! 5. [Secrets](secrets): what stands where, write-only attributes, logs
//! 6. [Upgrades and moves](upgrades): a new version of a schema, another type
//! 7. [Identity, import and list](identity)
//! 8. [Actions, ephemeral resources and functions](functions)
//! 9. [Releasing](releasing): packages for registries, a quick start, pages
//! 10. [Coming from Go](from_go): a table of names
//!
//! Every piece of Rust in it is compiled and run by the crate's tests.

#[doc = include_str!("../guide/first_provider.md")]
pub mod first_provider {}

#[doc = include_str!("../guide/schemas.md")]
pub mod schemas {}

#[doc = include_str!("../guide/plans.md")]
pub mod plans {}

#[doc = include_str!("../guide/operations.md")]
pub mod operations {}

#[doc = include_str!("../guide/secrets.md")]
pub mod secrets {}

#[doc = include_str!("../guide/upgrades.md")]
pub mod upgrades {}

#[doc = include_str!("../guide/identity.md")]
pub mod identity {}

#[doc = include_str!("../guide/functions.md")]
pub mod functions {}

#[doc = include_str!("../guide/releasing.md")]
pub mod releasing {}

#[doc = include_str!("../guide/from_go.md")]
pub mod from_go {}
