//! The state backend of the guide on object storage, with a store that speaks S3.

mod support;

use std::path::Path;

use support::Scenario;
use support::s3::S3;

fn file(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
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
    scenario.write(&file("examples/resources/tensorpool_ssh_key/resource.tf"));
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
