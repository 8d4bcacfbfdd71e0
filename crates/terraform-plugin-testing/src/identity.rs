//! Certificates as Terraform creates them.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair, PKCS_ECDSA_P521_SHA512, date_time_ymd};
use rustls::crypto::aws_lc_rs::sign::any_ecdsa_type;
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::CertifiedKey;

/// A client's certificate and its key: P-521, and its own authority.
pub struct Identity {
    /// The certificate in PEM.
    pub pem: String,
    /// Both, as they are used. To read such a key takes milliseconds, which would be part of every connection.
    pub(crate) certified: Arc<CertifiedKey>,
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
        let signing = any_ecdsa_type(&der).expect("it is a key of this kind");
        let certified = CertifiedKey::new(vec![certificate.der().clone()], signing);
        Self { pem: certificate.pem(), certified: Arc::new(certified) }
    }
}
