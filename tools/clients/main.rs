//! Clients of users: what people run in front of Terraform works with this provider, against a simulated TensorPool.
//!
//!     clients              all
//!     clients cdktn        those whose name contains this
//!
//! Everything is installed into `target/clients`, in pinned versions. A client whose language is not on this machine is left
//! out, which is a failure only if `REQUIRE_TOOLS` is set.

mod cdktn;
mod checkov;
mod client;
mod installed;
mod problem;
mod program;
mod session;
mod tftest;

use std::process::ExitCode;
use std::time::Instant;

use problem::Problem;

/// A client: its name, and what is tried with it.
type Client = (&'static str, fn() -> Result<(), Problem>);

const CLIENTS: [Client; 3] = [("tftest", tftest::run), ("checkov", checkov::run), ("cdktn", cdktn::run)];

fn main() -> ExitCode {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let mut failed = false;
    for (name, run) in CLIENTS.into_iter().filter(|(name, _)| name.contains(&wanted)) {
        let begin = Instant::now();
        match run() {
            Ok(()) => println!("{name}: passed in {} s", begin.elapsed().as_secs()),
            Err(Problem::NotAvailable(what)) => {
                println!("{name}: LEFT OUT, as there is no {what} on this machine");
                failed |= terraform_plugin_testing::tools_are_required();
            }
            Err(Problem::Failed(why)) => {
                println!("{name}: FAILED after {} s\n{why}\n", begin.elapsed().as_secs());
                failed = true;
            }
        }
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
