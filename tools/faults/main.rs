//! Proves by faults that no paid object is lost, none is made twice, nothing protected is deleted, and no secret shows.
//!
//! For every operation of every resource, at every request that it sends, every `injection` is tried; or runs are
//! killed at random moments; or a thousand objects are made under a rate limit; or the operations are run in every strange
//! world of `worlds`. A real Terraform runs each time.

mod case;
mod files;
mod injection;
mod kills;
mod load;
mod neighbours;
mod outcome;
mod progress;
mod proxy;
mod remedy;
mod run_all;
mod sandbox;
mod snapshot;
mod subject;
mod trial;
mod world_case;
mod worlds;

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use case::Case;
use clap::Parser;
use run_all::{Tried as _, chosen, in_parallel, run_all};
use sandbox::Dress;
use snapshot::Snapshot;
use subject::operations;

/// Tries the provider by faults.
#[derive(Parser)]
struct Arguments {
    /// The source of all randomness.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only so many cases, chosen by the seed.
    #[arg(long)]
    slice: Option<usize>,
    /// Only cases whose description contains this, as `Create POST kill`: each word somewhere.
    #[arg(long, default_value = "")]
    only: String,
    /// How many cases run at once. They mostly wait.
    #[arg(long, default_value_t = 24)]
    jobs: usize,
    /// Instead of the cases: so many kills at random moments.
    #[arg(long)]
    kills: Option<usize>,
    /// Instead of the cases: so many clusters under a rate limit.
    #[arg(long)]
    load: Option<usize>,
    /// Instead of the cases: every operation in every strange world.
    #[arg(long)]
    worlds: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("target/faults/{}", std::process::id()));
    let problems = match (arguments.kills, arguments.load) {
        (Some(count), _) => kills::run(&home, arguments.seed, count, arguments.jobs),
        (None, Some(count)) => load::run(&home, arguments.seed, count),
        (None, None) if arguments.worlds => world_case::run(&home, &arguments),
        (None, None) => cases(&home, &arguments),
    };
    _ = std::fs::remove_dir_all(&home);
    for problem in &problems {
        println!("\nWRONG: {problem}");
    }
    if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn cases(home: &Path, arguments: &Arguments) -> Vec<String> {
    let begin = Instant::now();
    let snapshots = in_parallel(arguments.jobs, &operations(), |(subject, operation)| {
        let new = Snapshot::new(home, arguments.seed, *subject, *operation, Dress::PLAIN);
        new.with_requests(home, arguments.seed)
    });
    let mut cases = Vec::new();
    for snapshot in &snapshots {
        for step in 0..snapshot.requests.len() {
            cases.extend(injection::all().into_iter().map(|(name, injection)| Case {
                snapshot,
                step,
                name,
                injection,
            }));
        }
    }
    run_all(&chosen(cases, arguments, Case::describe), home, arguments, begin)
}
