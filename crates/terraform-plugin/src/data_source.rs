//! Data sources: things that Terraform reads but does not manage.

use async_trait::async_trait;

use crate::diagnostic::Diagnostics;
use crate::model::Model;
use crate::operation::Operation;
use crate::schema::Schema;

/// A kind of thing that configurations can read. For every Terraform since 1.0.
#[async_trait]
pub trait DataSource: Send + Sync + 'static {
    /// What the provider's `configure` returned.
    type Session: Send + Sync + 'static;
    /// The struct that stands for the schema's object.
    type Model: Model;

    /// The full name in configurations, for example `example_clusters`.
    fn type_name(&self) -> &'static str;

    /// The attributes and blocks. Asked once, when the provider starts.
    fn schema(&self) -> Schema;

    /// Checks rules that concern several attributes. Values may be unknown.
    ///
    /// # Errors
    /// With what is wrong with the configuration.
    async fn validate(&self, config: Self::Model) -> Result<(), Diagnostics> {
        let _ = config;
        Ok(())
    }

    /// Reads the thing and saves what it found.
    ///
    /// # Errors
    /// With what failed, or that there is no such thing.
    async fn read(
        &self,
        operation: &mut Operation<Self::Session, Self::Model>,
        config: Self::Model,
    ) -> Result<(), Diagnostics>;
}
