//! Trust in one certificate: the one that the handshake line of a provider holds.
//!
//! Terraform asks no authority either. The certificate that go-plugin makes for a provider calls itself an authority, and the
//! usual verifier refuses such a one for a server, so a client with it could talk to no provider in Go.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};

/// Accepts one certificate, from a server that proves that it has the key.
#[derive(Debug)]
pub(crate) struct PinnedServer {
    pub certificate: CertificateDer<'static>,
    pub crypto: Arc<CryptoProvider>,
}

impl ServerCertVerifier for PinnedServer {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if *end_entity != self.certificate {
            return Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure));
        }
        // Go compares the name even of a certificate that it was given.
        verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.crypto.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.crypto.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.crypto.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use rustls::crypto::aws_lc_rs;

    use super::*;
    use crate::identity::Identity;

    #[test]
    fn only_the_very_certificate_is_accepted_though_it_is_an_authority() {
        // As go-plugin makes them: P-521, for localhost, and its own authority.
        let [own, other] = [Identity::generate(), Identity::generate()].map(|one| one.certified.cert[0].clone());
        let crypto = Arc::new(aws_lc_rs::default_provider());
        let pinned = PinnedServer { certificate: own.clone(), crypto };
        let verify = |certificate: &CertificateDer<'_>, name| {
            let name = ServerName::try_from(name).expect("it is a name");
            pinned.verify_server_cert(certificate, &[], &name, &[], UnixTime::now()).is_ok()
        };
        assert!(verify(&own, "localhost"));
        assert!(!verify(&own, "example.com"));
        assert!(!verify(&other, "localhost"));
    }
}
