//! The resource `tensorpool_cluster`.

use async_trait::async_trait;
use tensorpool::Cluster;
use terraform_plugin::schema::Schema;
use terraform_plugin::{AttributePath, Diagnostics, ImportTarget, Resource, ResourcePlan};

use super::model::{ClusterModel, schema};
use crate::paid::{self, IMPORTED, Operation, Remote as _};
use crate::provider::Session;

/// The resource `tensorpool_cluster`.
pub struct ClusterResource;

#[async_trait]
impl Resource for ClusterResource {
    type Client = Session;
    type Model = ClusterModel;

    fn type_name(&self) -> &'static str {
        Cluster::KIND.type_name
    }

    fn schema(&self) -> Schema {
        schema()
    }

    async fn plan(&self, plan: &mut ResourcePlan<Session, ClusterModel>) -> Result<(), Diagnostics> {
        paid::compare_with_journal(plan).await;
        keep_what_was_never_told(plan);
        paid::plan_unfinished(plan);
        paid::refuse_if_protected(plan)
    }

    async fn create(&self, operation: &mut Operation<ClusterModel>, planned: ClusterModel) -> Result<(), Diagnostics> {
        paid::create(operation, planned).await
    }

    async fn read(&self, operation: &mut Operation<ClusterModel>, state: ClusterModel) -> Result<(), Diagnostics> {
        paid::read(operation, state).await
    }

    async fn update(
        &self,
        operation: &mut Operation<ClusterModel>,
        prior: ClusterModel,
        planned: ClusterModel,
    ) -> Result<(), Diagnostics> {
        paid::update(operation, prior, planned).await
    }

    async fn delete(&self, operation: &mut Operation<ClusterModel>, prior: ClusterModel) -> Result<(), Diagnostics> {
        paid::delete(operation, prior).await
    }

    async fn import(&self, operation: &mut Operation<ClusterModel>, target: ImportTarget) -> Result<(), Diagnostics> {
        paid::import(operation, target).await
    }
}

/// The keys and the container of an imported cluster were never read, so setting them in the configuration tells what the
/// cluster already has, and is no reason to replace it.
fn keep_what_was_never_told(plan: &mut ResourcePlan<Session, ClusterModel>) {
    let Some(prior) = plan.prior.as_ref().filter(|_| plan.private.get(IMPORTED).is_some()) else { return };
    let first_told = |path: &AttributePath| {
        (path == &AttributePath::of("public_keys") && prior.public_keys.is_null())
            || (path == &AttributePath::of("container") && prior.container.is_null())
    };
    plan.requires_replace.retain(|path| !first_told(path));
}
