//! How host names become addresses on Linux: by `/etc/hosts` and the DNS servers of `/etc/resolv.conf`, as Go's own resolver does it.
//!
//! Not by the C library: a program that is linked with it statically, as a release is, loads the libraries that
//! `/etc/nsswitch.conf` names from the user's system, and dies if they belong to another version of glibc, for example where
//! systemd's `resolve` is in the line of hosts.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use hickory_resolver::config::{LookupIpStrategy, NameServerConfig, ResolverConfig};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::{ResolverBuilder, TokioResolver};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::OnceCell;

/// A resolver that reads the system's configuration when it is first asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resolver(Arc<OnceCell<TokioResolver>>);

/// Why a host name has no address. It is the innermost error, the one that users read.
#[derive(Debug, thiserror::Error)]
enum ResolveError {
    #[error("there is no host named {0}")]
    NoSuchHost(String),
    #[error("the address of {0} cannot be looked up: {1}")]
    Failed(String, String),
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = self.clone();
        Box::pin(async move {
            let host = name.as_str();
            let failed = |error: NetError| ResolveError::Failed(host.to_owned(), error.to_string());
            let dns = resolver.0.get_or_try_init(async || system().build()).await.map_err(failed)?;
            let found = dns.lookup_ip(host).await.map_err(|error| {
                if error.is_no_records_found() { ResolveError::NoSuchHost(host.to_owned()) } else { failed(error) }
            })?;
            // The port is the one of the URL.
            let addresses: Vec<_> = found.iter().map(|address| SocketAddr::new(address, 0)).collect();
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// The system's configuration. Without one, the name server is this machine, as resolv.conf(5) has it.
fn system() -> ResolverBuilder<TokioRuntimeProvider> {
    let configured = TokioResolver::builder_tokio().unwrap_or_else(|error| {
        tracing::debug!("/etc/resolv.conf names no server, so this machine is asked: {error}");
        let here = NameServerConfig::udp_and_tcp(IpAddr::V4(Ipv4Addr::LOCALHOST));
        TokioResolver::builder_with_config(
            ResolverConfig::from_parts(None, Vec::new(), vec![here]),
            TokioRuntimeProvider::default(),
        )
    });
    both_families(configured)
}

/// Addresses of both families, of which the connection takes the one that works.
fn both_families(mut builder: ResolverBuilder<TokioRuntimeProvider>) -> ResolverBuilder<TokioRuntimeProvider> {
    builder.options_mut().ip_strategy = LookupIpStrategy::Ipv6AndIpv4;
    builder
}

#[cfg(test)]
mod tests {
    use std::str::FromStr as _;

    use tokio::net::UdpSocket;

    use super::*;

    /// The flags of a response, which end in its code (RFC 1035, section 4.1.1).
    const FOUND: [u8; 2] = [0x81, 0x80];
    const NO_SUCH_NAME: [u8; 2] = [0x81, 0x83];
    const REFUSED: [u8; 2] = [0x81, 0x85];

    /// A resolver whose name server, on loopback, sends the same response to every query for an IPv4 address, and has no IPv6.
    async fn resolver_with_server(flags: [u8; 2], address: Option<[u8; 4]>) -> Resolver {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a socket");
        let port = socket.local_addr().expect("an address").port();
        tokio::spawn(async move {
            let mut query = [0; 512];
            while let Ok((length, from)) = socket.recv_from(&mut query).await {
                let response = response(&query[..length], flags, address);
                _ = socket.send_to(&response, from).await;
            }
        });
        let mut server = NameServerConfig::udp(IpAddr::V4(Ipv4Addr::LOCALHOST));
        server.connections.iter_mut().for_each(|connection| connection.port = port);
        let config = ResolverConfig::from_parts(None, Vec::new(), vec![server]);
        let builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
        let resolver = both_families(builder).build().expect("a resolver");
        Resolver(Arc::new(OnceCell::new_with(Some(resolver))))
    }

    /// The response to a query: its question, and the record with the address (RFC 1035, section 4).
    fn response(query: &[u8], flags: [u8; 2], address: Option<[u8; 4]>) -> Vec<u8> {
        let name_end = 12 + query[12..].iter().position(|byte| *byte == 0).expect("a name ends");
        let (question_end, is_ipv4) = (name_end + 5, query[name_end + 2] == 1);
        let mut response = query[..question_end].to_vec();
        response[2..4].copy_from_slice(&flags);
        response[6..12].fill(0);
        if let Some(address) = address.filter(|_| is_ipv4) {
            response[7] = 1;
            // The name of the question, an address of the internet, for a minute, four bytes.
            response.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]);
            response.extend(address);
        }
        response
    }

    async fn addresses(resolver: &Resolver, host: &str) -> Result<Vec<IpAddr>, String> {
        let name = Name::from_str(host).expect("a name");
        let found = resolver.resolve(name).await.map_err(|error| error.to_string())?;
        Ok(found.map(|address| address.ip()).collect())
    }

    #[tokio::test]
    async fn a_name_has_the_addresses_that_the_server_knows() {
        let resolver = resolver_with_server(FOUND, Some([192, 0, 2, 7])).await;
        let found = addresses(&resolver, "engine.example.com.").await;
        assert_eq!(found, Ok(vec![IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7))]));
    }

    #[tokio::test]
    async fn a_name_without_an_address_is_named() {
        let resolver = resolver_with_server(NO_SUCH_NAME, None).await;
        let said = addresses(&resolver, "engine.example.com.").await.expect_err("there is none");
        assert_eq!(said, "there is no host named engine.example.com.");
    }

    #[tokio::test]
    async fn a_server_that_refuses_is_not_believed_to_know_that_there_is_no_such_host() {
        let resolver = resolver_with_server(REFUSED, None).await;
        let said = addresses(&resolver, "engine.example.com.").await.expect_err("it refuses");
        assert!(said.starts_with("the address of engine.example.com. cannot be looked up: "), "{said}");
    }

    #[tokio::test]
    async fn this_machine_needs_no_server() {
        let resolver = resolver_with_server(REFUSED, None).await;
        let found = addresses(&resolver, "localhost").await.expect("it is known");
        assert!(found.iter().all(IpAddr::is_loopback) && !found.is_empty(), "{found:?}");
    }
}
