//! Values in every form in which a client may send them.

mod sample;

use std::path::Path;

use terraform_plugin::value::{Refinements, Type, Value};
use terraform_plugin_testing::proto::tfplugin6 as pb;
use terraform_plugin_testing::{Plugin, received, sent};

use sample::{PROGRAM, configured};

fn note_type() -> Type {
    let tags = Type::List(Box::new(Type::String));
    Type::object([("id", Type::String), ("text", Type::String), ("delay_ms", Type::Number), ("tags", tags)])
}

#[tokio::test]
async fn a_value_in_json_is_read_and_answered_in_msgpack() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = configured(&plugin).await;
    let json = r#"{"text": "grüße", "length": null}"#.as_bytes().to_vec();
    let request = pb::read_data_source::Request {
        type_name: "sample_echo".to_owned(),
        config: Some(pb::DynamicValue { msgpack: Vec::new(), json }),
        ..Default::default()
    };
    let answer = client.read_data_source(request).await.expect("answered").into_inner();
    assert_eq!(answer.diagnostics, []);
    assert!(answer.state.as_ref().is_some_and(|state| state.json.is_empty()));
    let ty = Type::object([("text", Type::String), ("length", Type::Number)]);
    assert_eq!(received(answer.state, &ty), Value::object([("text", "grüße".into()), ("length", 7.into())]));
}

#[tokio::test]
async fn what_is_known_of_an_unknown_value_goes_through_a_plan() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = configured(&plugin).await;
    let prefix = Refinements { not_null: true, prefix: Some("i-".to_owned()), ..Refinements::default() };
    let lengths = Refinements { min_length: Some(1), max_length: Some(3), ..Refinements::default() };
    let note = |id: Value| {
        let (text, tags) = (Value::refined(prefix.clone()), Value::refined(lengths.clone()));
        Value::object([("id", id), ("text", text), ("delay_ms", Value::Null), ("tags", tags)])
    };
    let ty = note_type();
    let request = pb::plan_resource_change::Request {
        type_name: "sample_note".to_owned(),
        prior_state: sent(&Value::Null, &ty),
        proposed_new_state: sent(&note(Value::Null), &ty),
        config: sent(&note(Value::Null), &ty),
        ..Default::default()
    };
    let plan = client.plan_resource_change(request).await.expect("answered").into_inner();
    assert_eq!(plan.diagnostics, []);
    // As bytes, as two unknown values are equal whatever is known of them.
    assert_eq!(plan.planned_state, sent(&note(Value::unknown()), &ty));
}

#[tokio::test]
async fn a_state_of_terraform_0_11_is_refused_with_the_reason() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = plugin.client().await;
    let flatmap = [("id".to_owned(), "n-1".to_owned()), ("tags.#".to_owned(), "0".to_owned())].into();
    let request = pb::upgrade_resource_state::Request {
        type_name: "sample_note".to_owned(),
        version: 0,
        raw_state: Some(pb::RawState { json: Vec::new(), flatmap }),
    };
    let answer = client.upgrade_resource_state(request).await.expect("answered").into_inner();
    let [error] = &answer.diagnostics[..] else { panic!("not one message: {answer:?}") };
    assert_eq!(error.detail, "A stored state cannot be read: it was written by Terraform 0.11 or older.");
    assert!(answer.upgraded_state.is_none());
}
