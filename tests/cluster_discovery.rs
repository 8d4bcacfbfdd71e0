//! Clusters that exist already come under Terraform: by their identity, and by a query.

mod support;

use serde_json::json;
use support::Scenario;
use tensorpool_simulator::NewCluster;
use terraform_plugin_testing::{Feature, requires};

fn existing(name: &str) -> NewCluster {
    NewCluster { name: name.to_owned(), instance_type: "8xB200".to_owned(), num_nodes: 3, deletion_protection: true }
}

#[test]
fn a_cluster_is_imported_by_its_identity() {
    if !requires(Feature::Identities) {
        return;
    }
    let scenario = Scenario::new("cluster-identity");
    let id = scenario.cloud.add_cluster(existing("old"));
    scenario.write(&format!(
        "import {{\n  to = tensorpool_cluster.old\n  identity = {{\n    id = \"{id}\"\n  }}\n}}\n\nresource \
         \"tensorpool_cluster\" \"old\" {{\n  name = \"old\"\n  instance_type = \"8xB200\"\n  num_nodes = 3\n  \
         deletion_protection = true\n}}"
    ));
    scenario.apply().ok();
    assert_eq!(scenario.values("tensorpool_cluster.old")["id"], json!(id));
    let state = std::fs::read_to_string(scenario.path("terraform.tfstate")).expect("there is a state");
    let state: serde_json::Value = serde_json::from_str(&state).expect("it is JSON");
    assert_eq!(state["resources"][0]["instances"][0]["identity"], json!({"id": id}));
    scenario.expect_empty_plan();
}

#[test]
fn an_identity_that_no_cluster_has_cannot_be_imported() {
    if !requires(Feature::Identities) {
        return;
    }
    let scenario = Scenario::new("cluster-identity-none");
    scenario.write(
        "import {\n  to = tensorpool_cluster.old\n  identity = {\n    id = \"c-none\"\n  }\n}\n\nresource \
         \"tensorpool_cluster\" \"old\" {\n  instance_type = \"8xB200\"\n}",
    );
    scenario.plan().error("Cannot import cluster: not found").says(&["c-none"]);
}

#[test]
fn a_query_finds_clusters_by_filter_and_generates_their_imports() {
    if !requires(Feature::Queries) {
        return;
    }
    let scenario = Scenario::new("cluster-query");
    let own = scenario.cloud.add_cluster(existing("train-a"));
    let shared = scenario.cloud.add_organization_cluster(existing("train-b"));
    let other = scenario.cloud.add_cluster(existing("notebook"));
    scenario.write("");
    let list = |config: &str| {
        let text = format!("list \"tensorpool_cluster\" \"all\" {{\n  provider = tensorpool\n{config}}}\n");
        scenario.write_file("all.tfquery.hcl", &text);
    };
    list("");
    let text = scenario.run(&["query", "-no-color"]).ok().text;
    assert!(text.contains(&own) && text.contains(&other) && !text.contains(&shared), "{text}");
    list("  config {\n    include_org = true\n    name_contains = \"train\"\n  }\n");
    let text = scenario.run(&["query", "-no-color", "-generate-config-out=found.tf"]).ok().text;
    assert!(text.contains(&own) && text.contains(&shared) && !text.contains(&other), "{text}");
    scenario.apply().ok();
    assert_eq!(scenario.resources().len(), 2);
    scenario.expect_empty_plan();
}

#[test]
fn lists_of_clusters_are_filtered() {
    let scenario = Scenario::new("clusters-filtered");
    _ = scenario.cloud.add_cluster(existing("train-a"));
    let other = NewCluster { instance_type: "1xH100".to_owned(), num_nodes: 1, ..existing("train-b") };
    _ = scenario.cloud.add_cluster(other);
    _ = scenario.cloud.add_organization_cluster(existing("shared"));
    let list = |label: &str, arguments: &str| {
        format!(
            "data \"tensorpool_clusters\" \"{label}\" {{\n{arguments}}}\n\noutput \"{label}\" {{\n  value = data.tensorpool_clusters.{label}.clusters[*].name\n}}\n"
        )
    };
    let lists = [
        list("own", ""),
        list("all", "  include_org = true\n"),
        list("named", "  name_contains = \"-b\"\n"),
        list("typed", "  include_org = true\n  instance_type = \"8xB200\"\n"),
    ];
    scenario.write(&lists.join("\n"));
    scenario.apply().ok();
    let found = ["own", "all", "named", "typed"].map(|label| {
        let mut names: Vec<_> = scenario.json(&["output", "-json", label]).as_array().expect("a list").clone();
        names.sort_by_key(ToString::to_string);
        json!(names)
    });
    let expected = [
        json!(["train-a", "train-b"]),
        json!(["shared", "train-a", "train-b"]),
        json!(["train-b"]),
        json!(["shared", "train-a"]),
    ];
    assert_eq!(found, expected);
}
