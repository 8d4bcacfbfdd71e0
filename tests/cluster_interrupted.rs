//! Creates that end before their time: killed runs and their journal, interrupts, and what the next apply makes of them.

mod support;

use std::time::Duration;

use serde_json::json;
use support::s3::S3;
use support::{KEY, Scenario};
use tensorpool_simulator::{Action, Fault, Options};

const TRAIN: &str = "  name = \"train\"\n  instance_type = \"8xH100\"";
const UNNAMED: &str = "  instance_type = \"8xH100\"";

fn slow(provision: u64) -> Options {
    Options { provision: Duration::from_secs(provision), release: Duration::ZERO, ..Options::default() }
}

fn journal(scenario: &Scenario) -> Vec<String> {
    let Ok(files) = std::fs::read_dir(scenario.path(".terraform/tensorpool/journal")) else { return Vec::new() };
    let paths = files.map(|file| file.expect("it can be listed").path());
    let entries = paths.filter(|path| path.extension().is_some_and(|end| end == "jsonl"));
    entries.map(|path| std::fs::read_to_string(path).expect("it can be read")).collect()
}

/// Kills an apply when the cloud has been asked something.
fn killed(scenario: &Scenario, when: &str) {
    let running = scenario.spawn(&["apply", "-auto-approve", "-json"]);
    scenario.until("the request", |scenario| scenario.asked(when) > 0);
    scenario.kill_provider();
    assert_ne!(running.finish().code, Some(0));
    assert!(scenario.resources().is_empty(), "a killed create leaves no state");
    assert_eq!(scenario.cloud.clusters().len(), 1);
}

fn adopted_by_the_next_apply(scenario: &Scenario) {
    let id = scenario.cloud.clusters()[0].id.clone();
    let name = scenario.cloud.clusters()[0].name.clone();
    let told = scenario.plan().ok();
    told.warning("A cluster may be outside the state").says(&[&name, &id, "terraform import tensorpool_cluster."]);
    scenario.apply().ok().warning("Cluster of an earlier run taken over").says(&[&name, &id]);
    assert_eq!(scenario.cluster()["id"], json!(id));
    assert_eq!(scenario.asked("POST /cluster/create"), 1);
    assert_eq!(scenario.cloud.clusters().len(), 1);
    scenario.expect_empty_plan();
    assert!(journal(scenario).is_empty(), "a plan that saw the cluster in the state forgets the entry");
    scenario.destroy().ok();
    assert!(scenario.cloud.clusters().is_empty());
}

#[test]
fn a_provider_that_is_killed_before_the_answer_leaves_a_cluster_that_the_next_apply_adopts() {
    for (test, arguments) in [("killed-unanswered", TRAIN), ("killed-unanswered-unnamed", UNNAMED)] {
        let scenario = Scenario::new(test);
        scenario.cloud.add_fault(Fault::once("POST", "/cluster/create", Action::Delay { ms: 20_000 }));
        scenario.write_cluster(arguments);
        killed(&scenario, "POST /cluster/create");
        let entries = journal(&scenario);
        assert_eq!(entries.len(), 1);
        assert!(!entries[0].contains(KEY) && !entries[0].contains("c-"), "{entries:?}");
        adopted_by_the_next_apply(&scenario);
    }
}

#[test]
fn a_provider_that_is_killed_after_the_answer_leaves_a_cluster_that_the_next_apply_adopts() {
    for (test, arguments) in [("killed-answered", TRAIN), ("killed-answered-unnamed", UNNAMED)] {
        let scenario = Scenario::with(test, slow(5));
        scenario.write_cluster(arguments);
        killed(&scenario, "GET /request/info/");
        assert!(journal(&scenario)[0].contains(&scenario.cloud.clusters()[0].id));
        adopted_by_the_next_apply(&scenario);
    }
}

#[test]
fn a_run_that_ends_in_order_leaves_an_entry_that_says_so_until_a_plan_sees_the_cluster() {
    let scenario = Scenario::new("journal-in-order");
    scenario.write_cluster(UNNAMED);
    scenario.apply().ok();
    let entries = journal(&scenario);
    assert!(entries.len() == 1 && entries[0].contains("\"returned\":true"), "{entries:?}");
    // Another of the same kind is another cluster. But that the first was saved is not seen through a target.
    scenario.write(
        "resource \"tensorpool_cluster\" \"train\" {\n  instance_type = \"8xH100\"\n}\n\n\
         resource \"tensorpool_cluster\" \"other\" {\n  instance_type = \"8xH100\"\n}",
    );
    let run = scenario.run(&["apply", "-auto-approve", "-json", "-target=tensorpool_cluster.other"]);
    run.error("A cluster of an earlier run may be outside the state").says(&["without -target", "journal"]);
    assert_eq!(scenario.cloud.clusters().len(), 1);
    let run = scenario.apply().ok();
    assert!(!run.text.contains("taken over"), "{}", run.text);
    assert_eq!(scenario.cloud.clusters().len(), 2);
    scenario.expect_empty_plan();
    assert!(journal(&scenario).is_empty());
}

#[test]
fn a_killed_create_is_told_also_when_no_block_of_a_cluster_is_left() {
    let scenario = Scenario::with("killed-no-block", slow(5));
    scenario.write_cluster(UNNAMED);
    killed(&scenario, "GET /request/info/");
    let id = scenario.cloud.clusters()[0].id.clone();
    scenario.write("data \"tensorpool_clusters\" \"all\" {}\n");
    let told = scenario.plan().ok();
    told.warning("A cluster may be outside the state").says(&[&id, "terraform import tensorpool_cluster."]);
    let warnings = told.text.lines().filter(|line| line.contains("may be outside the state"));
    assert_eq!(warnings.filter(|line| line.contains("\"diagnostic\"")).count(), 1, "{}", told.text);
}

#[test]
fn a_made_up_name_that_terraform_did_not_save_stops_the_next_create() {
    let scenario = Scenario::new("unsaved-unnamed");
    scenario.write_cluster(UNNAMED);
    scenario.apply().ok();
    let id = scenario.cloud.clusters()[0].id.clone();
    // As if Terraform had died before it saved its state elsewhere.
    std::fs::remove_file(scenario.path("terraform.tfstate")).expect("it was saved");
    let run = scenario.apply();
    run.error("A cluster of an earlier run may be outside the state").says(&[&id, "no plan has seen it"]);
    assert_eq!(scenario.cloud.clusters().len(), 1, "it may be in another state, so it is not taken over");
    scenario.run(&["import", "-input=false", "tensorpool_cluster.train", &id]).ok();
    scenario.apply().ok();
    assert_eq!(scenario.cloud.clusters().len(), 1);
    scenario.expect_empty_plan();
}

#[test]
fn what_a_killed_terraform_had_not_saved_elsewhere_is_not_made_again() {
    let scenario = Scenario::new("unsaved-elsewhere");
    let store = S3::default();
    let backend = format!("  address = \"{}/state\"\n  update_method = \"PUT\"\n", store.serve());
    scenario.write_file("backend.tf", &format!("terraform {{\n  backend \"http\" {{\n{backend}  }}\n}}\n"));
    // A cluster that is made at once, and then a volume whose create hangs.
    scenario.cloud.add_fault(Fault::once("POST", "/storage/create", Action::Delay { ms: 60_000 }));
    scenario.write(&format!(
        "resource \"tensorpool_cluster\" \"train\" {{\n{UNNAMED}\n}}\n\nresource \"tensorpool_storage\" \"data\" {{\n  \
         name = \"data\"\n  size_gb = 10\n  depends_on = [tensorpool_cluster.train]\n}}\n"
    ));
    // The provider is overridden, so there is nothing to install; of what init does, the backend alone matters.
    let run = scenario.run(&["init", "-input=false", "-no-color"]);
    assert!(run.text.contains("Successfully configured the backend \"http\""), "{}", run.text);
    let running = scenario.spawn(&["apply", "-auto-approve", "-json"]);
    let returned = |scenario: &Scenario| journal(scenario).iter().any(|entry| entry.contains("\"returned\":true"));
    scenario.until("the create's return", |scenario| returned(scenario) && scenario.asked("POST /storage/create") > 0);
    running.kill();
    _ = running.finish();
    assert!(store.object("/state").is_none(), "Terraform saves at most every 20 s, and at the end");
    let id = scenario.cloud.clusters()[0].id.clone();
    let run = scenario.apply();
    run.error("A cluster of an earlier run may be outside the state").says(&[&id, "terraform import"]);
    scenario.run(&["import", "-input=false", "tensorpool_cluster.train", &id]).ok();
    scenario.apply().ok();
    assert_eq!((scenario.cloud.clusters().len(), scenario.cloud.volumes().len()), (1, 1));
    scenario.expect_empty_plan();
}

#[test]
fn a_state_file_that_a_kill_left_empty_is_none_and_one_that_is_cut_off_is_refused() {
    let scenario = Scenario::new("state-cut-off");
    scenario.write_cluster(TRAIN);
    scenario.apply().ok();
    scenario.write_cluster("  name = \"renamed\"\n  instance_type = \"8xH100\"");
    scenario.apply().ok();
    let state = std::fs::read_to_string(scenario.path("terraform.tfstate")).expect("there is one");
    let before = std::fs::read_to_string(scenario.path("terraform.tfstate.backup")).expect("there is one");
    let id = scenario.cluster()["id"].as_str().expect("it has one").to_owned();
    assert!(before.contains(&id), "the backup holds the state from before the run");
    scenario.write_file("terraform.tfstate", &state[..state.len() / 2]);
    let run = scenario.plan();
    assert_ne!(run.code, Some(0), "{}", run.text);
    scenario.write_file("terraform.tfstate", "");
    assert_eq!(scenario.planned_actions(), ["create"]);
    scenario.apply().error("Cluster name already exists").says(&[&id]);
    scenario.write_file("terraform.tfstate", &before);
    scenario.expect_empty_plan();
}

#[test]
fn another_configuration_does_not_adopt() {
    let scenario = Scenario::with("killed-changed", slow(3));
    scenario.write_cluster(TRAIN);
    killed(&scenario, "GET /request/info/");
    let id = scenario.cloud.clusters()[0].id.clone();
    scenario.write_cluster("  name = \"train\"\n  instance_type = \"8xH200\"");
    scenario.apply().error("Cluster name already exists").says(&[&id, "terraform import"]);
    scenario.run(&["import", "-input=false", "tensorpool_cluster.train", &id]).ok();
    scenario.apply().ok();
    assert_eq!(scenario.cloud.clusters().len(), 1);
    scenario.expect_empty_plan();
}

#[test]
fn a_journal_that_is_off_or_cannot_be_written_stops_nothing() {
    let mut scenario = Scenario::new("journal-unwritable");
    std::fs::create_dir_all(scenario.path(".terraform")).expect("it can be made");
    std::fs::write(scenario.path(".terraform/tensorpool"), "no directory").expect("it can be written");
    scenario.write_cluster(TRAIN);
    scenario.apply().ok().warning("Creates are not journaled").says(&["TENSORPOOL_JOURNAL=off"]);
    scenario.destroy().ok();
    scenario.set("TENSORPOOL_JOURNAL", "off");
    let run = scenario.apply().ok();
    assert!(!run.text.contains("journal"), "{}", run.text);
    assert_eq!(scenario.resources().len(), 1);
}

#[test]
fn a_damaged_entry_is_told() {
    let scenario = Scenario::new("journal-damaged");
    let directory = scenario.path(".terraform/tensorpool/journal");
    std::fs::create_dir_all(&directory).expect("it can be made");
    std::fs::write(directory.join("gone-entry.jsonl"), "\u{0}").expect("it can be written");
    scenario.write_cluster(TRAIN);
    scenario.apply().ok().warning("Damaged journal entry").says(&["gone-entry.jsonl"]);
}

#[test]
fn a_resumed_create_that_fails_is_told_and_replaced_by_the_next_apply() {
    let scenario = Scenario::with("resumed-failed", slow(4));
    scenario.cloud.fail_next("CLUSTER_CLAIM", "No capacity for 8xH100");
    scenario.write_cluster(TRAIN);
    let running = scenario.spawn(&["apply", "-auto-approve", "-json"]);
    scenario.until("a poll", |scenario| scenario.asked("GET /request/info/") > 0);
    running.interrupt();
    running.finish().warning("Cluster is still being provisioned");
    let id = scenario.cloud.clusters()[0].id.clone();
    let run = scenario.apply();
    run.error("Cannot create cluster: request failed").says(&["No capacity for 8xH100", &id, "replaces it"]);
    assert!(!scenario.is_tainted());
    assert_eq!(scenario.planned_actions(), ["delete", "create"]);
    scenario.apply().ok();
    assert_ne!(scenario.cluster()["id"], json!(id));
    assert_eq!(scenario.cloud.clusters().len(), 1);
    scenario.expect_empty_plan();
}

#[test]
fn a_resume_that_is_interrupted_goes_on_again() {
    let scenario = Scenario::with("resumed-twice", slow(15));
    scenario.write_cluster(TRAIN);
    for polls in [1, 2] {
        scenario.cloud.clear_requests();
        let running = scenario.spawn(&["apply", "-auto-approve", "-json"]);
        scenario.until("a poll", |scenario| scenario.asked("GET /request/info/") > 0);
        running.interrupt();
        let run = running.finish();
        run.warning("Cluster is still being provisioned");
        assert!(!run.text.contains("inconsistent"), "{polls}: {}", run.text);
        assert!(!scenario.is_tainted());
    }
    scenario.apply().ok();
    scenario.expect_empty_plan();
}

#[test]
fn a_cluster_whose_create_still_runs_is_destroyed_when_it_may_be() {
    let scenario = Scenario::with("destroy-while-creating", slow(15));
    scenario.write_cluster(TRAIN);
    let running = scenario.spawn(&["apply", "-auto-approve", "-json"]);
    scenario.until("a poll", |scenario| scenario.asked("GET /request/info/") > 0);
    running.interrupt();
    _ = running.finish();
    scenario.destroy().ok();
    assert!(scenario.asked("DELETE /cluster/") >= 2, "the first is refused");
    assert!(scenario.cloud.clusters().is_empty());
}

#[test]
fn a_deadline_says_the_last_status_and_how_to_wait_longer() {
    let mut scenario = Scenario::with("create-deadline", slow(6));
    let log = scenario.path("info.log");
    scenario.set("TF_LOG_PROVIDER", "INFO");
    scenario.set("TF_LOG_PATH", &log.display().to_string());
    scenario.write_cluster(&format!("{TRAIN}\n  timeouts {{\n    create = \"4s\"\n  }}"));
    let run = scenario.apply();
    run.error("Cannot create cluster: out of time").says(&[
        "What was last seen: PROCESSING",
        "create = \"2h\"",
        "req_",
    ]);
    assert!(scenario.is_tainted());
    let log = std::fs::read_to_string(log).expect("there is a log");
    let id = scenario.cloud.clusters()[0].id.clone();
    let lines: Vec<_> = log.lines().filter(|line| line.contains("CLUSTER_CLAIM is ")).collect();
    assert_eq!(lines.len(), 2, "one line for each status: {lines:#?}");
    for part in ["elapsed_s", "creating cluster", "train", &id, "req_"] {
        assert!(lines[1].contains(part), "{part} is not in {}", lines[1]);
    }
    // The cluster need not be given up: without the taint the next apply waits for it.
    scenario.run(&["untaint", "tensorpool_cluster.train"]).ok();
    scenario.write_cluster(TRAIN);
    assert_eq!(scenario.planned_actions(), ["update"]);
    scenario.apply().ok();
    assert_eq!(scenario.cluster()["id"], json!(id));
    assert_eq!(scenario.cloud.clusters().len(), 1);
    scenario.expect_empty_plan();
}

#[test]
fn the_key_goes_through_no_proxy_in_plain_text() {
    let mut scenario = Scenario::new("proxy");
    let proxy = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    proxy.set_nonblocking(true).expect("it can be");
    let url = format!("http://{}", proxy.local_addr().expect("it has an address"));
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        scenario.set(name, &url);
    }
    scenario.write_cluster(TRAIN);
    scenario.apply().ok();
    assert!(proxy.accept().is_err(), "nobody asked the proxy");
}

#[test]
fn a_lost_create_that_cannot_be_decided_stops_and_says_what_to_check() {
    let respond = |status, body: &str| Action::Respond {
        status,
        body: body.to_owned(),
        headers: std::collections::BTreeMap::default(),
    };
    let two = r#"{"clusters": [{"id": "c-1", "name": "train"}, {"id": "c-2", "name": "train"}]}"#;
    for (test, list) in [("undecided-two", respond(200, two)), ("undecided-no-list", respond(403, "{}"))] {
        let scenario = Scenario::new(test);
        scenario.cloud.add_fault(Fault::once("POST", "/cluster/create", Action::DropAfter));
        // The two lists before the create pass.
        scenario.cloud.add_fault(Fault::once("GET", "/cluster/list", list).after(2).always());
        scenario.write_cluster(TRAIN);
        let run = scenario.apply();
        run.error("Cluster may exist outside the state").says(&["POST /cluster/create", "\"train\"", "dashboard"]);
        assert_eq!(scenario.asked("POST /cluster/create"), 1, "{test}");
        assert!(scenario.resources().is_empty());
        // The journal knows it.
        scenario.cloud.clear_faults();
        scenario.apply().ok().warning("Cluster of an earlier run taken over");
        assert_eq!(scenario.asked("POST /cluster/create"), 1, "{test}");
        scenario.expect_empty_plan();
    }
}

#[test]
fn a_lost_create_is_found_by_a_name_of_any_letters() {
    for (test, name) in
        [("lost-letters", "tr\u{e4}in \u{1f680} \u{65e5}\u{672c}"), ("lost-quotes", "a\\\"b/c?d=e&f #%41")]
    {
        let scenario = Scenario::new(test);
        scenario.cloud.add_fault(Fault::once("POST", "/cluster/create", Action::DropAfter));
        scenario.write_cluster(&format!("  name = \"{name}\"\n  instance_type = \"8xH100\""));
        scenario.apply().ok();
        assert_eq!(scenario.asked("POST /cluster/create"), 1, "{test}");
        assert_eq!(scenario.cloud.clusters().len(), 1);
        scenario.expect_empty_plan();
    }
}
