//! What changes outside Terraform, and how the API shows it.

mod support;

use serde_json::json;
use support::{Cloud, rejected};
use tensorpool_simulator::Preferences;

#[tokio::test]
async fn a_cluster_that_changes_outside_is_read_as_it_is() {
    let cloud = Cloud::new().await;
    let (id, volume) = (cloud.add_cluster("train", 2), cloud.add_volume("data"));
    let clusters = cloud.api.clusters();
    cloud.simulator.rename(&id, "other");
    assert_eq!(clusters.get(&id).await.expect("it exists").name.as_deref(), Some("other"));
    cloud.simulator.attach(&volume, &id);
    assert_eq!(clusters.get(&id).await.expect("it exists").storage_ids, [volume.as_str()]);
    cloud.simulator.detach(&volume, &id);
    assert!(clusters.get(&id).await.expect("it exists").storage_ids.is_empty());
    cloud.simulator.attach(&volume, &id);
    cloud.simulator.remove_cluster(&id);
    assert!(clusters.get(&id).await.expect_err("it is deleted").is_not_found());
    // Nothing is left that would keep the volume from being destroyed.
    cloud.api.volumes().destroy(&volume).await.expect("it is free");
}

#[tokio::test]
async fn a_volume_that_changes_outside_is_read_as_it_is() {
    let cloud = Cloud::new().await;
    let id = cloud.add_volume("data");
    let volumes = cloud.api.volumes();
    cloud.simulator.rename_volume(&id, "other");
    // Through the API, it could only grow.
    cloud.simulator.resize_volume(&id, 7);
    let volume = volumes.get(&id).await.expect("it exists");
    assert_eq!((volume.name.as_deref(), volume.size_gb), (Some("other"), Some(7)));
    cloud.simulator.remove_volume(&id);
    assert!(volumes.get(&id).await.expect_err("it is deleted").is_not_found());
}

#[tokio::test]
async fn a_cluster_has_one_node_and_the_user_as_owner_unless_the_admin_request_says_more() {
    let cloud = Cloud::new().await;
    cloud.admin("POST", "clusters", json!({"name": "train", "instance_type": "8xH100"})).await;
    let listed = cloud.api.clusters().list(false).await.expect("it is a list");
    assert_eq!(listed.items.iter().map(|cluster| cluster.instances.len()).collect::<Vec<_>>(), [1]);
}

#[tokio::test]
async fn the_organizations_volumes_are_listed_instead_of_the_users_own() {
    let cloud = Cloud::new().await;
    let own = json!(cloud.add_volume("own"));
    let body = json!({"name": "shared", "size_gb": 1, "owner": "organization"});
    let shared = cloud.admin("POST", "volumes", body).await["id"].clone();
    for (organization, listed) in [(false, own), (true, shared)] {
        let volumes = cloud.api.volumes().list(organization).await.expect("it is a list");
        let ids: Vec<_> = volumes.items.into_iter().map(|volume| volume.id).collect();
        assert_eq!(json!(ids), json!([listed]), "{organization}");
    }
}

#[tokio::test]
async fn buckets_and_object_storage_change_outside() {
    let cloud = Cloud::new().await;
    let storage = cloud.api.object_storage();
    cloud.simulator.enable_object_storage();
    for bucket in ["data", "models"] {
        cloud.simulator.add_bucket(bucket);
    }
    cloud.simulator.put_object("data", "model.pt");
    assert_eq!(rejected(storage.delete_bucket("data").await).0, 409);
    cloud.simulator.remove_bucket("data");
    assert_eq!(cloud.simulator.buckets(), ["models"]);
    cloud.simulator.disable_object_storage();
    assert_eq!(rejected(storage.credentials().await).0, 404);
    cloud.simulator.enable_object_storage();
    assert!(storage.buckets().await.expect("it is a list").items.is_empty());
}

#[tokio::test]
async fn preferences_change_outside() {
    let cloud = Cloud::new().await;
    let preferences = Preferences { balance_warning_threshold: Some(7.0), ..Preferences::default() };
    cloud.simulator.set_preferences(preferences);
    let read = cloud.api.user().preferences().await.expect("they are returned");
    assert_eq!(read.balance_warning_threshold, Some(7.0));
}
