//! The resource of a kind of provisioned object: the shared lifecycle, with the hooks of the kind.

use std::marker::PhantomData;

use async_trait::async_trait;
use terraform_plugin::schema::Schema;
use terraform_plugin::{Diagnostics, ImportTarget, Resource, ResourcePlan};

use super::{Object, Operation, Provisioned};
use super::{create, delete, import, plan, read, update};
use crate::session::Session;

/// What a kind of object adds to the lifecycle that all kinds share.
#[async_trait]
pub trait Hooks: Provisioned {
    /// The schema.
    fn schema() -> Schema;

    /// Leaves out of a generated configuration what says nothing.
    fn generate_config(config: Self) -> Self {
        config
    }

    /// Adjusts the plan before the shared rules do.
    fn before_plan(plan: &mut ResourcePlan<Session, Self>) {
        let _ = plan;
    }

    /// Adds the warnings of the kind to a plan that the shared rules accept.
    fn after_plan(plan: &mut ResourcePlan<Session, Self>) {
        let _ = plan;
    }

    /// Refuses an update before anything is sent.
    ///
    /// # Errors
    /// Why the object cannot be updated so.
    fn check_update(prior: &Self, planned: &Self) -> Result<(), Diagnostics> {
        let _ = (prior, planned);
        Ok(())
    }

    /// Refuses a delete before it is sent.
    ///
    /// # Errors
    /// Why the object cannot be deleted, or that this cannot be found out.
    async fn check_delete(operation: &Operation<Self>, prior: &Self) -> Result<(), Diagnostics> {
        let _ = (operation, prior);
        Ok(())
    }
}

/// The resource of a kind of provisioned object.
pub struct ProvisionedResource<P>(PhantomData<fn() -> P>);

impl<P> ProvisionedResource<P> {
    /// The resource.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

#[async_trait]
impl<P: Hooks> Resource for ProvisionedResource<P> {
    type Session = Session;
    type Model = P;

    fn type_name(&self) -> &'static str {
        P::Object::DESCRIPTOR.type_name
    }

    fn schema(&self) -> Schema {
        P::schema()
    }

    async fn plan(&self, resource_plan: &mut ResourcePlan<Session, P>) -> Result<(), Diagnostics> {
        P::before_plan(resource_plan);
        plan(resource_plan).await?;
        P::after_plan(resource_plan);
        Ok(())
    }

    async fn create(&self, operation: &mut Operation<P>, planned: P) -> Result<(), Diagnostics> {
        create(operation, planned).await
    }

    async fn read(&self, operation: &mut Operation<P>, state: P) -> Result<(), Diagnostics> {
        read(operation, state).await
    }

    async fn update(&self, operation: &mut Operation<P>, prior: P, planned: P) -> Result<(), Diagnostics> {
        if let Err(refused) = P::check_update(&prior, &planned) {
            operation.save(prior);
            return Err(refused);
        }
        update(operation, prior, planned).await
    }

    async fn delete(&self, operation: &mut Operation<P>, prior: P) -> Result<(), Diagnostics> {
        // Until its absence is proved the object stays in the state.
        operation.save(prior.clone());
        P::check_delete(operation, &prior).await?;
        delete(operation, prior).await
    }

    fn generate_config(&self, config: P) -> Result<P, Diagnostics> {
        Ok(P::generate_config(config))
    }

    async fn import(&self, operation: &mut Operation<P>, target: ImportTarget) -> Result<(), Diagnostics> {
        import(operation, target).await
    }
}
