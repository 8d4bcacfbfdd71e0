//! The actions, with a real Terraform of 1.14 or newer.

mod support;

use std::time::Duration;

use support::Scenario;
use tensorpool_simulator::{NewCluster, NewJob, NewVolume, Options};
use terraform_plugin_testing::{Feature, Run, requires};

fn invoke(scenario: &Scenario, type_name: &str, arguments: &str) -> Run {
    scenario.write(&format!("action \"{type_name}\" \"it\" {{\n  config {{\n{arguments}\n  }}\n}}"));
    let invoke = format!("-invoke=action.{type_name}.it");
    scenario.run(&["apply", "-auto-approve", "-input=false", "-json", &invoke])
}

/// Checks the one error or warning of an invocation. Terraform has a summary of its own for these, and puts the provider's
/// before the detail.
#[track_caller]
fn reports(run: &Run, severity: &str, summary: &str, texts: &[&str]) {
    let own = ["Provider development overrides are in effect"];
    let mut reported =
        run.diagnostics.iter().filter(|one| one.severity == severity && !own.contains(&one.summary.as_str()));
    let (Some(diagnostic), None) = (reported.next(), reported.next()) else {
        panic!("not one {severity}:\n{}", run.text)
    };
    assert!(format!("{}: {}", diagnostic.summary, diagnostic.detail).contains(summary), "{diagnostic:#?}");
    diagnostic.says(texts);
}

fn job(status: &str) -> NewJob {
    NewJob { name: "train".to_owned(), status: status.to_owned(), cluster_id: None }
}

#[test]
fn a_job_is_canceled_and_waited_for() {
    if !requires(Feature::Actions) {
        return;
    }
    let release = Duration::from_millis(2500);
    let scenario = Scenario::with("cancel", Options { release, ..Options::default() });
    let id = scenario.cloud.add_job(job("running"));
    let run = invoke(&scenario, "tensorpool_cancel_job", &format!("    job_id = \"{id}\"")).ok();
    assert_eq!(scenario.cloud.job_status(&id).as_deref(), Some("canceled"));
    for progress in ["is running. Canceling it.", "is canceling (", "is canceled."] {
        assert!(run.text.contains(&format!("Job {id} {progress}")), "{progress}: {}", run.text);
    }
    assert_eq!(scenario.asked("POST /job/cancel/"), 1);
}

#[test]
fn a_job_that_has_ended_is_left_as_it_is() {
    if !requires(Feature::Actions) {
        return;
    }
    let scenario = Scenario::new("cancel-ended");
    let id = scenario.cloud.add_job(job("completed"));
    let run = invoke(&scenario, "tensorpool_cancel_job", &format!("    job_id = \"{id}\"")).ok();
    reports(&run, "warning", "Job was not canceled", &[&id, "its status is completed"]);
    assert_eq!(scenario.asked("POST /job/cancel/"), 0);
    let canceled = scenario.cloud.add_job(job("canceled"));
    let run = invoke(&scenario, "tensorpool_cancel_job", &format!("    job_id = \"{canceled}\"")).ok();
    assert!(!run.text.contains("Job was not canceled"), "{}", run.text);
}

#[test]
fn a_job_that_does_not_exist_is_an_error() {
    if !requires(Feature::Actions) {
        return;
    }
    let scenario = Scenario::new("cancel-absent");
    let run = invoke(&scenario, "tensorpool_cancel_job", "    job_id = \"j-none\"");
    reports(&run, "error", "Cannot cancel job: not found", &["GET /job/info/j-none", "404"]);
}

#[test]
fn the_protection_of_a_cluster_is_switched_and_waited_for() {
    if !requires(Feature::Actions) {
        return;
    }
    let edit = Duration::from_millis(1500);
    let scenario = Scenario::with("protect-cluster", Options { edit, ..Options::default() });
    let id = scenario.cloud.add_cluster(NewCluster {
        name: "train".to_owned(),
        instance_type: "1xH100".to_owned(),
        num_nodes: 1,
        deletion_protection: false,
    });
    let switch = |enabled: bool| {
        let arguments = format!("    cluster_id = \"{id}\"\n    enabled = {enabled}");
        invoke(&scenario, "tensorpool_set_deletion_protection", &arguments).ok()
    };
    let run = switch(true);
    assert!(scenario.cloud.clusters()[0].deletion_protection);
    assert!(run.text.contains(&format!("Switching deletion protection of cluster {id} on.")), "{}", run.text);
    assert!(run.text.contains(&format!("Deletion protection of cluster {id} is on.")), "{}", run.text);
    assert!(switch(true).text.contains("is on already"));
    assert_eq!(scenario.asked("PATCH /cluster/edit/"), 1);
    switch(false);
    assert!(!scenario.cloud.clusters()[0].deletion_protection);
}

#[test]
fn the_protection_of_a_volume_is_switched() {
    if !requires(Feature::Actions) {
        return;
    }
    let scenario = Scenario::new("protect-volume");
    let id = scenario.cloud.add_volume(NewVolume {
        name: "data".to_owned(),
        size_gb: 100,
        deletion_protection: true,
        ..NewVolume::default()
    });
    let arguments = format!("    storage_id = \"{id}\"\n    enabled = false");
    invoke(&scenario, "tensorpool_set_deletion_protection", &arguments).ok();
    assert!(!scenario.cloud.volumes()[0].deletion_protection);
}

#[test]
fn exactly_one_object_is_protected() {
    if !requires(Feature::Actions) {
        return;
    }
    let scenario = Scenario::new("protect-which");
    for arguments in ["", "    cluster_id = \"c-1\"\n    storage_id = \"s-1\"\n"] {
        let arguments = format!("{arguments}    enabled = true");
        let run = invoke(&scenario, "tensorpool_set_deletion_protection", &arguments);
        run.error("Invalid combination of arguments").says(&["`cluster_id` and `storage_id`"]);
    }
    let absent = "    storage_id = \"s-none\"\n    enabled = true";
    let run = invoke(&scenario, "tensorpool_set_deletion_protection", absent);
    reports(&run, "error", "Cannot set deletion protection of storage volume: not found", &["s-none", "404"]);
}
