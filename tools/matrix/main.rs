//! Runs the end-to-end tests on every pinned version of Terraform and on OpenTofu, and prints what works where.
//!
//!     matrix                     every pinned version, the `tofu` on the path, every test
//!     matrix --quick             the oldest, the newest, 1.11 and `tofu`, and of the slow tests only some
//!     matrix 1.12 tofu /opt/tf   these: pinned versions, and programs by their name or path
//!
//! A feature is what the first part of a test's name says, for example `functions::a_function_is_called`; tests without one
//! belong to the feature that their file is named after. Tests that need what not every CLI has say so themselves, by
//! `terraform_plugin_testing::requires`.

mod packages;
mod suite;
mod table;
mod versions;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use suite::{Problem, Suite};
use table::Table;
use terraform_plugin_testing::{Cli, on_path};
use versions::{pinned, pins};

/// The exit code of `terraform.py` for a version that cannot be had on this machine.
const NOT_AVAILABLE: i32 = 3;

/// The versions between which the oldest and the newest features lie, and the one that is run from the path.
const QUICK: [&str; 3] = ["1.10.5", "1.11.4", "1.15.5"];

/// What has no pinned version, and is run where it is on the path.
const UNPINNED: &str = "tofu";

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("The matrix could not be run: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<bool, Problem> {
    let mut wanted: Vec<String> = std::env::args().skip(1).collect();
    let quick = wanted.iter().any(|argument| argument == "--quick");
    wanted.retain(|argument| argument != "--quick");
    let is_chosen = !wanted.is_empty();
    if !is_chosen {
        wanted = if quick { QUICK.map(str::to_owned).to_vec() } else { pinned()? };
        wanted.push(UNPINNED.to_owned());
    }
    let suite = Suite::build(quick)?;
    let mut table = Table::default();
    for wanted in wanted {
        let Some(program) = program(&wanted)? else {
            // What was asked for by name has to be there.
            if is_chosen {
                return Err(format!("{wanted} is not on this machine"));
            }
            table.not_available(&wanted);
            continue;
        };
        let cli = Cli::of(&program).map_err(|error| error.to_string())?.to_string();
        let begin = Instant::now();
        let results = suite.run(&program)?;
        println!("{cli}: {} tests in {} s", results.len(), begin.elapsed().as_secs());
        table.add(&cli, results);
    }
    println!("\n{table}");
    for failure in table.failures() {
        println!("{failure}");
    }
    Ok(table.failures().next().is_none())
}

/// The program that an argument means; `None` if it is not available on this machine.
fn program(wanted: &str) -> Result<Option<PathBuf>, Problem> {
    if !wanted.starts_with(|first: char| first.is_ascii_digit()) {
        return Ok(on_path(Path::new(wanted)));
    }
    let output = pins(wanted)?;
    match output.status.code() {
        Some(0) => Ok(Some(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))),
        Some(NOT_AVAILABLE) => Ok(None),
        _ => Err(format!("there is no Terraform {wanted}")),
    }
}
