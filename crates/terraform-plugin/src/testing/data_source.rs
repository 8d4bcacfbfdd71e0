//! A data source, as a test calls it.

use super::decode::decode;
use super::response::Response;
use super::validated::{known, validated};
use super::{Config, Found, InProcess};
use crate::framework::{Declared, Outcome};
use crate::provider::Provider;
use crate::value::Value;

/// A data source of a provider, as a test calls it.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/testing/books.rs"));
/// use serde_json::json;
/// use terraform_plugin::testing::{Config, InProcess};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let provider = InProcess::new(Books).configure(Config::empty()).await.unwrap();
/// provider.resource("books_book").create(json!({ "isbn": "9780131103627", "title": "C" })).await.ok();
/// let found = provider.data_source("books_book").read(json!({ "title": "C" })).await.ok();
/// assert_eq!(found["id"], "book-1".into());
/// # }
/// ```
pub struct DataSourceHandle<P: Provider> {
    provider: InProcess<P>,
    name: &'static str,
}

impl<P: Provider> DataSourceHandle<P> {
    pub(super) fn new(provider: InProcess<P>, name: &'static str) -> Self {
        Self { provider, name }
    }

    fn declared(&self) -> &Declared {
        self.provider.local.served().data_sources[self.name].declared()
    }

    /// Validates a configuration, and gives it as the provider sees it. The provider need not be configured.
    pub async fn validate(&self, config: impl Into<Config>) -> Response<Value> {
        let declared = self.declared();
        let ask = async |config: &Value| self.provider.local.validate_data_source(declared, config).await;
        validated(decode(&declared.schema, config.into().into_value()), ask).await
    }

    /// Validates a configuration, and reads what it asks for.
    pub async fn read(&self, config: impl Into<Config>) -> Response<Found> {
        let (config, mut reported) = match known(self.name, self.validate(config).await) {
            Ok(both) => both,
            Err(response) => return response,
        };
        let client = self.provider.client();
        let Outcome { state, diagnostics, deferred, .. } =
            self.provider.local.read_data_source(self.declared(), &config, client).await;
        reported.extend(diagnostics);
        let found = !reported.has_errors() && deferred.is_none();
        Response::new(found.then_some(Found::new(state)), reported).deferred_by(deferred)
    }
}
