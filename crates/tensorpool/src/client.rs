//! The client: what all requests to the API share. How a request is sent is in `transport.rs`.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use tokio::sync::Semaphore;

use crate::account::Account;
use crate::bulk::Bulk;
use crate::config::{Config, ConfigError};
use crate::error::{Error, innermost};
use crate::pacer::Pacer;
use crate::redact::Redactor;
use crate::single_flight::SingleFlight;

/// Shorter than the request timeout, so that an endpoint that does not respond is a failure to connect, after which even a create
/// may be retried.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How rustls-platform-verifier says that it has found no certificate of an authority.
const NO_CERTIFICATES: &str = "No CA certificates were loaded";
/// How many large responses are held in memory and decoded at once.
pub(crate) const MAX_LARGE_RESPONSES: usize = 2;

/// A client for the TensorPool API. Cheap to clone: clones share the connections and the rate limiter.
#[derive(Clone)]
pub struct Client(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub http: reqwest::Client,
    pub config: Config,
    pub pacer: Pacer,
    pub single_flight: SingleFlight,
    pub bulk: Bulk,
    pub account: OnceLock<Account>,
    pub redactor: Redactor,
    /// The permits to hold a large response.
    pub large_responses: Semaphore,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Client").field(&self.0.config).finish()
    }
}

impl Client {
    /// Creates a client. It sends nothing yet.
    ///
    /// # Errors
    /// Returns an error if the HTTP client cannot be created, for example because the system's certificates cannot be
    /// read.
    pub fn new(config: Config) -> Result<Self, ConfigError> {
        let mut bearer =
            HeaderValue::from_str(&format!("Bearer {}", config.api_key.expose())).map_err(|_| ConfigError::ApiKey)?;
        bearer.set_sensitive(true);
        let client_type =
            HeaderValue::from_str(&config.client_type).map_err(|error| ConfigError::Http(error.to_string()))?;
        let headers =
            HeaderMap::from_iter([(AUTHORIZATION, bearer), (HeaderName::from_static("x-client-type"), client_type)]);
        let mut http = reqwest::Client::builder()
            .user_agent(&config.user_agent)
            .default_headers(headers)
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(config.request_timeout)
            // The API never redirects, and following a redirect could send the key to another host.
            .redirect(reqwest::redirect::Policy::none());
        if config.endpoint.scheme() == "http" {
            // A proxy could read the key. With https it sees only the host that the tunnel leads to. There is no certificate to verify
            // either, so those of the system, which a small container may lack, are not loaded.
            http = http.no_proxy().tls_certs_only([]);
        }
        #[cfg(target_os = "linux")]
        let http = http.dns_resolver(crate::resolver::Resolver::default());
        let http = http.build().map_err(|error| not_created(&error))?;
        let redactor = Redactor::default();
        redactor.add(config.api_key.expose());
        Ok(Self(Arc::new(Inner {
            http,
            config,
            pacer: Pacer::default(),
            single_flight: SingleFlight::default(),
            bulk: Bulk::default(),
            account: OnceLock::new(),
            redactor,
            large_responses: Semaphore::new(MAX_LARGE_RESPONSES),
        })))
    }

    /// Returns the URL of the API, normalized as URLs are: a host in lower case, no default port.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        self.0.config.endpoint.as_str().trim_end_matches('/')
    }

    /// Returns the account that the key belongs to if an earlier response reported it. Sends no request.
    #[must_use]
    pub fn known_account(&self) -> Option<Account> {
        self.0.account.get().cloned()
    }

    pub(crate) fn remember_account(&self, account: &Account) {
        _ = self.0.account.set(account.clone());
    }

    /// Returns 16 bits of a hash of the key, as 4 hexadecimal digits: enough to distinguish keys, too little to learn
    /// anything about one.
    #[must_use]
    pub fn key_fingerprint(&self) -> String {
        fingerprint(self.0.config.api_key.expose()).chars().take(4).collect()
    }

    /// Redacts the texts of an error that was built from the content of a response.
    pub(crate) fn redact(&self, error: Error) -> Error {
        error.map_texts(|text| self.0.redactor.redact(text))
    }

    /// The secrets that must not appear in errors or the log.
    pub(crate) fn redactor(&self) -> &Redactor {
        &self.0.redactor
    }

    /// The queries that concurrent callers share.
    pub(crate) fn single_flight(&self) -> &SingleFlight {
        &self.0.single_flight
    }

    /// The lists that answer many reads of one object each.
    pub(crate) fn bulk(&self) -> &Bulk {
        &self.0.bulk
    }
}

/// Returns the 64-bit FNV-1a hash of a text as 16 hexadecimal digits. It distinguishes texts that differ by accident, and
/// is not a cryptographic hash.
#[must_use]
pub fn fingerprint(text: &str) -> String {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("{hash:016x}")
}

/// Why there is no HTTP client. The outermost error says only that it could not be built.
fn not_created(error: &reqwest::Error) -> ConfigError {
    let reason = innermost(error).to_string();
    if reason.contains(NO_CERTIFICATES) { ConfigError::NoCertificates } else { ConfigError::Http(reason) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    #[test]
    fn a_client_says_where_it_asks_and_little_of_its_key() {
        let config = Config::new(Secret::new("a"), "https://Example.com:443/api/").expect("it is a URL");
        let client = Client::new(config).expect("a client can be created");
        assert_eq!(client.endpoint(), "https://example.com/api");
        assert_eq!(client.key_fingerprint(), "af63");
        assert_eq!(format!("{client:?}"), r#"Client(Config { endpoint: "https://example.com/api/", .. })"#);
    }

    /// The examples are those of the hash's authors.
    #[test]
    fn a_fingerprint_is_the_64_bit_fnv_1a_hash() {
        for (text, hash) in [("", "cbf29ce484222325"), ("a", "af63dc4c8601ec8c"), ("foobar", "85944171f73967e8")] {
            assert_eq!(fingerprint(text), hash);
        }
    }
}
