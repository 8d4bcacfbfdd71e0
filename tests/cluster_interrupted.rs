//! Creates that end before their time: interrupts, deadlines and lost answers, and what the next apply makes of them.

mod support;

use std::time::Duration;

use serde_json::json;
use support::Scenario;
use tensorpool_simulator::{Action, Fault, Options};

const TRAIN: &str = "  name = \"train\"\n  instance_type = \"8xH100\"";

fn slow(provision: u64) -> Options {
    Options { provision: Duration::from_secs(provision), release: Duration::ZERO, ..Options::default() }
}

#[test]
fn a_resumed_create_that_fails_is_reported_and_replaced_by_the_next_apply() {
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
    run.error("Cannot create cluster: out of time").says(&["Last status: PROCESSING", "create = \"2h\"", "req_"]);
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
    assert!(proxy.accept().is_err(), "the proxy got no request");
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
        scenario.apply().ok().warning("Cluster of an earlier run adopted");
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
