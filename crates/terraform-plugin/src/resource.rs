//! Resources: objects with a life that Terraform manages.

use std::sync::Arc;

use async_trait::async_trait;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Model;
use crate::operation::{Operation, Private};
use crate::path::AttributePath;
use crate::schema::Schema;

/// A plan that a resource may look at and refine: see [`Resource::plan`].
pub struct ResourcePlan<C, M> {
    /// The state before; absent when the object is being created.
    pub prior: Option<M>,
    /// The configuration; absent when the object is being destroyed.
    pub config: Option<M>,
    /// The state that apply is going to make; absent when the object is being destroyed.
    pub planned: Option<M>,
    /// The attributes whose change replaces the object.
    pub requires_replace: Vec<AttributePath>,
    /// Kept beside the planned state and handed to apply.
    pub private: Private,
    /// Messages that do not stop the plan.
    pub warnings: Diagnostics,
    pub(crate) client: Option<Arc<C>>,
}

impl<C, M> ResourcePlan<C, M> {
    /// What the provider's `configure` made; absent when the provider is not configured yet.
    #[must_use]
    pub fn client(&self) -> Option<Arc<C>> {
        self.client.clone()
    }
}

/// A kind of object that Terraform creates, reads, updates and deletes.
///
/// Operations return errors as diagnostics and hand the state back through [`Operation::save`].
#[async_trait]
pub trait Resource: Send + Sync + 'static {
    /// What the provider's `configure` made.
    type Client: Send + Sync + 'static;
    /// The struct that stands for the schema's object.
    type Model: Model;

    /// The full name in configurations, as `tensorpool_cluster`.
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

    /// Refines a plan, or refuses it. Called after the attributes' own rules, for create, update, replacement and
    /// destroy alike; may be called several times before apply.
    ///
    /// # Errors
    /// With why the plan cannot be carried out.
    async fn plan(&self, plan: &mut ResourcePlan<Self::Client, Self::Model>) -> Result<(), Diagnostics> {
        let _ = plan;
        Ok(())
    }

    /// Makes the object.
    ///
    /// # Errors
    /// With what failed. If a state was saved before, Terraform keeps it and marks the object as tainted.
    async fn create(
        &self,
        operation: &mut Operation<Self::Client, Self::Model>,
        planned: Self::Model,
    ) -> Result<(), Diagnostics>;

    /// Looks at the object as it is: saves what it finds, or removes an object that is gone.
    ///
    /// # Errors
    /// With what failed. The state stays as it was.
    async fn read(
        &self,
        operation: &mut Operation<Self::Client, Self::Model>,
        state: Self::Model,
    ) -> Result<(), Diagnostics>;

    /// Changes the object in place.
    ///
    /// # Errors
    /// With what failed. The state is what was saved last, or the prior one.
    async fn update(
        &self,
        operation: &mut Operation<Self::Client, Self::Model>,
        prior: Self::Model,
        planned: Self::Model,
    ) -> Result<(), Diagnostics>;

    /// Deletes the object. Returning without an error removes it from the state.
    ///
    /// # Errors
    /// With what failed. The state is what was saved last, or the prior one.
    async fn delete(
        &self,
        operation: &mut Operation<Self::Client, Self::Model>,
        prior: Self::Model,
    ) -> Result<(), Diagnostics>;

    /// Finds an existing object by the id that the user gave and saves its state; Terraform reads it afterwards.
    ///
    /// # Errors
    /// With why the object cannot be imported.
    async fn import(
        &self,
        operation: &mut Operation<Self::Client, Self::Model>,
        id: String,
    ) -> Result<(), Diagnostics> {
        let _ = (operation, id);
        let detail = format!("Objects of type {} cannot be imported.", self.type_name());
        Err(Diagnostic::error("Import not supported", detail).into())
    }

    /// Changes the JSON of a state that was written with an older version of the schema to the present one.
    ///
    /// # Errors
    /// When there is no way from that version.
    fn upgrade_state(&self, version: i64, state: serde_json::Value) -> Result<serde_json::Value, Diagnostics> {
        let _ = state;
        let detail = format!(
            "The state of this {} was written with version {version} of its schema, which this version of the \
             provider cannot read. Use a version of the provider that can, or remove the object from the state and \
             import it again.",
            self.type_name()
        );
        Err(Diagnostic::error("State cannot be upgraded", detail).into())
    }
}
