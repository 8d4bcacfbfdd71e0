//! The sample provider, as the tests start it.

use terraform_plugin::value::{Type, Value};
use terraform_plugin_testing::proto::tfplugin6 as pb;
use terraform_plugin_testing::proto::tfplugin6::provider_client::ProviderClient;
use terraform_plugin_testing::{Plugin, sent};
use tonic::transport::Channel;

/// Its program.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_terraform-provider-sample");

/// A client of a provider that is configured, with nothing that has to be said.
pub async fn configured(plugin: &Plugin) -> ProviderClient<Channel> {
    let mut client = plugin.client().await;
    let config = sent(&Value::object([("greeting", Value::Null)]), &Type::object([("greeting", Type::String)]));
    let configure = pb::configure_provider::Request { config, ..Default::default() };
    assert!(client.configure_provider(configure).await.expect("answered").into_inner().diagnostics.is_empty());
    client
}
