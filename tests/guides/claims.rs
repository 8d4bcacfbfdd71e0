//! What the guides say of Terraform's own ways next to the provider's, and of runs that nobody watches.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use tensorpool_simulator::Options;
use terraform_plugin_testing::{Feature, Run, requires};

use crate::support::s3::S3;
use crate::support::{KEY, Scenario};

/// A cluster with more lines in its block.
fn cluster(lines: &str) -> String {
    format!(
        "resource \"tensorpool_cluster\" \"train\" {{\n  name = \"train\"\n  instance_type = \"8xH100\"\n{lines}\n}}"
    )
}

fn removed(destroy: bool) -> String {
    format!("removed {{\n  from = tensorpool_cluster.train\n  lifecycle {{\n    destroy = {destroy}\n  }}\n}}")
}

#[test]
fn without_its_block_only_deletion_protection_stops_a_destroy() {
    let guard = "  lifecycle {\n    prevent_destroy = true\n  }";
    let scenario = Scenario::new("guide-prevent");
    scenario.write(&cluster(guard));
    scenario.apply().ok();
    // The summary has other words in OpenTofu.
    let refused = scenario.destroy();
    assert!(refused.code == Some(1) && refused.text.contains("prevent_destroy set"), "{}", refused.text);
    scenario.write("");
    scenario.apply().ok();
    assert!(scenario.cloud.clusters().is_empty(), "the rule went with the block");

    scenario.write(&cluster(&format!("  deletion_protection = true\n{guard}")));
    scenario.apply().ok();
    scenario.write("");
    scenario.apply().error("Cluster is protected from deletion");
    assert_eq!(scenario.cloud.clusters().len(), 1);
}

#[test]
fn a_protected_cluster_is_forgotten_by_a_removed_block_and_goes_on() {
    let scenario = Scenario::new("guide-removed");
    scenario.write(&cluster("  deletion_protection = true"));
    scenario.apply().ok();
    scenario.write(&removed(false));
    scenario.apply().ok();
    assert!(scenario.resources().is_empty());
    assert!(scenario.cloud.clusters()[0].deletion_protection);
    assert_eq!(scenario.asked("DELETE"), 0);
    scenario.expect_empty_plan();
}

#[test]
fn a_removed_block_that_destroys_is_refused_for_a_protected_cluster() {
    let scenario = Scenario::new("guide-removed-destroys");
    scenario.write(&cluster("  deletion_protection = true"));
    scenario.apply().ok();
    scenario.write(&removed(true));
    scenario.plan().error("Cluster is protected from deletion");
    scenario.apply().error("Cluster is protected from deletion");
    assert_eq!((scenario.cloud.clusters().len(), scenario.asked("DELETE")), (1, 0));
}

#[test]
fn a_terminated_terraform_saves_the_cluster_and_the_next_apply_waits_for_it() {
    let provision = Duration::from_secs(6);
    let options = Options { provision, release: Duration::ZERO, ..Options::default() };
    let scenario = Scenario::with("guide-terminated", options);
    scenario.write(&cluster(""));
    let mut command = scenario.command(&["apply", "-auto-approve", "-input=false", "-json"]);
    // CI signals the process that it has started, and no other.
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("terraform can be started");
    scenario.until("a poll", |scenario| scenario.asked("GET /request/info/") > 0);
    kill_process(Pid::from_child(&child), Signal::TERM).expect("it lives");
    let run = Run::of(&child.wait_with_output().expect("it ends"));
    assert_eq!(scenario.cluster()["id"], json!(scenario.cloud.clusters()[0].id), "{}", run.text);
    assert!(!scenario.is_tainted());
    scenario.apply().ok();
    scenario.expect_empty_plan();
    assert_eq!(scenario.asked("POST /cluster/create"), 1);
}

#[test]
fn a_plan_that_is_saved_in_one_checkout_is_applied_in_another() {
    if !requires(Feature::EphemeralValues) {
        return;
    }
    let mut scenario = Scenario::new("guide-elsewhere");
    let backend = format!(
        "terraform {{\n  backend \"s3\" {{\n    bucket = \"state\"\n    key = \"a.tfstate\"\n    region = \"us-west\"\n    endpoints = {{ \
         s3 = \"{}\" }}\n    use_path_style = true\n    skip_credentials_validation = true\n    skip_metadata_api_check = \
         true\n    skip_region_validation = true\n    skip_requesting_account_id = true\n    skip_s3_checksum = true\n  }}\n}}\n",
        S3::default().serve()
    );
    for file in ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"] {
        scenario.set(file, "/dev/null");
    }
    scenario.set("AWS_ACCESS_KEY_ID", "AKPLANTED");
    scenario.set("AWS_SECRET_ACCESS_KEY", "tp-planted-backend");
    scenario.unset("TENSORPOOL_KEY");
    let provider = "variable \"key\" {\n  ephemeral = true\n}\n\nprovider \"tensorpool\" {\n  api_key = var.key\n}\n\n";
    scenario.write(&format!("{provider}{}", cluster("")));
    scenario.write_file("backend.tf", &backend);
    let key = format!("-var=key={KEY}");
    // The provider is overridden, so of what init does the backend alone matters.
    _ = scenario.run(&["init", "-input=false", "-no-color"]);
    scenario.run(&["plan", "-input=false", "-out=saved.plan", &key]).ok();

    let elsewhere = scenario.path("elsewhere");
    fs::create_dir_all(&elsewhere).expect("it can be created");
    for file in ["main.tf", "backend.tf", "saved.plan"] {
        fs::copy(scenario.path(file), elsewhere.join(file)).expect("it can be copied");
    }
    scenario.set("TF_DATA_DIR", &elsewhere.join(".terraform").display().to_string());
    let there = format!("-chdir={}", elsewhere.display());
    _ = scenario.run(&[&there, "init", "-input=false", "-no-color"]);
    let without_key = scenario.run(&[&there, "apply", "-input=false", "-no-color", "saved.plan"]);
    assert_eq!(without_key.code, Some(1), "{}", without_key.text);
    scenario.run(&[&there, "apply", "-input=false", "-no-color", &key, "saved.plan"]).ok();
    assert_eq!(scenario.cloud.clusters().len(), 1);
    // The first checkout sees what the second has done.
    let here = scenario.path(".terraform").display().to_string();
    scenario.set("TF_DATA_DIR", &here);
    let planned = scenario.run(&["plan", "-input=false", "-no-color", "-detailed-exitcode", &key]);
    assert_eq!(planned.code, Some(0), "{}", planned.text);
}

#[test]
fn an_action_before_the_destroy_does_not_lift_the_lock() {
    if !requires(Feature::DestroyTriggers) {
        return;
    }
    let scenario = Scenario::new("guide-before-destroy");
    let trigger = "  deletion_protection = true\n  lifecycle {\n    action_trigger {\n      events  = [before_destroy]\n      \
                   actions = [action.tensorpool_set_deletion_protection.unlock]\n    }\n  }";
    let action = "action \"tensorpool_set_deletion_protection\" \"unlock\" {\n  config {\n    cluster_id = caller.id\n    \
                  enabled    = false\n  }\n}";
    scenario.write(&format!("{}\n\n{action}", cluster(trigger)));
    scenario.apply().ok();
    scenario.destroy().error("Cluster is protected from deletion");
    assert_eq!((scenario.asked("PATCH"), scenario.asked("DELETE")), (0, 0));
    assert!(scenario.cloud.clusters()[0].deletion_protection);
}

#[test]
fn a_lifecycle_that_does_not_destroy_forgets_a_protected_cluster() {
    if !requires(Feature::LifecycleWithoutDestroy) {
        return;
    }
    let scenario = Scenario::new("guide-destroy-false");
    scenario.write(&cluster("  deletion_protection = true\n  lifecycle {\n    destroy = false\n  }"));
    scenario.apply().ok();
    let run = scenario.destroy();
    // OpenTofu does the same, and then reports as an error what is left.
    assert!(run.code == Some(0) || run.text.contains("left behind forgotten instances"), "{}", run.text);
    assert!(scenario.resources().is_empty());
    assert!(scenario.cloud.clusters()[0].deletion_protection);
    assert_eq!(scenario.asked("DELETE"), 0);
}
