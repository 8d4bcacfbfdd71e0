//! The rules of volumes and of their attachments, through the client.

mod support;

use std::time::Duration;

use serde_json::json;
use support::{Cloud, at_once, rejected};
use tensorpool::{CreateVolume, EditVolume};
use tensorpool_simulator::{NewCluster, Options};

fn resized(size_gb: u64) -> EditVolume {
    EditVolume { size_gb: Some(size_gb), ..EditVolume::default() }
}

#[tokio::test]
async fn a_volume_lives_from_create_to_destroy() {
    let cloud = Cloud::new().await;
    let id = cloud.create_volume("data", 100).await;
    let volumes = cloud.api.volumes();
    let volume = volumes.get(&id).await.expect("it exists");
    assert_eq!((volume.name.as_deref(), volume.size_gb), (Some("data"), Some(100)));
    assert_eq!(volume.attached_clusters, Some(Vec::new()));
    let edit = EditVolume { name: Some("more".to_owned()), deletion_protection: Some(true), ..resized(200) };
    volumes.edit(&id, &edit).await.expect("it can be edited");
    let view = &cloud.simulator.volumes()[0];
    assert_eq!((view.name.as_str(), view.size_gb, view.deletion_protection), ("more", 200, true));
    assert_eq!(volumes.find("more").await.expect("it is a list").items.len(), 1);
    assert_eq!(rejected(volumes.destroy(&id).await).0, 409);
    cloud.simulator.set_volume_deletion_protection(&id, false);
    volumes.destroy(&id).await.expect("it is accepted");
    assert!(cloud.simulator.volumes().is_empty());
    assert_eq!(rejected(volumes.get(&id).await).0, 404);
}

#[tokio::test]
async fn a_volume_only_grows_and_its_name_is_unique() {
    let cloud = Cloud::new().await;
    let (first, second) = (cloud.add_volume("first"), cloud.add_volume("second"));
    let volumes = cloud.api.volumes();
    let error = volumes.edit(&first, &resized(99)).await.expect_err("it would shrink");
    assert_eq!((error.status(), &error.field_errors()[0].location[1..]), (Some(422), &["size_gb".to_owned()][..]));
    volumes.edit(&first, &resized(100)).await.expect("the same size is accepted");
    let edit = EditVolume { name: Some("first".to_owned()), ..EditVolume::default() };
    assert_eq!(rejected(volumes.edit(&second, &edit).await).0, 409);
    let twice = CreateVolume { name: "first".to_owned(), size_gb: 1, deletion_protection: false };
    assert_eq!(rejected(volumes.create(&twice).await).0, 409);
    assert_eq!(rejected(volumes.edit(&first, &EditVolume::default()).await).0, 422);
}

#[tokio::test]
async fn attaching_restarts_the_nodes_and_excludes_other_operations() {
    let cloud = Cloud::with(Options { restart: Duration::from_millis(1500), ..at_once() }).await;
    let cluster = cloud.add_cluster("train", 2);
    let (first, second) = (cloud.add_volume("first"), cloud.add_volume("second"));
    let volumes = cloud.api.volumes();
    let requests = volumes.attach(&first, &cluster).await.expect("it is accepted");
    assert_eq!(requests.len(), 1);
    assert_eq!(cloud.simulator.clusters()[0].status, "RESTARTING");
    let (status, message) = rejected(volumes.attach(&second, &cluster).await);
    assert_eq!((status, message.as_str()), (409, "Cluster instances are not RUNNING"));
    assert_eq!(rejected(cloud.api.clusters().destroy(&cluster).await).0, 409);
    cloud.api.requests().wait(&requests[0], None, tensorpool::Tolerance::NONE).await.expect("it completes");
    let seen = cloud.api.clusters().get(&cluster).await.expect("it exists");
    assert_eq!((seen.is_running(), seen.storage_ids), (true, vec![first.clone()]));
    assert_eq!(rejected(volumes.attach(&first, &cluster).await).0, 409);
    let (status, message) = rejected(volumes.destroy(&first).await);
    assert_eq!(status, 409);
    assert!(message.contains("attached"), "{message}");
    let requests = volumes.detach(&first, &cluster).await.expect("it is accepted");
    cloud.api.requests().wait(&requests[0], None, tensorpool::Tolerance::NONE).await.expect("it completes");
    let volume = volumes.get(&first).await.expect("it exists");
    assert_eq!(volume.is_attached_to(&cluster), Some(false));
    assert_eq!(rejected(volumes.detach(&first, &cluster).await).0, 409);
    // The API also lists the requests of volumes that restart the nodes.
    let (_, operations) = cloud.raw("GET", &format!("/cluster/operations/{cluster}"), None).await;
    let operations: serde_json::Value = serde_json::from_str(&operations).expect("it is JSON");
    let operations = operations["operations"].as_array().expect("it is a list");
    let kinds: Vec<_> = operations.iter().filter_map(|request| request["request_type"].as_str()).collect();
    assert_eq!(kinds, ["CLUSTER_CLAIM", "STORAGE_ATTACH", "STORAGE_DETACH"]);
}

#[tokio::test]
async fn only_some_clusters_can_have_volumes() {
    let cloud = Cloud::new().await;
    let volume = cloud.add_volume("data");
    let volumes = cloud.api.volumes();
    let single = cloud.add_cluster("single", 1);
    assert_eq!(rejected(volumes.attach(&volume, &single).await).0, 400);
    let cpu = NewCluster {
        name: "cpu".to_owned(),
        instance_type: "32xCPU".to_owned(),
        num_nodes: 1,
        deletion_protection: false,
    };
    let cpu = cloud.simulator.add_cluster(cpu);
    volumes.attach(&volume, &cpu).await.expect("CPU clusters can");
    for (storage, cluster) in [("s-none", cpu.as_str()), (volume.as_str(), "c-none")] {
        assert_eq!(rejected(volumes.attach(storage, cluster).await).0, 404);
    }
    let several = json!({"storage_id": volume, "cluster_ids": [single, cpu]});
    assert_eq!(cloud.raw("POST", "/storage/attach", Some(several)).await.0, 422);
    // Destroying a cluster detaches its volumes.
    cloud.api.clusters().destroy(&cpu).await.expect("it is accepted");
    volumes.destroy(&volume).await.expect("it is free");
}

#[tokio::test]
async fn an_attachment_that_fails_changes_nothing() {
    let cloud = Cloud::new().await;
    let (cluster, volume) = (cloud.add_cluster("train", 2), cloud.add_volume("data"));
    cloud.simulator.fail_next("STORAGE_ATTACH", "The nodes did not mount it");
    let requests = cloud.api.volumes().attach(&volume, &cluster).await.expect("it is accepted");
    let failed = cloud.api.requests().wait(&requests[0], None, tensorpool::Tolerance::NONE).await;
    assert_eq!(failed.expect_err("it fails").message(), Some("The nodes did not mount it"));
    let view = &cloud.simulator.volumes()[0];
    assert_eq!((view.attached_clusters.len(), view.status.as_str()), (0, "AVAILABLE"));
    cloud.admin("POST", "attachments", json!({"storage_id": volume, "cluster_id": cluster})).await;
    assert_eq!(cloud.simulator.clusters()[0].volumes, [volume.as_str()]);
    cloud.admin("DELETE", "attachments", json!({"storage_id": volume, "cluster_id": cluster})).await;
    assert!(cloud.simulator.clusters()[0].volumes.is_empty());
}

#[tokio::test]
async fn a_volume_is_destroyed_when_nothing_else_happens_to_it() {
    let cloud = Cloud::with(Options { provision: Duration::from_hours(1), ..at_once() }).await;
    let volumes = cloud.api.volumes();
    let created = cloud.create_volume("created", 1).await;
    let (status, message) = rejected(volumes.destroy(&created).await);
    assert_eq!((status, message.as_str()), (409, "Storage volume is busy"));
    cloud.simulator.configure(|options| options.provision = Duration::ZERO);
    cloud.simulator.fail_next("STORAGE_CREATE", "no room");
    let failed = cloud.create_volume("failed", 1).await;
    assert_eq!(cloud.simulator.volumes().len(), 2);
    volumes.destroy(&failed).await.expect("a failed volume can be destroyed");
    assert_eq!(cloud.simulator.volumes().iter().map(|view| &view.id).collect::<Vec<_>>(), [&created]);
}

#[tokio::test]
async fn a_volume_needs_24_hours_of_balance() {
    let cloud = Cloud::new().await;
    cloud.admin("PATCH", "user", json!({"balance": 1.0})).await;
    let volume = |size_gb| CreateVolume { name: String::new(), size_gb, deletion_protection: false };
    let volumes = cloud.api.volumes();
    volumes.create(&volume(300)).await.expect("24 hours cost 0.99 USD");
    assert_eq!(rejected(volumes.create(&volume(310)).await).0, 402);
    cloud.simulator.configure(|options| options.variants.low_balance_status = 400);
    assert_eq!(rejected(volumes.create(&volume(310)).await).0, 400);
}
