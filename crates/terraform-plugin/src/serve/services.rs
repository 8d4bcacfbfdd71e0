//! The services of go-plugin in addition to the provider's own.

use std::pin::Pin;

use futures_util::{Stream, StreamExt as _};
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status, Streaming};

use crate::wire::generated::plugin as pb;

/// A stream that stays silent until the server ends.
fn silence<T: Send + 'static>(shutdown: CancellationToken) -> Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>> {
    Box::pin(futures_util::stream::pending().take_until(shutdown.cancelled_owned()))
}

/// Ends the process when the client asks for it.
pub(super) struct Controller {
    pub shutdown: CancellationToken,
}

#[tonic::async_trait]
impl pb::grpc_controller_server::GrpcController for Controller {
    async fn shutdown(&self, _: Request<pb::Empty>) -> Result<Response<pb::Empty>, Status> {
        self.shutdown.cancel();
        Ok(Response::new(pb::Empty {}))
    }
}

/// Keeps the client's stream for further connections open. A provider opens none.
pub(super) struct Broker {
    pub shutdown: CancellationToken,
}

#[tonic::async_trait]
impl pb::grpc_broker_server::GrpcBroker for Broker {
    type StartStreamStream = Pin<Box<dyn Stream<Item = Result<pb::ConnInfo, Status>> + Send>>;

    async fn start_stream(
        &self,
        _: Request<Streaming<pb::ConnInfo>>,
    ) -> Result<Response<Self::StartStreamStream>, Status> {
        Ok(Response::new(silence(self.shutdown.clone())))
    }
}

/// Would stream what the plugin prints. Ours prints nothing after the handshake: its log goes to standard error, which
/// Terraform reads itself.
pub(super) struct Stdio {
    pub shutdown: CancellationToken,
}

#[tonic::async_trait]
impl pb::grpc_stdio_server::GrpcStdio for Stdio {
    type StreamStdioStream = Pin<Box<dyn Stream<Item = Result<pb::StdioData, Status>> + Send>>;

    async fn stream_stdio(&self, _: Request<()>) -> Result<Response<Self::StreamStdioStream>, Status> {
        Ok(Response::new(silence(self.shutdown.clone())))
    }
}
