//! The rules of SSH keys, object storage, the user, prices and jobs, through the client.

mod support;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use support::{Cloud, PUBLIC_KEY, at_once, new_cluster, rejected};
use tensorpool::{JobStatus, Preferences, PublicKey};
use tensorpool_simulator::{Action, Fault, LoggedRequest, NewJob, NewSshKey, Options, Owner};

#[tokio::test]
async fn an_ssh_key_is_added_listed_and_removed() {
    let cloud = Cloud::new().await;
    let keys = cloud.api.ssh_keys();
    let id = keys.add(PUBLIC_KEY, Some("laptop")).await.expect("the key is good").id;
    let unnamed = keys.add("ssh-rsa BBBB", None).await.expect("the key is good").id;
    let parsed = PublicKey::parse(PUBLIC_KEY).expect("it is a key");
    let key = keys.get(&id).await.expect("a list contains it");
    assert_eq!(key.name.as_deref(), Some("laptop"));
    assert!(key.is(&parsed));
    let key = keys.get(&unnamed).await.expect("a list contains it");
    assert_eq!(key.name.as_deref(), Some("user@simulated.invalid"));
    assert_eq!(rejected(keys.add(&PUBLIC_KEY.replace("me@home", "you"), None).await).0, 409);
    let bad = keys.add("ssh-ed25519", None).await.expect_err("it is no key");
    assert_eq!(bad.field_errors()[0].location, ["body", "public_key"]);
    keys.remove(&id).await.expect("it is there");
    assert!(keys.get(&id).await.expect_err("no list contains it").is_not_found());
    assert_eq!(rejected(keys.remove(&id).await).0, 404);
    let shared = NewSshKey { public_key: PUBLIC_KEY.to_owned(), name: "ours".to_owned(), owner: Owner::Organization };
    _ = cloud.simulator.add_ssh_key(shared);
    assert_eq!(keys.list(false).await.expect("it is a list").items.len(), 1);
    // What the user adds belongs to the organization as well.
    assert_eq!(keys.list(true).await.expect("it is a list").items.len(), 2);
    assert_eq!(keys.listing().await.expect("both are lists").items.len(), 2);
    cloud.simulator.set_organization(None);
    assert_eq!(keys.list(false).await.expect("it is a list").items.len(), 1);
    assert_eq!(keys.list(true).await.expect("it is a list").items.len(), 1);
}

#[tokio::test]
async fn object_storage_is_enabled_rotated_and_disabled() {
    let cloud = Cloud::new().await;
    let storage = cloud.api.object_storage();
    assert_eq!(rejected(storage.credentials().await).0, 404);
    assert_eq!(rejected(storage.create_bucket("data").await).0, 404);
    let enabled = storage.enable().await.expect("there is an organization");
    assert_eq!(storage.enable().await.expect("a second time has the same result"), enabled);
    assert_eq!(storage.credentials().await.expect("it is enabled"), enabled);
    cloud.simulator.configure(|options| options.variants.enable_twice_conflicts = true);
    assert_eq!(rejected(storage.enable().await).0, 409);
    let rotated = storage.rotate_keys().await.expect("it is enabled");
    assert_ne!(rotated.secret_access_key, enabled.secret_access_key);
    assert_ne!(rotated.access_key_id, enabled.access_key_id);
    assert_eq!(cloud.simulator.object_storage_keys().map(|keys| keys.0), Some(rotated.access_key_id));
    storage.create_bucket("data").await.expect("the name is good");
    assert_eq!(rejected(storage.disable().await).0, 409);
    storage.delete_bucket("data").await.expect("it is empty");
    storage.disable().await.expect("there are no buckets");
    assert_eq!(rejected(storage.credentials().await).0, 404);
    cloud.simulator.set_organization(None);
    assert_eq!(rejected(storage.enable().await).0, 403);
}

#[tokio::test]
async fn object_storage_configures_other_clients() {
    let cloud = Cloud::new().await;
    let configure = async |client: &str| {
        let (status, text) = cloud.raw("GET", &format!("/object-storage/configure/{client}"), None).await;
        (status, serde_json::from_str::<Value>(&text).expect("it is JSON"))
    };
    assert_eq!(configure("aws").await.0, 404);
    cloud.simulator.enable_object_storage();
    let (id, secret) = cloud.simulator.object_storage_keys().expect("it is enabled");
    let keys = |file: &Value, prefix: &str| {
        let text = file.as_str().expect("it is a string");
        let line = |name: &str, value: &str| format!("\n{prefix}{name} = {value}\n");
        text.starts_with("[tp]\n")
            && text.contains(&line("access_key_id", &id))
            && text.contains(&line("secret_access_key", &secret))
    };
    let (status, aws) = configure("aws").await;
    assert!(status == 200 && keys(&aws["credentials_file"], "aws_"), "{aws}");
    let (status, rclone) = configure("rclone").await;
    assert!(status == 200 && keys(&rclone["rclone_config"], ""), "{rclone}");
    assert_eq!(configure("poem").await.0, 404);
}

#[tokio::test]
async fn a_bucket_is_deleted_only_when_it_is_empty() {
    let cloud = Cloud::new().await;
    let storage = cloud.api.object_storage();
    cloud.simulator.enable_object_storage();
    assert_eq!(rejected(storage.create_bucket("Not-a-name").await).0, 422);
    storage.create_bucket("data").await.expect("the name is good");
    assert_eq!(rejected(storage.create_bucket("data").await).0, 409);
    cloud.admin("PUT", "buckets/data/model.pt", json!(null)).await;
    assert_eq!(rejected(storage.delete_bucket("data").await).0, 409);
    cloud.simulator.configure(|options| options.variants.bucket_objects = true);
    let buckets = storage.buckets().await.expect("it is a list");
    assert_eq!((buckets.items[0].name.as_str(), buckets.items[0].created_at.is_some()), ("data", true));
    cloud.simulator.empty_bucket("data");
    storage.delete_bucket("data").await.expect("it is empty");
    assert!(cloud.simulator.buckets().is_empty());
    assert_eq!(rejected(storage.delete_bucket("data").await).0, 404);
}

#[tokio::test]
async fn the_user_the_organization_and_the_preferences_are_returned() {
    let cloud = Cloud::new().await;
    let user = cloud.api.user();
    let info = user.info().await.expect("the key is good");
    assert_eq!((info.uid.as_deref(), info.org_id.as_deref()), (Some("u-simulated"), Some("o-simulated")));
    let not_found = Action::Respond { status: 404, body: String::new(), headers: BTreeMap::new() };
    cloud.simulator.add_fault(Fault::once("GET", "/user/info", not_found));
    assert_eq!(user.info().await.expect("the older path is read"), info);
    assert_eq!(cloud.simulator.requests().last().map(LoggedRequest::line).as_deref(), Some("GET /me"));
    let organization = user.organization().await.expect("there is one");
    assert_eq!((organization.members.len(), organization.balance), (1, Some(100_000.0)));
    let change = Preferences {
        notify_email_cluster_create: Some(true),
        balance_warning_threshold: Some(100.0),
        autopay_reload_threshold: Some(20.0),
        ..Preferences::default()
    };
    let changed = user.edit_preferences(&change).await.expect("it follows the rules");
    assert_eq!(changed.notify_email_cluster_create, Some(true));
    assert_eq!(user.preferences().await.expect("they are returned"), changed);
    assert!(cloud.simulator.preferences().notify_email_cluster_create);
    let enable = Preferences { autopay_enabled: Some(true), ..Preferences::default() };
    cloud.simulator.set_payment_method(false);
    let error = user.edit_preferences(&enable).await.expect_err("nothing could be charged");
    assert_eq!(error.field_errors()[0].location, ["body", "autopay_enabled"]);
    cloud.simulator.set_payment_method(true);
    user.edit_preferences(&enable).await.expect("the threshold is set");
    cloud.simulator.set_organization(None);
    assert_eq!(rejected(user.organization().await).0, 404);
}

#[tokio::test]
async fn prices_are_returned_unless_the_api_has_none() {
    let cloud = Cloud::new().await;
    let quotes = cloud.api.quotes();
    let cluster = quotes.cluster("8xH100", 2).await.expect("there is a price");
    assert!((cluster.hourly_rate - 32.0).abs() < 1e-9);
    let storage = quotes.storage(730).await.expect("there is a price");
    assert!((storage.hourly_rate - 0.1).abs() < 1e-9);
    cloud.simulator.set_balance(15.0);
    let cluster = cloud.api.clusters().create(&new_cluster("dear", 1)).await;
    assert_eq!(rejected(cluster).0, 402);
    cloud.simulator.configure(|options| options.variants.without_quotes = true);
    let (status, message) = rejected(quotes.storage(730).await);
    assert_eq!(status, 404);
    assert!(message.contains("reports no prices"), "{message}");
}

#[tokio::test]
async fn a_price_needs_a_type_and_a_number() {
    let cloud = Cloud::new().await;
    for (path, field) in [
        ("/cluster/quote", "instance_type"),
        ("/cluster/quote?instance_type=1xH100&num_nodes=0", "num_nodes"),
        ("/cluster/quote?instance_type=1xH100&num_nodes=-1", "num_nodes"),
        ("/cluster/quote?instance_type=1xH100&num_nodes=two", "num_nodes"),
        ("/storage/quote", "size_gb"),
        ("/storage/quote?size_gb=big", "size_gb"),
    ] {
        let (status, text) = cloud.raw("GET", path, None).await;
        let body: Value = serde_json::from_str(&text).expect("it is JSON");
        assert_eq!((status, &body["detail"][0]["loc"]), (422, &json!(["query", field])), "{path}");
    }
    assert_eq!(cloud.raw("GET", "/cluster/quote?instance_type=1xH100", None).await.0, 200);
}

#[tokio::test]
async fn all_jobs_are_listed() {
    let cloud = Cloud::new().await;
    let list = async || {
        let body: Value = serde_json::from_str(&cloud.raw("GET", "/job/list", None).await.1).expect("it is JSON");
        body["jobs"].clone()
    };
    assert_eq!(list().await, json!([]));
    let new = NewJob { name: "fit".to_owned(), status: "FAILED".to_owned(), cluster_id: Some("c-1".to_owned()) };
    let id = cloud.simulator.add_job(new);
    assert_eq!(list().await, json!([{"job_id": id, "name": "fit", "status": "failed", "cluster_id": "c-1"}]));
}

#[tokio::test]
async fn a_job_is_cancelled_and_waited_for() {
    let cloud = Cloud::with(Options { release: Duration::from_millis(200), ..at_once() }).await;
    let id = cloud.simulator.add_job(NewJob { name: "fit".to_owned(), ..NewJob::default() });
    let jobs = cloud.api.jobs();
    assert_eq!(jobs.get(&id).await.expect("it exists").status, JobStatus::Running);
    jobs.cancel(&id).await.expect("it is accepted");
    assert_eq!(cloud.simulator.job_status(&id).as_deref(), Some("canceling"));
    let status = async || jobs.get(&id).await.expect("it exists").status;
    while !status().await.is_terminal() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(status().await, JobStatus::Canceled);
    jobs.cancel(&id).await.expect("a second time has the same result");
    let ended = cloud.admin("POST", "jobs", json!({"status": "completed"})).await["id"].clone();
    let ended = ended.as_str().expect("it is a string");
    assert_eq!(rejected(jobs.cancel(ended).await).0, 409);
    assert_eq!(cloud.raw("DELETE", &format!("/job/delete/{ended}"), None).await.0, 200);
    assert_eq!(rejected(jobs.get(ended).await).0, 404);
}
