//! Why a provider cannot serve.

use std::io;
use std::time::Duration;

/// Why a provider cannot serve.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServeError {
    #[error(
        "This program is a Terraform provider: Terraform starts it, and it is of no use when started by hand.\n\n\
         Write a configuration that requires the provider, run `terraform init` and `terraform apply`, and Terraform will \
         find and start it. To attach a debugger, start it with --debug."
    )]
    StartedByHand,
    #[error(
        "this provider speaks version 6 of Terraform's plugin protocol; the client only speaks {0}. Use Terraform 1.0 or newer"
    )]
    Protocol(String),
    #[error("PLUGIN_CLIENT_CERT holds no certificate that can be read, and without it no client can be let in")]
    ClientCertificate,
    #[error("no certificate could be made: {0}")]
    Certificate(Box<dyn std::error::Error + Send + Sync>),
    #[error("no client connected within {0:?} after the handshake, so the provider ends")]
    NoClient(Duration),
    #[error("cannot listen for clients and signals: {0}")]
    Listen(#[from] io::Error),
    #[error("the server failed: {0}")]
    Server(#[from] tonic::transport::Error),
}

impl ServeError {
    pub fn certificate(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Certificate(error.into())
    }
}
