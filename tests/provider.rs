//! The provider itself: its configuration, its schema, its secrets.

mod support;

use support::{KEY, Scenario};
use terraform_plugin_testing::Cli;

const TRAIN: &str = "  name = \"train\"\n  instance_type = \"8xH100\"";

#[test]
fn a_missing_key_is_reported_once() {
    let mut scenario = Scenario::new("no-key");
    scenario.set("TENSORPOOL_KEY", "");
    scenario.write(
        "provider \"tensorpool\" {}\n\nresource \"tensorpool_cluster\" \"a\" {\n  instance_type = \"1xH100\"\n}\n\n\
         resource \"tensorpool_cluster\" \"b\" {\n  instance_type = \"1xH100\"\n}",
    );
    scenario.plan().error("Missing API key").says(&["TENSORPOOL_KEY", "api_key"]);
}

#[test]
fn a_wrong_key_is_reported_without_being_shown() {
    let mut scenario = Scenario::new("wrong-key");
    scenario.set("TENSORPOOL_KEY", "tp-wrong-77");
    scenario.write_cluster(TRAIN);
    let run = scenario.apply();
    run.error("Cannot read account: API key not accepted").says(&["401", "Invalid or missing authentication token"]);
    assert!(!run.text.contains("tp-wrong-77"));
}

#[test]
fn the_schema_has_descriptions() {
    let scenario = Scenario::new("schema");
    scenario.write_cluster(TRAIN);
    let schemas = scenario.json(&["providers", "schema", "-json"]);
    let address = format!("{}/tensorpool/tensorpool", Cli::at_hand().registry());
    let provider = &schemas["provider_schemas"][address];
    let block = &provider["resource_schemas"]["tensorpool_cluster"]["block"];
    assert_eq!(block["description_kind"], "markdown");
    let attributes = block["attributes"].as_object().expect("there are attributes");
    for (name, attribute) in attributes {
        assert!(attribute["description"].as_str().is_some_and(|text| !text.is_empty()), "{name}");
    }
    assert_eq!(provider["provider"]["block"]["attributes"]["api_key"]["sensitive"], true);
}

#[test]
fn the_key_appears_nowhere() {
    let mut scenario = Scenario::new("secrets");
    let log = scenario.path("trace.log");
    scenario.set("TF_LOG", "TRACE");
    scenario.set("TF_LOG_PATH", &log.display().to_string());
    scenario.write_cluster(TRAIN);
    let mut texts = vec![scenario.run(&["plan", "-out=saved.plan"]).ok().text, scenario.apply().ok().text];
    let state = std::fs::read_to_string(scenario.path("terraform.tfstate")).expect("there is a state");
    let plan = scenario.run(&["show", "-json", "saved.plan"]).ok().text;
    texts.push(scenario.destroy().ok().text);
    let log = std::fs::read_to_string(log).expect("there is a log");
    assert!(log.contains("POST /cluster/create"), "the provider's own lines are in the log");
    for text in texts.iter().chain([&state, &plan, &log]) {
        assert!(!text.contains(KEY));
    }
}

#[test]
fn started_by_hand_it_says_what_it_is() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_terraform-provider-tensorpool"))
        .env_remove("TF_PLUGIN_MAGIC_COOKIE")
        .output()
        .expect("it starts");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("is a Terraform provider"));
}
