//! Several accounts, each with its own key and objects.

mod support;

use reqwest::Method;
use serde_json::{Value, json};
use support::{Cloud, KEY, PUBLIC_KEY, at_once};
use tensorpool_simulator::{NewSshKey, Options, Simulator};

/// Sends a request with a key, and returns the status and the body, or null if the body is not JSON.
async fn send(simulator: &Simulator, key: &str, method: Method, path: &str, body: Value) -> (u16, Value) {
    let request = reqwest::Client::new().request(method, format!("{}{path}", simulator.url())).bearer_auth(key);
    let response = request.json(&body).send().await.expect("the simulator responds");
    (response.status().as_u16(), response.json().await.unwrap_or_default())
}

#[tokio::test]
async fn an_account_cannot_access_the_objects_of_another() {
    let cloud = Cloud::new().await;
    let (cluster, volume) = (cloud.add_cluster("train", 2), cloud.add_volume("data"));
    let key = cloud.simulator.add_ssh_key(NewSshKey { public_key: PUBLIC_KEY.to_owned(), ..NewSshKey::default() });
    cloud.simulator.enable_object_storage();
    cloud.simulator.add_account("second");
    let second = async |method, path: &str, body| send(&cloud.simulator, "second", method, path, body).await;
    for path in [format!("/cluster/info/{cluster}"), format!("/storage/info/{volume}")] {
        assert_eq!(second(Method::GET, &path, Value::Null).await.0, 404, "{path}");
        assert_eq!(send(&cloud.simulator, KEY, Method::GET, &path, Value::Null).await.0, 200, "{path}");
    }
    for path in [format!("/cluster/{cluster}"), format!("/storage/{volume}"), format!("/user/ssh-key/remove/{key}")] {
        assert_eq!(second(Method::DELETE, &path, Value::Null).await.0, 404, "{path}");
    }
    assert_eq!(second(Method::GET, "/object-storage/credentials", Value::Null).await.0, 404);
    assert_eq!(second(Method::GET, "/cluster/list", Value::Null).await.1["clusters"], json!([]));
    // Names are unique within an account only.
    let create = json!({"instance_type": "1xH100", "tp_cluster_name": "train"});
    let (status, created) = second(Method::POST, "/cluster/create", create).await;
    assert_eq!(status, 202, "{created}");
    let request = format!("/request/info/{}", created["request_id"].as_str().expect("it is a string"));
    assert_eq!(second(Method::GET, &request, Value::Null).await.0, 200);
    assert_eq!(cloud.raw("GET", &request, None).await.0, 404);
    assert_eq!(cloud.simulator.clusters().iter().map(|cluster| &cluster.id).collect::<Vec<_>>(), [&cluster]);
    // An admin request with a key is about the objects of its account.
    let theirs = second(Method::GET, "/_simulator/clusters", Value::Null).await.1;
    assert_eq!((theirs.as_array().map(Vec::len), &theirs[0]["id"]), (Some(1), &created["cluster_id"]));
    // So are the methods of the simulator within `for_account`.
    let theirs = cloud.simulator.for_account("second", |simulator| (simulator.clusters(), simulator.organization()));
    let (clusters, organization) = theirs.expect("there is such an account");
    assert_eq!((clusters.len(), organization.as_deref()), (1, Some("o-simulated-2")));
    assert!(cloud.simulator.for_account("third", Simulator::clusters).is_none());
    assert_eq!(cloud.simulator.clusters()[0].id, cluster);
}

#[tokio::test]
async fn every_account_has_a_user_and_keeps_it_when_its_key_is_replaced() {
    let cloud = Cloud::new().await;
    let added = cloud.admin("POST", "accounts", json!({"key": "second"})).await;
    assert_eq!(added, json!({"uid": "u-simulated-2", "org_id": "o-simulated-2"}));
    let whose = async |key: &str| {
        let (status, body) = send(&cloud.simulator, key, Method::GET, "/user/info", Value::Null).await;
        assert_eq!(send(&cloud.simulator, key, Method::GET, "/me", Value::Null).await, (status, body.clone()));
        (status, body["uid"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(whose(KEY).await, (200, "u-simulated".to_owned()));
    assert_eq!(whose("second").await, (200, "u-simulated-2".to_owned()));
    let rotated = cloud.admin("PATCH", "accounts", json!({"key": "second", "new_key": "third"})).await;
    assert_eq!(rotated, added);
    assert_eq!(whose("second").await.0, 401);
    assert_eq!(whose("third").await, (200, "u-simulated-2".to_owned()));
    let cluster = cloud.add_cluster("train", 1);
    cloud.simulator.rotate_key(KEY, "fourth");
    assert_eq!(whose(KEY).await.0, 401);
    let path = format!("/cluster/info/{cluster}");
    assert_eq!(send(&cloud.simulator, "fourth", Method::GET, &path, Value::Null).await.0, 200);
    for (method, body) in [
        (Method::POST, json!({"key": "third"})),
        (Method::POST, json!({})),
        (Method::PATCH, json!({"key": "unknown", "new_key": "fifth"})),
        (Method::PATCH, json!({"key": "third", "new_key": "fourth"})),
    ] {
        assert_eq!(send(&cloud.simulator, "", method, "/_simulator/accounts", body.clone()).await.0, 409, "{body}");
    }
    let log = format!("{:?}", cloud.simulator.requests());
    assert!(!log.contains("third") && !log.contains("fourth"), "{log}");
}

#[tokio::test]
async fn accounts_survive_a_restart() {
    let directory = tempfile::tempdir().expect("a directory can be created");
    let options = || Options { data: Some(directory.path().join("cloud.json")), ..at_once() };
    let cloud = Cloud::with(options()).await;
    cloud.simulator.add_account("second");
    let create = json!({"name": "data", "size": 10});
    let created = send(&cloud.simulator, "second", Method::POST, "/storage/create", create).await.1;
    drop(cloud);
    let cloud = Cloud::with(options()).await;
    let path = format!("/storage/info/{}", created["storage_id"].as_str().expect("it is a string"));
    assert_eq!(send(&cloud.simulator, "second", Method::GET, &path, Value::Null).await.0, 200);
    assert_eq!(cloud.raw("GET", &path, None).await.0, 404);
}
