//! What tests of Terraform providers need: a real Terraform that works in a directory of its own
//! ([`Workspace`]) through the steps of a [`case`], and a client that talks to a provider as Terraform does ([`Plugin`]).
//!
//! Tests are no place for errors that are handed on: what goes wrong here panics and says what it was.

mod address;
pub mod case;
mod cli;
mod feature;
mod files;
mod identity;
mod installation;
mod left_out;
pub mod pages;
mod pgp;
mod pinned;
mod plugin;
#[cfg(unix)]
mod processes;
mod raw;
pub mod registry;
mod run;
mod values;
mod workspace;

pub use address::{Address, Stream};
pub use cli::{Cli, Product, on_path, terraform};
pub use feature::{Feature, has, requires};
pub use files::files_below;
pub use identity::Identity;
pub use installation::{Installation, platform, program_next_to_examples};
pub use left_out::{left_out, left_out_without_tool, tools_are_required};
pub use pgp::ThrowawayKey;
pub use plugin::{Handshake, Plugin};
#[cfg(unix)]
pub use processes::{ProcessStatus, peak_memory_of_providers, providers_in};
pub use raw::call;
pub use run::{Diagnostic, Run, Running, last_lines};
/// The messages and clients of the protocol.
pub use terraform_plugin_proto as proto;
pub use values::{received, sent};
pub use workspace::Workspace;
