//! An action, as a test calls it.

use super::data_source::known;
use super::decode::decode;
use super::response::Response;
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
        match decode(&self.declared().schema, config.into().into_value()) {
            Ok(config) => {
                let diagnostics = self.provider.local.validate_action(self.declared(), &config).await;
                Response::new((!diagnostics.has_errors()).then_some(config), diagnostics)
            }
            Err(errors) => Response::failed(errors),
        }
    }

    /// Validates and plans an invocation. The result is the configuration as the provider sees it.
    pub async fn plan(&self, config: impl Into<Config>) -> Response<Value> {
        let validated = self.validate(config).await;
        let mut reported = validated.diagnostics().clone();
        let Some(config) = validated.into_result() else { return Response::failed(reported) };
        let capabilities = self.provider.version.capabilities;
        let (diagnostics, deferred) = self.provider.local.plan_action(self.declared(), &config, capabilities).await;
        reported.extend(diagnostics);
        let planned = !reported.has_errors() && deferred.is_none();
        Response::new(planned.then_some(config), reported).deferred_by(deferred)
    }

    /// Plans an invocation, and invokes the action. The result is what it reported of its progress, also if it fails.
    pub async fn invoke(&self, config: impl Into<Config>) -> Response<Vec<String>> {
        let planned = self.plan(config).await;
        let (mut reported, deferred) = (planned.diagnostics().clone(), planned.deferred());
        let Some(config) = planned.into_result() else { return Response::failed(reported).deferred_by(deferred) };
        if let Err(error) = known(self.name, &config) {
            reported.extend(error);
            return Response::failed(reported);
        }
        let capabilities = self.provider.version.capabilities;
        let (progress, diagnostics) = self.provider.local.invoke_action(self.declared(), &config, capabilities).await;
        reported.extend(diagnostics);
        Response::new(Some(progress), reported)
    }
}
