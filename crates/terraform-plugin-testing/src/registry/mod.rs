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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, ServerName};
    use rustls::{ClientConfig, RootCertStore};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;
    use tokio_rustls::TlsConnector;

    use super::*;

    /// What a server responds to a client that trusts this certificate alone.
    async fn get(server: &str, certificate: &str, path: &str) -> String {
        let mut roots = RootCertStore::empty();
        let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).expect("it is PEM");
        roots.add(certificate).expect("it is a certificate");
        let crypto = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(crypto)
            .with_safe_default_protocol_versions()
            .expect("the versions of TLS fit")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let stream = TcpStream::connect(server).await.expect("it listens");
        let name = ServerName::try_from("localhost").expect("it is a name");
        let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.expect("it is trusted");
        let request = format!("GET {path} HTTP/1.1\r\nhost: {server}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("it reads");
        let mut response = Vec::new();
        stream.read_to_end(&mut response).await.expect("it responds");
        String::from_utf8(response).expect("it is a text")
    }

    #[test]
    fn a_release_is_served_to_whoever_trusts_the_certificate() {
        let offer = Offer {
            provider: "acme/notes".to_owned(),
            version: "1.0.0".to_owned(),
            files: vec![("notes_1.0.0_SHA256SUMS".to_owned(), b"the sums".to_vec())],
            public_key: String::new(),
            key_id: String::new(),
        };
        let registry = Registry::serve(&offer);
        let source = registry.source("acme/notes");
        let (server, provider) = source.split_once('/').expect("it names the registry");
        assert_eq!(provider, "acme/notes");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let get = |path: &str| runtime.block_on(get(server, registry.certificate(), path));
        for (path, status, body) in [
            ("/.well-known/terraform.json", "200 OK", r#"{"providers.v1":"/v1/providers/"}"#),
            ("/files/notes_1.0.0_SHA256SUMS", "200 OK", "the sums"),
            ("/files/other", "404 Not Found", ""),
        ] {
            let response = get(path);
            assert!(response.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{response}");
            assert!(response.contains("content-type: application/json\r\n"), "{response}");
            assert!(response.ends_with(&format!("\r\n\r\n{body}")), "{response}");
        }
    }
}
