//! The gRPC service of a provider: every RPC by its name, and how each is run.

use std::pin::Pin;
use std::sync::Arc;

use futures_util::{Stream, StreamExt as _};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status, Streaming};

use super::generated::tfplugin6 as pb;
use super::served::Served;
use crate::provider::Provider;

/// Answers that wait for a slow client.
const WAITING_ANSWERS: usize = 16;

/// A stream of answers.
type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// Serves a provider.
pub(crate) struct ProviderService<P: Provider>(pub Arc<Served<P>>);

impl<P: Provider> ProviderService<P> {
    /// Runs a call as a task of its own. When the client goes away the call is cancelled and not dropped, so that an operation
    /// that has already made something ends in order.
    async fn run<Answer, Work>(
        &self,
        work: impl FnOnce(Arc<Served<P>>, CancellationToken) -> Work,
    ) -> Result<Response<Answer>, Status>
    where
        Answer: Send + 'static,
        Work: Future<Output = Answer> + Send + 'static,
    {
        let stop = self.0.stop_token();
        let client_went_away = stop.clone().drop_guard();
        let answer = self.0.tasks.spawn(work(Arc::clone(&self.0), stop)).await;
        _ = client_went_away.disarm();
        answer.map(Response::new).map_err(|error| Status::internal(format!("the call crashed: {error}")))
    }

    /// The same for a call that answers with a stream, which ends with the call.
    fn stream<Answer, Work>(
        &self,
        work: impl FnOnce(Arc<Served<P>>, CancellationToken, mpsc::Sender<Answer>) -> Work,
    ) -> Response<Answers<Answer>>
    where
        Answer: Send + 'static,
        Work: Future<Output = ()> + Send + 'static,
    {
        let stop = self.0.stop_token();
        let client_went_away = stop.clone().drop_guard();
        let (sender, receiver) = mpsc::channel(WAITING_ANSWERS);
        self.0.tasks.spawn(work(Arc::clone(&self.0), stop, sender));
        let answers = ReceiverStream::new(receiver).map(move |answer| {
            // The guard lives as long as the stream.
            _ = &client_went_away;
            Ok(answer)
        });
        Response::new(Box::pin(answers))
    }
}

/// Does the work of a call that only reads. The user's interrupt stops it, for example `StopProvider` does.
async fn interruptible<T>(interrupt: CancellationToken, stop: CancellationToken, work: impl Future<Output = T>) -> T {
    let stopping = async {
        interrupt.cancelled().await;
        stop.cancel();
        std::future::pending().await
    };
    tokio::select! {
        biased;
        never = stopping => never,
        answer = work => answer,
    }
}

fn no_state_stores<T>() -> Result<T, Status> {
    Err(Status::unimplemented("the provider has no state stores"))
}

/// Writes the implementation of the service: RPCs that describe the provider, RPCs that only read, which
/// the user's interrupt ends, other unary RPCs, streaming RPCs, and those of state stores, which this framework does not have.
macro_rules! provider_service {
    (
        metadata { $($metadata:ident,)* }
        interruptible { $($read:ident,)* }
        unary { $($rpc:ident,)* }
        streaming { $($stream:ident -> $name:ident,)* }
        state_stores { $($store:ident($store_message:ident),)* }
    ) => {
        #[tonic::async_trait]
        impl<P: Provider> pb::provider_server::Provider for ProviderService<P> {
            $(
                async fn $metadata(
                    &self,
                    _: Request<pb::$metadata::Request>,
                ) -> Result<Response<pb::$metadata::Response>, Status> {
                    Ok(Response::new(self.0.$metadata()))
                }
            )*

            $(
                async fn $read(
                    &self,
                    request: Request<pb::$read::Request>,
                ) -> Result<Response<pb::$read::Response>, Status> {
                    self.run(|served, stop| {
                        let interrupt = served.interrupt.clone();
                        interruptible(interrupt, stop.clone(), served.$read(request.into_inner(), stop))
                    })
                    .await
                }
            )*

            $(
                async fn $rpc(
                    &self,
                    request: Request<pb::$rpc::Request>,
                ) -> Result<Response<pb::$rpc::Response>, Status> {
                    self.run(|served, stop| served.$rpc(request.into_inner(), stop)).await
                }
            )*

            $(
                type $name = Answers<pb::$stream::Event>;

                async fn $stream(
                    &self,
                    request: Request<pb::$stream::Request>,
                ) -> Result<Response<Self::$name>, Status> {
                    Ok(self.stream(|served, stop, answers| served.$stream(request.into_inner(), stop, answers)))
                }
            )*

            $(
                async fn $store(
                    &self,
                    _: Request<pb::$store_message::Request>,
                ) -> Result<Response<pb::$store_message::Response>, Status> {
                    no_state_stores()
                }
            )*

            type ReadStateBytesStream = Answers<pb::read_state_bytes::Response>;

            async fn read_state_bytes(
                &self,
                _: Request<pb::read_state_bytes::Request>,
            ) -> Result<Response<Self::ReadStateBytesStream>, Status> {
                no_state_stores()
            }

            async fn write_state_bytes(
                &self,
                _: Request<Streaming<pb::write_state_bytes::RequestChunk>>,
            ) -> Result<Response<pb::write_state_bytes::Response>, Status> {
                no_state_stores()
            }

            /// Answered at once: the calls that it cancels end by themselves.
            async fn stop_provider(
                &self,
                _: Request<pb::stop_provider::Request>,
            ) -> Result<Response<pb::stop_provider::Response>, Status> {
                self.0.stop_running();
                tracing::debug!("asked to stop; running operations are cancelled");
                Ok(Response::new(pb::stop_provider::Response::default()))
            }
        }
    };
}

provider_service! {
    metadata {
        get_metadata,
        get_provider_schema,
        get_resource_identity_schemas,
        get_functions,
    }
    interruptible {
        configure_provider,
        read_resource,
        plan_resource_change,
        import_resource_state,
        read_data_source,
        open_ephemeral_resource,
        plan_action,
        call_function,
    }
    unary {
        validate_provider_config,
        validate_resource_config,
        upgrade_resource_state,
        upgrade_resource_identity,
        apply_resource_change,
        move_resource_state,
        generate_resource_config,
        validate_data_resource_config,
        validate_ephemeral_resource_config,
        renew_ephemeral_resource,
        close_ephemeral_resource,
        validate_list_resource_config,
        validate_action_config,
    }
    streaming {
        list_resource -> ListResourceStream,
        invoke_action -> InvokeActionStream,
    }
    state_stores {
        validate_state_store_config(validate_state_store),
        configure_state_store(configure_state_store),
        lock_state(lock_state),
        unlock_state(unlock_state),
        get_states(get_states),
        delete_state(delete_state),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_interrupt_stops_what_only_reads_and_waits_for_its_end() {
        for before in [true, false] {
            let (interrupt, stop) = (CancellationToken::new(), CancellationToken::new());
            if before {
                interrupt.cancel();
            }
            let work = async {
                let began_stopped = stop.is_cancelled();
                interrupt.cancel();
                stop.cancelled().await;
                began_stopped
            };
            assert_eq!(interruptible(interrupt.clone(), stop.clone(), work).await, before);
        }
    }
}
