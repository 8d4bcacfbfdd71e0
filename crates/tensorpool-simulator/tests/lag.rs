//! Reads may lag behind what really exists.

mod support;

use std::time::Duration;

use serde_json::{Value, json};
use support::{Cloud, PUBLIC_KEY, at_once};
use tensorpool_simulator::{NewSshKey, Options};

/// Returns the ids of the listed clusters, volumes and keys.
async fn listed(cloud: &Cloud) -> Vec<String> {
    let mut ids = Vec::new();
    for (path, wrapper) in [("/cluster/list", "clusters"), ("/storage/list", "volumes"), ("/user/ssh-key/list", "keys")]
    {
        let body: Value = serde_json::from_str(&cloud.raw("GET", path, None).await.1).expect("it is JSON");
        let items = body[wrapper].as_array().expect("it is a list");
        ids.extend(items.iter().filter_map(|item| item["id"].as_str().map(str::to_owned)));
    }
    ids
}

/// Returns the HTTP statuses of reads of a cluster and a volume.
async fn infos(cloud: &Cloud, cluster: &str, volume: &str) -> (u16, u16) {
    let cluster = cloud.raw("GET", &format!("/cluster/info/{cluster}"), None).await.0;
    (cluster, cloud.raw("GET", &format!("/storage/info/{volume}"), None).await.0)
}

#[tokio::test]
async fn new_objects_are_found_late_and_deleted_ones_for_a_while() {
    // Long enough not to end during the test.
    let cloud = Cloud::with(Options { lag: Duration::from_hours(1), ..at_once() }).await;
    let (cluster, volume) = (cloud.add_cluster("train", 2), cloud.add_volume("data"));
    let key = cloud.simulator.add_ssh_key(NewSshKey { public_key: PUBLIC_KEY.to_owned(), ..NewSshKey::default() });
    let all = [cluster.clone(), volume.clone(), key.clone()];
    assert_eq!(listed(&cloud).await, Vec::<String>::new());
    assert_eq!(infos(&cloud, &cluster, &volume).await, (404, 404));
    assert_eq!(infos(&cloud, "train", "data").await, (404, 404));
    cloud.admin("PATCH", "options", json!({"lag_ms": 0})).await;
    assert_eq!(listed(&cloud).await, all);
    assert_eq!(infos(&cloud, &cluster, &volume).await, (200, 200));
    // Changes act on what really exists.
    for path in [format!("/cluster/{cluster}"), format!("/storage/{volume}"), format!("/user/ssh-key/remove/{key}")] {
        assert!(cloud.raw("DELETE", &path, None).await.0 < 300, "{path}");
    }
    assert!(cloud.simulator.clusters().is_empty() && cloud.simulator.volumes().is_empty());
    assert_eq!(listed(&cloud).await, Vec::<String>::new());
    assert_eq!(infos(&cloud, &cluster, &volume).await, (404, 404));
    assert_eq!(cloud.raw("DELETE", &format!("/cluster/{cluster}"), None).await.0, 404);
}

#[tokio::test]
async fn an_object_that_is_deleted_outside_is_returned_as_it_was_before() {
    let lag = Duration::from_secs(2);
    let cloud = Cloud::with(Options { lag, ..at_once() }).await;
    let (cluster, volume) = (cloud.add_cluster("train", 2), cloud.add_volume("data"));
    tokio::time::sleep(lag).await;
    cloud.simulator.remove_cluster(&cluster);
    cloud.simulator.remove_volume(&volume);
    assert!(cloud.simulator.clusters().is_empty() && cloud.simulator.volumes().is_empty());
    let seen = cloud.raw("GET", &format!("/cluster/info/{cluster}"), None).await.1;
    assert!(seen.contains("\"RUNNING\""), "{seen}");
    let seen = cloud.raw("GET", &format!("/storage/info/{volume}"), None).await.1;
    assert!(seen.contains("\"AVAILABLE\""), "{seen}");
}

#[tokio::test]
async fn a_deleted_object_is_returned_as_it_was_before() {
    let lag = Duration::from_secs(2);
    let cloud = Cloud::with(Options { lag, ..at_once() }).await;
    let (cluster, volume) = (cloud.add_cluster("train", 2), cloud.add_volume("data"));
    let key = cloud.simulator.add_ssh_key(NewSshKey { public_key: PUBLIC_KEY.to_owned(), ..NewSshKey::default() });
    tokio::time::sleep(lag).await;
    for path in [format!("/cluster/{cluster}"), format!("/storage/{volume}"), format!("/user/ssh-key/remove/{key}")] {
        assert!(cloud.raw("DELETE", &path, None).await.0 < 300, "{path}");
    }
    assert!(cloud.simulator.ssh_keys().is_empty());
    assert!(cloud.simulator.clusters().is_empty() && cloud.simulator.volumes().is_empty());
    let seen = cloud.raw("GET", &format!("/cluster/info/{cluster}"), None).await.1;
    assert!(seen.contains("\"RELEASING\""), "{seen}");
    let seen = cloud.raw("GET", &format!("/storage/info/{volume}"), None).await.1;
    assert!(seen.contains("\"DELETING\""), "{seen}");
    assert_eq!(listed(&cloud).await, [cluster.clone(), volume.clone(), key]);
    assert_eq!(cloud.raw("DELETE", &format!("/cluster/{cluster}"), None).await.0, 404);
    tokio::time::sleep(lag).await;
    assert_eq!(infos(&cloud, &cluster, &volume).await, (404, 404));
    assert_eq!(listed(&cloud).await, Vec::<String>::new());
}
