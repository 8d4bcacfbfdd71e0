//! Changes to clusters outside Terraform: the admin requests, and the methods of [`Simulator`].

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::rules::Extras;
use crate::api::{ApiRequest, ApiResponse};
use crate::clock;
use crate::objects::instance_type::check_instance_type;
use crate::simulator::Simulator;
use crate::state::cluster::{ClusterView, NewCluster};
use crate::state::owner::Owner;
use crate::world::World;

/// A cluster to create, with its owner.
#[derive(Deserialize)]
struct OwnedCluster {
    #[serde(flatten)]
    new: NewCluster,
    #[serde(default)]
    owner: Owner,
}

pub(super) fn handle(world: &mut World, request: &ApiRequest<'_>) -> Option<ApiResponse> {
    Some(match request.route() {
        ("GET", ["clusters"]) => ApiResponse::json(200, &json!(world.cluster_views())),
        ("POST", ["clusters"]) => match serde_json::from_value::<OwnedCluster>(request.body.clone()) {
            Ok(OwnedCluster { new, owner }) => {
                match check_instance_type(&new.instance_type, world.options.variants.any_instance_type) {
                    Ok(()) => ApiResponse::json(200, &json!({"id": add(world, new, owner)})),
                    Err(error) => ApiResponse::unusable(&error),
                }
            }
            Err(error) => ApiResponse::unusable(&error),
        },
        ("PATCH", ["clusters", id]) => {
            let Some(cluster) = world.objects.cluster.clusters.get_mut(id) else {
                return Some(ApiResponse::not_found());
            };
            if let Some(protection) = request.flag("deletion_protection") {
                cluster.deletion_protection = protection;
            }
            if let Some(name) = request.text("name") {
                name.clone_into(&mut cluster.name);
            }
            if let Some(status) = request.body.get("instance_status") {
                // Null removes the status.
                cluster.status = status.as_str().map(str::to_owned);
            }
            ApiResponse::done()
        }
        ("DELETE", ["clusters", id]) => {
            world.objects.delete_cluster(id, clock::now());
            ApiResponse::done()
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
    /// Returns the clusters that really exist.
    #[must_use]
    pub fn clusters(&self) -> Vec<ClusterView> {
        self.with_world(|world| world.cluster_views())
    }

    /// Creates a running cluster of the user, and returns its id.
    #[must_use]
    pub fn add_cluster(&self, new: NewCluster) -> String {
        self.with_world(|world| add(world, new, Owner::User))
    }

    /// Creates a running cluster of the organization, and returns its id.
    #[must_use]
    pub fn add_organization_cluster(&self, new: NewCluster) -> String {
        self.with_world(|world| add(world, new, Owner::Organization))
    }

    /// Enables or disables the deletion protection of a cluster.
    pub fn set_deletion_protection(&self, id: &str, protection: bool) {
        self.change_cluster(id, &json!({"deletion_protection": protection}));
    }

    /// Sets the status of all nodes of a cluster. `None` restores the real one.
    pub fn set_instance_status(&self, id: &str, status: Option<&str>) {
        self.change_cluster(id, &json!({"instance_status": status}));
    }

    /// Renames a cluster.
    pub fn rename(&self, id: &str, name: &str) {
        self.change_cluster(id, &json!({"name": name}));
    }

    fn change_cluster(&self, id: &str, body: &Value) {
        self.with_world(|world| {
            handle(world, &ApiRequest { method: "PATCH", path: &["clusters", id], query: "", body })
        });
    }

    /// Deletes a cluster immediately.
    pub fn remove_cluster(&self, id: &str) {
        self.with_world(|world| world.objects.delete_cluster(id, clock::now()));
    }

    /// Starts to destroy a cluster. Does nothing if the API would reject it.
    pub fn release(&self, id: &str) {
        self.with_world(|world| _ = world.release_cluster(id));
    }
}
