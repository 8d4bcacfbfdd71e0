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

#[cfg(test)]
mod tests {
    use pb::grpc_controller_server::GrpcController as _;
    use pb::grpc_stdio_server::GrpcStdio as _;

    use super::*;

    #[tokio::test]
    async fn a_stream_is_silent_until_the_client_asks_for_the_end() {
        let shutdown = CancellationToken::new();
        let stdio = Stdio { shutdown: shutdown.clone() };
        let mut printed = stdio.stream_stdio(Request::new(())).await.expect("it is answered").into_inner();
        let moment = std::time::Duration::from_millis(20);
        assert!(tokio::time::timeout(moment, printed.next()).await.is_err(), "it said something, or ended");
        let controller = Controller { shutdown: shutdown.clone() };
        controller.shutdown(Request::new(pb::Empty {})).await.expect("it is answered");
        assert!(shutdown.is_cancelled());
        assert!(printed.next().await.is_none(), "it goes on");
    }
}
