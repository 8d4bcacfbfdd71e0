//! The end-to-end tests: built once, run with any CLI.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::packages::PACKAGES;

/// What did not go as it should.
pub type Problem = String;

/// The directory of the root package.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What `--quick` runs of the provider's own tests: one of each way to deal with Terraform, and what is delicate about
/// processes. The framework's tests are quick and all run.
const QUICK: [&str; 9] = [
    "a_cluster_is_created_and_the_next_plan_is_empty",
    "a_cluster_is_imported_by_its_id",
    "a_create_that_fails_is_tainted_and_keeps_its_id",
    "a_destroy_is_a_delete_and_polls",
    "a_protected_cluster_is_refused_at_plan_time",
    "a_signed_release_is_installed_applied_and_locked_for_all_platforms",
    "an_interrupt_during_a_create_saves_the_cluster_and_the_next_apply_waits_for_it",
    "data_sources_find_clusters",
    "terraform_attaches_to_a_provider_that_runs",
];

/// A file in which tests note that they were left out.
const SKIPPED: &str = "TERRAFORM_PLUGIN_TESTING_SKIPPED";

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It passed.
    Passed,
    /// It failed.
    Failed,
    /// It needs what the CLI does not have.
    LeftOut,
}

/// One test on one CLI.
#[derive(Clone, Debug)]
pub struct Result {
    /// The part of the provider that it is about.
    pub feature: String,
    /// Its name.
    pub test: String,
    /// How it ended.
    pub outcome: Outcome,
}

struct Binary {
    name: String,
    package: &'static str,
    program: PathBuf,
    directory: PathBuf,
}

/// All end-to-end tests, built.
pub struct Suite {
    binaries: Vec<Binary>,
    quick: bool,
}

impl Suite {
    /// Builds the tests.
    pub fn build(quick: bool) -> std::result::Result<Self, Problem> {
        // The whole workspace, as `make test` builds it: with fewer packages, some would be built with other features.
        let mut command = Command::new(env!("CARGO"));
        let arguments = ["test", "--no-run", "--workspace", "--tests", "--message-format=json"];
        command.current_dir(root()).args(arguments);
        let output = command.stderr(Stdio::inherit()).output().map_err(|error| format!("cargo: {error}"))?;
        if !output.status.success() {
            return Err("the tests cannot be built".to_owned());
        }
        let messages = String::from_utf8_lossy(&output.stdout);
        let artifacts = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let binaries: Vec<_> = artifacts.filter_map(|artifact| binary(&artifact)).collect();
        if binaries.is_empty() { Err("there are no tests".to_owned()) } else { Ok(Self { binaries, quick }) }
    }

    /// Runs them with a CLI.
    pub fn run(&self, program: &Path) -> std::result::Result<Vec<Result>, Problem> {
        let mut results = Vec::new();
        for binary in &self.binaries {
            results.extend(binary.run(program, self.quick)?);
        }
        // A test that was given another name would be missed for ever.
        let missing = QUICK.into_iter().find(|test| self.quick && !results.iter().any(|result| result.test == *test));
        missing.map_or(Ok(results), |test| Err(format!("there is no test {test}")))
    }
}

/// The test's binary that cargo reports, if it is one of an end-to-end test.
fn binary(artifact: &Value) -> Option<Binary> {
    let target = &artifact["target"];
    let name = target["name"].as_str()?;
    if artifact["reason"] != "compiler-artifact" || target["kind"][0] != "test" {
        return None;
    }
    let manifest = Path::new(artifact["manifest_path"].as_str()?);
    let directory = manifest.parent()?.to_owned();
    let package = PACKAGES.into_iter().find(|package| directory == root().join(package))?;
    let program = PathBuf::from(artifact["executable"].as_str()?);
    Some(Binary { name: name.to_owned(), package, program, directory })
}

impl Binary {
    fn run(&self, cli: &Path, quick: bool) -> std::result::Result<Vec<Result>, Problem> {
        let skipped = root().join("target").join(format!("matrix-{}", std::process::id()));
        _ = std::fs::remove_file(&skipped);
        let mut command = Command::new(&self.program);
        command.current_dir(&self.directory).env("TF", cli).env(SKIPPED, &skipped);
        if quick && self.package == PACKAGES[0] {
            command.arg("--exact").args(QUICK);
        }
        let output = command.output().map_err(|error| format!("{}: {error}", self.name))?;
        let left_out = std::fs::read_to_string(&skipped).unwrap_or_default();
        _ = std::fs::remove_file(&skipped);
        let text = String::from_utf8_lossy(&output.stdout);
        let results = outcomes(&text, &left_out, &self.name);
        let failed = results.iter().any(|result| result.outcome == Outcome::Failed);
        if failed || !output.status.success() {
            print!("{text}{}", String::from_utf8_lossy(&output.stderr));
        }
        // A binary that dies has not reported its tests.
        if !failed && !output.status.success() {
            return Err(format!("{} failed without a failed test", self.name));
        }
        Ok(results)
    }
}

/// What a binary printed, as results. `left_out` has a line for every test that was.
fn outcomes(printed: &str, left_out: &str, file: &str) -> Vec<Result> {
    let left_out: BTreeSet<&str> = left_out.lines().collect();
    let lines = printed.lines().filter_map(|line| line.strip_prefix("test ")?.split_once(" ... "));
    lines
        .filter_map(|(test, word)| {
            let outcome = match word {
                "ok" if left_out.contains(test) => Outcome::LeftOut,
                "ok" => Outcome::Passed,
                "FAILED" => Outcome::Failed,
                _ => return None,
            };
            let feature = test.split_once("::").map_or(file, |(feature, _)| feature).trim_start_matches("terraform_");
            Some(Result { feature: feature.to_owned(), test: test.to_owned(), outcome })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_are_read_from_what_a_binary_prints() {
        let printed = "\nrunning 4 tests\ntest actions::invoked ... ok\ntest plain ... ok\ntest broken ... FAILED\n\
                       test later ... ignored\n\ntest result: FAILED. 2 passed; 1 failed\n";
        let results = outcomes(printed, "actions::invoked\n", "terraform_files");
        let reported: Vec<_> = results.iter().map(|one| (one.feature.as_str(), one.outcome)).collect();
        assert_eq!(reported, [("actions", Outcome::LeftOut), ("files", Outcome::Passed), ("files", Outcome::Failed)]);
    }
}
