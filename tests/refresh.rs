//! Refreshes of many objects: a few lists answer for all of them, and what a list cannot prove is read.

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};
use support::Scenario;
use tensorpool_simulator::{Action, Fault, LoggedRequest, Options};
use terraform_plugin_testing::Run;

/// So many of each kind.
const MANY: usize = 30;

/// A cloud with many clusters, volumes that are attached to them, SSH keys and buckets, all of them in the state.
fn filled(name: &str) -> Scenario {
    let instant = std::time::Duration::ZERO;
    let scenario =
        Scenario::with(name, Options { provision: instant, release: instant, restart: instant, ..Options::default() });
    scenario.cloud.enable_object_storage();
    let mut keys = String::new();
    for number in 0..MANY {
        // 32 bytes of which the last differs.
        let end = char::from(b'A' + u8::try_from(number % 26).expect("it is a letter"));
        let group = if number < 26 { 'A' } else { 'B' };
        let blob = format!("AAAAC3NzaC1lZDI1NTE5AAAAI{}{group}{end}A", "A".repeat(40));
        writeln!(keys, "    \"ssh-ed25519 {blob}\",").expect("a string can be written to");
    }
    scenario.write(&format!(
        "locals {{\n  keys = [\n{keys}  ]\n}}\n
resource \"tensorpool_cluster\" \"many\" {{\n  count = {MANY}\n  name = \"c${{count.index}}\"\n  instance_type = \"1xH100\"\n  \
         num_nodes = 2\n}}\n
resource \"tensorpool_storage\" \"many\" {{\n  count = {MANY}\n  name = \"s${{count.index}}\"\n  size_gb = 10\n}}\n
resource \"tensorpool_storage_attachment\" \"many\" {{\n  count = {MANY}\n  \
         storage_id = tensorpool_storage.many[count.index].id\n  cluster_id = tensorpool_cluster.many[count.index].id\n}}\n
resource \"tensorpool_ssh_key\" \"many\" {{\n  count = {MANY}\n  name = \"k${{count.index}}\"\n  \
         public_key = local.keys[count.index]\n}}\n
resource \"tensorpool_object_storage_bucket\" \"many\" {{\n  count = {MANY}\n  name = \"bucket-${{count.index}}\"\n}}\n"
    ));
    scenario.apply().ok();
    // The clusters and volumes were created before they were attached.
    scenario.run(&["apply", "-refresh-only", "-auto-approve", "-input=false"]).ok();
    scenario.cloud.clear_requests();
    scenario
}

/// A plan that refreshes everything.
fn refresh(scenario: &Scenario) -> Run {
    scenario.run(&["plan", "-detailed-exitcode", "-input=false", "-json"])
}

/// The addresses of what a plan found changed.
fn changed(run: &Run) -> Vec<String> {
    let lines = run.text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let drifts = lines.filter(|line| line["type"] == "resource_drift");
    let mut changed: Vec<_> =
        drifts.filter_map(|line| Some(line["change"]["resource"]["addr"].as_str()?.to_owned())).collect();
    changed.sort();
    changed
}

fn id_of(scenario: &Scenario, kind: &str, number: usize) -> String {
    let address = format!("tensorpool_{kind}.many[{number}]");
    scenario.values(&address)["id"].as_str().expect("it has one").to_owned()
}

#[test]
fn many_objects_are_refreshed_by_a_few_requests() {
    let scenario = filled("refresh-many");
    let run = refresh(&scenario);
    assert_eq!(run.code, Some(0), "{}", run.text);
    let requests: Vec<_> = scenario.cloud.requests().iter().map(LoggedRequest::line).collect();
    // One by one there would be 8 for each.
    assert!(requests.len() < MANY * 2, "{}: {requests:#?}", requests.len());
    assert!(requests.iter().all(|line| line.starts_with("GET ")), "{requests:#?}");
}

#[test]
fn what_changed_is_found_among_many() {
    let scenario = filled("refresh-changed");
    scenario.cloud.rename(&id_of(&scenario, "cluster", 7), "renamed");
    scenario.cloud.set_instance_status(&id_of(&scenario, "cluster", 8), Some("STOPPED"));
    scenario.cloud.resize_volume(&id_of(&scenario, "storage", 9), 20);
    scenario.cloud.detach(&id_of(&scenario, "storage", 10), &id_of(&scenario, "cluster", 10));
    scenario.cloud.remove_ssh_key(&id_of(&scenario, "ssh_key", 11));
    scenario.cloud.remove_bucket("bucket-12");
    scenario.cloud.remove_cluster(&id_of(&scenario, "cluster", 13));
    let run = refresh(&scenario);
    assert_eq!(run.code, Some(2), "{}", run.text);
    let changed = changed(&run);
    let expected = [
        "tensorpool_cluster.many[13]",
        "tensorpool_cluster.many[7]",
        "tensorpool_cluster.many[8]",
        "tensorpool_object_storage_bucket.many[12]",
        "tensorpool_ssh_key.many[11]",
        "tensorpool_storage.many[9]",
        "tensorpool_storage_attachment.many[10]",
        "tensorpool_storage_attachment.many[13]",
    ];
    assert_eq!(changed, expected);
}

#[test]
fn lists_that_say_less_are_not_believed() {
    let scenario = filled("refresh-brief");
    scenario.cloud.configure(|options| options.variants.brief_lists = true);
    let run = refresh(&scenario);
    assert_eq!(run.code, Some(0), "{}", run.text);
    // Once, and then everything is read by itself.
    assert!(scenario.asked("GET /cluster/list") <= 2 && scenario.asked("GET /cluster/info/") >= MANY);
    scenario.cloud.set_deletion_protection(&id_of(&scenario, "cluster", 7), true);
    assert_eq!(refresh(&scenario).code, Some(2));
}

#[test]
fn a_list_that_shows_other_values_or_lacks_objects_changes_nothing() {
    for (name, body) in [
        ("empty", json!({"clusters": []})),
        ("refused", json!("no list")),
        ("cut", json!({"clusters": [], "has_more": true})),
    ] {
        let scenario = filled(&format!("refresh-{name}"));
        let fault = |path: &str, body: String| {
            let action = Action::Respond { status: 200, body, headers: BTreeMap::default() };
            scenario.cloud.add_fault(Fault::once("GET", path, action).always());
        };
        fault("/cluster/list", body.to_string());
        let run = refresh(&scenario);
        assert_eq!(run.code, Some(0), "{name}: {}", run.text);
        assert!(scenario.asked("GET /cluster/info/") >= MANY, "{name}");
    }
    let scenario = filled("refresh-lies");
    let lies = scenario.cloud.clusters().into_iter().map(|cluster| {
        json!({"id": cluster.id, "name": "another", "instance_type": "8xB200", "num_nodes": 1, "deletion_protection": true,
            "status": "STOPPED", "container": "image", "created_at": "2020-01-01T00:00:00Z", "storage_ids": ["s-another"],
            "instances": [{"id": "i-1", "status": "STOPPED", "ip_address": "192.0.2.1"}]})
    });
    let body = json!({"clusters": lies.collect::<Vec<_>>()}).to_string();
    let action = Action::Respond { status: 200, body, headers: BTreeMap::default() };
    scenario.cloud.add_fault(Fault::once("GET", "/cluster/list", action).always());
    let run = refresh(&scenario);
    assert_eq!(run.code, Some(0), "{}", run.text);
}

/// An API that leaves out what is usual: the states, and so the items, of most objects are whole.
#[test]
fn a_list_that_leaves_out_a_value_hides_no_change() {
    let scenario = filled("refresh-omitted");
    let changed_id = id_of(&scenario, "cluster", 7);
    scenario.cloud.set_deletion_protection(&changed_id, true);
    let clusters = scenario.resources().into_iter().filter(|one| one["type"] == "tensorpool_cluster");
    let items = clusters.map(|one| {
        let mut item = one["values"].clone();
        item["status"] = json!("RUNNING");
        if item["id"] == changed_id.as_str() {
            item.as_object_mut().expect("it is an object").remove("deletion_protection");
        }
        item
    });
    let body = json!({"clusters": items.collect::<Vec<_>>()}).to_string();
    let action = Action::Respond { status: 200, body, headers: BTreeMap::default() };
    scenario.cloud.add_fault(Fault::once("GET", "/cluster/list", action).always());
    scenario.cloud.clear_requests();
    assert_eq!(changed(&refresh(&scenario)), ["tensorpool_cluster.many[7]"]);
    // The others are answered by it.
    assert!(scenario.asked("GET /cluster/info/") < MANY, "{}", scenario.asked("GET /cluster/info/"));
}
