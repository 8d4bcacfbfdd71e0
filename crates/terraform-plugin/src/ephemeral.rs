//! Ephemeral resources: values that exist while Terraform runs, and never reach a plan or a state.

use std::time::SystemTime;

use async_trait::async_trait;

use crate::diagnostic::Diagnostics;
use crate::model::Model;
use crate::operation::Operation;
use crate::schema::Schema;

/// An ephemeral resource that was opened.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Opened<M> {
    /// Its values: the configuration, with what was computed.
    pub result: M,
    /// When Terraform should [renew](EphemeralResource::renew) it, if it still needs it then.
    pub renew_at: Option<SystemTime>,
}

impl<M> Opened<M> {
    /// One that needs no renewal.
    #[must_use]
    pub fn new(result: M) -> Self {
        Self { result, renew_at: None }
    }

    /// When to renew it.
    #[must_use]
    pub fn renew_at(mut self, time: SystemTime) -> Self {
        self.renew_at = Some(time);
        self
    }
}

/// A kind of value that Terraform opens, keeps open as long as it needs it, and closes. Needs Terraform 1.10: older ones do not
/// know ephemeral resources, and everything else of the provider works with them.
#[async_trait]
pub trait EphemeralResource: Send + Sync + 'static {
    /// What the provider's `configure` returned.
    type Session: Send + Sync + 'static;
    /// The struct that stands for the schema's object.
    type Model: Model;

    /// The full name in configurations, for example `example_credentials`.
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

    /// Opens it. What renewing and closing need goes to the operation's private data, which Terraform keeps in memory.
    ///
    /// # Errors
    /// With what failed. Then nothing is open.
    async fn open(
        &self,
        operation: &mut Operation<Self::Session, Self::Model>,
        config: Self::Model,
    ) -> Result<Opened<Self::Model>, Diagnostics>;

    /// Keeps it open, and says when to do so again. Its values stay the same.
    ///
    /// # Errors
    /// With what failed.
    async fn renew(&self, operation: &mut Operation<Self::Session>) -> Result<Option<SystemTime>, Diagnostics> {
        let _ = operation;
        Ok(None)
    }

    /// Closes it.
    ///
    /// # Errors
    /// With what failed.
    async fn close(&self, operation: &mut Operation<Self::Session>) -> Result<(), Diagnostics> {
        let _ = operation;
        Ok(())
    }
}
