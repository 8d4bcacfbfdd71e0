//! The examples of volumes, attachments, imports by identity and lists are applied.

mod support;

use std::path::Path;

use serde_json::json;
use support::Scenario;
use tensorpool_simulator::{NewCluster, NewVolume};
use terraform_plugin_testing::requires;

fn example(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn training(protection: bool) -> NewCluster {
    NewCluster {
        name: "training".to_owned(),
        instance_type: "8xH100".to_owned(),
        num_nodes: 2,
        deletion_protection: protection,
    }
}

fn datasets(protection: bool) -> NewVolume {
    NewVolume { name: "datasets".to_owned(), size_gb: 1000, deletion_protection: protection, ..NewVolume::default() }
}

#[test]
fn the_storage_examples_apply() {
    let scenario = Scenario::new("examples-storage");
    for name in ["tensorpool_storage", "tensorpool_storage_attachment"] {
        scenario.write(&example(&format!("resources/{name}/resource.tf")));
        scenario.apply().ok();
        scenario.expect_empty_plan();
    }
    assert_eq!(scenario.cloud.clusters()[0].volumes.len(), 1);
}

#[test]
fn the_storage_data_source_examples_apply() {
    let scenario = Scenario::new("examples-storage-data");
    _ = scenario.cloud.add_volume(datasets(false));
    let examples = ["tensorpool_storage", "tensorpool_storages"]
        .map(|name| example(&format!("data-sources/{name}/data-source.tf")));
    scenario.write(&examples.join("\n"));
    scenario.apply().ok();
    assert_eq!(scenario.json(&["output", "-json", "total_gb"]), json!(1000));
}

/// A cloud in which everything that the import examples name exists, and the configuration with the real ids.
fn imported(name: &str, file: &str, resource: &str) -> Scenario {
    let scenario = Scenario::new(name);
    let attachment = resource == "tensorpool_storage_attachment";
    let cluster = scenario.cloud.add_cluster(training(!attachment));
    let volume = scenario.cloud.add_volume(datasets(!attachment));
    scenario.cloud.attach(&volume, &cluster);
    let real = |text: String| text.replace("c-abc123", &cluster).replace("s-abc123", &volume);
    let mut text = real(example(&format!("resources/{resource}/{file}")));
    if attachment {
        // The objects of the example exist too.
        for (kind, label, id) in [("cluster", "training", &cluster), ("storage", "datasets", &volume)] {
            let import = format!("\nimport {{\n  to = tensorpool_{kind}.{label}\n  id = \"{id}\"\n}}\n");
            text.push_str(&import);
        }
    }
    scenario.write(&format!("{text}\n{}", example(&format!("resources/{resource}/resource.tf"))));
    scenario.apply().ok();
    scenario.expect_empty_plan();
    scenario
}

const RESOURCES: [&str; 3] = ["tensorpool_cluster", "tensorpool_storage", "tensorpool_storage_attachment"];

#[test]
fn the_import_examples_by_id_apply() {
    for resource in RESOURCES {
        let scenario = imported(&format!("examples-import-id-{resource}"), "import-by-string-id.tf", resource);
        assert_eq!(scenario.asked("POST /"), 0, "{resource}");
        let command = example(&format!("resources/{resource}/import.sh"));
        assert!(command.starts_with(&format!("terraform import {resource}.")), "{command}");
    }
}

#[test]
fn the_import_examples_by_identity_apply() {
    if !requires("1.12") {
        return;
    }
    for resource in RESOURCES {
        let scenario = imported(&format!("examples-import-identity-{resource}"), "import-by-identity.tf", resource);
        assert_eq!(scenario.asked("POST /"), 0, "{resource}");
    }
}

#[test]
fn the_list_examples_find_what_exists() {
    if !requires("1.14") {
        return;
    }
    let scenario = Scenario::new("examples-list");
    let cluster = scenario.cloud.add_cluster(training(false));
    let volume = scenario.cloud.add_volume(datasets(false));
    scenario.cloud.attach(&volume, &cluster);
    scenario.write("");
    for (resource, id, name) in [
        ("tensorpool_cluster", &cluster, "training"),
        ("tensorpool_storage", &volume, "datasets"),
        ("tensorpool_storage_attachment", &cluster, "datasets on training"),
    ] {
        scenario
            .write_file("all.tfquery.hcl", &example(&format!("list-resources/{resource}/list-resource.tfquery.hcl")));
        let run = scenario.run(&["query", "-no-color"]).ok();
        assert!(run.text.contains(id.as_str()) && run.text.contains(name), "{}", run.text);
    }
}
