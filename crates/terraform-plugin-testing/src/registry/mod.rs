//! A provider registry on loopback, as a platform team or HashiCorp runs one: Terraform installs a release from it with all of its
//! checks.

mod offer;
mod response;
mod server;

use std::net::SocketAddr;

pub use offer::Offer;
use response::Responses;

/// A registry that is served until it is dropped.
pub struct Registry {
    address: SocketAddr,
    certificate: String,
    /// Ends the server when it is dropped.
    _runtime: tokio::runtime::Runtime,
}

impl Registry {
    /// Serves a release over TLS, with a certificate of its own.
    ///
    /// # Panics
    /// If there is no free port.
    #[must_use]
    pub fn serve(offer: &Offer) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let (certificate, acceptor) = server::certificate();
        let listener = runtime.block_on(tokio::net::TcpListener::bind(("127.0.0.1", 0))).expect("a free port");
        let address = listener.local_addr().expect("an address");
        runtime.spawn(server::serve(listener, acceptor, Responses::of(offer, address.port())));
        Self { address, certificate, _runtime: runtime }
    }

    /// The address of a provider in this registry, as a configuration writes it: `localhost:8443/acme/notes`.
    #[must_use]
    pub fn source(&self, provider: &str) -> String {
        format!("localhost:{}/{provider}", self.address.port())
    }

    /// The certificate of the registry as PEM. Terraform trusts it if `SSL_CERT_FILE` names a file with it.
    #[must_use]
    pub fn certificate(&self) -> &str {
        &self.certificate
    }
}
