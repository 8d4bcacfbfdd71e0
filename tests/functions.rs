//! The functions, with a real Terraform.

mod support;

use serde_json::json;
use support::Scenario;
use terraform_plugin_testing::{Feature, requires};

fn output(scenario: &Scenario, expression: &str) {
    scenario.write(&format!("output \"it\" {{\n  value = {expression}\n}}"));
}

#[test]
fn functions_need_neither_a_network_nor_a_key() {
    if !requires(Feature::FunctionsWithoutConfiguration) {
        return;
    }
    let mut scenario = Scenario::new("functions");
    scenario.set("TENSORPOOL_KEY", "");
    scenario.set("TENSORPOOL_ENGINE", "http://127.0.0.1:1");
    output(
        &scenario,
        "[\n    provider::tensorpool::parse_instance_type(\"8xH100\"),\n    \
         provider::tensorpool::format_instance_type(1, \"MI300X\"),\n    \
         provider::tensorpool::ssh_key_fingerprint(\"ssh-ed25519 \
         AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA me@home\"),\n  ]",
    );
    scenario.apply().ok();
    let found = scenario.json(&["output", "-json", "it"]);
    assert_eq!(found[0], json!({"count": 8, "model": "H100"}));
    assert_eq!(found[1], json!("1xMI300X"));
    // As `ssh-keygen -l` prints it.
    assert_eq!(found[2], json!("SHA256:kmYcvdi2GkPeWxB6XLjrZB8JHsy2Hm8luHMFp9GMvqk"));
    assert_eq!(scenario.cloud.requests().len(), 0);
}

#[test]
fn errors_name_the_argument() {
    let scenario = Scenario::new("functions-wrong");
    for (call, argument, text) in [
        ("parse_instance_type(\"H100\")", "instance_type", "An instance type is a count, an x and a model"),
        ("format_instance_type(1.5, \"H100\")", "count", "A whole number from 1 is needed, got: 1.5."),
        ("format_instance_type(8, \"\")", "model", "A model is a word without spaces"),
        ("ssh_key_fingerprint(\"ssh-rsa\")", "public_key", "This is no SSH public key: the key itself is missing"),
    ] {
        output(&scenario, &format!("provider::tensorpool::{call}"));
        let run = scenario.plan();
        run.error("Invalid function argument").says(&[&format!("\"{argument}\""), text]);
    }
}
