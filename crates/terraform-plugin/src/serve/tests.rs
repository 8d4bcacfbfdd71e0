//! What a raw client sees of the server: who is let in, and how it ends.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use hyper_util::rt::TokioIo;
use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P521_SHA512};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::UnixStream;
use tokio::sync::oneshot;
use tokio_rustls::TlsConnector;
use tokio_util::sync::CancellationToken;
use tonic::transport::{Channel, Endpoint, Uri};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use super::environment::Environment;
use super::listener::Address;
use super::{run, tls};
use crate::wire::generated::plugin::Empty;
use crate::wire::generated::plugin::grpc_controller_client::GrpcControllerClient;
use crate::wire::generated::tfplugin6 as pb;
use crate::wire::generated::tfplugin6::provider_client::ProviderClient;
use crate::{Configure, Diagnostics, Model, Objects, Provider, schema::Schema};

#[derive(Clone, Model)]
struct Nothing {}

/// A provider without any object.
struct Bare;

#[async_trait]
impl Provider for Bare {
    type Config = Nothing;
    type Client = ();

    fn schema(&self) -> Schema {
        Schema::new("A provider without any object.")
    }

    async fn configure(&self, _: Configure<Nothing>) -> Result<(), Diagnostics> {
        Ok(())
    }

    fn objects(&self) -> Objects<()> {
        Objects::new()
    }
}

/// A certificate and its key, made as Terraform makes them: P-521, its own authority.
struct Identity {
    pem: String,
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

fn identity() -> Identity {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512).expect("a key can be made");
    let mut params = CertificateParams::new(["localhost".to_owned()]).expect("the name is fine");
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let certificate = params.self_signed(&key).expect("it can be signed");
    let der = PrivateKeyDer::try_from(key.serialize_der()).expect("it is a key");
    Identity { pem: certificate.pem(), certificate: certificate.der().clone(), key: der }
}

/// A server, and what its client knows of it.
struct Running {
    path: std::path::PathBuf,
    certificate: Vec<u8>,
    server: tokio::task::JoinHandle<Result<(), super::ServeError>>,
}

async fn start(client: &Identity) -> Running {
    let tls = tls::mutual(&client.pem).expect("the certificate is fine");
    let (sender, receiver) = oneshot::channel();
    let server = tokio::spawn(async move {
        let announce = |address: &Address| {
            let Address::Unix(path) = address else { return Err(std::io::Error::other("it is no unix socket")) };
            sender.send(path.clone()).map_err(|_| std::io::Error::other("nobody waits"))
        };
        run(Bare, &Environment::default(), Some(tls.config), announce, CancellationToken::new()).await
    });
    Running { path: receiver.await.expect("it listens"), certificate: tls.certificate, server }
}

/// Connects as a client that has this identity, or none.
async fn connect(running: &Running, identity: Option<&Identity>) -> Result<Channel, tonic::transport::Error> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(running.certificate.clone())).expect("it is a certificate");
    let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider has them")
        .with_root_certificates(roots);
    let mut config = match identity {
        Some(identity) => builder
            .with_client_auth_cert(vec![identity.certificate.clone()], identity.key.clone_key())
            .expect("the key fits"),
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    let connector = TlsConnector::from(Arc::new(config));
    let path = running.path.clone();
    let connect = tower_connector(move || {
        let (connector, path) = (connector.clone(), path.clone());
        Box::pin(async move {
            let stream = UnixStream::connect(path).await?;
            let name = ServerName::try_from("localhost").map_err(std::io::Error::other)?;
            connector.connect(name, stream).await.map(TokioIo::new)
        })
    });
    Endpoint::from_static("http://localhost").connect_with_connector(connect).await
}

/// A connector for tonic from a function.
fn tower_connector<F, T>(
    connect: F,
) -> impl tonic::codegen::Service<Uri, Response = T, Error = std::io::Error, Future: Send> + Send
where
    F: Fn() -> futures_util::future::BoxFuture<'static, std::io::Result<T>> + Send,
{
    struct Connector<F>(F);
    impl<F, T> tonic::codegen::Service<Uri> for Connector<F>
    where
        F: Fn() -> futures_util::future::BoxFuture<'static, std::io::Result<T>>,
    {
        type Response = T;
        type Error = std::io::Error;
        type Future = futures_util::future::BoxFuture<'static, std::io::Result<T>>;

        fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Self::Error>> {
            std::task::Poll::Ready(Ok(()))
        }

        fn call(&mut self, _: Uri) -> Self::Future {
            (self.0)()
        }
    }
    Connector(connect)
}

async fn is_served(running: &Running, identity: Option<&Identity>) -> bool {
    let Ok(channel) = connect(running, identity).await else { return false };
    let request = HealthCheckRequest { service: "plugin".to_owned() };
    HealthClient::new(channel).check(request).await.is_ok_and(|answer| answer.into_inner().status == 1)
}

#[tokio::test]
async fn only_the_client_with_the_right_certificate_is_answered() {
    let client = identity();
    let running = start(&client).await;
    assert!(is_served(&running, Some(&client)).await);
    assert!(!is_served(&running, Some(&identity())).await);
    assert!(!is_served(&running, None).await);
    // Whoever failed did not spoil it for the right one.
    assert!(is_served(&running, Some(&client)).await);
}

#[tokio::test]
async fn the_right_certificate_without_its_key_is_not_enough() {
    let (client, other) = (identity(), identity());
    let running = start(&client).await;
    let stolen = Identity { pem: client.pem.clone(), certificate: client.certificate.clone(), key: other.key };
    // rustls itself refuses a pair that does not fit, so the thief cannot even begin with it.
    let pair = rustls::sign::CertifiedKey::from_der(
        vec![stolen.certificate.clone()],
        stolen.key.clone_key(),
        &aws_lc_rs::default_provider(),
    );
    assert!(pair.is_err());
    assert!(is_served(&running, Some(&client)).await);
}

#[tokio::test]
async fn plain_text_gets_no_answer() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let running = start(&identity()).await;
    let mut stream = UnixStream::connect(&running.path).await.expect("it listens");
    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await.expect("it is read");
    let mut answer = Vec::new();
    _ = stream.read_to_end(&mut answer).await;
    // A TLS alert, if anything: content type 21.
    assert!(answer.is_empty() || answer[0] == 21, "{answer:?}");
}

#[tokio::test]
async fn the_provider_answers_and_a_shutdown_removes_the_socket() {
    let client = identity();
    let running = start(&client).await;
    let channel = connect(&running, Some(&client)).await.expect("it is the right client");
    let mut provider = ProviderClient::new(channel.clone());
    let schema = provider.get_provider_schema(pb::get_provider_schema::Request::default()).await;
    assert!(schema.expect("it answers").into_inner().provider.is_some());
    let read = pb::read_resource::Request { type_name: "none".to_owned(), ..Default::default() };
    let answer = provider.read_resource(read).await.expect("it answers").into_inner();
    assert_eq!(answer.diagnostics[0].summary, "Unknown resource");
    provider.stop_provider(pb::stop_provider::Request::default()).await.expect("it answers");
    provider.get_metadata(pb::get_metadata::Request::default()).await.expect("it still serves after a stop");
    GrpcControllerClient::new(channel).shutdown(Empty {}).await.expect("it answers");
    let ended = tokio::time::timeout(Duration::from_secs(2), running.server).await;
    ended.expect("it ends in time").expect("it does not panic").expect("it ends well");
    assert!(!running.path.exists());
}
