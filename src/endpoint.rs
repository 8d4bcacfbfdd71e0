//! The endpoint of the API: where it comes from, and what is wrong with it.

use tensorpool::{ConfigError, DEFAULT_ENDPOINT};
use terraform_plugin::{Attr, AttributePath, Diagnostic, Diagnostics};
use url::{Host, Url};

/// The environment variable that holds the endpoint, as for the official command line client.
pub const ENDPOINT_VARIABLE: &str = "TENSORPOOL_ENGINE";
/// The environment variable that names the host to which plain http is allowed.
pub const PLAIN_HTTP_VARIABLE: &str = "TENSORPOOL_ALLOW_PLAIN_HTTP";
/// A longer text is no address.
const MAX_LENGTH: usize = 100;

/// The endpoint, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The URL.
    pub url: String,
    /// Where it comes from, for messages.
    pub source: String,
}

impl Endpoint {
    /// The endpoint that is configured, or else that of the environment, or else the default.
    #[must_use]
    pub fn find(configured: Attr<String>, environment: impl Fn(&str) -> Option<String>) -> Self {
        if let Some(url) = configured.into_known() {
            return Self { url, source: "the argument endpoint".to_owned() };
        }
        match environment(ENDPOINT_VARIABLE) {
            Some(url) => Self { url, source: format!("the environment variable {ENDPOINT_VARIABLE}") },
            None => Self { url: DEFAULT_ENDPOINT.to_owned(), source: "the default".to_owned() },
        }
    }

    /// Words what is wrong with the configuration of a client.
    #[must_use]
    pub fn refused(&self, error: &ConfigError) -> Diagnostics {
        let (attribute, detail) = match error {
            ConfigError::Endpoint => ("endpoint", self.no_url()),
            ConfigError::PlainHttp => ("endpoint", self.plain_http()),
            ConfigError::ApiKey => ("api_key", format!("The provider cannot be used as it is configured: {error}.")),
            _ => ("endpoint", format!("The endpoint (from {}) cannot be used: {error}.", self.source)),
        };
        Diagnostic::error("Invalid provider configuration", detail).at(AttributePath::of(attribute)).into()
    }

    fn no_url(&self) -> String {
        let Self { url, source } = self;
        let (what, suggestion) = match address(url) {
            Some(address) => (format!("{url:?} (from {source})"), format!("Did you mean {}?", suggested(&address))),
            None => (
                format!("The endpoint (from {source})"),
                "It does not look like an address, so it is not repeated here: it might be a key.".to_owned(),
            ),
        };
        format!(
            "{what} is not an http or https URL. {suggestion}\n\nWrite https:// and the host, for example {DEFAULT_ENDPOINT}.\n\
             Plain http is refused except for this machine and the host that allow_plain_http_host in the provider block, or the \
             environment variable {PLAIN_HTTP_VARIABLE}, names."
        )
    }

    fn plain_http(&self) -> String {
        let parsed = Url::parse(&self.url).ok();
        let host = parsed.as_ref().and_then(Url::host_str).unwrap_or("<host>");
        let port = parsed.as_ref().and_then(Url::port).map(|port| format!(":{port}")).unwrap_or_default();
        format!(
            "http://{host}{port} (from {}) is plain http, which would reveal the API key to everyone on the network path.\n\nDo \
             one of these:\n- Use https: https://{host}{port}\n- If everyone on that path may read the key, allow this one host: \
             allow_plain_http_host = \"{host}\" in the provider block, or the environment variable \
             {PLAIN_HTTP_VARIABLE}={host}",
            self.source
        )
    }
}

/// The address in a text that is no URL, for example `127.0.0.1:8080` or `engine.tensorpool.dev`. `None` if the text may be
/// anything else, for example a key.
fn address(text: &str) -> Option<Url> {
    let is_plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || ".:-[]/".contains(letter);
    if text.len() > MAX_LENGTH || !text.chars().all(is_plain) {
        return None;
    }
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let url = Url::parse(&format!("http://{rest}")).ok()?;
    let is_address = match url.host()? {
        Host::Ipv4(_) => rest.contains('.'),
        Host::Ipv6(_) | Host::Domain("localhost") => true,
        Host::Domain(name) => name.rsplit_once('.').is_some_and(|(_, last)| {
            (2..=10).contains(&last.len()) && last.chars().all(|letter| letter.is_ascii_lowercase())
        }),
    };
    is_address.then_some(url)
}

/// The URL that was probably meant: plain http on this machine, https elsewhere.
fn suggested(address: &Url) -> String {
    let is_here = match address.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    let url = address.as_str().trim_end_matches('/');
    if is_here { url.to_owned() } else { url.replacen("http://", "https://", 1) }
}

#[cfg(test)]
mod tests {
    use tensorpool::{Config, Secret};

    use super::*;

    fn endpoint(url: &str) -> Endpoint {
        Endpoint { url: url.to_owned(), source: format!("the environment variable {ENDPOINT_VARIABLE}") }
    }

    /// The message about an endpoint. Every endpoint that it suggests is accepted.
    fn refused(url: &str) -> String {
        let error = Config::new(Secret::new("k"), url).expect_err("it is refused");
        let diagnostics = endpoint(url).refused(&error);
        let detail = diagnostics.iter().next().expect("there is a message").detail.clone();
        if let Some((_, rest)) = detail.split_once("Did you mean ") {
            let suggestion = rest.split_once('?').expect("it is a question").0;
            assert!(Config::new(Secret::new("k"), suggestion).is_ok(), "{suggestion}");
        }
        detail
    }

    #[test]
    fn the_argument_goes_before_the_environment_and_the_environment_before_the_default() {
        let environment = |name: &str| (name == ENDPOINT_VARIABLE).then(|| "http://localhost".to_owned());
        let source = |endpoint: Endpoint| format!("{} from {}", endpoint.url, endpoint.source);
        assert_eq!(source(Endpoint::find("https://a".into(), environment)), "https://a from the argument endpoint");
        let expected = "http://localhost from the environment variable TENSORPOOL_ENGINE";
        assert_eq!(source(Endpoint::find(Attr::Null, environment)), expected);
        assert_eq!(Endpoint::find(Attr::Null, |_| None).source, "the default");
    }

    #[test]
    fn each_endpoint_that_cannot_be_used_is_worded() {
        let urls = [
            "127.0.0.1:18080",
            "localhost:8080",
            "engine.tensorpool.dev",
            "ftp://engine.tensorpool.dev/x",
            "tp-planted",
            "http://tp.internal:8080",
            "http://[fd00::1]/path?token=planted",
            "https://user:planted@engine.tensorpool.dev",
        ];
        let text = urls.map(|url| format!("## {url}\n\n{}", refused(url))).join("\n\n");
        insta::assert_snapshot!(text);
    }

    #[test]
    fn what_may_be_a_key_is_not_repeated() {
        for key in ["planted", "tp-planted-0123", "planted.0123.AbC", "https:planted@x.dev", "planted x", "1234567890"]
        {
            assert!(!endpoint(key).no_url().contains(key), "{key}");
        }
        let long = "planted.".repeat(20) + "dev";
        assert!(!endpoint(&long).no_url().contains("planted"));
    }

    #[test]
    fn the_host_that_a_message_names_can_be_allowed() {
        for url in ["http://tp.internal:8080", "http://[fd00::1]:80", "http://10.0.0.7"] {
            let detail = refused(url);
            let host = detail.split_once("allow_plain_http_host = \"").and_then(|(_, rest)| rest.split_once('"'));
            let host = host.expect("the message names it").0;
            assert!(Config::with_plain_http_host(Secret::new("k"), url, Some(host)).is_ok(), "{host}");
            let https = detail.split_once("Use https: ").and_then(|(_, rest)| rest.lines().next());
            assert!(Config::new(Secret::new("k"), https.expect("the message has it")).is_ok());
        }
    }
}
