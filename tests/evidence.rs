//! What the provider does not believe: a 404 of something that is not the API, the silence of another account, an answer about
//! another object, or that what exists already is ours.

mod support;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;
use support::{KEY, PUBLIC_KEY, Scenario};
use tensorpool_simulator::{Action, AnswerId, Fault, Names, NewCluster, Options};
use terraform_plugin_testing::{Feature, has};

/// A cluster, a volume that is attached to it, a key, object storage and a bucket.
fn everything() -> String {
    format!(
        "resource \"tensorpool_cluster\" \"c\" {{\n  name = \"prod\"\n  instance_type = \"8xH100\"\n  num_nodes = 2\n}}\n\n\
         resource \"tensorpool_storage\" \"v\" {{\n  size_gb = 10\n}}\n\n\
         resource \"tensorpool_storage_attachment\" \"a\" {{\n  storage_id = tensorpool_storage.v.id\n  \
         cluster_id = tensorpool_cluster.c.id\n}}\n\n\
         resource \"tensorpool_ssh_key\" \"k\" {{\n  name = \"laptop\"\n  public_key = \"{PUBLIC_KEY}\"\n}}\n\n\
         resource \"tensorpool_object_storage\" \"o\" {{\n  allow_disable = true\n}}\n\n\
         resource \"tensorpool_object_storage_bucket\" \"b\" {{\n  name = \"data-set\"\n  \
         depends_on = [tensorpool_object_storage.o]\n}}"
    )
}

fn respond(status: u16, body: &str) -> Action {
    Action::Respond { status, body: body.to_owned(), headers: BTreeMap::default() }
}

/// A cluster that another user creates by hand.
fn prod() -> NewCluster {
    NewCluster { name: "prod".to_owned(), instance_type: "8xH100".to_owned(), num_nodes: 1, deletion_protection: false }
}

fn quick(name: &str) -> Scenario {
    let short = Duration::from_millis(100);
    Scenario::with(name, Options { provision: short, release: short, restart: short, ..Options::default() })
}

#[test]
fn a_gateway_that_answers_404_to_everything_empties_no_state() {
    let scenario = quick("gateway");
    scenario.write(&everything());
    scenario.apply().ok();
    scenario.run(&["plan", "-destroy", "-out=destroy.plan"]).ok();
    let bodies = ["default backend - 404", "<html><h1>404 Not Found</h1></html>", r#"{"message": "Not found"}"#];
    for body in bodies {
        let everything = Fault { method: None, path: None, ..Fault::once("", "", respond(404, body)) };
        scenario.cloud.add_fault(everything.always());
        for arguments in [
            &["plan", "-input=false", "-json"][..],
            &["apply", "-refresh-only", "-auto-approve", "-json"],
            &["destroy", "-auto-approve", "-json"],
            &["apply", "-json", "destroy.plan"],
        ] {
            let run = scenario.run(arguments);
            assert_eq!(run.code, Some(1), "{body}: {}", run.text);
            assert_eq!(scenario.resources().len(), 6, "{body} {arguments:?}: {}", run.text);
        }
        scenario.cloud.clear_faults();
        // The plan that was saved before is stale once an apply has begun; a new one stands for it.
        scenario.run(&["plan", "-destroy", "-out=destroy.plan"]).ok();
    }
    assert_eq!((scenario.cloud.clusters().len(), scenario.cloud.volumes().len()), (1, 1));
    scenario.expect_empty_plan();
    scenario.destroy().ok();
    assert!(scenario.cloud.clusters().is_empty() && scenario.cloud.volumes().is_empty());
}

#[test]
fn a_wrong_path_in_the_endpoint_empties_no_state() {
    let mut scenario = quick("wrong-path");
    scenario.write_cluster("  name = \"prod\"\n  instance_type = \"8xH100\"");
    scenario.apply().ok();
    let right = scenario.cloud.url();
    scenario.set("TENSORPOOL_ENGINE", &format!("{right}/api/v1"));
    scenario.plan().error("Cannot read cluster: not found, but the API cannot be trusted").says(&["endpoint", "prod"]);
    scenario.set("TENSORPOOL_ENGINE", &right);
    scenario.expect_empty_plan();
}

#[test]
fn what_another_account_does_not_see_is_kept_with_both_ways_out() {
    let mut scenario = quick("other-account");
    scenario.write_cluster("  instance_type = \"8xH200\"");
    scenario.apply().ok();
    let id = scenario.cloud.clusters()[0].id.clone();
    let other = tensorpool_simulator::Simulator::spawn(Options {
        listen: ([127, 0, 0, 1], 0).into(),
        api_key: "tp-of-another-user".to_owned(),
        ..Options::default()
    })
    .expect("the simulator starts");
    let right = scenario.cloud.url();
    scenario.set("TENSORPOOL_ENGINE", &other.url());
    scenario.set("TENSORPOOL_KEY", "tp-of-another-user");
    for run in [scenario.plan(), scenario.apply(), scenario.destroy()] {
        run.error("Cannot read cluster: not visible with this API key").says(&[&id, "terraform state rm"]);
    }
    assert!(other.clusters().is_empty(), "no second one is bought");
    // The first way out: the right key.
    scenario.set("TENSORPOOL_ENGINE", &right);
    scenario.set("TENSORPOOL_KEY", KEY);
    scenario.expect_empty_plan();
    // The second: it was really destroyed.
    scenario.set("TENSORPOOL_ENGINE", &other.url());
    scenario.set("TENSORPOOL_KEY", "tp-of-another-user");
    scenario.run(&["state", "rm", "tensorpool_cluster.train"]).ok();
    assert_eq!(changes(&scenario), ["tensorpool_cluster.train create"]);
}

#[test]
fn an_import_by_name_holds_the_id_of_the_answer() {
    let scenario = quick("import-by-name");
    let cluster = scenario.cloud.add_cluster(prod());
    scenario.write_cluster("  name = \"prod\"\n  instance_type = \"8xH100\"");
    scenario.run(&["import", "-input=false", "tensorpool_cluster.train", "prod"]).ok();
    assert_eq!(scenario.cluster()["id"], json!(cluster));
    scenario.expect_empty_plan();
    scenario.write_cluster("  name = \"prod2\"\n  instance_type = \"8xH100\"");
    scenario.apply().ok();
    assert_eq!(scenario.cloud.clusters()[0].name, "prod2");
    scenario.expect_empty_plan();
    // Another one gets the old name: the state still means the first.
    _ = scenario.cloud.add_cluster(prod());
    scenario.destroy().ok();
    let left: Vec<_> = scenario.cloud.clusters().into_iter().map(|cluster| cluster.name).collect();
    assert_eq!(left, ["prod"]);
}

#[test]
fn an_answer_about_another_cluster_changes_nothing() {
    let scenario = quick("other-id");
    scenario.write_cluster("  name = \"prod\"\n  instance_type = \"8xH100\"");
    scenario.apply().ok();
    let other = r#"{"id": "c-other", "name": "prod", "instances": [{"id": "i-1", "status": "RUNNING"}]}"#;
    scenario.cloud.add_fault(Fault::once("GET", "/cluster/info/", respond(200, other)).always());
    scenario.plan().error("Cannot read cluster: response about another object").says(&["c-other", "prod"]);
    scenario.cloud.clear_faults();
    scenario.expect_empty_plan();
}

#[test]
fn a_cluster_that_is_not_found_just_after_its_create_is_waited_for() {
    for (test, without_request_ids) in [("not-yet-with-request", false), ("not-yet-without-request", true)] {
        let scenario = quick(test);
        scenario.cloud.configure(|options| options.without_request_ids = without_request_ids);
        scenario.cloud.add_fault(Fault {
            times: 2,
            ..Fault::once("GET", "/cluster/info/", respond(404, r#"{"message": "Cluster not found"}"#))
        });
        scenario.write(
            "resource \"tensorpool_cluster\" \"train\" {\n  name = \"prod\"\n  instance_type = \"8xH100\"\n  num_nodes = 2\n}\n\n\
             output \"ip\" {\n  value = tensorpool_cluster.train.instances[0].ip_address\n}",
        );
        let run = scenario.apply().ok();
        assert!(!run.text.contains("\"@level\":\"error\""), "{}", run.text);
        assert!(!scenario.is_tainted());
        assert_eq!(scenario.cluster()["instances"].as_array().map(Vec::len), Some(2));
        scenario.expect_empty_plan();
    }
}

#[test]
fn a_name_cannot_be_replaced_before_it_is_free_and_the_message_says_so() {
    let scenario = quick("create-before-destroy");
    let write = |instance_type: &str, name: &str, lifecycle: &str| {
        scenario.write_cluster(&format!("{name}  instance_type = \"{instance_type}\"\n{lifecycle}"));
    };
    let (name, lifecycle) = ("  name = \"web\"\n", "  lifecycle {\n    create_before_destroy = true\n  }");
    write("8xH100", name, lifecycle);
    scenario.apply().ok();
    let id = scenario.cloud.clusters()[0].id.clone();
    write("8xH200", name, lifecycle);
    let run = scenario.apply();
    let error = run.error("Cluster name already exists");
    error.says(&["that this resource replaces", "create_before_destroy", &id, "name_prefix"]);
    // Where the private data of plans is stored, it is certain that it is this one.
    assert_eq!(error.detail.contains("If it is in no state"), !has(Feature::PrivateDataOfPlans));
    assert_eq!(scenario.cloud.clusters().len(), 1);
    // Each way out that the message names.
    write("8xH200", "", lifecycle);
    scenario.apply().ok();
    scenario.expect_empty_plan();
    write("8xH100", name, "");
    scenario.apply().ok();
    scenario.expect_empty_plan();
    write("8xH200", "  name = \"web-2\"\n", lifecycle);
    scenario.apply().ok();
    scenario.expect_empty_plan();
    assert_eq!(scenario.cloud.clusters().len(), 1);
}

#[test]
fn two_resources_of_one_name_are_distinguished_from_a_cluster_of_another_user() {
    let scenario = quick("name-twice");
    scenario.write(
        "resource \"tensorpool_cluster\" \"a\" {\n  name = \"web\"\n  instance_type = \"8xH100\"\n}\n\n\
         resource \"tensorpool_cluster\" \"b\" {\n  name = \"web\"\n  instance_type = \"8xH100\"\n  \
         depends_on = [tensorpool_cluster.a]\n}",
    );
    let run = scenario.apply();
    run.error("Cluster name already exists").says(&["another resource of this state"]);
    assert_eq!(scenario.cloud.clusters().len(), 1);
}

/// If both lost their answers, both would find the cluster of one of them.
#[test]
fn of_two_creates_of_one_name_at_once_only_one_is_sent() {
    let scenario =
        Scenario::with("name-twice-at-once", Options { provision: Duration::from_secs(3), ..Options::default() });
    let block = |label: &str| {
        format!(
            "resource \"tensorpool_cluster\" \"{label}\" {{\n  name = \"web\"\n  instance_type = \"8xH100\"\n}}\n\n"
        )
    };
    scenario.write(&(block("a") + &block("b")));
    scenario.apply().error("Cluster name used twice").says(&["\"web\"", "name_prefix"]);
    assert_eq!((scenario.cloud.clusters().len(), scenario.asked("POST /cluster/create")), (1, 1));
    assert_eq!(scenario.resources().len(), 1);
}

/// A list that lags does not show the other one, so that its id is not known.
#[test]
fn the_id_of_a_cluster_that_is_clearly_another_one_reaches_neither_the_state_nor_the_journal() {
    let scenario = quick("another-cluster");
    let boss = scenario.cloud.add_cluster(NewCluster {
        name: "boss".to_owned(),
        instance_type: "1xH100".to_owned(),
        num_nodes: 1,
        deletion_protection: false,
    });
    let respond = |body| Action::Respond { status: 200, body, headers: BTreeMap::default() };
    let nothing = respond(json!({ "clusters": [] }).to_string());
    scenario.cloud.add_fault(Fault { times: 2, ..Fault::once("GET", "/cluster/list", nothing) });
    let other = json!({ "cluster_id": boss }).to_string();
    let answer = Action::RespondAfter { status: 202, body: other };
    scenario.cloud.add_fault(Fault::once("POST", "/cluster/create", answer));
    scenario.write_cluster("  name = \"train\"\n  instance_type = \"8xH100\"");
    scenario.apply().error("Cannot create cluster: unexpected response").says(&[&boss, "another name", "\"train\""]);
    assert!(scenario.resources().is_empty());
    // The next apply adopts the one that was created, and the other one is left alone.
    let ours = scenario.cloud.clusters().into_iter().find(|cluster| cluster.id != boss).expect("it was created").id;
    scenario.apply().ok();
    assert_eq!(scenario.resources()[0]["values"]["id"], ours.as_str());
    scenario.expect_empty_plan();
    scenario.destroy().ok();
    let left: Vec<_> = scenario.cloud.clusters().into_iter().map(|cluster| cluster.id).collect();
    assert_eq!(left, [boss]);
}

#[test]
fn no_keys_and_an_empty_list_and_no_container_and_an_empty_one_are_the_same() {
    let scenario = quick("empty-is-null");
    let write = |more: &str| {
        scenario.write_cluster(&format!("  name = \"x\"\n  instance_type = \"8xH100\"\n{more}"));
    };
    write("");
    scenario.apply().ok();
    for more in ["  public_keys = []\n", "  public_keys = null\n  container = null", "  container = \"\""] {
        write(more);
        scenario.expect_empty_plan();
    }
    let created = scenario.cloud.requests().into_iter().find(|request| request.line() == "POST /cluster/create");
    let body = created.and_then(|request| request.body).expect("it was asked");
    assert!(body.get("public_keys").is_none() && body.get("container").is_none(), "{body}");
}

#[test]
fn relations_that_other_resources_make_are_no_drift() {
    let scenario = quick("relations");
    scenario.write(&everything());
    scenario.apply().ok();
    scenario.expect_empty_plan();
    // The exit code says nothing: Terraform 1.11 takes every number for changed in a plan of refreshes.
    let run = scenario.run(&["plan", "-refresh-only", "-json"]).ok();
    assert!(!run.text.contains("resource_drift"), "{}", run.text);
}

#[test]
fn a_change_in_place_touches_nothing_that_depends_on_the_nodes() {
    let scenario = quick("dependants");
    let write = |name: &str, more: &str| {
        scenario.write(&format!(
            "resource \"tensorpool_cluster\" \"train\" {{\n  name = \"{name}\"\n  instance_type = \"8xH100\"\n  num_nodes = 2\n\
             {more}}}\n\n\
             resource \"terraform_data\" \"bootstrap\" {{\n  triggers_replace = tensorpool_cluster.train.instances[*].id\n}}"
        ));
    };
    write("alpha", "");
    scenario.apply().ok();
    for (name, more) in [
        ("beta", ""),
        ("beta", "  deletion_protection = true\n"),
        ("beta", "  deletion_protection = false\n  timeouts {\n    delete = \"1h\"\n  }\n"),
    ] {
        write(name, more);
        assert_eq!(changes(&scenario), ["tensorpool_cluster.train update"], "{name} {more}");
        scenario.apply().ok();
        scenario.expect_empty_plan();
    }
}

/// What a plan changes, in the form `address action`.
fn changes(scenario: &Scenario) -> Vec<String> {
    scenario.run(&["plan", "-input=false", "-out=saved.plan"]).ok();
    let plan = scenario.json(&["show", "-json", "saved.plan"]);
    let changes = plan["resource_changes"].as_array().expect("a plan has changes");
    let change = |change: &serde_json::Value| {
        let actions = change["change"]["actions"].as_array().expect("a change has actions").iter();
        let actions: Vec<_> = actions.filter_map(serde_json::Value::as_str).collect();
        (actions != ["no-op"])
            .then(|| format!("{} {}", change["address"].as_str().unwrap_or_default(), actions.join(" ")))
    };
    changes.iter().filter_map(change).collect()
}

/// Lets the next create fail at TensorPool.
fn fail_create(scenario: &Scenario) {
    scenario.cloud.fail_next("CLUSTER_CLAIM", "No capacity");
}

#[test]
fn a_protected_cluster_whose_create_failed_is_replaced_by_the_next_apply() {
    let scenario = quick("protected-failed");
    scenario.write_cluster("  name = \"prod\"\n  instance_type = \"8xH100\"\n  deletion_protection = true");
    fail_create(&scenario);
    scenario.apply().error("Cannot create cluster: request failed").says(&[
        "No capacity",
        "lifted",
        "next terraform apply",
    ]);
    assert!(scenario.is_tainted());
    scenario.apply().ok();
    assert!(!scenario.is_tainted());
    assert_eq!(scenario.cloud.clusters().len(), 1);
    assert!(scenario.cloud.clusters()[0].deletion_protection, "the new one is protected");
    scenario.expect_empty_plan();
}

#[test]
fn a_protected_cluster_that_is_tainted_is_kept_by_untaint_as_every_message_says() {
    let scenario = quick("protected-tainted");
    let write = |protection: bool| {
        scenario.write_cluster(&format!(
            "  name = \"prod\"\n  instance_type = \"8xH100\"\n  deletion_protection = {protection}"
        ));
    };
    write(true);
    scenario.apply().ok();
    let id = scenario.cloud.clusters()[0].id.clone();
    scenario.run(&["taint", "tensorpool_cluster.train"]).ok();
    // Refused while it is planned, also by a destroy, which plans first.
    for run in [scenario.plan(), scenario.apply(), scenario.destroy()] {
        run.error("Cluster is protected from deletion").says(&[&id, "tainted", "terraform untaint"]);
    }
    // Without the read of the plan, the guard of the destroy itself refuses it: nothing is sent.
    let run = scenario.run(&["apply", "-auto-approve", "-refresh=false", "-json"]);
    run.error("Cluster is protected from deletion").says(&["terraform untaint"]);
    assert_eq!(scenario.asked("DELETE /cluster/"), 0);
    // To keep it.
    scenario.run(&["untaint", "tensorpool_cluster.train"]).ok();
    scenario.expect_empty_plan();
    // To replace it: untaint, lift the lock, replace.
    write(false);
    scenario.apply().ok();
    scenario.run(&["apply", "-auto-approve", "-replace=tensorpool_cluster.train", "-json"]).ok();
    assert_ne!(scenario.cloud.clusters()[0].id, id);
    scenario.expect_empty_plan();
}

#[test]
fn a_tainted_cluster_of_a_generated_name_is_refused_before_its_replacement_is_bought() {
    let scenario = quick("protected-tainted-generated");
    let write = |protection: bool, more: &str| {
        scenario.write_cluster(&format!(
            "  name_prefix = \"prod-\"\n  instance_type = \"8xH100\"\n  deletion_protection = {protection}\n{more}  \
             lifecycle {{\n    create_before_destroy = true\n  }}"
        ));
    };
    write(true, "");
    scenario.apply().ok();
    let id = scenario.cloud.clusters()[0].id.clone();
    scenario.run(&["taint", "tensorpool_cluster.train"]).ok();
    for run in [scenario.plan(), scenario.apply()] {
        run.error("Cluster is protected from deletion").says(&[&id, "tainted", "terraform untaint"]);
    }
    assert_eq!(scenario.asked("POST /cluster/create"), 1);
    // To keep it. Others of such a name are no obstacle to those that are new.
    scenario.run(&["untaint", "tensorpool_cluster.train"]).ok();
    scenario.expect_empty_plan();
    write(true, "  count = 3\n");
    scenario.apply().ok();
    assert_eq!(scenario.cloud.clusters().len(), 3);
    scenario.expect_empty_plan();
    write(false, "  count = 3\n");
    scenario.apply().ok();
    // To replace it: untaint, lift the lock, replace.
    scenario.run(&["taint", "tensorpool_cluster.train[0]"]).ok();
    scenario.apply().ok();
    assert!(scenario.cloud.clusters().iter().all(|cluster| cluster.id != id));
    scenario.expect_empty_plan();
}

#[test]
fn a_lock_that_an_apply_sets_is_no_obstacle_to_what_it_creates_afterwards() {
    let scenario = quick("protected-then-created");
    let block = |label: &str, protection: bool, more: &str| {
        format!(
            "resource \"tensorpool_cluster\" \"{label}\" {{\n  name_prefix = \"prod-\"\n  instance_type = \"8xH100\"\n  \
             deletion_protection = {protection}\n{more}}}\n\n"
        )
    };
    scenario.write(&block("a", false, ""));
    scenario.apply().ok();
    scenario.write(&(block("a", true, "") + &block("b", true, "  depends_on = [tensorpool_cluster.a]\n")));
    scenario.apply().ok();
    assert_eq!(scenario.cloud.clusters().len(), 2);
    scenario.expect_empty_plan();
}

#[test]
fn a_requested_replacement_of_a_protected_cluster_is_refused_before_anything_is_touched() {
    let scenario = quick("protected-replace");
    let write = |generation: u8, protection: bool| {
        scenario.write(&format!(
            "resource \"terraform_data\" \"generation\" {{\n  input = {generation}\n}}\n\n\
             resource \"tensorpool_cluster\" \"c\" {{\n  name = \"prod\"\n  instance_type = \"8xH100\"\n  num_nodes = 2\n  \
             deletion_protection = {protection}\n  lifecycle {{\n    replace_triggered_by = [terraform_data.generation]\n  }}\n}}\n\n\
             resource \"tensorpool_storage\" \"v\" {{\n  size_gb = 10\n}}\n\n\
             resource \"tensorpool_storage_attachment\" \"a\" {{\n  storage_id = tensorpool_storage.v.id\n  \
             cluster_id = tensorpool_cluster.c.id\n}}"
        ));
    };
    write(1, true);
    scenario.apply().ok();
    scenario.cloud.clear_requests();
    let replace = "-replace=tensorpool_cluster.c";
    scenario
        .run(&["apply", "-auto-approve", replace, "-json"])
        .error("Cluster is protected from deletion")
        .says(&["replacement was requested", "1. Set deletion_protection = false"]);
    write(2, true);
    scenario.apply().error("Cluster is protected from deletion").says(&["replace_triggered_by"]);
    assert_eq!((scenario.asked("POST /storage/detach"), scenario.asked("DELETE ")), (0, 0));
    // The remedy.
    write(1, false);
    scenario.apply().ok();
    scenario.run(&["apply", "-auto-approve", replace, "-json"]).ok();
    scenario.expect_empty_plan();
}

#[test]
fn a_create_that_ran_out_of_time_is_kept_by_the_steps_of_its_message() {
    let scenario = quick("out-of-time");
    scenario.cloud.configure(|options| options.provision = Duration::from_secs(12));
    scenario.write_cluster("  name = \"prod\"\n  instance_type = \"8xH100\"\n  timeouts {\n    create = \"4s\"\n  }");
    scenario.apply().error("Cannot create cluster: out of time").says(&[
        "exists, costs money",
        "destroys and recreates",
        "1. Run: terraform untaint",
        "create = \"2h\"",
    ]);
    let id = scenario.cloud.clusters()[0].id.clone();
    scenario.run(&["untaint", "tensorpool_cluster.train"]).ok();
    scenario.write_cluster("  name = \"prod\"\n  instance_type = \"8xH100\"\n  timeouts {\n    create = \"2h\"\n  }");
    scenario.apply().ok();
    assert_eq!(scenario.cluster()["id"], json!(id));
    scenario.expect_empty_plan();
}

#[test]
fn one_denial_in_the_middle_of_a_create_or_destroy_is_tolerated() {
    for status in [401, 403] {
        let scenario = quick(&format!("denied-{status}"));
        scenario.write_cluster("  name = \"prod\"\n  instance_type = \"8xH100\"");
        let denied = || Fault { times: 2, ..Fault::once("GET", "/request/info/", respond(status, "{}")) };
        scenario.cloud.add_fault(denied());
        scenario.apply().ok();
        assert!(!scenario.is_tainted());
        scenario.cloud.add_fault(denied());
        scenario.destroy().ok();
        assert!(scenario.cloud.clusters().is_empty());
    }
}

/// A volume on a cluster, with an attachment of this label and these further arguments.
fn attached(scenario: &Scenario, label: &str, generation: u8, lifecycle: &str) {
    scenario.write(&format!(
        "resource \"terraform_data\" \"generation\" {{\n  input = {generation}\n}}\n\n\
         resource \"tensorpool_cluster\" \"c\" {{\n  name = \"web\"\n  instance_type = \"8xH100\"\n  num_nodes = 2\n}}\n\n\
         resource \"tensorpool_storage\" \"v\" {{\n  name = \"v\"\n  size_gb = 10\n}}\n\n\
         resource \"tensorpool_storage_attachment\" \"{label}\" {{\n  storage_id = tensorpool_storage.v.id\n  \
         cluster_id = tensorpool_cluster.c.id\n{lifecycle}}}"
    ));
}

#[test]
fn an_attachment_that_is_created_before_it_is_destroyed_stays_attached_and_says_so() {
    let scenario = quick("attachment-before-destroy");
    let triggered = "  lifecycle {\n    create_before_destroy = true\n    \
                     replace_triggered_by = [terraform_data.generation]\n  }\n";
    attached(&scenario, "a", 1, triggered);
    scenario.apply().ok();
    attached(&scenario, "a", 2, triggered);
    scenario.apply().ok().warning("Storage volume stays attached").says(&["was not detached", "create_before_destroy"]);
    assert_eq!(scenario.cloud.volumes()[0].attached_clusters.len(), 1);
    scenario.expect_empty_plan();
    // To attach it again, as the message says.
    attached(&scenario, "a", 2, "");
    scenario.run(&["apply", "-auto-approve", "-replace=tensorpool_storage_attachment.a", "-json"]).ok();
    assert_eq!(scenario.asked("POST /storage/detach"), 1);
    assert_eq!(scenario.cloud.volumes()[0].attached_clusters.len(), 1);
    scenario.expect_empty_plan();
}

#[test]
fn an_attachment_under_another_label_stays_attached_whichever_half_comes_first() {
    let scenario = quick("attachment-relabelled");
    attached(&scenario, "a", 1, "");
    scenario.apply().ok();
    for label in ["b", "c", "d"] {
        attached(&scenario, label, 1, "");
        scenario.run(&["apply", "-auto-approve", "-parallelism=1", "-json"]).ok();
        assert_eq!(scenario.cloud.volumes()[0].attached_clusters.len(), 1, "{label}");
        scenario.expect_empty_plan();
    }
}

#[test]
fn object_storage_under_another_label_stays_enabled_whichever_half_comes_first() {
    let scenario = quick("object-storage-relabelled");
    let write = |label: &str| {
        scenario.write(&format!("resource \"tensorpool_object_storage\" \"{label}\" {{\n  allow_disable = true\n}}"));
    };
    write("a");
    scenario.apply().ok();
    for label in ["b", "c", "d"] {
        write(label);
        scenario.run(&["apply", "-auto-approve", "-parallelism=1", "-json"]).ok();
        assert!(scenario.cloud.object_storage_keys().is_some(), "{label}");
        scenario.expect_empty_plan();
    }
}

#[test]
fn another_state_file_of_the_same_directory_is_named_before_anything_else() {
    let scenario = quick("two-state-files");
    scenario.write_cluster("  instance_type = \"1xH100\"");
    scenario.run(&["apply", "-auto-approve", "-state=dev.tfstate", "-json"]).ok();
    let id = scenario.cloud.clusters()[0].id.clone();
    let run = scenario.run(&["apply", "-auto-approve", "-state=prod.tfstate", "-json"]);
    assert_eq!(run.code, Some(1), "{}", run.text);
    assert!(run.text.contains("another state") || run.text.contains("another -state file"), "{}", run.text);
    assert!(run.text.contains(&id), "{}", run.text);
    assert_eq!(scenario.cloud.clusters().len(), 1);
    // It is in the first state: a read there settles it, and the second state gets its own.
    scenario.run(&["plan", "-state=dev.tfstate", "-json"]).ok();
    scenario.run(&["apply", "-auto-approve", "-state=prod.tfstate", "-json"]).ok();
    assert_eq!(scenario.cloud.clusters().len(), 2);
}

#[test]
fn a_bucket_of_another_organization_is_left_alone() {
    const ELSEWHERE: &str = "tp-of-another-organization";
    let mut scenario = quick("bucket-elsewhere");
    scenario.cloud.add_account(ELSEWHERE);
    scenario.cloud.enable_object_storage();
    scenario.cloud.for_account(ELSEWHERE, |cloud| {
        cloud.enable_object_storage();
        cloud.add_bucket("data-set");
    });
    scenario.write("resource \"tensorpool_object_storage_bucket\" \"b\" {\n  name = \"data-set\"\n}");
    scenario.apply().ok();
    scenario.set("TENSORPOOL_KEY", ELSEWHERE);
    let steps = ["terraform state rm", "TENSORPOOL_KEY"];
    for run in [scenario.plan(), scenario.destroy()] {
        run.error("Cannot read bucket: API key of another organization").says(&steps);
    }
    let run = scenario.run(&["destroy", "-auto-approve", "-refresh=false", "-json"]);
    run.error("Cannot delete bucket: API key of another organization").says(&steps);
    assert_eq!(scenario.cloud.for_account(ELSEWHERE, |cloud| cloud.buckets().len()), Some(1));
    scenario.set("TENSORPOOL_KEY", KEY);
    scenario.expect_empty_plan();
    scenario.destroy().ok();
    assert!(scenario.cloud.buckets().is_empty());
}

#[test]
fn a_create_that_is_answered_with_the_id_of_nothing_is_found_by_its_name() {
    let scenario = quick("id-of-nothing");
    scenario.cloud.configure(|options| options.variants.create_id = AnswerId::Other);
    scenario.write_cluster("  instance_type = \"8xH100\"\n  timeouts {\n    create = \"4s\"\n  }");
    let run = scenario.apply();
    let id = scenario.cloud.clusters()[0].id.clone();
    run.warning("Cluster has another id than was returned").says(&[&id]);
    assert_eq!(scenario.cluster()["id"], json!(id));
    scenario.cloud.configure(|options| options.variants.create_id = AnswerId::Right);
    scenario.apply().ok();
    scenario.expect_empty_plan();
    assert_eq!(scenario.cloud.clusters().len(), 1);
}

#[test]
fn a_cluster_whose_destroy_is_refused_is_not_forgotten_although_nothing_finds_it() {
    let scenario = quick("refused-and-not-found");
    scenario.write_cluster("  name = \"prod\"\n  instance_type = \"8xH100\"");
    scenario.apply().ok();
    let id = scenario.cluster()["id"].as_str().expect("it has one").to_owned();
    scenario.run(&["plan", "-destroy", "-out=destroy.plan"]).ok();
    scenario.cloud.set_deletion_protection(&id, true);
    let not_found = || respond(404, r#"{"detail": "Not found"}"#);
    for path in ["/cluster/info", "/cluster/list"] {
        scenario.cloud.add_fault(Fault::once("GET", path, not_found()).always());
    }
    let run = scenario.run(&["apply", "-json", "destroy.plan"]);
    run.error("Cannot delete cluster: contradictory responses").says(&["409", "still in the state"]);
    assert_eq!(scenario.cluster()["id"], json!(id));
    scenario.cloud.clear_faults();
    scenario.cloud.set_deletion_protection(&id, false);
    scenario.destroy().ok();
    assert!(scenario.cloud.clusters().is_empty());
}

#[test]
fn a_tainted_cluster_that_is_destroyed_after_the_plan_is_replaced() {
    let scenario = quick("tainted-destroyed");
    let cluster = "resource \"tensorpool_cluster\" \"c\" {\n  name = \"c\"\n  instance_type = \"1xH100\"\n}";
    scenario.write(cluster);
    scenario.apply().ok();
    scenario.run(&["taint", "tensorpool_cluster.c"]).ok();
    scenario.run(&["plan", "-input=false", "-out=replace.plan"]).ok();
    // The account was last seen by the process that planned. Terraform gives the destroy of a tainted object none of the
    // private data of its state.
    let former = scenario.cloud.clusters();
    scenario.cloud.remove_cluster(&former[0].id);
    scenario.run(&["apply", "-input=false", "replace.plan"]).ok();
    let now = scenario.cloud.clusters();
    assert!(now.len() == 1 && now[0].id != former[0].id, "{now:?}");
    scenario.expect_empty_plan();

    // Without a read in the plan nobody knows with which account it was found.
    scenario.run(&["taint", "tensorpool_cluster.c"]).ok();
    scenario.run(&["plan", "-input=false", "-refresh=false", "-out=replace.plan"]).ok();
    scenario.cloud.remove_cluster(&now[0].id);
    let run = scenario.run(&["apply", "-input=false", "-json", "replace.plan"]);
    run.error("Cannot delete cluster: not visible with this API key");
    assert_eq!(scenario.cluster()["id"], json!(now[0].id));
}

#[test]
fn a_new_name_that_is_spelled_as_the_old_one_has_arrived() {
    let scenario = quick("name-spelled-as-before");
    scenario.cloud.configure(|options| options.variants.names = Names::LowerCase);
    _ = scenario.cloud.add_cluster(prod());
    scenario.write_cluster("  name = \"Prod\"\n  instance_type = \"8xH100\"");
    scenario.run(&["import", "-input=false", "tensorpool_cluster.train", "prod"]).ok();
    scenario.apply().ok();
    assert_eq!(scenario.cluster()["name"], json!("Prod"));
    scenario.expect_empty_plan();
}
