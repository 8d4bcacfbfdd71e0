//! When a cluster was created, with a real Terraform.

mod support;

use std::time::Duration;

use serde_json::{Value, json};
use support::Scenario;
use tensorpool_simulator::{Action, Fault, Options, Variants};

const TRAIN: &str = "  name = \"train\"\n  instance_type = \"8xH100\"";

/// A cloud whose clusters do not show it.
fn hidden(name: &str, provision: Duration) -> Scenario {
    let variants = Variants { hidden_created_at: true, ..Variants::default() };
    Scenario::with(name, Options { provision, release: Duration::ZERO, variants, ..Options::default() })
}

#[track_caller]
fn created_at(scenario: &Scenario) -> String {
    let time = scenario.cluster()["created_at"].clone();
    time.as_str().unwrap_or_else(|| panic!("it is {time}")).to_owned()
}

#[test]
fn it_is_in_the_state_and_stays_known_while_the_cluster_changes() {
    let scenario = Scenario::new("created-at");
    scenario.write_cluster(TRAIN);
    scenario.apply().ok();
    let time = created_at(&scenario);
    assert!(time.contains('T'), "{time}");
    scenario.expect_empty_plan();
    scenario.write_cluster(&TRAIN.replace("train", "other"));
    assert_eq!(scenario.planned_actions(), ["update"]);
    let change = scenario.json(&["show", "-json", "saved.plan"])["resource_changes"][0]["change"].clone();
    assert_eq!((&change["after"]["created_at"], &change["after_unknown"]["created_at"]), (&json!(time), &Value::Null));
    scenario.apply().ok();
    assert_eq!(created_at(&scenario), time);
    scenario.expect_empty_plan();
}

#[test]
fn the_request_of_the_create_shows_it_where_the_cluster_does_not() {
    let scenario = hidden("created-at-request", Duration::ZERO);
    scenario.write_cluster(TRAIN);
    scenario.apply().ok();
    let (id, time) = (scenario.cluster()["id"].as_str().expect("it has one").to_owned(), created_at(&scenario));
    assert_eq!(scenario.asked("GET /cluster/operations/"), 0, "the request was polled anyway");
    scenario.expect_empty_plan();
    scenario.run(&["state", "rm", "tensorpool_cluster.train"]).ok();
    scenario.run(&["import", "-input=false", "tensorpool_cluster.train", &id]).ok();
    assert_eq!(created_at(&scenario), time);
    scenario.apply().ok();
    scenario.expect_empty_plan();
    scenario.write(&format!(
        "data \"tensorpool_cluster\" \"it\" {{\n  id = \"{id}\"\n}}\n\noutput \"it\" {{\n  \
         value = data.tensorpool_cluster.it.created_at\n}}"
    ));
    scenario.run(&["apply", "-auto-approve", "-input=false", "-target=data.tensorpool_cluster.it"]).ok();
    assert_eq!(scenario.json(&["output", "-json", "it"]), json!(time));
}

#[test]
fn a_resumed_create_has_it_too() {
    let scenario = hidden("created-at-resumed", Duration::from_secs(6));
    scenario.write_cluster(TRAIN);
    let running = scenario.spawn(&["apply", "-auto-approve", "-json"]);
    scenario.until("the request", |scenario| scenario.asked("GET /request/info/") > 0);
    running.interrupt();
    _ = running.finish();
    assert_eq!(scenario.cluster()["created_at"], Value::Null);
    scenario.apply().ok();
    assert!(created_at(&scenario).contains('T'));
    scenario.expect_empty_plan();
}

#[test]
fn without_any_source_it_is_null_and_that_is_no_change() {
    let scenario = hidden("created-at-nowhere", Duration::ZERO);
    scenario.write_cluster(TRAIN);
    scenario.apply().ok();
    let id = scenario.cluster()["id"].as_str().expect("it has one").to_owned();
    scenario.cloud.add_fault(
        Fault::once(
            "GET",
            "/cluster/operations/",
            Action::Respond { status: 404, body: String::new(), headers: std::collections::BTreeMap::default() },
        )
        .always(),
    );
    scenario.run(&["state", "rm", "tensorpool_cluster.train"]).ok();
    scenario.run(&["import", "-input=false", "tensorpool_cluster.train", &id]).ok();
    assert_eq!(scenario.cluster()["created_at"], Value::Null);
    scenario.apply().ok();
    scenario.expect_empty_plan();
    scenario.write_cluster(&TRAIN.replace("train", "other"));
    scenario.apply().ok();
    assert_eq!(scenario.cluster()["created_at"], Value::Null);
    scenario.expect_empty_plan();
}
