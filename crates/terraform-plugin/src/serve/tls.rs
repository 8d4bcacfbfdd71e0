//! Mutual TLS: only the holder of the client's key may talk to us.
//!
//! Terraform creates a certificate for every run and passes it to the providers that it starts; each provider answers with
//! one of its own in the handshake line. There is no authority: each side knows the other's very certificate. Ours
//! is therefore compared byte for byte, and the client proves in the TLS handshake that it has the key. The usual
//! verifier cannot do it: Terraform's certificate is its own authority, which `webpki` refuses for a client.

use std::sync::Arc;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, Error, ServerConfig, SignatureScheme};

use super::error::ServeError;

/// TLS for the server, and the certificate to pass to the client.
pub(crate) struct Tls {
    pub config: Arc<ServerConfig>,
    pub certificate: Vec<u8>,
}

/// Makes a certificate, and a configuration that lets in only the client whose certificate this is.
pub(crate) fn mutual(client_pem: &str) -> Result<Tls, ServeError> {
    let crypto = Arc::new(aws_lc_rs::default_provider());
    let verifier = PinnedClient::of(client_pem, Arc::clone(&crypto))?;
    let ours = rcgen::generate_simple_self_signed(["localhost".to_owned()]).map_err(ServeError::certificate)?;
    let certificate = ours.cert.der().clone();
    let key = PrivateKeyDer::try_from(ours.signing_key.serialize_der()).map_err(ServeError::certificate)?;
    let mut config = ServerConfig::builder_with_provider(crypto)
        .with_safe_default_protocol_versions()
        .map_err(ServeError::certificate)?
        .with_client_cert_verifier(Arc::new(verifier))
        .with_single_cert(vec![certificate.clone()], key)
        .map_err(ServeError::certificate)?;
    config.alpn_protocols = vec![b"h2".to_vec()];
    // A resumed session would not show its certificate again.
    config.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(Tls { config: Arc::new(config), certificate: certificate.to_vec() })
}

/// Accepts one certificate.
#[derive(Debug)]
struct PinnedClient {
    certificate: CertificateDer<'static>,
    /// From when to when it counts, in seconds of Unix time.
    valid: (i64, i64),
    crypto: Arc<CryptoProvider>,
}

impl PinnedClient {
    /// The client whose certificate this is.
    fn of(pem: &str, crypto: Arc<CryptoProvider>) -> Result<Self, ServeError> {
        let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|_| ServeError::ClientCertificate)?;
        let (_, parsed) =
            x509_parser::parse_x509_certificate(&certificate).map_err(|_| ServeError::ClientCertificate)?;
        let validity = parsed.validity();
        let valid = (validity.not_before.timestamp(), validity.not_after.timestamp());
        Ok(Self { certificate: certificate.into_owned(), valid, crypto })
    }
}

impl ClientCertVerifier for PinnedClient {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        if *end_entity != self.certificate {
            return Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure));
        }
        let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        if now < self.valid.0 {
            return Err(Error::InvalidCertificate(CertificateError::NotValidYet));
        }
        if now > self.valid.1 {
            return Err(Error::InvalidCertificate(CertificateError::Expired));
        }
        Ok(ClientCertVerified::assertion())
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
    use std::time::Duration;

    use super::*;

    /// A certificate that counts from the second of January 2026 to the third.
    fn certificate() -> rcgen::Certificate {
        let mut params = rcgen::CertificateParams::new(["localhost".to_owned()]).expect("it is a name");
        params.not_before = rcgen::date_time_ymd(2026, 1, 2);
        params.not_after = rcgen::date_time_ymd(2026, 1, 3);
        params.self_signed(&rcgen::KeyPair::generate().expect("a key")).expect("it is signed")
    }

    #[test]
    fn only_the_very_certificate_counts_and_only_as_long_as_it_says() {
        /// 2026-01-02T00:00:00Z.
        const BEGIN: u64 = 1_767_312_000;
        const DAY: u64 = 24 * 60 * 60;
        let (client, other) = (certificate(), certificate());
        let crypto = Arc::new(aws_lc_rs::default_provider());
        let verifier = PinnedClient::of(&client.pem(), crypto).expect("it is a certificate");
        let checked = |certificate: &rcgen::Certificate, seconds| {
            let now = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
            match verifier.verify_client_cert(certificate.der(), &[], now) {
                Ok(_) => None,
                Err(Error::InvalidCertificate(error)) => Some(error),
                Err(error) => panic!("{error}"),
            }
        };
        for (seconds, expected) in [
            (BEGIN - 1, Some(CertificateError::NotValidYet)),
            (BEGIN, None),
            (BEGIN + 1, None),
            (BEGIN + DAY, None),
            (BEGIN + DAY + 1, Some(CertificateError::Expired)),
            (u64::MAX, Some(CertificateError::Expired)),
        ] {
            assert_eq!(checked(&client, seconds), expected, "at {seconds}");
            assert_eq!(checked(&other, seconds), Some(CertificateError::ApplicationVerificationFailure));
        }
        // What Terraform signs with: ECDSA over the curve P-521.
        assert!(verifier.supported_verify_schemes().contains(&SignatureScheme::ECDSA_NISTP521_SHA512));
    }

    #[test]
    fn what_is_no_certificate_is_an_error_and_not_plain_text() {
        for pem in ["", "no pem", "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n"] {
            assert!(matches!(mutual(pem), Err(ServeError::ClientCertificate)));
        }
    }
}
