//! Ctrl-C in every wait of the provider, measured to the end of Terraform.
//!
//! Each test arranges a wait that would last for minutes, goes into it, and sends the signal as a terminal does: to
//! Terraform and the provider at once. What it took is printed (`--nocapture`). The bound is generous, as machines are
//! slow at times: a wait that does not know of the stop lasts far longer. The waits of a plan are entered by
//! `terraform apply`, as Terraform hands a stop on to no plan that it makes within an apply.

mod support;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::json;
use support::Scenario;
use tensorpool_simulator::{Action, Fault, NewCluster, NewVolume, Options};
use terraform_plugin_testing::{Diagnostic, Run, Running};

/// What Terraform may take from the signal to its end.
const LIMIT: Duration = Duration::from_secs(10);
const NEVER: Duration = Duration::from_hours(1);
/// How long an earlier run that may be dying is waited for.
const DYING: Duration = Duration::from_secs(8);
const TRAIN: &str = "  name = \"train\"\n  instance_type = \"8xH100\"";
const APPLY: &[&str] = &["apply", "-auto-approve", "-input=false", "-json"];
const DESTROY: &[&str] = &["destroy", "-auto-approve", "-input=false", "-json"];

/// Goes into a wait, and ends it by Ctrl-C.
#[track_caller]
fn interrupted(wait: &str, scenario: &Scenario, arguments: &[&str], is_reached: impl FnMut(&Scenario) -> bool) -> Run {
    let running = scenario.spawn(arguments);
    scenario.until(wait, is_reached);
    ended(wait, scenario, running)
}

/// Sends Ctrl-C, and measures until Terraform has ended.
#[track_caller]
fn ended(wait: &str, scenario: &Scenario, running: Running) -> Run {
    let (sender, receiver) = std::sync::mpsc::channel();
    let begin = Instant::now();
    running.interrupt();
    std::thread::spawn(move || sender.send(running.finish()));
    let Ok(run) = receiver.recv_timeout(LIMIT) else {
        scenario.kill_provider();
        panic!("{wait}: Terraform goes on after Ctrl-C");
    };
    eprintln!("{:>6} ms  {wait}", begin.elapsed().as_millis());
    assert_eq!(run.code, Some(1), "{wait}: not an interruption:\n{}", run.text);
    // The provider may be faster than Terraform.
    assert!(run.text.contains("Interrupt received") || run.text.contains("interrupted"), "{wait}: {}", run.text);
    run
}

/// The error of a summary. Terraform adds some of its own, as "execution halted".
#[track_caller]
fn reported<'a>(run: &'a Run, summary: &str) -> &'a Diagnostic {
    let found = run.diagnostics.iter().find(|one| one.severity == "error" && one.summary == summary);
    found.unwrap_or_else(|| panic!("no such error:\n{}", run.text))
}

fn never(method: &str, path: &str) -> Fault {
    let ms = NEVER.as_millis().try_into().expect("it fits");
    Fault::once(method, path, Action::Delay { ms }).always()
}

fn too_many(method: &str, path: &str) -> Fault {
    let headers = BTreeMap::from([("retry-after".to_owned(), "60".to_owned())]);
    Fault::once(method, path, Action::Respond { status: 429, body: String::new(), headers }).always()
}

fn quick() -> Options {
    Options { provision: Duration::ZERO, release: Duration::ZERO, restart: Duration::ZERO, ..Options::default() }
}

/// A scenario with a cluster that was applied.
fn applied(name: &str, options: Options) -> (Scenario, String) {
    let scenario = Scenario::with(name, options);
    scenario.write_cluster(TRAIN);
    scenario.apply().ok();
    scenario.cloud.clear_requests();
    let id = scenario.cloud.clusters()[0].id.clone();
    (scenario, id)
}

fn journal(scenario: &Scenario) -> Vec<String> {
    scenario.journal_in(".terraform/tensorpool/journal")
}

/// What is asked after a request was sent, by the beginnings of both lines.
fn asked_after(scenario: &Scenario, first: &str, then: &str) -> usize {
    let requests = scenario.cloud.requests();
    let rest = requests.iter().skip_while(|request| !request.line().starts_with(first));
    rest.filter(|request| request.line().starts_with(then)).count()
}

/// The cluster whose create was interrupted is in the state, as one that is waited for.
#[track_caller]
fn is_saved(scenario: &Scenario, run: &Run) {
    let id = scenario.cloud.clusters()[0].id.clone();
    run.warning("Cluster is still being provisioned").says(&[&id]);
    assert_eq!(scenario.cluster()["id"], json!(id));
    assert!(!scenario.is_tainted());
}

/// The journal has one entry, which says this.
#[track_caller]
fn is_noted(scenario: &Scenario, stage: &str) {
    let entries = journal(scenario);
    assert!(entries.len() == 1 && entries[0].contains(&format!("\"stage\":\"{stage}\"")), "{entries:?}");
}

/// The next apply makes no other cluster than the one that the interrupted create made, if it made one.
#[track_caller]
fn is_created_once(scenario: &Scenario) -> Run {
    scenario.cloud.clear_faults();
    let run = scenario.apply().ok();
    assert_eq!(scenario.cloud.clusters().len(), 1);
    assert_eq!(scenario.cluster()["id"], json!(scenario.cloud.clusters()[0].id));
    scenario.expect_empty_plan();
    assert!(journal(scenario).is_empty());
    run
}

/// The cluster may exist, which the output says, and the next apply takes it over.
#[track_caller]
fn is_reported_and_adopted(scenario: &Scenario, run: &Run) {
    reported(run, "Cluster may exist outside the state").says(&["\"train\"", "POST /cluster/create"]);
    assert!(scenario.resources().is_empty());
    assert_eq!(scenario.cloud.clusters().len(), 1);
    is_noted(scenario, "failed without state");
    scenario.cloud.configure(|options| options.lag = Duration::ZERO);
    let run = is_created_once(scenario);
    run.warning("Cluster of an earlier run adopted");
    assert_eq!(scenario.asked("POST /cluster/create"), 1);
}

#[test]
fn the_answer_to_a_create_that_never_comes() {
    let scenario = Scenario::with("stop-create-unanswered", quick());
    scenario.cloud.add_fault(never("POST", "/cluster/create"));
    scenario.write_cluster(TRAIN);
    let run = interrupted("a create that is not answered", &scenario, APPLY, |scenario| {
        scenario.asked("POST /cluster/create") > 0
    });
    is_saved(&scenario, &run);
    is_noted(&scenario, "returned");
    is_created_once(&scenario);
    assert_eq!(scenario.asked("POST /cluster/create"), 1);
}

#[test]
fn the_answer_to_a_create_when_nothing_is_answered_any_more() {
    let scenario = Scenario::with("stop-all-unanswered", quick());
    scenario.cloud.add_fault(never("POST", "/cluster/create"));
    scenario.write_cluster(TRAIN);
    let run = interrupted("a create when nothing is answered any more", &scenario, APPLY, |scenario| {
        let is_sent = scenario.asked("POST /cluster/create") > 0;
        if is_sent {
            scenario.cloud.add_fault(never("GET", "/"));
        }
        is_sent
    });
    is_reported_and_adopted(&scenario, &run);
}

#[test]
fn the_search_for_a_lost_create() {
    let scenario = Scenario::with("stop-lost-create", Options { lag: NEVER, ..quick() });
    scenario.cloud.add_fault(Fault::once("POST", "/cluster/create", Action::DropAfter));
    scenario.write_cluster(TRAIN);
    let run = interrupted("the search for a lost create", &scenario, APPLY, |scenario| {
        asked_after(scenario, "POST /cluster/create", "GET /cluster/list") > 1
    });
    is_reported_and_adopted(&scenario, &run);
}

#[test]
fn the_review_of_the_journal() {
    let scenario = Scenario::with("stop-review", Options { provision: NEVER, ..quick() });
    scenario.write_cluster(TRAIN);
    let running = scenario.spawn(APPLY);
    scenario.until("a poll", |scenario| scenario.asked("GET /request/info/") > 0);
    scenario.kill_provider();
    _ = running.finish();
    scenario.cloud.clear_requests();
    scenario.cloud.add_fault(never("GET", "/"));
    interrupted("the review of the journal", &scenario, APPLY, |scenario| scenario.asked("GET /cluster/info/") > 0);
    assert!(scenario.resources().is_empty());
    is_noted(&scenario, "unanswered");
    scenario.cloud.clear_faults();
    let run = interrupted("an adopted create", &scenario, APPLY, |scenario| scenario.asked("GET /request/info/") > 0);
    run.warning("Cluster of an earlier run adopted");
    is_saved(&scenario, &run);
    is_noted(&scenario, "returned");
    assert_eq!(scenario.cloud.clusters().len(), 1);
}

/// A run in the middle of a create, in the directory of the scenario but with a state of its own.
fn earlier(scenario: &Scenario) -> Running {
    let running = scenario.spawn(&[APPLY, &["-state=earlier.tfstate"]].concat());
    scenario.until("a poll", |scenario| scenario.asked("GET /request/info/") > 0);
    running
}

/// Whether Terraform's log says that a call was made, and nothing came of it for a while.
fn is_waiting(scenario: &Scenario, since: &mut Option<Instant>, call: &str) -> bool {
    let log = std::fs::read_to_string(scenario.path("trace.log")).unwrap_or_default();
    if log.contains(call) {
        return since.get_or_insert_with(Instant::now).elapsed() > Duration::from_secs(1);
    }
    false
}

#[test]
fn the_wait_for_a_dying_run() {
    let mut scenario = Scenario::with("stop-dying", Options { provision: NEVER, ..quick() });
    scenario.write_cluster(TRAIN);
    scenario.run(&["plan", "-input=false", "-out=saved.plan"]).ok();
    let first = earlier(&scenario);
    let log = scenario.path("trace.log");
    scenario.set("TF_LOG_CORE", "TRACE");
    scenario.set("TF_LOG_PATH", &log.display().to_string());
    let mut since = None;
    interrupted("the wait for a dying run, before a plan", &scenario, APPLY, |scenario| {
        is_waiting(scenario, &mut since, "GRPCProvider.v6: ConfigureProvider")
    });
    assert!(since.is_some_and(|since| since.elapsed() < DYING), "it did not wait to the end");
    assert!(scenario.resources().is_empty());
    std::fs::remove_file(log).expect("there is one");
    let mut since = None;
    let run = interrupted(
        "the wait for a dying run, in a create",
        &scenario,
        &["apply", "-json", "saved.plan"],
        |scenario| is_waiting(scenario, &mut since, "GRPCProvider.v6: ApplyResourceChange"),
    );
    assert!(since.is_some_and(|since| since.elapsed() < DYING), "it did not wait to the end");
    reported(&run, "A cluster may have been created already").says(&["train"]);
    assert!(scenario.resources().is_empty());
    ended("the create of the run that does not die", &scenario, first);
    assert_eq!(scenario.asked("POST /cluster/create"), 1);
    is_noted(&scenario, "returned");
}

#[test]
fn a_create_that_does_not_finish() {
    for (name, wait, without_request_ids, poll) in [
        ("stop-create", "a create that does not finish", false, "GET /request/info/"),
        ("stop-create-bare", "a create that does not finish, without a request", true, "GET /cluster/info/"),
    ] {
        let scenario = Scenario::with(name, Options { provision: NEVER, without_request_ids, ..quick() });
        scenario.write_cluster(TRAIN);
        let run = interrupted(wait, &scenario, APPLY, |scenario| scenario.asked(poll) > 1);
        is_saved(&scenario, &run);
        is_noted(&scenario, "returned");
        let again = format!("{wait}, resumed");
        let polls = scenario.asked(poll);
        // The plan reads the cluster first.
        let run = interrupted(&again, &scenario, APPLY, |scenario| scenario.asked(poll) > polls + 2);
        is_saved(&scenario, &run);
        assert_eq!(scenario.asked("POST /cluster/create"), 1);
    }
}

#[test]
fn a_change_that_does_not_show() {
    let (scenario, id) = applied("stop-change", Options { edit: NEVER, ..quick() });
    scenario.write_cluster("  name = \"renamed\"\n  instance_type = \"8xH100\"");
    interrupted("a change that does not show", &scenario, APPLY, |scenario| {
        asked_after(scenario, "PATCH /cluster/edit/", "GET /cluster/info/") > 1
    });
    assert_eq!(scenario.cluster()["id"], json!(id));
    assert!(!scenario.is_tainted());
}

#[test]
fn a_destroy_that_does_not_finish() {
    let (scenario, id) = applied("stop-destroy", Options { release: NEVER, ..quick() });
    let run = interrupted("a destroy that does not finish", &scenario, DESTROY, |scenario| {
        scenario.asked("GET /request/info/") > 1
    });
    reported(&run, "Cannot delete cluster: interrupted").says(&[&id]);
    assert_eq!((scenario.cluster()["id"].clone(), scenario.is_tainted()), (json!(id), false));
}

#[test]
fn a_destroy_that_waits_for_nodes() {
    let (scenario, id) = applied("stop-destroy-nodes", quick());
    scenario.cloud.set_instance_status(&id, Some("RESTARTING"));
    interrupted("a destroy that waits for nodes", &scenario, DESTROY, |scenario| {
        asked_after(scenario, "DELETE /cluster/", "GET /cluster/info/") > 1
    });
    assert_eq!(scenario.cluster()["id"], json!(id));
    scenario.cloud.set_instance_status(&id, None);
    scenario.destroy().ok();
    assert!(scenario.cloud.clusters().is_empty());
}

#[test]
fn a_read_that_is_not_answered() {
    let (scenario, id) = applied("stop-read", quick());
    scenario.cloud.add_fault(never("GET", "/cluster/info/"));
    interrupted("a read that is not answered", &scenario, APPLY, |scenario| scenario.asked("GET /cluster/info/") > 0);
    assert_eq!(scenario.cluster()["id"], json!(id));
    is_created_once(&scenario);
}

#[test]
fn a_data_source_that_is_not_answered() {
    let scenario = Scenario::with("stop-data", quick());
    scenario.cloud.add_fault(never("GET", "/"));
    scenario.write("data \"tensorpool_clusters\" \"all\" {}\n");
    interrupted("a data source that is not answered", &scenario, APPLY, |scenario| scenario.asked("GET /") > 0);
    assert!(scenario.resources().is_empty());
}

#[test]
fn the_second_read_of_an_absence() {
    let (scenario, id) = applied("stop-absence", quick());
    scenario.cloud.remove_cluster(&id);
    interrupted("the second read of an absence", &scenario, APPLY, |scenario| {
        asked_after(scenario, "GET /cluster/info/", "GET /cluster/list") > 0
    });
    assert_eq!(scenario.asked("GET /cluster/info/"), 1, "the second read did not come");
    assert_eq!(scenario.cluster()["id"], json!(id), "nothing was proved, so it stays");
    assert_eq!(scenario.asked("POST"), 0);
}

fn refused_for_ever(scenario: &Scenario) -> bool {
    scenario.cloud.requests().iter().any(|request| request.status == Some(429))
}

#[test]
fn too_many_requests_for_ever() {
    let (scenario, id) = applied("stop-429-read", quick());
    scenario.cloud.add_fault(too_many("GET", "/"));
    interrupted("429 for ever, in a read", &scenario, APPLY, refused_for_ever);
    assert_eq!(scenario.cluster()["id"], json!(id));
    is_created_once(&scenario);
    scenario.cloud.clear_requests();
    scenario.cloud.add_fault(too_many("DELETE", "/"));
    interrupted("429 for ever, in a destroy", &scenario, DESTROY, refused_for_ever);
    assert_eq!(scenario.cluster()["id"], json!(id));
    let scenario = Scenario::with("stop-429-create", quick());
    scenario.cloud.add_fault(too_many("POST", "/cluster/create"));
    scenario.write_cluster(TRAIN);
    interrupted("429 for ever, in a create", &scenario, APPLY, refused_for_ever);
    assert!(scenario.resources().is_empty() && scenario.cloud.clusters().is_empty());
    is_created_once(&scenario);
}

/// A scenario with a cluster of two nodes and two volumes, and the configuration of an attachment of each.
fn attachments(name: &str, restart: Duration) -> (Scenario, String) {
    let scenario = Scenario::with(name, Options { restart, ..quick() });
    let cluster = NewCluster {
        name: "train".to_owned(),
        instance_type: "8xH100".to_owned(),
        num_nodes: 2,
        deletion_protection: false,
    };
    let cluster = scenario.cloud.add_cluster(cluster);
    let blocks = ["data", "models"].map(|name| {
        let volume = NewVolume { name: name.to_owned(), size_gb: 10, ..NewVolume::default() };
        let volume = scenario.cloud.add_volume(volume);
        format!(
            "resource \"tensorpool_storage_attachment\" \"{name}\" {{\n  storage_id = \"{volume}\"\n  cluster_id = \"{cluster}\"\n}}\n"
        )
    });
    scenario.write(&blocks.join("\n"));
    (scenario, cluster)
}

#[test]
fn an_attach_that_does_not_finish_and_one_that_comes_after_it() {
    let (scenario, _) = attachments("stop-attach", NEVER);
    let run = interrupted("an attach that does not finish", &scenario, APPLY, |scenario| {
        scenario.asked("GET /request/info/") > 1
    });
    run.warning("Storage volume is still being attached").says(&["next terraform apply"]);
    let resources = scenario.resources();
    assert_eq!(resources.len(), 1, "{resources:#?}");
    assert_eq!(resources[0]["values"]["attached"], json!(false));
    assert_eq!(scenario.asked("POST /storage/attach"), 1, "the other one waited for its turn");
}

#[test]
fn an_attach_that_waits_for_nodes() {
    let (scenario, cluster) = attachments("stop-attach-nodes", Duration::ZERO);
    scenario.cloud.set_instance_status(&cluster, Some("RESTARTING"));
    interrupted("an attach that waits for nodes", &scenario, APPLY, |scenario| {
        asked_after(scenario, "POST /storage/attach", "GET /cluster/info/") > 1
    });
    assert!(scenario.resources().is_empty() && scenario.cloud.clusters()[0].volumes.is_empty());
    scenario.cloud.set_instance_status(&cluster, None);
    scenario.apply().ok();
    assert_eq!(scenario.cloud.clusters()[0].volumes.len(), 2);
    scenario.cloud.configure(|options| options.restart = NEVER);
    scenario.cloud.clear_requests();
    interrupted("a detach that does not finish", &scenario, DESTROY, |scenario| {
        scenario.asked("GET /request/info/") > 1
    });
    assert_eq!(scenario.resources().len(), 2);
}

#[test]
fn the_search_for_a_lost_key() {
    let scenario = Scenario::with("stop-lost-key", Options { lag: NEVER, ..quick() });
    let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINJdpoDqinxOvPW2GIrwZ2ZIozKhkOidqQGMg913ksV6";
    scenario.cloud.add_fault(Fault::once("POST", "/user/ssh-key/add", Action::DropAfter));
    scenario
        .write(&format!("resource \"tensorpool_ssh_key\" \"me\" {{\n  name = \"me\"\n  public_key = \"{key}\"\n}}\n"));
    let run = interrupted("the search for a lost key", &scenario, APPLY, |scenario| {
        asked_after(scenario, "POST /user/ssh-key/add", "GET /user/ssh-key/list") > 1
    });
    reported(&run, "SSH key may exist outside the state").says(&["\"me\""]);
    assert!(scenario.resources().is_empty());
}
