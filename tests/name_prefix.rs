//! Names that begin with a prefix of the user's, with a real Terraform.

mod support;

use std::time::Duration;

use serde_json::{Value, json};
use support::Scenario;
use tensorpool_simulator::{Action, Fault, NewCluster, Options};
use terraform_plugin_testing::{Feature, has, requires};

const TYPE: &str = "  instance_type = \"8xH100\"";
const LIFECYCLE: &str = "  lifecycle {\n    create_before_destroy = true\n  }";

fn prefixed(prefix: &str) -> String {
    format!("  name_prefix = \"{prefix}\"\n{TYPE}")
}

/// The name of the one cluster, in the state and in the cloud.
#[track_caller]
fn name(scenario: &Scenario) -> String {
    let name = scenario.cluster()["name"].as_str().expect("it has one").to_owned();
    let names: Vec<_> = scenario.cloud.clusters().into_iter().map(|cluster| cluster.name).collect();
    assert_eq!(names, [name.as_str()]);
    name
}

/// The planned value of the name of the first change.
fn planned_name(scenario: &Scenario) -> Value {
    scenario.json(&["show", "-json", "saved.plan"])["resource_changes"][0]["change"]["after"]["name"].clone()
}

#[test]
fn the_name_begins_with_the_prefix_and_the_plan_shows_it_where_terraform_can() {
    let scenario = Scenario::new("prefix-create");
    scenario.write_cluster(&prefixed("train-"));
    assert_eq!(scenario.planned_actions(), ["create"]);
    let planned = planned_name(&scenario);
    assert_eq!(planned.is_string(), has(Feature::PrivateDataOfPlans), "{planned}");
    scenario.run(&["apply", "-input=false", "saved.plan"]).ok();
    let name = name(&scenario);
    assert!(name.starts_with("train-") && name.len() == 16, "{name}");
    assert!(planned.is_null() || planned == json!(name), "{planned} {name}");
    scenario.expect_empty_plan();
    scenario.destroy().ok();
    assert!(scenario.cloud.clusters().is_empty());
}

#[test]
fn a_volume_has_a_prefix_too() {
    let scenario = Scenario::new("prefix-storage");
    let write = |prefix: &str| {
        scenario.write(&format!(
            "resource \"tensorpool_storage\" \"data\" {{\n  name_prefix = \"{prefix}\"\n  size_gb = 100\n}}"
        ));
    };
    write("data-");
    scenario.apply().ok();
    let before = scenario.values("tensorpool_storage.data");
    assert!(before["name"].as_str().is_some_and(|name| name.starts_with("data-")), "{before}");
    scenario.expect_empty_plan();
    write("logs-");
    scenario.apply().ok();
    let after = scenario.values("tensorpool_storage.data");
    assert!(after["name"].as_str().is_some_and(|name| name.starts_with("logs-")), "{after}");
    assert_eq!(after["id"], before["id"]);
    scenario.expect_empty_plan();
}

#[test]
fn a_replacement_can_be_created_before_the_destroy() {
    let scenario = Scenario::new("prefix-before-destroy");
    scenario.write_cluster(&format!("{}\n{LIFECYCLE}", prefixed("train-")));
    scenario.apply().ok();
    let (old, old_name) = (scenario.cluster()["id"].clone(), name(&scenario));
    scenario.write_cluster(&format!("{}\n{LIFECYCLE}", prefixed("train-").replace("8xH100", "8xH200")));
    assert_eq!(scenario.planned_actions(), ["create", "delete"]);
    scenario.run(&["apply", "-input=false", "saved.plan"]).ok();
    assert_ne!(scenario.cluster()["id"], old);
    assert_ne!(name(&scenario), old_name);
    scenario.expect_empty_plan();
    scenario.run(&["apply", "-auto-approve", "-input=false", "-replace=tensorpool_cluster.train"]).ok();
    scenario.expect_empty_plan();
    assert_eq!(scenario.cloud.clusters().len(), 1);
}

#[test]
fn another_prefix_renames_in_place_unless_the_name_begins_with_it() {
    let scenario = Scenario::new("prefix-change");
    scenario.write_cluster(&prefixed("train-"));
    scenario.apply().ok();
    let (id, first) = (scenario.cluster()["id"].clone(), name(&scenario));
    // The name begins with it already.
    scenario.write_cluster(&prefixed("TRAIN"));
    assert_eq!(scenario.planned_actions(), ["update"]);
    scenario.apply().ok();
    assert_eq!((name(&scenario), scenario.asked("PATCH /cluster/")), (first, 0));
    scenario.expect_empty_plan();
    scenario.write_cluster(&prefixed("eval-"));
    assert_eq!(scenario.planned_actions(), ["update"]);
    assert_eq!(planned_name(&scenario).is_string(), has(Feature::PrivateDataOfPlans));
    scenario.run(&["apply", "-input=false", "saved.plan"]).ok();
    let second = name(&scenario);
    assert!(second.starts_with("eval-"), "{second}");
    assert_eq!((&scenario.cluster()["id"], scenario.asked("PATCH /cluster/")), (&id, 1));
    scenario.expect_empty_plan();
    // Without a prefix the name stays.
    scenario.write_cluster(TYPE);
    scenario.apply().ok();
    assert_eq!(name(&scenario), second);
    scenario.expect_empty_plan();
}

#[test]
fn a_name_can_give_way_to_a_prefix_and_come_back() {
    let scenario = Scenario::new("prefix-for-name");
    let named = |name: &str| format!("  name = \"{name}\"\n{TYPE}");
    scenario.write_cluster(&named("train-1"));
    scenario.apply().ok();
    let id = scenario.cluster()["id"].clone();
    scenario.write_cluster(&prefixed("train-"));
    scenario.apply().ok();
    assert_eq!(name(&scenario), "train-1");
    scenario.expect_empty_plan();
    scenario.write_cluster(&named("other"));
    scenario.apply().ok();
    scenario.write_cluster(&prefixed("train-"));
    scenario.apply().ok();
    assert!(name(&scenario).starts_with("train-"));
    assert_eq!(scenario.cluster()["id"], id);
    scenario.expect_empty_plan();
}

#[test]
fn an_imported_cluster_keeps_its_name() {
    let scenario = Scenario::new("prefix-import");
    let id = scenario.cloud.add_cluster(NewCluster {
        name: "by-hand".to_owned(),
        instance_type: "8xH100".to_owned(),
        num_nodes: 1,
        deletion_protection: false,
    });
    scenario.write_cluster(&prefixed("train-"));
    scenario.run(&["import", "-input=false", "tensorpool_cluster.train", &id]).ok();
    scenario.apply().ok();
    assert_eq!((name(&scenario).as_str(), scenario.asked("PATCH /cluster/")), ("by-hand", 0));
    scenario.expect_empty_plan();
    // From here on it is managed as any other.
    scenario.write_cluster(&prefixed("eval-"));
    scenario.apply().ok();
    assert!(name(&scenario).starts_with("eval-"));
    scenario.expect_empty_plan();
}

#[test]
fn a_name_and_a_prefix_exclude_each_other() {
    let scenario = Scenario::new("prefix-and-name");
    scenario.write_cluster(&format!("  name = \"train\"\n{}", prefixed("train-")));
    let run = scenario.run(&["validate"]);
    assert!(run.code != Some(0) && run.text.contains("name_prefix"), "{}", run.text);
    scenario.write_cluster(&prefixed(""));
    assert_ne!(scenario.run(&["validate"]).code, Some(0));
}

#[test]
fn a_prefix_may_be_known_only_at_the_apply() {
    let scenario = Scenario::new("prefix-unknown");
    let write = |input: &str| {
        scenario.write(&format!(
            "resource \"terraform_data\" \"team\" {{\n  input = \"{input}\"\n}}\n\
             resource \"tensorpool_cluster\" \"train\" {{\n  name_prefix = terraform_data.team.output\n{TYPE}\n}}"
        ));
    };
    let name = || scenario.values("tensorpool_cluster.train")["name"].as_str().expect("it has one").to_owned();
    write("a-");
    scenario.apply().ok();
    assert!(name().starts_with("a-"));
    scenario.expect_empty_plan();
    write("b-");
    scenario.apply().ok();
    assert!(name().starts_with("b-"));
    assert_eq!(scenario.asked("POST /cluster/create"), 1);
    scenario.expect_empty_plan();
}

#[test]
fn a_killed_create_is_adopted_by_the_block_of_its_prefix() {
    let provision = Duration::from_secs(5);
    for (when, options) in [
        ("POST /cluster/create", Options { provision: Duration::ZERO, release: Duration::ZERO, ..Options::default() }),
        ("GET /request/info/", Options { provision, release: Duration::ZERO, ..Options::default() }),
    ] {
        let scenario = Scenario::with(&format!("prefix-killed-{}", when.len()), options);
        scenario.cloud.add_fault(Fault::once("POST", "/cluster/create", Action::Delay { ms: 2_000 }));
        scenario.write_cluster(&prefixed("train-"));
        let running = scenario.spawn(&["apply", "-auto-approve", "-json"]);
        scenario.until("the request", |scenario| scenario.asked(when) > 0);
        scenario.kill_provider();
        assert_ne!(running.finish().code, Some(0));
        let killed = scenario.cloud.clusters()[0].clone();
        assert!(killed.name.starts_with("train-"), "{}", killed.name);
        // The plan leaves the name open: it is that of the killed run.
        assert_eq!(scenario.planned_actions(), ["create"]);
        assert_eq!(planned_name(&scenario), Value::Null);
        let applied = scenario.run(&["apply", "-input=false", "saved.plan"]).ok();
        assert!(applied.text.contains("Cluster of an earlier run adopted"), "{}", applied.text);
        assert_eq!((scenario.cluster()["id"].clone(), name(&scenario)), (json!(killed.id), killed.name));
        scenario.expect_empty_plan();
    }
}

#[test]
fn a_killed_create_of_another_prefix_is_not_adopted() {
    let scenario = Scenario::new("prefix-killed-other");
    scenario.cloud.add_fault(Fault::once("POST", "/cluster/create", Action::Delay { ms: 20_000 }));
    scenario.write_cluster(&prefixed("train-"));
    let running = scenario.spawn(&["apply", "-auto-approve", "-json"]);
    scenario.until("the request", |scenario| scenario.asked("POST /cluster/create") > 0);
    scenario.kill_provider();
    assert_ne!(running.finish().code, Some(0));
    scenario.write_cluster(&prefixed("eval-"));
    scenario.apply().ok().warning("A cluster may be orphaned").says(&["train-"]);
    assert!(scenario.cluster()["name"].as_str().is_some_and(|name| name.starts_with("eval-")));
    assert_eq!(scenario.cloud.clusters().len(), 2);
}

/// A saved plan shows a name, and afterwards another run of the same configuration is killed.
#[test]
fn a_saved_plan_that_an_interrupted_create_has_overtaken_creates_nothing() {
    if !requires(Feature::PrivateDataOfPlans) {
        return;
    }
    let scenario = Scenario::new("prefix-overtaken");
    scenario.write_cluster(&prefixed("train-"));
    assert_eq!(scenario.planned_actions(), ["create"]);
    scenario.cloud.add_fault(Fault::once("POST", "/cluster/create", Action::Delay { ms: 20_000 }));
    let mut running = scenario.spawn(&["apply", "-auto-approve", "-json"]);
    scenario.until("the request", |scenario| scenario.asked("POST /cluster/create") > 0);
    // Terraform first, so that it writes no state, for which it would refuse the saved plan itself.
    running.kill();
    scenario.kill_provider();
    let run = scenario.run(&["apply", "-input=false", "saved.plan"]);
    assert!(run.code != Some(0) && run.text.contains("Plan of the cluster is out of date"), "{}", run.text);
    scenario.apply().ok();
    assert_eq!((scenario.cloud.clusters().len(), scenario.asked("POST /cluster/create")), (1, 1));
    scenario.expect_empty_plan();
}
