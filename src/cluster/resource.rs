//! What is particular to the resource `tensorpool_cluster`.

use serde_json::Value;
use terraform_plugin::schema::Schema;
use terraform_plugin::{Attr, AttributePath, ResourcePlan};

use super::model::ClusterModel;
use super::schema::schema;
use crate::provisioned::{Hooks, IMPORTED};
use crate::session::Session;

impl Hooks for ClusterModel {
    fn schema() -> Schema {
        schema()
    }

    fn generate_config(mut config: Self) -> Self {
        if config.container.as_str() == Some("") {
            config.container = Attr::Null;
        }
        if config.public_keys.known().is_some_and(Vec::is_empty) {
            config.public_keys = Attr::Null;
        }
        config
    }

    fn before_plan(plan: &mut ResourcePlan<Session, Self>) {
        keep_what_was_never_known(plan);
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
