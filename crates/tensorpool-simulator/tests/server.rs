//! The server as a whole: authentication, the log, faults, and what survives a restart.

mod support;

use std::time::{Duration, Instant};

use serde_json::json;
use support::{Cloud, KEY, PUBLIC_KEY, at_once};
use tensorpool::ErrorKind;
use tensorpool_simulator::{Action, Fault, Options, Simulator};

#[tokio::test]
async fn only_valid_keys_are_accepted() {
    let cloud = Cloud::new().await;
    let get = |path: &str| cloud.http.get(format!("{}{path}", cloud.simulator.url()));
    let wrong = get("/me").bearer_auth("wrong").send().await.expect("the simulator responds");
    assert_eq!(wrong.status(), 401);
    let body: serde_json::Value = wrong.json().await.expect("it is JSON");
    assert_eq!(body, json!({"error": "Invalid or missing authentication token"}));
    assert_eq!(get("/healthz").send().await.expect("the simulator responds").status(), 200);
    assert_eq!(cloud.raw("POST", "/health", Some(json!({}))).await, (200, r#"{"message":null}"#.to_owned()));
    assert_eq!(cloud.raw("GET", "/no/such/path", None).await.0, 404);
}

#[tokio::test]
async fn the_log_contains_the_requests_and_never_the_key() {
    let cloud = Cloud::new().await;
    cloud.raw("POST", &format!("/me?key={KEY}"), Some(json!({"key": KEY, "more": 1}))).await;
    let get = cloud.http.get(format!("{}/me", cloud.simulator.url())).header("user-agent", "terraform/1");
    get.header("x-client-type", "provider").send().await.expect("the simulator responds");
    let log = cloud.simulator.requests();
    assert_eq!((log[1].user_agent.as_str(), log[1].client_type.as_str()), ("terraform/1", "provider"));
    assert_eq!((log[1].status, log[1].authorized), (Some(401), false));
    assert_eq!((log[0].line(), log[0].status, log[0].authorized), ("POST /me".to_owned(), Some(404), true));
    let shown = cloud.admin("GET", "requests", json!(null)).await;
    assert_eq!(shown[0]["body"]["more"], 1);
    assert!(!shown.to_string().contains(KEY));
    cloud.admin("DELETE", "requests", json!(null)).await;
    assert!(cloud.simulator.requests().is_empty());
}

#[tokio::test]
async fn faults_happen_before_or_after_the_effect() {
    let cloud = Cloud::new().await;
    let kind = async |path: &str, action| {
        let name = format!("train-{}", cloud.simulator.clusters().len());
        cloud.simulator.add_fault(Fault::once("POST", path, action));
        let error = cloud.api.clusters().create(&support::new_cluster(&name, 1)).await;
        let exists = cloud.simulator.clusters().iter().any(|cluster| cluster.name == name);
        (error.expect_err("there is a fault").kind(), exists)
    };
    let path = "/cluster/create";
    let after = Action::RespondAfter { status: 500, body: String::new() };
    let respond = Action::Respond { status: 503, body: "busy".to_owned(), headers: std::collections::BTreeMap::new() };
    assert_eq!(kind(path, respond).await, (ErrorKind::Server, false));
    assert_eq!(kind(path, Action::DropBefore).await, (ErrorKind::Transport, false));
    assert_eq!(kind(path, after).await, (ErrorKind::Server, true));
    assert_eq!(kind(path, Action::DropAfter).await, (ErrorKind::Transport, true));
    assert_eq!(kind(path, Action::CutBody).await, (ErrorKind::Transport, true));
}

#[tokio::test]
async fn a_body_is_cut_in_its_middle() {
    let cloud = Cloud::new().await;
    cloud.simulator.add_fault(Fault::once("GET", "/me", Action::CutBody));
    let request = cloud.http.get(format!("{}/me", cloud.simulator.url())).bearer_auth(KEY);
    let mut response = request.send().await.expect("it begins");
    let length = response.content_length().expect("it says its length");
    let mut received = 0;
    while let Ok(Some(part)) = response.chunk().await {
        received += part.len() as u64;
    }
    assert_eq!(received, length / 2, "{length}");
}

#[tokio::test]
async fn a_fault_may_be_delayed_and_happen_by_chance() {
    let cloud = Cloud::new().await;
    cloud.admin("POST", "faults", json!({"path": "/me", "late_ms": 300, "action": "respond", "status": 500})).await;
    let begin = Instant::now();
    assert_eq!(cloud.raw("GET", "/me", None).await.0, 500);
    assert!(begin.elapsed() >= Duration::from_millis(300));
    assert_eq!(cloud.raw("GET", "/me", None).await.0, 200);
    let half = json!({"times": 0, "chance": 0.5, "action": "respond", "status": 500});
    cloud.admin("POST", "faults", half).await;
    let mut failed = 0;
    for _ in 0..100 {
        failed += usize::from(cloud.raw("GET", "/me", None).await.0 == 500);
    }
    assert!((25..75).contains(&failed), "{failed}");
    cloud.admin("DELETE", "faults", json!(null)).await;
    assert_eq!(cloud.raw("GET", "/me", None).await.0, 200);
}

#[tokio::test]
async fn everything_survives_a_restart_and_running_requests_continue() {
    let directory = tempfile::tempdir().expect("there is room for a directory");
    let data = directory.path().join("cloud.json");
    let options = || Options {
        provision: Duration::from_millis(600),
        release: Duration::from_mins(1),
        data: Some(data.clone()),
        ..at_once()
    };
    let cloud = Cloud::with(options()).await;
    let (id, request) = cloud.create_cluster("train", 2).await;
    let request = request.expect("there is a request");
    let running = cloud.add_cluster("running", 1);
    cloud.api.clusters().destroy(&running).await.expect("it runs");
    let volume = cloud.add_volume("data");
    cloud.simulator.attach(&volume, &id);
    cloud.api.ssh_keys().add(PUBLIC_KEY, None).await.expect("the key is good");
    cloud.api.object_storage().enable().await.expect("there is an organization");
    cloud.api.object_storage().create_bucket("bucket").await.expect("the name is good");
    let keys = cloud.simulator.object_storage_keys();
    let text = std::fs::read_to_string(&data).expect("the file is there");
    assert!(!text.contains(KEY));
    drop(cloud);

    let cloud = Cloud::with(options()).await;
    cloud.api.requests().wait(&request, None, tensorpool::Tolerance::NONE).await.expect("it continues and completes");
    let status = |id: &str| {
        let clusters = cloud.simulator.clusters();
        clusters.iter().find(|cluster| cluster.id == id).map(|cluster| cluster.status.clone())
    };
    assert_eq!((status(&id).as_deref(), status(&running).as_deref()), (Some("RUNNING"), Some("RELEASING")));
    assert_eq!(cloud.simulator.volumes()[0].attached_clusters, [id.as_str()]);
    assert_eq!((cloud.simulator.ssh_keys().len(), cloud.simulator.buckets().len()), (1, 1));
    assert_eq!(cloud.simulator.object_storage_keys(), keys);
    let (another, _) = cloud.create_cluster("another", 1).await;
    assert_ne!(another, id);
    assert_eq!(cloud.simulator.clusters().len(), 3);
    let left: Vec<_> = std::fs::read_dir(directory.path()).expect("it is a directory").collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[tokio::test]
async fn data_that_cannot_be_read_is_not_overwritten() {
    let directory = tempfile::tempdir().expect("there is room for a directory");
    let data = directory.path().join("cloud.json");
    let options = || Options { listen: ([127, 0, 0, 1], 0).into(), data: Some(data.clone()), ..Options::default() };
    // The second is not even text.
    for content in [&b"not a cloud"[..], b"\xff\xfe"] {
        std::fs::write(&data, content).expect("the file can be written");
        assert!(Simulator::start(options()).await.is_err(), "{content:?}");
        assert_eq!(std::fs::read(&data).expect("the file is there"), content);
    }
}

#[tokio::test]
async fn faults_are_shown_and_removed_one_by_one() {
    let cloud = Cloud::new().await;
    let fault = json!({"path": "/me", "times": 2, "action": "respond", "status": 500});
    let ids = [cloud.admin("POST", "faults", fault.clone()).await, cloud.admin("POST", "faults", fault).await];
    assert_eq!(ids, [json!({"id": 1}), json!({"id": 2})]);
    assert_eq!(cloud.raw("GET", "/me", None).await.0, 500);
    let shown = cloud.admin("GET", "faults", json!(null)).await;
    assert_eq!(
        (&shown[0]["seen"], &shown[1]["status"], shown.as_array().map(Vec::len)),
        (&json!(1), &json!(500), Some(2))
    );
    cloud.admin("DELETE", "faults/1", json!(null)).await;
    assert_eq!(cloud.admin("GET", "faults", json!(null)).await[0]["id"], 2);
    for (body, reason) in [
        (json!({"action": "respond", "status": 42}), "status must be from 200 to 999, not 42"),
        (json!({"action": "drop_after", "tiems": 1}), "this action has no field tiems"),
    ] {
        let (status, text) = cloud.raw("POST", "/_simulator/faults", Some(body)).await;
        assert!(status == 422 && text.contains(reason), "{text}");
    }
    assert_eq!(cloud.raw("DELETE", "/_simulator/faults/1", None).await.0, 404);
}

#[tokio::test]
async fn the_pages_of_other_sites_cannot_use_the_admin_interface() {
    let cloud = Cloud::new().await;
    let (url, host) = (cloud.simulator.url(), cloud.simulator.url().replace("http://", ""));
    let send = async |method: &str, path: &str, headers: &[(&str, &str)]| {
        let mut request = cloud.http.request(method.parse().expect("it is a method"), format!("{url}{path}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.body(r#"{"balance": 1}"#).bearer_auth(KEY).send().await.expect("the simulator responds");
        (response.status().as_u16(), response.text().await.expect("it is text"))
    };
    for path in ["/", "/_page/live", "/_simulator/clusters", "/_simulator"] {
        let (status, text) = send("GET", path, &[("host", "rebound.example.org")]).await;
        assert!(status == 403 && text.contains("Host header"), "{path}: {text}");
        assert_eq!(send("GET", path, &[("host", "localhost:8080")]).await.0, 200, "{path}");
    }
    for (method, path) in [("PATCH", "/_simulator/user"), ("POST", "/_page/admin")] {
        for header in [("origin", "https://example.org"), ("origin", "null"), ("sec-fetch-site", "cross-site")] {
            let (status, text) = send(method, path, &[header]).await;
            assert!(status == 403 && text.contains("another site"), "{path} {header:?}: {text}");
        }
    }
    assert_eq!(cloud.admin("GET", "user", json!(null)).await["balance"], 100_000.0);
    let own = [("origin", url.as_str()), ("sec-fetch-site", "same-origin"), ("host", host.as_str())];
    assert_eq!(send("PATCH", "/_simulator/user", &own).await.0, 200);
    // The API has its key, and a container reaches it under another name.
    assert_eq!(send("GET", "/me", &[("host", "host.docker.internal:8080")]).await.0, 200);
}

#[tokio::test]
async fn other_machines_are_let_in_only_if_they_are_allowed() {
    let listen = ([0, 0, 0, 0], 0).into();
    let error = Simulator::start(Options { listen, ..at_once() }).await.err().expect("it is refused").to_string();
    assert!(error.contains("Cannot listen on 0.0.0.0:0") && error.contains("need no key"), "{error}");
    let options = Options { listen, allow_remote_access: true, ..at_once() };
    let simulator = Simulator::start(options).await.expect("it is allowed");
    assert!(simulator.url().starts_with("http://127.0.0.1:"), "{}", simulator.url());
    let get = reqwest::Client::new().get(simulator.url()).header("host", "simulator.example.org");
    assert_eq!(get.send().await.expect("the simulator responds").status(), 200);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_not_read() {
    let cloud = Cloud::new().await;
    // A string in JSON has two quotes.
    let body = |bytes: usize| Some(json!("x".repeat(bytes - 2)));
    let largest = 4 * 1024 * 1024;
    assert_eq!(cloud.raw("POST", "/storage/create", body(largest)).await.0, 422);
    assert_eq!(cloud.raw("POST", "/storage/create", body(largest + 1)).await.0, 413);
    assert_eq!(cloud.raw("GET", "/me", None).await.0, 200);
}
