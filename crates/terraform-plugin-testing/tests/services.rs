//! The services in addition to the provider's own, and how the process ends.

use std::path::Path;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use terraform_plugin::value::{Type, Value};
use terraform_plugin_testing::proto::plugin::grpc_broker_client::GrpcBrokerClient;
use terraform_plugin_testing::proto::plugin::grpc_controller_client::GrpcControllerClient;
use terraform_plugin_testing::proto::plugin::grpc_stdio_client::GrpcStdioClient;
use terraform_plugin_testing::proto::plugin::{ConnInfo, Empty};
use terraform_plugin_testing::proto::tfplugin6::{apply_resource_change, configure_provider, get_metadata};
use terraform_plugin_testing::{Handshake, Plugin, sent};
use tonic::Code;
use tonic::codegen::http::uri::PathAndQuery;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

const PROGRAM: &str = env!("CARGO_BIN_EXE_terraform-provider-sample");
/// The client kills a plugin that is still there 2 s after it asked for the shutdown.
const SHUTDOWN_LIMIT: Duration = Duration::from_secs(2);

fn signal(plugin: &Plugin, signal: Signal) {
    let pid = plugin.pid().and_then(|pid| Pid::from_raw(pid.try_into().ok()?)).expect("it runs");
    kill_process(pid, signal).expect("it runs");
}

/// Checks that the file of the socket was removed, and its directory.
fn expect_no_socket(handshake: &Handshake) {
    let file = handshake.address.file().expect("it is a unix socket");
    assert!(!file.exists() && !file.parent().expect("it is in a directory").exists());
}

#[tokio::test]
async fn health_knows_the_plugin() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut health = HealthClient::new(plugin.channel().await);
    let serving = health.check(HealthCheckRequest { service: "plugin".to_owned() }).await.expect("it answers");
    assert_eq!(serving.into_inner().status, 1);
    let other = health.check(HealthCheckRequest { service: "another".to_owned() }).await;
    assert_eq!(other.expect_err("there is no such service").code(), Code::NotFound);
}

/// Reflection would tell any tool what there is; Terraform knows, and asks for none.
#[tokio::test]
async fn a_service_that_there_is_not_is_not_implemented() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    for path in [
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        "/tfplugin5.Provider/GetSchema",
    ] {
        let mut client = tonic::client::Grpc::new(plugin.channel().await);
        client.ready().await.expect("it serves");
        let codec = tonic_prost::ProstCodec::<(), ()>::default();
        let answer = client.unary(tonic::Request::new(()), PathAndQuery::from_static(path), codec).await;
        assert_eq!(answer.expect_err(path).code(), Code::Unimplemented);
    }
}

#[tokio::test]
async fn streams_stay_open_and_silent_until_the_shutdown() {
    let mut plugin = Plugin::start(Path::new(PROGRAM)).await;
    let channel = plugin.channel().await;
    let mut stdio = GrpcStdioClient::new(channel.clone()).stream_stdio(()).await.expect("it opens").into_inner();
    let connections = futures_util::stream::pending::<ConnInfo>();
    let mut broker =
        GrpcBrokerClient::new(channel.clone()).start_stream(connections).await.expect("it opens").into_inner();
    let silence = Duration::from_millis(300);
    assert!(tokio::time::timeout(silence, stdio.message()).await.is_err());
    assert!(tokio::time::timeout(silence, broker.message()).await.is_err());
    GrpcControllerClient::new(channel).shutdown(Empty {}).await.expect("it answers");
    let ended = tokio::time::timeout(SHUTDOWN_LIMIT, stdio.message()).await.expect("it ends in time");
    assert!(ended.is_ok_and(|message| message.is_none()));
    assert_eq!(plugin.ended_within(SHUTDOWN_LIMIT).await.code(), Some(0));
    expect_no_socket(&plugin.handshake);
}

#[tokio::test]
async fn an_interrupt_is_not_for_the_provider() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = plugin.client().await;
    signal(&plugin, Signal::INT);
    tokio::time::sleep(Duration::from_millis(100)).await;
    client.get_metadata(get_metadata::Request {}).await.expect("it still serves");
}

#[tokio::test]
async fn an_interrupt_stops_no_change() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = plugin.client().await;
    let ty = Type::object([("greeting", Type::String)]);
    let config = sent(&Value::object([("greeting", Value::Null)]), &ty);
    client.configure_provider(configure_provider::Request { config, ..Default::default() }).await.expect("answered");
    let tags = Type::List(Box::new(Type::String));
    let ty = Type::object([("id", Type::String), ("text", Type::String), ("delay_ms", Type::Number), ("tags", tags)]);
    let note =
        |id| Value::object([("id", id), ("text", "x".into()), ("delay_ms", 1_000.into()), ("tags", Value::Null)]);
    let request = apply_resource_change::Request {
        type_name: "sample_note".to_owned(),
        prior_state: sent(&Value::Null, &ty),
        planned_state: sent(&note(Value::unknown()), &ty),
        config: sent(&note(Value::Null), &ty),
        ..Default::default()
    };
    let interrupt = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        signal(&plugin, Signal::INT);
    };
    let (answer, ()) = tokio::join!(client.apply_resource_change(request), interrupt);
    assert_eq!(answer.expect("answered").into_inner().diagnostics, [], "only Terraform stops it");
}

#[tokio::test]
async fn one_that_is_terminated_removes_its_socket() {
    let mut plugin = Plugin::start(Path::new(PROGRAM)).await;
    signal(&plugin, Signal::TERM);
    assert_eq!(plugin.ended_within(SHUTDOWN_LIMIT).await.code(), Some(0));
    expect_no_socket(&plugin.handshake);
}
