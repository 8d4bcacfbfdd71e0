//! What is newer than the first protocol, with clients that announce it and clients that do not.

use std::path::Path;

use terraform_plugin::value::{Type, Value};
use terraform_plugin_testing::proto::tfplugin6 as pb;
use terraform_plugin_testing::proto::tfplugin6::provider_client::ProviderClient;
use terraform_plugin_testing::{Plugin, received, sent};
use tonic::transport::Channel;

const PROGRAM: &str = env!("CARGO_BIN_EXE_terraform-provider-sample");

fn card_type() -> Type {
    Type::object([("name", Type::String), ("number", Type::Number), ("text", Type::String)])
}

fn card(name: Value, number: Value, text: &str) -> Value {
    Value::object([("name", name), ("number", number), ("text", text.into())])
}

async fn configured(plugin: &Plugin) -> ProviderClient<Channel> {
    let mut client = plugin.client().await;
    let config = sent(&Value::object([("greeting", Value::Null)]), &Type::object([("greeting", Type::String)]));
    let configure = pb::configure_provider::Request { config, ..Default::default() };
    client.configure_provider(configure).await.expect("answered");
    client
}

/// A plan as the client has it.
struct Planned {
    state: Value,
    private: Vec<u8>,
    replaces: bool,
}

/// What a client gives for a plan.
#[derive(Clone)]
struct Given {
    prior: Value,
    proposed: Value,
    config: Value,
    private: Vec<u8>,
    planned_private: Vec<u8>,
    stores: bool,
}

impl Given {
    /// A create of this configuration.
    fn create(config: &Value, stores: bool) -> Self {
        let (private, planned_private) = (Vec::new(), Vec::new());
        Self { prior: Value::Null, proposed: config.clone(), config: config.clone(), private, planned_private, stores }
    }
}

async fn plan(client: &mut ProviderClient<Channel>, given: Given) -> Planned {
    let ty = card_type();
    let capabilities = pb::ClientCapabilities { store_planned_private: given.stores, ..Default::default() };
    let request = pb::plan_resource_change::Request {
        type_name: "sample_card".to_owned(),
        prior_state: sent(&given.prior, &ty),
        proposed_new_state: sent(&given.proposed, &ty),
        config: sent(&given.config, &ty),
        prior_private: given.private,
        planned_private: given.planned_private,
        client_capabilities: Some(capabilities),
        ..Default::default()
    };
    let answer = client.plan_resource_change(request).await.expect("answered").into_inner();
    assert!(answer.diagnostics.is_empty(), "{:?}", answer.diagnostics);
    Planned {
        state: received(answer.planned_state, &ty),
        private: answer.planned_private,
        replaces: !answer.requires_replace.is_empty(),
    }
}

async fn create(client: &mut ProviderClient<Channel>, config: &Value, planned: &Planned) -> (Value, Vec<u8>) {
    let ty = card_type();
    let request = pb::apply_resource_change::Request {
        type_name: "sample_card".to_owned(),
        prior_state: sent(&Value::Null, &ty),
        planned_state: sent(&planned.state, &ty),
        config: sent(config, &ty),
        planned_private: planned.private.clone(),
        ..Default::default()
    };
    let answer = client.apply_resource_change(request).await.expect("answered").into_inner();
    assert!(answer.diagnostics.is_empty(), "{:?}", answer.diagnostics);
    (received(answer.new_state, &ty), answer.private)
}

fn config() -> Value {
    card(Value::Null, Value::Null, "hello")
}

#[tokio::test]
async fn a_client_that_stores_it_has_the_generated_values_in_both_plans() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = configured(&plugin).await;
    let first = plan(&mut client, Given::create(&config(), true)).await;
    assert!(first.state.is_wholly_known(), "{:?}", first.state);
    let again = Given { planned_private: first.private.clone(), ..Given::create(&config(), true) };
    // Terraform starts another process for the apply.
    let other = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = configured(&other).await;
    let second = plan(&mut client, again).await;
    assert_eq!(second.state, first.state);
    let (state, private) = create(&mut client, &config(), &second).await;
    assert_eq!(state, first.state);
    // The state keeps what the author's code has set, and nothing of what was made up.
    assert_eq!(String::from_utf8_lossy(&private), r#"{"plan":"second"}"#);
    // A plan that is made anew makes new values.
    let third = plan(&mut client, Given::create(&config(), true)).await;
    assert_ne!(third.state, first.state);
}

#[tokio::test]
async fn for_other_clients_the_values_are_known_after_apply() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = configured(&plugin).await;
    let unknown = card(Value::unknown(), Value::unknown(), "hello");
    let first = plan(&mut client, Given::create(&config(), false)).await;
    assert_eq!((&first.state, &first.private[..]), (&unknown, &br#"{"plan":"first"}"#[..]));
    let second = plan(&mut client, Given::create(&config(), false)).await;
    assert_eq!((&second.state, &second.private), (&unknown, &first.private));
    let (state, private) = create(&mut client, &config(), &second).await;
    assert!(state.is_wholly_known());
    assert!(matches!(state.get("name"), Some(Value::String(name)) if name.starts_with("card-")), "{state:?}");
    assert_eq!(private, first.private);
}

#[tokio::test]
async fn a_plan_of_another_version_or_of_nobody_is_no_obstacle() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = configured(&plugin).await;
    for planned_private in [&b"\xff no JSON"[..], b"[]", br#"{"terraform-plugin/remembered":7}"#] {
        let given = Given { planned_private: planned_private.to_vec(), ..Given::create(&config(), true) };
        assert!(plan(&mut client, given).await.state.is_wholly_known());
    }
}

#[tokio::test]
async fn a_change_keeps_the_values_and_a_replacement_makes_new_ones() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = configured(&plugin).await;
    let prior = card("mine".into(), 7.into(), "hello");
    let config = card(Value::Null, Value::Null, "bye");
    let given = Given {
        proposed: card("mine".into(), 7.into(), "bye"),
        prior,
        private: br#"{"terraform-plugin/remembered":{"plan number":8}}"#.to_vec(),
        ..Given::create(&config, true)
    };
    let first = plan(&mut client, given).await;
    assert!(first.replaces);
    assert_eq!(first.state, card("mine".into(), 7.into(), "bye"));
    // The other half of the plan is a create, with the private data of the first.
    let half = plan(&mut client, Given { private: first.private, ..Given::create(&config, true) }).await;
    assert!(half.state.is_wholly_known());
    assert_ne!(half.state, first.state);
    let again = Given { planned_private: half.private, ..Given::create(&config, true) };
    assert_eq!(plan(&mut client, again).await.state, half.state);
}
