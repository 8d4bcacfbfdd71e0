//! Which requests are rejected, what error messages may contain, and which rules can be switched off.

mod support;

use std::time::Duration;

use serde_json::{Value, json};
use support::{Cloud, KEY, at_once};
use tensorpool_simulator::Options;

#[tokio::test]
async fn an_unknown_instance_type_is_rejected_unless_any_is_accepted() {
    let cloud = Cloud::new().await;
    let create = async |instance_type: &str| {
        let body = json!({"instance_type": instance_type, "num_nodes": 1});
        let (status, text) = cloud.raw("POST", "/cluster/create", Some(body)).await;
        (status, serde_json::from_str::<Value>(&text).expect("it is JSON"))
    };
    for known in ["1xH100", "2xH200", "4xB200", "8xB300", "1xL40S", "32xCPU", "64xCPU"] {
        assert_eq!(create(known).await.0, 202, "{known}");
    }
    for unknown in ["3xH100", "1xMI300X", "banana"] {
        let (status, body) = create(unknown).await;
        assert_eq!((status, &body["detail"][0]["loc"]), (422, &json!(["body", "instance_type"])), "{unknown}");
        let message = body["detail"][0]["msg"].as_str().expect("it is a string");
        assert!(message.contains("8xH100") && message.contains("1xL40S"), "{message}");
    }
    cloud.admin("PATCH", "options", json!({"any_instance_type": true})).await;
    assert_eq!(create("1xMI300X").await.0, 202);
    assert_eq!(create("banana").await.0, 422);
}

#[tokio::test]
async fn error_messages_may_contain_the_key_or_escape_sequences() {
    let cloud = Cloud::new().await;
    cloud.simulator.fail_next("STORAGE_CREATE", "no room");
    let failed = cloud.raw("POST", "/storage/create", Some(json!({"size": 1}))).await.1;
    let failed: Value = serde_json::from_str(&failed).expect("it is JSON");
    let failed = format!("/request/info/{}", failed["request_id"].as_str().expect("it is a string"));
    let errors = async || {
        let mut bodies = vec![
            cloud.raw("GET", "/cluster/info/c-none", None).await.1,
            cloud.raw("POST", "/cluster/create", Some(json!({"instance_type": "banana"}))).await.1,
            cloud.raw("GET", &failed, None).await.1,
        ];
        let wrong = cloud.http.get(format!("{}/me", cloud.simulator.url())).bearer_auth("wrong-key");
        bodies.push(wrong.send().await.expect("it responds").text().await.expect("it is text"));
        bodies
    };
    let hold = |bodies: &[String], text: &str| bodies.iter().map(|body| body.contains(text)).collect::<Vec<_>>();
    let usual = errors().await;
    for text in [KEY, "wrong-key", r"\u001b["] {
        assert_eq!(hold(&usual, text), [false; 4]);
    }
    cloud.admin("PATCH", "options", json!({"echo_secrets": true})).await;
    let echoes = errors().await;
    assert_eq!(hold(&echoes, KEY), [true, true, true, false]);
    assert_eq!(hold(&echoes, "wrong-key"), [false, false, false, true]);
    cloud.admin("PATCH", "options", json!({"echo_secrets": false, "escape_sequences": true})).await;
    assert_eq!(hold(&errors().await, r"\u001b[31m"), [true; 4]);
    cloud.admin("PATCH", "options", json!({"error_shape": "text"})).await;
    assert!(cloud.raw("GET", "/cluster/info/c-none", None).await.1.contains("\u{1b}[31m"));
    assert!(!cloud.raw("GET", "/me", None).await.1.contains(r"\u001b"));
}

#[tokio::test]
async fn two_objects_may_have_the_same_name() {
    let cloud = Cloud::new().await;
    let twice = async || {
        let cluster = json!({"instance_type": "1xH100", "tp_cluster_name": "same"});
        let cluster = cloud.raw("POST", "/cluster/create", Some(cluster)).await.0;
        (cluster, cloud.raw("POST", "/storage/create", Some(json!({"name": "same", "size": 1}))).await.0)
    };
    assert_eq!(twice().await, (202, 202));
    assert_eq!(twice().await, (409, 409));
    cloud.admin("PATCH", "options", json!({"allow_duplicate_names": true})).await;
    assert_eq!(twice().await, (202, 202));
    assert!(cloud.simulator.clusters().iter().all(|cluster| cluster.name == "same"));
    assert_eq!((cloud.simulator.clusters().len(), cloud.simulator.volumes().len()), (2, 2));
}

#[tokio::test]
async fn every_node_has_a_unique_address() {
    let provision = Duration::ZERO;
    let cloud = Cloud::with(Options { provision, ..at_once() }).await;
    let addresses = async |id: &str| {
        let (_, text) = cloud.raw("GET", &format!("/cluster/info/{id}"), None).await;
        let seen: Value = serde_json::from_str(&text).expect("it is JSON");
        let nodes = seen["cluster_info"]["instances"].as_array().expect("it is a list").clone();
        let text = |node: &Value, name| node[name].as_str().map(str::to_owned).expect("it is a string");
        nodes.iter().map(|node| (text(node, "id"), text(node, "ip_address"))).collect::<Vec<_>>()
    };
    let (first, second) = (cloud.add_cluster("first", 2), cloud.add_cluster("second", 260));
    let (first, second) = (addresses(&first).await, addresses(&second).await);
    assert_eq!([&first[0].1, &first[1].1, &second[0].1], ["203.0.113.1", "203.0.113.2", "203.0.113.3"]);
    assert_eq!(second[252].1, "198.51.100.1");
    let (node, address) = &second[259];
    let (_, command) = cloud.raw("GET", &format!("/ssh/{node}?system=linux"), None).await;
    assert!(command.contains(&format!("ubuntu@{address}\"")), "{command}");
    let third = cloud.add_cluster("third", 300);
    assert_eq!(addresses(&third).await[299].1, "10.0.0.54");
}
