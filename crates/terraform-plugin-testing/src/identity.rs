//! Certificates as Terraform creates them.

use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair, PKCS_ECDSA_P521_SHA512, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// A client's certificate and its key: P-521, and its own authority.
pub struct Identity {
    /// The certificate in PEM.
    pub pem: String,
    pub(crate) certificate: CertificateDer<'static>,
    pub(crate) key: PrivateKeyDer<'static>,
}

impl Identity {
    /// A new key, and a certificate that holds for long.
    ///
    /// # Panics
    /// If there is no randomness.
    #[must_use]
    pub fn generate() -> Self {
        Self::with(|_| {})
    }

    /// A new key, and a certificate that held once.
    ///
    /// # Panics
    /// If there is no randomness.
    #[must_use]
    pub fn expired() -> Self {
        Self::with(|params| {
            params.not_before = date_time_ymd(2001, 1, 1);
            params.not_after = date_time_ymd(2002, 1, 1);
        })
    }

    fn with(change: impl FnOnce(&mut CertificateParams)) -> Self {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512).expect("a key can be generated");
        let mut params = CertificateParams::new(["localhost".to_owned()]).expect("the name is fine");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        change(&mut params);
        let certificate = params.self_signed(&key).expect("it can be signed");
        let der = PrivateKeyDer::try_from(key.serialize_der()).expect("it is a key");
        Self { pem: certificate.pem(), certificate: certificate.der().clone(), key: der }
    }
}
