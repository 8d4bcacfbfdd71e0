//! The life of a bucket, with a real Terraform.

mod support;

use serde_json::{Value, json};
use support::Scenario;
use tensorpool_simulator::{Action, Fault, Options};
use terraform_plugin_testing::{Feature, requires};

/// A scenario whose organization has object storage.
fn enabled(name: &str, options: Options) -> Scenario {
    let scenario = Scenario::with(name, options);
    scenario.cloud.enable_object_storage();
    scenario
}

fn write(scenario: &Scenario, name: &str) {
    scenario.write(&format!("resource \"tensorpool_object_storage_bucket\" \"data\" {{\n  name = \"{name}\"\n}}"));
}

fn applied(name: &str) -> Scenario {
    let scenario = enabled(name, Options::default());
    write(&scenario, "data-set");
    scenario.apply().ok();
    scenario
}

/// Makes buckets outside Terraform.
fn made(scenario: &Scenario, names: &[&str]) {
    for name in names {
        scenario.cloud.add_bucket(name);
    }
}

#[track_caller]
fn state(scenario: &Scenario) -> Value {
    let resources = scenario.resources();
    assert_eq!(resources.len(), 1, "not one resource: {resources:#?}");
    resources[0]["values"].clone()
}

fn respond(status: u16) -> Action {
    Action::Respond { status, body: String::new(), headers: std::collections::BTreeMap::default() }
}

#[test]
fn a_bucket_is_created_and_the_next_plan_is_empty_whether_buckets_are_names_or_objects() {
    for (name, bucket_objects) in [("bucket-names", false), ("bucket-objects", true)] {
        let mut options = Options::default();
        (options.variants.bucket_objects, options.variants.empty_lists_are_404) = (bucket_objects, true);
        let scenario = enabled(name, options);
        write(&scenario, "data-set");
        let run = scenario.apply().ok();
        assert!(run.diagnostics.iter().all(|one| one.summary != "Unusual bucket name"));
        assert_eq!(scenario.cloud.buckets(), ["data-set"]);
        assert_eq!(state(&scenario)["created_at"].is_string(), bucket_objects);
        scenario.expect_empty_plan();
        scenario.destroy().ok();
        assert!(scenario.cloud.buckets().is_empty());
    }
}

#[test]
fn another_name_replaces_the_bucket() {
    let scenario = applied("bucket-replace");
    write(&scenario, "other-set");
    assert_eq!(scenario.planned_actions(), ["delete", "create"]);
    scenario.apply().ok();
    assert_eq!(scenario.cloud.buckets(), ["other-set"]);
    scenario.expect_empty_plan();
}

#[test]
fn an_unusual_name_is_a_warning_and_what_tensorpool_refuses_an_error() {
    let scenario = enabled("bucket-unusual", Options::default());
    write(&scenario, "Data_Set");
    let run = scenario.plan().ok();
    let warning = run.warning("Unusual bucket name");
    warning.says(&["Data_Set", "lower-case letters", "not documented"]);
    assert_eq!(warning.code, "name = \"Data_Set\"");
    let run = scenario.apply();
    let error = run.error("Cannot create bucket: invalid request");
    error.says(&["Not a valid bucket name", "422"]);
    assert_eq!(error.code, "name = \"Data_Set\"");
}

#[test]
fn a_bucket_that_exists_is_reported_with_the_import_command() {
    let scenario = enabled("bucket-exists", Options::default());
    made(&scenario, &["data-set"]);
    write(&scenario, "data-set");
    let run = scenario.apply();
    let error = run.error("Bucket already exists");
    error.says(&["data-set", "terraform import"]);
    assert_eq!(error.code, "name = \"data-set\"");
    assert_eq!(scenario.asked("PUT"), 0);
    scenario.run(&["import", "-input=false", "tensorpool_object_storage_bucket.data", "data-set"]).ok();
    scenario.expect_empty_plan();
}

#[test]
fn a_bucket_without_object_storage_gets_an_error_that_asks_for_a_dependency() {
    let scenario = Scenario::new("bucket-disabled");
    write(&scenario, "data-set");
    let run = scenario.apply();
    run.error("Cannot create bucket: object storage is not enabled").says(&["tensorpool_object_storage", "depends_on"]);
    assert!(scenario.resources().is_empty());
}

#[test]
fn a_bucket_is_found_again_when_the_answer_to_its_create_is_lost() {
    for (name, action) in [
        ("bucket-dropped-after", Action::DropAfter),
        ("bucket-cut", Action::CutBody),
        ("bucket-502", Action::RespondAfter { status: 502, body: String::new() }),
    ] {
        let scenario = enabled(name, Options::default());
        scenario.cloud.add_fault(Fault::once("PUT", "/object-storage/bucket/create", action));
        write(&scenario, "data-set");
        scenario.apply().ok();
        assert_eq!(scenario.asked("PUT"), 1, "{name}");
        scenario.expect_empty_plan();
    }
}

#[test]
fn a_bucket_that_never_arrived_is_sent_once_more_and_then_reported() {
    let scenario = enabled("bucket-dropped-before", Options::default());
    scenario.cloud.add_fault(Fault::once("PUT", "/object-storage/bucket/create", Action::DropBefore).always());
    write(&scenario, "data-set");
    scenario.apply().error("Bucket may exist outside the state").says(&["data-set", "terraform import"]);
    assert_eq!(scenario.asked("PUT"), 2);
    scenario.cloud.clear_faults();
    scenario.apply().ok();
    scenario.expect_empty_plan();
}

#[test]
fn a_bucket_deleted_outside_is_reported_and_recreated() {
    let scenario = applied("bucket-deleted");
    scenario.cloud.remove_bucket("data-set");
    scenario.apply().ok().warning("Bucket was not found").says(&["data-set"]);
    assert_eq!(scenario.cloud.buckets(), ["data-set"]);
    scenario.expect_empty_plan();
}

#[test]
fn a_list_that_is_missing_once_removes_no_bucket_and_neither_does_a_failure() {
    let scenario = applied("bucket-404");
    scenario.cloud.add_fault(Fault::once("GET", "/object-storage/bucket/list", respond(404)));
    scenario.expect_empty_plan();
    scenario.cloud.add_fault(Fault::once("GET", "/object-storage/bucket/list", respond(500)).always());
    scenario.apply().error("Cannot read bucket: API failure").says(&["data-set"]);
    scenario.cloud.clear_faults();
    assert_eq!(scenario.resources().len(), 1);
}

#[test]
fn a_bucket_that_is_not_empty_gets_an_error_that_says_how_to_empty_it() {
    let scenario = applied("bucket-full");
    scenario.cloud.put_object("data-set", "weights.bin");
    let run = scenario.destroy();
    let error = run.error("Cannot delete bucket: it may not be empty");
    error.says(&["409: Bucket is not empty", "aws s3 rm s3://data-set --recursive", "still in the state"]);
    assert_eq!(scenario.resources().len(), 1);
    scenario.cloud.empty_bucket("data-set");
    scenario.destroy().ok();
    assert!(scenario.cloud.buckets().is_empty());
}

#[test]
fn a_404_is_success_only_if_the_list_agrees() {
    let scenario = applied("bucket-contradiction");
    scenario.cloud.add_fault(Fault::once("DELETE", "/object-storage/bucket/delete", respond(404)));
    scenario.destroy().error("Cannot delete bucket: contradictory responses").says(&["data-set"]);
    assert_eq!(scenario.resources().len(), 1);
    scenario.run(&["plan", "-destroy", "-out=saved.plan"]).ok();
    scenario.cloud.remove_bucket("data-set");
    scenario.run(&["apply", "-input=false", "-json", "saved.plan"]).ok();
    assert!(scenario.resources().is_empty());
}

#[test]
fn a_bucket_is_imported_by_its_name() {
    let scenario = enabled("bucket-import", Options::default());
    made(&scenario, &["data-set"]);
    write(&scenario, "none-such");
    let address = "tensorpool_object_storage_bucket.data";
    let run = scenario.run(&["import", "-input=false", address, "none-such"]);
    assert!(run.text.contains("Cannot import bucket: not found"), "{}", run.text);
    scenario.write("import {\n  to = tensorpool_object_storage_bucket.data\n  id = \"data-set\"\n}");
    scenario.run(&["plan", "-input=false", "-generate-config-out=generated.tf"]).ok();
    scenario.apply().ok();
    assert_eq!(state(&scenario)["name"], "data-set");
    scenario.expect_empty_plan();
}

#[test]
fn a_bucket_is_imported_by_its_identity() {
    if !requires(Feature::Identities) {
        return;
    }
    let scenario = enabled("bucket-identity", Options::default());
    made(&scenario, &["data-set"]);
    scenario.write(
        "import {\n  to = tensorpool_object_storage_bucket.data\n  identity = {\n    name = \"data-set\"\n  }\n}\n\n\
         resource \"tensorpool_object_storage_bucket\" \"data\" {\n  name = \"data-set\"\n}",
    );
    scenario.apply().ok();
    assert_eq!(scenario.asked("PUT"), 0);
    scenario.expect_empty_plan();
}

#[test]
fn the_data_source_lists_buckets_and_filters_them() {
    let scenario = enabled("bucket-data", Options::default());
    made(&scenario, &["train-b", "train-a", "other"]);
    let source = |label: &str, arguments: &str| {
        format!("data \"tensorpool_object_storage_buckets\" \"{label}\" {{\n{arguments}\n}}\n")
    };
    let found = |label: &str| format!("data.tensorpool_object_storage_buckets.{label}.buckets[*].name");
    scenario.write(&format!(
        "{}{}{}\noutput \"found\" {{\n  value = [{}, {}, {}]\n}}",
        source("all", ""),
        source("train", "  name_contains = \"train-\""),
        source("absent", "  name_contains = \"none\""),
        found("all"),
        found("train"),
        found("absent"),
    ));
    scenario.apply().ok();
    let expected = json!([["other", "train-a", "train-b"], ["train-a", "train-b"], []]);
    assert_eq!(scenario.json(&["output", "-json", "found"]), expected);
    scenario.cloud.disable_object_storage();
    scenario.apply().ok();
    assert_eq!(scenario.json(&["output", "-json", "found"]), json!([[], [], []]));
}

#[test]
fn a_query_finds_buckets_and_generates_their_configuration() {
    if !requires(Feature::Queries) {
        return;
    }
    let scenario = enabled("bucket-query", Options::default());
    made(&scenario, &["train-b", "train-a", "other"]);
    let names = |config: &str| {
        scenario.write("");
        let list = format!(
            "list \"tensorpool_object_storage_bucket\" \"all\" {{\n  provider = tensorpool\n  config {{\n    {config}\n  }}\n}}\n"
        );
        scenario.write_file("all.tfquery.hcl", &list);
        let run = scenario.run(&["query", "-json"]).ok();
        let lines = run.text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let found = lines.filter(|line| line["type"] == "list_resource_found");
        found.map(|line| line["list_resource_found"]["identity"]["name"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(names("name_contains = \"none\""), [""; 0]);
    assert_eq!(names("name_contains = \"train-\""), ["train-a", "train-b"]);
    assert_eq!(names(""), ["other", "train-a", "train-b"]);
    scenario.run(&["query", "-generate-config-out=generated.tf"]).ok();
    std::fs::remove_file(scenario.path("all.tfquery.hcl")).expect("it is there");
    scenario.apply().ok();
    assert_eq!(scenario.resources().len(), 3);
    scenario.expect_empty_plan();
}
