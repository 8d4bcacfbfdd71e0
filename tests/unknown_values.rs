//! Values that are unknown, null or out of range: an error is the user's, at the attribute, and what is only unknown plans.

mod support;

use support::Scenario;
use terraform_plugin_testing::Run;

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINJdpoDqinxOvPW2GIrwZ2ZIozKhkOidqQGMg913ksV6";

/// A cluster with one more argument, and whatever it refers to.
fn cluster(argument: &str, more: &str) -> String {
    format!(
        "resource \"tensorpool_cluster\" \"train\" {{\n  name = \"train\"\n  instance_type = \"8xH100\"\n  {argument}\n}}\n{more}"
    )
}

fn storage(argument: &str) -> String {
    format!("resource \"tensorpool_storage\" \"data\" {{\n  name = \"data\"\n  {argument}\n}}\n")
}

fn validated(scenario: &Scenario) -> Run {
    let mut run = scenario.run(&["validate", "-json"]);
    run.diagnostics = diagnostics(&run.text);
    run
}

/// The diagnostics of `terraform validate -json`, which prints one document in place of a line for each message.
fn diagnostics(text: &str) -> Vec<terraform_plugin_testing::Diagnostic> {
    let document: serde_json::Value = serde_json::from_str(text).expect("it prints a document");
    let all = document["diagnostics"].as_array().expect("it has diagnostics");
    all.iter().map(terraform_plugin_testing::Diagnostic::of).collect()
}

#[track_caller]
fn no_bug(run: &Run) {
    assert!(!run.text.to_lowercase().contains("bug in the provider"), "{}", run.text);
}

#[test]
fn a_value_that_is_only_unknown_is_no_error() {
    let scenario = Scenario::new("unknown-good");
    let untyped = "variable \"key\" {}\n";
    scenario.write(&cluster("public_keys = [var.key]", untyped));
    let run = validated(&scenario).ok();
    no_bug(&run);
    scenario.write_file("terraform.tfvars", &format!("key = {KEY:?}\n"));
    no_bug(&scenario.plan().ok());
    for (argument, variable) in [
        ("num_nodes = var.key", "2"),
        ("public_keys = var.key", "[]"),
        ("public_keys = var.key", "null"),
        ("deletion_protection = var.key", "true"),
    ] {
        scenario.write(&cluster(argument, untyped));
        no_bug(&validated(&scenario).ok());
        scenario.write_file("terraform.tfvars", &format!("key = {variable}\n"));
        no_bug(&scenario.plan().ok());
    }
}

#[test]
fn a_value_that_is_known_after_apply_plans() {
    let scenario = Scenario::new("unknown-output");
    let data = format!("resource \"terraform_data\" \"k\" {{\n  input = {KEY:?}\n}}\n");
    scenario.write(&cluster("public_keys = [terraform_data.k.output]", &data));
    no_bug(&validated(&scenario).ok());
    no_bug(&scenario.plan().ok());
    no_bug(&scenario.apply().ok());
    assert_eq!(scenario.values("tensorpool_cluster.train")["public_keys"], serde_json::json!([KEY]));
    scenario.expect_empty_plan();
    // What is found out in the apply to be wrong is still the user's error at the attribute.
    let scenario = Scenario::new("unknown-output-bad");
    let data = "resource \"terraform_data\" \"n\" {\n  input = 1.5\n}\n";
    scenario.write(&cluster("num_nodes = terraform_data.n.output", data));
    no_bug(&scenario.plan().ok());
    let run = scenario.apply();
    no_bug(&run);
    let error = run.error("Invalid attribute value");
    assert_eq!(error.code, "num_nodes = terraform_data.n.output");
    error.says(&["must be a whole number, got: 1.5."]);
    assert_eq!(scenario.asked("POST /cluster/create"), 0);
}

#[test]
fn keys_may_be_unknown_in_every_way() {
    for (name, argument) in [
        ("for", "public_keys = [for k in [terraform_data.k.output] : trimspace(k)]"),
        ("some", &*format!("public_keys = [{KEY:?}, terraform_data.k.output]")),
        ("twice", "public_keys = [terraform_data.k.output, terraform_data.k.output]"),
        ("whole", "public_keys = terraform_data.k.output == \"\" ? null : [terraform_data.k.output]"),
        ("compact", "public_keys = compact([terraform_data.k.output, null])"),
    ] {
        let scenario = Scenario::new(&format!("unknown-keys-{name}"));
        let data = format!("resource \"terraform_data\" \"k\" {{\n  input = {KEY:?}\n}}\n");
        scenario.write(&cluster(argument, &data));
        no_bug(&validated(&scenario).ok());
        no_bug(&scenario.plan().ok());
        no_bug(&scenario.apply().ok());
        scenario.expect_empty_plan();
    }
}

#[test]
fn a_key_that_turns_out_null_in_the_apply_is_one_error_at_the_attribute() {
    let scenario = Scenario::new("unknown-keys-null");
    let argument = "public_keys = [terraform_data.k.output == \"k\" ? null : \"x\"]";
    scenario.write(&cluster(argument, "resource \"terraform_data\" \"k\" {\n  input = \"k\"\n}\n"));
    no_bug(&scenario.plan().ok());
    let run = scenario.apply();
    no_bug(&run);
    run.error("Invalid attribute value").says(&["Element 0: must not be null."]);
    assert_eq!(scenario.asked("POST /cluster/create"), 0);
}

#[test]
fn a_value_that_is_wrong_is_one_error_at_the_attribute() {
    let scenario = Scenario::new("wrong-values");
    let range = "between -9223372036854775808 and 9223372036854775807, got:";
    let cases = [
        (cluster("public_keys = [null]", ""), "public_keys = [null]", "Element 0: must not be null.".to_owned()),
        (cluster("num_nodes = 1.5", ""), "num_nodes = 1.5", "must be a whole number, got: 1.5.".to_owned()),
        (cluster("num_nodes = 1e30", ""), "num_nodes = 1e30", format!("must be {range} 1e30.")),
        (
            storage("size_gb = 99999999999999999999"),
            "size_gb = 99999999999999999999",
            format!("must be {range} 99999999999999999999."),
        ),
        (storage("size_gb = 0"), "size_gb = 0", "must be at least 1, got: 0.".to_owned()),
    ];
    for (configuration, code, detail) in cases {
        scenario.write(&configuration);
        for run in [validated(&scenario), scenario.plan()] {
            no_bug(&run);
            let error = run.error("Invalid attribute value");
            assert_eq!(error.code, code);
            error.says(&[&detail]);
        }
    }
}

#[test]
fn a_variable_that_turns_out_wrong_is_one_error_of_the_plan() {
    let scenario = Scenario::new("wrong-variables");
    for (argument, variable, detail) in [
        ("num_nodes = var.value", "1.5", "must be a whole number, got: 1.5."),
        ("public_keys = [var.value]", "null", "Element 0: must not be null."),
    ] {
        scenario.write(&cluster(argument, "variable \"value\" {}\n"));
        no_bug(&validated(&scenario).ok());
        scenario.write_file("terraform.tfvars", &format!("value = {variable}\n"));
        let run = scenario.plan();
        no_bug(&run);
        let error = run.error("Invalid attribute value");
        assert_eq!(error.code, argument);
        error.says(&[detail]);
    }
}
