//! A provider for an HTTP API, to be copied: the zones of a DNS service, and the records in them.
//!
//! A request passes through `client` (how it is sent), `api` (which requests there are) and `error` (what goes wrong, in words).
//! Each of the other files is one object that configurations can use. `provider` lists them.

mod api;
mod client;
mod error;
mod functions;
mod provider;
mod purge;
mod record;
mod record_list;
mod record_model;
mod session;
mod token;
mod zone_name;
mod zone_source;

use std::process::ExitCode;

use clap::Parser;
use terraform_plugin::ServeOptions;

/// A Terraform provider for the zones of a DNS service. Terraform starts it.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Print what Terraform needs to attach to this process, and serve until Ctrl-C.
    #[arg(long)]
    debug: bool,
}

fn main() -> ExitCode {
    let options = ServeOptions::new(provider::ADDRESS).debug(Arguments::parse().debug);
    terraform_plugin::run(provider::Zones::from_process(), options)
}
