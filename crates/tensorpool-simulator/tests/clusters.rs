//! The rules of clusters, through the client.

mod support;

use std::time::Duration;

use serde_json::json;
use support::{Cloud, PUBLIC_KEY, at_once, new_cluster, rejected};
use tensorpool::{CreateCluster, EditCluster, ErrorKind, RequestStatus};
use tensorpool_simulator::{NewCluster, Options, Owner};

#[tokio::test]
async fn a_cluster_lives_from_create_to_destroy() {
    let cloud = Cloud::new().await;
    let (id, request) = cloud.create_cluster("train", 2).await;
    cloud
        .api
        .requests()
        .wait(&request.expect("there is a request"), None, tensorpool::Tolerance::NONE)
        .await
        .expect("it completes");
    let cluster = cloud.api.clusters().get(&id).await.expect("it exists");
    assert!(cluster.is_running());
    assert_eq!((cluster.name.as_deref(), cluster.instances.len()), (Some("train"), 2));
    let edit = EditCluster { name: Some("other".to_owned()), deletion_protection: Some(true) };
    cloud.api.clusters().edit(&id, &edit).await.expect("it can be edited");
    let view = &cloud.simulator.clusters()[0];
    assert_eq!((view.name.as_str(), view.deletion_protection), ("other", true));
    let (status, message) = rejected(cloud.api.clusters().destroy(&id).await);
    assert_eq!(status, 409);
    assert!(message.contains("Deletion protection"), "{message}");
    cloud.simulator.set_deletion_protection(&id, false);
    let request = cloud.api.clusters().destroy(&id).await.expect("it is accepted").request_id;
    cloud
        .api
        .requests()
        .wait(&request.expect("there is a request"), None, tensorpool::Tolerance::NONE)
        .await
        .expect("it completes");
    assert!(cloud.simulator.clusters().is_empty());
    let error = cloud.api.clusters().get(&id).await.expect_err("it is deleted");
    assert!(error.is_not_found());
    let kinds = cloud.api.clusters().operations(&id).await.expect("they are kept");
    let kinds: Vec<_> = kinds.iter().filter_map(|request| request.request_type.as_deref()).collect();
    assert_eq!(kinds, ["CLUSTER_CLAIM", "CLUSTER_EDIT", "CLUSTER_RELEASE"]);
}

#[tokio::test]
async fn a_cluster_that_is_not_running_cannot_be_destroyed() {
    let cloud = Cloud::with(Options { provision: Duration::from_mins(1), ..at_once() }).await;
    let (id, _) = cloud.create_cluster("train", 1).await;
    let (status, message) = rejected(cloud.api.clusters().destroy(&id).await);
    assert_eq!((status, message.as_str()), (409, "Cluster instances are not RUNNING"));
}

#[tokio::test]
async fn names_are_unique_and_fields_are_checked() {
    let cloud = Cloud::new().await;
    cloud.create_cluster("train", 1).await;
    let (other, _) = cloud.create_cluster("other", 1).await;
    let create = |cluster: CreateCluster| {
        let api = cloud.api.clone();
        async move { api.clusters().create(&cluster).await }
    };
    assert_eq!(rejected(create(new_cluster("train", 1)).await).0, 409);
    let edit = EditCluster { name: Some("train".to_owned()), deletion_protection: None };
    assert_eq!(rejected(cloud.api.clusters().edit(&other, &edit).await).0, 409);
    let nodes = create(new_cluster("none", 0)).await.expect_err("there must be a node");
    assert_eq!(nodes.field_errors()[0].location, ["body", "num_nodes"]);
    let key = create(CreateCluster { public_keys: vec!["no key".to_owned()], ..new_cluster("key", 1) }).await;
    assert_eq!(key.expect_err("it is no key").field_errors()[0].location, ["body", "public_keys", "0"]);
}

#[tokio::test]
async fn saved_keys_are_on_new_clusters_and_new_keys_are_saved_by_default() {
    let cloud = Cloud::new().await;
    let saved = cloud.api.ssh_keys().add(PUBLIC_KEY, None).await.expect("the key is good").id;
    let given = "ssh-rsa BBBB given";
    let cluster = CreateCluster { public_keys: vec![given.to_owned()], ..new_cluster("train", 1) };
    cloud.api.clusters().create(&cluster).await.expect("it is accepted");
    assert_eq!(cloud.simulator.clusters()[0].public_keys, [given, PUBLIC_KEY]);
    assert_eq!(cloud.simulator.ssh_keys().len(), 1);
    // The official client never sends `save_keys`.
    let body = json!({"instance_type": "1xH100", "public_keys": [given, "ssh-ed25519  AAAA x"]});
    assert_eq!(cloud.raw("POST", "/cluster/create", Some(body)).await.0, 202);
    assert_eq!(cloud.simulator.ssh_keys().len(), 3);
    assert_eq!(cloud.simulator.clusters().iter().map(|cluster| cluster.public_keys.len()).max(), Some(3));
    cloud.api.ssh_keys().remove(&saved).await.expect("it is there");
    assert_eq!(cloud.simulator.ssh_keys().len(), 2);
}

#[tokio::test]
async fn the_organizations_clusters_are_listed_instead_of_the_users_own() {
    let cloud = Cloud::new().await;
    let own = cloud.add_cluster("own", 1);
    let body = json!({"name": "shared", "instance_type": "8xH100", "owner": "organization"});
    let shared = cloud.admin("POST", "clusters", body).await["id"].clone();
    let ids = |listing: tensorpool::Listing<tensorpool::Cluster>| {
        listing.items.into_iter().map(|cluster| cluster.id).collect::<Vec<_>>()
    };
    let api = cloud.api.clusters();
    let list = |organization| api.list(organization);
    assert_eq!(ids(list(false).await.expect("it is a list")), [own.as_str()]);
    assert_eq!(json!(ids(list(true).await.expect("it is a list"))), json!([shared]));
    assert_eq!(api.listing().await.expect("both are lists").items.len(), 2);
    let new = NewCluster {
        name: "third".to_owned(),
        instance_type: "1xH100".to_owned(),
        num_nodes: 1,
        deletion_protection: false,
    };
    let third = cloud.simulator.add_organization_cluster(new);
    let view = cloud.simulator.clusters().into_iter().find(|view| view.id == third).expect("it exists");
    assert_eq!(view.owner, Owner::Organization);
}

#[tokio::test]
async fn the_error_of_a_failed_request_has_its_message() {
    let cloud = Cloud::new().await;
    cloud.admin("POST", "fail-next", json!({"request_type": "CLUSTER_CLAIM", "message": "No capacity"})).await;
    let (id, request) = cloud.create_cluster("train", 1).await;
    let error =
        cloud.api.requests().wait(&request.expect("there is a request"), None, tensorpool::Tolerance::NONE).await;
    let error = error.expect_err("it fails");
    assert_eq!((error.kind(), error.message()), (ErrorKind::RequestFailed, Some("No capacity")));
    assert_eq!(cloud.simulator.clusters()[0].status, "FAILED");
    cloud.api.clusters().destroy(&id).await.expect("a failed cluster can be destroyed");
}

#[tokio::test]
async fn an_edit_or_a_destroy_that_fails_changes_nothing() {
    let cloud = Cloud::new().await;
    let id = cloud.add_cluster("train", 1);
    for request_type in ["CLUSTER_EDIT", "CLUSTER_RELEASE"] {
        cloud.simulator.fail_next(request_type, "The scheduler is down");
    }
    let edit = EditCluster { name: Some("other".to_owned()), deletion_protection: Some(true) };
    cloud.api.clusters().edit(&id, &edit).await.expect("it is accepted");
    cloud.api.clusters().destroy(&id).await.expect("it is accepted");
    let [view] = &cloud.simulator.clusters()[..] else { panic!("it still exists") };
    let state = (view.name.as_str(), view.deletion_protection, view.status.as_str());
    assert_eq!(state, ("train", false, "RUNNING"));
    let operations = cloud.api.clusters().operations(&id).await.expect("they are kept");
    let failed = operations.iter().filter(|request| request.status == RequestStatus::Failed).count();
    assert_eq!(failed, 2, "{operations:?}");
}

#[tokio::test]
async fn operations_can_be_filtered() {
    let cloud = Cloud::with(Options { release: Duration::from_mins(1), ..at_once() }).await;
    let (id, _) = cloud.create_cluster("train", 1).await;
    cloud.api.clusters().destroy(&id).await.expect("it is accepted");
    for path in [format!("/cluster/operations/{id}"), "/cluster/operations/train".to_owned()] {
        let (_, all) = cloud.raw("GET", &path, None).await;
        assert!(all.contains("CLUSTER_CLAIM") && all.contains("CLUSTER_RELEASE"), "{path}: {all}");
    }
    let (status, body) = cloud.raw("GET", &format!("/cluster/operations/{id}?status=pending"), None).await;
    let body: serde_json::Value = serde_json::from_str(&body).expect("it is JSON");
    assert_eq!((status, body["operations"][0]["request_type"].clone()), (200, json!("CLUSTER_RELEASE")));
    assert_eq!(body["operations"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn an_instance_has_an_ssh_command() {
    let cloud = Cloud::new().await;
    let id = cloud.add_cluster("train", 2);
    let instance = cloud.simulator.clusters()[0].instance_ids[1].clone();
    for (system, program) in [("Darwin", "ssh "), ("linux", "ssh "), ("Windows", "ssh.exe ")] {
        let command = cloud.api.instances().ssh_command(&instance, system).await.expect("it runs").command;
        assert!(command.starts_with(program) && command.ends_with("ubuntu@203.0.113.2"), "{system}: {command}");
    }
    assert_eq!(rejected(cloud.api.instances().ssh_command(&instance, "amiga").await).0, 422);
    assert_eq!(rejected(cloud.api.instances().ssh_command("i-none", "linux").await).0, 404);
    cloud.simulator.set_instance_status(&id, Some("RESTARTING"));
    assert_eq!(rejected(cloud.api.instances().ssh_command(&instance, "linux").await).0, 409);
}

#[tokio::test]
async fn an_unknown_instance_type_is_refused_wherever_it_is_named() {
    let cloud = Cloud::new().await;
    for unknown in ["9xNOPE", "8xh100"] {
        let create = json!({"instance_type": unknown, "tp_cluster_name": "train"});
        let quote = format!("/cluster/quote?instance_type={unknown}");
        let outside = json!({"instance_type": unknown, "name": "train"});
        for (method, path, body) in [
            ("POST", "/cluster/create", Some(create)),
            ("GET", quote.as_str(), None),
            ("POST", "/_simulator/clusters", Some(outside)),
        ] {
            let (status, text) = cloud.raw(method, path, body).await;
            assert!(status == 422 && text.contains("known are 1xH100"), "{unknown} {path}: {status} {text}");
        }
    }
    assert!(cloud.simulator.clusters().is_empty());
}

#[tokio::test]
async fn the_nodes_of_all_clusters_have_different_addresses() {
    let cloud = Cloud::new().await;
    for name in ["one", "two"] {
        cloud.add_cluster(name, 2);
    }
    let list = cloud.raw("GET", "/cluster/list", None).await.1;
    let list: serde_json::Value = serde_json::from_str(&list).expect("it is JSON");
    let clusters = list["clusters"].as_array().expect("it is a list").iter();
    let nodes = clusters.flat_map(|cluster| cluster["instances"].as_array().expect("it is a list"));
    let addresses: std::collections::BTreeSet<_> = nodes.map(|node| node["ip_address"].as_str()).collect();
    assert_eq!(addresses.len(), 4, "{addresses:?}");
}
