//! The configuration of a client: endpoint, API key, timeouts and retries.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use url::{Host, Url};

use crate::secret::Secret;

/// The endpoint of TensorPool's own service: the constant `ENGINE` of its official command line client.
pub const DEFAULT_ENDPOINT: &str = "https://engine.tensorpool.dev";

/// A source of numbers between 0 and 1, for the jitter of retries.
pub type Jitter = Arc<dyn Fn() -> f64 + Send + Sync>;

/// The configuration of a [`Client`](crate::Client).
#[derive(Clone)]
pub struct Config {
    pub(crate) api_key: Secret,
    pub(crate) endpoint: Url,
    pub(crate) endpoint_source: Option<String>,
    pub(crate) request_timeout: Duration,
    pub(crate) max_retries: u32,
    pub(crate) user_agent: String,
    pub(crate) client_type: String,
    pub(crate) jitter: Jitter,
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config").field("endpoint", &self.endpoint.as_str()).finish_non_exhaustive()
    }
}

/// Why a configuration is invalid.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The endpoint is not an http or https URL.
    #[error("the endpoint is not an http or https URL")]
    Endpoint,
    /// The endpoint contains a user name or a password.
    #[error("the endpoint must not contain a user name or a password")]
    EndpointCredentials,
    /// The API key would be sent over a network in plain text.
    #[error("the endpoint uses plain http, which would reveal the API key to everyone on the network path; use https")]
    PlainHttp,
    /// The API key contains characters that a header cannot contain.
    #[error("the API key contains characters that no key can contain, perhaps a line break from copying it")]
    ApiKey,
    /// The system has no certificates by which a server could be known.
    #[error(
        "this system has no certificates by which a server could be known; install its package ca-certificates, or name a file of \
         certificates in SSL_CERT_FILE"
    )]
    NoCertificates,
    /// The HTTP client cannot be created.
    #[error("the HTTP client cannot be created: {0}")]
    Http(String),
}

impl Config {
    /// Creates a configuration with a request timeout of 30 s, like the official client, and 4 retries.
    ///
    /// # Errors
    /// Returns an error if the endpoint or the key is invalid. Plain http is allowed for loopback addresses only.
    pub fn new(api_key: Secret, endpoint: &str) -> Result<Self, ConfigError> {
        Self::with_plain_http_host(api_key, endpoint, None)
    }

    /// Like [`new`](Self::new), and allows plain http for one named host. The host is named so that the permission does
    /// not apply to another one when the endpoint changes.
    ///
    /// # Errors
    /// Returns an error if the endpoint or the key is invalid.
    pub fn with_plain_http_host(
        api_key: Secret,
        endpoint: &str,
        plain_http_host: Option<&str>,
    ) -> Result<Self, ConfigError> {
        let endpoint = Url::parse(endpoint).map_err(|_| ConfigError::Endpoint)?;
        match (endpoint.scheme(), endpoint.host()) {
            ("https", Some(_)) => {}
            ("http", Some(host))
                if is_loopback(&host) || plain_http_host.is_some_and(|named| is_named(&host, named)) => {}
            ("http", Some(_)) => return Err(ConfigError::PlainHttp),
            _ => return Err(ConfigError::Endpoint),
        }
        if !endpoint.username().is_empty() || endpoint.password().is_some() {
            return Err(ConfigError::EndpointCredentials);
        }
        if api_key.expose().is_empty() || HeaderValue::from_str(api_key.expose()).is_err() {
            return Err(ConfigError::ApiKey);
        }
        Ok(Self {
            api_key,
            endpoint,
            endpoint_source: None,
            request_timeout: Duration::from_secs(30),
            max_retries: 4,
            user_agent: concat!("tensorpool-rust/", env!("CARGO_PKG_VERSION")).to_owned(),
            client_type: "rust".to_owned(),
            jitter: Arc::new(fastrand::f64),
        })
    }

    /// Sets where the endpoint was configured, for example `TENSORPOOL_ENGINE`, which errors repeat.
    #[must_use]
    pub fn endpoint_source(mut self, source: impl Into<String>) -> Self {
        self.endpoint_source = Some(source.into());
        self
    }

    /// The endpoint and where it was configured, as errors show it. A query might contain a secret.
    pub(crate) fn origin(&self) -> String {
        let mut url = self.endpoint.clone();
        url.set_query(None);
        url.set_fragment(None);
        let url = url.as_str().trim_end_matches('/');
        match &self.endpoint_source {
            Some(source) => format!("{url} (from {source})"),
            None => url.to_owned(),
        }
    }

    /// Sets how long one HTTP request may take in total.
    #[must_use]
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.request_timeout = timeout;
        self
    }

    /// Sets how often a request is retried after a transient failure.
    #[must_use]
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = retries;
        self
    }

    /// Sets the `User-Agent` header.
    #[must_use]
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Sets the `X-Client-Type` header, which the official client sends as `cli`.
    #[must_use]
    pub fn client_type(mut self, client_type: impl Into<String>) -> Self {
        self.client_type = client_type.into();
        self
    }

    /// Sets the source of the retries' jitter, for example a fixed one in tests.
    #[must_use]
    pub fn jitter(mut self, jitter: Jitter) -> Self {
        self.jitter = jitter;
        self
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// Whether a host has this name. The name may be an address, with or without brackets.
fn is_named(host: &Host<&str>, name: &str) -> bool {
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    match host {
        Host::Domain(domain) => domain.eq_ignore_ascii_case(name),
        Host::Ipv4(address) => bare.parse() == Ok(*address),
        Host::Ipv6(address) => bare.parse() == Ok(*address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(key: &str, endpoint: &str) -> Result<Config, ConfigError> {
        Config::new(Secret::new(key), endpoint)
    }

    #[test]
    fn what_is_shown_of_a_configuration_holds_no_secret() {
        let config = config("planted", "https://a/b/?token=planted#planted").expect("it is a URL");
        assert_eq!(config.origin(), "https://a/b");
        assert_eq!(
            config.clone().endpoint_source("TENSORPOOL_ENGINE").origin(),
            "https://a/b (from TENSORPOOL_ENGINE)"
        );
        let config = Config::new(Secret::new("planted"), "https://a").expect("it is a URL");
        assert_eq!(format!("{config:?}"), "Config { endpoint: \"https://a/\", .. }");
    }

    #[test]
    fn an_endpoint_has_neither_a_user_nor_a_password() {
        for endpoint in ["https://user@a", "https://:password@a", "https://user:password@a"] {
            assert!(matches!(config("k", endpoint), Err(ConfigError::EndpointCredentials)), "{endpoint}");
        }
    }

    #[test]
    fn plain_http_is_allowed_for_loopback_addresses() {
        for endpoint in ["https://engine.tensorpool.dev", "http://127.0.0.1:1", "http://localhost", "http://[::1]:80"] {
            assert!(config("k", endpoint).is_ok(), "{endpoint}");
        }
        assert!(matches!(config("k", "http://example.org"), Err(ConfigError::PlainHttp)));
        assert!(matches!(config("k", "http://127.0.0.1.example.org"), Err(ConfigError::PlainHttp)));
    }

    #[test]
    fn plain_http_is_allowed_for_the_named_host_alone() {
        let allowed = |endpoint, name| Config::with_plain_http_host(Secret::new("k"), endpoint, Some(name)).is_ok();
        assert!(allowed("http://tp.internal:8080", "TP.internal"));
        assert!(allowed("http://10.0.0.7", "10.0.0.7"));
        assert!(allowed("http://[fd00::1]:80", "fd00::1"));
        for other in ["internal", "tp.internal.example.org", "", "*", "true"] {
            assert!(!allowed("http://tp.internal", other), "{other}");
        }
    }

    #[test]
    fn errors_do_not_contain_the_key_or_the_endpoint() {
        for (key, endpoint) in [("tp-planted\n", "https://a"), ("k", "https://u:tp-planted@a"), ("k", "tp-planted")] {
            let error = config(key, endpoint).expect_err("it is invalid");
            assert!(!format!("{error} {error:?}").contains("tp-planted"));
        }
    }
}
