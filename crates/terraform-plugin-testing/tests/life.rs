//! Valid calls, in the order in which Terraform makes them.

use std::path::Path;

use terraform_plugin::value::{Type, Value};
use terraform_plugin_testing::proto::tfplugin6 as pb;
use terraform_plugin_testing::{Plugin, received, sent};

const PROGRAM: &str = env!("CARGO_BIN_EXE_terraform-provider-sample");

fn note_type() -> Type {
    Type::object([
        ("id", Type::String),
        ("text", Type::String),
        ("delay_ms", Type::Number),
        ("tags", Type::List(Box::new(Type::String))),
    ])
}

fn note(id: Value, text: &str) -> Value {
    Value::object([("id", id), ("text", text.into()), ("delay_ms", Value::Null), ("tags", Value::Null)])
}

#[expect(clippy::too_many_lines, reason = "it is one life, step after step")]
#[tokio::test]
async fn a_resource_is_created_read_changed_and_deleted() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = plugin.client().await;
    let (ty, name) = (note_type(), || "sample_note".to_owned());
    let config_type = Type::object([("greeting", Type::String)]);
    let config = sent(&Value::object([("greeting", Value::Null)]), &config_type);

    let schema = client.get_provider_schema(pb::get_provider_schema::Request {}).await.expect("answered").into_inner();
    assert!(schema.diagnostics.is_empty() && schema.resource_schemas.contains_key("sample_note"));
    let validate = pb::validate_provider_config::Request { config: config.clone() };
    let answer = client.validate_provider_config(validate).await.expect("answered").into_inner();
    assert!(answer.diagnostics.is_empty());
    let configure = pb::configure_provider::Request { config, ..Default::default() };
    assert!(client.configure_provider(configure).await.expect("answered").into_inner().diagnostics.is_empty());

    let written = note(Value::Null, "hello");
    let request =
        pb::validate_resource_config::Request { type_name: name(), config: sent(&written, &ty), ..Default::default() };
    assert!(client.validate_resource_config(request).await.expect("answered").into_inner().diagnostics.is_empty());
    let request = pb::plan_resource_change::Request {
        type_name: name(),
        prior_state: sent(&Value::Null, &ty),
        proposed_new_state: sent(&written, &ty),
        config: sent(&written, &ty),
        ..Default::default()
    };
    let plan = client.plan_resource_change(request).await.expect("answered").into_inner();
    assert_eq!(received(plan.planned_state.clone(), &ty), note(Value::unknown(), "hello"));

    let request = pb::apply_resource_change::Request {
        type_name: name(),
        prior_state: sent(&Value::Null, &ty),
        planned_state: plan.planned_state,
        config: sent(&written, &ty),
        planned_private: plan.planned_private,
        ..Default::default()
    };
    let made = client.apply_resource_change(request).await.expect("answered").into_inner();
    assert!(made.diagnostics.is_empty());
    assert_eq!(received(made.new_state.clone(), &ty), note("n-1".into(), "hello"));

    let json = br#"{"id": "n-1", "text": "hello", "delay_ms": null, "tags": null, "removed": [1]}"#.to_vec();
    let raw_state = Some(pb::RawState { json, ..Default::default() });
    let request = pb::upgrade_resource_state::Request { type_name: name(), version: 0, raw_state };
    let upgraded = client.upgrade_resource_state(request).await.expect("answered").into_inner();
    assert_eq!(received(upgraded.upgraded_state, &ty), note("n-1".into(), "hello"));
    let request =
        pb::read_resource::Request { type_name: name(), current_state: made.new_state.clone(), ..Default::default() };
    let read = client.read_resource(request).await.expect("answered").into_inner();
    assert_eq!(received(read.new_state, &ty), note("n-1".into(), "hello"));

    let request = pb::plan_resource_change::Request {
        type_name: name(),
        prior_state: made.new_state.clone(),
        proposed_new_state: sent(&Value::Null, &ty),
        config: sent(&Value::Null, &ty),
        ..Default::default()
    };
    let plan = client.plan_resource_change(request).await.expect("answered").into_inner();
    assert!(plan.diagnostics.is_empty() && received(plan.planned_state, &ty).is_null());
    let request = pb::apply_resource_change::Request {
        type_name: name(),
        prior_state: made.new_state,
        planned_state: sent(&Value::Null, &ty),
        config: sent(&Value::Null, &ty),
        ..Default::default()
    };
    let gone = client.apply_resource_change(request).await.expect("answered").into_inner();
    assert!(gone.diagnostics.is_empty() && received(gone.new_state, &ty).is_null());

    let request = pb::import_resource_state::Request { type_name: name(), id: "n-7".to_owned(), ..Default::default() };
    let imported = client.import_resource_state(request).await.expect("answered").into_inner();
    let [object] = &imported.imported_resources[..] else { panic!("not one object: {imported:?}") };
    assert_eq!(received(object.state.clone(), &ty), note("n-7".into(), "found"));
}

#[tokio::test]
async fn a_panic_is_a_message_and_the_provider_goes_on() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = plugin.client().await;
    let config = sent(&Value::object([("greeting", Value::Null)]), &Type::object([("greeting", Type::String)]));
    let configure = pb::configure_provider::Request { config, ..Default::default() };
    client.configure_provider(configure).await.expect("answered");
    let ty = note_type();
    let request = pb::apply_resource_change::Request {
        type_name: "sample_note".to_owned(),
        planned_state: sent(&note(Value::unknown(), "panic"), &ty),
        config: sent(&note(Value::Null, "panic"), &ty),
        ..Default::default()
    };
    let answer = client.apply_resource_change(request).await.expect("answered").into_inner();
    assert_eq!(answer.diagnostics[0].summary, "The provider crashed");
    client.get_metadata(pb::get_metadata::Request {}).await.expect("it still serves");
}
