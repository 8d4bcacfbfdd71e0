//! The server: TLS with a certificate of its own, and a response for each path.

use std::convert::Infallible;
use std::sync::Arc;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Response, StatusCode};
use hyper_util::rt::TokioIo;
use rcgen::CertifiedKey;
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::response::Responses;

/// A certificate for `localhost` as PEM, and what proves to be its owner.
pub(super) fn certificate() -> (String, TlsAcceptor) {
    let CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate can be made");
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).expect("it is a key");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the versions of TLS fit")
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .expect("the key belongs to the certificate");
    (cert.pem(), TlsAcceptor::from(Arc::new(config)))
}

/// Serves until the runtime ends.
pub(super) async fn serve(listener: TcpListener, acceptor: TlsAcceptor, responses: Responses) {
    let responses = Arc::new(responses);
    while let Ok((stream, _)) = listener.accept().await {
        let (acceptor, responses) = (acceptor.clone(), responses.clone());
        tokio::spawn(async move {
            // A client that does not trust the certificate ends the handshake, which is its affair.
            let Ok(stream) = acceptor.accept(stream).await else { return };
            let respond = hyper::service::service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
                let response = response(responses.at(request.uri().path()));
                async { Ok::<_, Infallible>(response) }
            });
            _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), respond).await;
        });
    }
}

fn response(body: Option<Vec<u8>>) -> Response<Full<Bytes>> {
    let status = if body.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let mut response = Response::new(Full::new(Bytes::from(body.unwrap_or_default())));
    *response.status_mut() = status;
    // Files are read as what they are, whatever is said of them here.
    response.headers_mut().insert("content-type", hyper::header::HeaderValue::from_static("application/json"));
    response
}
