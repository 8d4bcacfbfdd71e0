//! The example of a module that is tested with `terraform test`, and what its guide says.

mod support;

use std::path::Path;

use support::Scenario;
use terraform_plugin_testing::{Feature, requires};

/// The module of `examples/testing`, in a scenario.
fn module(name: &str) -> Scenario {
    let scenario = Scenario::new(name);
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/testing");
    for file in ["main.tf", "training.tftest.hcl"] {
        std::fs::copy(example.join(file), scenario.path(file)).expect("the example has this file");
    }
    scenario
}

#[test]
fn the_module_of_the_guide_passes_its_test() {
    let scenario = module("terraform-test");
    let run = scenario.run(&["test", "-no-color"]).ok();
    assert!(run.text.contains("4 passed, 0 failed"), "{}", run.text);
    assert_eq!((scenario.asked("POST /cluster/create"), scenario.asked("PATCH /cluster/edit/")), (1, 0));
    assert!(scenario.cloud.clusters().is_empty(), "{}", run.text);
}

#[test]
fn a_cluster_that_would_be_replaced_fails_the_test_of_the_rename() {
    if !requires(Feature::FailedUnknownConditions) {
        return;
    }
    let scenario = module("terraform-test-replaces");
    let test = std::fs::read_to_string(scenario.path("training.tftest.hcl")).expect("it was copied");
    let renamed = "name = \"module-test-renamed\"";
    assert!(test.contains(renamed), "{test}");
    scenario.write_file("training.tftest.hcl", &test.replace(renamed, "gpus = 8"));
    let run = scenario.run(&["test", "-no-color"]);
    assert_eq!(run.code, Some(1), "{}", run.text);
    assert!(run.text.contains("run \"a_rename_keeps_the_cluster\"... fail"), "{}", run.text);
    assert!(scenario.cloud.clusters().is_empty(), "{}", run.text);
}

#[test]
fn a_module_that_cannot_be_applied_fails_its_test() {
    let scenario = module("terraform-test-fails");
    scenario.cloud.set_balance(0.0);
    let run = scenario.run(&["test", "-no-color"]);
    assert_eq!(run.code, Some(1), "{}", run.text);
    assert!(run.text.contains("Cannot create cluster: balance too low"), "{}", run.text);
}
