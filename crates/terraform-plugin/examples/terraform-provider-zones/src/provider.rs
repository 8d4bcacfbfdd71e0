//! The provider: its configuration, and the list of its objects.

use std::net::IpAddr;

use reqwest::Url;
use terraform_plugin::schema::{Attribute, Schema};
use terraform_plugin::{
    Attr, AttributePath, Configure, Diagnostic, Diagnostics, Model, Objects, Provider, async_trait,
};

use crate::client::Client;
use crate::functions::Fqdn;
use crate::purge::PurgeAction;
use crate::record::RecordResource;
use crate::record_list::RecordList;
use crate::session::Session;
use crate::token::TokenResource;
use crate::zone_source::ZoneSource;

/// Where a registry would have it.
pub const ADDRESS: &str = "example/zones";

const TOKEN_VARIABLE: &str = "ZONES_TOKEN";
const ENDPOINT_VARIABLE: &str = "ZONES_ENDPOINT";
/// Where `zones-service` listens unless it is told otherwise. A real service has a default of its own.
const DEFAULT_ENDPOINT: &str = "http://127.0.0.1:8053";

/// The provider. The environment is handed in, so that tests have their own.
pub struct Zones {
    environment: fn(&str) -> Option<String>,
}

/// The `provider` block.
#[derive(Clone, Default, Model)]
pub struct ProviderModel {
    endpoint: Attr<String>,
    token: Attr<String>,
}

impl Zones {
    /// The provider, with the environment of this process.
    pub fn from_process() -> Self {
        Self { environment: |name| std::env::var(name).ok() }
    }

    /// What the configuration says, or else the environment.
    fn setting(&self, configured: Attr<String>, variable: &str) -> Option<String> {
        configured.into_known().or_else(|| (self.environment)(variable)).filter(|value| !value.is_empty())
    }
}

#[async_trait]
impl Provider for Zones {
    type Config = ProviderModel;
    type Session = Session;

    fn schema(&self) -> Schema {
        let endpoint =
            format!("The address of the service. The environment variable `{ENDPOINT_VARIABLE}` can name it too.");
        let token = format!("The token. The environment variable `{TOKEN_VARIABLE}` can hold it too.");
        Schema::new("Manages the zones of a DNS service.")
            .attribute("endpoint", Attribute::string(endpoint).optional().default_is(format!("`{DEFAULT_ENDPOINT}`")))
            .attribute("token", Attribute::string(token).optional().sensitive())
    }

    /// A Terraform that can plan in parts is told so. All others call `configure`.
    fn defers_everything(&self, config: &ProviderModel) -> bool {
        config.endpoint.is_unknown() || config.token.is_unknown()
    }

    async fn configure(&self, request: Configure<ProviderModel>) -> Result<Session, Diagnostics> {
        let ProviderModel { endpoint, token } = request.config;
        // What is not known yet must not be replaced by what the environment says.
        if endpoint.is_unknown() || token.is_unknown() {
            return Ok(Session::not_known_yet());
        }
        let endpoint = self.setting(endpoint, ENDPOINT_VARIABLE).unwrap_or_else(|| DEFAULT_ENDPOINT.to_owned());
        let endpoint = checked(&endpoint)?;
        let token = self.setting(token, TOKEN_VARIABLE).ok_or_else(|| {
            let detail = format!("Set the attribute token, or the environment variable {TOKEN_VARIABLE}.");
            Diagnostic::error("Token missing", detail).at(AttributePath::of("token"))
        })?;
        // Tokens that cannot be masked as an attribute, as they come from the environment.
        terraform_plugin::mask(&token);
        let version = env!("CARGO_PKG_VERSION");
        let user_agent = format!("terraform-provider-zones/{version} Terraform/{}", request.terraform_version);
        let client = Client::new(endpoint, token, &user_agent).map_err(|error| {
            Diagnostic::error("Cannot make connections", format!("TLS cannot be used on this machine: {error}."))
        })?;
        Ok(Session::new(client))
    }

    fn objects(&self) -> Objects<Session> {
        Objects::new()
            .resource(RecordResource)
            .data_source(ZoneSource)
            .list_resource(RecordList)
            .ephemeral_resource(TokenResource)
            .action(PurgeAction)
            .function(Fqdn)
    }
}

/// An endpoint to which a token can be sent: one with encryption, or on this machine.
fn checked(endpoint: &str) -> Result<Url, Diagnostic> {
    let refused = |why: &str| {
        let detail = format!("The endpoint {endpoint:?} {why}. Write it as in https://api.example.com.");
        Diagnostic::error("Invalid endpoint", detail).at(AttributePath::of("endpoint"))
    };
    let url: Url = endpoint.parse().map_err(|_| refused("is no URL"))?;
    let host = url.host_str().ok_or_else(|| refused("has no host"))?;
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    let is_here = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_here => Ok(url),
        "http" => Err(refused("would get the token without encryption")),
        _ => Err(refused("must begin with https://")),
    }
}

#[cfg(test)]
mod tests {
    use terraform_plugin::CancellationToken;

    use super::*;

    async fn configure(
        environment: fn(&str) -> Option<String>,
        config: ProviderModel,
    ) -> Result<Session, Option<String>> {
        let configured = Zones { environment }.configure(Configure::new(config, "1.14.0")).await;
        configured.map_err(|errors| errors.iter().next()?.path.as_ref().map(ToString::to_string))
    }

    fn with_token(name: &str) -> Option<String> {
        (name == TOKEN_VARIABLE).then(|| "t".to_owned())
    }

    fn is_ready(session: &Session) -> bool {
        session.client(&CancellationToken::new()).is_ok()
    }

    #[test]
    fn nothing_is_wrong_with_what_the_provider_declares() {
        assert_eq!(terraform_plugin::validate_implementation(&Zones::from_process()), []);
    }

    #[tokio::test]
    async fn the_token_comes_from_the_configuration_or_the_environment() {
        let configured = ProviderModel { token: "t".into(), ..ProviderModel::default() };
        assert!(configure(|_| None, configured).await.is_ok_and(|session| is_ready(&session)));
        assert!(configure(with_token, ProviderModel::default()).await.is_ok_and(|session| is_ready(&session)));
        let missing = configure(|_| Some(String::new()), ProviderModel::default()).await;
        assert_eq!(missing.err().flatten().as_deref(), Some("token"));
    }

    #[tokio::test]
    async fn what_is_not_known_yet_is_an_error_only_where_it_is_needed() {
        for config in [
            ProviderModel { token: Attr::Unknown, ..ProviderModel::default() },
            ProviderModel { endpoint: Attr::Unknown, ..ProviderModel::default() },
        ] {
            assert!(Zones::from_process().defers_everything(&config));
            assert!(configure(with_token, config).await.is_ok_and(|session| !is_ready(&session)));
        }
        assert!(!Zones::from_process().defers_everything(&ProviderModel::default()));
    }

    #[test]
    fn a_token_is_sent_with_encryption_or_within_the_machine() {
        for (endpoint, is_fine) in [
            ("https://api.example.com", true),
            ("https://api.example.com/v2", true),
            ("http://127.0.0.1:8053", true),
            ("http://localhost:8053", true),
            ("http://[::1]:8053", true),
            ("http://api.example.com", false),
            ("http://127.evil.example", false),
            ("ftp://api.example.com", false),
            ("api.example.com", false),
            ("data:text", false),
        ] {
            assert_eq!(checked(endpoint).is_ok(), is_fine, "{endpoint}");
        }
    }
}
