//! Other platforms: the provider is built for them on this machine and tried, with a real Terraform and a simulated TensorPool.
//!
//!     platforms              all
//!     platforms windows      those whose name contains this
//!
//! Everything is built below `target/platforms`, by the compiler of Debian, which has what is needed for that; a platform whose
//! compiler or emulator is not on this machine is left out. What is built here is for this trial and not to be shipped: see
//! `windows.rs`.

mod arm64;
mod build;
mod life;
#[path = "../clients/problem.rs"]
mod problem;
#[path = "../clients/program.rs"]
mod program;
mod raw;
#[path = "../clients/session.rs"]
mod session;
mod windows;
mod windows_terraform;
mod wine;

use std::process::ExitCode;
use std::time::Instant;

use problem::Problem;

/// A platform: its name, and what is tried on it.
type Platform = (&'static str, fn(&dyn Fn(&str)) -> Result<(), Problem>);

const PLATFORMS: [Platform; 2] = [("linux arm64", arm64::run), ("windows amd64", windows::run)];

fn main() -> ExitCode {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let mut failed = false;
    for (name, run) in PLATFORMS.into_iter().filter(|(name, _)| name.contains(&wanted)) {
        let begin = Instant::now();
        let seconds = || begin.elapsed().as_secs();
        match run(&|what| println!("{name}: {what} ({} s)", seconds())) {
            Ok(()) => println!("{name}: passed in {} s", seconds()),
            Err(Problem::NotAvailable(what)) => {
                println!("{name}: LEFT OUT, as there is no {what} on this machine");
                failed |= terraform_plugin_testing::tools_are_required();
            }
            Err(Problem::Failed(why)) => {
                println!("{name}: FAILED after {} s\n{why}\n", seconds());
                failed = true;
            }
        }
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
