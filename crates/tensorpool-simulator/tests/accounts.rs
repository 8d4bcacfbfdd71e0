//! Several accounts: each key has objects of its own.

mod support;

use reqwest::Method;
use serde_json::{Value, json};
use support::{Cloud, KEY, PUBLIC_KEY, at_once};
use tensorpool_simulator::{NewSshKey, Options, Simulator};

/// The status of an answer to a key, and its body if it is JSON.
async fn ask(simulator: &Simulator, key: &str, method: Method, path: &str, body: Value) -> (u16, Value) {
    let request = reqwest::Client::new().request(method, format!("{}{path}", simulator.url())).bearer_auth(key);
    let response = request.json(&body).send().await.expect("the simulator answers");
    (response.status().as_u16(), response.json().await.unwrap_or_default())
}

#[tokio::test]
async fn an_account_does_not_see_what_another_has() {
    let cloud = Cloud::new().await;
    let (cluster, volume) = (cloud.add_cluster("train", 2), cloud.add_volume("data"));
    let key = cloud.simulator.add_ssh_key(NewSshKey { public_key: PUBLIC_KEY.to_owned(), ..NewSshKey::default() });
    cloud.simulator.enable_object_storage();
    cloud.simulator.add_account("second");
    let second = async |method, path: &str, body| ask(&cloud.simulator, "second", method, path, body).await;
    for path in [format!("/cluster/info/{cluster}"), format!("/storage/info/{volume}")] {
        assert_eq!(second(Method::GET, &path, Value::Null).await.0, 404, "{path}");
        assert_eq!(ask(&cloud.simulator, KEY, Method::GET, &path, Value::Null).await.0, 200, "{path}");
    }
    for path in [format!("/cluster/{cluster}"), format!("/storage/{volume}"), format!("/user/ssh-key/remove/{key}")] {
        assert_eq!(second(Method::DELETE, &path, Value::Null).await.0, 404, "{path}");
    }
    assert_eq!(second(Method::GET, "/object-storage/credentials", Value::Null).await.0, 404);
    assert_eq!(second(Method::GET, "/cluster/list", Value::Null).await.1["clusters"], json!([]));
    // The name is free, as it is taken by another account only.
    let create = json!({"instance_type": "1xH100", "tp_cluster_name": "train"});
    let (status, made) = second(Method::POST, "/cluster/create", create).await;
    assert_eq!(status, 202, "{made}");
    let request = format!("/request/info/{}", made["request_id"].as_str().expect("it is a text"));
    assert_eq!(second(Method::GET, &request, Value::Null).await.0, 200);
    assert_eq!(cloud.raw("GET", &request, None).await.0, 404);
    assert_eq!(cloud.simulator.clusters().iter().map(|cluster| &cluster.id).collect::<Vec<_>>(), [&cluster]);
    // An order that comes with a key is about the objects of that account.
    let theirs = second(Method::GET, "/_simulator/clusters", Value::Null).await.1;
    assert_eq!((theirs.as_array().map(Vec::len), &theirs[0]["id"]), (Some(1), &made["cluster_id"]));
    // So is what is done in the process for an account.
    let theirs = cloud.simulator.for_account("second", |simulator| (simulator.clusters(), simulator.organization()));
    let (clusters, organization) = theirs.expect("there is such an account");
    assert_eq!((clusters.len(), organization.as_deref()), (1, Some("o-simulated-2")));
    assert!(cloud.simulator.for_account("third", Simulator::clusters).is_none());
    assert_eq!(cloud.simulator.clusters()[0].id, cluster);
}

#[tokio::test]
async fn every_account_has_a_user_and_keeps_it_under_another_key() {
    let cloud = Cloud::new().await;
    let added = cloud.order("POST", "accounts", json!({"key": "second"})).await;
    assert_eq!(added, json!({"uid": "u-simulated-2", "org_id": "o-simulated-2"}));
    let whose = async |key: &str| {
        let (status, body) = ask(&cloud.simulator, key, Method::GET, "/user/info", Value::Null).await;
        assert_eq!(ask(&cloud.simulator, key, Method::GET, "/me", Value::Null).await, (status, body.clone()));
        (status, body["uid"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(whose(KEY).await, (200, "u-simulated".to_owned()));
    assert_eq!(whose("second").await, (200, "u-simulated-2".to_owned()));
    let rotated = cloud.order("PATCH", "accounts", json!({"key": "second", "new_key": "third"})).await;
    assert_eq!(rotated, added);
    assert_eq!(whose("second").await.0, 401);
    assert_eq!(whose("third").await, (200, "u-simulated-2".to_owned()));
    let cluster = cloud.add_cluster("train", 1);
    cloud.simulator.rotate_key(KEY, "fourth");
    assert_eq!(whose(KEY).await.0, 401);
    let path = format!("/cluster/info/{cluster}");
    assert_eq!(ask(&cloud.simulator, "fourth", Method::GET, &path, Value::Null).await.0, 200);
    for (method, body) in [
        (Method::POST, json!({"key": "third"})),
        (Method::POST, json!({})),
        (Method::PATCH, json!({"key": "unknown", "new_key": "fifth"})),
        (Method::PATCH, json!({"key": "third", "new_key": "fourth"})),
    ] {
        assert_eq!(ask(&cloud.simulator, "", method, "/_simulator/accounts", body.clone()).await.0, 409, "{body}");
    }
    let log = format!("{:?}", cloud.simulator.requests());
    assert!(!log.contains("third") && !log.contains("fourth"), "{log}");
}

#[tokio::test]
async fn accounts_survive_a_restart() {
    let directory = tempfile::tempdir().expect("there is a place");
    let options = || Options { data: Some(directory.path().join("cloud.json")), ..at_once() };
    let cloud = Cloud::with(options()).await;
    cloud.simulator.add_account("second");
    let create = json!({"name": "data", "size": 10});
    let made = ask(&cloud.simulator, "second", Method::POST, "/storage/create", create).await.1;
    drop(cloud);
    let cloud = Cloud::with(options()).await;
    let path = format!("/storage/info/{}", made["storage_id"].as_str().expect("it is a text"));
    assert_eq!(ask(&cloud.simulator, "second", Method::GET, &path, Value::Null).await.0, 200);
    assert_eq!(cloud.raw("GET", &path, None).await.0, 404);
}
