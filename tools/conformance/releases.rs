//! On which Terraform and OpenTofu a test runs: the versions of the matrix that have what it needs.

use std::path::Path;

use serde_json::Value;
use terraform_plugin_testing::Cli;

use crate::Problem;
use crate::packages::PACKAGES;
use crate::rows::Test;
use crate::sources::{Found, Sources};

/// The workflow that runs the matrix, and names the versions of OpenTofu, which `make matrix` takes from the path.
pub const WORKFLOW: &str = ".github/workflows/matrix.yml";

/// A program of the matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// The whole version, for example `1.14.9`.
    pub version: String,
    cli: Cli,
}

impl Release {
    fn of(product: &str, version: &str) -> Result<Self, Problem> {
        let cli = Cli::parse(&format!("{product} v{version}")).ok_or_else(|| format!("{version:?} is no version"))?;
        Ok(Self { version: version.to_owned(), cli })
    }
}

/// The programs of the matrix, the oldest of each product first.
#[derive(Debug)]
pub struct Releases {
    pub terraform: Vec<Release>,
    pub opentofu: Vec<Release>,
}

impl Releases {
    /// Takes the pinned versions of Terraform, and those of OpenTofu from the text of the workflow.
    ///
    /// # Errors
    /// In words, if there are none.
    pub fn read(terraform: &[String], workflow: &str) -> Result<Self, Problem> {
        let workflow: Value = serde_saphyr::from_str(workflow).map_err(|error| format!("{WORKFLOW}: {error}"))?;
        let opentofu = workflow["jobs"]["opentofu"]["strategy"]["matrix"]["opentofu"].as_array();
        let opentofu = opentofu.into_iter().flatten().filter_map(Value::as_str);
        let releases = Self {
            terraform: terraform.iter().map(|version| Release::of("Terraform", version)).collect::<Result<_, _>>()?,
            opentofu: opentofu.map(|version| Release::of("OpenTofu", version)).collect::<Result<_, _>>()?,
        };
        if releases.terraform.is_empty() || releases.opentofu.is_empty() {
            return Err(format!("no versions are in tools/terraform.py, or none of OpenTofu in {WORKFLOW}"));
        }
        Ok(releases)
    }

    /// Where tests run, in words.
    pub fn words(&self, tests: &[Test], sources: &Sources) -> String {
        let driven: Vec<&Found> =
            tests.iter().filter(|test| is_in_matrix(&test.path())).filter_map(|test| sources.of(*test)).collect();
        let speaks = tests.iter().any(|test| test.path().starts_with("crates/terraform-plugin-testing/tests/"));
        let alone = if speaks { "client of the protocol" } else { "unit tests" };
        if driven.is_empty() {
            return alone.to_owned();
        }
        // What a CLI without the feature is told is no test of the feature.
        let runs = |release: &&Release| {
            driven
                .iter()
                .filter(|test| test.lacks.is_empty())
                .any(|test| test.needs.iter().all(|need| need.is_in(&release.cli)))
        };
        let products = [("Terraform", &self.terraform), ("OpenTofu", &self.opentofu)];
        let on: Vec<String> = products
            .into_iter()
            .filter_map(|(product, releases)| {
                let minors: Vec<_> = releases.iter().filter(runs).map(|release| release.cli.version).collect();
                (!minors.is_empty()).then(|| format!("{product} {}", span(&minors)))
            })
            .collect();
        if on.is_empty() { format!("{alone}; no version of the matrix has it") } else { on.join("; ") }
    }
}

/// Whether the matrix runs the tests of a file.
fn is_in_matrix(path: &str) -> bool {
    PACKAGES.iter().any(|package| Path::new(path).strip_prefix(package).is_ok_and(|rest| rest.starts_with("tests")))
}

/// Minor versions, of which those that follow each other stand as a range.
fn span(minors: &[(u64, u64)]) -> String {
    let mut runs: Vec<((u64, u64), (u64, u64))> = Vec::new();
    for minor in minors {
        match runs.last_mut() {
            Some((_, last)) if *minor == (last.0, last.1 + 1) => *last = *minor,
            _ => runs.push((*minor, *minor)),
        }
    }
    let words = runs.into_iter().map(|(first, last)| {
        let words = |minor: (u64, u64)| format!("{}.{}", minor.0, minor.1);
        if first == last { words(first) } else { format!("{} to {}", words(first), words(last)) }
    });
    words.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{client, notes, unit};

    #[test]
    fn versions_that_follow_each_other_are_a_range() {
        for (minors, expected) in [
            (&[(1, 15)][..], "1.15"),
            (&[(1, 14), (1, 15)], "1.14 to 1.15"),
            (&[(1, 10), (1, 11), (1, 12), (1, 14)], "1.10 to 1.12, 1.14"),
        ] {
            assert_eq!(span(minors), expected);
        }
    }

    #[test]
    fn the_matrix_runs_the_tests_of_its_packages() {
        for (path, expected) in [
            ("tests/reattach.rs", true),
            ("crates/terraform-plugin/examples/terraform-provider-notes/tests/notes/query.rs", true),
            ("crates/terraform-plugin/examples/terraform-provider-zones/tests/acceptance/newer.rs", false),
            ("crates/terraform-plugin-testing/tests/kinds.rs", false),
            ("crates/terraform-plugin/tests/value_memory.rs", false),
        ] {
            assert_eq!(is_in_matrix(path), expected, "{path}");
        }
    }

    /// The text of a file of tests.
    fn text(path: &str) -> String {
        if path.ends_with("newer.rs") {
            "#[test]\nfn new() { if !requires(Feature::Actions) { return; } }\n\
             #[test]\nfn old() { if has(Feature::Actions) { return; } }\n\
             #[test]\nfn future() { if !requires(Feature::ComputedBlocks) { return; } }"
                .to_owned()
        } else {
            "#[test]\nfn plain() {}".to_owned()
        }
    }

    #[test]
    fn a_test_runs_where_there_is_what_it_needs() {
        let workflow = "jobs:\n  opentofu:\n    strategy:\n      matrix:\n        opentofu: [1.11.14, 1.12.6]\n";
        let terraform = ["1.10.5", "1.11.4", "1.14.9", "1.15.5"].map(str::to_owned);
        let releases = Releases::read(&terraform, workflow).expect("there are versions");
        let (new, old, future) = (notes("newer", "new"), notes("newer", "old"), notes("newer", "future"));
        let (plain, raw, inner) = (notes("plain", "plain"), client("raw", "plain"), unit("inner", "plain"));
        let sources = Sources::read([new, old, future, plain, raw, inner].into_iter(), |path| Ok(text(path)))
            .expect("it is Rust");
        for (tests, expected) in [
            (&[plain][..], "Terraform 1.10 to 1.11, 1.14 to 1.15; OpenTofu 1.11 to 1.12"),
            (&[new, old, raw], "Terraform 1.14 to 1.15"),
            (&[future, raw], "client of the protocol; no version of the matrix has it"),
            (&[raw, inner], "client of the protocol"),
            (&[inner], "unit tests"),
        ] {
            assert_eq!(releases.words(tests, &sources), expected);
        }
    }

    #[test]
    fn a_matrix_without_versions_is_an_error() {
        assert!(Releases::read(&["1.10.5".to_owned()], "jobs: {}").is_err());
        assert!(Releases::read(&["new".to_owned()], "jobs: {}").is_err());
    }
}
