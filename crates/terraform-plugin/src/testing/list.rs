//! A list resource, as a test calls it.

use super::decode::decode;
use super::response::Response;
use super::validated::{known, validated};
use super::{Config, Found, InProcess};
use crate::framework::{Declared, ListInput, ListedObject};
use crate::provider::Provider;
use crate::value::Value;

/// As many objects Terraform asks for at most, if the configuration does not say it.
const LIMIT: usize = 100;

/// A list resource of a provider, as a test calls it.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/testing/books.rs"));
/// use serde_json::json;
/// use terraform_plugin::testing::{Config, InProcess};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let provider = InProcess::new(Books).configure(Config::empty()).await.unwrap();
/// for title in ["A", "B", "C"] {
///     provider.resource("books_book").create(json!({ "isbn": "9780131103627", "title": title })).await.ok();
/// }
/// let found = provider.list("books_book").include_resource().limit(2).list(Config::empty()).await.ok();
/// assert_eq!(found.len(), 2);
/// assert_eq!(found[0].display_name(), "A");
/// assert_eq!(found[1].resource().unwrap()["title"], "B".into());
/// # }
/// ```
pub struct ListHandle<P: Provider> {
    provider: InProcess<P>,
    name: &'static str,
    limit: usize,
    include_resource: bool,
}

impl<P: Provider> ListHandle<P> {
    pub(super) fn new(provider: InProcess<P>, name: &'static str) -> Self {
        Self { provider, name, limit: LIMIT, include_resource: false }
    }

    fn declared(&self) -> &Declared {
        self.provider.local.served().list_resources[self.name].declared()
    }

    /// So many objects are asked for at most, and not 100.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// Whole states are asked for.
    #[must_use]
    pub fn include_resource(mut self) -> Self {
        self.include_resource = true;
        self
    }

    /// Validates a configuration, and gives it as the provider sees it. The provider need not be configured.
    pub async fn validate(&self, config: impl Into<Config>) -> Response<Value> {
        let declared = self.declared();
        let ask = async |config: &Value| self.provider.local.validate_list(declared, config).await;
        validated(decode(&declared.schema, config.into().into_value()), ask).await
    }

    /// Validates a configuration, and searches. Also if the search fails, the result has what was found before.
    pub async fn list(&self, config: impl Into<Config>) -> Response<Vec<FoundObject>> {
        let (config, mut reported) = match known(self.name, self.validate(config).await) {
            Ok(both) => both,
            Err(response) => return response,
        };
        let input = ListInput { config, include_resource: self.include_resource, limit: self.limit };
        let (found, diagnostics) = self.provider.local.list(self.declared(), input).await;
        reported.extend(diagnostics);
        Response::new(Some(found.into_iter().map(FoundObject::of).collect()), reported)
    }
}

/// An object that a search found.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundObject {
    display_name: String,
    identity: Value,
    resource: Option<Found>,
}

impl FoundObject {
    fn of(listed: ListedObject) -> Self {
        let ListedObject { display_name, identity, state } = listed;
        Self { display_name, identity, resource: state.map(Found::new) }
    }

    /// Its name for people.
    #[must_use]
    pub fn display_name(&self) -> &str {
        &self.display_name
    }

    /// What names it for ever.
    #[must_use]
    pub fn identity(&self) -> &Value {
        &self.identity
    }

    /// Its state, where that was asked for.
    #[must_use]
    pub fn resource(&self) -> Option<&Found> {
        self.resource.as_ref()
    }
}
