//! Runs programs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use terraform_plugin_testing::program_next_to_examples;

use crate::problem::{Problem, expect};

/// How a program ended.
pub struct Ended {
    pub code: Option<i32>,
    /// What it printed on standard output.
    pub stdout: String,
    /// Everything that it printed.
    pub text: String,
}

/// A file of the repository.
pub fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The target directory of this build.
pub fn target() -> Result<PathBuf, Problem> {
    // The programs are in target/<profile>.
    let profile = program_next_to_examples("")?;
    profile.parent().map(Path::to_owned).ok_or_else(|| Problem::Failed("there is no target directory".to_owned()))
}

/// Runs a program to its end.
pub fn run(command: &mut Command) -> Result<Ended, Problem> {
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| Problem::Failed(format!("{command:?}: {error}")))?;
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let text = format!("{stdout}{}", String::from_utf8_lossy(&output.stderr));
    Ok(Ended { code: output.status.code(), stdout, text })
}

/// Runs a program, which has to succeed, and returns what it printed on standard output.
pub fn succeed(command: &mut Command) -> Result<String, Problem> {
    let Ended { code, stdout, text } = run(command)?;
    expect(code == Some(0), || format!("{command:?}\n{text}"))?;
    Ok(stdout)
}
