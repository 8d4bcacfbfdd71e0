//! Attachments that exist already come under Terraform: by a query, with Terraform 1.14 or newer.

mod support;

use serde_json::Value;
use support::Scenario;
use tensorpool_simulator::{Action, Fault, NewCluster, NewVolume, Owner};
use terraform_plugin_testing::{Feature, requires};

/// A cloud with two clusters and two volumes. The first volume is attached to the first cluster.
struct Site {
    scenario: Scenario,
    clusters: [String; 2],
    volumes: [String; 2],
}

impl Site {
    fn new(name: &str) -> Self {
        let scenario = Scenario::new(name);
        let clusters = ["train", "serve"].map(|name| {
            scenario.cloud.add_cluster(NewCluster {
                name: name.to_owned(),
                instance_type: "8xH100".to_owned(),
                num_nodes: 2,
                deletion_protection: false,
            })
        });
        let volume =
            |name: &str, owner| NewVolume { name: name.to_owned(), size_gb: 10, owner, ..NewVolume::default() };
        let volumes = [("data", Owner::User), ("shared", Owner::Organization)]
            .map(|(name, owner)| scenario.cloud.add_volume(volume(name, owner)));
        scenario.cloud.attach(&volumes[0], &clusters[0]);
        scenario.write("");
        Self { scenario, clusters, volumes }
    }

    fn write_list(&self, config: &str) {
        let list = format!(
            "list \"tensorpool_storage_attachment\" \"all\" {{\n  provider         = tensorpool\n  include_resource = \
             true\n\n  config {{\n{config}\n  }}\n}}\n"
        );
        self.scenario.write_file("all.tfquery.hcl", &list);
    }

    /// The names under which attachments are found.
    fn found(&self, config: &str) -> Vec<String> {
        self.write_list(config);
        let run = self.scenario.run(&["query", "-json"]).ok();
        let lines = run.text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let name = |line: Value| line["list_resource_found"]["display_name"].as_str().map(str::to_owned);
        let mut names: Vec<_> = lines.filter_map(name).collect();
        names.sort();
        names
    }
}

#[test]
fn a_query_finds_attachments_and_what_it_generates_is_imported_without_a_change() {
    if !requires(Feature::Queries) {
        return;
    }
    let site = Site::new("attachment-query");
    site.scenario.cloud.attach(&site.volumes[1], &site.clusters[1]);
    assert_eq!(site.found("    include_org = true"), ["data on train", "shared on serve"]);
    let serve = format!("    include_org = true\n    cluster_id = \"{}\"", site.clusters[1]);
    assert_eq!(site.found(&serve), ["shared on serve"]);
    assert_eq!(site.found(&format!("    storage_id = \"{}\"", site.volumes[0])), ["data on train"]);
    assert_eq!(site.found("    storage_id = \"s-none\""), [""; 0]);
    site.write_list("    include_org = true");
    site.scenario.run(&["query", "-generate-config-out=generated.tf"]).ok();
    std::fs::remove_file(site.scenario.path("all.tfquery.hcl")).expect("it is there");
    site.scenario.cloud.clear_requests();
    site.scenario.apply().ok();
    assert_eq!(site.scenario.resources().len(), 2);
    assert_eq!(site.scenario.asked("POST /"), 0, "both are imported, and no node restarts");
    site.scenario.expect_empty_plan();
}

#[test]
fn an_attachment_is_found_where_one_of_the_two_objects_shows_it() {
    if !requires(Feature::Queries) {
        return;
    }
    let site = Site::new("attachment-query-shown");
    let list = |body: String| Action::Respond { status: 200, body, headers: std::collections::BTreeMap::default() };
    let [volume, cluster] = [&site.volumes[0], &site.clusters[0]];
    // Neither list shows it, but the read of the volume does.
    let volumes = list(format!("{{\"volumes\": [{{\"id\": \"{volume}\", \"name\": \"data\"}}]}}"));
    let clusters = list(format!("{{\"clusters\": [{{\"id\": \"{cluster}\", \"name\": \"train\"}}]}}"));
    site.scenario.cloud.add_fault(Fault::once("GET", "/storage/list", volumes).always());
    site.scenario.cloud.add_fault(Fault::once("GET", "/cluster/list", clusters).always());
    assert_eq!(site.found(""), ["data on train"]);
    // The cluster alone shows it.
    site.scenario.cloud.clear_faults();
    let volumes =
        list(format!("{{\"volumes\": [{{\"id\": \"{volume}\", \"name\": \"data\", \"attached_clusters\": []}}]}}"));
    site.scenario.cloud.add_fault(Fault::once("GET", "/storage/list", volumes).always());
    assert_eq!(site.found(""), ["data on train"]);
}
