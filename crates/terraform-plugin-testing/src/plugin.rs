//! A provider's process, started and spoken to as Terraform does it.

use std::io;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use futures_util::future::BoxFuture;
use hyper_util::rt::TokioIo;
use prost::bytes::Bytes;
use rustls::ClientConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tonic::Status;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::{Channel, Endpoint, Uri};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use crate::address::{Address, Stream};
use crate::identity::Identity;
use crate::pinned::PinnedServer;
use crate::proto::tfplugin6::provider_client::ProviderClient;
use crate::raw;

/// go-plugin's clients set no limit; this is above what the server takes.
const MAX_MESSAGE: usize = 1 << 30;
/// Terraform waits for as long.
const START_LIMIT: Duration = Duration::from_mins(1);

/// The line that a provider prints when it listens.
#[derive(Clone, Debug, PartialEq)]
pub struct Handshake {
    /// The version of the provider protocol.
    pub protocol: String,
    /// Where it listens.
    pub address: Address,
    /// The server's certificate in DER; empty where there is no TLS.
    pub certificate: Vec<u8>,
}

impl Handshake {
    /// Reads the line.
    ///
    /// # Errors
    /// With the line, when it is none.
    pub fn parse(line: &str) -> Result<Self, String> {
        let wrong = || line.to_owned();
        let ["1", protocol, network, place, "grpc", certificate, ..] = line.split('|').collect::<Vec<_>>()[..] else {
            return Err(wrong());
        };
        let address = Address::parse(network, place).ok_or_else(wrong)?;
        let certificate = STANDARD_NO_PAD.decode(certificate).map_err(|_| wrong())?;
        Ok(Self { protocol: protocol.to_owned(), address, certificate })
    }
}

/// A provider that runs. Dropping it kills the process.
pub struct Plugin {
    process: Child,
    /// What it said when it started.
    pub handshake: Handshake,
    identity: Identity,
}

impl Plugin {
    /// Starts a provider and reads its handshake.
    ///
    /// # Panics
    /// If it does not come up.
    pub async fn start(program: &Path) -> Self {
        Self::start_for(program, Identity::generate()).await
    }

    /// Starts a provider for a client of this identity.
    ///
    /// # Panics
    /// If it does not come up.
    pub async fn start_for(program: &Path, identity: Identity) -> Self {
        Self::start_by(std::process::Command::new(program), identity).await
    }

    /// Starts a provider by a command of one's own, as in an environment of its own or below another process.
    ///
    /// # Panics
    /// If it does not come up.
    pub async fn start_by(command: std::process::Command, identity: Identity) -> Self {
        let mut command = Command::from(command);
        command
            .env("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2")
            .env("PLUGIN_PROTOCOL_VERSIONS", "5,6")
            .env("PLUGIN_CLIENT_CERT", &identity.pem)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        let mut process = command.spawn().expect("the provider can be started");
        let stdout = process.stdout.take().expect("it is piped");
        let mut line = String::new();
        let mut reader = BufReader::new(stdout);
        let read = tokio::time::timeout(START_LIMIT, reader.read_line(&mut line));
        read.await.expect("it says something in time").expect("it can be read");
        let handshake = Handshake::parse(line.trim_end()).expect("the line is a handshake");
        Self { process, handshake, identity }
    }

    /// The process's number, until it has ended.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.process.id()
    }

    /// Who started it.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// A connection of the client that started it.
    ///
    /// # Panics
    /// If the client is not let in.
    pub async fn channel(&self) -> Channel {
        self.channel_as(Some(&self.identity)).await.expect("the client is let in")
    }

    /// A connection with another certificate, or with none.
    ///
    /// # Errors
    /// If the provider does not let the client in.
    pub async fn channel_as(&self, identity: Option<&Identity>) -> Result<Channel, tonic::transport::Error> {
        let tls = TlsConnector::from(Arc::new(self.tls(identity)));
        let address = self.handshake.address.clone();
        let connector = Connector(Box::new(move || {
            let (tls, address) = (tls.clone(), address.clone());
            Box::pin(async move {
                let stream = address.connect().await?;
                let name = ServerName::try_from("localhost").map_err(io::Error::other)?;
                tls.connect(name, stream).await.map(TokioIo::new)
            })
        }));
        Endpoint::from_static("http://localhost").connect_with_connector(connector).await
    }

    /// Whether a client with this certificate, or with none, is answered.
    pub async fn is_served(&self, identity: Option<&Identity>) -> bool {
        // In TLS 1.3 the client believes itself let in before the server has looked: only an answer counts.
        let Ok(channel) = self.channel_as(identity).await else { return false };
        let request = HealthCheckRequest { service: "plugin".to_owned() };
        HealthClient::new(channel).check(request).await.is_ok_and(|answer| answer.into_inner().status == 1)
    }

    /// A client of the provider's own service.
    ///
    /// # Panics
    /// If the client is not let in.
    pub async fn client(&self) -> ProviderClient<Channel> {
        ProviderClient::new(self.channel().await)
            .max_decoding_message_size(MAX_MESSAGE)
            .max_encoding_message_size(MAX_MESSAGE)
    }

    /// The schema as a message that nobody has read, from a provider of protocol 5 or 6: what it takes to get it is the same.
    ///
    /// # Errors
    /// With the status, when the call failed or the provider speaks another protocol.
    ///
    /// # Panics
    /// If the client is not let in.
    pub async fn schema(&self) -> Result<Bytes, Status> {
        let path = schema_path(&self.handshake.protocol)?;
        let mut answers = raw::call_path(self.channel().await, path, Vec::new()).await?;
        answers.pop().ok_or_else(|| Status::internal("nothing was answered"))
    }

    fn tls(&self, identity: Option<&Identity>) -> ClientConfig {
        let crypto = Arc::new(aws_lc_rs::default_provider());
        let certificate = CertificateDer::from(self.handshake.certificate.clone());
        let verifier = PinnedServer { certificate, crypto: Arc::clone(&crypto) };
        let builder = ClientConfig::builder_with_provider(crypto)
            .with_safe_default_protocol_versions()
            .expect("the provider has them")
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier));
        let mut config = match identity {
            Some(identity) => {
                let certified = CertifiedKey::clone(&identity.certified);
                builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(certified)))
            }
            None => builder.with_no_client_auth(),
        };
        config.alpn_protocols = vec![b"h2".to_vec()];
        config
    }

    /// Waits for the process to end by itself.
    ///
    /// # Panics
    /// If it still runs after the time.
    pub async fn ended_within(&mut self, limit: Duration) -> ExitStatus {
        tokio::time::timeout(limit, self.process.wait()).await.expect("it ends in time").expect("it can be waited for")
    }
}

/// The RPC that returns the schema: each protocol has a name of its own for it.
fn schema_path(protocol: &str) -> Result<PathAndQuery, Status> {
    match protocol {
        "5" => Ok(PathAndQuery::from_static("/tfplugin5.Provider/GetSchema")),
        "6" => Ok(PathAndQuery::from_static("/tfplugin6.Provider/GetProviderSchema")),
        other => Err(Status::unimplemented(format!("protocol {other}"))),
    }
}

type Connecting = BoxFuture<'static, io::Result<TokioIo<TlsStream<Box<dyn Stream>>>>>;

/// A connector for tonic from a function.
struct Connector(Box<dyn Fn() -> Connecting + Send>);

impl tonic::codegen::Service<Uri> for Connector {
    type Response = TokioIo<TlsStream<Box<dyn Stream>>>;
    type Error = io::Error;
    type Future = Connecting;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Self::Error>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        (self.0)()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handshake_has_six_fields() {
        let expected = |address| Ok(Handshake { protocol: "6".to_owned(), address, certificate: b"ab".to_vec() });
        let unix = "1|6|unix|/tmp/x|grpc|YWI";
        assert_eq!(Handshake::parse(unix), expected(Address::Unix("/tmp/x".into())));
        assert_eq!(Handshake::parse(&format!("{unix}|false")), expected(Address::Unix("/tmp/x".into())));
        let tcp = "1|6|tcp|127.0.0.1:10000|grpc|YWI";
        assert_eq!(Handshake::parse(tcp), expected(Address::Tcp(([127, 0, 0, 1], 10_000).into())));
        for wrong in [
            "",
            "panic: x",
            "1|6|tcp|/tmp/x|grpc|",
            "1|6|pipe|/tmp/x|grpc|",
            "2|6|unix|/tmp/x|grpc|",
            "1|6|unix|/tmp/x|grpc|?",
        ] {
            assert!(Handshake::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn each_protocol_has_its_own_name_for_the_schema() {
        let path = |protocol| schema_path(protocol).map(|path| path.to_string()).map_err(|status| status.code());
        assert_eq!(path("5").as_deref(), Ok("/tfplugin5.Provider/GetSchema"));
        assert_eq!(path("6").as_deref(), Ok("/tfplugin6.Provider/GetProviderSchema"));
        assert_eq!(path("7"), Err(tonic::Code::Unimplemented));
    }
}
