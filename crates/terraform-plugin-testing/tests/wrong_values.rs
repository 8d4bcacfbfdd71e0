//! Values of the right type that an attribute cannot have: each is the user's error at the attribute, whenever it becomes
//! known, and never a bug in the provider.

use std::path::Path;

use terraform_plugin::value::{Number, Type, Value};
use terraform_plugin_testing::proto::tfplugin6 as pb;
use terraform_plugin_testing::{Plugin, sent};

const PROGRAM: &str = env!("CARGO_BIN_EXE_terraform-provider-sample");

/// Numbers that are no `i64`, and what is said of them.
const NUMBERS: [(&str, &str); 5] = [
    ("1.5", "must be a whole number, got: 1.5."),
    ("1e30", "must be between -9223372036854775808 and 9223372036854775807, got: 1e30."),
    (
        "99999999999999999999",
        "must be between -9223372036854775808 and 9223372036854775807, got: 99999999999999999999.",
    ),
    ("1e400", "must be between -9223372036854775808 and 9223372036854775807, got: 1e400."),
    ("-1e400", "must be between -9223372036854775808 and 9223372036854775807, got: -1e400."),
];

fn number(text: &str) -> Value {
    Value::Number(text.parse::<Number>().expect("it is a number"))
}

fn note(delay_ms: Value, tags: Value) -> Value {
    Value::object([("id", Value::Null), ("text", "hello".into()), ("delay_ms", delay_ms), ("tags", tags)])
}

fn note_type() -> Type {
    let tags = Type::List(Box::new(Type::String));
    Type::object([("id", Type::String), ("text", Type::String), ("delay_ms", Type::Number), ("tags", tags)])
}

fn name() -> String {
    "sample_note".to_owned()
}

fn validate(config: &Value) -> pb::validate_resource_config::Request {
    pb::validate_resource_config::Request {
        type_name: name(),
        config: sent(config, &note_type()),
        ..Default::default()
    }
}

fn plan(config: &Value) -> pb::plan_resource_change::Request {
    pb::plan_resource_change::Request {
        type_name: name(),
        prior_state: sent(&Value::Null, &note_type()),
        proposed_new_state: sent(config, &note_type()),
        config: sent(config, &note_type()),
        ..Default::default()
    }
}

/// Checks that there is one error, at this attribute of the top level.
#[track_caller]
fn refused(diagnostics: &[pb::Diagnostic], attribute: &str, detail: &str) {
    let [error] = diagnostics else { panic!("not one message: {diagnostics:#?}") };
    assert_eq!((error.severity, error.detail.as_str()), (pb::diagnostic::Severity::Error as i32, detail));
    let steps = &error.attribute.as_ref().expect("it has a place").steps;
    let expected = pb::attribute_path::step::Selector::AttributeName(attribute.to_owned());
    assert_eq!(steps.iter().map(|step| step.selector.clone()).collect::<Vec<_>>(), [Some(expected)]);
}

#[tokio::test]
async fn a_wrong_number_is_an_error_at_the_attribute_of_every_kind_of_object() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = plugin.client().await;
    let config = sent(&Value::object([("greeting", Value::Null)]), &Type::object([("greeting", Type::String)]));
    let configure = pb::configure_provider::Request { config, ..Default::default() };
    client.configure_provider(configure).await.expect("answered");
    for (text, sentence) in NUMBERS {
        let config = note(number(text), Value::Null);
        let detail = format!("Attribute delay_ms {sentence}");
        let answer = client.validate_resource_config(validate(&config)).await.expect("answered").into_inner();
        refused(&answer.diagnostics, "delay_ms", &detail);
        let answer = client.plan_resource_change(plan(&config)).await.expect("answered").into_inner();
        refused(&answer.diagnostics, "delay_ms", &detail);

        let ty = Type::object([("to", Type::Number), ("delay_ms", Type::Number)]);
        let config = sent(&Value::object([("to", number(text)), ("delay_ms", Value::Null)]), &ty);
        let detail = format!("Attribute to {sentence}");
        let action_type = || "sample_count".to_owned();
        let request = pb::validate_action_config::Request { type_name: action_type(), config: config.clone() };
        let answer = client.validate_action_config(request).await.expect("answered").into_inner();
        refused(&answer.diagnostics, "to", &detail);
        let request =
            pb::plan_action::Request { action_type: action_type(), config: config.clone(), ..Default::default() };
        let answer = client.plan_action(request).await.expect("answered").into_inner();
        refused(&answer.diagnostics, "to", &detail);
        let request = pb::invoke_action::Request { action_type: action_type(), config, ..Default::default() };
        let mut events = client.invoke_action(request).await.expect("answered").into_inner();
        let event = events.message().await.expect("the stream is whole").and_then(|event| event.r#type);
        let Some(pb::invoke_action::event::Type::Completed(completed)) = event else { panic!("{event:?}") };
        refused(&completed.diagnostics, "to", &detail);
    }
}

#[tokio::test]
async fn what_is_unknown_at_first_is_checked_once_it_is_known() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = plugin.client().await;
    let unknown = note(Value::unknown(), Value::List(vec![Value::unknown(), Value::Null]));
    let answer = client.validate_resource_config(validate(&unknown)).await.expect("answered").into_inner();
    assert_eq!(answer.diagnostics, []);
    let answer = client.plan_resource_change(plan(&unknown)).await.expect("answered").into_inner();
    assert_eq!(answer.diagnostics, []);
    let known = note(number("1.5"), Value::Null);
    let answer = client.plan_resource_change(plan(&known)).await.expect("answered").into_inner();
    refused(&answer.diagnostics, "delay_ms", "Attribute delay_ms must be a whole number, got: 1.5.");
    let known = note(Value::Null, Value::List(vec!["a".into(), Value::Null]));
    let answer = client.plan_resource_change(plan(&known)).await.expect("answered").into_inner();
    refused(&answer.diagnostics, "tags", "Element 1: must not be null.");
}

#[tokio::test]
async fn a_null_element_reaches_the_rules_of_the_attribute() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = plugin.client().await;
    let config = note(Value::Null, Value::List(vec![Value::Null]));
    let answer = client.validate_resource_config(validate(&config)).await.expect("answered").into_inner();
    refused(&answer.diagnostics, "tags", "Element 0: must not be null.");
}

#[tokio::test]
async fn what_stands_in_the_state_already_is_no_error_of_the_plan() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = plugin.client().await;
    let tags = || Value::List(vec![Value::Null]);
    // With `ignore_changes`, Terraform plans with the prior value in place of the configured one.
    let request = pb::plan_resource_change::Request {
        prior_state: sent(&note(Value::Null, tags()), &note_type()),
        ..plan(&note(Value::Null, tags()))
    };
    let answer = client.plan_resource_change(request).await.expect("answered").into_inner();
    assert_eq!(answer.diagnostics, []);
}
