//! What happens to clusters from outside: orders under `/_simulator/`, and the same for callers in the process.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{ClusterView, Extras, NewCluster};
use crate::clock;
use crate::reply::{Call, Reply};
use crate::server::Simulator;
use crate::world::{Owner, World};

/// A cluster to be made, with its owner.
#[derive(Deserialize)]
struct Order {
    #[serde(flatten)]
    new: NewCluster,
    #[serde(default)]
    owner: Owner,
}

pub(super) fn order(world: &mut World, call: &Call<'_>) -> Option<Reply> {
    let done = || Reply::json(200, &json!({}));
    Some(match call.route() {
        ("GET", ["clusters"]) => Reply::json(200, &json!(world.cluster_views())),
        ("POST", ["clusters"]) => match serde_json::from_value::<Order>(call.body.clone()) {
            Ok(order) => Reply::json(200, &json!({"id": add(world, order.new, order.owner)})),
            Err(error) => Reply::json(422, &json!({"detail": error.to_string()})),
        },
        ("PATCH", ["clusters", id]) => {
            let Some(cluster) = world.cluster(id) else { return Some(Reply::not_found()) };
            if let Some(protection) = call.flag("deletion_protection") {
                cluster.deletion_protection = protection;
            }
            if let Some(name) = call.text("name") {
                name.clone_into(&mut cluster.name);
            }
            if let Some(status) = call.body.get("instance_status") {
                // Null lifts the status again.
                cluster.status = status.as_str().map(str::to_owned);
            }
            done()
        }
        ("DELETE", ["clusters", id]) => {
            world.remove_cluster(id, clock::now());
            done()
        }
        _ => return None,
    })
}

fn add(world: &mut World, new: NewCluster, owner: Owner) -> String {
    let id = world.create_cluster(new, Extras { owner, ..Extras::default() }, Duration::ZERO).0;
    world.settle();
    id
}

impl Simulator {
    /// The clusters that really exist.
    #[must_use]
    pub fn clusters(&self) -> Vec<ClusterView> {
        self.with(|world| world.cluster_views())
    }

    /// Makes a running cluster from outside, and gives its id.
    #[must_use]
    pub fn add_cluster(&self, new: NewCluster) -> String {
        self.with(|world| add(world, new, Owner::User))
    }

    /// Makes a running cluster that belongs to the organization, and gives its id.
    #[must_use]
    pub fn add_organization_cluster(&self, new: NewCluster) -> String {
        self.with(|world| add(world, new, Owner::Organization))
    }

    /// Sets or lifts the lock of a cluster from outside.
    pub fn set_deletion_protection(&self, id: &str, protection: bool) {
        self.change_cluster(id, &json!({"deletion_protection": protection}));
    }

    /// Gives all instances of a cluster a status, or their own again.
    pub fn set_instance_status(&self, id: &str, status: Option<&str>) {
        self.change_cluster(id, &json!({"instance_status": status}));
    }

    /// Renames a cluster from outside.
    pub fn rename(&self, id: &str, name: &str) {
        self.change_cluster(id, &json!({"name": name}));
    }

    fn change_cluster(&self, id: &str, body: &Value) {
        self.with(|world| order(world, &Call { method: "PATCH", path: &["clusters", id], query: "", body }));
    }

    /// Makes a cluster vanish.
    pub fn remove_cluster(&self, id: &str) {
        self.with(|world| world.remove_cluster(id, clock::now()));
    }

    /// Begins the destroy of a cluster from outside.
    pub fn release(&self, id: &str) {
        // Refusals are the same as over HTTP; whoever calls this looks at the clusters.
        self.with(|world| _ = world.release_cluster(id));
    }
}
