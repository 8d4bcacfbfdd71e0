//! Runs the end-to-end tests on every pinned version of Terraform and prints what works where.
//!
//!     matrix                     every version, every test
//!     matrix --quick             the oldest, the newest and 1.11, and of the slow tests only some
//!     matrix 1.12 1.13           these versions
//!
//! A feature is what the first part of a test's name says, for example `functions::a_function_is_called`; tests without one
//! belong to the feature that their file is named after. Tests that need a newer Terraform say so themselves, by
//! `terraform_plugin_testing::requires`.

mod suite;
mod table;

use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::Instant;

use suite::{Problem, Suite, root};
use table::Table;

/// The exit code of `terraform.py` for a version that cannot be had on this machine.
const NOT_AVAILABLE: i32 = 3;

/// The versions between which the oldest and the newest features lie, and the one that is run from the path.
const QUICK: [&str; 3] = ["1.10.5", "1.11.4", "1.15.5"];

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
    if wanted.is_empty() {
        wanted = if quick { QUICK.map(str::to_owned).to_vec() } else { pinned()? };
    }
    let suite = Suite::build(quick)?;
    let mut table = Table::default();
    for version in wanted {
        let Some(terraform) = terraform(&version)? else {
            table.not_available(&version);
            continue;
        };
        let begin = Instant::now();
        let results = suite.run(&terraform)?;
        println!("Terraform {version}: {} tests in {} s", results.len(), begin.elapsed().as_secs());
        table.add(&version, results);
    }
    println!("\n{table}");
    for failure in table.failures() {
        println!("{failure}");
    }
    Ok(table.failures().next().is_none())
}

fn pins(argument: &str) -> Result<std::process::Output, Problem> {
    let script = root().join("tools/terraform.py");
    let mut command = Command::new("python3");
    command.arg(script).arg(argument).stderr(std::process::Stdio::inherit());
    command.output().map_err(|error| format!("python3 cannot be run: {error}"))
}

/// The versions that there are.
fn pinned() -> Result<Vec<String>, Problem> {
    let output = pins("--list")?;
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
}

/// The program of a version; `None` if it is not available on this machine.
fn terraform(version: &str) -> Result<Option<PathBuf>, Problem> {
    let output = pins(version)?;
    match output.status.code() {
        Some(0) => Ok(Some(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))),
        Some(NOT_AVAILABLE) => Ok(None),
        _ => Err(format!("there is no Terraform {version}")),
    }
}
