//! Requests that are empty, broken, or hold broken values: each is answered, and the connection stays.

use std::path::Path;

use terraform_plugin_testing::proto::tfplugin6 as pb;
use terraform_plugin_testing::{Plugin, call};
use tonic::Code;
use tonic::transport::Channel;

const PROGRAM: &str = env!("CARGO_BIN_EXE_terraform-provider-sample");

/// The names of all RPCs, from the definition of the protocol itself.
fn rpcs() -> Vec<&'static str> {
    let definition = terraform_plugin_testing::proto::TFPLUGIN6;
    let names = definition.lines().filter_map(|line| line.trim().strip_prefix("rpc ")?.split('(').next());
    let names: Vec<_> = names.collect();
    assert!(names.len() > 30, "{names:?}");
    names
}

async fn still_serves(channel: &Channel, after: &str) {
    let answer = call(channel.clone(), "GetMetadata", Vec::new()).await;
    assert!(answer.is_ok_and(|answers| answers.len() == 1), "the connection is lost after {after}");
}

#[tokio::test]
async fn an_empty_request_is_answered_on_every_rpc() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let channel = plugin.channel().await;
    for rpc in rpcs() {
        match call(channel.clone(), rpc, Vec::new()).await {
            Ok(answers) => assert!(answers.len() <= 1, "{rpc}"),
            Err(status) => assert_eq!(status.code(), Code::Unimplemented, "{rpc}: {status}"),
        }
        still_serves(&channel, rpc).await;
    }
}

#[tokio::test]
async fn a_request_that_is_no_message_is_a_status_on_every_rpc() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let channel = plugin.channel().await;
    let broken =
        [&b"\xff\xff\xff\xff"[..], b"\x0a\xff\xff\xff\xff\x0f", b"\x0a\x05ab", b"\x0b", b"\x0a\x02\xff\xfe\x0f"];
    for rpc in rpcs() {
        for body in broken {
            // Those without any state store need not look.
            let status = call(channel.clone(), rpc, body.to_vec()).await.expect_err(rpc);
            assert!(matches!(status.code(), Code::Internal | Code::Unimplemented), "{rpc} {body:02x?}: {status}");
        }
        still_serves(&channel, rpc).await;
    }
}

#[tokio::test]
async fn an_rpc_of_a_later_protocol_is_not_implemented() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let channel = plugin.channel().await;
    let status = call(channel.clone(), "FoldResourceState", Vec::new()).await.expect_err("there is no such RPC");
    assert_eq!(status.code(), Code::Unimplemented);
    still_serves(&channel, "an unknown RPC").await;
}

/// Checks that one of the messages is an error of this summary.
#[track_caller]
fn refused(diagnostics: &[pb::Diagnostic], summary: &str) {
    let error = pb::diagnostic::Severity::Error as i32;
    let found = diagnostics.iter().any(|one| one.severity == error && one.summary == summary);
    assert!(found, "{summary:?} is not among {diagnostics:?}");
}

#[tokio::test]
async fn a_broken_value_is_a_message_that_says_so() {
    const SUMMARY: &str = "Message cannot be read";
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = plugin.client().await;
    let values = [
        // Reserved, cut off, of another type, without its attributes, and JSON that is none.
        (&b"\xc1"[..], &b""[..]),
        (b"\x83\xa2id", b""),
        (b"\x01", b""),
        (b"\x80", b""),
        (b"", b"{"),
        (b"", b"\xff"),
    ];
    for (msgpack, json) in values {
        let value = || Some(pb::DynamicValue { msgpack: msgpack.to_vec(), json: json.to_vec() });
        let (note, echo) = (|| "sample_note".to_owned(), || "sample_echo".to_owned());
        let request = pb::validate_provider_config::Request { config: value() };
        refused(&client.validate_provider_config(request).await.expect("answered").into_inner().diagnostics, SUMMARY);
        let request = pb::configure_provider::Request { config: value(), ..Default::default() };
        refused(&client.configure_provider(request).await.expect("answered").into_inner().diagnostics, SUMMARY);
        let request =
            pb::validate_resource_config::Request { type_name: note(), config: value(), ..Default::default() };
        refused(&client.validate_resource_config(request).await.expect("answered").into_inner().diagnostics, SUMMARY);
        let request = pb::validate_data_resource_config::Request { type_name: echo(), config: value() };
        let answer = client.validate_data_resource_config(request).await.expect("answered").into_inner();
        refused(&answer.diagnostics, SUMMARY);
        let request = pb::read_data_source::Request { type_name: echo(), config: value(), ..Default::default() };
        refused(&client.read_data_source(request).await.expect("answered").into_inner().diagnostics, SUMMARY);
        let request =
            pb::plan_resource_change::Request { type_name: note(), prior_state: value(), ..Default::default() };
        refused(&client.plan_resource_change(request).await.expect("answered").into_inner().diagnostics, SUMMARY);

        // What cannot be read is not lost: the state and the private data come back as they were.
        let private = || b"{\"a\":1}".to_vec();
        let request = pb::read_resource::Request {
            type_name: note(),
            current_state: value(),
            private: private(),
            ..Default::default()
        };
        let answer = client.read_resource(request).await.expect("answered").into_inner();
        refused(&answer.diagnostics, SUMMARY);
        assert_eq!((answer.new_state, answer.private), (value(), private()));
        let request = pb::apply_resource_change::Request {
            type_name: note(),
            prior_state: value(),
            planned_private: private(),
            ..Default::default()
        };
        let answer = client.apply_resource_change(request).await.expect("answered").into_inner();
        refused(&answer.diagnostics, SUMMARY);
        assert_eq!((answer.new_state, answer.private), (value(), private()));
    }
}

#[tokio::test]
async fn a_name_that_the_provider_does_not_have_is_a_message() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = plugin.client().await;
    for name in ["", "sample_none", "sample_echo", "\u{1f980}"] {
        let request = pb::read_resource::Request { type_name: name.to_owned(), ..Default::default() };
        let answer = client.read_resource(request).await.expect("answered").into_inner();
        refused(&answer.diagnostics, "Unknown resource");
        let request = pb::import_resource_state::Request { type_name: name.to_owned(), ..Default::default() };
        let answer = client.import_resource_state(request).await.expect("answered").into_inner();
        refused(&answer.diagnostics, "Unknown resource");
    }
    let request = pb::call_function::Request { name: "none".to_owned(), ..Default::default() };
    let answer = client.call_function(request).await.expect("answered").into_inner();
    assert!(answer.error.is_some_and(|error| error.text.contains("none")) && answer.result.is_none());
}

#[tokio::test]
async fn a_state_that_cannot_be_read_is_a_message() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = plugin.client().await;
    let state = |json: &[u8]| Some(pb::RawState { json: json.to_vec(), ..Default::default() });
    for raw_state in [None, state(b""), state(b"{"), state(b"\xff"), state(b"[]"), state(b"{\"id\": {}}")] {
        let request =
            pb::upgrade_resource_state::Request { type_name: "sample_note".to_owned(), version: 0, raw_state };
        let answer = client.upgrade_resource_state(request).await.expect("answered").into_inner();
        assert!(answer.upgraded_state.is_none());
        assert!(!answer.diagnostics.is_empty());
    }
}
