//! The examples of the user's preferences, the look-ups, the functions and the actions, applied.

mod support;

use std::path::Path;

use serde_json::json;
use support::Scenario;
use tensorpool_simulator::{NewCluster, NewJob};
use terraform_plugin_testing::requires;

fn example(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn add_training(scenario: &Scenario) -> String {
    scenario.cloud.add_cluster(NewCluster {
        name: "training".to_owned(),
        instance_type: "8xH100".to_owned(),
        num_nodes: 2,
        deletion_protection: false,
    })
}

#[test]
fn the_preferences_example_applies_and_is_imported() {
    let resource = example("resources/tensorpool_user_preferences/resource.tf");
    let scenario = Scenario::new("examples-preferences");
    scenario.write(&resource);
    scenario.apply().ok();
    assert_eq!(scenario.cloud.preferences().balance_warning_threshold, Some(500.0));
    scenario.expect_empty_plan();
    let mut imports = vec!["import-by-string-id.tf"];
    if requires("1.12") {
        imports.push("import-by-identity.tf");
    }
    for import in imports {
        std::fs::remove_file(scenario.path("terraform.tfstate")).expect("there is a state");
        let import = example(&format!("resources/tensorpool_user_preferences/{import}"));
        scenario.write(&format!("{import}\n{resource}"));
        scenario.apply().ok();
        scenario.expect_empty_plan();
    }
    std::fs::remove_file(scenario.path("terraform.tfstate")).expect("there is a state");
    scenario.write(&resource);
    let command = example("resources/tensorpool_user_preferences/import.sh");
    let arguments: Vec<_> = command.split_whitespace().skip(1).collect();
    scenario.run(&arguments).ok();
    scenario.expect_empty_plan();
}

#[test]
fn the_data_source_examples_apply() {
    let scenario = Scenario::new("examples-lookups");
    let id = add_training(&scenario);
    scenario.cloud.fail_next("CLUSTER_RELEASE", "no such luck");
    scenario.cloud.release(&id);
    let data = |name: &str| example(&format!("data-sources/tensorpool_{name}/data-source.tf")).replace("c-abc123", &id);
    for (name, output, expected) in [
        ("user", "uid", json!("u-simulated")),
        ("user_preferences", "autopay", json!(false)),
        ("cluster_operations", "failures", json!(["no such luck"])),
        ("cluster_quote", "usd_per_day", json!(768)),
    ] {
        scenario.write(&data(name));
        scenario.apply().ok();
        assert_eq!(scenario.json(&["output", "-json", output]), expected);
    }
    for name in ["organization", "ssh_command", "storage_quote"] {
        scenario.write(&data(name));
        scenario.apply().ok();
    }
    let operations = data("cluster_operations").replace("[*].message", "[0].request_id");
    scenario.write(&operations);
    scenario.apply().ok();
    let request = scenario.json(&["output", "-json", "failures"]);
    scenario.write(&data("request").replace("req_abc123", request.as_str().expect("it is an id")));
    scenario.apply().ok();
    assert_eq!(scenario.json(&["output", "-json", "request"]), json!("CLUSTER_RELEASE is FAILED"));
}

#[test]
fn the_example_of_all_nodes_applies() {
    let scenario = Scenario::new("examples-nodes");
    scenario.write(&example("data-sources/tensorpool_ssh_commands/data-source.tf"));
    scenario.apply().ok();
    assert!(scenario.values("terraform_data.node[1]")["output"].to_string().contains("ssh "));
    scenario.expect_empty_plan();
}

#[test]
fn the_job_examples_apply() {
    let scenario = Scenario::new("examples-jobs");
    let job = |name: &str, status: &str| NewJob { name: name.to_owned(), status: status.to_owned(), cluster_id: None };
    let running = scenario.cloud.add_job(job("train", "running"));
    _ = scenario.cloud.add_job(job("train", "completed"));
    scenario.write(&example("data-sources/tensorpool_jobs/data-source.tf"));
    scenario.apply().ok();
    assert_eq!(scenario.json(&["output", "-json", "cancelable"]), json!([running]));
    assert_eq!(scenario.json(&["output", "-json", "running"]), json!([running]));
    scenario.write(&example("data-sources/tensorpool_job/data-source.tf").replace("j-abc123", &running));
    scenario.apply().ok();
    assert_eq!(scenario.json(&["output", "-json", "job"]), json!(format!("{running} is running")));
}

#[test]
fn the_function_examples_apply() {
    let scenario = Scenario::new("examples-functions");
    for (name, output, expected) in [
        ("parse_instance_type", "gpus", "8 GPUs of model H100"),
        ("format_instance_type", "instance_type", "8xH100"),
        ("ssh_key_fingerprint", "fingerprint", "SHA256:kmYcvdi2GkPeWxB6XLjrZB8JHsy2Hm8luHMFp9GMvqk"),
    ] {
        scenario.write(&example(&format!("functions/{name}/function.tf")));
        scenario.apply().ok();
        assert_eq!(scenario.json(&["output", "-json", output]), json!(expected));
    }
}

#[test]
fn the_action_examples_are_invoked() {
    if !requires("1.14") {
        return;
    }
    let scenario = Scenario::new("examples-actions");
    let cluster = add_training(&scenario);
    let running = NewJob { name: "train".to_owned(), status: "running".to_owned(), cluster_id: None };
    let job = scenario.cloud.add_job(running);
    for name in ["tensorpool_set_deletion_protection", "tensorpool_cancel_job"] {
        let text = example(&format!("actions/{name}/action.tf"));
        let (_, command) =
            text.lines().next().and_then(|line| line.split_once("terraform ")).expect("it names its command");
        let mut arguments: Vec<_> = command.split_whitespace().collect();
        arguments.push("-auto-approve");
        scenario.write(&text.replace("c-abc123", &cluster).replace("j-abc123", &job));
        scenario.run(&arguments).ok();
    }
    assert!(scenario.cloud.clusters()[0].deletion_protection);
    assert_eq!(scenario.cloud.job_status(&job).as_deref(), Some("canceled"));
}
