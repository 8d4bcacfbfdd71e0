//! What a provider says of itself: the same in its metadata and in its schema, before it is configured.

mod sample;

use std::collections::BTreeSet;
use std::path::Path;

use prost::Message as _;
use terraform_plugin::value::{Type, Value};
use terraform_plugin_testing::pages::Declared;
use terraform_plugin_testing::proto::tfplugin6 as pb;
use terraform_plugin_testing::{Plugin, sent};

use sample::{PROGRAM, configured};

/// The names in an answer, in order.
fn names<'a>(names: impl IntoIterator<Item = &'a String>) -> BTreeSet<&'a str> {
    names.into_iter().map(String::as_str).collect()
}

#[tokio::test]
async fn the_metadata_names_what_the_schema_describes() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = plugin.client().await;
    let metadata = client.get_metadata(pb::get_metadata::Request {}).await.expect("answered").into_inner();
    let schema = client.get_provider_schema(pb::get_provider_schema::Request {}).await.expect("answered").into_inner();
    let functions = client.get_functions(pb::get_functions::Request {}).await.expect("answered").into_inner();
    let resources = names(metadata.resources.iter().map(|one| &one.type_name));
    assert_eq!(resources, BTreeSet::from(["sample_card", "sample_note", "sample_pod"]));
    assert_eq!(resources, names(schema.resource_schemas.keys()));
    for (named, described) in [
        (names(metadata.data_sources.iter().map(|one| &one.type_name)), names(schema.data_source_schemas.keys())),
        (
            names(metadata.ephemeral_resources.iter().map(|one| &one.type_name)),
            names(schema.ephemeral_resource_schemas.keys()),
        ),
        (names(metadata.list_resources.iter().map(|one| &one.type_name)), names(schema.list_resource_schemas.keys())),
        (names(metadata.actions.iter().map(|one| &one.type_name)), names(schema.action_schemas.keys())),
        (names(metadata.functions.iter().map(|one| &one.name)), names(schema.functions.keys())),
    ] {
        assert!(!named.is_empty());
        assert_eq!(named, described);
    }
    assert_eq!(functions.functions, schema.functions);
    assert!(metadata.diagnostics.is_empty() && schema.diagnostics.is_empty() && functions.diagnostics.is_empty());
}

#[tokio::test]
async fn clients_may_rely_on_every_capability() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = plugin.client().await;
    let metadata = client.get_metadata(pb::get_metadata::Request {}).await.expect("answered").into_inner();
    let schema = client.get_provider_schema(pb::get_provider_schema::Request {}).await.expect("answered").into_inner();
    // Each by its name, so that one which the protocol gets is missed here.
    let expected = pb::ServerCapabilities {
        plan_destroy: true,
        get_provider_schema_optional: true,
        move_resource_state: true,
        generate_resource_config: true,
    };
    assert_eq!([metadata.server_capabilities, schema.server_capabilities], [Some(expected); 2]);
}

/// With the legacy type system, Terraform would only log what else it refuses in a plan and a new state.
#[tokio::test]
async fn no_answer_asks_for_the_legacy_type_system() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = configured(&plugin).await;
    let margins = Type::List(Box::new(Type::object([("width", Type::Number)])));
    let ty =
        Type::object([("name", Type::String), ("number", Type::Number), ("text", Type::String), ("margin", margins)]);
    let card = |name: Value, number: Value| {
        let margin = Value::List(Vec::new());
        Value::object([("name", name), ("number", number), ("text", "hello".into()), ("margin", margin)])
    };
    let config = || sent(&card("mine".into(), Value::Null), &ty);
    let can = pb::ClientCapabilities { computed_blocks_allowed: true, ..Default::default() };
    let request = pb::plan_resource_change::Request {
        type_name: "sample_card".to_owned(),
        prior_state: sent(&Value::Null, &ty),
        proposed_new_state: config(),
        config: config(),
        client_capabilities: Some(can),
        ..Default::default()
    };
    let plan = client.plan_resource_change(request).await.expect("answered").into_inner();
    assert!(plan.diagnostics.is_empty() && !plan.legacy_type_system, "{plan:?}");
    let request = pb::apply_resource_change::Request {
        type_name: "sample_card".to_owned(),
        prior_state: sent(&Value::Null, &ty),
        planned_state: plan.planned_state,
        config: config(),
        planned_private: plan.planned_private,
        ..Default::default()
    };
    let made = client.apply_resource_change(request).await.expect("answered").into_inner();
    assert!(made.diagnostics.is_empty() && !made.legacy_type_system, "{made:?}");
}

#[tokio::test]
async fn whoever_asks_a_program_for_its_schema_gets_the_same() {
    let declared = Declared::of("sample", Path::new(PROGRAM)).await;
    assert_eq!(declared.name, "sample");
    assert_eq!(names(declared.identities.identity_schemas.keys()), BTreeSet::from(["sample_note", "sample_pod"]));
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let unread = plugin.schema().await.expect("it speaks protocol 6");
    assert_eq!(pb::get_provider_schema::Response::decode(unread).expect("it is the message"), declared.schemas);
}
