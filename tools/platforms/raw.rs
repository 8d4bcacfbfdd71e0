//! What a client of the protocol sees: the handshake, mutual TLS, the schema, and how the process ends.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use terraform_plugin_testing::proto::plugin::Empty;
use terraform_plugin_testing::proto::plugin::grpc_controller_client::GrpcControllerClient;
use terraform_plugin_testing::proto::tfplugin6::get_provider_schema::{Request, Response};
use terraform_plugin_testing::{Identity, Plugin, program_next_to_examples};

use crate::problem::{Problem, expect};
use crate::program::succeed;

/// Tries a program, of which one is the file that was built.
pub fn run(program: &Path, built: &Path, report: &dyn Fn(&str)) -> Result<(), Problem> {
    let size = fs::metadata(built)?.len();
    let version = succeed(Command::new(program).arg("--version"))?;
    report(&format!("built, {}.{} MB, {}", size / 1_000_000, size / 100_000 % 10, version.trim()));
    tokio::runtime::Runtime::new()?.block_on(serve(program, report))
}

async fn serve(program: &Path, report: &dyn Fn(&str)) -> Result<(), Problem> {
    let mut plugin = Plugin::start(program).await;
    report(&format!("shakes hands, at {:?}", plugin.handshake.address));
    let theirs = schema(&plugin).await;
    let ours = schema(&Plugin::start(&program_next_to_examples("terraform-provider-tensorpool")?).await).await;
    expect(theirs == ours, || "its schema is not that of this machine's own provider".to_owned())?;
    for stranger in [Some(Identity::generate()), None] {
        expect(!plugin.is_served(stranger.as_ref()).await, || "a stranger is let in".to_owned())?;
    }
    expect(plugin.is_served(Some(plugin.identity())).await, || "its own client is let in once only".to_owned())?;
    report("serves by mutual TLS, and no stranger");
    let controller = GrpcControllerClient::new(plugin.channel().await).shutdown(Empty {}).await;
    let code = plugin.ended_within(Duration::from_secs(20)).await.code();
    expect(controller.is_ok() && code == Some(0), || format!("its end: {controller:?}, {code:?}"))?;
    report("ends when it is asked to");
    Ok(())
}

async fn schema(plugin: &Plugin) -> Response {
    plugin.client().await.get_provider_schema(Request {}).await.expect("it answers").into_inner()
}
