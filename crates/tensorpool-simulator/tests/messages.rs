//! The texts that the official client prints.

mod support;

use serde_json::Value;
use support::Cloud;

/// Returns the message of a response.
async fn message(cloud: &Cloud, path: &str) -> String {
    let (status, text) = cloud.raw("GET", path, None).await;
    assert_eq!(status, 200, "{path}: {text}");
    let body: Value = serde_json::from_str(&text).expect("it is JSON");
    body["message"].as_str().expect("it is a string").to_owned()
}

#[tokio::test]
async fn a_cluster_is_described_in_a_line_and_its_nodes_below_it() {
    let cloud = Cloud::new().await;
    assert_eq!(message(&cloud, "/cluster/list").await, "No clusters");
    let id = cloud.add_cluster("train", 2);
    let nodes = cloud.simulator.clusters()[0].instance_ids.clone();
    assert_eq!(message(&cloud, "/cluster/list").await, format!("{id}  train  2 x 8xH100  RUNNING"));
    cloud.simulator.set_deletion_protection(&id, true);
    let line = format!("{id}  train  2 x 8xH100  RUNNING, protected");
    let below = format!("\n  {}  203.0.113.1  RUNNING\n  {}  203.0.113.2  RUNNING", nodes[0], nodes[1]);
    for (path, expected) in [
        ("/cluster/list", line.clone()),
        ("/cluster/list?instances=true", format!("{line}{below}")),
        ("/cluster/info/train", format!("{line}{below}")),
    ] {
        assert_eq!(message(&cloud, path).await, expected, "{path}");
    }
}

#[tokio::test]
async fn a_volume_is_described_in_a_line() {
    let cloud = Cloud::new().await;
    assert_eq!(message(&cloud, "/storage/list").await, "No storage volumes");
    let (cluster, id) = (cloud.add_cluster("train", 2), cloud.add_volume("data"));
    let free = format!("{id}  data  100 GB  AVAILABLE  attached to -");
    for path in ["/storage/list", "/storage/info/data"] {
        assert_eq!(message(&cloud, path).await, free, "{path}");
    }
    cloud.simulator.attach(&id, &cluster);
    cloud.simulator.set_volume_deletion_protection(&id, true);
    let attached = format!("{id}  data  100 GB  AVAILABLE, protected  attached to {cluster}");
    assert_eq!(message(&cloud, "/storage/info/data").await, attached);
}
