//! The rules of this repository for workflows: what they use is pinned, what they may do is little, and what they run is a
//! target of the Makefile, which was tried before it was pushed.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::workflow::Workflow;

/// What a step may run besides `make`, as it is about the runner or the release and not about the code: the toolchain that make
/// needs, and the draft of a release.
const OTHER_COMMANDS: [&str; 2] = ["rustup toolchain install ", "gh release create "];

/// Events that run a workflow with the rights of this repository on what a stranger wrote.
const FOREIGN_EVENTS: [&str; 3] = ["issue_comment", "pull_request_target", "workflow_run"];

/// What the rules need to know of the repository.
pub struct Repository {
    /// The targets of the Makefile.
    pub targets: BTreeSet<String>,
    /// The toolchain that the crates are made for, for example `1.95.0`.
    pub toolchain: String,
}

impl Repository {
    pub fn read(root: &Path) -> Self {
        let makefile = std::fs::read_to_string(root.join("Makefile")).expect("there is a Makefile");
        let targets = makefile.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()));
        let targets = targets.filter_map(|line| line.split_once(':')).map(|(target, _)| target.to_owned());
        Self { targets: targets.collect(), toolchain: format!("{}.0", env!("CARGO_PKG_RUST_VERSION")) }
    }
}

/// What is wrong with a workflow.
pub fn mistakes(workflow: &Workflow, repository: &Repository) -> Vec<String> {
    let mut found = vec![];
    found.extend(trigger(workflow));
    found.extend(workflow.uses().filter_map(|used| unpinned(used, &workflow.text)));
    found.extend(permissions(workflow));
    found.extend(limits(workflow));
    found.extend(workflow.steps().filter_map(credentials));
    found.extend(workflow.commands().filter_map(|command| other_command(command, &repository.targets)));
    found.extend(toolchain(workflow, &repository.toolchain));
    found.into_iter().map(|mistake| format!("{}: {mistake}", workflow.name)).collect()
}

/// A run that a stranger can begin, with more rights than that of a pull request.
fn trigger(workflow: &Workflow) -> Option<String> {
    let Some(events) = workflow.content["on"].as_object() else {
        return Some("it does not say when it runs".to_owned());
    };
    let event = FOREIGN_EVENTS.into_iter().find(|event| events.contains_key(*event))?;
    Some(format!("it is run by {event}"))
}

/// A use of an action that is not pinned by a commit with the version in a comment. What lies in this repository has its commit.
fn unpinned(used: &str, text: &str) -> Option<String> {
    let commit = used.split_once('@').map_or("", |(_, commit)| commit);
    let is_commit = commit.len() == 40 && commit.chars().all(|digit| matches!(digit, '0'..='9' | 'a'..='f'));
    let is_version = |text: &str| text.split('.').filter_map(|part| part.parse::<u32>().ok()).count() == 3;
    let has_version =
        |line: &str| line.split_once(&format!("{used} # v")).is_some_and(|(_, version)| is_version(version));
    let has_versions = || text.lines().filter(|line| line.contains(used)).all(has_version);
    let is_right = used.starts_with("./") || is_commit && has_versions();
    (!is_right).then(|| format!("`{used}` is not pinned by a commit and a comment with its version"))
}

/// A workflow may do nothing, and each job what it says.
fn permissions(workflow: &Workflow) -> Vec<String> {
    let mut found = Vec::new();
    if workflow.content["permissions"].as_object().is_none_or(|scopes| !scopes.is_empty()) {
        found.push("it does not begin with `permissions: {}`".to_owned());
    }
    let without = workflow.jobs().filter(|(_, job)| !job["permissions"].is_object());
    found.extend(without.map(|(name, _)| format!("the job {name} does not say what it may do")));
    found
}

/// No run lasts for ever, nor runs beside another of its kind.
fn limits(workflow: &Workflow) -> Vec<String> {
    let mut found = Vec::new();
    if !workflow.content["concurrency"]["group"].is_string() {
        found.push("it has no concurrency group".to_owned());
    }
    let endless = workflow.jobs().filter(|(_, job)| !job["runs-on"].is_null() && !job["timeout-minutes"].is_u64());
    found.extend(endless.map(|(name, _)| format!("the job {name} has no timeout")));
    found
}

/// A checkout that leaves the token where every later step can read it.
fn credentials(step: &Value) -> Option<String> {
    let is_checkout = step["uses"].as_str().is_some_and(|action| action.starts_with("actions/checkout@"));
    let keeps = step["with"]["persist-credentials"] != false;
    (is_checkout && keeps).then(|| "a checkout has no `persist-credentials: false`".to_owned())
}

/// A command that is no line of `make`, nor one of the few others.
fn other_command(command: &str, targets: &BTreeSet<String>) -> Option<String> {
    if command.trim_end().contains('\n') {
        return Some(format!("`{}` ... has more than one line", command.lines().next().unwrap_or_default()));
    }
    if command.contains("${{") {
        return Some(format!("`{command}` has an expression in it, where a variable cannot become a command"));
    }
    if OTHER_COMMANDS.iter().any(|other| command.starts_with(other)) {
        return None;
    }
    let Some(arguments) = command.strip_prefix("make ") else { return Some(format!("`{command}` is no `make`")) };
    let target = arguments.split(' ').next().unwrap_or_default();
    (!targets.contains(target)).then(|| format!("the Makefile has no target {target}"))
}

/// Another toolchain than the one that the crates are made for: a release could not be repeated.
fn toolchain(workflow: &Workflow, toolchain: &str) -> Option<String> {
    let own = workflow.content["env"]["RUSTUP_TOOLCHAIN"].as_str();
    (own != Some(toolchain)).then(|| format!("RUSTUP_TOOLCHAIN is {own:?} and not {toolchain}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
on:
  push:
permissions: {}
concurrency:
  group: test
env:
  RUSTUP_TOOLCHAIN: 1.95.0
jobs:
  called:
    permissions:
      contents: read
    uses: ./.github/workflows/test.yml
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@0123456789abcdef0123456789abcdef01234567 # v7.0.1
        with:
          persist-credentials: false
      - run: rustup toolchain install "$RUSTUP_TOOLCHAIN"
      - run: make binary TARGET="$TARGET"
"#;

    /// What is replaced in the good workflow, by what, and the mistake that this is.
    const BAD: [(&str, &str, &str); 19] = [
        ("  push:\n", "  pull_request_target:\n", "it is run by pull_request_target"),
        ("  push:\n", "  workflow_run: { workflows: [a] }\n", "it is run by workflow_run"),
        ("on:\n  push:\n", "", "it does not say when it runs"),
        ("uses: ./", "uses: other/repository/", "is not pinned"),
        ("@0123456789abcdef0123456789abcdef01234567", "@v7", "is not pinned"),
        ("@0123456789abcdef", "@0123456789ABCDEF", "is not pinned"),
        (" # v7.0.1", "", "is not pinned"),
        (
            "      - run: rustup",
            "      - { uses: a/b@0123456789abcdef0123456789abcdef01234567 }\n      - run: rustup",
            "is not pinned",
        ),
        (" # v7.0.1", " # v7", "is not pinned"),
        ("permissions: {}\n", "", "does not begin with `permissions: {}`"),
        ("permissions: {}\n", "permissions:\n  contents: write\n", "does not begin with `permissions: {}`"),
        ("    permissions:\n      contents: read\n    steps", "    steps", "the job test does not say what it may do"),
        ("  group: test\n", "  cancel-in-progress: true\n", "no concurrency group"),
        ("    timeout-minutes: 10\n", "", "the job test has no timeout"),
        ("persist-credentials: false", "persist-credentials: true", "no `persist-credentials: false`"),
        (
            "run: make binary TARGET=\"$TARGET\"",
            "run: |\n          make binary\n          make test",
            "more than one line",
        ),
        ("\"$TARGET\"", "${{ matrix.target }}", "has an expression in it"),
        ("make binary", "curl -f", "is no `make`"),
        ("make binary", "make release", "has no target release"),
    ];

    #[test]
    fn each_rule_finds_what_it_is_for() {
        let targets = ["binary".to_owned(), "test".to_owned()].into();
        let repository = Repository { targets, toolchain: "1.95.0".to_owned() };
        let mistakes = |text: String| mistakes(&Workflow::of("a.yml", text), &repository);
        assert_eq!(mistakes(GOOD.to_owned()), [""; 0]);
        for (good, bad, expected) in BAD {
            assert!(GOOD.contains(good), "{good}");
            let found = mistakes(GOOD.replace(good, bad));
            assert!(found.len() == 1 && found[0].contains(expected), "{bad}: {found:?}");
        }
        let other = mistakes(GOOD.replace("1.95.0", "1.94.0"));
        assert_eq!(other, ["a.yml: RUSTUP_TOOLCHAIN is Some(\"1.94.0\") and not 1.95.0"]);
    }

    #[test]
    fn the_targets_of_the_makefile_are_read() {
        let repository = Repository::read(Path::new(env!("CARGO_MANIFEST_DIR")));
        assert!(repository.targets.is_superset(&["test", "matrix", "audit-tools"].map(str::to_owned).into()));
        assert!(!repository.targets.iter().any(|target| target.contains([' ', '=', '.'])), "{:?}", repository.targets);
    }
}
