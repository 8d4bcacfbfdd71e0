//! The HTTP server. It serves each connection with hyper itself, because faults must be able to break connections.

mod connection;
mod guard;
mod response;

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::options::Options;
use crate::simulator::{ServerState, Shared, Simulator};

const REMOTE: &str = "other machines can reach this address, and the admin interface and the page need no key";

impl Simulator {
    /// Starts a simulator in the tokio runtime of the caller.
    ///
    /// # Errors
    /// Returns an error if the address is in use or needs [`Options::allow_remote_access`], or the data file cannot be read or
    /// written.
    pub async fn start(options: Options) -> io::Result<Self> {
        let (simulator, serving) = Self::listening(options).await?;
        tokio::spawn(serving);
        Ok(simulator)
    }

    /// Returns a simulator that listens, and the future that serves its connections until it stops.
    async fn listening(options: Options) -> io::Result<(Self, impl Future<Output = ()> + Send + 'static)> {
        if !options.listen.ip().is_loopback() && !options.allow_remote_access {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                format!("Cannot listen on {}: {REMOTE}", options.listen),
            ));
        }
        let listener = TcpListener::bind(options.listen).await.map_err(|error| {
            let reason = match error.kind() {
                io::ErrorKind::AddrInUse => "the address is in use, perhaps by another simulator".to_owned(),
                _ => error.to_string(),
            };
            io::Error::new(error.kind(), format!("Cannot listen on {}: {reason}", options.listen))
        })?;
        let address = reachable(listener.local_addr()?);
        let shared = Shared::new(ServerState::new(options, format!("http://{address}"))?);
        let stop = CancellationToken::new();
        let serving = accept(listener, shared.clone(), stop.clone());
        Ok((Self::new(address, shared, stop), serving))
    }

    /// Starts a simulator in a new thread, for callers without a runtime.
    ///
    /// # Errors
    /// Returns an error like [`start`](Self::start), or if the thread cannot be started.
    pub fn spawn(options: Options) -> io::Result<Self> {
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::Builder::new().name("simulator".to_owned()).spawn(move || {
            let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => runtime,
                Err(error) => return drop(sender.send(Err(error))),
            };
            runtime.block_on(async {
                match Self::listening(options).await {
                    Ok((simulator, serving)) => {
                        drop(sender.send(Ok(simulator)));
                        serving.await;
                    }
                    Err(error) => drop(sender.send(Err(error))),
                }
            });
        })?;
        receiver.recv().map_err(io::Error::other)?
    }
}

/// Returns the address at which this machine reaches a listener: one that listens on all addresses has a loopback one too.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

async fn accept(listener: TcpListener, shared: Shared, stop: CancellationToken) {
    while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
        let Ok((stream, _)) = accepted else { continue };
        let (shared, stop) = (shared.clone(), stop.clone());
        tokio::spawn(async move {
            let service = service_fn(|request| connection::serve(shared.clone(), request));
            let connection = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            // The connection ends with an error if a fault breaks it.
            _ = stop.run_until_cancelled(connection).await;
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listener_is_reached_at_its_address_or_at_a_loopback_one_if_it_has_none() {
        for (listens, reached) in [
            ("0.0.0.0:7", "127.0.0.1:7"),
            ("[::]:7", "[::1]:7"),
            ("10.0.0.7:7", "10.0.0.7:7"),
            ("[fe80::7]:7", "[fe80::7]:7"),
        ] {
            let address = listens.parse().expect("it is an address");
            assert_eq!(reachable(address).to_string(), reached);
        }
    }
}
