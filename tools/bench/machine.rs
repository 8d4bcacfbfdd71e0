//! What was measured, and where: without it, figures say nothing to anybody else.

use std::fs;
use std::process::Command;

use terraform_plugin_testing::{Cli, terraform};

use crate::figures::NONE;

/// Prints the command, the machine, the commit and the CLI.
pub fn print() {
    let arguments: Vec<_> = std::env::args().map(|argument| quoted(&argument)).collect();
    let build = if cfg!(debug_assertions) { "debug: its figures say little about a release" } else { "release" };
    let cli = Cli::of(&terraform()).map_or_else(|error| error.to_string(), |cli| cli.to_string());
    for (name, what) in [
        ("command", arguments.join(" ")),
        ("machine", machine()),
        ("commit", commit()),
        ("build", build.to_owned()),
        ("CLI", cli),
    ] {
        println!("{name:8} {what}");
    }
}

/// An argument as one would type it.
fn quoted(argument: &str) -> String {
    if argument.is_empty() || argument.contains(' ') { format!("\"{argument}\"") } else { argument.to_owned() }
}

/// The processor, the memory and the kernel.
fn machine() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let processor = field(&read("/proc/cpuinfo"), "model name").unwrap_or(NONE.to_owned());
    let memory = field(&read("/proc/meminfo"), "MemTotal").unwrap_or(NONE.to_owned());
    let kernel = read("/proc/sys/kernel/osrelease");
    format!("{processor}, {cores} cores, {}, Linux {}", gibibytes(&memory), kernel.trim())
}

/// What stands behind the first colon of this name, in a file of the kernel.
fn field(text: &str, name: &str) -> Option<String> {
    let found = text.lines().find_map(|line| line.split_once(':').filter(|(known, _)| known.trim() == name));
    found.map(|(_, value)| value.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Memory that the kernel gives in KiB.
fn gibibytes(memory: &str) -> String {
    let number = memory.trim_end_matches("kB").trim().parse::<f64>();
    number.map_or_else(|_| memory.to_owned(), |number| format!("{:.1} GiB", number / f64::from(1 << 20)))
}

/// The commit that is checked out, and whether what was built is it.
fn commit() -> String {
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        let output = command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let Some(commit) = git(&["rev-parse", "--short", "HEAD"]) else { return "unknown".to_owned() };
    let is_changed = git(&["status", "--porcelain"]).is_none_or(|changes| !changes.is_empty());
    if is_changed { format!("{commit} with changes") } else { commit }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_says_what_the_machine_is() {
        let processors = "processor\t: 0\nmodel name\t: A  processor\n\nprocessor\t: 1\nmodel name\t: Another\n";
        assert_eq!(field(processors, "model name").as_deref(), Some("A processor"));
        assert_eq!(field(processors, "name"), None);
        assert_eq!([gibibytes("16777216 kB"), gibibytes(NONE)], ["16.0 GiB", "-"]);
    }

    #[test]
    fn a_command_can_be_typed_again() {
        assert_eq!(["--quick", "1 10", ""].map(quoted), ["--quick", "\"1 10\"", "\"\""]);
    }
}
