//! What can be asked about objects of any kind, with clusters as the example.

use std::fmt::Debug;

use futures_util::future::join_all;
use serde_json::json;
use wiremock::matchers::query_param;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::cluster::Cluster;
use crate::listing::Completeness;
use crate::object_storage::Bucket;
use crate::ssh_key::SshKey;
use crate::storage::Volume;
use crate::testing;

/// Starts an API with these responses by path. The organization has one cluster.
async fn api(responses: &[(&str, u16, Value)]) -> (MockServer, Api) {
    let (server, api) = testing::api(&[]).await;
    Mock::given(query_param("include_org", "true"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!([{"id": "c-org", "name": "shared"}])))
        .mount(&server)
        .await;
    testing::mount(&server, responses).await;
    (server, api)
}

fn ids<T: ApiObject>(objects: &[T]) -> Vec<&str> {
    objects.iter().map(ApiObject::id).collect()
}

#[tokio::test]
async fn own_objects_and_those_of_the_organization_are_listed_by_separate_requests() {
    let (_server, api) = api(&[("/cluster/list", 200, json!({"clusters": [{"id": "c-1"}, {"id": "c-org"}]}))]).await;
    let clusters = api.clusters();
    assert_eq!(ids(&clusters.list(false).await.expect("it is a list").items), ["c-1", "c-org"]);
    assert_eq!(ids(&clusters.list(true).await.expect("it is a list").items), ["c-org"]);
    let both = clusters.listing().await.expect("both are lists");
    assert_eq!((ids(&both.items), &both.completeness), (vec!["c-1", "c-org"], &Completeness::Complete));
}

#[tokio::test]
async fn a_404_is_an_empty_list_and_any_other_failure_is_an_error() {
    let (_server, api) = api(&[
        ("/cluster/list", 404, json!({"message": "No clusters found"})),
        ("/storage/list", 403, json!({"message": "no"})),
        ("/user/ssh-key/list", 200, json!({"message": "no list"})),
    ])
    .await;
    let listing = api.clusters().listing().await.expect("404 is an empty list");
    assert_eq!((ids(&listing.items), &listing.completeness), (vec!["c-org"], &Completeness::NotFound));
    let error = api.volumes().list(false).await.expect_err("it is denied");
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    let error = api.ssh_keys().list(false).await.expect_err("it is no list");
    assert_eq!(error.message(), Some("the response contains no list"));
}

#[tokio::test]
async fn a_response_with_the_id_of_another_object_is_an_error_and_one_without_an_id_is_not() {
    let (_server, api) = api(&[
        ("/cluster/info/c-1", 200, json!({"cluster_info": {"id": "c-1", "name": "n"}})),
        ("/cluster/info/c-2", 200, json!({"message": "m", "cluster_info": {"name": "n", "status": null}})),
        ("/cluster/info/c-3", 200, json!({"id": "c-1", "name": "n"})),
        ("/cluster/info/c-4", 200, json!({"message": "m", "status": null})),
        ("/cluster/info/c-5", 200, json!({"data": {"name": "under another name"}})),
        ("/cluster/info/c-6", 200, json!({"error": "Cluster not found", "success": false})),
        ("/cluster/info/c-7", 200, json!({"cluster_info": {"error": "Cluster not found", "name": null}})),
        ("/cluster/info/c-8", 200, json!({"cluster_id": "c-1", "cluster_info": {"name": "n"}})),
        ("/cluster/info/c-9", 200, json!({"links": {"self": "/c-9"}, "a": {}, "cluster_info": {"name": "n"}})),
    ])
    .await;
    let get = async |id: &str| api.clusters().get(id).await;
    assert_eq!(get("c-1").await.expect("it is that one").id, "c-1");
    let without_id = get("c-2").await.expect("it contains no other id");
    assert_eq!((without_id.id.as_str(), without_id.name.as_deref()), ("c-2", Some("n")));
    for id in ["c-3", "c-8"] {
        assert_eq!(get(id).await.expect_err("it is another").kind(), ErrorKind::WrongObject, "{id}");
    }
    assert_eq!(get("c-9").await.expect("it is an object").name.as_deref(), Some("n"));
    let error = get("c-4").await.expect_err("it is a message");
    assert_eq!(
        (error.message(), error.operation()),
        (Some("the response contains no object"), "GET /cluster/info/c-4")
    );
    for id in ["c-6", "c-7"] {
        let error = get(id).await.expect_err("it has no field of a cluster");
        assert_eq!(error.message(), Some("the response contains no object"), "{id}");
    }
    assert_eq!(get("c-5").await.expect("it is an object").name.as_deref(), Some("under another name"));
}

#[tokio::test]
async fn an_object_found_by_its_name_has_the_id_in_the_response_or_in_the_list() {
    let list = json!([{"id": "other", "name": "c-2"}, {"id": "c-1", "name": "train"}, {"id": "c-2", "name": "x"}]);
    let nameless = json!({"cluster_info": {"num_nodes": 1}});
    let (_server, api) = api(&[
        ("/cluster/list", 200, list),
        ("/cluster/info/c-9", 200, json!({"id": "c-9"})),
        ("/cluster/info/train", 200, nameless.clone()),
        ("/cluster/info/c-2", 200, nameless.clone()),
        ("/cluster/info/absent", 200, nameless),
    ])
    .await;
    let resolve = async |id: &str| api.clusters().resolve(id).await;
    assert_eq!(resolve("c-9").await.expect("the response contains it").id, "c-9");
    assert_eq!(resolve("train").await.expect("the list contains it").id, "c-1");
    assert_eq!(resolve("c-2").await.expect("the list contains it").id, "c-2", "an id takes precedence over a name");
    let error = resolve("absent").await.expect_err("nothing contains it");
    assert_eq!(error.message(), Some("neither the response nor the list contains the id of the object"));
}

#[tokio::test]
async fn an_object_without_a_request_of_its_own_is_searched_in_the_lists() {
    let (_server, api) = api(&[("/user/ssh-key/list", 200, json!([{"id": "k-1", "name": "me"}]))]).await;
    assert_eq!(api.ssh_keys().get("k-1").await.expect("the list contains it").id, "k-1");
    let error = api.ssh_keys().get("k-2").await.expect_err("no list contains it");
    assert_eq!((error.kind(), error.operation()), (ErrorKind::NotFound, "GET /user/ssh-key/list"));
}

#[tokio::test]
async fn objects_are_found_by_their_names_without_spaces_around_them_and_without_tombstones() {
    let volumes = json!([{"id": "s-1", "name": "data"}, {"id": "s-2", "name": " data"}, {"id": "s-3", "name": "Data"},
        {"id": "s-4", "name": "data", "status": "DELETED"}, {"id": "s-5"}]);
    let keys = json!([{"id": "k-1", "name": "me"}, {"id": "k-2", "name": "you"}, {"id": "k-3"}]);
    let (_server, api) = api(&[
        ("/storage/list", 200, volumes),
        ("/user/ssh-key/list", 200, keys),
        ("/object-storage/bucket/list", 200, json!(["a", {"name": "b"}])),
    ])
    .await;
    let found = api.volumes().find("data ").await.expect("it is a list");
    assert_eq!((ids(&found.items), &found.completeness), (vec!["s-1", "s-2"], &Completeness::Complete));
    assert_eq!(ids(&api.ssh_keys().find("me").await.expect("it is a list").items), ["k-1"]);
    let buckets = api.objects::<Bucket>();
    assert_eq!(ids(&buckets.find("b").await.expect("it is a list").items), ["b"]);
    assert_eq!(buckets.get("a").await.expect("it is listed").name, "a");
    assert_eq!(buckets.get("c").await.expect_err("it is not listed").kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn all_who_ask_for_a_list_at_once_share_two_of_them() {
    let (server, api) = api(&[("/cluster/list", 200, json!([{"id": "c-1"}]))]).await;
    let listings = join_all((0..20).map(|_| async { api.clusters().listing().await })).await;
    assert!(listings.iter().all(|listing| listing.as_ref().is_ok_and(|all| ids(&all.items) == ["c-1", "c-org"])));
    let requests = server.received_requests().await.expect("they are recorded");
    assert_eq!(requests.len(), 4, "the first began before the others asked, and each has a list of the organization");
}

/// An object is the same with another id, but for the id.
fn takes_another_id<T: ApiObject + Debug>(field: &str) {
    let one = json!({field: "one", "status": "s", "key": "k", "created_at": "2026-01-01"});
    let mut other = one.clone();
    other[field] = json!("other");
    let [one, other] = [one, other].map(|object| T::read(&object).expect("it has an id"));
    assert_eq!(one.with_id("other".to_owned()), other);
}

#[test]
fn an_object_takes_another_id_and_stays_as_it_is() {
    takes_another_id::<Cluster>("id");
    takes_another_id::<Volume>("id");
    takes_another_id::<SshKey>("id");
    takes_another_id::<Bucket>("name");
}

#[test]
fn an_item_of_a_list_is_the_object_itself() {
    for (status, is_deleted) in [("RUNNING", false), ("DESTROYED", true)] {
        let cluster = Cluster { id: "c-1".to_owned(), status: Some(status.to_owned()), ..Cluster::default() };
        assert_eq!((Item::id(&cluster), Item::is_deleted(&cluster)), ("c-1", is_deleted));
        assert_eq!(Item::fields(&cluster), Decode::fields(&cluster));
    }
    // There is no read of a single key with which it could be compared.
    assert_eq!(Item::fields(&SshKey { name: Some("me".to_owned()), ..SshKey::default() }), []);
}
