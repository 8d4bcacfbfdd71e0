//! The program that Terraform starts.

use std::process::ExitCode;

use clap::Parser;
use terraform_plugin::ServeOptions;
use terraform_provider_tensorpool::{ADDRESS, TensorPool};

/// The Terraform provider for TensorPool, a GPU cloud. Terraform starts it.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Print what Terraform needs to attach to this process, and serve until Ctrl-C.
    #[arg(long)]
    debug: bool,
}

fn main() -> ExitCode {
    // Terraform passes none, and what reads them would only take memory.
    let debug = std::env::args_os().len() > 1 && Arguments::parse().debug;
    terraform_plugin::run(TensorPool::from_process(), ServeOptions::new(ADDRESS).debug(debug))
}
