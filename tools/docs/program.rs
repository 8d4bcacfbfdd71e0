//! Runs programs.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::problem::Problem;

/// Runs a program, which has to succeed, and returns what it printed on standard output.
pub fn succeed(command: &mut Command) -> Result<Vec<u8>, Problem> {
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| Problem::Failed(format!("{}: {error}", name(command))))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let printed = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    // Lines for debugging are no reason.
    let lines: Vec<_> = printed.lines().filter(|line| !line.contains(" [DEBUG] ")).collect();
    Err(Problem::Failed(format!("{} failed ({}):\n{}", name(command), output.status, lines.join("\n"))))
}

/// The program with its first argument: the rest are paths.
fn name(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let argument = command.get_args().next().unwrap_or_default();
    format!("{} {}", program.to_string_lossy(), argument.to_string_lossy()).trim_end().to_owned()
}

/// Takes everything of the user's from the environment of a program but the path, and gives it a home of its own.
pub fn isolate<'a>(command: &'a mut Command, home: &Path) -> &'a mut Command {
    command.env_clear().env("HOME", home);
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command
}
