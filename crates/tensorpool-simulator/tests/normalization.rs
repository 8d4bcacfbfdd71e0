//! The API may normalize the values that it receives.

mod support;

use serde_json::{Value, json};
use support::{Cloud, PUBLIC_KEY};

/// Returns the body of a successful response.
async fn send(cloud: &Cloud, method: &str, path: &str, body: Option<Value>) -> Value {
    let (status, text) = cloud.raw(method, path, body).await;
    assert!(status < 300, "{method} {path}: {status} {text}");
    serde_json::from_str(&text).expect("it is JSON")
}

#[tokio::test]
async fn names_are_normalized_as_chosen() {
    let cloud = Cloud::new().await;
    for (names, stored, renamed) in
        [("as_sent", " Train ", " Other "), ("trimmed", "Train", "Other"), ("lower_case", " train ", " other ")]
    {
        cloud.admin("PATCH", "options", json!({"names": names})).await;
        let create = json!({"instance_type": "1xH100", "tp_cluster_name": " Train "});
        let id = send(&cloud, "POST", "/cluster/create", Some(create)).await["cluster_id"].clone();
        let id = id.as_str().expect("it is a string");
        let name = || cloud.simulator.clusters()[0].name.clone();
        assert_eq!(name(), stored);
        send(&cloud, "PATCH", &format!("/cluster/edit/{id}"), Some(json!({"cluster_name": " Other "}))).await;
        assert_eq!(name(), renamed);
        cloud.simulator.remove_cluster(id);
        let create = json!({"name": " Train ", "size": 1});
        let id = send(&cloud, "POST", "/storage/create", Some(create)).await["storage_id"].clone();
        let id = id.as_str().expect("it is a string");
        let name = || cloud.simulator.volumes()[0].name.clone();
        assert_eq!(name(), stored);
        send(&cloud, "PATCH", &format!("/storage/edit/{id}"), Some(json!({"tp_storage_name": " Other "}))).await;
        assert_eq!(name(), renamed);
        cloud.simulator.remove_volume(id);
        let add = json!({"public_key": PUBLIC_KEY, "name": " Train "});
        let id = send(&cloud, "POST", "/user/ssh-key/add", Some(add)).await["key_id"].clone();
        assert_eq!(cloud.simulator.ssh_keys()[0].name, stored);
        cloud.simulator.remove_ssh_key(id.as_str().expect("it is a string"));
    }
}

#[tokio::test]
async fn images_and_sizes_may_be_returned_differently() {
    let cloud = Cloud::new().await;
    cloud.admin("PATCH", "options", json!({"containers": "full", "size_step_gb": 50})).await;
    let create = json!({"instance_type": "1xH100", "tp_cluster_name": "train", "container": "image"});
    send(&cloud, "POST", "/cluster/create", Some(create)).await;
    let seen = send(&cloud, "GET", "/cluster/info/train", None).await;
    assert_eq!(seen["cluster_info"]["container"], "docker.io/library/image:latest");
    send(&cloud, "POST", "/storage/create", Some(json!({"name": "data", "size": 60}))).await;
    let size = async || send(&cloud, "GET", "/storage/info/data", None).await["storage_info"]["size_gb"].clone();
    assert_eq!(size().await, 100);
    // The requested size is rounded up to the current one.
    send(&cloud, "PATCH", "/storage/edit/data", Some(json!({"size_gb": 60}))).await;
    assert_eq!(size().await, 100);
    send(&cloud, "PATCH", "/storage/edit/data", Some(json!({"size_gb": 101}))).await;
    assert_eq!(size().await, 150);
}

#[tokio::test]
async fn nodes_may_be_in_a_different_order_in_each_read() {
    let cloud = Cloud::new().await;
    let cluster = cloud.add_cluster("train", 3);
    let nodes = async || {
        let seen = send(&cloud, "GET", &format!("/cluster/info/{cluster}"), None).await;
        seen["cluster_info"]["instances"].as_array().expect("it is a list").clone()
    };
    let usual = nodes().await;
    assert_eq!(nodes().await, usual);
    cloud.admin("PATCH", "options", json!({"shuffle_instances": true})).await;
    let (first, second) = (nodes().await, nodes().await);
    assert_ne!(first, second);
    for shuffled in [first, second] {
        assert_eq!(shuffled.len(), 3);
        assert!(usual.iter().all(|node| shuffled.contains(node)), "{shuffled:?}");
    }
}
