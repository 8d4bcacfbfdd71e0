//! The examples of SSH keys, object storage and buckets, and the state backend of the guide: each is applied.

mod support;

use std::path::Path;

use serde_json::{Value, json};
use support::Scenario;
use support::s3::S3;
use tensorpool_simulator::{NewSshKey, Owner};
use terraform_plugin_testing::requires;

fn file(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn example(path: &str) -> String {
    file(&format!("examples/{path}"))
}

#[test]
fn the_resource_examples_apply() {
    for name in ["ssh_key", "object_storage", "object_storage_bucket"] {
        let scenario = Scenario::new(&format!("examples-{name}"));
        scenario.write(&example(&format!("resources/tensorpool_{name}/resource.tf")));
        scenario.apply().ok();
        scenario.expect_empty_plan();
    }
}

#[test]
fn the_data_source_and_ephemeral_examples_apply() {
    let scenario = Scenario::new("examples-account");
    scenario.cloud.enable_object_storage();
    scenario.cloud.add_bucket("training-datasets");
    scenario.cloud.add_bucket("other");
    _ = scenario.cloud.add_ssh_key(NewSshKey { public_key: key(), name: "laptop".to_owned(), owner: Owner::User });
    scenario.write(&format!(
        "{}\n{}\n{}\n{}\n{}",
        example("data-sources/tensorpool_ssh_key/data-source.tf"),
        example("data-sources/tensorpool_ssh_keys/data-source.tf"),
        example("data-sources/tensorpool_object_storage/data-source.tf"),
        example("data-sources/tensorpool_object_storage_buckets/data-source.tf"),
        example("ephemeral-resources/tensorpool_object_storage_credentials/ephemeral-resource.tf")
    ));
    scenario.apply().ok();
    let fingerprint = "SHA256:IrjZyz2sJZZa7y/ajQtvY5mZiIkjkkco9HlL0VjjPWE";
    assert_eq!(scenario.json(&["output", "-json", "fingerprint"]), json!(fingerprint));
    assert_eq!(scenario.json(&["output", "-json", "fingerprints"]), json!([fingerprint]));
    assert_eq!(scenario.json(&["output", "-json", "buckets"]), json!(["training-datasets"]));
    let endpoint = json!({"endpoint": "https://object-storage.simulated.invalid", "region": "us-west"});
    assert_eq!(scenario.json(&["output", "-json", "object_storage"]), endpoint);
}

/// The key of the example.
fn key() -> String {
    let text = example("resources/tensorpool_ssh_key/resource.tf");
    let key = text.split('"').find(|part| part.starts_with("ssh-ed25519 ")).expect("the example has a key");
    key.to_owned()
}

#[test]
fn the_import_examples_apply() {
    let forms: &[&str] = if requires("1.12") { &["string-id", "identity"] } else { &["string-id"] };
    for form in forms {
        for name in ["ssh_key", "object_storage", "object_storage_bucket"] {
            let scenario = Scenario::new(&format!("examples-import-{form}-{name}"));
            scenario.cloud.enable_object_storage();
            scenario.cloud.add_bucket("training-datasets");
            let new = NewSshKey { public_key: key(), name: "laptop".to_owned(), owner: Owner::User };
            let id = scenario.cloud.add_ssh_key(new);
            let folder = format!("resources/tensorpool_{name}");
            let import = example(&format!("{folder}/import-by-{form}.tf"));
            let import = import.replace("key_abc123", &id).replace("o-abc123", "o-simulated");
            scenario.write(&format!("{import}\n{}", example(&format!("{folder}/resource.tf"))));
            scenario.apply().ok();
            assert_eq!(scenario.asked("PUT") + scenario.asked("POST"), 0, "{name}: it was imported, not created");
            scenario.expect_empty_plan();
        }
    }
}

#[test]
fn the_list_examples_find_and_the_action_example_rotates() {
    if !requires("1.14") {
        return;
    }
    let scenario = Scenario::new("examples-query");
    scenario.cloud.enable_object_storage();
    scenario.cloud.add_bucket("training-datasets");
    _ = scenario.cloud.add_ssh_key(NewSshKey {
        public_key: key(),
        name: "laptop".to_owned(),
        owner: Owner::Organization,
    });
    for (name, found) in [("ssh_key", "laptop"), ("object_storage_bucket", "training-datasets")] {
        scenario.write("");
        let list = example(&format!("list-resources/tensorpool_{name}/list-resource.tfquery.hcl"));
        scenario.write_file("example.tfquery.hcl", &list);
        let run = scenario.run(&["query", "-json"]).ok();
        let mut lines = run.text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        assert!(lines.any(|line| line["list_resource_found"]["display_name"] == found), "{}", run.text);
    }
    let before = scenario.cloud.object_storage_keys();
    scenario.write(&example("actions/tensorpool_rotate_object_storage_keys/action.tf"));
    let invoke = "-invoke=action.tensorpool_rotate_object_storage_keys.now";
    scenario.run(&["apply", "-auto-approve", "-input=false", "-json", invoke]).ok();
    assert_ne!(scenario.cloud.object_storage_keys(), before);
}

#[test]
fn the_backend_of_the_guide_keeps_the_state_in_a_bucket_and_sends_no_checksums() {
    let mut scenario = Scenario::new("guide-backend");
    let s3 = S3::default();
    let guide = file("templates/guides/object-storage.md.tmpl");
    let block =
        guide.split("```terraform\n").find(|block| block.contains("backend \"s3\"")).expect("the guide has one");
    let block = block.split("\n```").next().expect("it ends").replace("https://s3.example.com", &s3.serve());
    scenario.write_file("backend.tf", &block);
    scenario.write(&example("resources/tensorpool_ssh_key/resource.tf"));
    // Nothing of the user's is read.
    scenario.set("AWS_CONFIG_FILE", "/dev/null");
    scenario.set("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    scenario.set("AWS_ACCESS_KEY_ID", "AKPLANTED");
    scenario.set("AWS_SECRET_ACCESS_KEY", "tp-planted-backend");
    scenario.set("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required");
    scenario.set("AWS_RESPONSE_CHECKSUM_VALIDATION", "when_required");
    // The provider is overridden, so there is nothing to install; of what init does, the backend alone matters.
    let run = scenario.run(&["init", "-input=false", "-no-color"]);
    assert!(run.text.contains("Successfully configured the backend \"s3\""), "{}", run.text);
    scenario.apply().ok();
    let state = s3.object("/terraform-state/training.tfstate").expect("the state is in the bucket");
    assert!(state.contains("tensorpool_ssh_key"), "{state}");
    let asked = s3.asked();
    assert!(asked.iter().any(|head| head.starts_with("put ")));
    assert!(
        asked.iter().all(|head| !head.contains("x-amz-checksum") && !head.contains("x-amz-sdk-checksum")),
        "{asked:#?}"
    );
    let kept = std::fs::read_to_string(scenario.path(".terraform/terraform.tfstate")).expect("init wrote it");
    assert!(kept.contains("skip_s3_checksum") && !kept.contains("tp-planted-backend"), "{kept}");
}
