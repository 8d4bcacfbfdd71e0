//! Runs programs.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::error::{Error, Result};

/// Runs a program, which has to succeed, and returns what it printed on standard output. What it says on standard error is shown
/// when it fails.
pub(crate) fn run(command: &mut Command) -> Result<Vec<u8>> {
    run_with_input(command, &[])
}

/// The same, with something on standard input.
pub(crate) fn run_with_input(command: &mut Command, input: &[u8]) -> Result<Vec<u8>> {
    let program = name(command);
    let not_started = |source| Error::NotStarted { program: program.clone(), source };
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(not_started)?;
    let stdin = child.stdin.take();
    // A program that ends before it has read everything says why itself.
    _ = stdin.map(|mut stdin| stdin.write_all(input));
    let output = child.wait_with_output().map_err(not_started)?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let printed = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Err(Error::Failed { program, status: output.status, printed })
}

/// Runs a program that shows its own progress.
pub(crate) fn run_visibly(command: &mut Command) -> Result<()> {
    let program = name(command);
    let status = command.stdin(Stdio::null()).status();
    let status = status.map_err(|source| Error::NotStarted { program: program.clone(), source })?;
    if status.success() {
        return Ok(());
    }
    Err(Error::Failed { program, status, printed: "what it said is above".to_owned() })
}

/// The program with its first argument: what follows is mostly paths, and could be secret.
fn name(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_stem().unwrap_or(command.get_program());
    let argument = command.get_args().next().unwrap_or_default();
    format!("{} {}", program.to_string_lossy(), argument.to_string_lossy()).trim_end().to_owned()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(commands: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", commands]);
        command
    }

    #[test]
    fn a_program_gets_its_input_and_its_output_is_returned() {
        assert_eq!(run(&mut shell("echo out; echo err >&2")).expect("it succeeds"), b"out\n");
        assert_eq!(run_with_input(&mut shell("read line; echo \"<$line>\""), b"in\n").expect("it succeeds"), b"<in>\n");
        run_visibly(&mut shell("true")).expect("it succeeds");
    }

    #[test]
    fn a_program_that_fails_is_named_without_what_could_be_secret() {
        let error = run(&mut shell("echo out; echo err >&2; exit 3")).expect_err("it fails").to_string();
        assert_eq!(error, "sh -c failed (exit status: 3):\nout\nerr\n");
        let error = run_visibly(&mut shell("exit 4")).expect_err("it fails").to_string();
        assert_eq!(error, "sh -c failed (exit status: 4):\nwhat it said is above");
        let error = run(&mut Command::new("/nowhere/no-such-program.exe")).expect_err("it is not there").to_string();
        assert!(error.starts_with("no-such-program cannot be run: "), "{error}");
    }
}
