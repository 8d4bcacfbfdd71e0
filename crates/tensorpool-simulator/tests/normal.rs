//! The API may make something of what it was sent.

mod support;

use serde_json::{Value, json};
use support::{Cloud, PUBLIC_KEY};

/// What a create or an info answers.
async fn ask(cloud: &Cloud, method: &str, path: &str, body: Option<Value>) -> Value {
    let (status, text) = cloud.raw(method, path, body).await;
    assert!(status < 300, "{method} {path}: {status} {text}");
    serde_json::from_str(&text).expect("it is JSON")
}

#[tokio::test]
async fn names_are_kept_as_is_chosen() {
    let cloud = Cloud::new().await;
    for (names, kept, renamed) in
        [("as_sent", " Train ", " Other "), ("trimmed", "Train", "Other"), ("lower_case", " train ", " other ")]
    {
        cloud.order("PATCH", "options", json!({"names": names})).await;
        let create = json!({"instance_type": "1xH100", "tp_cluster_name": " Train "});
        let id = ask(&cloud, "POST", "/cluster/create", Some(create)).await["cluster_id"].clone();
        let id = id.as_str().expect("it is a text");
        let name = || cloud.simulator.clusters()[0].name.clone();
        assert_eq!(name(), kept);
        ask(&cloud, "PATCH", &format!("/cluster/edit/{id}"), Some(json!({"cluster_name": " Other "}))).await;
        assert_eq!(name(), renamed);
        cloud.simulator.remove_cluster(id);
        let create = json!({"name": " Train ", "size": 1});
        let id = ask(&cloud, "POST", "/storage/create", Some(create)).await["storage_id"].clone();
        let id = id.as_str().expect("it is a text");
        let name = || cloud.simulator.volumes()[0].name.clone();
        assert_eq!(name(), kept);
        ask(&cloud, "PATCH", &format!("/storage/edit/{id}"), Some(json!({"tp_storage_name": " Other "}))).await;
        assert_eq!(name(), renamed);
        cloud.simulator.remove_volume(id);
        let add = json!({"public_key": PUBLIC_KEY, "name": " Train "});
        let id = ask(&cloud, "POST", "/user/ssh-key/add", Some(add)).await["key_id"].clone();
        assert_eq!(cloud.simulator.ssh_keys()[0].name, kept);
        cloud.simulator.remove_ssh_key(id.as_str().expect("it is a text"));
    }
}

#[tokio::test]
async fn images_and_sizes_may_come_back_otherwise() {
    let cloud = Cloud::new().await;
    cloud.order("PATCH", "options", json!({"containers": "full", "size_step_gb": 50})).await;
    let create = json!({"instance_type": "1xH100", "tp_cluster_name": "train", "container": "image"});
    ask(&cloud, "POST", "/cluster/create", Some(create)).await;
    let seen = ask(&cloud, "GET", "/cluster/info/train", None).await;
    assert_eq!(seen["cluster_info"]["container"], "docker.io/library/image:latest");
    ask(&cloud, "POST", "/storage/create", Some(json!({"name": "data", "size": 60}))).await;
    let size = async || ask(&cloud, "GET", "/storage/info/data", None).await["storage_info"]["size_gb"].clone();
    assert_eq!(size().await, 100);
    // The size that was sent at first is still that of the volume.
    ask(&cloud, "PATCH", "/storage/edit/data", Some(json!({"size_gb": 60}))).await;
    assert_eq!(size().await, 100);
    ask(&cloud, "PATCH", "/storage/edit/data", Some(json!({"size_gb": 101}))).await;
    assert_eq!(size().await, 150);
}

#[tokio::test]
async fn nodes_may_come_in_another_order_at_each_read() {
    let cloud = Cloud::new().await;
    let cluster = cloud.add_cluster("train", 3);
    let nodes = async || {
        let seen = ask(&cloud, "GET", &format!("/cluster/info/{cluster}"), None).await;
        seen["cluster_info"]["instances"].as_array().expect("it is a list").clone()
    };
    let usual = nodes().await;
    assert_eq!(nodes().await, usual);
    cloud.order("PATCH", "options", json!({"shuffle_instances": true})).await;
    let (first, second) = (nodes().await, nodes().await);
    assert_ne!(first, second);
    for shuffled in [first, second] {
        assert_eq!(shuffled.len(), 3);
        assert!(usual.iter().all(|node| shuffled.contains(node)), "{shuffled:?}");
    }
}
