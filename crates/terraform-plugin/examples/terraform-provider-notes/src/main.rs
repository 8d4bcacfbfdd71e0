//! A small provider that uses everything that the framework has: notes, kept as files in a directory.
//!
//! The files are the API: what a real provider asks a server for, this one finds in its [`Library`](library::Library).
//! `tests/notes` drives it with a real Terraform.

mod draft;
mod export;
mod functions;
mod library;
mod memo;
mod note;
mod note_list;
mod note_model;
mod note_source;
mod passphrase;
mod provider;

use std::process::ExitCode;

use clap::Parser;
use terraform_plugin::ServeOptions;

/// An example of a Terraform provider. Terraform starts it.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Print what Terraform needs to attach to this process, and serve until Ctrl-C.
    #[arg(long)]
    debug: bool,
}

fn main() -> ExitCode {
    let options = ServeOptions::new(provider::ADDRESS).debug(Arguments::parse().debug);
    terraform_plugin::run(provider::Notes, options)
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_is_wrong_with_what_the_provider_declares() {
        assert_eq!(terraform_plugin::validate_implementation(&super::provider::Notes), []);
    }
}
