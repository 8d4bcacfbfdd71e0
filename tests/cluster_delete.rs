//! The destroy of a cluster: every reason of a 409, failures, interrupts.

mod support;

use std::time::{Duration, Instant};

use serde_json::json;
use support::Scenario;
use tensorpool_simulator::{Action, Fault, Options};

const TRAIN: &str = "  name = \"train\"\n  instance_type = \"8xH100\"";

fn applied(name: &str, arguments: &str) -> (Scenario, String) {
    with(name, arguments, Options { provision: Duration::ZERO, release: Duration::ZERO, ..Options::default() })
}

fn with(name: &str, arguments: &str, options: Options) -> (Scenario, String) {
    let scenario = Scenario::with(name, options);
    scenario.write_cluster(arguments);
    scenario.apply().ok();
    let id = scenario.cloud.clusters()[0].id.clone();
    scenario.cloud.clear_requests();
    (scenario, id)
}

fn conflict() -> Action {
    let body = r#"{"detail": "Conflict of some kind"}"#.to_owned();
    Action::Respond { status: 409, body, headers: std::collections::BTreeMap::default() }
}

#[test]
fn a_protected_cluster_is_refused_at_plan_time() {
    let protected = format!("{TRAIN}\n  deletion_protection = true");
    let (scenario, id) = applied("protected", &protected);
    let destroyed = scenario.destroy();
    let error = destroyed.error("Cluster is protected from deletion");
    error.says(&["train", &id, "deletion_protection = false"]);
    assert_eq!(error.code, "deletion_protection = true");
    // Replacement, and a block that was removed.
    scenario.write_cluster(&protected.replace("8xH100", "8xH200"));
    scenario.plan().error("Cluster is protected from deletion").says(&["instance_type"]);
    scenario.write("");
    scenario.apply().error("Cluster is protected from deletion");
    assert_eq!(scenario.asked("DELETE /cluster/"), 0);
    assert_eq!(scenario.resources().len(), 1);
    // The two steps that the message gives.
    scenario.write_cluster(TRAIN);
    scenario.apply().ok();
    scenario.destroy().ok();
    assert!(scenario.cloud.clusters().is_empty());
}

#[test]
fn a_lock_that_is_set_after_the_plan_is_met_as_a_409() {
    let (scenario, id) = applied("locked-outside", TRAIN);
    scenario.run(&["plan", "-destroy", "-out=destroy.plan"]).ok();
    scenario.cloud.set_deletion_protection(&id, true);
    let run = scenario.run(&["apply", "-json", "destroy.plan"]);
    run.error("Cluster is protected from deletion").says(&["409", "outside Terraform", "train", &id]);
    assert_eq!(scenario.asked("DELETE /cluster/"), 1);
    assert_eq!(scenario.cloud.clusters().len(), 1);
    assert_eq!(scenario.cluster()["id"], json!(id));
    scenario.cloud.set_deletion_protection(&id, false);
    scenario.destroy().ok();
    assert!(scenario.cloud.clusters().is_empty());
}

#[test]
fn instances_that_do_not_run_are_waited_for() {
    let (scenario, id) = applied("not-running", TRAIN);
    scenario.cloud.set_instance_status(&id, Some("RESTARTING"));
    let running = scenario.spawn(&["destroy", "-auto-approve", "-json"]);
    scenario.until("a refused destroy and another look", |scenario| {
        let requests = scenario.cloud.requests();
        let refused = requests.iter().position(|request| request.method == "DELETE" && request.status == Some(409));
        refused.is_some_and(|at| {
            requests[at..].iter().filter(|one| one.line().starts_with("GET /cluster/info")).count() >= 2
        })
    });
    scenario.cloud.set_instance_status(&id, None);
    running.finish().ok();
    assert_eq!(scenario.asked("DELETE /cluster/"), 2);
    assert!(scenario.cloud.clusters().is_empty());
}

#[test]
fn instances_that_never_run_are_reported_at_the_deadline_and_a_second_destroy_succeeds() {
    let (scenario, id) = applied("never-running", &format!("{TRAIN}\n  timeouts {{\n    delete = \"3s\"\n  }}"));
    scenario.cloud.set_instance_status(&id, Some("RESTARTING"));
    scenario.destroy().error("Cannot delete cluster: instances not RUNNING").says(&["RESTARTING", "timeouts", "train"]);
    assert_eq!(scenario.resources().len(), 1);
    scenario.cloud.set_instance_status(&id, None);
    scenario.destroy().ok();
    assert!(scenario.cloud.clusters().is_empty());
}

#[test]
fn a_destroy_that_runs_already_is_joined() {
    let slow = Options { provision: Duration::ZERO, release: Duration::from_secs(4), ..Options::default() };
    let (scenario, id) = with("joined", TRAIN, slow);
    scenario.run(&["plan", "-destroy", "-out=destroy.plan"]).ok();
    scenario.cloud.release(&id);
    scenario.run(&["apply", "-json", "destroy.plan"]).ok();
    assert_eq!(scenario.asked("DELETE /cluster/"), 1);
    assert!(scenario.asked("GET /request/info/") >= 1);
    assert!(scenario.resources().is_empty());
}

#[test]
fn a_cluster_deleted_outside_needs_no_destroy() {
    let (scenario, id) = applied("already-deleted", TRAIN);
    scenario.run(&["plan", "-destroy", "-out=destroy.plan"]).ok();
    scenario.cloud.remove_cluster(&id);
    scenario.run(&["apply", "-json", "destroy.plan"]).ok();
    assert!(scenario.resources().is_empty());
    // The same when it is deleted between the refusal and the read: the refusal spoke of it, so the API is asked once more.
    let (scenario, id) = applied("deleted-after-409", TRAIN);
    scenario.run(&["plan", "-destroy", "-out=destroy.plan"]).ok();
    scenario.cloud.add_fault(Fault::once("DELETE", "/cluster/", conflict()));
    scenario.cloud.remove_cluster(&id);
    scenario.run(&["apply", "-json", "destroy.plan"]).ok();
    assert_eq!(scenario.asked("DELETE /cluster/"), 2);
    assert!(scenario.resources().is_empty());
}

#[test]
fn a_cluster_that_the_list_contains_is_not_believed_to_be_deleted() {
    let not_found = || {
        let body = r#"{"detail": "Cluster not found"}"#.to_owned();
        Action::Respond { status: 404, body, headers: std::collections::BTreeMap::default() }
    };
    // On a read: a second read finds it, and as long as none does, nothing is removed.
    let (scenario, id) = applied("contradiction", TRAIN);
    scenario.cloud.add_fault(Fault::once("GET", "/cluster/info", not_found()));
    scenario.expect_empty_plan();
    scenario.cloud.add_fault(Fault::once("GET", "/cluster/info", not_found()).always());
    scenario.plan().error("Cannot read cluster: contradictory responses").says(&[
        "train",
        &id,
        "list still contains it",
    ]);
    scenario.cloud.clear_faults();
    assert_eq!(scenario.resources().len(), 1);
    // On the read after a 409: the lock is found all the same.
    scenario.run(&["plan", "-destroy", "-out=destroy.plan"]).ok();
    scenario.cloud.set_deletion_protection(&id, true);
    scenario.cloud.add_fault(Fault::once("GET", "/cluster/info", not_found()));
    scenario.run(&["apply", "-json", "destroy.plan"]).error("Cluster is protected from deletion");
    assert_eq!(scenario.resources().len(), 1);
    // On the destroy itself: it is sent again.
    scenario.cloud.set_deletion_protection(&id, false);
    scenario.cloud.clear_requests();
    scenario.cloud.add_fault(Fault::once("DELETE", "/cluster/", not_found()));
    scenario.destroy().ok();
    assert_eq!(scenario.asked("DELETE /cluster/"), 2);
    assert!(scenario.cloud.clusters().is_empty());
}

#[test]
fn an_unexplained_409_is_tried_three_more_times() {
    let (scenario, _) = applied("unexplained", TRAIN);
    scenario.cloud.add_fault(Fault::once("DELETE", "/cluster/", conflict()).always());
    scenario.destroy().error("Cannot delete cluster: conflict").says(&["409", "Conflict of some kind", "train"]);
    assert_eq!(scenario.asked("DELETE /cluster/"), 4);
    assert_eq!(scenario.resources().len(), 1);
    scenario.cloud.clear_faults();
    scenario.destroy().ok();
    assert!(scenario.cloud.clusters().is_empty());
}

#[test]
fn a_destroy_that_fails_keeps_the_cluster_and_is_repeated() {
    let (scenario, id) = applied("failed-destroy", TRAIN);
    scenario.cloud.fail_next("CLUSTER_RELEASE", "The nodes did not answer");
    let run = scenario.destroy();
    run.error("Cannot delete cluster: request failed").says(&["The nodes did not answer", "Request id: req_", &id]);
    assert_eq!(scenario.cluster()["id"], json!(id));
    assert!(!scenario.is_tainted());
    scenario.destroy().ok();
    assert!(scenario.cloud.clusters().is_empty());
}

#[test]
fn a_destroy_that_timed_out_is_joined_by_the_next() {
    let slow = Options { provision: Duration::ZERO, release: Duration::from_secs(5), ..Options::default() };
    let (scenario, _) = with("timed-out", &format!("{TRAIN}\n  timeouts {{\n    delete = \"2s\"\n  }}"), slow);
    scenario.destroy().error("Cannot delete cluster: out of time").says(&["Request id: req_", "timeouts"]);
    assert_eq!(scenario.resources().len(), 1);
    scenario.until("the destroy has ended", |scenario| scenario.cloud.clusters().is_empty());
    scenario.destroy().ok();
    assert_eq!(scenario.asked("DELETE /cluster/"), 1);
    assert!(scenario.resources().is_empty());
}

#[test]
fn an_interrupt_during_a_create_saves_the_cluster_and_the_next_apply_waits_for_it() {
    let slow = Options { provision: Duration::from_secs(8), release: Duration::ZERO, ..Options::default() };
    let scenario = Scenario::with("interrupted-create", slow);
    scenario.write_cluster(TRAIN);
    let running = scenario.spawn(&["apply", "-auto-approve", "-json"]);
    scenario.until("a poll", |scenario| scenario.asked("GET /request/info/") > 0);
    let begin = Instant::now();
    running.interrupt();
    let run = running.finish();
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}\n{}", begin.elapsed(), run.text);
    let id = scenario.cloud.clusters()[0].id.clone();
    run.warning("Cluster is still being provisioned").says(&[&id, "train", "req_"]);
    assert_eq!(scenario.cluster()["id"], json!(id));
    assert!(!scenario.is_tainted());
    assert_eq!(scenario.planned_actions(), ["update"]);
    scenario.apply().ok();
    assert_eq!(scenario.cluster()["instances"][0]["status"], "RUNNING");
    assert_eq!(scenario.asked("POST /cluster/create"), 1);
    scenario.expect_empty_plan();
}

#[test]
fn an_interrupt_during_a_destroy_keeps_the_cluster_and_the_next_destroy_joins() {
    let slow = Options { provision: Duration::ZERO, release: Duration::from_secs(6), ..Options::default() };
    let (scenario, id) = with("interrupted-destroy", TRAIN, slow);
    let running = scenario.spawn(&["destroy", "-auto-approve", "-json"]);
    scenario.until("a poll", |scenario| scenario.asked("GET /request/info/") > 0);
    let begin = Instant::now();
    running.interrupt();
    let run = running.finish();
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}\n{}", begin.elapsed(), run.text);
    assert_eq!(scenario.cluster()["id"], json!(id));
    scenario.destroy().ok();
    assert_eq!(scenario.asked("DELETE /cluster/"), 1);
    assert!(scenario.cloud.clusters().is_empty());
}
