//! The data sources on jobs, with a real Terraform.

mod support;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use support::Scenario;
use tensorpool_simulator::{Action, Fault, NewJob};

fn add(scenario: &Scenario, name: &str, status: &str, cluster_id: Option<&str>) -> String {
    let cluster_id = cluster_id.map(str::to_owned);
    scenario.cloud.add_job(NewJob { name: name.to_owned(), status: status.to_owned(), cluster_id })
}

fn answer(body: &str) -> Action {
    Action::Respond { status: 200, body: body.to_owned(), headers: BTreeMap::default() }
}

fn write(scenario: &Scenario, type_name: &str, arguments: &str) {
    scenario.write(&format!(
        "data \"{type_name}\" \"it\" {{\n{arguments}\n}}\n\noutput \"it\" {{\n  value = data.{type_name}.it\n}}"
    ));
}

fn found(scenario: &Scenario, type_name: &str, arguments: &str) -> Value {
    write(scenario, type_name, arguments);
    scenario.apply().ok();
    scenario.json(&["output", "-json", "it"])
}

fn ids(scenario: &Scenario, arguments: &str) -> Vec<String> {
    let found = found(scenario, "tensorpool_jobs", arguments);
    let jobs = found["jobs"].as_array().expect("it is a list");
    jobs.iter().map(|job| job["id"].as_str().expect("it has one").to_owned()).collect()
}

#[test]
fn jobs_are_listed_in_the_order_of_their_ids_and_filtered() {
    let scenario = Scenario::new("jobs");
    assert_eq!(ids(&scenario, ""), [""; 0]);
    let running = add(&scenario, "train-1", "running", Some("c-1"));
    let ended = add(&scenario, "train-2", "completed", Some("c-2"));
    let pending = add(&scenario, "evaluate", "pending", None);
    let mut all = [running.clone(), ended.clone(), pending.clone()];
    all.sort();
    assert_eq!(ids(&scenario, ""), all);
    assert_eq!(ids(&scenario, "  include_org = true"), all, "one that is in both lists is one job");
    assert_eq!(ids(&scenario, "  status = \"Running\""), [running.as_str()]);
    assert_eq!(ids(&scenario, "  cluster_id = \"c-2\""), [ended]);
    assert_eq!(ids(&scenario, "  name_contains = \"train\"\n  status = \"running\""), [running]);
    assert_eq!(ids(&scenario, "  status = \"pending\""), [pending]);
    scenario.expect_empty_plan();
}

#[test]
fn one_job_is_looked_up_by_its_id() {
    let scenario = Scenario::new("job");
    let id = add(&scenario, "train", "running", Some("c-1"));
    let job = found(&scenario, "tensorpool_job", &format!("  id = \"{id}\""));
    assert_eq!((&job["id"], &job["name"]), (&json!(id), &json!("train")));
    assert_eq!((&job["status"], &job["ended"]), (&json!("running"), &json!(false)));
    assert_eq!((&job["cluster_id"], &job["created_at"]), (&json!("c-1"), &json!(null)));
    write(&scenario, "tensorpool_job", "  id = \"j-none\"");
    let run = scenario.plan();
    let error = run.error("Cannot look up job: not found");
    error.says(&["GET /job/info/j-none", "404"]);
    assert_eq!(error.code, "id = \"j-none\"");
}

#[test]
fn what_the_api_does_not_return_of_a_job_is_null() {
    let scenario = Scenario::new("jobs-bare");
    scenario.cloud.add_fault(
        Fault::once(
            "GET",
            "/job/list",
            answer("{\"message\": \"m\", \"jobs\": [{\"job_id\": \"j-1\", \"status\": \"PAUSED\"}]}"),
        )
        .always(),
    );
    let found = found(&scenario, "tensorpool_jobs", "");
    let expected = json!([{"id": "j-1", "status": "PAUSED", "ended": false, "name": null, "cluster_id": null,
        "created_at": null}]);
    assert_eq!(found["jobs"], expected);
}

#[test]
fn a_response_about_another_job_is_not_used() {
    let scenario = Scenario::new("job-other");
    let other = answer("{\"job_info\": {\"job_id\": \"j-2\", \"status\": \"running\"}}");
    scenario.cloud.add_fault(Fault::once("GET", "/job/info/", other).always());
    write(&scenario, "tensorpool_job", "  id = \"j-1\"");
    scenario.plan().error("Cannot look up job: response about another object").says(&["j-2"]);
}
