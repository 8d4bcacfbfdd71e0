//! The provider itself: its configuration and its list of objects.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use crate::action::Action;
use crate::data_source::DataSource;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ephemeral::EphemeralResource;
use crate::framework::{
    ActionServer, AnyAction, AnyDataSource, AnyEphemeral, AnyFunction, AnyList, AnyResource, DataSourceServer,
    EphemeralServer, FunctionServer, ListServer, ResourceServer,
};
use crate::function::Function;
use crate::list::ListResource;
use crate::model::Model;
use crate::resource::Resource;
use crate::schema::Schema;

/// What a provider is given to configure itself.
pub struct Configure<M> {
    /// The `provider` block. Values may be unknown during a plan.
    pub config: M,
    /// The version of Terraform, for example `1.11.4`.
    pub terraform_version: String,
    /// Cancelled when the user asked Terraform to stop.
    pub stop: CancellationToken,
    pub(crate) warnings: Arc<Mutex<Diagnostics>>,
}

impl<M> Configure<M> {
    /// What a provider would be given by a Terraform of this version; for tests of providers.
    #[must_use]
    pub fn new(config: M, terraform_version: impl Into<String>) -> Self {
        Self {
            config,
            terraform_version: terraform_version.into(),
            stop: CancellationToken::new(),
            warnings: Arc::default(),
        }
    }

    /// Reports something to the user that is not a failure.
    pub fn warn(&self, warning: Diagnostic) {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).push(warning);
    }
}

/// A Terraform provider.
#[async_trait]
pub trait Provider: Send + Sync + 'static {
    /// The struct that stands for the `provider` block.
    type Config: Model;
    /// What [`configure`](Self::configure) returns and every operation works with, for example the client of an API.
    type Session: Send + Sync + 'static;

    /// The attributes and blocks of the `provider` block. Asked once, when the provider starts.
    fn schema(&self) -> Schema;

    /// The attributes of the `provider_meta` block by which a module describes itself to the provider; `None` unless the
    /// provider wants one. Operations find it in [`Operation::provider_meta`](crate::Operation::provider_meta).
    fn meta_schema(&self) -> Option<Schema> {
        None
    }

    /// Checks rules that concern several attributes. Values may be unknown.
    ///
    /// # Errors
    /// With what is wrong with the configuration.
    async fn validate(&self, config: Self::Config) -> Result<(), Diagnostics> {
        let _ = config;
        Ok(())
    }

    /// Whether nothing of the provider can be planned with such a configuration, because too much of it is not known yet: for
    /// example the address of a cluster that the same apply creates.
    ///
    /// It is a question of its own, and no result of [`configure`](Self::configure), as there is no session then: it is asked
    /// only if Terraform can put things off, which no released version can, and if the answer is yes, the provider is not
    /// configured and no other code of it is called. Every plan, read, import, data source, ephemeral resource and action is put off with
    /// [`DeferReason::ProviderConfigUnknown`](crate::DeferReason::ProviderConfigUnknown), and Terraform asks again once it knows
    /// more. Otherwise `configure` is given what is unknown, as ever.
    ///
    /// ```
    /// # use terraform_plugin::schema::{Attribute, Schema};
    /// # use terraform_plugin::{Attr, Configure, Diagnostics, Model, Objects, Provider, async_trait};
    /// #[derive(Clone, Model)]
    /// struct Config {
    ///     host: Attr<String>,
    /// }
    ///
    /// # struct Example;
    /// #[async_trait]
    /// impl Provider for Example {
    ///     type Config = Config;
    /// #   type Session = ();
    /// #   fn schema(&self) -> Schema {
    /// #       Schema::new("An example.").attribute("host", Attribute::string("The host.").optional())
    /// #   }
    /// #   async fn configure(&self, _: Configure<Config>) -> Result<(), Diagnostics> { Ok(()) }
    /// #   fn objects(&self) -> Objects<()> { Objects::new() }
    ///
    ///     fn defers_everything(&self, config: &Config) -> bool {
    ///         config.host.is_unknown()
    ///     }
    ///     // And the rest.
    /// }
    /// ```
    fn defers_everything(&self, config: &Self::Config) -> bool {
        let _ = config;
        false
    }

    /// Makes what operations need. During a plan the configuration may hold unknown values: that is no error until an
    /// operation really needs them.
    ///
    /// # Errors
    /// With what is wrong with the configuration.
    async fn configure(&self, request: Configure<Self::Config>) -> Result<Self::Session, Diagnostics>;

    /// Everything that configurations can use. Asked once, when the provider starts.
    fn objects(&self) -> Objects<Self::Session>;
}

/// The objects of a provider.
pub struct Objects<C> {
    pub(crate) resources: Vec<Arc<dyn AnyResource<C>>>,
    pub(crate) data_sources: Vec<Arc<dyn AnyDataSource<C>>>,
    pub(crate) ephemeral_resources: Vec<Arc<dyn AnyEphemeral<C>>>,
    pub(crate) list_resources: Vec<Arc<dyn AnyList<C>>>,
    pub(crate) actions: Vec<Arc<dyn AnyAction<C>>>,
    pub(crate) functions: Vec<Arc<dyn AnyFunction>>,
}

impl<C: Send + Sync + 'static> Objects<C> {
    /// No objects.
    #[must_use]
    pub fn new() -> Self {
        Self {
            resources: Vec::new(),
            data_sources: Vec::new(),
            ephemeral_resources: Vec::new(),
            list_resources: Vec::new(),
            actions: Vec::new(),
            functions: Vec::new(),
        }
    }

    /// Adds a resource.
    #[must_use]
    pub fn resource(mut self, resource: impl Resource<Session = C>) -> Self {
        self.resources.push(Arc::new(ResourceServer::new(resource)));
        self
    }

    /// Adds a data source.
    #[must_use]
    pub fn data_source(mut self, data_source: impl DataSource<Session = C>) -> Self {
        self.data_sources.push(Arc::new(DataSourceServer::new(data_source)));
        self
    }

    /// Adds an ephemeral resource.
    #[must_use]
    pub fn ephemeral_resource(mut self, ephemeral: impl EphemeralResource<Session = C>) -> Self {
        self.ephemeral_resources.push(Arc::new(EphemeralServer::new(ephemeral)));
        self
    }

    /// Adds a list resource. There must be a resource of the same name, with an identity.
    #[must_use]
    pub fn list_resource(mut self, list: impl ListResource<Session = C>) -> Self {
        self.list_resources.push(Arc::new(ListServer::new(list)));
        self
    }

    /// Adds an action.
    #[must_use]
    pub fn action(mut self, action: impl Action<Session = C>) -> Self {
        self.actions.push(Arc::new(ActionServer::new(action)));
        self
    }

    /// Adds a function.
    #[must_use]
    pub fn function(mut self, function: impl Function) -> Self {
        self.functions.push(Arc::new(FunctionServer::new(function)));
        self
    }
}

impl<C: Send + Sync + 'static> Default for Objects<C> {
    fn default() -> Self {
        Self::new()
    }
}
