//! Calls with bytes that are no message, which a generated client cannot send.

use prost::bytes::{Buf as _, BufMut as _, Bytes};
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::Channel;
use tonic::{Request, Status};

/// As large as Terraform lets an answer be: the schemas of some providers are far above what is usual for gRPC.
const MAX_MESSAGE: usize = 256 << 20;

/// Calls an RPC of the provider's service by its name, with any bytes as its request, and gives everything that was
/// answered.
///
/// # Errors
/// With the status, when the call failed.
///
/// # Panics
/// If the name is no path.
pub async fn call(channel: Channel, rpc: &str, request: Vec<u8>) -> Result<Vec<Bytes>, Status> {
    let path = PathAndQuery::try_from(format!("/tfplugin6.Provider/{rpc}")).expect("an RPC's name is a path");
    call_path(channel, path, request).await
}

/// Calls an RPC of any service.
pub(crate) async fn call_path(channel: Channel, path: PathAndQuery, request: Vec<u8>) -> Result<Vec<Bytes>, Status> {
    let mut client = tonic::client::Grpc::new(channel).max_decoding_message_size(MAX_MESSAGE);
    client.ready().await.map_err(|error| Status::unavailable(error.to_string()))?;
    let mut answers = client.server_streaming(Request::new(request), path, Unread).await?.into_inner();
    let mut all = Vec::new();
    while let Some(answer) = answers.message().await? {
        all.push(answer);
    }
    Ok(all)
}

/// Bytes as they are.
struct Unread;

impl Codec for Unread {
    type Encode = Vec<u8>;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Unread {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put_slice(&item);
        Ok(())
    }
}

impl Decoder for Unread {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(buffer.copy_to_bytes(buffer.remaining())))
    }
}
