//! A resource whose identity is not all in its state, and a list of it in which one is broken.

use async_trait::async_trait;
use terraform_plugin::schema::{Attribute, Block, BlockNesting, IdentityAttribute, IdentitySchema, Schema};
use terraform_plugin::{
    Attr, Diagnostic, Diagnostics, ImportTarget, ListResource, Listed, Listing, Model, Operation, Resource,
};

/// The state of a pod.
#[derive(Clone, Model)]
pub struct PodModel {
    metadata: Attr<Vec<Metadata>>,
}

#[derive(Clone, Model)]
struct Metadata {
    name: Attr<String>,
}

/// What of its identity is not in the state.
#[derive(Clone, Model)]
struct PodIdentity {
    cluster: Attr<String>,
}

fn pod(name: &str) -> PodModel {
    PodModel { metadata: vec![Metadata { name: name.into() }].into() }
}

fn in_cluster(cluster: &str) -> PodIdentity {
    PodIdentity { cluster: cluster.into() }
}

/// Runs in a cluster that its state does not name.
pub struct Pod;

#[async_trait]
impl Resource for Pod {
    type Session = ();
    type Model = PodModel;

    fn type_name(&self) -> &'static str {
        "sample_pod"
    }

    fn schema(&self) -> Schema {
        let name = Attribute::string("Its name.").required().requires_replace();
        let metadata = Block::new(BlockNesting::List, "What it is called.").times(1, 1).attribute("name", name);
        let name = IdentityAttribute::string("Its name.").taken_from("metadata[0].name");
        let cluster = IdentityAttribute::string("The cluster that it runs in.").not_in_state();
        let identity = IdentitySchema::new().attribute("name", name).attribute("cluster", cluster);
        Schema::new("A pod.").noun("pod").block("metadata", metadata).identity(identity)
    }

    async fn create(&self, operation: &mut Operation<(), PodModel>, planned: PodModel) -> Result<(), Diagnostics> {
        operation.progress("half way");
        operation.save(planned);
        operation.save_identity(in_cluster("c-1"));
        Ok(())
    }

    /// Saves nothing of its cluster, which stays what it was.
    async fn read(&self, operation: &mut Operation<(), PodModel>, state: PodModel) -> Result<(), Diagnostics> {
        operation.save(state);
        Ok(())
    }

    async fn update(
        &self,
        operation: &mut Operation<(), PodModel>,
        _: PodModel,
        planned: PodModel,
    ) -> Result<(), Diagnostics> {
        operation.save(planned);
        Ok(())
    }

    async fn delete(&self, _: &mut Operation<(), PodModel>, _: PodModel) -> Result<(), Diagnostics> {
        Ok(())
    }

    async fn import(&self, operation: &mut Operation<(), PodModel>, target: ImportTarget) -> Result<(), Diagnostics> {
        operation.save(pod(target.text("name").unwrap_or_default()));
        Ok(())
    }
}

/// Three pods: one is fine, one is old, and one cannot be read.
pub struct Pods;

#[derive(Clone, Model)]
pub struct PodsModel {}

#[async_trait]
impl ListResource for Pods {
    type Session = ();
    type Config = PodsModel;
    type Model = PodModel;

    fn type_name(&self) -> &'static str {
        "sample_pod"
    }

    fn schema(&self) -> Schema {
        Schema::new("Pods.")
    }

    async fn list(&self, listing: &Listing<(), PodModel>, PodsModel {}: PodsModel) -> Result<(), Diagnostics> {
        listing.left_out("broken", Diagnostic::error("Pod cannot be read", "It is corrupt.")).await;
        listing.found_object(Listed::new("fine", pod("fine")).identity(in_cluster("c-1"))).await;
        let warning = Diagnostic::warning("Old pod", "It should be replaced.");
        listing.found_object(Listed::new("old", pod("old")).identity(in_cluster("c-2")).warn(warning)).await;
        Ok(())
    }
}
