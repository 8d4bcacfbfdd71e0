//! The provider itself: its configuration and its list of objects.

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use crate::data_source::DataSource;
use crate::diagnostic::Diagnostics;
use crate::framework::{AnyDataSource, AnyResource, DataSourceServer, ResourceServer};
use crate::model::Model;
use crate::resource::Resource;
use crate::schema::Schema;

/// What a provider is given to configure itself.
pub struct Configure<M> {
    /// The `provider` block. Values may be unknown during a plan.
    pub config: M,
    /// The version of Terraform that asks, as `1.11.4`.
    pub terraform_version: String,
    /// Cancelled when the user asked Terraform to stop.
    pub stop: CancellationToken,
}

/// A Terraform provider.
#[async_trait]
pub trait Provider: Send + Sync + 'static {
    /// The struct that stands for the `provider` block.
    type Config: Model;
    /// What [`configure`](Self::configure) makes and every operation is given, as a client of an API.
    type Client: Send + Sync + 'static;

    /// The attributes and blocks of the `provider` block. Asked once, when the provider starts.
    fn schema(&self) -> Schema;

    /// Checks rules that concern several attributes. Values may be unknown.
    ///
    /// # Errors
    /// With what is wrong with the configuration.
    async fn validate(&self, config: Self::Config) -> Result<(), Diagnostics> {
        let _ = config;
        Ok(())
    }

    /// Makes what operations need. During a plan the configuration may hold unknown values: that is no error until an
    /// operation really needs them.
    ///
    /// # Errors
    /// With what is wrong with the configuration.
    async fn configure(&self, request: Configure<Self::Config>) -> Result<Self::Client, Diagnostics>;

    /// Everything that configurations can use. Asked once, when the provider starts.
    fn objects(&self) -> Objects<Self::Client>;
}

/// The objects of a provider.
pub struct Objects<C> {
    pub(crate) resources: Vec<Box<dyn AnyResource<C>>>,
    pub(crate) data_sources: Vec<Box<dyn AnyDataSource<C>>>,
}

impl<C: Send + Sync + 'static> Objects<C> {
    /// No objects.
    #[must_use]
    pub fn new() -> Self {
        Self { resources: Vec::new(), data_sources: Vec::new() }
    }

    /// Adds a resource.
    #[must_use]
    pub fn resource(mut self, resource: impl Resource<Client = C>) -> Self {
        self.resources.push(Box::new(ResourceServer::new(resource)));
        self
    }

    /// Adds a data source.
    #[must_use]
    pub fn data_source(mut self, data_source: impl DataSource<Client = C>) -> Self {
        self.data_sources.push(Box::new(DataSourceServer::new(data_source)));
        self
    }
}

impl<C: Send + Sync + 'static> Default for Objects<C> {
    fn default() -> Self {
        Self::new()
    }
}
