//! Creates whose Terraform or provider is killed, or whose state is lost: the journal, and what the next apply makes of it.

mod support;

use std::time::Duration;

use serde_json::{Value, json};
use support::s3::S3;
use support::{KEY, Scenario};
use tensorpool_simulator::{Action, Fault, NewCluster, Options};

const TRAIN: &str = "  name = \"train\"\n  instance_type = \"8xH100\"";
const UNNAMED: &str = "  instance_type = \"8xH100\"";

fn slow(provision: u64) -> Options {
    Options { provision: Duration::from_secs(provision), release: Duration::ZERO, ..Options::default() }
}

fn journal(scenario: &Scenario) -> Vec<String> {
    scenario.journal_in(".terraform/tensorpool/journal")
}

/// Dates the entries back.
fn an_hour_passes(scenario: &Scenario) {
    for path in std::fs::read_dir(scenario.path(".terraform/tensorpool/journal")).expect("there is one").flatten() {
        let Ok(mut entry) = serde_json::from_slice::<Value>(&std::fs::read(path.path()).expect("it can be read"))
        else {
            continue;
        };
        for time in ["begun_at", "recorded_at"] {
            entry[time] = entry[time].as_u64().map(|seconds| seconds - 3600).into();
        }
        std::fs::write(path.path(), entry.to_string()).expect("it can be written");
    }
}

/// Kills an apply when the cloud has been asked something.
fn killed(scenario: &Scenario, when: &str) {
    let running = scenario.spawn(&["apply", "-auto-approve", "-json"]);
    scenario.until("the request", |scenario| scenario.asked(when) > 0);
    scenario.kill_provider();
    assert_ne!(running.finish().code, Some(0));
    assert!(scenario.resources().is_empty(), "a killed create leaves no state");
    assert_eq!(scenario.cloud.clusters().len(), 1);
}

fn adopted_by_the_next_apply(scenario: &Scenario) {
    let id = scenario.cloud.clusters()[0].id.clone();
    let name = scenario.cloud.clusters()[0].name.clone();
    let planned = scenario.plan().ok();
    planned.warning("A cluster may be orphaned").says(&[&name, &id, "terraform import tensorpool_cluster."]);
    scenario.apply().ok().warning("Cluster of an earlier run adopted").says(&[&name, &id]);
    assert_eq!(scenario.cluster()["id"], json!(id));
    assert_eq!(scenario.asked("POST /cluster/create"), 1);
    assert_eq!(scenario.cloud.clusters().len(), 1);
    scenario.expect_empty_plan();
    assert!(journal(scenario).is_empty(), "a read that found the cluster in the state forgets the entry");
    scenario.destroy().ok();
    assert!(scenario.cloud.clusters().is_empty());
}

#[test]
fn a_provider_that_is_killed_before_the_answer_leaves_a_cluster_that_the_next_apply_adopts() {
    for (test, arguments) in [("killed-unanswered", TRAIN), ("killed-unanswered-unnamed", UNNAMED)] {
        let scenario = Scenario::new(test);
        scenario.cloud.add_fault(Fault::once("POST", "/cluster/create", Action::Delay { ms: 20_000 }));
        scenario.write_cluster(arguments);
        killed(&scenario, "POST /cluster/create");
        let entries = journal(&scenario);
        assert_eq!(entries.len(), 1);
        assert!(!entries[0].contains(KEY) && entries[0].contains("\"id\":null"), "{entries:?}");
        adopted_by_the_next_apply(&scenario);
    }
}

#[test]
fn a_provider_that_is_killed_after_the_answer_leaves_a_cluster_that_the_next_apply_adopts() {
    for (test, arguments) in [("killed-answered", TRAIN), ("killed-answered-unnamed", UNNAMED)] {
        let scenario = Scenario::with(test, slow(5));
        scenario.write_cluster(arguments);
        killed(&scenario, "GET /request/info/");
        assert!(journal(&scenario)[0].contains(&scenario.cloud.clusters()[0].id));
        adopted_by_the_next_apply(&scenario);
    }
}

#[test]
fn a_cluster_that_is_created_by_hand_after_a_kill_is_not_adopted_for_its_name() {
    let scenario = Scenario::new("killed-then-by-hand");
    scenario.cloud.add_fault(Fault { late_ms: 20_000, ..Fault::once("POST", "/cluster/create", Action::DropBefore) });
    scenario.write_cluster(TRAIN);
    let running = scenario.spawn(&["apply", "-auto-approve", "-json"]);
    scenario.until("the request", |scenario| scenario.asked("POST /cluster/create") > 0);
    scenario.kill_provider();
    assert_ne!(running.finish().code, Some(0));
    assert!(scenario.cloud.clusters().is_empty(), "the create had no effect");
    an_hour_passes(&scenario);
    let by_hand = NewCluster {
        name: "train".to_owned(),
        instance_type: "8xH100".to_owned(),
        num_nodes: 1,
        deletion_protection: false,
    };
    let id = scenario.cloud.add_cluster(by_hand);
    let run = scenario.apply();
    run.error("Cluster may have been created already").says(&["was killed", &id, "terraform import"]);
    assert!(scenario.resources().is_empty());
    // The user knows it, and does as the message says.
    scenario.run(&["import", "-input=false", "tensorpool_cluster.train", &id]).ok();
    scenario.apply().ok();
    assert_eq!(scenario.asked("POST /cluster/create"), 1);
    scenario.expect_empty_plan();
    assert!(journal(&scenario).is_empty(), "its name was found in the state");
}

#[test]
fn a_cluster_that_reads_do_not_show_yet_is_waited_for_and_adopted() {
    let scenario = Scenario::with("killed-lagging", Options { lag: Duration::from_secs(12), ..slow(1) });
    scenario.write_cluster(UNNAMED);
    killed(&scenario, "GET /request/info/");
    scenario.apply().ok().warning("Cluster of an earlier run adopted");
    assert_eq!((scenario.asked("POST /cluster/create"), scenario.cloud.clusters().len()), (1, 1));
}

#[test]
fn what_was_created_and_not_saved_is_reported_also_when_its_block_is_removed() {
    let scenario = Scenario::new("unsaved-no-block");
    scenario.write_cluster(UNNAMED);
    scenario.apply().ok();
    let id = scenario.cloud.clusters()[0].id.clone();
    // As if Terraform had died before it saved its state elsewhere.
    std::fs::remove_file(scenario.path("terraform.tfstate")).expect("it was saved");
    scenario.write("data \"tensorpool_clusters\" \"all\" {}\n");
    let first = scenario.plan().ok();
    assert!(!first.text.contains("orphaned"), "it may be in the state, which is read only now: {}", first.text);
    let second = scenario.plan().ok();
    second.warning("A cluster may be orphaned").says(&[&id, "no read has found it in a state", "terraform import"]);
    scenario.write_cluster(UNNAMED);
    scenario.run(&["import", "-input=false", "tensorpool_cluster.train", &id]).ok();
    scenario.apply().ok();
    scenario.expect_empty_plan();
    assert!(journal(&scenario).is_empty());
}

#[test]
fn a_run_that_ends_in_order_leaves_an_entry_that_says_so_until_a_read_finds_the_cluster() {
    let scenario = Scenario::new("journal-in-order");
    scenario.write_cluster(UNNAMED);
    scenario.apply().ok();
    let entries = journal(&scenario);
    assert!(entries.len() == 1 && entries[0].contains("\"stage\":\"returned\""), "{entries:?}");
    // Another of the same kind is another cluster. But that the first was saved is not seen through a target.
    scenario.write(
        "resource \"tensorpool_cluster\" \"train\" {\n  instance_type = \"8xH100\"\n}\n\n\
         resource \"tensorpool_cluster\" \"other\" {\n  instance_type = \"8xH100\"\n}",
    );
    let run = scenario.run(&["apply", "-auto-approve", "-json", "-target=tensorpool_cluster.other"]);
    run.error("A cluster may have been created already").says(&[
        "may belong to another state",
        "without -target",
        "journal",
    ]);
    assert_eq!(scenario.cloud.clusters().len(), 1);
    let run = scenario.apply().ok();
    assert!(!run.text.contains("adopted"), "{}", run.text);
    assert_eq!(scenario.cloud.clusters().len(), 2);
    scenario.expect_empty_plan();
    assert!(journal(&scenario).is_empty());
}

#[test]
fn two_provider_blocks_make_the_same_without_names_in_one_run() {
    let scenario = Scenario::new("two-provider-blocks");
    let cluster = |label: &str, more: &str| {
        format!(
            "provider \"tensorpool\" {{\n  alias = \"{label}\"\n}}\n\nresource \"tensorpool_cluster\" \"{label}\" {{\n  \
             provider = tensorpool.{label}\n{UNNAMED}\n{more}}}\n\n"
        )
    };
    scenario.write(&(cluster("a", "") + &cluster("b", "  depends_on = [tensorpool_cluster.a]\n")));
    scenario.apply().ok();
    assert_eq!(scenario.cloud.clusters().len(), 2);
    scenario.expect_empty_plan();
    assert!(journal(&scenario).is_empty());
}

#[test]
fn a_killed_create_is_reported_also_without_a_cluster_in_the_configuration() {
    let scenario = Scenario::with("killed-no-block", slow(5));
    scenario.write_cluster(UNNAMED);
    killed(&scenario, "GET /request/info/");
    let id = scenario.cloud.clusters()[0].id.clone();
    scenario.write("data \"tensorpool_clusters\" \"all\" {}\n");
    let planned = scenario.plan().ok();
    planned.warning("A cluster may be orphaned").says(&[&id, "terraform import tensorpool_cluster."]);
    let warnings = planned.text.lines().filter(|line| line.contains("may be orphaned"));
    assert_eq!(warnings.filter(|line| line.contains("\"diagnostic\"")).count(), 1, "{}", planned.text);
}

#[test]
fn a_generated_name_that_terraform_did_not_save_stops_the_next_create() {
    let scenario = Scenario::new("unsaved-unnamed");
    scenario.write_cluster(UNNAMED);
    scenario.apply().ok();
    let id = scenario.cloud.clusters()[0].id.clone();
    // As if Terraform had died before it saved its state elsewhere.
    std::fs::remove_file(scenario.path("terraform.tfstate")).expect("it was saved");
    let run = scenario.apply();
    run.error("A cluster may have been created already").says(&[&id, "no read has found it in a state"]);
    assert_eq!(scenario.cloud.clusters().len(), 1, "it may be in another state, so it is not adopted");
    scenario.run(&["import", "-input=false", "tensorpool_cluster.train", &id]).ok();
    scenario.apply().ok();
    assert_eq!(scenario.cloud.clusters().len(), 1);
    scenario.expect_empty_plan();
}

#[test]
fn what_a_killed_terraform_had_not_saved_elsewhere_is_not_created_again() {
    let scenario = Scenario::new("unsaved-elsewhere");
    let store = S3::default();
    let backend = format!("  address = \"{}/state\"\n  update_method = \"PUT\"\n", store.serve());
    scenario.write_file("backend.tf", &format!("terraform {{\n  backend \"http\" {{\n{backend}  }}\n}}\n"));
    // A cluster that is made at once, and then a volume whose create hangs.
    scenario.cloud.add_fault(Fault::once("POST", "/storage/create", Action::Delay { ms: 60_000 }));
    scenario.write(&format!(
        "resource \"tensorpool_cluster\" \"train\" {{\n{UNNAMED}\n}}\n\nresource \"tensorpool_storage\" \"data\" {{\n  \
         name = \"data\"\n  size_gb = 10\n  depends_on = [tensorpool_cluster.train]\n}}\n"
    ));
    // The provider is overridden, so there is nothing to install; of what init does, the backend alone matters.
    let run = scenario.run(&["init", "-input=false", "-no-color"]);
    assert!(run.text.contains("Successfully configured the backend \"http\""), "{}", run.text);
    let mut running = scenario.spawn(&["apply", "-auto-approve", "-json"]);
    let returned = |scenario: &Scenario| journal(scenario).iter().any(|entry| entry.contains("\"stage\":\"returned\""));
    scenario.until("the create's return", |scenario| returned(scenario) && scenario.asked("POST /storage/create") > 0);
    running.kill();
    _ = running.finish();
    assert!(store.object("/state").is_none(), "Terraform saves at most every 20 s, and at the end");
    // The provider of the killed run may still be at its end; the next plan waits for that.
    let volume = scenario.cloud.volumes()[0].id.clone();
    scenario.plan().ok().warning("A storage volume may be orphaned").says(&[&volume, "terraform import"]);
    let id = scenario.cloud.clusters()[0].id.clone();
    let run = scenario.apply();
    run.error("A cluster may have been created already").says(&[&id, "terraform import"]);
    scenario.run(&["import", "-input=false", "tensorpool_cluster.train", &id]).ok();
    scenario.apply().ok();
    assert_eq!((scenario.cloud.clusters().len(), scenario.cloud.volumes().len()), (1, 1));
    scenario.expect_empty_plan();
}

#[test]
fn a_state_file_that_a_kill_left_empty_is_none_and_one_that_is_cut_off_is_refused() {
    let scenario = Scenario::new("state-cut-off");
    scenario.write_cluster(TRAIN);
    scenario.apply().ok();
    scenario.write_cluster("  name = \"renamed\"\n  instance_type = \"8xH100\"");
    scenario.apply().ok();
    let state = std::fs::read_to_string(scenario.path("terraform.tfstate")).expect("there is one");
    let before = std::fs::read_to_string(scenario.path("terraform.tfstate.backup")).expect("there is one");
    let id = scenario.cluster()["id"].as_str().expect("it has one").to_owned();
    assert!(before.contains(&id), "the backup holds the state from before the run");
    scenario.write_file("terraform.tfstate", &state[..state.len() / 2]);
    let run = scenario.plan();
    assert_ne!(run.code, Some(0), "{}", run.text);
    scenario.write_file("terraform.tfstate", "");
    assert_eq!(scenario.planned_actions(), ["create"]);
    scenario.apply().error("Cluster name already exists").says(&[&id]);
    scenario.write_file("terraform.tfstate", &before);
    scenario.expect_empty_plan();
}

#[test]
fn another_configuration_does_not_adopt() {
    let scenario = Scenario::with("killed-changed", slow(3));
    scenario.write_cluster(TRAIN);
    killed(&scenario, "GET /request/info/");
    let id = scenario.cloud.clusters()[0].id.clone();
    scenario.write_cluster("  name = \"train\"\n  instance_type = \"8xH200\"");
    scenario.apply().error("Cluster name already exists").says(&[&id, "terraform import"]);
    scenario.run(&["import", "-input=false", "tensorpool_cluster.train", &id]).ok();
    scenario.apply().ok();
    assert_eq!(scenario.cloud.clusters().len(), 1);
    scenario.expect_empty_plan();
}

#[test]
fn a_journal_that_is_off_or_cannot_be_written_stops_nothing() {
    let mut scenario = Scenario::new("journal-unwritable");
    std::fs::create_dir_all(scenario.path(".terraform")).expect("it can be made");
    std::fs::write(scenario.path(".terraform/tensorpool"), "no directory").expect("it can be written");
    scenario.write_cluster(TRAIN);
    scenario.apply().ok().warning("Creates are not journaled").says(&["TENSORPOOL_JOURNAL"]);
    scenario.destroy().ok();
    scenario.set("TENSORPOOL_JOURNAL", "off");
    let run = scenario.apply().ok();
    assert!(!run.text.contains("journaled"), "{}", run.text);
    assert_eq!(scenario.resources().len(), 1);
}

#[test]
fn a_journal_can_be_kept_in_a_directory_of_the_users_choice() {
    let mut scenario = Scenario::with("journal-elsewhere", slow(5));
    let directory = scenario.path("kept/elsewhere");
    scenario.set("TENSORPOOL_JOURNAL", &directory.display().to_string());
    scenario.write_cluster(UNNAMED);
    killed(&scenario, "GET /request/info/");
    assert!(journal(&scenario).is_empty() && directory.exists());
    // As in CI, where nothing else is kept.
    _ = std::fs::remove_dir_all(scenario.path(".terraform"));
    adopted_by_the_next_apply(&scenario);
}

#[test]
fn a_corrupt_entry_is_reported_and_stops_a_generated_name() {
    let scenario = Scenario::new("journal-corrupt");
    let directory = scenario.path(".terraform/tensorpool/journal");
    std::fs::create_dir_all(&directory).expect("it can be created");
    std::fs::write(directory.join("orphan-entry.json"), "\u{0}").expect("it can be written");
    scenario.write_cluster(UNNAMED);
    scenario.apply().error("Corrupt journal entry").says(&["orphan-entry.json"]);
    assert!(scenario.cloud.clusters().is_empty());
    scenario.write_cluster(TRAIN);
    scenario.apply().ok().warning("Corrupt journal entry").says(&["orphan-entry.json"]);
}
