//! The shapes of answers: each can be chosen, and the client reads every one of them.

mod support;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{Cloud, at_once, refused};
use tensorpool::{EditCluster, EditVolume, RequestStatus};
use tensorpool_simulator::{Options, RetryAfter};

/// The body of a good answer.
async fn body(cloud: &Cloud, path: &str) -> Value {
    let (status, body) = cloud.raw("GET", path, None).await;
    assert_eq!(status, 200, "{path}: {body}");
    serde_json::from_str(&body).expect("it is JSON")
}

#[tokio::test]
async fn objects_are_read_by_whichever_names_they_go() {
    let cloud = Cloud::new().await;
    let (cluster, volume) = (cloud.add_cluster("train", 2), cloud.add_volume("data"));
    cloud.simulator.attach(&volume, &cluster);
    let look = async || {
        let seen = cloud.api.clusters().get(&cluster, &cloud.scope).await.expect("it exists");
        let disk = cloud.api.volumes().get(&volume, &cloud.scope).await.expect("it exists");
        let lists = (
            cloud.api.clusters().list_all(&cloud.scope).await.expect("it is a list"),
            cloud.api.volumes().list_all(&cloud.scope).await.expect("it is a list"),
        );
        (seen, disk, lists)
    };
    let usual = look().await;
    assert_eq!((usual.0.name.as_deref(), usual.1.size_gb), (Some("train"), Some(100)));
    for variant in [
        json!({"bare": true}),
        json!({"id_name": "of_kind", "name_field": "of_kind"}),
        json!({"name_field": "tp_of_kind", "bare": false}),
    ] {
        cloud.order("PATCH", "options", variant.clone()).await;
        assert_eq!(look().await, usual, "{variant}");
    }
    let odd = body(&cloud, &format!("/storage/info/{volume}")).await;
    assert_eq!(odd["storage_info"]["tp_storage_name"], "data");
    assert_eq!(odd["storage_info"]["storage_id"], json!(volume));
    cloud.order("PATCH", "options", json!({"lower_case_statuses": true})).await;
    assert_eq!(
        body(&cloud, &format!("/cluster/info/{cluster}")).await["cluster_info"]["instances"][0]["status"],
        "running"
    );
    assert!(look().await.0.is_running());
}

#[tokio::test]
async fn a_request_goes_through_the_statuses_that_are_chosen() {
    let cloud = Cloud::with(Options { provision: Duration::from_millis(2400), ..at_once() }).await;
    let choice = json!({"unknown_status": "QUEUED", "retrying": true, "request_id_prefix": "r-"});
    cloud.order("PATCH", "options", choice).await;
    let (_, request) = cloud.create_cluster("train", 1).await;
    let request = request.expect("there is a request");
    assert!(request.starts_with("r-"));
    let mut seen = Vec::new();
    let begin = Instant::now();
    while seen.last() != Some(&RequestStatus::Completed) && begin.elapsed() < Duration::from_secs(20) {
        let status = cloud.api.requests().get(&request, None, &cloud.scope).await.expect("it is known").status;
        if seen.last() != Some(&status) {
            seen.push(status);
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let queued = RequestStatus::Other("QUEUED".to_owned());
    assert_eq!(seen, [queued, RequestStatus::Processing, RequestStatus::Retrying, RequestStatus::Completed]);
}

#[tokio::test]
async fn retry_after_comes_in_every_form() {
    let cloud = Cloud::with(Options { provision: Duration::from_mins(1), ..at_once() }).await;
    let (_, request) = cloud.create_cluster("train", 1).await;
    let url = format!("{}/request/info/{}", cloud.simulator.url(), request.expect("there is a request"));
    let header = async |choice| {
        cloud.simulator.configure(|options| options.retry_after = choice);
        let response = cloud.http.get(&url).bearer_auth(support::KEY).send().await;
        let headers = response.expect("the simulator answers").headers().clone();
        headers.get("retry-after").map(|value| value.to_str().expect("it is text").to_owned())
    };
    assert_eq!(header(RetryAfter::Seconds(0)).await.as_deref(), Some("0"));
    assert_eq!(header(RetryAfter::Malformed).await.as_deref(), Some("soon"));
    assert_eq!(header(RetryAfter::Absent).await, None);
    assert!(header(RetryAfter::Date(30)).await.is_some_and(|date| date.ends_with("GMT")));
}

#[tokio::test]
async fn answers_may_hold_no_request_ids() {
    let cloud = Cloud::with(Options { without_request_ids: true, ..at_once() }).await;
    let (cluster, request) = cloud.create_cluster("train", 2).await;
    assert_eq!(request, None);
    let volume = cloud.create_volume("data", 1).await;
    let requests = cloud.api.volumes().attach(&volume, &cluster, &cloud.scope).await.expect("it is accepted");
    assert!(requests.is_empty());
    assert_eq!(cloud.simulator.volumes()[0].attached_clusters, [cluster]);
}

#[tokio::test]
async fn an_edit_may_come_late_with_or_without_a_request() {
    let cloud = Cloud::with(Options { edit: Duration::from_secs(1), ..at_once() }).await;
    let (cluster, volume) = (cloud.add_cluster("train", 2), cloud.add_volume("data"));
    let edit = EditCluster { name: Some("late".to_owned()), deletion_protection: None };
    let accepted = cloud.api.clusters().edit(&cluster, &edit, &cloud.scope).await.expect("it is accepted");
    assert_eq!(accepted.request_id, None);
    assert_eq!(cloud.simulator.clusters()[0].name, "train");
    cloud.order("PATCH", "options", json!({"edit_request_ids": true, "edit_status": 200})).await;
    let edit = EditVolume { size_gb: Some(200), ..EditVolume::default() };
    let accepted = cloud.api.volumes().edit(&volume, &edit, &cloud.scope).await.expect("it is accepted");
    let request = accepted.request_id.expect("now there is one");
    cloud.api.requests().wait(&request, None, tensorpool::Tolerance::NONE, &cloud.scope).await.expect("it ends well");
    assert_eq!(cloud.simulator.volumes()[0].size_gb, 200);
    assert_eq!(cloud.simulator.clusters()[0].name, "late");
    let patch = Some(json!({"deletion_protection": true}));
    assert_eq!(cloud.raw("PATCH", &format!("/cluster/edit/{cluster}"), patch).await.0, 200);
}

#[tokio::test]
async fn refusals_come_in_every_shape() {
    let cloud = Cloud::new().await;
    for (shape, told) in [
        ("message", "Cluster not found"),
        ("error", "Cluster not found"),
        ("detail", "Cluster not found"),
        ("external_message", "Cluster not found"),
        ("text", "Cluster not found"),
        ("html", ""),
        ("empty", ""),
    ] {
        cloud.order("PATCH", "options", json!({"error_shape": shape})).await;
        let refusal = refused(cloud.api.clusters().get("c-none", &cloud.scope).await);
        assert_eq!(refusal, (404, told.to_owned()), "{shape}");
    }
}

#[tokio::test]
async fn a_destroyed_object_looks_as_is_chosen() {
    let cloud = Cloud::new().await;
    let destroyed = async |name: &str| {
        let (cluster, volume) = (cloud.add_cluster(name, 2), cloud.add_volume(name));
        cloud.api.clusters().destroy(&cluster, &cloud.scope).await.expect("it runs");
        cloud.api.volumes().destroy(&volume, &cloud.scope).await.expect("it is free");
        (cluster, volume)
    };
    let (cluster, volume) = destroyed("first").await;
    for (gone, status) in [(json!("not_found"), 404), (json!("forbidden"), 403)] {
        cloud.order("PATCH", "options", json!({"gone": gone})).await;
        assert_eq!(refused(cloud.api.clusters().get(&cluster, &cloud.scope).await).0, status);
        assert_eq!(refused(cloud.api.volumes().get(&volume, &cloud.scope).await).0, status);
        assert_eq!(refused(cloud.api.clusters().destroy(&cluster, &cloud.scope).await).0, status);
    }
    cloud.order("PATCH", "options", json!({"gone": {"shown_for_ms": 600_000}})).await;
    let (cluster, volume) = destroyed("second").await;
    assert!(cloud.api.clusters().get(&cluster, &cloud.scope).await.expect("it is remembered").is_deleted());
    assert!(cloud.api.volumes().get(&volume, &cloud.scope).await.expect("it is remembered").is_deleted());
    let remembered = cloud.api.clusters().list(false, &cloud.scope).await.expect("it is a list");
    assert!(remembered.iter().any(|seen| seen.id == cluster && seen.is_deleted()));
    assert!(cloud.api.clusters().find("second", &cloud.scope).await.expect("it is a list").is_empty());
    assert!(cloud.simulator.clusters().is_empty());
    assert_eq!(refused(cloud.api.clusters().destroy(&cluster, &cloud.scope).await).0, 404);
    cloud.order("PATCH", "options", json!({"gone": {"shown_for_ms": 0}})).await;
    assert_eq!(refused(cloud.api.clusters().get(&cluster, &cloud.scope).await).0, 404);
    // The name is free again.
    cloud.create_cluster("second", 1).await;
}

#[tokio::test]
async fn a_list_without_items_may_be_a_404() {
    let cloud = Cloud::new().await;
    cloud.order("PATCH", "options", json!({"empty_lists_are_404": true})).await;
    cloud.simulator.enable_object_storage();
    assert_eq!(cloud.raw("GET", "/cluster/list", None).await.0, 404);
    assert!(cloud.api.clusters().list_all(&cloud.scope).await.expect("it is empty").is_empty());
    assert!(cloud.api.volumes().list_all(&cloud.scope).await.expect("it is empty").is_empty());
    assert!(cloud.api.ssh_keys().list_all(&cloud.scope).await.expect("it is empty").is_empty());
    assert!(cloud.api.object_storage().buckets(&cloud.scope).await.expect("it is empty").is_empty());
}

#[tokio::test]
async fn more_requests_than_there_may_be_are_refused() {
    let cloud = Cloud::new().await;
    let ask = async |choice| {
        cloud.order("PATCH", "options", choice).await;
        let request = cloud.http.get(format!("{}/me", cloud.simulator.url())).bearer_auth(support::KEY);
        let response = request.send().await.expect("the simulator answers");
        let wait = response.headers().get("retry-after").map(|value| value.to_str().expect("it is text").to_owned());
        (response.status().as_u16(), wait)
    };
    // What counts as a second is tested beside the code; here the answer is what matters.
    assert_eq!(ask(json!({"requests_per_second": 1})).await, (200, None));
    assert_eq!(ask(json!({"requests_per_second": 0})).await, (429, None));
    assert_eq!(ask(json!({"limit_retry_after": 7})).await, (429, Some("7".to_owned())));
    assert_eq!(ask(json!({"requests_per_second": null})).await, (200, None));
}
