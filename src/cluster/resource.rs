//! The resource `tensorpool_cluster`.

use async_trait::async_trait;
use serde_json::Value;
use tensorpool::Cluster;
use terraform_plugin::schema::Schema;
use terraform_plugin::{AttributePath, Diagnostics, ImportTarget, Resource, ResourcePlan};

use super::model::{ClusterModel, schema};
use crate::provisioned::{self, IMPORTED, Object as _, Operation};
use crate::session::Session;

/// The resource `tensorpool_cluster`.
pub struct ClusterResource;

#[async_trait]
impl Resource for ClusterResource {
    type Client = Session;
    type Model = ClusterModel;

    fn type_name(&self) -> &'static str {
        Cluster::DESCRIPTOR.type_name
    }

    fn schema(&self) -> Schema {
        schema()
    }

    async fn plan(&self, plan: &mut ResourcePlan<Session, ClusterModel>) -> Result<(), Diagnostics> {
        keep_what_was_never_known(plan);
        provisioned::plan(plan).await
    }

    async fn create(&self, operation: &mut Operation<ClusterModel>, planned: ClusterModel) -> Result<(), Diagnostics> {
        provisioned::create(operation, planned).await
    }

    async fn read(&self, operation: &mut Operation<ClusterModel>, state: ClusterModel) -> Result<(), Diagnostics> {
        provisioned::read(operation, state).await
    }

    async fn update(
        &self,
        operation: &mut Operation<ClusterModel>,
        prior: ClusterModel,
        planned: ClusterModel,
    ) -> Result<(), Diagnostics> {
        provisioned::update(operation, prior, planned).await
    }

    async fn delete(&self, operation: &mut Operation<ClusterModel>, prior: ClusterModel) -> Result<(), Diagnostics> {
        provisioned::delete(operation, prior).await
    }

    async fn import(&self, operation: &mut Operation<ClusterModel>, target: ImportTarget) -> Result<(), Diagnostics> {
        provisioned::import(operation, target).await
    }
}

/// The keys of an imported cluster were never read, nor was its container if the API does not return one. So setting them in
/// the configuration says what the cluster has already, and is no reason to replace it.
fn keep_what_was_never_known(plan: &mut ResourcePlan<Session, ClusterModel>) {
    let never_known = plan.private.get(IMPORTED).and_then(Value::as_array).cloned().unwrap_or_default();
    let is_first_known = |path: &AttributePath| {
        never_known.iter().filter_map(Value::as_str).any(|name| *path == AttributePath::of(name))
    };
    plan.requires_replace.retain(|path| !is_first_known(path));
}
