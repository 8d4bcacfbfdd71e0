//! Every example is formatted, and applied.

mod support;

use std::path::Path;

use support::Scenario;
use tensorpool_simulator::NewCluster;

fn example(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn examples_are_formatted() {
    let scenario = Scenario::new("examples-format");
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let run = scenario.run(&["fmt", "-check", "-recursive", "-no-color", &examples.display().to_string()]);
    assert_eq!(run.code, Some(0), "not formatted:\n{}", run.text);
}

#[test]
fn the_resource_example_applies() {
    let scenario = Scenario::new("examples-cluster");
    scenario.write(&example("resources/tensorpool_cluster/resource.tf"));
    scenario.apply().ok();
    assert!(scenario.cloud.clusters()[0].deletion_protection);
    scenario.expect_empty_plan();
}

#[test]
fn the_data_source_examples_apply() {
    let scenario = Scenario::new("examples-data");
    _ = scenario.cloud.add_cluster(NewCluster {
        name: "training".to_owned(),
        instance_type: "8xH100".to_owned(),
        num_nodes: 2,
        deletion_protection: false,
    });
    scenario.write(&format!(
        "{}\n{}",
        example("data-sources/tensorpool_cluster/data-source.tf"),
        example("data-sources/tensorpool_clusters/data-source.tf")
    ));
    scenario.apply().ok();
    assert_eq!(scenario.json(&["output", "-json", "names"]), serde_json::json!(["training"]));
}

#[test]
fn the_provider_and_import_examples_apply() {
    let scenario = Scenario::new("examples-import");
    let id = scenario.cloud.add_cluster(NewCluster {
        name: "training".to_owned(),
        instance_type: "8xH100".to_owned(),
        num_nodes: 2,
        deletion_protection: true,
    });
    // The example requires the provider itself, so it is the whole configuration.
    std::fs::write(scenario.path("main.tf"), example("provider/provider.tf")).expect("the file can be written");
    let import = example("resources/tensorpool_cluster/import-by-string-id.tf").replace("c-abc123", &id);
    let resource = example("resources/tensorpool_cluster/resource.tf");
    std::fs::write(scenario.path("cluster.tf"), format!("{import}\n{resource}")).expect("the file can be written");
    scenario.apply().ok();
    assert_eq!(scenario.cluster()["id"], serde_json::json!(id));
    scenario.expect_empty_plan();
}
