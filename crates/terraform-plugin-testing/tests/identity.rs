//! An object whose identity is not all in its state, from its create to a list.

mod sample;

use std::path::Path;

use terraform_plugin::value::{Type, Value};
use terraform_plugin_testing::proto::tfplugin6 as pb;
use terraform_plugin_testing::{Identity, Plugin, received, sent};

use sample::{PROGRAM, configured};

fn pod_type() -> Type {
    Type::object([("metadata", Type::List(Box::new(Type::object([("name", Type::String)]))))])
}

fn pod(name: &str) -> Value {
    Value::object([("metadata", Value::List(vec![Value::object([("name", name.into())])]))])
}

#[expect(clippy::unnecessary_wraps, reason = "messages hold it as an option")]
fn identity(name: &str, cluster: &str) -> Option<pb::ResourceIdentityData> {
    let value = Value::object([("name", Value::from(name)), ("cluster", cluster.into())]);
    let data = sent(&value, &Type::object([("name", Type::String), ("cluster", Type::String)]));
    Some(pb::ResourceIdentityData { identity_data: data })
}

fn create() -> pb::apply_resource_change::Request {
    pb::apply_resource_change::Request {
        type_name: "sample_pod".to_owned(),
        prior_state: sent(&Value::Null, &pod_type()),
        planned_state: sent(&pod("a"), &pod_type()),
        config: sent(&pod("a"), &pod_type()),
        ..Default::default()
    }
}

#[tokio::test]
async fn what_is_not_in_the_state_is_kept_from_the_create_on() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = configured(&plugin).await;
    let created = client.apply_resource_change(create()).await.expect("answered").into_inner();
    assert_eq!(created.diagnostics, []);
    assert_eq!(
        (received(created.new_state.clone(), &pod_type()), created.new_identity),
        (pod("a"), identity("a", "c-1"))
    );

    let request = pb::read_resource::Request {
        type_name: "sample_pod".to_owned(),
        current_state: created.new_state,
        current_identity: identity("a", "c-1"),
        ..Default::default()
    };
    let read = client.read_resource(request.clone()).await.expect("answered").into_inner();
    assert_eq!((read.new_identity, read.diagnostics), (identity("a", "c-1"), Vec::new()));
    let request = pb::read_resource::Request { current_identity: None, ..request };
    let read = client.read_resource(request).await.expect("answered").into_inner();
    assert!(read.diagnostics[0].detail.starts_with("sample_pod: after its read, its identity has no cluster."));

    let request = pb::import_resource_state::Request {
        type_name: "sample_pod".to_owned(),
        identity: identity("b", "c-2"),
        ..Default::default()
    };
    let imported = client.import_resource_state(request).await.expect("answered").into_inner();
    assert_eq!(imported.diagnostics, []);
    assert_eq!(imported.imported_resources[0].identity, identity("b", "c-2"));
}

#[tokio::test]
async fn a_list_goes_on_past_what_it_cannot_read() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = configured(&plugin).await;
    let config = sent(&Value::object::<&str>([]), &Type::object::<&str>([]));
    let request = pb::list_resource::Request {
        type_name: "sample_pod".to_owned(),
        config,
        include_resource_object: true,
        limit: 2,
    };
    let mut events = client.list_resource(request).await.expect("answered").into_inner();
    let mut found = Vec::new();
    while let Some(event) = events.message().await.expect("the stream is whole") {
        let warning = pb::diagnostic::Severity::Warning;
        assert!(event.diagnostic.iter().all(|one| one.severity() == warning), "Terraform would end here: {event:?}");
        let said = event.diagnostic.into_iter().map(|one| format!("{}: {}", one.summary, one.detail)).collect();
        let state = event.resource_object.map(|object| received(Some(object), &pod_type()));
        found.push((event.display_name, state, event.identity, said));
    }
    let broken = vec!["Pod cannot be read: broken is left out of the list. It is corrupt.".to_owned()];
    let old = vec!["Old pod: It should be replaced.".to_owned()];
    let expected = [
        (String::new(), None, None, broken),
        ("fine".to_owned(), Some(pod("fine")), identity("fine", "c-1"), Vec::new()),
        ("old".to_owned(), Some(pod("old")), identity("old", "c-2"), old),
    ];
    assert_eq!(found, expected);
}

#[tokio::test]
async fn the_progress_of_an_operation_is_in_the_log() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("log");
    let mut command = std::process::Command::new(PROGRAM);
    command.env("TF_LOG", "INFO").stderr(std::fs::File::create(&path).expect("it can be written"));
    let plugin = Plugin::start_by(command, Identity::generate()).await;
    let mut client = configured(&plugin).await;
    client.apply_resource_change(create()).await.expect("answered");
    let log = std::fs::read_to_string(&path).expect("it can be read");
    let line = log.lines().find(|line| line.contains("half way")).expect("it is logged");
    for part in
        [r#""@level":"info""#, r#""@message":"half way""#, r#""object":"sample_pod""#, r#""operation":"create""#]
    {
        assert!(line.contains(part), "{line}");
    }
}
