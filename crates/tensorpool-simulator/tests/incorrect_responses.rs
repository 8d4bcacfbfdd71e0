//! Responses that are incorrect or incomplete.

mod support;

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use support::{Cloud, PUBLIC_KEY, at_once};
use tensorpool_simulator::{NewSshKey, Options};

/// Returns the body of a successful response.
async fn send(cloud: &Cloud, method: &str, path: &str, body: Option<Value>) -> Value {
    let (status, text) = cloud.raw(method, path, body).await;
    assert!(status < 300, "{method} {path}: {status} {text}");
    serde_json::from_str(&text).expect("it is JSON")
}

#[tokio::test]
async fn the_id_in_a_response_may_be_wrong() {
    let cloud = Cloud::new().await;
    let (cluster, volume) = (cloud.add_cluster("train", 2), cloud.add_volume("data"));
    for (choice, prefix, id) in [
        ("right", None, None),
        ("other", Some("other"), None),
        ("empty", None, Some(json!(""))),
        ("numeric", None, Some(json!(4711))),
        ("missing", None, Some(Value::Null)),
    ] {
        cloud.admin("PATCH", "options", json!({"answer_id": choice, "create_id": choice})).await;
        for (right, kind) in [(&cluster, "cluster"), (&volume, "storage")] {
            let expected = match (prefix, &id) {
                (Some(other), _) => json!(format!("{}-{other}", &right[..1])),
                (None, Some(id)) => id.clone(),
                (None, None) => json!(right),
            };
            let seen = send(&cloud, "GET", &format!("/{kind}/info/{right}"), None).await;
            assert_eq!(seen[format!("{kind}_info")]["id"], expected, "{choice}");
            let create = json!({"instance_type": "1xH100", "size": 1});
            let created = send(&cloud, "POST", &format!("/{kind}/create"), Some(create)).await;
            let really = match kind {
                "cluster" => cloud.simulator.clusters().into_iter().map(|cluster| cluster.id).collect::<Vec<_>>(),
                _ => cloud.simulator.volumes().into_iter().map(|cluster| cluster.id).collect(),
            };
            match choice {
                "right" => assert!(really.iter().any(|id| created[format!("{kind}_id")] == json!(id)), "{created}"),
                _ => assert_eq!(created[format!("{kind}_id")], expected, "{choice}"),
            }
        }
    }
    cloud.admin("PATCH", "options", json!({"id_name": "of_kind", "answer_id": "empty"})).await;
    let seen = send(&cloud, "GET", &format!("/storage/info/{volume}"), None).await;
    assert_eq!(seen["storage_info"]["storage_id"], "");
}

#[tokio::test]
async fn a_list_may_say_less_of_an_object_than_a_read_of_it() {
    let cloud = Cloud::new().await;
    _ = (cloud.add_cluster("a", 1), cloud.add_volume("a"));
    for (path, wrapper) in [("/cluster/list", "clusters"), ("/storage/list", "volumes")] {
        let fields = async |brief: bool| {
            cloud.admin("PATCH", "options", json!({"brief_lists": brief})).await;
            let seen = send(&cloud, "GET", path, None).await;
            let fields = seen[wrapper][0].as_object().expect("it is an object").keys().cloned().collect::<Vec<_>>();
            (["id", "name"].iter().all(|name| fields.iter().any(|field| field == name)), fields.len() > 3)
        };
        assert_eq!((fields(true).await, fields(false).await), ((true, false), (true, true)), "{path}");
    }
}

#[tokio::test]
async fn a_list_may_be_truncated_or_contain_an_item_without_an_id() {
    let cloud = Cloud::new().await;
    for name in ["a", "b"] {
        _ = (cloud.add_cluster(name, 1), cloud.add_volume(name));
        let public_key = format!("{PUBLIC_KEY}{name}").replace("AAAA ", name);
        _ = cloud.simulator.add_ssh_key(NewSshKey { public_key, ..NewSshKey::default() });
    }
    let lists = [("/cluster/list", "clusters"), ("/storage/list", "volumes"), ("/user/ssh-key/list", "keys")];
    for (path, wrapper) in lists {
        let read = async |options: Value| {
            cloud.admin("PATCH", "options", options).await;
            let seen = send(&cloud, "GET", path, None).await;
            let items = seen[wrapper].as_array().expect("it is a list").clone();
            (items.iter().map(|item| item["id"].is_string()).collect::<Vec<_>>(), seen["has_more"].clone())
        };
        assert_eq!(read(json!({"truncated_lists": 2})).await, (vec![true, true], Value::Null), "{path}");
        assert_eq!(read(json!({"truncated_lists": 1})).await, (vec![true], json!(true)), "{path}");
        assert_eq!(read(json!({"truncated_lists": 0})).await, (vec![], json!(true)), "{path}");
        let both = read(json!({"truncated_lists": null, "unreadable_item": true})).await;
        assert_eq!(both, (vec![true, true, false], Value::Null), "{path}");
        assert_eq!(read(json!({"unreadable_item": false})).await.0, [true, true], "{path}");
    }
}

#[tokio::test]
async fn operations_may_be_mixed_with_those_of_another_object() {
    let cloud = Cloud::new().await;
    let (cluster, _) = cloud.create_cluster("train", 1).await;
    let operations = async |query: &str| {
        let seen = send(&cloud, "GET", &format!("/cluster/operations/{cluster}{query}"), None).await;
        let about = |entry: &Value| (entry["object_id"] == json!(cluster), entry["status"].clone());
        seen["operations"].as_array().expect("it is a list").iter().map(about).collect::<Vec<_>>()
    };
    assert_eq!(operations("").await, [(true, json!("COMPLETED"))]);
    cloud.admin("PATCH", "options", json!({"foreign_operations": true})).await;
    let claims = operations("?request_type=CLUSTER_CLAIM").await;
    let foreign = ["FAILED", "COMPLETED", "PROCESSING"].map(|status| (false, json!(status)));
    assert_eq!(claims, [&[(true, json!("COMPLETED"))], &foreign[..]].concat());
    assert!(operations("").await.len() > claims.len());
    assert!(operations("?status=FAILED").await.iter().all(|(_, status)| status == "FAILED"));
}

#[tokio::test]
async fn the_status_of_a_node_may_flicker_until_it_runs() {
    let provision = Duration::from_hours(1);
    let cloud = Cloud::with(Options { provision, release: provision, ..at_once() }).await;
    let (provisioned, _) = cloud.create_cluster("train", 1).await;
    let (running, released) = (cloud.add_cluster("runs", 1), cloud.add_cluster("ends", 1));
    cloud.simulator.release(&released);
    let read = async |id: &str| {
        let seen = send(&cloud, "GET", &format!("/cluster/info/{id}"), None).await;
        seen["cluster_info"]["instances"][0]["status"].as_str().expect("it is a string").to_owned()
    };
    for (id, status) in [(&provisioned, "PROVISIONING"), (&running, "RUNNING"), (&released, "RELEASING")] {
        assert_eq!([read(id).await, read(id).await], [status, status]);
    }
    cloud.admin("PATCH", "options", json!({"flickering_status": true})).await;
    for id in [&provisioned, &released] {
        let seen = [read(id).await, read(id).await, read(id).await];
        assert!(seen[0] != seen[1] && seen[1] != seen[2], "{seen:?}");
        assert!(!seen.contains(&"RUNNING".to_owned()), "{seen:?}");
    }
    assert_eq!([read(&running).await, read(&running).await], ["RUNNING", "RUNNING"]);
}

#[tokio::test]
async fn the_nodes_of_one_read_may_have_different_statuses() {
    let cloud = Cloud::with(Options { provision: Duration::from_hours(1), ..at_once() }).await;
    cloud.admin("PATCH", "options", json!({"flickering_status": true})).await;
    let (cluster, _) = cloud.create_cluster("train", 4).await;
    let seen = send(&cloud, "GET", &format!("/cluster/info/{cluster}"), None).await;
    let nodes = seen["cluster_info"]["instances"].as_array().expect("it is a list");
    let statuses: BTreeSet<_> = nodes.iter().filter_map(|node| node["status"].as_str()).collect();
    assert_eq!(statuses, BTreeSet::from(["CONFIGURING", "PENDING", "PROVISIONING", "STARTING"]));
}

#[tokio::test]
async fn creates_may_fail_after_they_are_accepted() {
    let cloud = Cloud::new().await;
    cloud.admin("PATCH", "options", json!({"fail_creates": "no capacity"})).await;
    let (cluster, request) = cloud.create_cluster("train", 2).await;
    let request = request.expect("there is a request");
    let ended = send(&cloud, "GET", &format!("/request/info/{request}"), None).await;
    assert_eq!((&ended["status"], &ended["external_message"]), (&json!("FAILED"), &json!("no capacity")));
    assert_eq!(
        (&cloud.simulator.clusters()[0].id, cloud.simulator.clusters()[0].status.as_str()),
        (&cluster, "FAILED")
    );
    cloud.create_volume("data", 1).await;
    assert_eq!(cloud.simulator.volumes()[0].status, "FAILED");
    // What is created outside Terraform runs.
    let outside = cloud.add_cluster("outside", 1);
    assert!(cloud.simulator.clusters().iter().any(|seen| seen.id == outside && seen.status == "RUNNING"));
    cloud.admin("PATCH", "options", json!({"fail_creates": null})).await;
    let (cluster, _) = cloud.create_cluster("second", 1).await;
    assert!(cloud.simulator.clusters().iter().any(|seen| seen.id == cluster && seen.status == "RUNNING"));
}
