//! The `provider` block: what it looks like.

use tensorpool::DEFAULT_ENDPOINT;
use terraform_plugin::schema::{Attribute, Between, LengthAtLeast, Schema};
use terraform_plugin::{Attr, Model, Timeouts};

use crate::credentials::not_empty;
use crate::defaults::Defaults;

/// The `provider` block.
#[derive(Clone, Debug, Default, Model)]
pub struct ProviderModel {
    pub(crate) api_key: Attr<String>,
    pub(crate) endpoint: Attr<String>,
    pub(crate) allow_plain_http_host: Attr<String>,
    pub(crate) request_timeout: Attr<i64>,
    pub(crate) max_retries: Attr<i64>,
    pub(crate) skip_credentials_validation: Attr<bool>,
    pub(crate) default_deletion_protection: Attr<bool>,
    pub(crate) default_timeouts: Timeouts,
}

impl ProviderModel {
    /// The first argument that has to be known before a request can be sent, and is not.
    #[must_use]
    pub fn unknown(&self) -> Option<&'static str> {
        let unknown = [
            ("api_key", self.api_key.is_unknown()),
            ("endpoint", self.endpoint.is_unknown()),
            ("allow_plain_http_host", self.allow_plain_http_host.is_unknown()),
            ("request_timeout", self.request_timeout.is_unknown()),
            ("max_retries", self.max_retries.is_unknown()),
            ("skip_credentials_validation", self.skip_credentials_validation.is_unknown()),
        ];
        unknown.into_iter().find_map(|(attribute, is_unknown)| is_unknown.then_some(attribute))
    }

    /// The defaults of the objects that cost money.
    #[must_use]
    pub fn defaults(&self) -> Defaults {
        Defaults {
            deletion_protection: self.default_deletion_protection.clone(),
            timeouts: self.default_timeouts.clone(),
        }
    }
}

/// The schema of the `provider` block.
#[expect(clippy::too_many_lines, reason = "it is one list of attributes")]
pub fn schema() -> Schema {
    Schema::new("Manages GPU clusters of [TensorPool](https://tensorpool.dev).")
        .attribute(
            "api_key",
            Attribute::string("The API key.")
            .default_is("the environment variable `TENSORPOOL_KEY`, which keeps it out of the configuration")
            .optional()
            .sensitive()
            .validate(not_empty()),
        )
        .attribute(
            "endpoint",
            Attribute::string(
                "The URL of the API. Plain http is refused except for this machine and `allow_plain_http_host`.",
            )
            .default_is(format!("the environment variable `TENSORPOOL_ENGINE`, then `\"{DEFAULT_ENDPOINT}\"`"))
            .optional()
            .validate(LengthAtLeast(1)),
        )
        .attribute(
            "allow_plain_http_host",
            Attribute::string(
                "The name of the one other host to which the API key may be sent over plain http, where it can be read on \
                 the way.",
            )
            .default_is("the environment variable `TENSORPOOL_ALLOW_PLAIN_HTTP`")
            .optional()
            .validate(LengthAtLeast(1)),
        )
        .attribute(
            "request_timeout",
            Attribute::integer("Maximum time for one HTTP request, in seconds.")
                .default_is("`30`")
                .optional()
                .validate(Between(1, 600)),
        )
        .attribute(
            "max_retries",
            Attribute::integer(
                "Maximum number of retries of a request after a transient failure. A request that creates something is sent \
                 again only if it was certainly not accepted.",
            )
            .default_is("`4`")
            .optional()
            .validate(Between(0, 20)),
        )
        .attribute(
            "skip_credentials_validation",
            Attribute::bool(
                "Whether a plan creates objects without validating the API key first, for example where the API cannot be \
                 reached. Otherwise the account is read once before the first create is planned.",
            )
            .default_is("`false`")
            .optional(),
        )
        .attribute(
            "default_deletion_protection",
            Attribute::bool(
                "The `deletion_protection` of all clusters and storage volumes whose configuration does not set it.",
            )
            .default_is("`false`")
            .optional(),
        )
        .block(
            "default_timeouts",
            Timeouts::block(&[("create", "60m"), ("read", "5m"), ("update", "20m"), ("delete", "60m")])
                .description("Time limits of the operations on all clusters and storage volumes whose `timeouts` do not set them."),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_request_needs_has_to_be_known_and_the_defaults_need_not() {
        assert_eq!(ProviderModel::default().unknown(), None);
        let unknown = ProviderModel { endpoint: Attr::Unknown, max_retries: Attr::Unknown, ..ProviderModel::default() };
        assert_eq!(unknown.unknown(), Some("endpoint"));
        let defaults = ProviderModel { default_deletion_protection: Attr::Unknown, ..ProviderModel::default() };
        assert_eq!((defaults.unknown(), defaults.defaults().deletion_protection), (None, Attr::Unknown));
    }
}
