//! State stores, of which there are none: each of their RPCs says so, and no description of the provider has one.

use std::path::Path;

use terraform_plugin_testing::Plugin;
use terraform_plugin_testing::proto::tfplugin6 as pb;
use tonic::{Code, Response, Status};

const PROGRAM: &str = env!("CARGO_BIN_EXE_terraform-provider-sample");

/// Checks that a client is told that there is no such thing, and not that the call failed.
#[track_caller]
fn refused<T: std::fmt::Debug>(rpc: &str, answer: Result<Response<T>, Status>) {
    let status = answer.expect_err(rpc);
    assert_eq!((status.code(), status.message()), (Code::Unimplemented, "the provider has no state stores"), "{rpc}");
}

#[tokio::test]
async fn every_rpc_of_state_stores_says_that_there_are_none() {
    let plugin = Plugin::start(Path::new(PROGRAM)).await;
    let mut client = plugin.client().await;
    refused("validate", client.validate_state_store_config(pb::validate_state_store::Request::default()).await);
    refused("configure", client.configure_state_store(pb::configure_state_store::Request::default()).await);
    refused("read", client.read_state_bytes(pb::read_state_bytes::Request::default()).await);
    let meta = pb::RequestChunkMeta { type_name: "sample_store".to_owned(), state_id: "default".to_owned() };
    let chunk = pb::write_state_bytes::RequestChunk { meta: Some(meta), bytes: b"{}".to_vec(), ..Default::default() };
    refused("write", client.write_state_bytes(futures_util::stream::iter([chunk])).await);
    refused("lock", client.lock_state(pb::lock_state::Request::default()).await);
    refused("unlock", client.unlock_state(pb::unlock_state::Request::default()).await);
    refused("list", client.get_states(pb::get_states::Request::default()).await);
    refused("delete", client.delete_state(pb::delete_state::Request::default()).await);
    let metadata = client.get_metadata(pb::get_metadata::Request {}).await.expect("it still serves").into_inner();
    let schema = client.get_provider_schema(pb::get_provider_schema::Request {}).await.expect("answered").into_inner();
    assert!(metadata.state_stores.is_empty() && schema.state_store_schemas.is_empty());
}
