//! The versions of Terraform that are pinned, as `tools/terraform.py` has them.

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Asks the script, which prints versions or paths.
///
/// # Errors
/// In words, if Python is not there.
pub fn pins(argument: &str) -> Result<Output, String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tools/terraform.py");
    let mut command = Command::new("python3");
    command.arg(script).arg(argument).stderr(Stdio::inherit());
    command.output().map_err(|error| format!("python3 cannot be run: {error}"))
}

/// The versions that there are, the oldest first.
///
/// # Errors
/// In words, if the script cannot be asked.
pub fn pinned() -> Result<Vec<String>, String> {
    let output = pins("--list")?;
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
}
