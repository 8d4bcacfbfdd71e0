//! Valid calls of the newer kinds of object: ephemeral resources, lists, actions, identities.

mod sample;

use std::path::Path;
use std::time::Duration;

use terraform_plugin::value::{Type, Value};
use terraform_plugin_testing::proto::tfplugin6 as pb;
use terraform_plugin_testing::proto::tfplugin6::diagnostic::Severity;
use terraform_plugin_testing::proto::tfplugin6::invoke_action::event::Type as Event;
use terraform_plugin_testing::proto::tfplugin6::provider_client::ProviderClient;
use terraform_plugin_testing::{Plugin, received, sent};
use tonic::transport::Channel;

use sample::{PROGRAM, configured};

fn note_type() -> Type {
    Type::object([
        ("id", Type::String),
        ("text", Type::String),
        ("delay_ms", Type::Number),
        ("tags", Type::List(Box::new(Type::String))),
    ])
}

fn note(id: Value) -> Value {
    Value::object([("id", id), ("text", "found".into()), ("delay_ms", Value::Null), ("tags", Value::Null)])
}

fn identity_type() -> Type {
    Type::object([("id", Type::String)])
}

fn identity(id: &str) -> pb::ResourceIdentityData {
    let data = sent(&Value::object([("id", Value::from(id))]), &identity_type());
    pb::ResourceIdentityData { identity_data: data }
}

#[tokio::test]
async fn an_ephemeral_resource_is_opened_renewed_and_closed() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = configured(&plugin).await;
    let name = || "sample_token".to_owned();
    let ty = Type::object([("value", Type::String)]);
    let config = sent(&Value::object([("value", Value::Null)]), &ty);
    let request = pb::validate_ephemeral_resource_config::Request { type_name: name(), config: config.clone() };
    let answer = client.validate_ephemeral_resource_config(request).await.expect("answered").into_inner();
    assert!(answer.diagnostics.is_empty());
    let request = pb::open_ephemeral_resource::Request { type_name: name(), config, ..Default::default() };
    let opened = client.open_ephemeral_resource(request).await.expect("answered").into_inner();
    assert_eq!(received(opened.result, &ty), Value::object([("value", Value::from("t-1"))]));
    assert_eq!(opened.renew_at.expect("it is renewed").seconds, 1_000);
    let request = pb::renew_ephemeral_resource::Request { type_name: name(), private: opened.private };
    let renewed = client.renew_ephemeral_resource(request).await.expect("answered").into_inner();
    assert_eq!(renewed.renew_at.expect("it is renewed again").seconds, 2_000);
    let request = pb::close_ephemeral_resource::Request { type_name: name(), private: renewed.private };
    let closed = client.close_ephemeral_resource(request).await.expect("answered").into_inner();
    assert_eq!(closed.diagnostics[0].detail, "after 1 renewals");
    let request = pb::close_ephemeral_resource::Request { type_name: name(), private: None };
    let closed = client.close_ephemeral_resource(request).await.expect("answered").into_inner();
    assert_eq!(closed.diagnostics[0].summary, "Not open");
}

fn search(prefix: &str, limit: i64, include_resource_object: bool) -> pb::list_resource::Request {
    let ty = Type::object([("prefix", Type::String)]);
    let config = sent(&Value::object([("prefix", Value::from(prefix))]), &ty);
    pb::list_resource::Request { type_name: "sample_note".to_owned(), config, include_resource_object, limit }
}

async fn counted(
    client: &mut ProviderClient<Channel>,
    to: i64,
    delay_ms: i64,
) -> tonic::Streaming<pb::invoke_action::Event> {
    let ty = Type::object([("to", Type::Number), ("delay_ms", Type::Number)]);
    let config = sent(&Value::object([("to", Value::from(to)), ("delay_ms", delay_ms.into())]), &ty);
    let request = pb::invoke_action::Request { action_type: "sample_count".to_owned(), config, ..Default::default() };
    client.invoke_action(request).await.expect("answered").into_inner()
}

/// How many searches and creates run in the provider.
async fn running(client: &mut ProviderClient<Channel>) -> String {
    let mut events = counted(client, 0, 0).await;
    match events.message().await.expect("the stream is whole").and_then(|event| event.r#type) {
        Some(Event::Completed(completed)) => completed.diagnostics[0].detail.clone(),
        other => panic!("it counts to nothing: {other:?}"),
    }
}

#[tokio::test]
async fn a_search_ends_at_its_limit() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = configured(&plugin).await;
    let mut events = client.list_resource(search("n", 3, true)).await.expect("answered").into_inner();
    let mut found = Vec::new();
    while let Some(event) = events.message().await.expect("the stream is whole") {
        let identity = received(event.identity.and_then(|identity| identity.identity_data), &identity_type());
        assert_eq!(identity, Value::object([("id", Value::from(event.display_name.as_str()))]));
        assert_eq!(received(event.resource_object, &note_type()), note(event.display_name.as_str().into()));
        found.push(event.display_name);
    }
    assert_eq!(found, ["n0", "n1", "n2"]);
    assert_eq!(running(&mut client).await, "0");
}

#[tokio::test]
async fn a_search_ends_when_no_caller_listens_any_more() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = configured(&plugin).await;
    let mut events = client.list_resource(search("n", i64::MAX, false)).await.expect("answered").into_inner();
    let first = events.message().await.expect("the stream is whole").expect("there is one");
    assert_eq!((first.display_name.as_str(), first.resource_object), ("n0", None));
    assert_eq!(running(&mut client).await, "1");
    drop(events);
    let ended = async { while running(&mut client).await != "0" {} };
    tokio::time::timeout(Duration::from_secs(10), ended).await.expect("it ends soon");
}

#[tokio::test]
async fn an_operation_is_stopped_when_its_client_disconnects() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = configured(&plugin).await;
    let ty = note_type();
    let slow = |id: Value| {
        Value::object([("id", id), ("text", "slow".into()), ("delay_ms", 600_000.into()), ("tags", Value::Null)])
    };
    let request = pb::apply_resource_change::Request {
        type_name: "sample_note".to_owned(),
        prior_state: sent(&Value::Null, &ty),
        planned_state: sent(&slow(Value::unknown()), &ty),
        config: sent(&slow(Value::Null), &ty),
        ..Default::default()
    };
    let mut other = plugin.client().await;
    let apply = tokio::spawn(async move { other.apply_resource_change(request).await });
    let limit = Duration::from_secs(10);
    let begun = async { while running(&mut client).await != "1" {} };
    tokio::time::timeout(limit, begun).await.expect("it begins");
    apply.abort();
    let ended = async { while running(&mut client).await != "0" {} };
    tokio::time::timeout(limit, ended).await.expect("it does not go on for ten minutes");
}

#[tokio::test]
async fn a_search_that_fails_says_why() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = configured(&plugin).await;
    let mut events = client.list_resource(search("fail", 3, false)).await.expect("answered").into_inner();
    let event = events.message().await.expect("the stream is whole").expect("there is one");
    assert_eq!((event.diagnostic[0].summary.as_str(), event.identity), ("Cannot search", None));
    assert!(events.message().await.expect("the stream is whole").is_none());
}

#[tokio::test]
async fn the_configuration_of_a_search_is_checked() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = plugin.client().await;
    let ty = Type::object([("prefix", Type::String)]);
    let request = |prefix: Value| pb::validate_list_resource_config::Request {
        type_name: "sample_note".to_owned(),
        config: sent(&Value::object([("prefix", prefix)]), &ty),
        include_resource_object: sent(&true.into(), &Type::Bool),
        limit: sent(&Value::unknown(), &Type::Number),
    };
    for fine in ["n".into(), Value::Null, Value::unknown()] {
        let answer = client.validate_list_resource_config(request(fine)).await.expect("answered").into_inner();
        assert_eq!(answer.diagnostics, []);
    }
    let long = request("n".repeat(21).into());
    let refused = client.validate_list_resource_config(long).await.expect("answered").into_inner().diagnostics;
    let [error] = &refused[..] else { panic!("not one message: {refused:?}") };
    assert_eq!((error.severity(), error.summary.as_str()), (Severity::Error, "Invalid attribute value"));
    let steps = error.attribute.as_ref().map(|path| path.steps.len());
    assert_eq!(steps, Some(1), "{error:?}");
}

#[tokio::test]
async fn an_action_reports_its_progress_and_a_stop_ends_it() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = configured(&plugin).await;
    let ty = Type::object([("to", Type::Number), ("delay_ms", Type::Number)]);
    let config = sent(&Value::object([("to", Value::from(5_000)), ("delay_ms", Value::Null)]), &ty);
    let request = pb::plan_action::Request { action_type: "sample_count".to_owned(), config, ..Default::default() };
    let planned = client.plan_action(request).await.expect("answered").into_inner();
    assert_eq!(planned.diagnostics[0].summary, "That is far");

    let mut events = counted(&mut client, 1_000_000, 1).await;
    for expected in ["1", "2"] {
        match events.message().await.expect("the stream is whole").and_then(|event| event.r#type) {
            Some(Event::Progress(progress)) => assert_eq!(progress.message, expected),
            other => panic!("it counts: {other:?}"),
        }
    }
    client.stop_provider(pb::stop_provider::Request {}).await.expect("answered");
    let completed = loop {
        match events.message().await.expect("the stream is whole").and_then(|event| event.r#type) {
            Some(Event::Progress(_)) => {}
            Some(Event::Completed(completed)) => break completed,
            None => panic!("it ends without an end"),
        }
    };
    assert_eq!(completed.diagnostics[0].summary, "Stopped");
    // The stop was for what ran then.
    assert_eq!(running(&mut client).await, "0");
}

#[tokio::test]
async fn an_action_is_handed_what_is_write_only() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = configured(&plugin).await;
    let schema = client.get_provider_schema(pb::get_provider_schema::Request {}).await.expect("answered").into_inner();
    assert!(schema.diagnostics.is_empty());
    let sign = schema.action_schemas["sample_sign"].schema.as_ref().and_then(|schema| schema.block.as_ref());
    let token = &sign.expect("it has a schema").attributes[0];
    assert!(token.write_only);
    assert_eq!(token.description, "What to sign with. Must have at least 3 characters.");

    let (name, ty) = (|| "sample_sign".to_owned(), Type::object([("token", Type::String)]));
    let config = |token: &str| sent(&Value::object([("token", Value::from(token))]), &ty);
    // This RPC alone does not say what its client can.
    let validate = |token: &str| pb::validate_action_config::Request { type_name: name(), config: config(token) };
    let answer = client.validate_action_config(validate("t-1")).await.expect("answered").into_inner();
    assert_eq!(answer.diagnostics, []);
    let refused = client.validate_action_config(validate("t2")).await.expect("answered").into_inner();
    assert!(!refused.diagnostics[0].detail.contains("t2"), "{refused:?}");
    let request = pb::plan_action::Request { action_type: name(), config: config("t-1"), ..Default::default() };
    assert_eq!(client.plan_action(request).await.expect("answered").into_inner().diagnostics, []);
    let request = pb::invoke_action::Request { action_type: name(), config: config("t-1"), ..Default::default() };
    let mut events = client.invoke_action(request).await.expect("answered").into_inner();
    match events.message().await.expect("the stream is whole").and_then(|event| event.r#type) {
        Some(Event::Completed(completed)) => assert_eq!(completed.diagnostics[0].detail, "with 3 bytes"),
        other => panic!("it signs: {other:?}"),
    }
}

#[tokio::test]
async fn an_identity_goes_through_import_read_and_upgrade() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = configured(&plugin).await;
    let name = || "sample_note".to_owned();
    let schemas = client.get_resource_identity_schemas(pb::get_resource_identity_schemas::Request {}).await;
    let schemas = schemas.expect("answered").into_inner().identity_schemas;
    assert!(schemas["sample_note"].identity_attributes[0].required_for_import);
    let request =
        pb::import_resource_state::Request { type_name: name(), identity: Some(identity("n-7")), ..Default::default() };
    let imported = client.import_resource_state(request).await.expect("answered").into_inner().imported_resources;
    assert_eq!(received(imported[0].state.clone(), &note_type()), note("n-7".into()));
    assert_eq!(imported[0].identity, Some(identity("n-7")));
    let request = pb::read_resource::Request {
        type_name: name(),
        current_state: imported[0].state.clone(),
        current_identity: Some(identity("n-7")),
        ..Default::default()
    };
    let read = client.read_resource(request.clone()).await.expect("answered").into_inner();
    assert_eq!((read.new_identity, read.diagnostics.len()), (Some(identity("n-7")), 0));
    // One that has become another is not taken for the same.
    let request = pb::read_resource::Request { current_identity: Some(identity("n-8")), ..request };
    let read = client.read_resource(request).await.expect("answered").into_inner();
    assert!(read.diagnostics[0].detail.contains("sample_note: after its read, its identity is another one"));
    let raw = |json: &str| Some(pb::RawState { json: json.as_bytes().to_vec(), ..Default::default() });
    let request =
        pb::upgrade_resource_identity::Request { type_name: name(), version: 0, raw_identity: raw(r#"{"id":"n-7"}"#) };
    let upgraded = client.upgrade_resource_identity(request).await.expect("answered").into_inner();
    assert_eq!(upgraded.upgraded_identity, Some(identity("n-7")));
    let request = pb::upgrade_resource_identity::Request { type_name: name(), version: 3, raw_identity: raw("{}") };
    let refused = client.upgrade_resource_identity(request).await.expect("answered").into_inner();
    assert_eq!(refused.diagnostics[0].summary, "Identity cannot be read");
}

#[tokio::test]
async fn an_object_from_before_identities_has_none_to_upgrade() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = plugin.client().await;
    let raw = |json: &[u8]| Some(pb::RawState { json: json.to_vec(), ..Default::default() });
    for raw_identity in [None, raw(b""), raw(b"null\n")] {
        let request =
            pb::upgrade_resource_identity::Request { type_name: "sample_note".to_owned(), version: 0, raw_identity };
        let answer = client.upgrade_resource_identity(request).await.expect("answered").into_inner();
        assert_eq!((answer.upgraded_identity, answer.diagnostics), (None, Vec::new()));
    }
}

#[tokio::test]
async fn a_configuration_is_generated() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = configured(&plugin).await;
    let ty = note_type();
    let request = pb::generate_resource_config::Request {
        type_name: "sample_note".to_owned(),
        state: sent(&note("n-1".into()), &ty),
    };
    let generated = client.generate_resource_config(request).await.expect("answered").into_inner();
    assert_eq!(received(generated.config, &ty), note(Value::Null));
}

#[tokio::test]
async fn a_move_has_the_identity_of_its_source() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = configured(&plugin).await;
    let json = |text: &str| Some(pb::RawState { json: text.as_bytes().to_vec(), ..Default::default() });
    let request = |source: &str| pb::move_resource_state::Request {
        source_type_name: source.to_owned(),
        source_state: json(r#"{"text": "found", "color": "red"}"#),
        source_identity: json(r#"{"number": 7}"#),
        source_identity_schema_version: 3,
        target_type_name: "sample_note".to_owned(),
        ..Default::default()
    };
    let moved = client.move_resource_state(request("old_note")).await.expect("answered").into_inner();
    assert_eq!(moved.diagnostics, []);
    assert_eq!(received(moved.target_state, &note_type()), note("n-7".into()));
    assert_eq!(moved.target_identity, Some(identity("n-7")));
    assert_eq!(String::from_utf8_lossy(&moved.target_private), r#"{"number":7,"version":3}"#);
    let without = pb::move_resource_state::Request { source_identity: None, ..request("old_note") };
    for refused in [request("other_thing"), without] {
        let refused = client.move_resource_state(refused).await.expect("answered").into_inner();
        assert_eq!(refused.diagnostics[0].summary, "Move not supported");
    }
}
