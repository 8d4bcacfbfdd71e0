//! Runs a provider as a process that Terraform starts and talks to.

pub(crate) mod environment;
mod error;
pub(crate) mod handshake;
mod listener;
pub(crate) mod logging;
mod parent;
mod process;
mod reattach;
mod services;
mod signals;
pub(crate) mod tls;

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::transport::Server;

use crate::provider::Provider;
use crate::wire::generated::plugin::grpc_broker_server::GrpcBrokerServer;
use crate::wire::generated::plugin::grpc_controller_server::GrpcControllerServer;
use crate::wire::generated::plugin::grpc_stdio_server::GrpcStdioServer;
use crate::wire::generated::tfplugin6::provider_server::ProviderServer;
use crate::wire::{ProviderService, Served};
use environment::Environment;
use error::ServeError;
use listener::{Address, Listener};
pub use parent::ParentProcess;

/// go-plugin's servers take messages of this size, so big states pass.
const MAX_MESSAGE: usize = 256 << 20;
/// The client kills a plugin 2 s after it asked for the shutdown; whatever still runs then is cut off before.
const SHUTDOWN_LIMIT: Duration = Duration::from_millis(1500);

/// A provider waits nearly all of its time, and a machine of many processors would get a thread for each.
const WORKERS: usize = 2;
/// What blocks, such as writing a file, would get a thread for each of the calls that Terraform sends at once, which may be
/// hundreds; each takes memory for as long as the process lives.
const BLOCKING_THREADS: usize = 8;

/// A Terraform that starts a provider connects at once. One that has not by then was killed in between, or has given up.
const CONNECT_LIMIT: Duration = Duration::from_mins(1);

/// How to serve.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ServeOptions {
    /// The provider's address, for example `example/example`. With no host in it, Terraform reads it as one of its registry, and
    /// OpenTofu as one of its own.
    pub address: String,
    /// Serve until Ctrl-C and print what Terraform needs to attach to this process, instead of being started by it.
    pub debug: bool,
    /// How long a provider that was started by Terraform waits for its first client before it ends with an error. In the
    /// debug mode it waits for ever.
    pub connect_limit: Duration,
}

impl ServeOptions {
    /// The usual options for a provider of this address: started by Terraform, which has to connect within a minute.
    #[must_use]
    pub fn new(address: impl Into<String>) -> Self {
        Self { address: address.into(), debug: false, connect_limit: CONNECT_LIMIT }
    }

    /// The same with the debug mode on or off.
    #[must_use]
    pub fn debug(self, debug: bool) -> Self {
        Self { debug, ..self }
    }

    /// The same with another limit for the first client.
    #[must_use]
    pub fn connect_limit(self, connect_limit: Duration) -> Self {
        Self { connect_limit, ..self }
    }
}

/// Serves a provider until Terraform is done with it, in a runtime that suits a provider: two threads answer, and a few more do what
/// blocks. Call it from the `main` of the provider's program, and return what it returns.
pub fn run<P: Provider>(provider: P, options: ServeOptions) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .max_blocking_threads(BLOCKING_THREADS)
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => runtime.block_on(serve(provider, options)),
        Err(error) => {
            _ = writeln!(io::stderr(), "the threads of the provider cannot be started: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Like [`run`], inside of a tokio runtime of the caller.
pub async fn serve<P: Provider>(provider: P, options: ServeOptions) -> ExitCode {
    let environment = Environment::of_process();
    logging::start(logging::level(environment.log_level.as_deref()));
    process::report_panics();
    let result = if options.debug {
        debug(provider, &options, &environment).await
    } else {
        plugin(provider, options.connect_limit, &environment).await
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Terraform shows the last lines of standard error when a provider does not start.
            _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

/// Serves the Terraform that started us.
async fn plugin<P: Provider>(
    provider: P,
    connect_limit: Duration,
    environment: &Environment,
) -> Result<(), ServeError> {
    handshake::check(environment)?;
    let shutdown = CancellationToken::new();
    let interrupt = CancellationToken::new();
    process::note_interrupts(interrupt.clone())?;
    process::watch_parent(shutdown.clone());
    process::end_on_terminate(shutdown.clone())?;
    let tls = environment.client_certificate.as_deref().map(tls::mutual).transpose()?;
    let announce = |address: &Address| {
        let certificate = tls.as_ref().map(|tls| tls.certificate.as_slice());
        let line = handshake::line(address, certificate, environment);
        let mut stdout = io::stdout().lock();
        writeln!(stdout, "{line}").and_then(|()| stdout.flush())
    };
    let config = tls.as_ref().map(|tls| tls.config.clone());
    let served = Served::new(provider, interrupt);
    answer(served, environment, Clients { tls: config, connect_limit: Some(connect_limit) }, announce, shutdown).await
}

/// Serves every client that attaches. The socket's directory is private, which is what protects it; without one, the person who
/// started it is warned.
async fn debug<P: Provider>(provider: P, options: &ServeOptions, environment: &Environment) -> Result<(), ServeError> {
    let shutdown = CancellationToken::new();
    process::end_on_interrupt(shutdown.clone())?;
    process::end_on_terminate(shutdown.clone())?;
    let announce = |address: &Address| {
        let mut stdout = io::stdout().lock();
        writeln!(stdout, "{}", reattach::instructions(&options.address, address)).and_then(|()| stdout.flush())
    };
    let served = Served::new(provider, CancellationToken::new());
    answer(served, environment, Clients { tls: None, connect_limit: None }, announce, shutdown).await
}

/// Who may connect, and by when the first client must have; never if there is no limit.
struct Clients {
    tls: Option<Arc<rustls::ServerConfig>>,
    connect_limit: Option<Duration>,
}

/// Returns once the limit is over and no client has connected, and otherwise never.
async fn without_client(limit: Option<Duration>, connected: &CancellationToken) -> ServeError {
    if let Some(limit) = limit
        && tokio::time::timeout(limit, connected.cancelled()).await.is_err()
    {
        return ServeError::NoClient(limit);
    }
    std::future::pending().await
}

async fn answer<P: Provider>(
    served: Served<P>,
    environment: &Environment,
    clients: Clients,
    announce: impl FnOnce(&Address) -> io::Result<()>,
    shutdown: CancellationToken,
) -> Result<(), ServeError> {
    let listener = Listener::open(environment, clients.tls.is_some())?;
    let address = listener.address().clone();
    let (accepted, connections) = mpsc::channel(16);
    let connected = CancellationToken::new();
    let accepting = tokio::spawn(listener.run(clients.tls, accepted, connected.clone(), shutdown.clone()));
    let served = Arc::new(served);
    let routes = routes(&served, &shutdown).await;
    announce(&address)?;
    // While the client connects, which takes it as long, as it will ask for the schema and be told.
    let checked = Arc::clone(&served);
    tokio::task::spawn_blocking(move || _ = checked.mistakes());
    let answering = Server::builder()
        .add_routes(routes)
        .serve_with_incoming_shutdown(ReceiverStream::new(connections), shutdown.clone().cancelled_owned());
    let in_order = async {
        let result = answering.await;
        served.tasks.close();
        served.tasks.wait().await;
        result.map_err(ServeError::from)
    };
    let in_time = async {
        shutdown.cancelled().await;
        served.stop_running();
        tokio::time::sleep(SHUTDOWN_LIMIT).await;
    };
    let result = tokio::select! {
        result = in_order => result,
        () = in_time => Ok(()),
        error = without_client(clients.connect_limit, &connected) => Err(error),
    };
    shutdown.cancel();
    // The task owns the socket's file, and removes it as it ends.
    _ = accepting.await;
    result
}

/// Everything that the server answers.
async fn routes<P: Provider>(served: &Arc<Served<P>>, shutdown: &CancellationToken) -> Routes {
    let (reporter, health) = tonic_health::server::health_reporter();
    reporter.set_service_status("plugin", tonic_health::ServingStatus::Serving).await;
    let provider = ProviderServer::new(ProviderService(Arc::clone(served)))
        .max_decoding_message_size(MAX_MESSAGE)
        .max_encoding_message_size(MAX_MESSAGE);
    Routes::new(provider)
        .add_service(health)
        .add_service(GrpcControllerServer::new(services::Controller { shutdown: shutdown.clone() }))
        .add_service(GrpcBrokerServer::new(services::Broker { shutdown: shutdown.clone() }))
        .add_service(GrpcStdioServer::new(services::Stdio { shutdown: shutdown.clone() }))
}

#[cfg(test)]
mod tests;
