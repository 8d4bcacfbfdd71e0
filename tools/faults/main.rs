//! Proves by faults that no paid object is lost, none is created twice, nothing protected is deleted, and no secret shows.
//!
//! For every operation of every resource, at every request that it sends, every `injection` is tried; or runs are
//! killed at random moments; or a thousand objects are created under a rate limit; or the operations are run in every strange
//! world of `worlds`. A real Terraform runs each time.

mod advice;
mod arguments;
mod checker;
mod fault_case;
mod files;
mod injection;
mod kills;
mod load;
mod neighbours;
mod operation;
mod outcome;
mod progress;
mod proxy;
mod relocate;
mod rewrite;
mod run;
mod runner;
mod sandbox;
mod snapshot;
mod subject;
mod subjects;
mod world_case;
mod worlds;

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use arguments::Arguments;
use clap::Parser as _;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("target/faults/{}", std::process::id()));
    let violations = match (arguments.kills, arguments.load) {
        (Some(count), _) => kills::run(&home, arguments.seed, count, arguments.jobs),
        (None, Some(count)) => load::run(&home, arguments.seed, count, Duration::from_secs(arguments.takes)),
        (None, None) if arguments.worlds => world_case::run(&home, &arguments),
        (None, None) => fault_case::run(&home, &arguments),
    };
    _ = std::fs::remove_dir_all(&home);
    for violation in &violations {
        println!("\nWRONG: {violation}");
    }
    if violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
