//! The life of a storage volume, with a real Terraform.

mod support;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;
use support::Scenario;
use tensorpool_simulator::{Action, Fault, NewCluster, NewVolume, Options, Owner};
use terraform_plugin_testing::case::{Case, Step, plan, state};
use terraform_plugin_testing::{Feature, requires};

const ADDRESS: &str = "tensorpool_storage.data";
const DATA: &str = "  name = \"data\"\n  size_gb = 100";

fn hcl(arguments: &str) -> String {
    format!("resource \"tensorpool_storage\" \"data\" {{\n{arguments}\n}}")
}

fn write(scenario: &Scenario, arguments: &str) {
    scenario.write(&hcl(arguments));
}

fn applied(name: &str, arguments: &str) -> (Scenario, String) {
    let scenario = Scenario::new(name);
    write(&scenario, arguments);
    scenario.apply().ok();
    let id = scenario.cloud.volumes()[0].id.clone();
    scenario.cloud.clear_requests();
    (scenario, id)
}

fn slow(provision: u64) -> Options {
    Options { provision: Duration::from_secs(provision), release: Duration::ZERO, ..Options::default() }
}

fn volume(name: &str, size_gb: u64) -> NewVolume {
    NewVolume { name: name.to_owned(), size_gb, ..NewVolume::default() }
}

fn cluster(name: &str) -> NewCluster {
    NewCluster { name: name.to_owned(), instance_type: "8xH100".to_owned(), num_nodes: 2, deletion_protection: false }
}

#[test]
fn a_volume_is_created_imported_grown_and_destroyed() {
    let scenario = Scenario::new("storage-life");
    let (cloud, id) = (&scenario.cloud, state::Remembered::new());
    let created_as_asked = || {
        let requests = cloud.requests();
        let create = requests.iter().find(|request| request.line() == "POST /storage/create").expect("it was asked");
        assert_eq!(create.body, Some(json!({"name": "data", "size": 100, "deletion_protection": false})));
    };
    Case::new(&scenario)
        .step(
            Step::config(hcl(DATA))
                .expect(plan::creates(ADDRESS))
                .expect(plan::unknown(ADDRESS, "id"))
                .check(id.set_at(ADDRESS, "id"))
                .check(state::value(ADDRESS, "name", "data"))
                .check(state::value(ADDRESS, "size_gb", 100))
                .check(state::value(ADDRESS, "provisioned", true))
                .after(created_as_asked),
        )
        .step(Step::import(ADDRESS).verify())
        .step(Step::import(ADDRESS).by_stored_identity().verify())
        .step(Step::plan(hcl(&DATA.replace("100", "50"))).warning("Storage volume cannot shrink"))
        .step(
            Step::config(hcl(&DATA.replace("100", "250")))
                .expect(plan::updates(ADDRESS))
                .check(id.same_at(ADDRESS, "id"))
                .after(|| assert_eq!(cloud.volumes()[0].size_gb, 250)),
        )
        .destroyed(|| cloud.volumes().is_empty())
        .run();
    assert_eq!(scenario.asked("DELETE /storage/s-"), 1);
}

#[test]
fn a_volume_without_a_name_gets_one() {
    let (scenario, _) = applied("storage-generated-name", "  size_gb = 10");
    let name = scenario.values(ADDRESS)["name"].as_str().expect("it has one").to_owned();
    assert!(name.starts_with("tf-storage-"), "{name}");
    scenario.expect_empty_plan();
}

#[test]
fn size_name_and_protection_of_a_volume_change_in_place_and_are_waited_for() {
    let (scenario, id) = applied("storage-in-place", DATA);
    scenario.cloud.configure(|options| options.edit = Duration::from_millis(1500));
    write(&scenario, "  name = \"other\"\n  size_gb = 250\n  deletion_protection = true");
    assert_eq!(scenario.planned_actions(), ["update"]);
    scenario.apply().ok();
    let real = &scenario.cloud.volumes()[0];
    assert_eq!((real.id.as_str(), real.name.as_str(), real.size_gb), (id.as_str(), "other", 250));
    assert!(real.deletion_protection, "the apply has waited until the change shows");
    assert_eq!(scenario.asked("PATCH /storage/edit/"), 1);
    scenario.expect_empty_plan();
}

#[test]
fn a_smaller_volume_is_refused_before_anything_is_sent_and_stops_nothing_else() {
    let (scenario, id) = applied("storage-shrink", DATA);
    write(&scenario, &DATA.replace("100", "50"));
    let plan = scenario.plan();
    plan.warning("Storage volume cannot shrink").says(&["data", &id, "100 GB", "50 GB"]);
    let run = scenario.apply();
    let error = run.error("Storage volume cannot shrink");
    error.says(&["data", &id, "100 GB", "50 GB", "ignore_changes = [size_gb]"]);
    assert_eq!(error.code, "size_gb = 50");
    assert_eq!(scenario.values(ADDRESS)["size_gb"], json!(100));
    // Grown outside: what the configuration says is now too small. What does not concern the volume is applied, and a
    // destroy destroys.
    scenario.cloud.resize_volume(&id, 300);
    let other = "resource \"terraform_data\" \"other\" {\n  input = 1\n}";
    scenario.write(&format!("resource \"tensorpool_storage\" \"data\" {{\n{DATA}\n}}\n\n{other}"));
    scenario.apply().error("Storage volume cannot shrink").says(&["300 GB"]);
    assert_eq!(scenario.values("terraform_data.other")["input"], json!(1));
    write(&scenario, &DATA.replace("100", "300"));
    scenario.apply().ok();
    scenario.expect_empty_plan();
    assert_eq!(scenario.asked("PATCH /storage/"), 0);
    write(&scenario, DATA);
    scenario.destroy().ok();
    assert!(scenario.cloud.volumes().is_empty());
}

#[test]
fn a_protected_volume_is_refused_at_plan_time() {
    let protected = format!("{DATA}\n  deletion_protection = true");
    let (scenario, id) = applied("storage-protected", &protected);
    let run = scenario.destroy();
    let error = run.error("Storage volume is protected from deletion");
    error.says(&["data", &id, "deletion_protection = false"]);
    assert_eq!(error.code, "deletion_protection = true");
    scenario.write("");
    scenario.apply().error("Storage volume is protected from deletion");
    assert_eq!(scenario.asked("DELETE /storage/"), 0);
    // The two steps that the message gives.
    write(&scenario, DATA);
    scenario.apply().ok();
    scenario.destroy().ok();
    assert!(scenario.cloud.volumes().is_empty());
}

#[test]
fn a_lock_of_a_volume_that_is_set_after_the_plan_is_met_as_a_409() {
    let (scenario, id) = applied("storage-locked-outside", DATA);
    scenario.run(&["plan", "-destroy", "-out=destroy.plan"]).ok();
    scenario.cloud.set_volume_deletion_protection(&id, true);
    let run = scenario.run(&["apply", "-json", "destroy.plan"]);
    run.error("Storage volume is protected from deletion").says(&["409", "outside Terraform", "data", &id]);
    assert_eq!(scenario.cloud.volumes().len(), 1);
    assert_eq!(scenario.values(ADDRESS)["id"], json!(id));
}

#[test]
fn an_attached_volume_is_not_destroyed_and_its_clusters_are_named() {
    let (scenario, id) = applied("storage-attached", DATA);
    let other = scenario.cloud.add_cluster(cluster("train"));
    scenario.cloud.attach(&id, &other);
    let run = scenario.destroy();
    run.error("Cannot delete storage volume: still attached").says(&["data", &id, &other, "Detach it first"]);
    assert_eq!(scenario.asked("DELETE /storage/"), 0);
    // A volume that is shown as attached for a moment longer is waited for.
    let running = scenario.spawn(&["destroy", "-auto-approve", "-json"]);
    scenario.cloud.clear_requests();
    scenario.until("two looks", |scenario| scenario.asked("GET /storage/info/") >= 2);
    scenario.cloud.detach(&id, &other);
    running.finish().ok();
    assert!(scenario.cloud.volumes().is_empty());
}

/// Where the volume itself does not show what it is attached to, the list of clusters does, if nothing is missing in it.
#[test]
fn a_volume_is_not_destroyed_while_a_cluster_that_uses_it_may_be_missing_in_the_list() {
    let (scenario, id) = applied("storage-attached-unseen", DATA);
    let body = json!({ "id": id, "name": "data", "size_gb": 100, "status": "READY", "deletion_protection": false });
    let respond = Action::Respond { status: 200, body: body.to_string(), headers: BTreeMap::default() };
    scenario.cloud.add_fault(Fault { times: 1000, ..Fault::once("GET", "/storage/info/", respond) });
    scenario.cloud.configure(|options| options.variants.unreadable_item = true);
    let run = scenario.destroy();
    run.error("Cannot delete storage volume: out of time")
        .says(&["the list is incomplete: 1 of its 1 items cannot be read"]);
    assert_eq!(scenario.asked("DELETE /storage/"), 0);
    scenario.cloud.configure(|options| options.variants.unreadable_item = false);
    scenario.cloud.clear_faults();
    scenario.destroy().ok();
    assert!(scenario.cloud.volumes().is_empty());
}

#[test]
fn a_volume_is_imported_by_its_id_and_its_configuration_is_generated() {
    let scenario = Scenario::new("storage-import");
    let id = scenario.cloud.add_volume(volume("old", 70));
    scenario.write(&format!("import {{\n  to = tensorpool_storage.old\n  id = \"{id}\"\n}}"));
    scenario.run(&["plan", "-input=false", "-generate-config-out=generated.tf"]).ok();
    scenario.apply().ok();
    assert_eq!(scenario.values("tensorpool_storage.old")["size_gb"], json!(70));
    assert_eq!(scenario.asked("PATCH /storage/"), 0);
    scenario.expect_empty_plan();
}

#[test]
fn a_volume_is_imported_by_its_identity() {
    if !requires(Feature::Identities) {
        return;
    }
    let scenario = Scenario::new("storage-import-identity");
    let id = scenario.cloud.add_volume(volume("data", 100));
    scenario.write(&format!(
        "import {{\n  to = tensorpool_storage.data\n  identity = {{\n    id = \"{id}\"\n  }}\n}}\n\n\
         resource \"tensorpool_storage\" \"data\" {{\n{DATA}\n}}"
    ));
    scenario.apply().ok();
    assert_eq!(scenario.values(ADDRESS)["id"], json!(id));
    scenario.expect_empty_plan();
}

#[test]
fn drift_of_a_volume_is_seen_and_mended() {
    let (scenario, id) = applied("storage-drift", DATA);
    scenario.cloud.rename_volume(&id, "renamed");
    assert_eq!(scenario.planned_actions(), ["update"]);
    scenario.apply().ok();
    assert_eq!(scenario.cloud.volumes()[0].name, "data");
    scenario.expect_empty_plan();
}

#[test]
fn a_volume_deleted_outside_is_reported_and_recreated() {
    let (scenario, id) = applied("storage-deleted", DATA);
    scenario.cloud.remove_volume(&id);
    let run = scenario.apply().ok();
    run.warning("Storage volume was not found").says(&["data", &id]);
    assert_eq!(scenario.cloud.volumes().len(), 1);
    scenario.expect_empty_plan();
    // Gone between plan and apply: success.
    scenario.run(&["plan", "-destroy", "-out=destroy.plan"]).ok();
    scenario.cloud.remove_volume(&scenario.cloud.volumes()[0].id);
    scenario.run(&["apply", "-json", "destroy.plan"]).ok();
    assert!(scenario.resources().is_empty());
}

#[test]
fn a_create_of_a_volume_that_fails_is_tainted() {
    let scenario = Scenario::new("storage-failed-create");
    scenario.cloud.fail_next("STORAGE_CREATE", "No space left");
    write(&scenario, DATA);
    let run = scenario.apply();
    let id = scenario.cloud.volumes()[0].id.clone();
    run.error("Cannot create storage volume: request failed").says(&["No space left", "Request id: req_", &id]);
    assert!(scenario.is_tainted());
    scenario.apply().ok();
    assert_eq!(scenario.cloud.volumes().len(), 1);
    assert_ne!(scenario.values(ADDRESS)["id"], json!(id));
    scenario.expect_empty_plan();
}

#[test]
fn a_destroy_of_a_volume_that_fails_keeps_it() {
    let (scenario, id) = applied("storage-failed-destroy", DATA);
    scenario.cloud.fail_next("STORAGE_DESTROY", "Try later");
    let run = scenario.destroy();
    run.error("Cannot delete storage volume: request failed").says(&["Try later", "Request id: req_", &id]);
    assert_eq!(scenario.values(ADDRESS)["id"], json!(id));
    scenario.destroy().ok();
    assert!(scenario.cloud.volumes().is_empty());
}

#[test]
fn an_interrupted_create_of_a_volume_is_resumed() {
    let scenario = Scenario::with("storage-interrupted", slow(5));
    write(&scenario, DATA);
    let running = scenario.spawn(&["apply", "-auto-approve", "-json"]);
    scenario.until("a poll", |scenario| scenario.asked("GET /request/info/") > 0);
    running.interrupt();
    let id = scenario.cloud.volumes()[0].id.clone();
    running.finish().warning("Storage volume is still being provisioned").says(&["data", &id, "costs money"]);
    assert!(!scenario.is_tainted());
    assert_eq!(scenario.planned_actions(), ["update"]);
    scenario.apply().ok();
    assert_eq!(scenario.asked("POST /storage/create"), 1);
    assert_eq!(scenario.values(ADDRESS)["id"], json!(id));
    scenario.expect_empty_plan();
}

#[test]
fn a_killed_create_of_a_volume_is_named_and_taken_over() {
    for (name, arguments) in [("storage-killed", DATA), ("storage-killed-unnamed", "  size_gb = 100")] {
        let scenario = Scenario::with(name, slow(4));
        write(&scenario, arguments);
        let running = scenario.spawn(&["apply", "-auto-approve", "-json"]);
        scenario.until("a poll", |scenario| scenario.asked("GET /request/info/") > 0);
        scenario.kill_provider();
        assert_ne!(running.finish().code, Some(0));
        let id = scenario.cloud.volumes()[0].id.clone();
        let planned = scenario.plan().ok();
        planned.warning("A storage volume may be orphaned").says(&[&id, "terraform import tensorpool_storage."]);
        scenario.apply().ok().warning("Storage volume of an earlier run adopted").says(&[&id]);
        assert_eq!(scenario.values(ADDRESS)["id"], json!(id));
        assert_eq!((scenario.asked("POST /storage/create"), scenario.cloud.volumes().len()), (1, 1));
        scenario.expect_empty_plan();
    }
}

#[test]
fn a_volume_is_found_again_when_the_answer_to_its_create_is_lost() {
    for (name, action, creates) in [
        ("storage-dropped-after", Action::DropAfter, 1),
        ("storage-502", Action::RespondAfter { status: 502, body: String::new() }, 1),
        ("storage-dropped-before", Action::DropBefore, 2),
    ] {
        let scenario = Scenario::new(name);
        scenario.cloud.add_fault(Fault::once("POST", "/storage/create", action));
        write(&scenario, DATA);
        scenario.apply().ok();
        assert_eq!(scenario.values(ADDRESS)["id"], json!(scenario.cloud.volumes()[0].id));
        assert_eq!((scenario.asked("POST /storage/create"), scenario.cloud.volumes().len()), (creates, 1), "{name}");
        scenario.expect_empty_plan();
    }
}

#[test]
fn a_volume_name_that_is_taken_is_reported_with_the_import_command() {
    let scenario = Scenario::new("storage-name-taken");
    let id = scenario.cloud.add_volume(volume("data", 5));
    write(&scenario, DATA);
    let run = scenario.apply();
    let error = run.error("Storage volume name already exists");
    error.says(&[&id, "terraform import"]);
    assert_eq!(error.code, "name = \"data\"");
    assert_eq!(scenario.asked("POST /storage/create"), 0);
}

#[test]
fn a_volume_that_costs_too_much_is_an_error() {
    let scenario = Scenario::new("storage-balance");
    write(&scenario, "  name = \"data\"\n  size_gb = 1000000000");
    scenario.apply().error("Cannot create storage volume: balance too low").says(&["402", "web dashboard"]);
    assert!(scenario.resources().is_empty());
}

#[test]
fn data_sources_find_volumes() {
    let scenario = Scenario::new("storage-data");
    let id = scenario.cloud.add_volume(volume("a", 10));
    let train = scenario.cloud.add_cluster(cluster("train"));
    scenario.cloud.attach(&id, &train);
    _ = scenario.cloud.add_volume(volume("archive", 20));
    _ = scenario.cloud.add_volume(NewVolume { owner: Owner::Organization, ..volume("shared", 30) });
    scenario.write(&format!(
        "data \"tensorpool_storage\" \"id\" {{\n  id = \"{id}\"\n}}\n\ndata \"tensorpool_storage\" \"name\" {{\n  name = \"shared\"\n}}\n\n\
         data \"tensorpool_storages\" \"own\" {{\n}}\n\ndata \"tensorpool_storages\" \"all\" {{\n  include_org = true\n}}\n\n\
         data \"tensorpool_storages\" \"some\" {{\n  name_contains = \"arch\"\n}}\n\n\
         data \"tensorpool_storages\" \"attached\" {{\n  attached_to = \"{train}\"\n}}\n\noutput \"found\" {{\n  value = [\
         data.tensorpool_storage.id.name, data.tensorpool_storage.name.size_gb, length(data.tensorpool_storages.own.storages), \
         length(data.tensorpool_storages.all.storages), data.tensorpool_storages.some.storages[*].name, \
         data.tensorpool_storages.attached.storages[*].id]\n}}"
    ));
    scenario.apply().ok();
    let found = scenario.json(&["output", "-json", "found"]);
    assert_eq!(found, json!(["a", 30, 2, 3, ["archive"], [id]]));
}

#[test]
fn volumes_that_are_absent_or_ambiguous_are_errors() {
    let scenario = Scenario::new("storage-data-none");
    scenario.write("data \"tensorpool_storage\" \"it\" {\n  name = \"none\"\n}");
    assert_eq!(scenario.plan().error("Storage volume not found").code, "name = \"none\"");
    scenario.write("data \"tensorpool_storage\" \"it\" {\n  id = \"s-none\"\n}");
    scenario.plan().error("Cannot look up storage volume: not found").says(&["s-none"]);
    let ids = [
        scenario.cloud.add_volume(volume("twin", 1)),
        scenario.cloud.add_volume(NewVolume { owner: Owner::Organization, ..volume("twin", 2) }),
    ];
    scenario.write("data \"tensorpool_storage\" \"it\" {\n  name = \"twin\"\n}");
    scenario.plan().error("Storage volume name is ambiguous").says(&[&ids[0], &ids[1]]);
    scenario.write("data \"tensorpool_storage\" \"it\" {\n  id = \"s-1\"\n  name = \"twin\"\n}");
    scenario.plan().error("Invalid combination of arguments");
}

#[test]
fn a_query_finds_volumes_and_generates_their_imports() {
    if !requires(Feature::Queries) {
        return;
    }
    let scenario = Scenario::new("storage-query");
    let id = scenario.cloud.add_volume(volume("data", 100));
    let shared = scenario.cloud.add_volume(NewVolume { owner: Owner::Organization, ..volume("shared", 30) });
    scenario.write("");
    scenario.write_file(
        "all.tfquery.hcl",
        "list \"tensorpool_storage\" \"all\" {\n  provider = tensorpool\n  config {\n    include_org = true\n  }\n}\n",
    );
    let run = scenario.run(&["query", "-no-color", "-generate-config-out=found.tf"]).ok();
    assert!(run.text.contains(&id) && run.text.contains("shared"), "{}", run.text);
    let generated = std::fs::read_to_string(scenario.path("found.tf")).expect("it was written");
    assert!(generated.contains(&shared) && generated.contains("import {"), "{generated}");
    scenario.apply().ok();
    assert_eq!(scenario.resources().len(), 2);
    scenario.expect_empty_plan();
}
