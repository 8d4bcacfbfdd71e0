//! A provider registry on loopback, as a platform team or HashiCorp runs one: Terraform installs a release from it with all of its
//! checks.

mod response;
mod server;

use std::net::SocketAddr;
use std::path::Path;

use response::Responses;

/// A release that a registry offers, with everything that a test may want to falsify.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Namespace and type, for example `acme/notes`.
    pub provider: String,
    /// The version.
    pub version: String,
    /// The files of the release, by name, as they were packed.
    pub files: Vec<(String, Vec<u8>)>,
    /// The public key that the registry names for the namespace, armored.
    pub public_key: String,
    /// The identifier of the key, sixteen hexadecimal digits.
    pub key_id: String,
}

impl Offer {
    /// Reads the files of a release.
    ///
    /// # Panics
    /// If they cannot be read.
    #[must_use]
    pub fn read(provider: &str, version: &str, folder: &Path, public_key: &str, key_id: &str) -> Self {
        let files = crate::files_below(folder).expect("the release can be read").into_iter().map(|path| {
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            (name, std::fs::read(folder.join(&path)).expect("a file of the release can be read"))
        });
        Self {
            provider: provider.to_owned(),
            version: version.to_owned(),
            files: files.collect(),
            public_key: public_key.to_owned(),
            key_id: key_id.to_owned(),
        }
    }

    /// The content of the file whose name ends so, to be changed.
    ///
    /// # Panics
    /// If there is none.
    pub fn file(&mut self, end: &str) -> &mut Vec<u8> {
        let file = self.files.iter_mut().find(|(name, _)| name.ends_with(end));
        &mut file.unwrap_or_else(|| panic!("there is no file {end}")).1
    }

    /// Takes the file whose name ends so out of the release.
    pub fn remove(&mut self, end: &str) {
        self.files.retain(|(name, _)| !name.ends_with(end));
    }
}

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
