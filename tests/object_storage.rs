//! The life of an organization's object storage, with a real Terraform.

mod support;

use serde_json::{Value, json};
use support::Scenario;
use tensorpool_simulator::{Action, Fault, Options};
use terraform_plugin_testing::{Feature, requires};

const ORGANIZATION: &str = "o-simulated";

fn write(scenario: &Scenario, arguments: &str) {
    scenario.write(&format!("resource \"tensorpool_object_storage\" \"main\" {{\n{arguments}\n}}"));
}

fn applied(name: &str, arguments: &str) -> Scenario {
    let scenario = Scenario::new(name);
    write(&scenario, arguments);
    scenario.apply().ok();
    scenario
}

#[track_caller]
fn state(scenario: &Scenario) -> Value {
    let resources = scenario.resources();
    assert_eq!(resources.len(), 1, "not one resource: {resources:#?}");
    resources[0]["values"].clone()
}

fn is_enabled(scenario: &Scenario) -> bool {
    scenario.cloud.object_storage_keys().is_some()
}

fn respond(status: u16, body: &str) -> Action {
    Action::Respond { status, body: body.to_owned(), headers: std::collections::BTreeMap::default() }
}

#[test]
fn it_is_enabled_and_the_next_plan_is_empty() {
    let scenario = applied("storage-create", "");
    let state = state(&scenario);
    assert_eq!((&state["id"], &state["org_id"]), (&json!(ORGANIZATION), &json!(ORGANIZATION)));
    assert_eq!(state["endpoint"], "https://object-storage.simulated.invalid");
    assert_eq!((&state["region"], &state["status"]), (&json!("us-west"), &json!("ACTIVE")));
    assert_eq!(state["allow_disable"], false);
    assert_eq!(scenario.asked("POST /object-storage/enable"), 1);
    scenario.expect_empty_plan();
}

#[test]
fn a_state_that_was_written_without_an_id_gets_one_without_a_change() {
    let scenario = applied("storage-without-id", "");
    let path = scenario.path("terraform.tfstate");
    let read = || -> Value {
        let text = std::fs::read_to_string(&path).expect("there is a state");
        serde_json::from_str(&text).expect("it is JSON")
    };
    let without_id = || {
        let mut file = read();
        let attributes = file.pointer_mut("/resources/0/instances/0/attributes").and_then(Value::as_object_mut);
        assert_eq!(attributes.and_then(|attributes| attributes.remove("id")), Some(json!(ORGANIZATION)));
        std::fs::write(&path, file.to_string()).expect("the state can be written");
    };
    without_id();
    scenario.expect_empty_plan();
    assert_eq!(scenario.run(&["plan", "-refresh=false", "-detailed-exitcode", "-input=false"]).code, Some(0));
    scenario.apply().ok();
    assert_eq!(state(&scenario)["id"], ORGANIZATION);
    // A change in place that is planned without a refresh brings the id as well.
    without_id();
    write(&scenario, "  allow_disable = true");
    scenario.run(&["apply", "-refresh=false", "-auto-approve", "-input=false"]).ok();
    assert_eq!(state(&scenario)["id"], ORGANIZATION);
    scenario.expect_empty_plan();
}

#[test]
fn no_half_of_the_credentials_is_in_the_state() {
    let scenario = applied("storage-state", "");
    let (id, secret) = scenario.cloud.object_storage_keys().expect("it is enabled");
    let state = std::fs::read_to_string(scenario.path("terraform.tfstate")).expect("there is a state");
    assert!(!state.contains(&id) && !state.contains(&secret));
}

#[test]
fn what_is_enabled_already_is_taken_over_with_a_warning() {
    let scenario = Scenario::new("storage-adopt");
    scenario.cloud.enable_object_storage();
    let before = scenario.cloud.object_storage_keys();
    write(&scenario, "");
    let run = scenario.apply().ok();
    run.warning("Object storage was enabled already").says(&[ORGANIZATION, "terraform state rm"]);
    assert_eq!(scenario.asked("POST"), 0);
    assert_eq!(scenario.cloud.object_storage_keys(), before);
    scenario.expect_empty_plan();
}

#[test]
fn a_destroy_is_refused_while_it_is_planned_unless_it_is_allowed() {
    let scenario = applied("storage-refused", "");
    let run = scenario.destroy();
    let error = run.error("Object storage may not be disabled");
    error.says(&[ORGANIZATION, "whole organization", "1. Set allow_disable = true", "2. Then destroy"]);
    scenario.write("");
    scenario.apply().error("Object storage may not be disabled");
    // That the configuration allows it is not enough: it has to be in the state.
    write(&scenario, "  allow_disable = true");
    scenario.destroy().error("Object storage may not be disabled");
    assert!(is_enabled(&scenario));
    assert_eq!(scenario.asked("DELETE"), 0);
    assert_eq!(scenario.planned_actions(), ["update"]);
    scenario.apply().ok();
    scenario.expect_empty_plan();
    scenario.write("");
    scenario.apply().ok();
    assert!(!is_enabled(&scenario) && scenario.resources().is_empty());
}

#[test]
fn it_is_found_again_when_the_answer_to_the_enabling_is_lost() {
    for (name, action, twice_conflicts) in [
        ("storage-dropped-after", Action::DropAfter, false),
        ("storage-cut", Action::CutBody, true),
        ("storage-502", Action::RespondAfter { status: 502, body: String::new() }, true),
    ] {
        let mut options = Options::default();
        options.variants.enable_twice_conflicts = twice_conflicts;
        let scenario = Scenario::with(name, options);
        scenario.cloud.add_fault(Fault::once("POST", "/object-storage/enable", action));
        write(&scenario, "");
        scenario.apply().ok();
        assert_eq!(scenario.asked("POST /object-storage/enable"), 1, "{name}");
        assert_eq!(state(&scenario)["org_id"], ORGANIZATION);
        scenario.expect_empty_plan();
    }
}

#[test]
fn an_enabling_that_never_arrived_is_sent_once_more_and_then_reported() {
    let scenario = Scenario::new("storage-dropped-before");
    scenario.cloud.add_fault(Fault::once("POST", "/object-storage/enable", Action::DropBefore).always());
    write(&scenario, "");
    scenario.apply().error("Object storage may be enabled outside the state").says(&["terraform apply again"]);
    assert_eq!(scenario.asked("POST /object-storage/enable"), 2);
    assert!(scenario.resources().is_empty());
    scenario.cloud.clear_faults();
    scenario.apply().ok();
    scenario.expect_empty_plan();
}

#[test]
fn an_account_without_an_organization_gets_the_message_of_tensorpool() {
    let scenario = Scenario::new("storage-unknown-id");
    scenario.cloud.set_organization(None);
    write(&scenario, "");
    scenario.apply().error("Cannot create object storage: access denied").says(&["for organizations", "403"]);
}

#[test]
fn what_was_disabled_outside_is_reported_and_enabled_again() {
    let scenario = applied("storage-deleted", "");
    scenario.cloud.disable_object_storage();
    scenario.apply().ok().warning("Object storage was not found").says(&[ORGANIZATION]);
    assert!(is_enabled(&scenario));
    scenario.expect_empty_plan();
}

#[test]
fn one_404_removes_nothing_and_neither_does_any_other_failure() {
    let scenario = applied("storage-404", "");
    scenario.cloud.add_fault(Fault::once("GET", "/object-storage/credentials", respond(404, "")));
    scenario.expect_empty_plan();
    for (status, summary) in [
        (401, "Cannot read object storage: API key not accepted"),
        (403, "Cannot read object storage: access denied"),
        (500, "Cannot read object storage: API failure"),
    ] {
        let words = respond(status, r#"{"message": "the API's own words"}"#);
        scenario.cloud.add_fault(Fault::once("GET", "/object-storage/credentials", words).always());
        scenario.apply().error(summary).says(&["the API's own words", ORGANIZATION]);
        scenario.cloud.clear_faults();
        assert_eq!(scenario.resources().len(), 1, "{status}");
    }
    scenario.expect_empty_plan();
}

#[test]
fn a_rotation_outside_is_no_change() {
    let scenario = applied("storage-drift", "");
    let rotated = json!({"org_id": ORGANIZATION, "access_key_id": "AKOTHER", "secret_access_key": "tp-planted-other",
        "endpoint": "https://object-storage.simulated.invalid", "region": "us-west", "updated_at": "2030-01-01T00:00:00Z"});
    let action = respond(200, &rotated.to_string());
    scenario.cloud.add_fault(Fault::once("GET", "/object-storage/credentials", action).always());
    scenario.expect_empty_plan();
    scenario.apply().ok();
    let state = std::fs::read_to_string(scenario.path("terraform.tfstate")).expect("there is a state");
    assert!(!state.contains("AKOTHER") && !state.contains("tp-planted-other"));
}

#[test]
fn a_key_of_another_organization_touches_nothing() {
    let scenario = applied("storage-other", "  allow_disable = true");
    scenario.run(&["plan", "-destroy", "-out=saved.plan"]).ok();
    scenario.cloud.set_organization(Some("o-other"));
    scenario.plan().error("API key of another organization").says(&[ORGANIZATION, "o-other"]);
    let run = scenario.run(&["apply", "-input=false", "-json", "saved.plan"]);
    run.error("API key of another organization").says(&["deleting object storage", "Nothing was changed"]);
    assert!(is_enabled(&scenario));
    assert_eq!(scenario.asked("DELETE"), 0);
    assert_eq!(scenario.resources().len(), 1);
}

#[test]
fn buckets_that_stop_a_destroy_are_named() {
    let scenario = Scenario::new("storage-buckets");
    let storage = "resource \"tensorpool_object_storage\" \"main\" {\n  allow_disable = true\n}";
    let bucket = "resource \"tensorpool_object_storage_bucket\" \"data\" {\n  name       = \"data-set\"\n  depends_on = \
                  [tensorpool_object_storage.main]\n}";
    scenario.write(&format!("{storage}\n\n{bucket}"));
    scenario.apply().ok();
    scenario.run(&["state", "rm", "tensorpool_object_storage_bucket.data"]).ok();
    scenario.write("");
    let run = scenario.apply();
    run.error("Cannot delete object storage: it has buckets").says(&[
        "data-set",
        "Empty and delete them first",
        "depends_on",
    ]);
    // What the API does with them is not put to the test, and what cannot be listed may be there.
    assert_eq!(scenario.asked("DELETE /object-storage/disable"), 0);
    scenario.cloud.remove_bucket("data-set");
    scenario.cloud.configure(|options| options.variants.unreadable_item = true);
    scenario.destroy().error("Cannot delete object storage: out of time").says(&["the list is incomplete"]);
    assert_eq!(scenario.asked("DELETE /object-storage/disable"), 0);
    scenario.cloud.configure(|options| options.variants.unreadable_item = false);
    // The API has the last word.
    let message = "{\"message\": \"Organization has buckets; delete them first\"}";
    scenario.cloud.add_fault(Fault::once("DELETE", "/object-storage/disable", respond(409, message)));
    scenario.destroy().error("Cannot delete object storage: conflict").says(&["delete them first"]);
    scenario.apply().ok();
    assert!(!is_enabled(&scenario));
}

#[test]
fn a_destroy_of_what_is_already_deleted_succeeds() {
    let scenario = applied("storage-destroy-deleted", "  allow_disable = true");
    scenario.run(&["plan", "-destroy", "-out=saved.plan"]).ok();
    scenario.cloud.disable_object_storage();
    scenario.run(&["apply", "-input=false", "-json", "saved.plan"]).ok();
    assert!(scenario.resources().is_empty());
    assert_eq!(scenario.asked("DELETE"), 0);
}

#[test]
fn a_404_that_a_second_look_contradicts_disables_nothing() {
    let scenario = applied("storage-contradiction", "  allow_disable = true");
    scenario.cloud.add_fault(Fault::once("DELETE", "/object-storage/disable", respond(404, "")));
    scenario.destroy().error("Cannot delete object storage: contradictory responses").says(&["Run the destroy again"]);
    assert!(is_enabled(&scenario));
    assert_eq!(scenario.resources().len(), 1);
    scenario.destroy().ok();
    assert!(!is_enabled(&scenario));
}

#[test]
fn it_is_imported_by_the_id_of_the_organization() {
    let scenario = Scenario::new("storage-import");
    write(&scenario, "");
    let import = |id: &str| scenario.run(&["import", "-input=false", "tensorpool_object_storage.main", id]);
    let run = import(ORGANIZATION);
    assert!(run.text.contains("Cannot import object storage: object storage is not enabled"), "{}", run.text);
    scenario.cloud.enable_object_storage();
    let run = import("o-mine");
    assert!(run.text.contains("API key of another organization") && run.text.contains(ORGANIZATION), "{}", run.text);
    import(ORGANIZATION).ok();
    assert_eq!(scenario.asked("POST"), 0);
    assert_eq!(state(&scenario)["id"], ORGANIZATION);
    scenario.expect_empty_plan();
}

#[test]
fn it_is_imported_by_its_identity() {
    if !requires(Feature::Identities) {
        return;
    }
    let scenario = Scenario::new("storage-identity");
    scenario.cloud.enable_object_storage();
    scenario.write(&format!(
        "import {{\n  to = tensorpool_object_storage.main\n  identity = {{\n    org_id = \"{ORGANIZATION}\"\n  }}\n}}\n\n\
         resource \"tensorpool_object_storage\" \"main\" {{}}"
    ));
    scenario.apply().ok();
    assert_eq!(scenario.asked("POST"), 0);
    scenario.expect_empty_plan();
}

/// Writes the data source with these arguments and an output of it.
fn write_lookup(scenario: &Scenario, arguments: &str) {
    scenario.write(&format!(
        "data \"tensorpool_object_storage\" \"it\" {{\n{arguments}\n}}\n\noutput \"it\" {{\n  value = \
         data.tensorpool_object_storage.it\n}}"
    ));
}

#[test]
fn the_data_source_reports_where_it_is_and_no_half_of_the_credentials() {
    let scenario = Scenario::new("storage-lookup");
    scenario.cloud.enable_object_storage();
    write_lookup(&scenario, "");
    scenario.apply().ok();
    let found = scenario.json(&["output", "-json", "it"]);
    assert_eq!((&found["id"], &found["org_id"]), (&json!(ORGANIZATION), &json!(ORGANIZATION)));
    assert_eq!(found["endpoint"], "https://object-storage.simulated.invalid");
    assert_eq!((&found["region"], &found["status"]), (&json!("us-west"), &json!("ACTIVE")));
    assert!(found["created_at"].is_string(), "{found}");
    let (id, secret) = scenario.cloud.object_storage_keys().expect("it is enabled");
    let state = std::fs::read_to_string(scenario.path("terraform.tfstate")).expect("there is a state");
    assert!(!state.contains(&id) && !state.contains(&secret));
    scenario.expect_empty_plan();
}

#[test]
fn what_the_data_source_cannot_find_is_an_error() {
    let scenario = Scenario::new("storage-lookup-none");
    write_lookup(&scenario, "");
    let run = scenario.plan();
    run.error("Cannot look up object storage: object storage is not enabled").says(&["404", "Enable it"]);
    scenario.cloud.enable_object_storage();
    write_lookup(&scenario, "  org_id = \"o-mine\"");
    let run = scenario.plan();
    let error = run.error("API key of another organization");
    error.says(&["o-mine", ORGANIZATION]);
    assert_eq!(error.code, "org_id = \"o-mine\"");
}

#[test]
fn the_data_source_waits_for_the_resource_that_it_names() {
    let scenario = Scenario::new("storage-lookup-wait");
    scenario.write(
        "resource \"tensorpool_object_storage\" \"main\" {}\n\ndata \"tensorpool_object_storage\" \"it\" {\n  org_id = \
         tensorpool_object_storage.main.org_id\n}",
    );
    scenario.apply().ok();
    scenario.expect_empty_plan();
}
