//! A provider whose configuration is not known yet, with clients that can wait for it and clients that cannot.

use std::path::Path;

use terraform_plugin::value::{Type, Value};
use terraform_plugin_testing::proto::tfplugin6 as pb;
use terraform_plugin_testing::proto::tfplugin6::provider_client::ProviderClient;
use terraform_plugin_testing::{Plugin, received, sent};
use tonic::transport::Channel;

const PROGRAM: &str = env!("CARGO_BIN_EXE_terraform-provider-sample");

/// What a client can that puts things off.
const WAITS: Option<pb::ClientCapabilities> = Some(pb::ClientCapabilities {
    deferral_allowed: true,
    write_only_attributes_allowed: true,
    store_planned_private: false,
    computed_blocks_allowed: false,
});

/// Configures the provider with a greeting.
async fn configure(client: &mut ProviderClient<Channel>, greeting: Value, can: Option<pb::ClientCapabilities>) {
    let config = sent(&Value::object([("greeting", greeting)]), &Type::object([("greeting", Type::String)]));
    let request = pb::configure_provider::Request { config, client_capabilities: can, ..Default::default() };
    let answer = client.configure_provider(request).await.expect("answered").into_inner();
    assert!(answer.diagnostics.is_empty(), "{:?}", answer.diagnostics);
}

fn note_type() -> Type {
    let tags = Type::List(Box::new(Type::String));
    Type::object([("id", Type::String), ("text", Type::String), ("delay_ms", Type::Number), ("tags", tags)])
}

fn note(id: Value) -> Value {
    Value::object([("id", id), ("text", "hello".into()), ("delay_ms", Value::Null), ("tags", Value::Null)])
}

fn read(can: Option<pb::ClientCapabilities>) -> pb::read_resource::Request {
    pb::read_resource::Request {
        type_name: "sample_note".to_owned(),
        current_state: sent(&note("n-1".into()), &note_type()),
        private: br#"{"request":"r-1"}"#.to_vec(),
        client_capabilities: can,
        ..Default::default()
    }
}

/// Whether an answer was put off because of the provider.
fn waits(deferred: Option<pb::Deferred>) -> bool {
    deferred.is_some_and(|deferred| deferred.reason() == pb::deferred::Reason::ProviderConfigUnknown)
}

#[tokio::test]
async fn everything_is_put_off_until_the_configuration_is_known() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = plugin.client().await;
    configure(&mut client, Value::unknown(), WAITS).await;
    let (ty, name) = (note_type(), || "sample_note".to_owned());

    let answer = client.read_resource(read(WAITS)).await.expect("answered").into_inner();
    assert!(waits(answer.deferred) && answer.diagnostics.is_empty());
    assert_eq!((answer.new_state, answer.private), (read(WAITS).current_state, read(WAITS).private));

    let request = pb::plan_resource_change::Request {
        type_name: name(),
        prior_state: sent(&Value::Null, &ty),
        proposed_new_state: sent(&note(Value::unknown()), &ty),
        config: sent(&note(Value::Null), &ty),
        client_capabilities: WAITS,
        ..Default::default()
    };
    let answer = client.plan_resource_change(request).await.expect("answered").into_inner();
    assert!(waits(answer.deferred) && answer.diagnostics.is_empty());
    assert_eq!(received(answer.planned_state, &ty), note(Value::unknown()));

    let request = pb::import_resource_state::Request {
        type_name: name(),
        id: "n-1".to_owned(),
        client_capabilities: WAITS,
        ..Default::default()
    };
    let answer = client.import_resource_state(request).await.expect("answered").into_inner();
    assert!(waits(answer.deferred) && answer.diagnostics.is_empty() && answer.imported_resources.is_empty());

    let echo_type = Type::object([("text", Type::String), ("length", Type::Number)]);
    let config = sent(&Value::object([("text", "hello".into()), ("length", Value::Null)]), &echo_type);
    let request = pb::read_data_source::Request {
        type_name: "sample_echo".to_owned(),
        config: config.clone(),
        client_capabilities: WAITS,
        ..Default::default()
    };
    let answer = client.read_data_source(request).await.expect("answered").into_inner();
    assert!(waits(answer.deferred) && answer.diagnostics.is_empty());
    assert_eq!(answer.state, config);

    let config = sent(&Value::object([("value", Value::Null)]), &Type::object([("value", Type::String)]));
    let request = pb::open_ephemeral_resource::Request {
        type_name: "sample_token".to_owned(),
        config,
        client_capabilities: WAITS,
    };
    let answer = client.open_ephemeral_resource(request).await.expect("answered").into_inner();
    assert!(waits(answer.deferred) && answer.diagnostics.is_empty());

    let count_type = Type::object([("to", Type::Number), ("delay_ms", Type::Number)]);
    let config = sent(&Value::object([("to", 5_000.into()), ("delay_ms", Value::Null)]), &count_type);
    let request =
        pb::plan_action::Request { action_type: "sample_count".to_owned(), config, client_capabilities: WAITS };
    let answer = client.plan_action(request).await.expect("answered").into_inner();
    assert!(waits(answer.deferred) && answer.diagnostics.is_empty());

    // A search cannot wait.
    let config = sent(&Value::object([("prefix", Value::Null)]), &Type::object([("prefix", Type::String)]));
    let request = pb::list_resource::Request { type_name: name(), config, include_resource_object: false, limit: 1 };
    let mut events = client.list_resource(request).await.expect("answered").into_inner();
    let event = events.message().await.expect("the stream is whole").expect("there is one");
    assert!(event.diagnostic[0].detail.starts_with("The configuration of the provider is not known yet"));

    // Once it is known, nothing waits.
    configure(&mut client, "hi".into(), WAITS).await;
    let answer = client.read_resource(read(WAITS)).await.expect("answered").into_inner();
    assert!(answer.deferred.is_none() && answer.diagnostics.is_empty());
}

#[tokio::test]
async fn a_client_that_cannot_wait_has_the_provider_configured() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = plugin.client().await;
    configure(&mut client, Value::unknown(), None).await;
    let answer = client.read_resource(read(None)).await.expect("answered").into_inner();
    assert!(answer.deferred.is_none() && answer.diagnostics.is_empty());
}
