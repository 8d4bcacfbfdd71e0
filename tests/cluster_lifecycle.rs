//! The life of a cluster, with a real Terraform.

mod support;

use std::time::Duration;

use serde_json::json;
use support::{PUBLIC_KEY, Scenario};
use tensorpool_simulator::{Action, Fault, NewCluster, Options, RetryAfter};
use terraform_plugin_testing::{Feature, has, requires};

const OTHER_KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const TRAIN: &str = "  name = \"train\"\n  instance_type = \"8xH100\"";

fn applied(name: &str, arguments: &str) -> Scenario {
    let scenario = Scenario::new(name);
    scenario.write_cluster(arguments);
    scenario.apply().ok();
    scenario
}

#[test]
fn a_cluster_is_created_and_the_next_plan_is_empty() {
    let scenario = Scenario::new("create");
    scenario.write_cluster(&format!("{TRAIN}\n  num_nodes = 2\n  public_keys = [\"{PUBLIC_KEY} me\"]"));
    scenario.apply().ok();
    let state = scenario.cluster();
    assert_eq!(state["name"], "train");
    assert_eq!(state["instances"].as_array().map(Vec::len), Some(2));
    assert_eq!(state["instances"][0]["status"], "RUNNING");
    assert_eq!(state["id"], scenario.cloud.clusters()[0].id);
    let requests = scenario.cloud.requests();
    let create = requests.iter().find(|request| request.line() == "POST /cluster/create").expect("it was asked");
    let expected = json!({"instance_type": "8xH100", "num_nodes": 2, "tp_cluster_name": "train",
        "deletion_protection": false, "save_keys": false, "public_keys": [format!("{PUBLIC_KEY} me")]});
    assert_eq!(create.body.as_ref(), Some(&expected));
    assert!(create.user_agent.starts_with("Terraform/1."), "{}", create.user_agent);
    assert_eq!(create.client_type, "terraform");
    scenario.expect_empty_plan();
}

#[test]
fn a_cluster_without_a_name_gets_one() {
    let scenario = applied("generated-name", "  instance_type = \"1xH100\"");
    let name = scenario.cluster()["name"].as_str().expect("it has one").to_owned();
    assert!(name.starts_with("tf-cluster-"), "{name}");
    scenario.expect_empty_plan();
}

#[test]
fn name_and_protection_change_in_place() {
    let scenario = applied("in-place", TRAIN);
    let id = scenario.cluster()["id"].clone();
    scenario.write_cluster("  name = \"other\"\n  instance_type = \"8xH100\"\n  deletion_protection = true");
    assert_eq!(scenario.planned_actions(), ["update"]);
    scenario.apply().ok();
    assert_eq!(scenario.cluster()["id"], id);
    let cluster = &scenario.cloud.clusters()[0];
    assert_eq!((cluster.name.as_str(), cluster.deletion_protection), ("other", true));
    scenario.expect_empty_plan();
}

#[test]
fn another_type_replaces_the_cluster() {
    let scenario = applied("replace", TRAIN);
    let id = scenario.cluster()["id"].clone();
    scenario.write_cluster("  name = \"train\"\n  instance_type = \"8xH200\"");
    assert_eq!(scenario.planned_actions(), ["delete", "create"]);
    scenario.apply().ok();
    assert_ne!(scenario.cluster()["id"], id);
    assert_eq!(scenario.cloud.clusters().len(), 1);
    scenario.expect_empty_plan();
}

#[test]
fn another_spelling_of_a_key_is_no_change() {
    let scenario = applied("key-spelling", &format!("{TRAIN}\n  public_keys = [\"{PUBLIC_KEY} me\"]"));
    scenario.write_cluster(&format!("{TRAIN}\n  public_keys = [\"  {PUBLIC_KEY} you@there\"]"));
    scenario.expect_empty_plan();
    scenario.write_cluster(&format!("{TRAIN}\n  public_keys = [\"{OTHER_KEY} me\"]"));
    assert_eq!(scenario.planned_actions(), ["delete", "create"]);
}

#[test]
fn a_cluster_is_imported_by_its_id() {
    let scenario = Scenario::new("import");
    let id = scenario.cloud.add_cluster(NewCluster {
        name: "old".to_owned(),
        instance_type: "8xB200".to_owned(),
        num_nodes: 3,
        deletion_protection: true,
    });
    scenario.write_cluster(&format!(
        "  name = \"old\"\n  instance_type = \"8xB200\"\n  num_nodes = 3\n  deletion_protection = true\n  \
         public_keys = [\"{PUBLIC_KEY}\"]",
    ));
    scenario.run(&["import", "-input=false", "tensorpool_cluster.train", &id]).ok();
    // The API does not return the keys, so that they are in the configuration now is no reason to replace the cluster.
    assert_eq!(scenario.planned_actions(), ["update"]);
    scenario.apply().ok();
    assert_eq!(scenario.cluster()["id"], json!(id));
    assert_eq!(scenario.asked("PATCH /cluster/"), 0);
    scenario.expect_empty_plan();
}

#[test]
fn an_import_block_generates_the_configuration() {
    if !requires(Feature::GenerationOfNestedAttributes) {
        return;
    }
    let scenario = Scenario::new("generate");
    let id = scenario.cloud.add_cluster(NewCluster {
        name: "old".to_owned(),
        instance_type: "8xB200".to_owned(),
        num_nodes: 1,
        deletion_protection: false,
    });
    let import = |provider: &str| {
        scenario.write(&format!("import {{\n{provider}  to = tensorpool_cluster.old\n  id = \"{id}\"\n}}"));
    };
    // Terraform 1.16.0 asks for another provider without it.
    import("  provider = tensorpool\n");
    scenario.run(&["plan", "-input=false", "-generate-config-out=generated.tf"]).ok();
    let generated = std::fs::read_to_string(scenario.path("generated.tf")).expect("it was written");
    assert!(generated.contains("\"8xB200\"") && generated.contains("\"old\""), "{generated}");
    // Others write a line for every argument, whatever a provider does.
    let is_short = !generated.contains("= null") && !generated.contains("public_keys");
    assert_eq!(is_short, has(Feature::GeneratedConfigurations), "{generated}");
    // With a configuration the argument is refused.
    import("");
    scenario.apply().ok();
    scenario.expect_empty_plan();
    let says_something = |line: &&str| !line.ends_with("= null") && !line.ends_with("= []");
    let shorter = generated.lines().filter(says_something).collect::<Vec<_>>().join("\n");
    scenario.write_file("generated.tf", &shorter);
    scenario.expect_empty_plan();
}

#[test]
fn an_unknown_id_cannot_be_imported() {
    let scenario = Scenario::new("import-unknown");
    scenario.write_cluster(TRAIN);
    let run = scenario.run(&["import", "-input=false", "tensorpool_cluster.train", "c-none"]);
    assert_ne!(run.code, Some(0));
    assert!(run.text.contains("Cannot import cluster: not found"), "{}", run.text);
}

#[test]
fn drift_is_seen_and_mended() {
    let scenario = applied("drift", TRAIN);
    let id = scenario.cloud.clusters()[0].id.clone();
    scenario.cloud.rename(&id, "renamed");
    assert_eq!(scenario.planned_actions(), ["update"]);
    scenario.apply().ok();
    assert_eq!(scenario.cloud.clusters()[0].name, "train");
    scenario.expect_empty_plan();
}

#[test]
fn a_cluster_deleted_outside_is_reported_and_recreated() {
    let scenario = applied("deleted", TRAIN);
    let id = scenario.cloud.clusters()[0].id.clone();
    scenario.cloud.remove_cluster(&id);
    let run = scenario.apply().ok();
    run.warning("Cluster was not found").says(&["train", &id]);
    assert_eq!(scenario.cloud.clusters().len(), 1);
    scenario.expect_empty_plan();
}

#[test]
fn a_destroy_is_a_delete_and_polls() {
    let options = Options { provision: Duration::ZERO, release: Duration::from_millis(1500), ..Options::default() };
    let scenario = Scenario::with("destroy", options);
    scenario.write_cluster(TRAIN);
    scenario.apply().ok();
    scenario.cloud.clear_requests();
    scenario.write("");
    scenario.apply().ok();
    assert_eq!(scenario.asked("DELETE /cluster/c-"), 1);
    assert!(scenario.asked("GET /request/info/") >= 2);
    assert!(scenario.cloud.clusters().is_empty());
    assert!(scenario.resources().is_empty());
}

#[test]
fn a_create_that_fails_is_tainted_and_keeps_its_id() {
    let scenario = Scenario::new("failed-create");
    scenario.cloud.fail_next("CLUSTER_CLAIM", "No capacity for 8xH100");
    scenario.write_cluster(TRAIN);
    let run = scenario.apply();
    let id = scenario.cloud.clusters()[0].id.clone();
    run.error("Cannot create cluster: request failed").says(&["No capacity for 8xH100", "Request id: req_", &id]);
    assert_eq!(scenario.cluster()["id"], json!(id));
    assert!(scenario.is_tainted());
    scenario.apply().ok();
    assert_eq!(scenario.cloud.clusters().len(), 1);
    scenario.expect_empty_plan();
}

#[test]
fn a_cluster_is_found_again_when_the_answer_to_its_create_is_lost() {
    for (name, action) in [
        ("create-dropped-after", Action::DropAfter),
        ("create-cut", Action::CutBody),
        ("create-html", Action::RespondAfter { status: 200, body: "<html>".to_owned() }),
        ("create-502", Action::RespondAfter { status: 502, body: "<html>Bad gateway</html>".to_owned() }),
    ] {
        let scenario = Scenario::new(name);
        scenario.cloud.add_fault(Fault::once("POST", "/cluster/create", action));
        scenario.write_cluster(TRAIN);
        scenario.apply().ok();
        assert_eq!(scenario.cloud.clusters().len(), 1, "{name}");
        assert_eq!(scenario.cluster()["id"], json!(scenario.cloud.clusters()[0].id));
        assert_eq!(scenario.asked("POST /cluster/create"), 1, "{name}");
        scenario.expect_empty_plan();
    }
}

#[test]
fn a_create_that_never_arrived_is_sent_once_more() {
    let scenario = Scenario::new("create-dropped-before");
    scenario.cloud.add_fault(Fault::once("POST", "/cluster/create", Action::DropBefore));
    scenario.write_cluster(TRAIN);
    scenario.apply().ok();
    assert_eq!(scenario.asked("POST /cluster/create"), 2);
    assert_eq!(scenario.cloud.clusters().len(), 1);
}

#[test]
fn a_name_that_is_taken_is_reported_with_the_import_command() {
    let scenario = Scenario::new("name-taken");
    let id = scenario.cloud.add_cluster(NewCluster {
        name: "train".to_owned(),
        instance_type: "8xH100".to_owned(),
        num_nodes: 1,
        deletion_protection: false,
    });
    scenario.write_cluster(TRAIN);
    let run = scenario.apply();
    let error = run.error("Cluster name already exists");
    error.says(&[&id, "terraform import"]);
    assert_eq!(error.code, "name = \"train\"");
    assert_eq!(scenario.asked("POST /cluster/create"), 0);
}

#[test]
fn a_field_that_the_api_refuses_is_shown_in_the_configuration() {
    let scenario = Scenario::new("invalid");
    scenario.write_cluster("  name = \"train\"\n  instance_type = \"banana\"");
    let run = scenario.apply();
    let error = run.error("Cannot create cluster: invalid request");
    error.says(&["instance_type", "Unknown instance type", "422"]);
    assert_eq!(error.code, "instance_type = \"banana\"");
    assert!(scenario.resources().is_empty());
}

#[test]
fn a_wrong_number_of_nodes_is_refused_at_plan_time() {
    let scenario = Scenario::new("nodes");
    scenario.write_cluster(&format!("{TRAIN}\n  num_nodes = 0"));
    let run = scenario.plan();
    assert_eq!(run.error("Invalid attribute value").code, "num_nodes = 0");
}

#[test]
fn a_private_key_among_the_public_ones_is_refused_at_plan_time() {
    let scenario = Scenario::new("private-key");
    scenario.write_file("id", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n");
    scenario.write_cluster(&format!("{TRAIN}\n  public_keys = [\"{PUBLIC_KEY}\", file(\"id\")]"));
    let run = scenario.plan();
    run.error("Invalid attribute value").says(&["Element 1: This is not an SSH public key", "private key"]);
    assert!(!run.text.contains("b3BlbnNzaC1rZXktdjE"), "{}", run.text);
}

#[test]
fn a_read_that_fails_never_removes_a_cluster() {
    let scenario = applied("read-fails", TRAIN);
    for (status, summary) in [
        (401, "Cannot read cluster: API key not accepted"),
        (403, "Cannot read cluster: access denied"),
        (500, "Cannot read cluster: API failure"),
    ] {
        let body = r#"{"message": "the API's own words"}"#.to_owned();
        let respond = Action::Respond { status, body, headers: std::collections::BTreeMap::default() };
        scenario.cloud.add_fault(Fault::once("GET", "/cluster/info", respond).always());
        scenario.apply().error(summary).says(&["the API's own words", &status.to_string(), "train"]);
        scenario.cloud.clear_faults();
        assert_eq!(scenario.resources().len(), 1, "{status}");
    }
    scenario.expect_empty_plan();
}

#[test]
fn broken_answers_to_reads_are_asked_again() {
    let scenario = applied("read-broken", TRAIN);
    let html =
        Action::Respond { status: 200, body: "<html>".to_owned(), headers: std::collections::BTreeMap::default() };
    for action in [Action::CutBody, html, Action::DropBefore] {
        scenario.cloud.add_fault(Fault::once("GET", "/cluster/info", action));
        scenario.expect_empty_plan();
        scenario.cloud.clear_faults();
    }
}

#[test]
fn too_many_requests_are_waited_out() {
    for (name, header) in [("429-seconds", "1".to_owned()), ("429-date", "Thu, 01 Jan 1970 00:00:00 GMT".to_owned())] {
        let scenario = Scenario::new(name);
        let headers = [("retry-after".to_owned(), header)].into();
        let respond = Action::Respond { status: 429, body: String::new(), headers };
        scenario.cloud.add_fault(Fault::once("POST", "/cluster/create", respond));
        scenario.write_cluster(TRAIN);
        scenario.apply().ok();
        assert_eq!(scenario.asked("POST /cluster/create"), 2, "{name}");
        assert_eq!(scenario.cloud.clusters().len(), 1);
    }
}

#[test]
fn requests_are_polled_at_any_pace_and_clusters_without_request_ids() {
    for (name, retry_after, without_request_ids) in [
        ("pace-date", RetryAfter::Date(1), false),
        ("pace-malformed", RetryAfter::Malformed, false),
        ("pace-absent", RetryAfter::Absent, false),
        ("no-request-ids", RetryAfter::Seconds(0), true),
    ] {
        let short = Duration::from_millis(800);
        let options =
            Options { provision: short, release: short, retry_after, without_request_ids, ..Options::default() };
        let scenario = Scenario::with(name, options);
        scenario.write_cluster(TRAIN);
        scenario.apply().ok();
        scenario.expect_empty_plan();
        scenario.destroy().ok();
        assert!(scenario.cloud.clusters().is_empty(), "{name}");
    }
}

#[test]
fn data_sources_find_clusters() {
    let scenario = Scenario::new("data-sources");
    let new = |name: &str| NewCluster {
        name: name.to_owned(),
        instance_type: "1xH100".to_owned(),
        num_nodes: 1,
        deletion_protection: false,
    };
    let id = scenario.cloud.add_cluster(new("a"));
    _ = scenario.cloud.add_cluster(new("b"));
    scenario.write(&format!(
        "data \"tensorpool_cluster\" \"id\" {{\n  id = \"{id}\"\n}}\n\ndata \"tensorpool_cluster\" \"name\" {{\n  name = \"a\"\n}}\n\n\
         data \"tensorpool_clusters\" \"all\" {{\n  include_org = true\n}}\n\noutput \"found\" {{\n  value = [data.tensorpool_cluster.id.name, data.tensorpool_cluster.name.id, length(data.tensorpool_clusters.all.clusters)]\n}}"
    ));
    scenario.apply().ok();
    assert_eq!(scenario.json(&["output", "-json", "found"]), json!(["a", id, 2]));
    scenario.write("data \"tensorpool_cluster\" \"name\" {\n  name = \"none\"\n}");
    assert_eq!(scenario.plan().error("Cluster not found").code, "name = \"none\"");
}
