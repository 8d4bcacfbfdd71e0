//! The arguments of the provider block, with a real Terraform.

mod support;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use support::{PUBLIC_KEY, Scenario};
use tensorpool_simulator::{Action, Fault, Options};

const CLUSTER: &str =
    "resource \"tensorpool_cluster\" \"train\" {\n  name = \"train\"\n  instance_type = \"1xH100\"\n}";

/// One configuration for each resource.
fn configurations() -> Vec<String> {
    let one = |kind: &str, arguments: &str| format!("resource \"tensorpool_{kind}\" \"it\" {{\n{arguments}\n}}");
    vec![
        one("cluster", "  instance_type = \"1xH100\""),
        one("storage", "  size_gb = 10"),
        one("storage_attachment", "  storage_id = \"s-1\"\n  cluster_id = \"c-1\""),
        one("ssh_key", &format!("  name = \"mine\"\n  public_key = {PUBLIC_KEY:?}")),
        one("object_storage", ""),
        one("object_storage_bucket", "  name = \"data-set\""),
        one("user_preferences", "  notify_email_cluster_create = true"),
    ]
}

/// The planned values of a resource.
fn planned(scenario: &Scenario, address: &str) -> Value {
    scenario.run(&["plan", "-input=false", "-out=saved.plan"]).ok();
    let plan = scenario.json(&["show", "-json", "saved.plan"]);
    let resources = plan["planned_values"]["root_module"]["resources"].as_array().cloned().unwrap_or_default();
    let found = resources.iter().find(|resource| resource["address"] == address);
    found.unwrap_or_else(|| panic!("{address} is not planned: {resources:#?}"))["values"].clone()
}

#[test]
fn an_empty_key_is_an_error_and_never_the_key_of_the_environment() {
    let scenario = Scenario::new("empty-key");
    scenario.write(&format!(
        "variable \"key\" {{\n  default = \"\"\n}}\n\nprovider \"tensorpool\" {{\n  api_key = var.key\n}}\n\n{CLUSTER}"
    ));
    let run = scenario.plan();
    let error = run.error("Invalid attribute value");
    error.says(&["api_key must not be empty", "TENSORPOOL_KEY", "remove the argument"]);
    assert_eq!(error.code, "api_key = var.key");
    assert!(scenario.cloud.requests().is_empty());
}

#[test]
fn a_system_without_certificates_is_named_where_they_are_needed() {
    let mut scenario = Scenario::new("no-certificates");
    let none = scenario.path("no certificates");
    std::fs::create_dir(&none).expect("it can be created");
    scenario.set("SSL_CERT_DIR", &none.display().to_string());
    scenario.set("SSL_CERT_FILE", &none.join("none.pem").display().to_string());
    scenario.write(&format!("provider \"tensorpool\" {{}}\n\n{CLUSTER}"));
    // Plain http to this machine needs none.
    scenario.plan().ok();
    scenario.set("TENSORPOOL_ENGINE", "https://127.0.0.1:9");
    let run = scenario.plan();
    run.error("Invalid provider configuration").says(&[
        "this system has no certificates",
        "ca-certificates",
        "SSL_CERT_FILE",
    ]);
}

#[test]
fn the_variable_that_another_cloud_would_read_is_named() {
    let mut scenario = Scenario::new("mistaken-variable");
    scenario.set("TENSORPOOL_KEY", "");
    scenario.set("TENSORPOOL_API_KEY", "tp-elsewhere");
    scenario.write(&format!("provider \"tensorpool\" {{}}\n\n{CLUSTER}"));
    let run = scenario.plan();
    run.error("Missing API key").says(&["TENSORPOOL_API_KEY is set, but TENSORPOOL_KEY is what is read", ".env file"]);
    assert!(!run.text.contains("tp-elsewhere"));
}

#[test]
fn a_wrong_key_fails_the_first_plan_of_every_resource() {
    let mut scenario = Scenario::new("wrong-key-plan");
    scenario.set("TENSORPOOL_KEY", "tp-wrong-77");
    for configuration in configurations() {
        scenario.write(&configuration);
        let run = scenario.plan();
        run.error("Cannot read account: API key not accepted").says(&["401", "skip_credentials_validation"]);
        assert!(!run.text.contains("tp-wrong-77"), "{configuration}");
    }
}

#[test]
fn a_wrong_key_is_reported_once_and_the_validation_can_be_skipped() {
    let mut scenario = Scenario::new("wrong-key-once");
    scenario.set("TENSORPOOL_KEY", "tp-wrong-77");
    let clusters = CLUSTER.replace("  name = \"train\"", "  count = 5");
    scenario.write(&clusters);
    scenario.plan().error("Cannot read account: API key not accepted");
    assert_eq!(scenario.cloud.requests().len(), 1, "one request is enough");
    scenario.write(&format!("provider \"tensorpool\" {{\n  skip_credentials_validation = true\n}}\n\n{clusters}"));
    scenario.cloud.clear_requests();
    scenario.plan().ok();
    assert!(scenario.cloud.requests().is_empty());
}

#[test]
fn the_key_is_validated_once_and_only_where_something_needs_it() {
    let scenario = Scenario::new("validated-once");
    scenario.write(&CLUSTER.replace("  name = \"train\"", "  count = 0"));
    scenario.plan().ok();
    assert!(scenario.cloud.requests().is_empty(), "nothing needs the API");
    scenario.write(&CLUSTER.replace("  name = \"train\"", "  count = 3"));
    scenario.plan().ok();
    assert_eq!(scenario.asked("GET /user/info"), 1);
}

#[test]
fn what_is_no_api_fails_the_first_plan() {
    let mut scenario = Scenario::new("no-api");
    scenario.set("TENSORPOOL_ENGINE", "http://127.0.0.1:1");
    scenario.write(CLUSTER);
    scenario.plan().error("Cannot read account: no connection").says(&[
        "GET /user/info failed: no connection to http://127.0.0.1:1 (from the environment variable TENSORPOOL_ENGINE)",
        "after 4 retries over",
        "No request was sent",
    ]);
}

#[test]
fn a_response_that_is_no_account_is_reported_with_the_request_that_it_answered() {
    let scenario = Scenario::new("no-account");
    scenario.write(CLUSTER);
    let no_account = Action::Respond { status: 200, body: "[]".to_owned(), headers: BTreeMap::default() };
    scenario.cloud.add_fault(Fault::once("GET", "/user/info", no_account));
    scenario.plan().error("Cannot read account: unreadable response").says(&["GET /user/info", "contains no account"]);
}

#[test]
fn numbers_out_of_range_are_refused_at_their_arguments() {
    let scenario = Scenario::new("provider-ranges");
    for (argument, range) in [
        ("request_timeout = 0", "between 1 and 600"),
        ("request_timeout = 601", "between 1 and 600"),
        ("max_retries = -1", "between 0 and 20"),
        ("max_retries = 21", "between 0 and 20"),
    ] {
        scenario.write(&format!("provider \"tensorpool\" {{\n  {argument}\n}}\n\n{CLUSTER}"));
        scenario.plan().error("Invalid attribute value").says(&[range]);
    }
}

#[test]
fn the_default_protection_is_planned_as_if_it_were_written_in_the_resource() {
    let scenario = Scenario::new("default-protection");
    let write = |provider: &str, own: &str| {
        let volume = "resource \"tensorpool_storage\" \"data\" {\n  name = \"data\"\n  size_gb = 10\n}";
        let cluster = CLUSTER.replace("\n}", &format!("\n{own}\n}}"));
        scenario.write(&format!("provider \"tensorpool\" {{\n{provider}\n}}\n\n{cluster}\n\n{volume}"));
    };
    write("  default_deletion_protection = true", "");
    assert_eq!(planned(&scenario, "tensorpool_cluster.train")["deletion_protection"], json!(true));
    assert_eq!(planned(&scenario, "tensorpool_storage.data")["deletion_protection"], json!(true));
    scenario.apply().ok();
    assert!(scenario.cloud.clusters()[0].deletion_protection && scenario.cloud.volumes()[0].deletion_protection);
    scenario.expect_empty_plan();
    let refused = scenario.destroy();
    for noun in ["Cluster", "Storage volume"] {
        let summary = format!("{noun} is protected from deletion");
        assert!(refused.diagnostics.iter().any(|one| one.summary == summary), "{}", refused.text);
    }

    write("  default_deletion_protection = true", "  deletion_protection = false");
    assert_eq!(planned(&scenario, "tensorpool_cluster.train")["deletion_protection"], json!(false));
    assert_eq!(planned(&scenario, "tensorpool_storage.data")["deletion_protection"], json!(true));

    write("", "");
    scenario.apply().ok();
    assert!(!scenario.cloud.clusters()[0].deletion_protection && !scenario.cloud.volumes()[0].deletion_protection);
    scenario.expect_empty_plan();
    scenario.destroy().ok();
}

#[test]
fn the_default_timeout_holds_where_the_resource_sets_none() {
    let scenario = Scenario::with(
        "default-timeouts",
        Options { provision: Duration::from_mins(10), release: Duration::ZERO, ..Options::default() },
    );
    let provider = "provider \"tensorpool\" {\n  default_timeouts {\n    create = \"2s\"\n  }\n}";
    scenario.write(&format!("{provider}\n\n{CLUSTER}"));
    scenario.apply().error("Cannot create cluster: out of time");
    assert!(scenario.is_tainted());
}
