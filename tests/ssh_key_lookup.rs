//! The data source on one SSH key, with a real Terraform.

mod support;

use serde_json::{Value, json};
use support::Scenario;
use tensorpool_simulator::{NewSshKey, Owner};

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINJdpoDqinxOvPW2GIrwZ2ZIozKhkOidqQGMg913ksV6";
const FINGERPRINT: &str = "SHA256:IrjZyz2sJZZa7y/ajQtvY5mZiIkjkkco9HlL0VjjPWE";
const OTHER: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn write(scenario: &Scenario, arguments: &str) {
    scenario.write(&format!(
        "data \"tensorpool_ssh_key\" \"it\" {{\n{arguments}\n}}\n\noutput \"it\" {{\n  value = data.tensorpool_ssh_key.it\n}}"
    ));
}

fn added(scenario: &Scenario, name: &str, key: &str, owner: Owner) -> String {
    scenario.cloud.add_ssh_key(NewSshKey { public_key: key.to_owned(), name: name.to_owned(), owner })
}

fn found(scenario: &Scenario, arguments: &str) -> Value {
    write(scenario, arguments);
    scenario.apply().ok();
    scenario.json(&["output", "-json", "it"])
}

#[test]
fn a_key_is_found_by_its_name_its_fingerprint_and_its_id() {
    let scenario = Scenario::new("ssh-key-lookup");
    let id = added(&scenario, "laptop", &format!("{KEY} me@home"), Owner::User);
    let shared = added(&scenario, "shared", OTHER, Owner::Organization);
    let by_name = found(&scenario, "  name = \"laptop\"");
    assert_eq!((&by_name["id"], &by_name["fingerprint"]), (&json!(id), &json!(FINGERPRINT)));
    assert_eq!(by_name["public_key"], format!("{KEY} me@home"));
    assert_eq!(found(&scenario, &format!("  fingerprint = \"{FINGERPRINT}\"")), by_name);
    assert_eq!(found(&scenario, &format!("  id = \"{id}\"")), by_name);
    assert_eq!(found(&scenario, "  name = \"shared\"")["id"], shared, "the organization's keys are searched as well");
    scenario.expect_empty_plan();
}

#[test]
fn an_error_says_what_was_found_at_the_attribute_that_was_asked_for() {
    let scenario = Scenario::new("ssh-key-lookup-errors");
    write(&scenario, "  name = \"laptop\"");
    scenario.plan().error("SSH key not found").says(&["\"laptop\"", "There are none at all."]);
    let ids = [added(&scenario, "laptop", KEY, Owner::User), added(&scenario, "laptop", OTHER, Owner::User)];
    let run = scenario.plan();
    let error = run.error("SSH key name is ambiguous");
    error.says(&["2 SSH keys have the name \"laptop\"", &ids[0], &ids[1], FINGERPRINT]);
    assert_eq!(error.code, "name = \"laptop\"");
    write(&scenario, "  fingerprint = \"SHA256:none\"");
    let run = scenario.plan();
    let error = run.error("SSH key not found");
    error.says(&["fingerprint \"SHA256:none\"", &ids[0], FINGERPRINT]);
    assert_eq!(error.code, "fingerprint = \"SHA256:none\"");
}

#[test]
fn exactly_one_attribute_is_asked_for() {
    let scenario = Scenario::new("ssh-key-lookup-one");
    for arguments in ["", "  id = \"key_1\"\n  name = \"laptop\"", "  name = \"a\"\n  fingerprint = \"SHA256:b\""] {
        write(&scenario, arguments);
        scenario.plan().error("Invalid combination of arguments");
    }
    assert_eq!(scenario.cloud.requests().len(), 0);
}
