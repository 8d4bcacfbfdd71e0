//! The resource without a Terraform: each function is called with an operation that the test makes.

use std::sync::Arc;

use serde_json::{Value as Json, json};
use terraform_plugin::testing::{EndState, ended, operation, resource_plan};
use terraform_plugin::value::Value;
use terraform_plugin::{Attr, Private};
use wiremock::matchers::{body_json, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::client::Client;

const RECORDS: &str = "/v1/zones/a.example/records";

fn planned() -> RecordModel {
    RecordModel {
        id: Attr::Unknown,
        zone: "a.example".into(),
        name: "www".into(),
        kind: "A".into(),
        value: "192.0.2.1".into(),
        ttl: TTL.into(),
    }
}

fn existing() -> RecordModel {
    RecordModel { id: "rec-1".into(), ..planned() }
}

fn body() -> Json {
    json!({"name": "www", "type": "A", "value": "192.0.2.1", "ttl": 3600})
}

fn answer() -> Json {
    json!({"id": "rec-1", "name": "www", "type": "A", "value": "192.0.2.1", "ttl": 3600})
}

async fn answering(verb: &str, at: &str, answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method(verb)).and(path(at)).respond_with(answer).mount(&server).await;
    server
}

fn begin(server: &MockServer) -> Operation<Session, RecordModel> {
    let client = Client::new(server.uri().parse().expect("a URL"), "t".to_owned(), "test");
    operation(Arc::new(Session::new(client.expect("a client can be built"))), Private::default(), None)
}

#[tokio::test]
async fn a_create_sends_the_plan_and_saves_what_the_service_made_of_it() {
    let server = MockServer::start().await;
    let created = ResponseTemplate::new(201).set_body_json(answer());
    Mock::given(method("POST")).and(path(RECORDS)).and(body_json(body())).respond_with(created).mount(&server).await;
    let mut operation = begin(&server);
    RecordResource.create(&mut operation, planned()).await.expect("it succeeds");
    assert_eq!(ended(operation).state, EndState::Saved(existing()));
}

#[tokio::test]
async fn a_create_that_is_refused_saves_nothing_and_says_why() {
    let conflict = ResponseTemplate::new(409).set_body_json(json!({"message": "rec-7 has this name and type"}));
    let server = answering("POST", RECORDS, conflict).await;
    let mut operation = begin(&server);
    let errors = RecordResource.create(&mut operation, planned()).await.expect_err("it is refused");
    let error = errors.iter().next().expect("there is one");
    assert_eq!(error.summary, "Cannot create record");
    for part in ["the A record \"www\" of the zone \"a.example\"", "rec-7 has this name and type", "Import"] {
        assert!(error.detail.contains(part), "{part:?} is not in {}", error.detail);
    }
    assert_eq!(ended(operation).state, EndState::Kept);
}

#[tokio::test]
async fn a_read_finds_what_changed_and_what_is_gone_and_keeps_the_state_if_it_fails() {
    let mut changed = answer();
    changed["ttl"] = json!(60);
    let found = ResponseTemplate::new(200).set_body_json(changed);
    for (answer, expected) in [
        (found, EndState::Saved(RecordModel { ttl: 60.into(), ..existing() })),
        (ResponseTemplate::new(404), EndState::Removed),
        (ResponseTemplate::new(500), EndState::Kept),
    ] {
        let server = answering("GET", &format!("{RECORDS}/rec-1"), answer).await;
        let mut operation = begin(&server);
        let result = RecordResource.read(&mut operation, existing()).await;
        assert_eq!(result.is_err(), expected == EndState::Kept);
        assert_eq!(ended(operation).state, expected);
    }
}

#[tokio::test]
async fn what_is_gone_already_counts_as_deleted() {
    for (status, is_deleted) in [(204, true), (404, true), (403, false)] {
        let server = answering("DELETE", &format!("{RECORDS}/rec-1"), ResponseTemplate::new(status)).await;
        let result = RecordResource.delete(&mut begin(&server), existing()).await;
        assert_eq!(result.is_ok(), is_deleted, "{status}");
    }
}

#[tokio::test]
async fn an_old_value_that_stays_in_caches_for_long_is_a_warning() {
    let changed = |ttl: i64, value: &str| {
        let prior = RecordModel { ttl: ttl.into(), ..existing() };
        let planned = RecordModel { value: value.into(), ..existing() };
        resource_plan(None, Some(prior), Some(planned.clone()), Some(planned))
    };
    for (ttl, value, warns) in [(86_400, "192.0.2.2", false), (86_401, "192.0.2.2", true), (86_401, "192.0.2.1", false)]
    {
        let mut plan = changed(ttl, value);
        RecordResource.plan(&mut plan).await.expect("it is no error");
        assert_eq!(!plan.warnings.is_empty(), warns, "{ttl} {value}");
        assert!(!plan.warnings.has_errors());
    }
}

#[tokio::test]
async fn a_cname_is_refused_at_the_zone_itself_alone() {
    for (kind, name, is_fine) in [("CNAME", "@", false), ("CNAME", "www", true), ("A", "@", true)] {
        let config = RecordModel { kind: kind.into(), name: name.into(), ..planned() };
        assert_eq!(RecordResource.validate(config).await.is_ok(), is_fine, "{kind} {name}");
    }
    let unknown = RecordModel { kind: "CNAME".into(), name: Attr::Unknown, ..planned() };
    assert!(RecordResource.validate(unknown).await.is_ok());
}

#[test]
fn an_import_takes_the_zone_and_the_id_in_both_forms() {
    let identity = Value::object([("zone", Value::from("a.example")), ("id", Value::from("rec-1"))]);
    for target in [ImportTarget::Id("a.example/rec-1".to_owned()), ImportTarget::Identity(identity)] {
        assert_eq!(imported(&target), Ok(("a.example", "rec-1")));
    }
    for id in ["", "rec-1", "a.example/", "/rec-1", "a/b/c"] {
        let error = imported(&ImportTarget::Id(id.to_owned())).expect_err("it is refused");
        assert!(error.detail.contains(&format!("{id:?}")), "{}", error.detail);
    }
}
