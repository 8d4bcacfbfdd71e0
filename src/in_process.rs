//! The whole provider, called in this process as Terraform calls it, with a simulated TensorPool.

use std::time::Duration;

use serde_json::{Value as Json, json};
use tensorpool_simulator::{Options, Simulator};
use terraform_plugin::testing::{Config, InProcess, PlannedAction, UNKNOWN};

use crate::TensorPool;
use crate::testing::KEY;

const LAPTOP: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINJdpoDqinxOvPW2GIrwZ2ZIozKhkOidqQGMg913ksV6 me@home";
const OTHER: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A provider that is not configured, without a journal.
fn provider() -> InProcess<TensorPool> {
    InProcess::new(TensorPool::in_environment(|name| (name == "TENSORPOOL_JOURNAL").then(|| "off".to_owned())))
}

/// A provider that is configured for a cloud in which nothing takes time.
async fn configured() -> (InProcess<TensorPool>, Simulator) {
    let instant = Options { provision: Duration::ZERO, release: Duration::ZERO, ..Options::default() };
    let options = Options { listen: ([127, 0, 0, 1], 0).into(), api_key: KEY.to_owned(), ..instant };
    let cloud = Simulator::spawn(options).expect("the simulator starts");
    let config = json!({ "api_key": KEY, "endpoint": cloud.url() });
    (provider().configure(config).await.expect("it is configured"), cloud)
}

fn key(name: &str, public_key: &str) -> Json {
    json!({ "name": name, "public_key": public_key })
}

#[tokio::test]
async fn an_ssh_key_lives_from_create_to_destroy() {
    let (provider, cloud) = configured().await;
    let resource = provider.resource("tensorpool_ssh_key");
    let plan = resource.plan_create(key("laptop", LAPTOP)).await.ok();
    assert_eq!((plan["fingerprint"].is_unknown(), plan["id"].is_unknown()), (false, true));
    let created = resource.apply_plan(plan).await.ok();
    assert_eq!(created["id"], cloud.ssh_keys()[0].id.as_str().into());
    assert!(resource.plan(&created, key("laptop", LAPTOP)).await.ok().is_empty());
    let imported = resource.import(cloud.ssh_keys()[0].id.clone()).await.ok();
    assert_eq!((&imported["fingerprint"], &imported["name"]), (&created["fingerprint"], &created["name"]));
    let plan = resource.plan(&created, key("laptop", OTHER)).await.ok();
    let paths: Vec<_> = plan.requires_replace().iter().map(ToString::to_string).collect();
    assert_eq!((plan.action(), paths.contains(&"public_key".to_owned())), (PlannedAction::Replace, true), "{paths:?}");
    let replaced = resource.apply_plan(plan).await.ok();
    assert_ne!(replaced["id"], created["id"]);
    assert_eq!(resource.destroy(&replaced).await.ok(), None);
    assert!(cloud.ssh_keys().is_empty());
}

#[tokio::test]
async fn a_key_that_is_none_is_refused_before_anything_is_sent() {
    let resource = provider().resource("tensorpool_ssh_key");
    assert!(resource.validate(key("laptop", "none")).await.has_failed());
    resource.validate(json!({ "name": "laptop", "public_key": UNKNOWN })).await.ok();
    resource.validate(json!({ "public_kye": LAPTOP })).await.error("Unsupported argument");
}

#[tokio::test]
async fn keys_are_found_by_data_source_and_by_query() {
    let (provider, _cloud) = configured().await;
    let resource = provider.resource("tensorpool_ssh_key");
    let created = resource.create(key("laptop", LAPTOP)).await.ok();
    resource.create(key("desktop", OTHER)).await.ok();
    let found = provider.data_source("tensorpool_ssh_keys").read(json!({ "name_contains": "lap" })).await.ok();
    assert_eq!(found.json()["ssh_keys"][0]["id"], created.json()["id"]);
    let found = provider.list("tensorpool_ssh_key").list(Config::empty()).await.ok();
    assert_eq!(found.len(), 2);
    assert!(found.iter().any(|one| Some(one.identity()) == created.identity()));
}

/// What is listed may decide about what is destroyed: a `for_each` over a part of the objects removes the rest.
#[tokio::test]
async fn a_list_that_lacks_objects_fails_a_data_source_and_warns_who_searches() {
    let (provider, cloud) = configured().await;
    provider.resource("tensorpool_ssh_key").create(key("laptop", LAPTOP)).await.ok();
    cloud.enable_object_storage();
    cloud.configure(|options| options.variants.unreadable_item = true);
    for (plural, noun) in [
        ("tensorpool_ssh_keys", "SSH keys"),
        ("tensorpool_clusters", "clusters"),
        ("tensorpool_storages", "storage volumes"),
        ("tensorpool_jobs", "jobs"),
        ("tensorpool_object_storage_buckets", "buckets"),
    ] {
        let read = provider.data_source(plural).read(Config::empty()).await;
        let error = read.error(&format!("Cannot look up {noun}: incomplete list"));
        assert!(error.detail.contains("items cannot be read"), "{error:?}");
    }
    for (listed, nouns, found) in [
        ("tensorpool_ssh_key", &["SSH keys"][..], 1),
        ("tensorpool_cluster", &["clusters"], 0),
        ("tensorpool_storage", &["storage volumes"], 0),
        ("tensorpool_storage_attachment", &["storage volumes", "clusters"], 0),
        ("tensorpool_object_storage_bucket", &["buckets"], 0),
    ] {
        let search = provider.list(listed).list(Config::empty()).await;
        let summaries: Vec<_> = search.diagnostics().iter().map(|one| one.summary.clone()).collect();
        assert_eq!(summaries, nouns.iter().map(|noun| format!("Incomplete list of {noun}")).collect::<Vec<_>>());
        assert_eq!(search.ok().len(), found, "{listed}");
    }
    let none = provider.data_source("tensorpool_cluster").read(json!({ "name": "train" })).await;
    let error = none.error("Cluster not found");
    assert!(error.detail.contains("The list may lack it, as 1 of its 1 items cannot be read."), "{error:?}");
}

#[tokio::test]
async fn a_function_names_the_position_of_the_argument_that_is_wrong() {
    let provider = provider();
    let parsed = provider.function("parse_instance_type").call([json!("8xH100")]).await.expect("it is one");
    assert_eq!(parsed.to_plain_json().expect("it is known"), json!({ "count": 8, "model": "H100" }));
    let format = provider.function("format_instance_type");
    assert_eq!(format.call([json!(8), json!("H100")]).await, Ok("8xH100".into()));
    let failed = format.call([json!(8), json!("H 100")]).await.expect_err("that is no model");
    assert_eq!((failed.argument(), failed.text().ends_with("got: \"H 100\"")), (Some(1), true), "{failed}");
}
