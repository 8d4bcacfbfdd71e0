//! The page that says what of Terraform's plugin protocol the framework serves, and which test proves it.
//!
//!     conformance            writes crates/terraform-plugin/CONFORMANCE.md
//!     conformance --check    checks that nothing would change
//!
//! What is claimed stands in `rows/`. Everything that can be read from elsewhere is: the RPCs and capabilities from the definitions in
//! `proto/`, the tests and what they need from their sources, the versions from the matrix. A claim that these contradict is an
//! error, and no page is written.

mod check;
mod definition;
#[path = "../matrix/packages.rs"]
mod packages;
mod page;
mod releases;
mod rows;
mod sources;
#[path = "../matrix/versions.rs"]
mod versions;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use definition::Definition;
use page::Facts;
use releases::Releases;
use sources::Sources;

/// What is wrong, in words.
type Problem = String;

/// Where the page lies, below the root.
const PAGE: &str = "crates/terraform-plugin/CONFORMANCE.md";

/// The root of the repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Reads a file below the root.
fn read(path: &str) -> Result<String, Problem> {
    let text = std::fs::read_to_string(root().join(path)).map_err(|error| format!("{path}: {error}"))?;
    Ok(text.replace("\r\n", "\n"))
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => write(),
        ["--check"] => compare(),
        _ => Err("the only argument is --check".to_owned()),
    };
    match done {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("The conformance report: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// The page, if every claim holds.
fn page() -> Result<String, Problem> {
    let definition = Definition::read(&root().join("proto"))?;
    let sources = Sources::read(rows::CLAIMS.tests(), read)?;
    let releases = Releases::read(&versions::pinned()?, &read(releases::WORKFLOW)?)?;
    let problems = check::problems(&rows::CLAIMS, &definition, &sources, &|path| read(path).ok());
    if !problems.is_empty() {
        return Err(format!("{} claims do not hold.\n{}", problems.len(), problems.join("\n")));
    }
    Ok(page::page(&rows::CLAIMS, &Facts { definition: &definition, sources: &sources, releases: &releases }))
}

fn write() -> Result<String, Problem> {
    let path: PathBuf = root().join(PAGE);
    std::fs::write(&path, page()?).map_err(|error| format!("{PAGE}: {error}"))?;
    Ok(format!("{PAGE} was written"))
}

fn compare() -> Result<String, Problem> {
    if read(PAGE)? == page()? {
        return Ok(format!("{PAGE} is what `make conformance` writes, and its claims hold"));
    }
    Err(format!("`make conformance` was not run after a change: {PAGE} is not what it would write"))
}
