//! Which Terraform is at hand, and what it has.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

use crate::left_out::{left_out, this_test};

/// A file to which every test that was left out adds a line: the version that it needs, and its name.
const SKIPPED: &str = "TERRAFORM_PLUGIN_TESTING_SKIPPED";

/// The program that tests run: `$TF`, or `terraform` on the path.
#[must_use]
pub fn terraform() -> PathBuf {
    let from_environment = std::env::var_os("TF").filter(|path| !path.is_empty());
    from_environment.map_or_else(|| PathBuf::from("terraform"), PathBuf::from)
}

/// The major and minor version of the Terraform at hand.
///
/// # Panics
/// If there is none, or it does not report its version.
#[must_use]
pub fn version() -> (u64, u64) {
    static VERSION: OnceLock<(u64, u64)> = OnceLock::new();
    *VERSION.get_or_init(|| {
        let output = Command::new(terraform())
            .args(["version", "-json"])
            .env("CHECKPOINT_DISABLE", "1")
            // Where no file is named, Terraform reads the user's own.
            .env("TF_CLI_CONFIG_FILE", if cfg!(windows) { "NUL" } else { "/dev/null" })
            .stdin(Stdio::null())
            .output()
            .expect("terraform can be started");
        let printed: Value = serde_json::from_slice(&output.stdout).expect("it prints JSON");
        parse_version(printed["terraform_version"].as_str().expect("it reports its version")).expect("it is a version")
    })
}

/// The major and minor version of a text such as `1.14.9` or `1.16.0-rc2`; `None` if it is no version.
#[must_use]
pub fn parse_version(version: &str) -> Option<(u64, u64)> {
    let mut parts = version.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

/// Whether the Terraform at hand has what came with a version, for example `1.14`. A test begins with it, and returns where the
/// answer is no; that it was left out stands on standard error and in `make matrix`.
///
/// ```no_run
/// if !terraform_plugin_testing::requires("1.14") {
///     return;
/// }
/// ```
///
/// # Panics
/// If the text is no version.
#[must_use]
pub fn requires(minimum: &str) -> bool {
    let has = version() >= parse_version(minimum).expect("a version is two numbers");
    if !has {
        let test = this_test();
        left_out(&test, &format!("it needs Terraform {minimum}"));
        if let Some(path) = std::env::var_os(SKIPPED) {
            let mut file =
                std::fs::OpenOptions::new().create(true).append(true).open(path).expect("the list can be written");
            file.write_all(format!("{minimum} {test}\n").as_bytes()).expect("the list can be written");
        }
    }
    has
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        assert_eq!(parse_version("1.10.5"), Some((1, 10)));
        assert!(parse_version("1.9") < parse_version("1.10.0-beta1"));
        assert_eq!(parse_version("new"), None);
    }
}
