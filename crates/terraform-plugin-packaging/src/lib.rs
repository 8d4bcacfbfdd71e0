//! A release of a Terraform provider that is written in Rust, as registries want it.
//!
//! A release has two halves, as each platform is built on a machine of its own and the rest on one:
//!
//! 1. [`binary::build`] builds the program for one [`Platform`]: statically linked on Linux, without a path of the machine, the same
//!    bytes in every folder, with the list of its dependencies inside ([`audit data`](https://github.com/rust-secure-code/cargo-auditable))
//!    and an [SBOM](sbom) in the same folder.
//! 2. [`Release::pack`] makes an [archive](archive) of each program that was built, the [checksums](checksums) over all of them and the
//!    manifest, and the [signature](signature) over the checksums.
//!
//! What is packed is read from the [`Provider`]'s own files: the version from `Cargo.toml` and `CHANGELOG.md`, which have to agree.
//! The names of the files are those of the
//! [Terraform registry](https://developer.hashicorp.com/terraform/registry/providers/publishing); that of OpenTofu takes the same.

pub mod archive;
pub mod binary;
mod changelog;
pub mod checksums;
mod error;
#[cfg(test)]
mod fake;
mod paths;
mod platform;
mod program;
pub mod provider;
mod release;
pub mod sbom;
pub mod signature;

pub use error::{Error, Result};
pub use platform::Platform;
pub use provider::Provider;
pub use release::Release;
