//! Clusters, as responses show them and requests describe them.

use super::*;
use crate::error::ErrorKind;
use crate::testing;

#[test]
fn a_cluster_is_read_in_every_known_shape() {
    let wrapped = json!({"message": "m", "cluster_info": {
        "id": "c-1", "name": "n", "instances": [{"id": "i-1", "status": "running", "ip": "10.0.0.1"}],
        "storage": ["s-1"], "deletion_protection": true, "num_nodes": 1, "created_at": "2026-01-01",
        "extra": {"x": []}}});
    let bare = json!({"cluster_id": "c-1", "tp_cluster_name": "n", "instances": [
        {"instance_id": "i-1", "state": "running", "public_ip": "10.0.0.1"}],
        "storage_ids": [{"storage_id": "s-1"}], "deletion_protection": true, "num_nodes": 1,
        "created_at": "2026-01-01"});
    let read = Cluster::read(&wrapped).expect("it has an id");
    assert_eq!(Cluster::read(&bare).as_ref(), Some(&read));
    assert!(read.is_running() && !read.is_deleted());
}

#[test]
fn nodes_say_whether_a_cluster_runs_or_is_gone() {
    for (statuses, is_running, is_deleted, described) in [
        (&[][..], false, false, "no instances"),
        (&[Some("running")], true, false, "i-0 is running"),
        (&[Some("RUNNING"), Some("PENDING")], false, false, "i-0 is RUNNING, i-1 is PENDING"),
        (&[Some("DELETED"), Some("DELETED")], false, true, "i-0 is DELETED, i-1 is DELETED"),
        (&[Some("DELETED"), Some("RUNNING")], false, false, "i-0 is DELETED, i-1 is RUNNING"),
        (&[None], false, false, "i-0 is in an unknown status"),
    ] {
        let nodes: Vec<_> = (0..)
            .zip(statuses)
            .map(|(at, status): (usize, _)| json!({"id": format!("i-{at}"), "status": status}))
            .collect();
        let cluster = Cluster::read(&json!({"id": "c-1", "instances": nodes})).expect("it has an id");
        assert_eq!((cluster.is_running(), cluster.is_deleted()), (is_running, is_deleted), "{described}");
        assert_eq!(cluster.describe_instances(), described);
    }
}

#[test]
fn fields_of_a_wrong_type_are_absent() {
    let odd = json!({"id": "c-1", "name": 7, "instances": "many", "num_nodes": -1, "deletion_protection": "yes"});
    assert_eq!(Cluster::read(&odd), Some(Cluster { id: "c-1".to_owned(), ..Cluster::default() }));
    assert_eq!(Cluster::read(&json!({"message": "nothing"})), None);
}

#[test]
fn a_cluster_without_instances_is_not_running() {
    assert!(!Cluster::default().is_running());
    assert!(!Cluster::default().is_deleted());
}

#[test]
fn keys_are_never_added_to_the_account() {
    let create = CreateCluster {
        instance_type: "1xH100".into(),
        num_nodes: 1,
        name: "n".into(),
        deletion_protection: false,
        public_keys: Vec::new(),
        container: None,
    };
    let expected = json!({"instance_type": "1xH100", "num_nodes": 1, "tp_cluster_name": "n",
        "deletion_protection": false, "save_keys": false});
    assert_eq!(create.body(), expected);
}

#[test]
fn a_node_may_be_nothing_but_its_id() {
    let cluster = Cluster::read(&json!({"id": "c-1", "instances": ["i-2", 1]})).expect("it has an id");
    assert_eq!(cluster.describe_instances(), "1 is in an unknown status, i-2 is in an unknown status");
}

#[tokio::test]
async fn the_requests_of_a_cluster_are_none_if_the_api_knows_of_none() {
    let operations = json!({"operations": [{"request_id": "r-1", "status": "PENDING"}, {"id": "r-2"}]});
    let (_server, api) = testing::api(&[
        ("/cluster/operations/c-1", 200, operations),
        ("/cluster/operations/c-2", 404, json!({"message": "no operations"})),
        ("/cluster/operations/c-3", 403, json!({"message": "no"})),
    ])
    .await;
    let clusters = api.clusters();
    let ids = async |id: &str| {
        let found = clusters.operations(id).await.map_err(|error| error.kind())?;
        Ok::<_, ErrorKind>(found.into_iter().map(|request| request.request_id).collect::<Vec<_>>())
    };
    assert_eq!(ids("c-1").await, Ok(vec!["r-1".to_owned()]));
    assert_eq!(ids("c-2").await, Ok(Vec::new()));
    assert_eq!(ids("c-3").await, Err(ErrorKind::Forbidden));
}
