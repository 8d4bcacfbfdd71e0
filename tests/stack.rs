//! The stack for training in `examples/stacks`: everything together, applied, planned empty, and destroyed in order.

mod support;

use std::path::Path;
use std::time::Duration;

use support::Scenario;
use tensorpool_simulator::Options;
use terraform_plugin_testing::{Feature, requires};

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINJdpoDqinxOvPW2GIrwZ2ZIozKhkOidqQGMg913ksV6 me@home";

/// The stack, applied. Object storage is enabled already.
fn applied(name: &str, variables: &[(&str, &str)]) -> Scenario {
    let short = Duration::from_millis(300);
    let options = Options { provision: short, release: short, restart: short, ..Options::default() };
    let mut scenario = Scenario::with(name, options);
    scenario.cloud.enable_object_storage();
    scenario.set("TF_VAR_public_key", KEY);
    for (name, value) in variables {
        scenario.set(&format!("TF_VAR_{name}"), value);
    }
    let stack = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/stacks/training");
    for directory in ["", "object_storage"] {
        std::fs::create_dir_all(scenario.path(directory)).expect("it can be made");
        for file in std::fs::read_dir(stack.join(directory)).expect("there is a stack") {
            let path = file.expect("it can be read").path();
            if path.extension().is_some_and(|end| end == "tf") {
                let name = path.file_name().expect("it has a name");
                std::fs::copy(&path, scenario.path(directory).join(name)).expect("it can be copied");
            }
        }
    }
    // Installs the module; the provider is where the configuration of the command line says.
    scenario.run(&["get"]).ok();
    scenario.apply().ok();
    scenario
}

/// Where a request first stands in the log.
#[track_caller]
fn first(scenario: &Scenario, line: &str) -> usize {
    let requests = scenario.cloud.requests();
    let position = requests.iter().position(|request| request.line().starts_with(line));
    position.unwrap_or_else(|| panic!("no request was {line}"))
}

#[test]
fn the_stack_is_applied_planned_empty_and_destroyed_in_order() {
    // The credentials of its object storage are ephemeral.
    if !requires(Feature::EphemeralValues) {
        return;
    }
    let scenario = applied("stack", &[("protect_datasets", "false")]);
    let cluster = scenario.cloud.clusters()[0].clone();
    let volume = scenario.cloud.volumes()[0].clone();
    assert_eq!((cluster.num_nodes, cluster.status.as_str()), (2, "RUNNING"));
    assert_eq!((&cluster.volumes, &volume.attached_clusters), (&vec![volume.id.clone()], &vec![cluster.id.clone()]));
    assert_eq!(cluster.public_keys, [KEY], "the key was there before the cluster");
    assert_eq!(scenario.cloud.buckets(), ["training-checkpoints"]);
    assert!(scenario.asked("GET /object-storage/credentials") > 0, "the credentials were opened");
    let (_, secret) = scenario.cloud.object_storage_keys().expect("object storage is enabled");
    scenario.run(&["plan", "-input=false", "-out=saved.plan"]).ok();
    let plan = scenario.json(&["show", "-json", "saved.plan"]).to_string();
    let state = std::fs::read_to_string(scenario.path("terraform.tfstate")).expect("there is a state");
    assert!(!plan.contains(&secret) && !state.contains(&secret), "the secret is kept");
    scenario.expect_empty_plan();
    scenario.cloud.clear_requests();
    scenario.destroy().ok();
    let detach = first(&scenario, "POST /storage/detach");
    assert!(detach < first(&scenario, "DELETE /cluster/") && detach < first(&scenario, "DELETE /storage/"));
    let unlock = first(&scenario, "DELETE /user/ssh-key/remove/");
    assert!(first(&scenario, "DELETE /cluster/") < unlock, "the key outlives the cluster");
    assert!(scenario.cloud.clusters().is_empty() && scenario.cloud.volumes().is_empty());
    assert!(scenario.cloud.buckets().is_empty() && scenario.cloud.ssh_keys().is_empty());
    assert!(scenario.resources().is_empty());
    assert!(scenario.cloud.object_storage_keys().is_some(), "what belongs to the organization stays");
}

#[test]
fn a_protected_volume_stops_the_destroy_of_the_stack_before_anything_is_touched() {
    // The credentials of its object storage are ephemeral.
    if !requires(Feature::EphemeralValues) {
        return;
    }
    let mut scenario = applied("stack-protected", &[]);
    let resources = scenario.resources().len();
    scenario.cloud.clear_requests();
    let run = scenario.destroy();
    let error = run.error("Storage volume is protected from deletion");
    error.says(&["training-datasets", "Nothing was changed"]);
    assert_eq!(error.code, "deletion_protection = var.protect_datasets");
    assert!(scenario.cloud.requests().iter().all(|request| request.method == "GET"), "something was touched");
    assert_eq!(scenario.resources().len(), resources);
    assert_eq!(scenario.cloud.clusters()[0].volumes.len(), 1);
    // The two steps that the message gives.
    scenario.set("TF_VAR_protect_datasets", "false");
    scenario.apply().ok();
    scenario.destroy().ok();
    assert!(scenario.cloud.clusters().is_empty() && scenario.cloud.volumes().is_empty());
}

#[test]
fn the_volume_of_the_stack_grows_and_its_cluster_is_replaced_around_it() {
    // The credentials of its object storage are ephemeral.
    if !requires(Feature::EphemeralValues) {
        return;
    }
    let mut scenario = applied("stack-changed", &[]);
    let (cluster, volume) = (scenario.cloud.clusters()[0].id.clone(), scenario.cloud.volumes()[0].id.clone());
    scenario.set("TF_VAR_dataset_gb", "2000");
    scenario.set("TF_VAR_instance_type", "8xH200");
    scenario.apply().ok();
    let (replaced, kept) = (scenario.cloud.clusters()[0].clone(), scenario.cloud.volumes()[0].clone());
    assert_ne!(replaced.id, cluster);
    assert_eq!((kept.id, kept.size_gb, kept.attached_clusters), (volume, 2000, vec![replaced.id]));
    scenario.expect_empty_plan();
}
