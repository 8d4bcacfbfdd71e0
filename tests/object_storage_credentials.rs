//! The credentials of object storage: as an ephemeral resource, rotated by an action, and seen nowhere.

mod support;

use std::path::Path;

use serde_json::Value;
use support::Scenario;
use tensorpool_simulator::{Action, Fault, NewSshKey, Options, Owner};
use terraform_plugin_testing::{Feature, Run, has, requires};

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINJdpoDqinxOvPW2GIrwZ2ZIozKhkOidqQGMg913ksV6";
const ROTATE: &str = "action \"tensorpool_rotate_object_storage_keys\" \"now\" {\n  config {\n    \
                      confirm_organization_wide = true\n  }\n}\n";

fn enabled(name: &str) -> Scenario {
    let scenario = Scenario::with(name, Options::default());
    scenario.cloud.enable_object_storage();
    scenario
}

fn keys(scenario: &Scenario) -> (String, String) {
    scenario.cloud.object_storage_keys().expect("object storage is enabled")
}

/// Credentials that must be as a condition says.
fn credentials(arguments: &str, condition: &str) -> String {
    format!(
        "ephemeral \"tensorpool_object_storage_credentials\" \"main\" {{\n{arguments}\n  lifecycle {{\n    postcondition {{\n      \
         condition = {condition}\n      error_message = \"They are other ones.\"\n    }}\n  }}\n}}\n"
    )
}

fn rotate(scenario: &Scenario) -> Run {
    scenario.write(ROTATE);
    scenario.run(&[
        "apply",
        "-auto-approve",
        "-input=false",
        "-json",
        "-invoke=action.tensorpool_rotate_object_storage_keys.now",
    ])
}

/// What an action reported while it ran.
fn progress(run: &Run) -> Vec<String> {
    let lines = run.text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["type"] == "action_progress").map(|line| line["@message"].to_string()).collect()
}

#[test]
fn the_credentials_have_all_that_tensorpool_returns() {
    if !requires(Feature::EphemeralValues) {
        return;
    }
    let scenario = enabled("credentials");
    let (id, secret) = keys(&scenario);
    let condition = format!(
        "self.access_key_id == \"{id}\" && self.secret_access_key == \"{secret}\" && self.org_id == \"o-simulated\" && \
         self.region == \"us-west\" && startswith(self.endpoint, \"https://\") && self.profile_id != null && \
         self.iam_username != null && self.status == \"ACTIVE\" && self.created_at != null && self.updated_at != null"
    );
    scenario.write(&credentials("", &condition));
    scenario.apply().ok();
    scenario.write(&credentials("", "self.access_key_id == \"AKOTHER\""));
    assert_eq!(scenario.apply().code, Some(1), "the condition is really asked");
}

#[test]
fn without_object_storage_there_are_no_credentials() {
    if !requires(Feature::EphemeralValues) {
        return;
    }
    let scenario = Scenario::new("credentials-none");
    scenario.write(&credentials("", "self.endpoint != null"));
    let run = scenario.plan();
    let error = run.error("Cannot look up object storage credentials: object storage is not enabled");
    error.says(&["404", "resource tensorpool_object_storage"]);
}

#[test]
fn credentials_of_another_organization_are_an_error() {
    if !requires(Feature::EphemeralValues) {
        return;
    }
    let scenario = enabled("credentials-other");
    scenario.write(&credentials("  org_id = \"o-mine\"", "self.endpoint != null"));
    let run = scenario.plan();
    let error = run.error("API key of another organization");
    error.says(&["o-mine", "o-simulated"]);
    assert_eq!(error.code, "org_id = \"o-mine\"");
}

#[test]
fn credentials_wait_for_the_object_storage_that_they_name() {
    if !requires(Feature::EphemeralValues) {
        return;
    }
    let scenario = Scenario::new("credentials-wait");
    scenario.write(&format!(
        "resource \"tensorpool_object_storage\" \"main\" {{}}\n\n{}",
        credentials("  org_id = tensorpool_object_storage.main.org_id", "length(self.secret_access_key) == 40")
    ));
    scenario.apply().ok();
    assert!(scenario.cloud.object_storage_keys().is_some());
    scenario.expect_empty_plan();
}

#[test]
fn a_rotation_has_to_be_confirmed() {
    if !requires(Feature::Actions) {
        return;
    }
    let scenario = enabled("rotate-unconfirmed");
    scenario.write(&ROTATE.replace("true", "false"));
    let run = scenario.plan();
    run.error("Rotation is not confirmed").says(&["everybody in the organization", "confirm_organization_wide = true"]);
    scenario.write("action \"tensorpool_rotate_object_storage_keys\" \"now\" {}");
    assert_eq!(scenario.plan().code, Some(1));
    assert_eq!(scenario.asked("POST"), 0);
}

#[test]
fn a_rotation_reports_its_progress_and_not_the_secret() {
    if !requires(Feature::Actions) {
        return;
    }
    let scenario = enabled("rotate");
    let (old_id, old_secret) = keys(&scenario);
    let run = rotate(&scenario).ok();
    let (new_id, new_secret) = keys(&scenario);
    assert_ne!((&old_id, &old_secret), (&new_id, &new_secret));
    let reported = progress(&run);
    assert_eq!(reported.len(), 2, "{}", run.text);
    assert!(reported[0].contains("o-simulated") && reported[0].contains(&old_id), "{reported:?}");
    assert!(reported[1].contains(&new_id) && reported[1].contains(&old_id), "{reported:?}");
    assert!(!run.text.contains(&new_secret) && !run.text.contains(&old_secret));
}

#[test]
fn a_rotation_without_object_storage_says_so() {
    if !requires(Feature::Actions) {
        return;
    }
    let scenario = Scenario::new("rotate-none");
    // Terraform puts what an action says below a summary of its own.
    let run = rotate(&scenario);
    let error = run.error("Error when invoking action");
    error.says(&["Cannot rotate object storage keys: object storage is not enabled", "tensorpool_object_storage"]);
}

#[test]
fn a_rotation_whose_answer_is_lost_is_looked_after_and_never_sent_twice() {
    if !requires(Feature::Actions) {
        return;
    }
    let lost = |name: &str, action: Action| {
        let scenario = enabled(name);
        scenario.cloud.add_fault(Fault::once("POST", "/object-storage/rotate-keys", action));
        let before = keys(&scenario);
        let run = rotate(&scenario);
        assert_eq!(scenario.asked("POST /object-storage/rotate-keys"), 1);
        (run, before != keys(&scenario))
    };
    let (run, rotated) = lost("rotate-dropped-after", Action::DropAfter);
    assert!(rotated);
    run.ok().warning("Warning when invoking action").says(&["though the answer was lost", "nothing left to do"]);
    let (run, rotated) = lost("rotate-dropped-before", Action::DropBefore);
    assert!(!rotated);
    run.error("Error when invoking action").says(&["Object storage keys may be rotated", "still has the access key"]);
}

/// The files in a directory that hold a text, other than the configuration.
fn files_with(directory: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for file in std::fs::read_dir(directory).expect("it can be listed").filter_map(Result::ok) {
        let path = file.path();
        if path.is_dir() {
            found.extend(files_with(&path, text));
        } else if std::fs::read(&path).unwrap_or_default().windows(text.len()).any(|window| window == text.as_bytes()) {
            found.push(path.display().to_string());
        }
    }
    found
}

/// Every operation of the objects around object storage and SSH keys, and what the runs said.
fn every_operation(scenario: &Scenario, secrets: &mut Vec<String>) -> Vec<String> {
    let stack = |allow_disable: bool| {
        format!(
            "resource \"tensorpool_object_storage\" \"main\" {{\n  allow_disable = {allow_disable}\n}}\n\n\
             resource \"tensorpool_object_storage_bucket\" \"data\" {{\n  name = \"data-set\"\n  depends_on = \
             [tensorpool_object_storage.main]\n}}\n\nresource \"tensorpool_ssh_key\" \"laptop\" {{\n  public_key = \
             \"{KEY}\"\n}}\n\ndata \"tensorpool_object_storage_buckets\" \"all\" {{}}\n\ndata \"tensorpool_ssh_keys\" \
             \"all\" {{}}\n\ndata \"tensorpool_object_storage\" \"main\" {{\n  org_id = \
             tensorpool_object_storage.main.org_id\n}}\n\n{}",
            // Without a condition, at which Terraform crashes when it shows a plan as JSON.
            "ephemeral \"tensorpool_object_storage_credentials\" \"main\" {\n  org_id = tensorpool_object_storage.main.org_id\n}\n"
        )
    };
    let mut texts = Vec::new();
    let mut run = |run: Run| texts.push(run.ok().text);
    scenario.write(&stack(false));
    run(scenario.run(&["plan", "-input=false", "-out=create.plan"]));
    run(scenario.run(&["apply", "-input=false", "create.plan"]));
    secrets.push(keys(scenario).1);
    run(scenario.run(&["show", "-json", "create.plan"]));
    run(scenario.run(&["show", "-json"]));
    scenario.write(&stack(true));
    run(scenario.run(&["plan", "-input=false", "-out=update.plan"]));
    run(scenario.run(&["show", "-json", "update.plan"]));
    run(scenario.apply());
    run(scenario.run(&["state", "rm", "tensorpool_object_storage.main", "tensorpool_object_storage_bucket.data"]));
    run(scenario.run(&["import", "-input=false", "tensorpool_object_storage.main", "o-simulated"]));
    run(scenario.run(&["import", "-input=false", "tensorpool_object_storage_bucket.data", "data-set"]));
    run(scenario.apply());
    if has(Feature::Actions) && has(Feature::Queries) {
        scenario.write(&format!("{}\n{ROTATE}", stack(true)));
        let invoke = "-invoke=action.tensorpool_rotate_object_storage_keys.now";
        run(scenario.run(&["apply", "-auto-approve", "-input=false", invoke]));
        secrets.push(keys(scenario).1);
        let list = "list \"tensorpool_object_storage_bucket\" \"all\" {\n  provider         = tensorpool\n  \
                    include_resource = true\n}\n";
        scenario.write_file("all.tfquery.hcl", list);
        run(scenario.run(&["query", "-json"]));
        std::fs::remove_file(scenario.path("all.tfquery.hcl")).expect("it is there");
    }
    // A second provider with the secret: it is refused, and its header must not be seen either.
    scenario.write(&format!(
        "{}\nprovider \"tensorpool\" {{\n  alias = \"other\"\n  api_key = \
         ephemeral.tensorpool_object_storage_credentials.main.secret_access_key\n}}\n\ndata \"tensorpool_ssh_keys\" \
         \"other\" {{\n  provider = tensorpool.other\n}}\n",
        stack(true)
    ));
    let refused = scenario.apply();
    refused.error("Cannot look up SSH keys: API key not accepted");
    texts.push(refused.text);
    scenario.write(&stack(true));
    let lost = Fault::once("GET", "/object-storage/credentials", Action::CutBody).always();
    scenario.cloud.add_fault(lost);
    let cut = scenario.plan();
    assert_eq!(cut.code, Some(1));
    texts.push(cut.text);
    scenario.cloud.clear_faults();
    texts.push(scenario.destroy().ok().text);
    texts
}

#[test]
fn the_secret_is_in_no_state_no_plan_no_output_and_no_log() {
    if !requires(Feature::EphemeralValues) {
        return;
    }
    let mut scenario = Scenario::new("credentials-secret");
    let log = scenario.path("trace.log");
    scenario.set("TF_LOG", "TRACE");
    scenario.set("TF_LOG_PATH", &log.display().to_string());
    _ = scenario.cloud.add_ssh_key(NewSshKey { owner: Owner::Organization, ..NewSshKey::default() });
    let mut secrets = Vec::new();
    let texts = every_operation(&scenario, &mut secrets);
    let logged = std::fs::read_to_string(log).expect("there is a log");
    for call in ["POST /object-storage/enable", "GET /object-storage/credentials", "DELETE /object-storage/disable"] {
        assert!(logged.contains(call), "the provider's own lines are in the log: {call}");
    }
    assert!(secrets.iter().all(|secret| secret.len() == 40), "the simulator's secrets are no short words");
    for secret in &secrets {
        assert_eq!(files_with(&scenario.path(""), secret), [""; 0]);
        assert!(texts.iter().all(|text| !text.contains(secret)));
    }
}
