//! The life of an attachment of a volume to a cluster, with a real Terraform.

mod support;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;
use support::Scenario;
use tensorpool_simulator::{Action, Fault, NewCluster, NewVolume, Options};
use terraform_plugin_testing::{Feature, Run, requires};

const ADDRESS: &str = "tensorpool_storage_attachment.data";
const SUMMARY: &str = "All nodes of the cluster restart";

/// A cloud with a cluster of two nodes and two volumes.
struct Site {
    scenario: Scenario,
    cluster: String,
    volumes: [String; 2],
}

impl Site {
    fn new(name: &str) -> Self {
        Self::with(name, Duration::from_millis(300))
    }

    fn with(name: &str, restart: Duration) -> Self {
        let options = Options { provision: Duration::ZERO, release: Duration::ZERO, restart, ..Options::default() };
        let scenario = Scenario::with(name, options);
        let cluster = scenario.cloud.add_cluster(cluster("train"));
        let volumes = ["data", "models"].map(|name| {
            scenario.cloud.add_volume(NewVolume { name: name.to_owned(), size_gb: 10, ..NewVolume::default() })
        });
        Self { scenario, cluster, volumes }
    }

    /// A site with an attachment.
    fn attached(name: &str) -> Self {
        let site = Self::new(name);
        site.write();
        site.scenario.apply().ok();
        site.scenario.cloud.clear_requests();
        site
    }

    fn write(&self) {
        self.scenario.write(&self.block("data", &self.volumes[0]));
    }

    fn block(&self, label: &str, volume: &str) -> String {
        format!(
            "resource \"tensorpool_storage_attachment\" \"{label}\" {{\n  storage_id = \"{volume}\"\n  cluster_id = \"{}\"\n}}\n",
            self.cluster
        )
    }

    fn id(&self) -> String {
        format!("{}/{}", self.volumes[0], self.cluster)
    }

    /// The volumes that are really attached.
    fn real(&self) -> Vec<String> {
        self.scenario.cloud.clusters()[0].volumes.clone()
    }

    fn nodes_run(&self) -> bool {
        self.scenario.cloud.clusters()[0].status == "RUNNING"
    }

    /// Begins an apply and interrupts it when it polls.
    fn interrupted(&self) {
        let running = self.scenario.spawn(&["apply", "-auto-approve", "-json"]);
        self.scenario.until("a poll", |scenario| scenario.asked("GET /request/info/") > 0);
        running.interrupt();
        let run = running.finish();
        run.warning("Storage volume is still being attached").says(&[&self.id(), "req_", "next terraform apply"]);
    }
}

fn cluster(name: &str) -> NewCluster {
    NewCluster { name: name.to_owned(), instance_type: "8xH100".to_owned(), num_nodes: 2, deletion_protection: false }
}

#[test]
fn a_volume_is_attached_and_detached_and_the_nodes_run_again() {
    let site = Site::new("attach");
    site.write();
    let plan = site.scenario.plan().ok();
    plan.warning(SUMMARY).says(&["Attaching", &site.cluster]);
    site.scenario.apply().ok();
    assert!(site.nodes_run(), "the apply waits for the restart");
    assert_eq!(site.real(), [site.volumes[0].clone()]);
    let state = site.scenario.values(ADDRESS);
    assert_eq!((&state["id"], &state["attached"]), (&json!(site.id()), &json!(true)));
    let requests = site.scenario.cloud.requests();
    let attach = requests.iter().find(|request| request.line() == "POST /storage/attach").expect("it was asked");
    assert_eq!(attach.body, Some(json!({"storage_id": site.volumes[0], "cluster_ids": [site.cluster]})));
    site.scenario.expect_empty_plan();
    let plan = site.scenario.run(&["plan", "-destroy", "-input=false", "-json"]).ok();
    plan.warning(SUMMARY).says(&["Detaching", &site.cluster, "unless the cluster is destroyed too"]);
    site.scenario.destroy().ok();
    assert!(site.real().is_empty() && site.nodes_run());
    assert_eq!(site.scenario.asked("POST /storage/detach"), 1);
}

/// Whether an output warns of a restart.
fn warns(run: &Run) -> bool {
    run.text.contains(SUMMARY)
}

#[test]
fn a_cluster_of_the_same_run_is_not_said_to_restart() {
    let scenario = Scenario::new("attach-created");
    scenario.write(
        "resource \"tensorpool_cluster\" \"train\" {\n  name = \"train\"\n  instance_type = \"8xH100\"\n  num_nodes = 2\n}\n\
         resource \"tensorpool_storage\" \"data\" {\n  name = \"data\"\n  size_gb = 10\n}\n\
         resource \"tensorpool_storage_attachment\" \"data\" {\n  storage_id = tensorpool_storage.data.id\n  \
         cluster_id = tensorpool_cluster.train.id\n}",
    );
    let plan = scenario.plan().ok();
    assert!(!warns(&plan), "{}", plan.text);
    let applied = scenario.apply().ok();
    assert!(!warns(&applied), "{}", applied.text);
    scenario.expect_empty_plan();
    let planned = scenario.run(&["plan", "-destroy", "-input=false", "-json"]).ok();
    planned.warning(SUMMARY).says(&["unless the cluster is destroyed too"]);
    scenario.destroy().ok();
    assert!(scenario.cloud.clusters().is_empty() && scenario.cloud.volumes().is_empty());
}

#[test]
fn nodes_that_do_not_run_are_not_said_to_restart() {
    let site = Site::new("attach-stopped");
    site.write();
    site.scenario.cloud.set_instance_status(&site.cluster, Some("STOPPED"));
    let plan = site.scenario.plan().ok();
    assert!(!warns(&plan), "{}", plan.text);
    // What cannot be read may run.
    let respond = Action::Respond { status: 403, body: String::new(), headers: BTreeMap::default() };
    site.scenario.cloud.add_fault(Fault::once("GET", "/cluster/info/", respond).always());
    site.scenario.plan().ok().warning(SUMMARY);
}

#[test]
fn another_volume_replaces_the_attachment() {
    let site = Site::attached("attach-replace");
    site.scenario.write(&site.block("data", &site.volumes[1]));
    assert_eq!(site.scenario.planned_actions(), ["delete", "create"]);
    site.scenario.apply().ok().warning(SUMMARY);
    assert_eq!(site.real(), [site.volumes[1].clone()]);
    site.scenario.expect_empty_plan();
}

#[test]
fn attachments_of_one_cluster_come_one_after_the_other() {
    let site = Site::with("attach-two", Duration::from_millis(1500));
    site.scenario.write(&format!(
        "{}\n{}",
        site.block("data", &site.volumes[0]),
        site.block("models", &site.volumes[1])
    ));
    site.scenario.apply().ok();
    assert_eq!(site.real().len(), 2);
    // No request was refused because the other was under way.
    let refused = |scenario: &Scenario| scenario.cloud.requests().iter().filter(|one| one.status == Some(409)).count();
    assert_eq!(refused(&site.scenario), 0);
    site.scenario.expect_empty_plan();
    site.scenario.destroy().ok();
    assert!(site.real().is_empty());
    assert_eq!(refused(&site.scenario), 0);
}

#[test]
fn nodes_that_do_not_run_are_waited_for_before_a_volume_is_attached_or_detached() {
    let site = Site::new("attach-not-running");
    site.write();
    for (verb, path) in [("apply", "/storage/attach"), ("destroy", "/storage/detach")] {
        site.scenario.cloud.clear_requests();
        site.scenario.cloud.set_instance_status(&site.cluster, Some("RESTARTING"));
        let running = site.scenario.spawn(&[verb, "-auto-approve", "-json"]);
        site.scenario.until("a refusal", |scenario| {
            scenario.cloud.requests().iter().any(|one| one.path == path && one.status == Some(409))
        });
        site.scenario.cloud.set_instance_status(&site.cluster, None);
        running.finish().ok();
        assert_eq!(site.scenario.asked(&format!("POST {path}")), 2);
    }
    assert!(site.real().is_empty());
}

#[test]
fn nodes_that_never_run_are_reported_at_the_deadline() {
    let site = Site::new("attach-never-running");
    site.scenario.cloud.set_instance_status(&site.cluster, Some("RESTARTING"));
    let block = site.block("data", &site.volumes[0]).replace('}', "  timeouts {\n    create = \"3s\"\n  }\n}");
    site.scenario.write(&block);
    let run = site.scenario.apply();
    run.error("Cannot create storage attachment: out of time").says(&["RESTARTING", "create = \"2h\"", &site.id()]);
}

#[test]
fn a_cluster_that_cannot_have_volumes_is_an_error() {
    let site = Site::new("attach-ineligible");
    let single = site.scenario.cloud.add_cluster(NewCluster { num_nodes: 1, ..cluster("single") });
    site.scenario.write(&site.block("data", &site.volumes[0]).replace(&site.cluster, &single));
    let run = site.scenario.apply();
    run.error("Cannot create storage attachment: invalid request").says(&["multi-node", "400", &single]);
    assert!(site.scenario.resources().is_empty());
}

#[test]
fn a_volume_that_was_detached_outside_is_attached_again() {
    let site = Site::attached("attach-drift");
    site.scenario.cloud.detach(&site.volumes[0], &site.cluster);
    site.scenario.apply().ok().warning("Storage attachment was not found").says(&["detached", &site.id()]);
    assert_eq!(site.real().len(), 1);
    site.scenario.expect_empty_plan();
}

#[test]
fn an_attachment_whose_volume_or_cluster_is_deleted_is_reported_and_needs_no_destroy() {
    for (name, volume) in [("attach-volume-deleted", true), ("attach-cluster-deleted", false)] {
        let site = Site::attached(name);
        site.scenario.run(&["plan", "-destroy", "-out=destroy.plan"]).ok();
        if volume {
            site.scenario.cloud.remove_volume(&site.volumes[0]);
        } else {
            site.scenario.cloud.remove_cluster(&site.cluster);
        }
        let plan = site.scenario.plan().ok();
        plan.warning("Storage attachment was not found").says(&[if volume { "volume" } else { "cluster" }, &site.id()]);
        site.scenario.run(&["apply", "-json", "destroy.plan"]).ok();
        assert!(site.scenario.resources().is_empty(), "{name}");
    }
}

#[test]
fn what_is_attached_already_is_taken_over() {
    let site = Site::new("attach-already");
    site.scenario.cloud.attach(&site.volumes[0], &site.cluster);
    site.write();
    site.scenario.apply().ok().warning("Storage volume was attached already").says(&[&site.id()]);
    site.scenario.expect_empty_plan();
}

#[test]
fn an_attachment_is_imported_by_its_id() {
    let site = Site::new("attach-import");
    site.write();
    let import = |id: &str| site.scenario.run(&["import", "-input=false", "-no-color", ADDRESS, id]);
    for (id, says) in [("s-1", "invalid id"), (site.id().as_str(), "not attached")] {
        let run = import(id);
        assert_ne!(run.code, Some(0));
        assert!(run.text.contains(&format!("Cannot import storage attachment: {says}")), "{}", run.text);
    }
    site.scenario.cloud.attach(&site.volumes[0], &site.cluster);
    import(&site.id()).ok();
    assert_eq!(site.scenario.values(ADDRESS)["attached"], json!(true));
    site.scenario.expect_empty_plan();
    assert_eq!(site.scenario.asked("POST /storage/attach"), 0);
}

#[test]
fn an_attachment_is_imported_by_its_identity() {
    if !requires(Feature::Identities) {
        return;
    }
    let site = Site::new("attach-import-identity");
    site.scenario.cloud.attach(&site.volumes[0], &site.cluster);
    site.scenario.write(&format!(
        "import {{\n  to = {ADDRESS}\n  identity = {{\n    storage_id = \"{}\"\n    cluster_id = \"{}\"\n  }}\n}}\n\n{}",
        site.volumes[0],
        site.cluster,
        site.block("data", &site.volumes[0])
    ));
    site.scenario.apply().ok();
    assert_eq!(site.scenario.values(ADDRESS)["id"], json!(site.id()));
    site.scenario.expect_empty_plan();
}

#[test]
fn an_attach_that_fails_is_tainted_and_a_detach_that_fails_is_kept() {
    let site = Site::new("attach-failed");
    site.scenario.cloud.fail_next("STORAGE_ATTACH", "The mount failed");
    site.write();
    let run = site.scenario.apply();
    run.error("Cannot create storage attachment: request failed").says(&["The mount failed", "req_", &site.id()]);
    assert!(site.scenario.is_tainted());
    site.scenario.apply().ok();
    assert_eq!(site.real().len(), 1);
    site.scenario.expect_empty_plan();
    site.scenario.cloud.fail_next("STORAGE_DETACH", "Still in use");
    let run = site.scenario.destroy();
    run.error("Cannot delete storage attachment: request failed").says(&["Still in use", "req_", &site.id()]);
    assert_eq!(site.scenario.values(ADDRESS)["id"], json!(site.id()));
    site.scenario.destroy().ok();
    assert!(site.real().is_empty());
}

#[test]
fn an_interrupted_attach_is_resumed() {
    let site = Site::with("attach-interrupted", Duration::from_secs(5));
    site.write();
    site.interrupted();
    assert_eq!(site.scenario.values(ADDRESS)["attached"], json!(false));
    assert_eq!(site.scenario.planned_actions(), ["update"]);
    site.scenario.apply().ok();
    assert_eq!(site.scenario.values(ADDRESS)["attached"], json!(true));
    assert_eq!(site.scenario.asked("POST /storage/attach"), 1);
    assert!(site.nodes_run());
    site.scenario.expect_empty_plan();
}

#[test]
fn an_attach_that_still_runs_is_undone_by_a_destroy() {
    let site = Site::with("attach-interrupted-destroy", Duration::from_secs(4));
    site.write();
    site.interrupted();
    site.scenario.destroy().ok();
    assert!(site.real().is_empty(), "the attach does not outlive the destroy");
}

#[test]
fn a_resumed_attach_that_fails_is_recreated() {
    let site = Site::with("attach-resumed-failed", Duration::from_secs(4));
    site.scenario.cloud.fail_next("STORAGE_ATTACH", "The mount failed");
    site.write();
    site.interrupted();
    site.scenario.apply().error("Cannot create storage attachment: request failed").says(&["The mount failed"]);
    site.scenario.apply().ok();
    assert_eq!(site.real().len(), 1);
    site.scenario.expect_empty_plan();
}

#[test]
fn a_killed_attach_is_taken_over() {
    let site = Site::with("attach-killed", Duration::from_secs(3));
    site.write();
    let running = site.scenario.spawn(&["apply", "-auto-approve", "-json"]);
    site.scenario.until("a poll", |scenario| scenario.asked("GET /request/info/") > 0);
    site.scenario.kill_provider();
    assert_ne!(running.finish().code, Some(0));
    site.scenario.apply().ok();
    assert_eq!(site.real().len(), 1);
    site.scenario.expect_empty_plan();
}

#[test]
fn an_answer_that_is_lost_is_looked_for() {
    for (name, action) in [
        ("attach-dropped-after", Action::DropAfter),
        ("attach-502", Action::RespondAfter { status: 502, body: String::new() }),
        ("attach-dropped-before", Action::DropBefore),
    ] {
        let site = Site::new(name);
        site.write();
        site.scenario.cloud.add_fault(Fault::once("POST", "/storage/attach", action.clone()));
        site.scenario.apply().ok();
        assert_eq!(site.real().len(), 1, "{name}");
        site.scenario.expect_empty_plan();
        site.scenario.cloud.add_fault(Fault::once("POST", "/storage/detach", action));
        site.scenario.destroy().ok();
        assert!(site.real().is_empty() && site.nodes_run(), "{name}");
    }
}

#[test]
fn attachments_without_request_ids_are_waited_for_by_the_objects_themselves() {
    let site = Site::with("attach-no-requests", Duration::from_secs(2));
    site.scenario.cloud.configure(|options| options.without_request_ids = true);
    site.write();
    site.scenario.apply().ok();
    assert_eq!((site.real().len(), site.nodes_run()), (1, true));
    site.scenario.expect_empty_plan();
    site.scenario.destroy().ok();
    assert!(site.real().is_empty() && site.nodes_run());
}
