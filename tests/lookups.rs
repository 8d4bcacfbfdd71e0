//! The data sources on requests, operations, SSH commands and prices, with a real Terraform.

mod support;

use std::collections::BTreeMap;

use serde_json::json;
use support::Scenario;
use tensorpool_simulator::{Action, Fault, NewCluster};

/// A scenario with a cluster of two nodes that was made outside Terraform.
fn with_cluster(name: &str) -> (Scenario, String) {
    let scenario = Scenario::new(name);
    let id = scenario.cloud.add_cluster(NewCluster {
        name: "train".to_owned(),
        instance_type: "1xH100".to_owned(),
        num_nodes: 2,
        deletion_protection: false,
    });
    (scenario, id)
}

fn answer(body: &str) -> Action {
    Action::Respond { status: 200, body: body.to_owned(), headers: BTreeMap::default() }
}

fn write(scenario: &Scenario, type_name: &str, arguments: &str) {
    scenario.write(&format!(
        "data \"{type_name}\" \"it\" {{\n{arguments}\n}}\n\noutput \"it\" {{\n  value = data.{type_name}.it\n}}"
    ));
}

fn found(scenario: &Scenario) -> serde_json::Value {
    scenario.apply().ok();
    scenario.json(&["output", "-json", "it"])
}

#[test]
fn the_operations_of_a_cluster_are_listed_and_each_is_looked_at() {
    let scenario = Scenario::new("operations");
    scenario.write_cluster("  name = \"train\"\n  instance_type = \"1xH100\"");
    scenario.apply().ok();
    let id = scenario.cluster()["id"].as_str().expect("it has one").to_owned();
    let data = |arguments: &str| {
        write(&scenario, "tensorpool_cluster_operations", &format!("  cluster_id = \"{id}\"\n{arguments}"));
        // The cluster is not in this configuration; only the data source is refreshed.
        scenario
            .run(&["apply", "-auto-approve", "-input=false", "-json", "-target=data.tensorpool_cluster_operations.it"])
            .ok();
        scenario.json(&["output", "-json", "it"])["operations"].clone()
    };
    let all = data("");
    assert_eq!(all.as_array().map(Vec::len), Some(1));
    let (claim, request_id) = (&all[0], all[0]["request_id"].as_str().expect("it has one"));
    assert_eq!((&claim["request_type"], &claim["status"]), (&json!("CLUSTER_CLAIM"), &json!("COMPLETED")));
    assert!(claim["created_at"].as_str().is_some_and(|time| time.contains('T')), "{claim}");
    assert_eq!(data("  status = \"completed\"").as_array().map(Vec::len), Some(1));
    assert_eq!(data("  request_type = \"CLUSTER_RELEASE\""), json!([]));

    write(&scenario, "tensorpool_request", &format!("  request_id = \"{request_id}\""));
    scenario.run(&["apply", "-auto-approve", "-input=false", "-json", "-target=data.tensorpool_request.it"]).ok();
    assert_eq!(scenario.json(&["output", "-json", "it"]), *claim);
}

#[test]
fn what_is_absent_is_an_error() {
    let scenario = Scenario::new("lookups-absent");
    for (type_name, arguments, summary, request) in [
        ("tensorpool_request", "  request_id = \"req_none\"", "request", "GET /request/info/req_none"),
        ("tensorpool_cluster_operations", "  cluster_id = \"c-none\"", "cluster", "GET /cluster/info/c-none"),
        ("tensorpool_ssh_command", "  instance_id = \"i-none\"", "SSH command of node", "GET /ssh/i-none"),
        ("tensorpool_cluster", "  id = \"c-none\"", "cluster", "GET /cluster/info/c-none"),
        ("tensorpool_storage", "  id = \"s-none\"", "storage volume", "GET /storage/info/s-none"),
        ("tensorpool_ssh_commands", "  cluster_id = \"c-none\"", "cluster", "GET /cluster/info/c-none"),
        ("tensorpool_job", "  id = \"j-none\"", "job", "GET /job/info/j-none"),
    ] {
        write(&scenario, type_name, arguments);
        let run = scenario.plan();
        let error = run.error(&format!("Cannot look up {summary}: not found"));
        error.says(&[request, "404"]);
        assert_eq!(error.code, arguments.trim(), "the error points at the attribute");
    }
}

#[test]
fn a_failure_that_no_other_id_helps_points_at_no_attribute() {
    let scenario = Scenario::new("lookups-key");
    write(&scenario, "tensorpool_cluster", "  id = \"c-1\"");
    let refused = Action::Respond { status: 401, body: "{}".to_owned(), headers: BTreeMap::default() };
    scenario.cloud.add_fault(Fault::once("GET", "/", refused).always());
    let run = scenario.plan();
    let error = run.error("Cannot look up cluster: API key not accepted");
    assert_eq!(error.code, "data \"tensorpool_cluster\" \"it\" {");
}

#[test]
fn a_cluster_without_operations_is_not_taken_for_an_absent_one() {
    let (scenario, id) = with_cluster("operations-none");
    scenario.cloud.add_fault(Fault::once("GET", "/cluster/operations/", answer("{\"operations\": []}")).always());
    write(&scenario, "tensorpool_cluster_operations", &format!("  cluster_id = \"{id}\""));
    assert_eq!(found(&scenario)["operations"], json!([]));
}

#[test]
fn the_ssh_command_is_for_linux_unless_another_system_is_named() {
    let (scenario, id) = with_cluster("ssh");
    let instance = scenario.cloud.clusters()[0].instance_ids[1].clone();
    let command = |more: &str| {
        write(&scenario, "tensorpool_ssh_command", &format!("  instance_id = \"{instance}\"\n{more}"));
        found(&scenario)
    };
    let linux = command("");
    assert_eq!(linux["system"], "linux");
    assert!(linux["command"].as_str().is_some_and(|command| command.starts_with("ssh -o ")), "{linux}");
    let windows = command("  system = \"windows\"");
    assert!(windows["command"].as_str().is_some_and(|command| command.starts_with("ssh.exe ")), "{windows}");
    write(&scenario, "tensorpool_ssh_command", &format!("  instance_id = \"{instance}\"\n  system = \"Linux\""));
    assert_eq!(scenario.plan().error("Invalid attribute value").code, "system = \"Linux\"");

    scenario.cloud.set_instance_status(&id, Some("PENDING"));
    write(&scenario, "tensorpool_ssh_command", &format!("  instance_id = \"{instance}\""));
    scenario.plan().error("Cannot look up SSH command of node: conflict").says(&["409", "Instance is not RUNNING"]);
}

#[test]
fn the_ssh_commands_of_a_new_cluster_are_counted_during_the_plan() {
    let scenario = Scenario::new("ssh-all");
    let stack = |more: &str| {
        format!(
            "resource \"tensorpool_cluster\" \"train\" {{\n  name = \"train\"\n  instance_type = \"1xH100\"\n  num_nodes = 6\n}}\n\n\
             data \"tensorpool_ssh_commands\" \"train\" {{\n  cluster_id = tensorpool_cluster.train.id\n{more}\n}}\n\n\
             resource \"terraform_data\" \"node\" {{\n  count = tensorpool_cluster.train.num_nodes\n  input = \
             data.tensorpool_ssh_commands.train.nodes[count.index].command\n}}\n\noutput \"same_order\" {{\n  value = \
             data.tensorpool_ssh_commands.train.nodes[*].instance_id == tensorpool_cluster.train.instances[*].id\n}}\n"
        )
    };
    scenario.write(&stack(""));
    scenario.apply().ok();
    assert_eq!(scenario.asked("GET /ssh/"), 6);
    assert_eq!(scenario.json(&["output", "-json", "same_order"]), json!(true));
    let commands: std::collections::BTreeSet<_> =
        (0..6).map(|node| scenario.values(&format!("terraform_data.node[{node}]"))["output"].to_string()).collect();
    assert_eq!(commands.len(), 6, "each node has an address of its own: {commands:?}");
    assert!(commands.iter().all(|command| command.starts_with("\"ssh -o ")), "{commands:?}");
    scenario.expect_empty_plan();
    scenario.write(&stack("  system = \"windows\""));
    scenario.apply().ok();
    assert!(scenario.values("terraform_data.node[5]")["output"].to_string().starts_with("\"ssh.exe "));
}

#[test]
fn a_node_that_does_not_run_has_no_ssh_command_and_fails_nothing() {
    let (scenario, id) = with_cluster("ssh-all-pending");
    let instance = scenario.cloud.clusters()[0].instance_ids[1].clone();
    let action = Action::Respond {
        status: 409,
        body: "{\"message\": \"Instance is not RUNNING\"}".to_owned(),
        headers: BTreeMap::default(),
    };
    scenario.cloud.add_fault(Fault::once("GET", &format!("/ssh/{instance}"), action).always());
    write(&scenario, "tensorpool_ssh_commands", &format!("  cluster_id = \"{id}\""));
    let nodes = found(&scenario)["nodes"].clone();
    assert!(nodes[0]["command"].is_string(), "{nodes}");
    assert_eq!((&nodes[1]["instance_id"], &nodes[1]["command"]), (&json!(instance), &json!(null)));
    scenario.cloud.clear_faults();
    scenario.cloud.set_instance_status(&id, Some("PENDING"));
    let nodes = found(&scenario)["nodes"].clone();
    assert_eq!((&nodes[0]["status"], &nodes[0]["command"]), (&json!("PENDING"), &json!(null)));
    // What is no refusal about a node is no answer.
    let refused = Action::Respond { status: 403, body: "{}".to_owned(), headers: BTreeMap::default() };
    scenario.cloud.add_fault(Fault::once("GET", "/ssh/", refused).always());
    scenario.plan().error("Cannot look up SSH command of node: access denied");
    write(&scenario, "tensorpool_ssh_commands", "  cluster_id = \"c-none\"");
    assert_eq!(scenario.plan().error("Cannot look up cluster: not found").code, "cluster_id = \"c-none\"");
}

#[test]
fn prices_are_set_if_the_api_returns_them() {
    let scenario = Scenario::new("quotes");
    write(&scenario, "tensorpool_cluster_quote", "  instance_type = \"8xH100\"");
    assert_eq!(found(&scenario), json!({"instance_type": "8xH100", "num_nodes": 1, "hourly_rate": 16}));
    write(&scenario, "tensorpool_cluster_quote", "  instance_type = \"8xH100\"\n  num_nodes = 2");
    assert_eq!(found(&scenario)["hourly_rate"], json!(32));
    write(&scenario, "tensorpool_storage_quote", "  size_gb = 730");
    assert_eq!(found(&scenario), json!({"size_gb": 730, "hourly_rate": 0.1}));
    write(&scenario, "tensorpool_storage_quote", "  size_gb = 0");
    assert_eq!(scenario.plan().error("Invalid attribute value").code, "size_gb = 0");
}

#[test]
fn an_endpoint_of_prices_that_no_longer_exists_is_reported_as_such() {
    let scenario = Scenario::new("quotes-deleted");
    scenario.cloud.configure(|options| options.variants.without_quotes = true);
    for (type_name, arguments) in
        [("tensorpool_cluster_quote", "  instance_type = \"8xH100\""), ("tensorpool_storage_quote", "  size_gb = 100")]
    {
        write(&scenario, type_name, arguments);
        let run = scenario.plan();
        run.error("Quotes are not available").says(&["it does not have this endpoint", "remove this data source"]);
    }
}

#[test]
fn a_price_that_cannot_be_read_is_another_failure() {
    let scenario = Scenario::new("quotes-odd");
    scenario.cloud.add_fault(Fault::once("GET", "/storage/quote", answer("{\"message\": \"ask sales\"}")).always());
    write(&scenario, "tensorpool_storage_quote", "  size_gb = 100");
    scenario.plan().error("Cannot look up storage quote: unreadable response").says(&["contains no hourly rate"]);
}
