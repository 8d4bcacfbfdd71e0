//! The shapes of responses: each can be chosen, and the client reads all of them.

mod support;

use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};
use support::{Cloud, at_once, rejected};
use tensorpool::{ApiObject as _, EditCluster, EditVolume, RequestStatus};
use tensorpool_simulator::{Options, RetryAfter};

/// Returns the body of a successful response.
async fn body(cloud: &Cloud, path: &str) -> Value {
    let (status, body) = cloud.raw("GET", path, None).await;
    assert_eq!(status, 200, "{path}: {body}");
    serde_json::from_str(&body).expect("it is JSON")
}

#[tokio::test]
async fn objects_are_read_whatever_their_fields_are_named() {
    let cloud = Cloud::new().await;
    let (cluster, volume) = (cloud.add_cluster("train", 2), cloud.add_volume("data"));
    cloud.simulator.attach(&volume, &cluster);
    let read = async || {
        let cluster = cloud.api.clusters().get(&cluster).await.expect("it exists");
        let volume = cloud.api.volumes().get(&volume).await.expect("it exists");
        let lists = (
            cloud.api.clusters().listing().await.expect("it is a list"),
            cloud.api.volumes().listing().await.expect("it is a list"),
        );
        (cluster, volume, lists)
    };
    let usual = read().await;
    assert_eq!((usual.0.name.as_deref(), usual.1.size_gb), (Some("train"), Some(100)));
    for variant in [
        json!({"bare": true}),
        json!({"id_name": "of_kind", "name_field": "of_kind"}),
        json!({"name_field": "tp_of_kind", "bare": false}),
    ] {
        cloud.admin("PATCH", "options", variant.clone()).await;
        assert_eq!(read().await, usual, "{variant}");
    }
    let odd = body(&cloud, &format!("/storage/info/{volume}")).await;
    assert_eq!(odd["storage_info"]["tp_storage_name"], "data");
    assert_eq!(odd["storage_info"]["storage_id"], json!(volume));
    cloud.admin("PATCH", "options", json!({"lower_case_statuses": true})).await;
    assert_eq!(
        body(&cloud, &format!("/cluster/info/{cluster}")).await["cluster_info"]["instances"][0]["status"],
        "running"
    );
    assert!(read().await.0.is_running());
}

#[tokio::test]
async fn a_request_has_the_chosen_statuses() {
    let cloud = Cloud::with(Options { provision: Duration::from_millis(2400), ..at_once() }).await;
    let choice = json!({"unknown_status": "QUEUED", "retrying": true, "request_id_prefix": "r-"});
    cloud.admin("PATCH", "options", choice).await;
    let (_, request) = cloud.create_cluster("train", 1).await;
    let request = request.expect("there is a request");
    assert!(request.starts_with("r-"));
    let mut seen = Vec::new();
    let begin = Instant::now();
    while seen.last() != Some(&RequestStatus::Completed) && begin.elapsed() < Duration::from_secs(20) {
        let status = cloud.api.requests().get(&request, None).await.expect("it is known").status;
        if seen.last() != Some(&status) {
            seen.push(status);
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let queued = RequestStatus::Other("QUEUED".to_owned());
    assert_eq!(seen, [queued, RequestStatus::Processing, RequestStatus::Retrying, RequestStatus::Completed]);
}

#[tokio::test]
async fn retry_after_is_sent_in_every_form() {
    let cloud = Cloud::with(Options { provision: Duration::from_mins(1), ..at_once() }).await;
    let (_, request) = cloud.create_cluster("train", 1).await;
    let url = format!("{}/request/info/{}", cloud.simulator.url(), request.expect("there is a request"));
    let header = async |choice| {
        cloud.simulator.configure(|options| options.retry_after = choice);
        let response = cloud.http.get(&url).bearer_auth(support::KEY).send().await;
        let headers = response.expect("the simulator responds").headers().clone();
        headers.get("retry-after").map(|value| value.to_str().expect("it is text").to_owned())
    };
    assert_eq!(header(RetryAfter::Seconds(0)).await.as_deref(), Some("0"));
    assert_eq!(header(RetryAfter::Malformed).await.as_deref(), Some("soon"));
    assert_eq!(header(RetryAfter::Absent).await, None);
    let date = header(RetryAfter::Date(3600)).await.expect("there is one");
    let ahead = httpdate::parse_http_date(&date).expect("it is a date").duration_since(SystemTime::now());
    assert!(ahead.is_ok_and(|ahead| ahead > Duration::from_mins(50)), "{date}");
}

#[tokio::test]
async fn responses_may_contain_no_request_ids() {
    let cloud = Cloud::with(Options { without_request_ids: true, ..at_once() }).await;
    let (cluster, request) = cloud.create_cluster("train", 2).await;
    assert_eq!(request, None);
    let volume = cloud.create_volume("data", 1).await;
    let requests = cloud.api.volumes().attach(&volume, &cluster).await.expect("it is accepted");
    assert!(requests.is_empty());
    assert_eq!(cloud.simulator.volumes()[0].attached_clusters, [cluster]);
}

#[tokio::test]
async fn an_edit_may_take_time_with_or_without_a_request_id() {
    let cloud = Cloud::with(Options { edit: Duration::from_secs(1), ..at_once() }).await;
    let (cluster, volume) = (cloud.add_cluster("train", 2), cloud.add_volume("data"));
    let edit = EditCluster { name: Some("late".to_owned()), deletion_protection: None };
    let accepted = cloud.api.clusters().edit(&cluster, &edit).await.expect("it is accepted");
    assert_eq!(accepted.request_id, None);
    assert_eq!(cloud.simulator.clusters()[0].name, "train");
    cloud.admin("PATCH", "options", json!({"edit_request_ids": true, "edit_status": 200})).await;
    let edit = EditVolume { size_gb: Some(200), ..EditVolume::default() };
    let accepted = cloud.api.volumes().edit(&volume, &edit).await.expect("it is accepted");
    let request = accepted.request_id.expect("now there is one");
    cloud.api.requests().wait(&request, None, tensorpool::Tolerance::NONE).await.expect("it completes");
    assert_eq!(cloud.simulator.volumes()[0].size_gb, 200);
    assert_eq!(cloud.simulator.clusters()[0].name, "late");
    let patch = Some(json!({"deletion_protection": true}));
    assert_eq!(cloud.raw("PATCH", &format!("/cluster/edit/{cluster}"), patch).await.0, 200);
}

#[tokio::test]
async fn errors_are_sent_in_every_shape() {
    let cloud = Cloud::new().await;
    for (shape, message) in [
        ("message", "Cluster not found"),
        ("error", "Cluster not found"),
        ("detail", "Cluster not found"),
        ("external_message", "Cluster not found"),
        ("text", "Cluster not found"),
        ("html", ""),
        ("empty", ""),
    ] {
        cloud.admin("PATCH", "options", json!({"error_shape": shape})).await;
        let error = rejected(cloud.api.clusters().get("c-none").await);
        assert_eq!(error, (404, message.to_owned()), "{shape}");
    }
}

#[tokio::test]
async fn a_read_of_a_destroyed_object_returns_what_is_chosen() {
    let cloud = Cloud::new().await;
    let destroyed = async |name: &str| {
        let (cluster, volume) = (cloud.add_cluster(name, 2), cloud.add_volume(name));
        cloud.api.clusters().destroy(&cluster).await.expect("it runs");
        cloud.api.volumes().destroy(&volume).await.expect("it is free");
        (cluster, volume)
    };
    let (cluster, volume) = destroyed("first").await;
    for (gone, status) in [(json!("not_found"), 404), (json!("forbidden"), 403)] {
        cloud.admin("PATCH", "options", json!({"gone": gone})).await;
        assert_eq!(rejected(cloud.api.clusters().get(&cluster).await).0, status);
        assert_eq!(rejected(cloud.api.volumes().get(&volume).await).0, status);
        assert_eq!(rejected(cloud.api.clusters().destroy(&cluster).await).0, status);
    }
    cloud.admin("PATCH", "options", json!({"gone": {"shown_for_ms": 600_000}})).await;
    let (cluster, volume) = destroyed("second").await;
    assert!(cloud.api.clusters().get(&cluster).await.expect("there is a tombstone").is_deleted());
    assert!(cloud.api.volumes().get(&volume).await.expect("there is a tombstone").is_deleted());
    let listed = cloud.api.clusters().list(false).await.expect("it is a list");
    assert!(listed.items.iter().any(|seen| seen.id == cluster && seen.is_deleted()));
    assert!(cloud.api.clusters().find("second").await.expect("it is a list").items.is_empty());
    assert!(cloud.simulator.clusters().is_empty());
    assert_eq!(rejected(cloud.api.clusters().destroy(&cluster).await).0, 404);
    cloud.admin("PATCH", "options", json!({"gone": {"shown_for_ms": 0}})).await;
    assert_eq!(rejected(cloud.api.clusters().get(&cluster).await).0, 404);
    // The name can be used again.
    cloud.create_cluster("second", 1).await;
}

#[tokio::test]
async fn an_empty_list_may_be_a_404() {
    let cloud = Cloud::new().await;
    cloud.admin("PATCH", "options", json!({"empty_lists_are_404": true})).await;
    cloud.simulator.enable_object_storage();
    assert_eq!(cloud.raw("GET", "/cluster/list", None).await.0, 404);
    assert!(cloud.api.clusters().listing().await.expect("it is empty").items.is_empty());
    assert!(cloud.api.volumes().listing().await.expect("it is empty").items.is_empty());
    assert!(cloud.api.ssh_keys().listing().await.expect("it is empty").items.is_empty());
    assert!(cloud.api.object_storage().buckets().await.expect("it is empty").items.is_empty());
    cloud.add_cluster("train", 1);
    assert_eq!(cloud.raw("GET", "/cluster/list", None).await.0, 200);
    // A list without its items is not an empty one.
    cloud.admin("PATCH", "options", json!({"truncated_lists": 0})).await;
    assert_eq!(cloud.raw("GET", "/cluster/list", None).await.0, 200);
}

#[tokio::test]
async fn requests_above_the_rate_limit_are_refused() {
    let cloud = Cloud::new().await;
    let send = async |choice| {
        cloud.admin("PATCH", "options", choice).await;
        let request = cloud.http.get(format!("{}/me", cloud.simulator.url())).bearer_auth(support::KEY);
        let response = request.send().await.expect("the simulator responds");
        let wait = response.headers().get("retry-after").map(|value| value.to_str().expect("it is text").to_owned());
        (response.status().as_u16(), wait)
    };
    // The unit tests cover the time window; this is about the response.
    assert_eq!(send(json!({"requests_per_second": 1})).await, (200, None));
    assert_eq!(send(json!({"requests_per_second": 0})).await, (429, None));
    assert_eq!(send(json!({"limit_retry_after": 7})).await, (429, Some("7".to_owned())));
    assert_eq!(send(json!({"requests_per_second": null})).await, (200, None));
}
