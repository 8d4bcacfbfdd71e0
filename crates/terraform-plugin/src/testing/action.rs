//! An action, as a test calls it.

use super::decode::decode;
use super::response::Response;
use super::validated::{known, validated};
use super::{Config, InProcess};
use crate::framework::Declared;
use crate::provider::Provider;
use crate::value::Value;

/// An action of a provider, as a test calls it.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/testing/books.rs"));
/// use serde_json::json;
/// use terraform_plugin::testing::{Config, InProcess};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let provider = InProcess::new(Books).configure(Config::empty()).await.unwrap();
/// let progress = provider.action("books_dust").invoke(json!({ "shelves": 2 })).await.ok();
/// assert_eq!(progress, ["shelf 1", "shelf 2"]);
/// provider.action("books_dust").plan(json!({ "shelves": 0 })).await.error("Invalid attribute value");
/// # }
/// ```
pub struct ActionHandle<P: Provider> {
    provider: InProcess<P>,
    name: &'static str,
}

impl<P: Provider> ActionHandle<P> {
    pub(super) fn new(provider: InProcess<P>, name: &'static str) -> Self {
        Self { provider, name }
    }

    fn declared(&self) -> &Declared {
        self.provider.local.served().actions[self.name].declared()
    }

    /// Validates a configuration, and gives it as the provider sees it. The provider need not be configured.
    pub async fn validate(&self, config: impl Into<Config>) -> Response<Value> {
        let declared = self.declared();
        let ask = async |config: &Value| self.provider.local.validate_action(declared, config).await;
        validated(decode(&declared.schema, config.into().into_value()), ask).await
    }

    /// Validates and plans an invocation. The result is the configuration as the provider sees it.
    pub async fn plan(&self, config: impl Into<Config>) -> Response<Value> {
        let (config, mut reported, _) = self.validate(config).await.into_parts();
        let Some(config) = config else { return Response::failed(reported) };
        let capabilities = self.provider.version.capabilities;
        let (diagnostics, deferred) = self.provider.local.plan_action(self.declared(), &config, capabilities).await;
        reported.extend(diagnostics);
        let planned = !reported.has_errors() && deferred.is_none();
        Response::new(planned.then_some(config), reported).deferred_by(deferred)
    }

    /// Plans an invocation, and invokes the action. The result is what it reported of its progress, also if it fails.
    pub async fn invoke(&self, config: impl Into<Config>) -> Response<Vec<String>> {
        let (config, mut reported) = match known(self.name, self.plan(config).await) {
            Ok(both) => both,
            Err(response) => return response,
        };
        let capabilities = self.provider.version.capabilities;
        let (progress, diagnostics) = self.provider.local.invoke_action(self.declared(), &config, capabilities).await;
        reported.extend(diagnostics);
        Response::new(Some(progress), reported)
    }
}
