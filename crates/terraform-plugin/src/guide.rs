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
//! 9. [Testing](testing): decisions, a whole provider in the process of a test, a real Terraform in steps
//! 10. [Releasing](releasing): packages for registries, a quick start, pages
//! 11. [Coming from Go](from_go): a table of names
//!
//! Every piece of Rust in it is compiled and run by the crate's tests; what drives a real Terraform, by those of the template
//! `terraform-provider-zones`.

// Its code ends in `run`.
#[cfg_attr(any(feature = "serve", not(doctest)), doc = include_str!("../guide/first_provider.md"))]
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

#[doc = include_str!("../guide/testing.md")]
// Its pieces of Rust are quoted from the tests of the template, which need a program of a provider; the repository's
// `tests/guide.rs` compares them.
#[cfg_attr(not(doctest), doc = include_str!("../guide/testing_terraform.md"))]
#[doc = "\n## The provider of the examples\n\n```"]
#[doc = include_str!("../guide/testing_provider.rs")]
#[doc = "```"]
pub mod testing {}

#[doc = include_str!("../guide/releasing.md")]
pub mod releasing {}

#[doc = include_str!("../guide/from_go.md")]
pub mod from_go {}
