//! What is newer than the first protocol, with clients that announce it and clients that do not.

mod sample;

use std::path::Path;

use terraform_plugin::value::{Type, Value};
use terraform_plugin_testing::proto::tfplugin6 as pb;
use terraform_plugin_testing::proto::tfplugin6::provider_client::ProviderClient;
use terraform_plugin_testing::{Plugin, received, sent};
use tonic::transport::Channel;

use sample::{PROGRAM, configured};

fn card_type() -> Type {
    let margins = Type::List(Box::new(Type::object([("width", Type::Number)])));
    Type::object([("name", Type::String), ("number", Type::Number), ("text", Type::String), ("margin", margins)])
}

/// A card with one margin.
fn card(name: Value, number: Value, text: &str) -> Value {
    with_margin(name, number, text, Value::List(vec![margin(1)]))
}

fn with_margin(name: Value, number: Value, text: &str, margin: Value) -> Value {
    Value::object([("name", name), ("number", number), ("text", text.into()), ("margin", margin)])
}

fn margin(width: i64) -> Value {
    Value::object([("width", width.into())])
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
    can: pb::ClientCapabilities,
}

/// What a client can that stores what a plan has generated, and no more.
const STORES: pb::ClientCapabilities = pb::ClientCapabilities { store_planned_private: true, ..NOTHING };
const KNOWS_COMPUTED_BLOCKS: pb::ClientCapabilities =
    pb::ClientCapabilities { computed_blocks_allowed: true, ..NOTHING };
const NOTHING: pb::ClientCapabilities = pb::ClientCapabilities {
    deferral_allowed: false,
    write_only_attributes_allowed: false,
    store_planned_private: false,
    computed_blocks_allowed: false,
};

impl Given {
    /// A create of this configuration.
    fn create(config: &Value, can: pb::ClientCapabilities) -> Self {
        let (private, planned_private) = (Vec::new(), Vec::new());
        Self { prior: Value::Null, proposed: config.clone(), config: config.clone(), private, planned_private, can }
    }
}

async fn asked(client: &mut ProviderClient<Channel>, given: Given) -> pb::plan_resource_change::Response {
    let ty = card_type();
    let request = pb::plan_resource_change::Request {
        type_name: "sample_card".to_owned(),
        prior_state: sent(&given.prior, &ty),
        proposed_new_state: sent(&given.proposed, &ty),
        config: sent(&given.config, &ty),
        prior_private: given.private,
        planned_private: given.planned_private,
        client_capabilities: Some(given.can),
        ..Default::default()
    };
    client.plan_resource_change(request).await.expect("answered").into_inner()
}

async fn plan(client: &mut ProviderClient<Channel>, given: Given) -> Planned {
    let answer = asked(client, given).await;
    assert!(answer.diagnostics.is_empty(), "{:?}", answer.diagnostics);
    Planned {
        state: received(answer.planned_state, &card_type()),
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
    let first = plan(&mut client, Given::create(&config(), STORES)).await;
    assert!(first.state.is_wholly_known(), "{:?}", first.state);
    let again = Given { planned_private: first.private.clone(), ..Given::create(&config(), STORES) };
    // Terraform starts another process for the apply.
    let other = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = configured(&other).await;
    let second = plan(&mut client, again).await;
    assert_eq!(second.state, first.state);
    let (state, private) = create(&mut client, &config(), &second).await;
    assert_eq!(state, first.state);
    // The state keeps what the author's code has set, and nothing of what was generated.
    assert_eq!(String::from_utf8_lossy(&private), r#"{"plan":"second"}"#);
    // A new plan generates new values.
    let third = plan(&mut client, Given::create(&config(), STORES)).await;
    assert_ne!(third.state, first.state);
}

#[tokio::test]
async fn for_other_clients_the_values_are_known_after_apply() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = configured(&plugin).await;
    let unknown = card(Value::unknown(), Value::unknown(), "hello");
    let first = plan(&mut client, Given::create(&config(), NOTHING)).await;
    assert_eq!((&first.state, &first.private[..]), (&unknown, &br#"{"plan":"first"}"#[..]));
    let second = plan(&mut client, Given::create(&config(), NOTHING)).await;
    assert_eq!((&second.state, &second.private), (&unknown, &first.private));
    let (state, private) = create(&mut client, &config(), &second).await;
    assert!(state.is_wholly_known());
    assert!(matches!(state.get("name"), Some(Value::String(name)) if name.starts_with("card-")), "{state:?}");
    assert_eq!(private, first.private);
}

#[tokio::test]
async fn a_plan_of_another_version_or_of_no_provider_is_no_obstacle() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = configured(&plugin).await;
    for planned_private in [&b"\xff no JSON"[..], b"[]", br#"{"terraform-plugin/remembered":7}"#] {
        let given = Given { planned_private: planned_private.to_vec(), ..Given::create(&config(), STORES) };
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
        ..Given::create(&config, STORES)
    };
    let first = plan(&mut client, given).await;
    assert!(first.replaces);
    assert_eq!(first.state, card("mine".into(), 7.into(), "bye"));
    // The other half of the plan is a create, with the private data of the first.
    let half = plan(&mut client, Given { private: first.private, ..Given::create(&config, STORES) }).await;
    assert!(half.state.is_wholly_known());
    assert_ne!(half.state, first.state);
    let again = Given { planned_private: half.private, ..Given::create(&config, STORES) };
    assert_eq!(plan(&mut client, again).await.state, half.state);
}

async fn validated(
    client: &mut ProviderClient<Channel>,
    config: &Value,
    can: pb::ClientCapabilities,
) -> Vec<pb::Diagnostic> {
    let request = pb::validate_resource_config::Request {
        type_name: "sample_card".to_owned(),
        config: sent(config, &card_type()),
        client_capabilities: Some(can),
    };
    client.validate_resource_config(request).await.expect("answered").into_inner().diagnostics
}

/// A named card without a margin: as it is validated, or as it is planned by a client that knows computed blocks.
fn without_margin(name: &str, margin: Value) -> Value {
    with_margin(name.into(), Value::Null, "hello", margin)
}

#[tokio::test]
async fn a_block_that_is_left_out_is_chosen() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = configured(&plugin).await;
    let schema = client.get_provider_schema(pb::get_provider_schema::Request {}).await.expect("answered").into_inner();
    let block = schema.resource_schemas["sample_card"].block.clone().expect("there is one");
    let computed: Vec<_> =
        block.block_types.iter().map(|one| one.block.as_ref().is_some_and(|block| block.computed)).collect();
    assert_eq!((block.computed, computed), (false, vec![true]));

    let none = Value::List(Vec::new());
    assert_eq!(validated(&mut client, &without_margin("a", none), KNOWS_COMPUTED_BLOCKS).await, []);
    let config = without_margin("a", Value::Null);
    let planned = plan(&mut client, Given::create(&config, KNOWS_COMPUTED_BLOCKS)).await;
    assert_eq!(planned.state, with_margin("a".into(), Value::unknown(), "hello", Value::unknown()));
    let (state, private) = create(&mut client, &config, &planned).await;
    assert_eq!(state.get("margin"), Some(&Value::List(vec![margin(3)])));

    let number = state.get("number").cloned().expect("there is one");
    let proposed = |name: &str| with_margin(name.into(), number.clone(), "hello", Value::Null);
    let given = |name: &str| Given {
        prior: state.clone(),
        proposed: proposed(name),
        config: without_margin(name, Value::Null),
        private: private.clone(),
        planned_private: Vec::new(),
        can: KNOWS_COMPUTED_BLOCKS,
    };
    assert_eq!(plan(&mut client, given("a")).await.state, state);
    let changed = with_margin("b".into(), number.clone(), "hello", Value::unknown());
    assert_eq!(plan(&mut client, given("b")).await.state, changed);
}

#[tokio::test]
async fn a_client_that_knows_no_computed_blocks_gets_an_error_that_asks_for_them() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = configured(&plugin).await;
    let config = without_margin("a", Value::List(Vec::new()));
    let validated_ones = validated(&mut client, &config, NOTHING).await;
    let planned_ones = asked(&mut client, Given::create(&config, NOTHING)).await.diagnostics;
    for diagnostics in [validated_ones, planned_ones] {
        let [one] = &diagnostics[..] else { panic!("not one message: {diagnostics:?}") };
        assert_eq!(one.summary, "Block cannot be left out");
        assert!(one.detail.starts_with("The block margin ") && one.attribute.is_some(), "{one:?}");
    }
    let written = card("a".into(), Value::Null, "hello");
    assert_eq!(validated(&mut client, &written, NOTHING).await, []);
    let planned = plan(&mut client, Given::create(&written, NOTHING)).await;
    assert_eq!(planned.state, card("a".into(), Value::unknown(), "hello"));
}
