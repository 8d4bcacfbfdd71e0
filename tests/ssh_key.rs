//! The life of an SSH key, with a real Terraform.

mod support;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::Scenario;
use tensorpool_simulator::{
    Action, ErrorShape, Fault, IdName, LoggedRequest, NameField, Names, NewSshKey, Options, Owner,
};
use terraform_plugin_testing::case::{Case, Step, plan, set, state as stored};
use terraform_plugin_testing::{Feature, requires};

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINJdpoDqinxOvPW2GIrwZ2ZIozKhkOidqQGMg913ksV6";
const FINGERPRINT: &str = "SHA256:IrjZyz2sJZZa7y/ajQtvY5mZiIkjkkco9HlL0VjjPWE";
const ADDRESS: &str = "tensorpool_ssh_key.laptop";
const OTHER: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn write(scenario: &Scenario, arguments: &str) {
    scenario.write(&format!("resource \"tensorpool_ssh_key\" \"laptop\" {{\n{arguments}\n}}"));
}

fn write_key(scenario: &Scenario, name: &str, key: &str) {
    write(scenario, &format!("  name = \"{name}\"\n  public_key = \"{key}\""));
}

fn applied(name: &str) -> Scenario {
    let scenario = Scenario::new(name);
    write_key(&scenario, "laptop", &format!("{KEY} me@home"));
    scenario.apply().ok();
    scenario
}

/// A key that is there without Terraform, and its id.
fn added(scenario: &Scenario, name: &str, key: &str, owner: Owner) -> String {
    scenario.cloud.add_ssh_key(NewSshKey { public_key: key.to_owned(), name: name.to_owned(), owner })
}

#[track_caller]
fn state(scenario: &Scenario) -> Value {
    let resources = scenario.resources();
    assert_eq!(resources.len(), 1, "not one resource: {resources:#?}");
    resources[0]["values"].clone()
}

fn respond(status: u16, body: &str) -> Action {
    Action::Respond { status, body: body.to_owned(), headers: std::collections::BTreeMap::default() }
}

#[test]
fn a_key_is_added_imported_and_removed() {
    let scenario = Scenario::new("ssh-create");
    let cloud = &scenario.cloud;
    let hcl = |name: &str, key: &str| {
        format!("resource \"tensorpool_ssh_key\" \"laptop\" {{\n  name = {name:?}\n  public_key = {key:?}\n}}")
    };
    let (spelled, id) = (format!("  {KEY}   me@home\n"), stored::Remembered::new());
    Case::new(&scenario)
        .step(
            Step::config(hcl("laptop", &spelled))
                .expect(plan::creates(ADDRESS))
                // The fingerprint is known while a plan is made.
                .expect(plan::value(ADDRESS, "fingerprint", FINGERPRINT))
                .expect(plan::unknown(ADDRESS, "id"))
                .check(id.set_at(ADDRESS, "id"))
                .check(stored::value(ADDRESS, "name", "laptop"))
                // The user's spelling is kept.
                .check(stored::value(ADDRESS, "public_key", spelled.as_str()))
                .check(stored::value(ADDRESS, "created_at", set()))
                .after(|| assert_eq!(cloud.ssh_keys()[0].public_key, format!("{KEY} me@home"))),
        )
        .step(Step::import(ADDRESS).verify_except(["public_key"]))
        .step(
            Step::config(hcl("desktop", &spelled))
                .expect(plan::replaces(ADDRESS))
                .expect(plan::replaced_for(ADDRESS, "name"))
                .check(id.other_at(ADDRESS, "id"))
                .after(|| assert_eq!(cloud.ssh_keys().len(), 1)),
        )
        .destroyed(|| cloud.ssh_keys().is_empty())
        .run();
}

#[test]
fn a_key_without_a_name_has_the_one_that_tensorpool_gives() {
    let scenario = Scenario::new("ssh-nameless");
    write(&scenario, &format!("  public_key = \"{KEY}\""));
    scenario.apply().ok();
    assert_eq!(state(&scenario)["name"], scenario.cloud.ssh_keys()[0].name);
    scenario.expect_empty_plan();
    write(&scenario, &format!("  public_key = \"{KEY}\"\n  timeouts {{\n    create = \"1m\"\n  }}"));
    assert_eq!(scenario.planned_actions(), ["update"]);
    scenario.apply().ok();
    scenario.expect_empty_plan();
}

#[test]
fn another_spelling_is_no_change_and_every_other_change_replaces() {
    let scenario = applied("ssh-replace");
    let id = state(&scenario)["id"].clone();
    write_key(&scenario, "laptop", &format!("{KEY} you@there\\n"));
    scenario.expect_empty_plan();
    write_key(&scenario, "desktop", &format!("{KEY} me@home"));
    assert_eq!(scenario.planned_actions(), ["delete", "create"]);
    write_key(&scenario, "laptop", &format!("{OTHER} me@home"));
    assert_eq!(scenario.planned_actions(), ["delete", "create"]);
    scenario.apply().ok();
    assert_ne!(state(&scenario)["id"], id);
    assert_eq!(scenario.cloud.ssh_keys().len(), 1);
    scenario.expect_empty_plan();
}

#[test]
fn what_is_wrong_with_a_key_is_an_error_of_the_plan() {
    let scenario = Scenario::new("ssh-bad");
    for (key, wrong) in [
        ("laptop key", "does not begin with a known key type"),
        ("ssh-ed25519", "the key itself is missing"),
        ("ssh-ed25519 AAAA", "truncated or corrupt"),
        ("ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAINJdpoDqinxOvPW2GIrwZ2ZIozKhkOidqQGMg913ksV6", "of the type ssh-ed25519"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----", "it is a private key"),
        ("", "it is empty"),
    ] {
        write_key(&scenario, "laptop", key);
        let run = scenario.plan();
        let error = run.error("Invalid attribute value");
        error.says(&["This is not an SSH public key", wrong]);
        assert!(error.code.starts_with("public_key = "), "{}", error.code);
    }
    assert_eq!(scenario.cloud.requests().len(), 0);
}

#[test]
fn a_key_that_exists_is_reported_with_the_import_command() {
    let scenario = Scenario::new("ssh-exists");
    let id = added(&scenario, "colleague", &format!("{KEY} somebody@else"), Owner::Organization);
    write_key(&scenario, "colleague", &format!("{KEY} me@home"));
    let run = scenario.apply();
    let error = run.error("SSH key already exists");
    error.says(&["colleague", &id, "terraform import"]);
    assert!(error.code.starts_with("public_key = "), "{}", error.code);
    assert_eq!(scenario.asked("POST /user/ssh-key/add"), 0);
    scenario.run(&["import", "-input=false", "tensorpool_ssh_key.laptop", &id]).ok();
    scenario.expect_empty_plan();
}

#[test]
fn a_key_is_found_again_when_the_answer_to_its_create_is_lost() {
    for (name, action) in [
        ("ssh-dropped-after", Action::DropAfter),
        ("ssh-cut", Action::CutBody),
        ("ssh-html", Action::RespondAfter { status: 200, body: "<html>".to_owned() }),
        ("ssh-502", Action::RespondAfter { status: 502, body: String::new() }),
    ] {
        let scenario = Scenario::new(name);
        scenario.cloud.add_fault(Fault::once("POST", "/user/ssh-key/add", action));
        write_key(&scenario, "laptop", KEY);
        scenario.apply().ok();
        assert_eq!(state(&scenario)["id"], scenario.cloud.ssh_keys()[0].id, "{name}");
        assert_eq!(scenario.asked("POST /user/ssh-key/add"), 1, "{name}");
        scenario.expect_empty_plan();
    }
}

#[test]
fn a_key_that_never_arrived_is_sent_once_more_and_then_reported() {
    let scenario = Scenario::new("ssh-dropped-before");
    scenario.cloud.add_fault(Fault::once("POST", "/user/ssh-key/add", Action::DropBefore).always());
    write_key(&scenario, "laptop", KEY);
    scenario.apply().error("SSH key may exist outside the state").says(&["laptop", "terraform apply again"]);
    assert_eq!(scenario.asked("POST /user/ssh-key/add"), 2);
    scenario.cloud.clear_faults();
    scenario.cloud.add_fault(Fault::once("POST", "/user/ssh-key/add", Action::DropBefore));
    scenario.apply().ok();
    assert_eq!(scenario.cloud.ssh_keys().len(), 1);
    scenario.expect_empty_plan();
}

#[test]
fn a_refused_name_is_shown_in_the_configuration() {
    let scenario = Scenario::new("ssh-refused");
    let body = r#"{"detail": [{"loc": ["body", "name"], "msg": "too rude", "type": "value_error"}]}"#;
    scenario.cloud.add_fault(Fault::once("POST", "/user/ssh-key/add", respond(422, body)));
    write_key(&scenario, "laptop", KEY);
    let run = scenario.apply();
    let error = run.error("Cannot create SSH key: invalid request");
    error.says(&["too rude", "422"]);
    assert_eq!(error.code, "name = \"laptop\"");
    assert!(scenario.resources().is_empty());
}

#[test]
fn a_key_deleted_outside_is_reported_and_added_again() {
    let scenario = applied("ssh-deleted");
    let id = scenario.cloud.ssh_keys()[0].id.clone();
    scenario.cloud.remove_ssh_key(&id);
    scenario.apply().ok().warning("SSH key was not found").says(&["laptop", &id]);
    assert_eq!(scenario.cloud.ssh_keys().len(), 1);
    scenario.expect_empty_plan();
}

#[test]
fn a_list_that_is_missing_once_removes_no_key() {
    let scenario = applied("ssh-404");
    let both = Fault { times: 2, ..Fault::once("GET", "/user/ssh-key/list", respond(404, "")) };
    scenario.cloud.add_fault(both);
    scenario.expect_empty_plan();
}

#[test]
fn a_read_that_fails_never_removes_a_key() {
    let scenario = applied("ssh-read-fails");
    for (status, summary) in [
        (401, "Cannot read SSH key: API key not accepted"),
        (403, "Cannot read SSH key: access denied"),
        (500, "Cannot read SSH key: API failure"),
    ] {
        let words = respond(status, r#"{"message": "the API's own words"}"#);
        scenario.cloud.add_fault(Fault::once("GET", "/user/ssh-key/list", words).always());
        scenario.apply().error(summary).says(&["the API's own words", &status.to_string(), "laptop"]);
        scenario.cloud.clear_faults();
        assert_eq!(scenario.resources().len(), 1, "{status}");
    }
    scenario.expect_empty_plan();
}

#[test]
fn a_key_that_became_another_one_is_replaced() {
    let scenario = applied("ssh-drift");
    let id = scenario.cloud.ssh_keys()[0].id.clone();
    let shown = json!({"keys": [{"id": id, "name": "renamed", "public_key": KEY}]}).to_string();
    scenario.cloud.add_fault(Fault::once("GET", "/user/ssh-key/list", respond(200, &shown)).always());
    assert_eq!(scenario.planned_actions(), ["delete", "create"]);
    scenario.cloud.clear_faults();
    scenario.expect_empty_plan();
}

#[test]
fn a_destroy_removes_the_key_and_succeeds_if_it_is_already_deleted() {
    let scenario = applied("ssh-destroy");
    scenario.destroy().ok();
    assert!(scenario.cloud.ssh_keys().is_empty());
    let scenario = applied("ssh-destroy-deleted");
    let id = scenario.cloud.ssh_keys()[0].id.clone();
    scenario.run(&["plan", "-destroy", "-out=saved.plan"]).ok();
    scenario.cloud.remove_ssh_key(&id);
    scenario.run(&["apply", "-input=false", "-json", "saved.plan"]).ok();
    assert!(scenario.resources().is_empty());
}

#[test]
fn a_404_that_the_list_contradicts_removes_nothing() {
    let scenario = applied("ssh-contradiction");
    scenario.cloud.add_fault(Fault::once("DELETE", "/user/ssh-key/remove", respond(404, "")));
    let id = scenario.cloud.ssh_keys()[0].id.clone();
    scenario.destroy().error("Cannot delete SSH key: contradictory responses").says(&[&id]);
    assert_eq!(scenario.resources().len(), 1);
    scenario.destroy().ok();
    assert!(scenario.cloud.ssh_keys().is_empty());
}

#[test]
fn a_key_is_imported_by_its_id() {
    let scenario = Scenario::new("ssh-import");
    let id = added(&scenario, "old", &format!("{KEY} me"), Owner::User);
    scenario.write(&format!("import {{\n  to = tensorpool_ssh_key.old\n  id = \"{id}\"\n}}"));
    scenario.run(&["plan", "-input=false", "-generate-config-out=generated.tf"]).ok();
    scenario.apply().ok();
    assert_eq!((&state(&scenario)["id"], &state(&scenario)["fingerprint"]), (&json!(id), &json!(FINGERPRINT)));
    scenario.expect_empty_plan();
    let run = scenario.run(&["import", "-input=false", "tensorpool_ssh_key.old", "key_none"]);
    assert_ne!(run.code, Some(0));
    write_key(&scenario, "old", KEY);
    let run = scenario.run(&["import", "-input=false", "tensorpool_ssh_key.laptop", "key_none"]);
    assert!(run.text.contains("Cannot import SSH key: not found"), "{}", run.text);
}

#[test]
fn a_key_is_imported_by_its_identity() {
    if !requires(Feature::Identities) {
        return;
    }
    let scenario = Scenario::new("ssh-identity");
    let id = added(&scenario, "old", KEY, Owner::User);
    scenario.write(&format!(
        "import {{\n  to = tensorpool_ssh_key.old\n  identity = {{\n    id = \"{id}\"\n  }}\n}}\n\n\
         resource \"tensorpool_ssh_key\" \"old\" {{\n  name = \"old\"\n  public_key = \"{KEY}\"\n}}"
    ));
    scenario.apply().ok();
    assert_eq!(state(&scenario)["id"], json!(id));
    assert_eq!(scenario.asked("POST"), 0);
    scenario.expect_empty_plan();
}

#[test]
fn keys_live_with_every_shape_of_answers() {
    let changed = |change: fn(&mut Options)| {
        let mut options = Options::default();
        change(&mut options);
        options
    };
    for (name, options) in [
        ("ssh-bare", changed(|options| (options.variants.bare, options.variants.id_name) = (true, IdName::OfKind))),
        ("ssh-404-lists", changed(|options| options.variants.empty_lists_are_404 = true)),
        ("ssh-names", changed(|options| options.variants.name_field = NameField::OfKind)),
        ("ssh-html-errors", changed(|options| options.variants.error_shape = ErrorShape::Html)),
    ] {
        let scenario = Scenario::with(name, options);
        write_key(&scenario, "laptop", KEY);
        scenario.apply().ok();
        scenario.expect_empty_plan();
        scenario.destroy().ok();
        assert!(scenario.cloud.ssh_keys().is_empty(), "{name}");
    }
}

/// An API that keeps names in its own way, and one in which the user's names are not spelled so.
const SPELLINGS: [(&str, Names, [&str; 2]); 2] =
    [("lower", Names::LowerCase, ["Laptop", "Desktop"]), ("trimmed", Names::Trimmed, [" laptop", "desktop  "])];

fn keeping(scenario: &str, names: Names) -> Scenario {
    let mut options = Options::default();
    options.variants.names = names;
    Scenario::with(scenario, options)
}

fn lagging(scenario: &str, seconds: u64) -> Scenario {
    Scenario::with(scenario, Options { lag: Duration::from_secs(seconds), ..Options::default() })
}

#[test]
fn the_apis_spelling_of_a_name_is_no_drift_and_another_name_is() {
    for (label, names, [first, second]) in SPELLINGS {
        let scenario = keeping(&format!("ssh-spelling-{label}"), names);
        write_key(&scenario, first, KEY);
        scenario.apply().ok();
        assert_eq!(state(&scenario)["name"], first);
        assert_ne!(scenario.cloud.ssh_keys()[0].name, first);
        scenario.expect_empty_plan();
        // Also after what is read was saved.
        scenario.run(&["apply", "-refresh-only", "-auto-approve", "-input=false"]).ok();
        scenario.expect_empty_plan();

        write_key(&scenario, second, KEY);
        assert_eq!(scenario.planned_actions(), ["delete", "create"]);
        scenario.apply().ok();
        assert_eq!((state(&scenario)["name"].as_str(), scenario.cloud.ssh_keys().len()), (Some(second), 1));
        scenario.expect_empty_plan();

        let id = scenario.cloud.ssh_keys()[0].id.clone();
        let shown = json!({"keys": [{"id": id, "name": "renamed", "public_key": KEY}]}).to_string();
        scenario.cloud.add_fault(Fault::once("GET", "/user/ssh-key/list", respond(200, &shown)).always());
        assert_eq!(scenario.planned_actions(), ["delete", "create"], "{label}: a change of the spelling is drift");
    }
}

#[test]
fn an_imported_name_that_is_only_spelled_otherwise_replaces_nothing() {
    for (label, names, [first, second]) in SPELLINGS {
        let scenario = keeping(&format!("ssh-import-{label}"), names);
        let id = added(&scenario, "laptop", KEY, Owner::User);
        write_key(&scenario, first, KEY);
        scenario.run(&["import", "-input=false", "tensorpool_ssh_key.laptop", &id]).ok();
        assert_eq!(scenario.planned_actions(), ["update"], "{label}");
        scenario.apply().ok();
        assert_eq!((&state(&scenario)["id"], &state(&scenario)["name"]), (&json!(id), &json!(first)), "{label}");
        assert_eq!(scenario.asked("POST") + scenario.asked("DELETE"), 0, "{label}: nothing is changed");
        scenario.expect_empty_plan();
        write_key(&scenario, second, KEY);
        assert_eq!(scenario.planned_actions(), ["delete", "create"], "{label}");
        // The user has said how the key is called: from here on every other name is one.
        write_key(&scenario, &first.to_uppercase(), KEY);
        assert_eq!(scenario.planned_actions(), ["delete", "create"], "{label}");
    }
}

#[test]
fn an_imported_key_of_another_name_is_replaced() {
    let scenario = Scenario::new("ssh-import-other");
    let id = added(&scenario, "laptop", KEY, Owner::User);
    write_key(&scenario, "desktop", KEY);
    scenario.run(&["import", "-input=false", "tensorpool_ssh_key.laptop", &id]).ok();
    assert_eq!(scenario.planned_actions(), ["delete", "create"]);
    scenario.apply().ok();
    scenario.expect_empty_plan();
}

#[test]
fn a_replacement_does_not_stumble_over_the_key_that_it_removed_itself() {
    let scenario = lagging("ssh-replace-lag", 3);
    write_key(&scenario, "laptop", KEY);
    scenario.apply().ok();
    let id = state(&scenario)["id"].clone();
    write_key(&scenario, "desktop", KEY);
    scenario.apply().ok();
    assert_ne!(state(&scenario)["id"], id);
    assert_eq!(scenario.cloud.ssh_keys().len(), 1);
    scenario.expect_empty_plan();
}

#[test]
fn a_create_ends_when_the_list_shows_the_key() {
    let scenario = lagging("ssh-create-lag", 8);
    write_key(&scenario, "laptop", KEY);
    scenario.apply().ok();
    assert_eq!((scenario.asked("POST"), scenario.cloud.ssh_keys().len()), (1, 1));
    // A read that did not find it would ask more, to prove that it was deleted, than one that does.
    let requests_of_a_plan = || {
        scenario.cloud.clear_requests();
        scenario.expect_empty_plan();
        scenario.cloud.requests().iter().map(LoggedRequest::line).collect::<Vec<_>>()
    };
    assert_eq!(requests_of_a_plan(), requests_of_a_plan());
    assert!(state(&scenario)["created_at"].is_string());
}

#[test]
fn a_create_that_is_interrupted_while_the_list_lags_keeps_the_key() {
    let mut options = Options { lag: Duration::from_secs(12), ..Options::default() };
    options.variants.names = Names::LowerCase;
    let scenario = Scenario::with("ssh-stop-lag", options);
    write_key(&scenario, "Laptop", KEY);
    let running = scenario.spawn(&["apply", "-auto-approve", "-input=false", "-json"]);
    scenario.until("the key", |scenario| scenario.cloud.ssh_keys().len() == 1);
    let begin = Instant::now();
    running.interrupt();
    let run = running.finish();
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
    let id = scenario.cloud.ssh_keys()[0].id.clone();
    run.warning("SSH key is not listed yet").says(&["Laptop", &id, "in the state"]);
    assert_eq!((&state(&scenario)["id"], &state(&scenario)["name"]), (&json!(id), &json!("Laptop")));
    // The next run waits for the key instead of believing that it was deleted, and what it reads then is its spelling.
    scenario.apply().ok();
    scenario.expect_empty_plan();
    assert_eq!(state(&scenario)["name"], "Laptop");
    assert_eq!(scenario.asked("POST"), 1);
    assert_eq!(scenario.cloud.ssh_keys()[0].id, id);
}

#[test]
fn a_create_that_ends_before_the_key_is_listed_says_so_and_keeps_it() {
    let scenario = lagging("ssh-deadline-lag", 8);
    write(
        &scenario,
        &format!("  public_key = \"{KEY}\"\n  name = \"laptop\"\n  timeouts {{\n    create = \"2s\"\n  }}"),
    );
    scenario.apply().ok().warning("SSH key is not listed yet").says(&["laptop", &scenario.cloud.ssh_keys()[0].id]);
    scenario.expect_empty_plan();
    assert_eq!(scenario.asked("POST"), 1);
    scenario.destroy().ok();
    assert!(scenario.cloud.ssh_keys().is_empty());
}

#[test]
fn the_data_source_lists_keys_and_filters_them() {
    let scenario = Scenario::new("ssh-data");
    let mine = added(&scenario, "same", KEY, Owner::User);
    let theirs = added(&scenario, "same", OTHER, Owner::Organization);
    let source =
        |label: &str, arguments: &str| format!("data \"tensorpool_ssh_keys\" \"{label}\" {{\n{arguments}\n}}\n");
    let labels = ["own", "all", "named", "absent", "by_key"];
    scenario.write(&format!(
        "{}{}{}{}{}\noutput \"found\" {{\n  value = [for found in [{}] : sort(found.ssh_keys[*].id)]\n}}",
        source("own", ""),
        source("all", "  include_org = true"),
        source("named", "  include_org = true\n  name_contains = \"am\""),
        source("absent", "  include_org = true\n  name_contains = \"none\""),
        source("by_key", &format!("  include_org = true\n  public_key = \"{OTHER} comment\"")),
        labels.map(|label| format!("data.tensorpool_ssh_keys.{label}")).join(", ")
    ));
    scenario.apply().ok();
    let mut both = [mine.clone(), theirs.clone()];
    both.sort();
    assert_eq!(scenario.json(&["output", "-json", "found"]), json!([[mine], both, both, [], [theirs]]));
    scenario.expect_empty_plan();
}

#[test]
fn a_query_finds_keys_and_generates_their_configuration() {
    if !requires(Feature::Queries) {
        return;
    }
    let scenario = Scenario::new("ssh-query");
    let mine = added(&scenario, "mine", KEY, Owner::User);
    let theirs = added(&scenario, "theirs", OTHER, Owner::Organization);
    let ids = |config: &str| {
        scenario.write("");
        let list = format!(
            "list \"tensorpool_ssh_key\" \"all\" {{\n  provider = tensorpool\n  config {{\n    {config}\n  }}\n}}\n"
        );
        scenario.write_file("all.tfquery.hcl", &list);
        let run = scenario.run(&["query", "-json"]).ok();
        let lines = run.text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let found = lines.filter(|line| line["type"] == "list_resource_found");
        let mut ids: Vec<_> = found
            .filter_map(|line| line["list_resource_found"]["identity"]["id"].as_str().map(str::to_owned))
            .collect();
        ids.sort();
        ids
    };
    let mut both = [mine.clone(), theirs];
    both.sort();
    assert_eq!(ids(""), std::slice::from_ref(&mine));
    assert_eq!(ids("include_org = true"), both);
    assert_eq!(ids("name_contains = \"none\""), [""; 0]);
    assert_eq!(ids("name_contains = \"min\""), [mine]);
    scenario.run(&["query", "-generate-config-out=generated.tf"]).ok();
    std::fs::remove_file(scenario.path("all.tfquery.hcl")).expect("it is there");
    scenario.apply().ok();
    assert_eq!(state(&scenario)["name"], "mine");
    scenario.expect_empty_plan();
}
