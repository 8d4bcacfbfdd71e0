//! An ephemeral resource, as a test calls it.

use std::time::SystemTime;

use super::decode::decode;
use super::response::Response;
use super::validated::{known, validated};
use super::{Config, Found, InProcess};
use crate::framework::{Declared, Lease, OpenOutcome};
use crate::operation::Private;
use crate::provider::Provider;
use crate::value::Value;

/// An ephemeral resource of a provider, as a test calls it.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/testing/books.rs"));
/// use serde_json::json;
/// use terraform_plugin::testing::{Config, InProcess};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let provider = InProcess::new(Books).configure(Config::empty()).await.unwrap();
/// let card = provider.ephemeral("books_card");
/// let mut opened = card.open(json!({ "reader": "Ada" })).await.ok();
/// assert_eq!(opened.values()["number"], "Ada-1".into());
/// card.renew(&mut opened).await.ok();
/// card.close(opened).await.ok();
/// # }
/// ```
pub struct EphemeralHandle<P: Provider> {
    provider: InProcess<P>,
    name: &'static str,
}

impl<P: Provider> EphemeralHandle<P> {
    pub(super) fn new(provider: InProcess<P>, name: &'static str) -> Self {
        Self { provider, name }
    }

    fn declared(&self) -> &Declared {
        self.provider.local.served().ephemeral_resources[self.name].declared()
    }

    /// Validates a configuration, and gives it as the provider sees it. The provider need not be configured.
    pub async fn validate(&self, config: impl Into<Config>) -> Response<Value> {
        let declared = self.declared();
        let ask = async |config: &Value| self.provider.local.validate_ephemeral(declared, config).await;
        validated(decode(&declared.schema, config.into().into_value()), ask).await
    }

    /// Validates a configuration, and opens what it asks for.
    pub async fn open(&self, config: impl Into<Config>) -> Response<OpenValues> {
        let (config, mut reported) = match known(self.name, self.validate(config).await) {
            Ok(both) => both,
            Err(response) => return response,
        };
        let capabilities = self.provider.version.capabilities;
        let OpenOutcome { result, lease, deferred } =
            self.provider.local.open_ephemeral(self.declared(), &config, capabilities).await;
        let Lease { renew_at, private, diagnostics } = lease;
        reported.extend(diagnostics);
        let is_open = !reported.has_errors() && deferred.is_none();
        let opened = OpenValues { values: Found::new(result), renew_at, private };
        Response::new(is_open.then_some(opened), reported).deferred_by(deferred)
    }

    /// Renews what is open. Terraform does it at the time that the provider named.
    pub async fn renew(&self, opened: &mut OpenValues) -> Response<()> {
        let Lease { renew_at, private, diagnostics } =
            self.provider.local.renew_ephemeral(self.name, &opened.private).await;
        if !diagnostics.has_errors() {
            (opened.renew_at, opened.private) = (renew_at, private);
        }
        Response::new(Some(()), diagnostics)
    }

    /// Closes what is open.
    pub async fn close(&self, opened: OpenValues) -> Response<()> {
        Response::new(Some(()), self.provider.local.close_ephemeral(self.name, &opened.private).await)
    }
}

/// An ephemeral resource that is open.
#[derive(Clone, Debug)]
pub struct OpenValues {
    values: Found,
    renew_at: Option<SystemTime>,
    private: Private,
}

impl OpenValues {
    /// Its values.
    #[must_use]
    pub fn values(&self) -> &Found {
        &self.values
    }

    /// When Terraform renews it.
    #[must_use]
    pub fn renew_at(&self) -> Option<SystemTime> {
        self.renew_at
    }

    /// What the provider keeps to renew and to close it.
    #[must_use]
    pub fn private(&self) -> &Private {
        &self.private
    }
}
