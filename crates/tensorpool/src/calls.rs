//! What each operation asks of the API, and what it makes of the answer.

use std::time::Duration;

use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::{
    Account, Api, Client, Config, CreateCluster, CreateVolume, Created, EditCluster, EditVolume, ErrorKind,
    Preferences, Scope, Secret,
};

/// What the API was asked, for example `GET /cluster/list?include_org=true`, with the body if there is one.
fn shown(request: &Request) -> String {
    let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let asked = format!("{} {}{query} {}", request.method, request.url.path(), String::from_utf8_lossy(&request.body));
    asked.trim_end().to_owned()
}

/// An API that gives one answer to everything.
struct Answering(MockServer, Api);

impl Answering {
    async fn with(answer: Value) -> Self {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_json(answer)).mount(&server).await;
        let config = Config::new(Secret::new("tp-planted"), &server.uri()).expect("it is a loopback address");
        let client = Client::new(config).expect("a client can be created");
        Self(server, client.scoped(Scope::detached(Duration::from_secs(20))))
    }

    /// What was asked since the last time.
    async fn asked(&self) -> Vec<String> {
        let asked = self.0.received_requests().await.expect("they are recorded").iter().map(shown).collect();
        self.0.reset().await;
        asked
    }
}

/// An answer to an operation, and what was asked for it.
async fn exchange<T>(answer: Value, operation: impl AsyncFnOnce(&Api) -> T) -> (T, Vec<String>) {
    let api = Answering::with(answer).await;
    let result = operation(&api.1).await;
    (result, api.asked().await)
}

fn accepted() -> Value {
    json!({"message": "m", "request_id": "req_1"})
}

#[tokio::test]
async fn a_cluster_is_created_changed_and_destroyed() {
    let cluster = CreateCluster {
        instance_type: "8xH100".to_owned(),
        num_nodes: 2,
        name: "train".to_owned(),
        deletion_protection: true,
        public_keys: vec!["ssh-ed25519 A".to_owned()],
        container: Some("image".to_owned()),
    };
    let answer = json!({"cluster_id": "c-1", "request_id": "req_1"});
    let (created, asked) = exchange(answer, async |api| api.clusters().create(&cluster).await).await;
    let expected = Created { id: "c-1".to_owned(), request_id: Some("req_1".to_owned()) };
    assert_eq!(created.expect("it is accepted"), expected);
    assert_eq!(
        asked,
        ["POST /cluster/create {\"container\":\"image\",\"deletion_protection\":true,\"instance_type\":\"8xH100\",\
          \"num_nodes\":2,\"public_keys\":[\"ssh-ed25519 A\"],\"save_keys\":false,\"tp_cluster_name\":\"train\"}"]
    );

    let edit = EditCluster { name: Some("other".to_owned()), deletion_protection: Some(false) };
    let (edited, asked) = exchange(accepted(), async |api| api.clusters().edit("c-1", &edit).await).await;
    assert_eq!(edited.expect("it is accepted").request_id.as_deref(), Some("req_1"));
    assert_eq!(asked, ["PATCH /cluster/edit/c-1 {\"cluster_name\":\"other\",\"deletion_protection\":false}"]);

    let (destroyed, asked) = exchange(accepted(), async |api| api.clusters().destroy("c-1").await).await;
    assert_eq!(destroyed.expect("it is accepted").request_id.as_deref(), Some("req_1"));
    assert_eq!(asked, ["DELETE /cluster/c-1"]);

    let answer = json!({"operations": [{"request_id": "req_1", "status": "PENDING"}, {"request_id": "no status"}]});
    let (operations, asked) = exchange(answer, async |api| api.clusters().operations("c-1").await).await;
    let operations = operations.expect("they are listed");
    assert_eq!(operations.iter().map(|request| &*request.request_id).collect::<Vec<_>>(), ["req_1"]);
    assert_eq!(asked, ["GET /cluster/operations/c-1"]);
}

#[tokio::test]
async fn a_volume_is_created_changed_attached_detached_and_destroyed() {
    let volume = CreateVolume { name: "data".to_owned(), size_gb: 100, deletion_protection: false };
    let answer = json!({"storage_id": "s-1"});
    let (created, asked) = exchange(answer, async |api| api.volumes().create(&volume).await).await;
    assert_eq!(created.expect("it is accepted"), Created { id: "s-1".to_owned(), request_id: None });
    assert_eq!(asked, ["POST /storage/create {\"deletion_protection\":false,\"name\":\"data\",\"size\":100}"]);

    let edit = EditVolume { name: Some("n".to_owned()), size_gb: Some(200), deletion_protection: Some(true) };
    let (edited, asked) = exchange(accepted(), async |api| api.volumes().edit("s-1", &edit).await).await;
    assert_eq!(edited.expect("it is accepted").request_id.as_deref(), Some("req_1"));
    assert_eq!(
        asked,
        ["PATCH /storage/edit/s-1 {\"deletion_protection\":true,\"size_gb\":200,\"tp_storage_name\":\"n\"}"]
    );

    let answer = json!({"request_ids": ["req_1", "req_2"]});
    let (attached, asked) = exchange(answer.clone(), async |api| api.volumes().attach("s-1", "c-1").await).await;
    assert_eq!(attached.expect("it is accepted"), ["req_1", "req_2"]);
    assert_eq!(asked, ["POST /storage/attach {\"cluster_ids\":[\"c-1\"],\"storage_id\":\"s-1\"}"]);
    let (detached, asked) = exchange(answer, async |api| api.volumes().detach("s-1", "c-1").await).await;
    assert_eq!(detached.expect("it is accepted"), ["req_1", "req_2"]);
    assert_eq!(asked, ["POST /storage/detach {\"cluster_id\":\"c-1\",\"storage_id\":\"s-1\"}"]);

    let (destroyed, asked) = exchange(accepted(), async |api| api.volumes().destroy("s-1").await).await;
    assert_eq!(destroyed.expect("it is accepted").request_id.as_deref(), Some("req_1"));
    assert_eq!(asked, ["DELETE /storage/s-1"]);

    let (quote, asked) = exchange(json!({"hourly_rate": 2.5}), async |api| api.quotes().storage(100).await).await;
    assert!(quote.is_ok_and(|quote| (quote.hourly_rate - 2.5).abs() < f64::EPSILON));
    assert_eq!(asked, ["GET /storage/quote?size_gb=100"]);
}

#[tokio::test]
async fn a_key_is_added_with_and_without_a_name_and_removed() {
    for (name, body) in [(None, ""), (Some("laptop"), "\"name\":\"laptop\",")] {
        let answer = json!({"key_id": "k-1"});
        let (added, asked) = exchange(answer, async |api| api.ssh_keys().add("ssh-ed25519 A", name).await).await;
        assert_eq!(added.expect("it is accepted").id, "k-1");
        assert_eq!(asked, [format!("POST /user/ssh-key/add {{{body}\"public_key\":\"ssh-ed25519 A\"}}")]);
    }
    let (removed, asked) = exchange(json!({}), async |api| api.ssh_keys().remove("k-1").await).await;
    assert!(removed.is_ok());
    assert_eq!(asked, ["DELETE /user/ssh-key/remove/k-1"]);
}

#[tokio::test]
async fn jobs_are_read_listed_and_cancelled() {
    let answer = json!({"job": {"id": "j-1", "status": "running"}});
    let (job, asked) = exchange(answer.clone(), async |api| api.jobs().get("j-1").await).await;
    assert_eq!(job.expect("it is there").id, "j-1");
    assert_eq!(asked, ["GET /job/info/j-1"]);
    let (other, _) = exchange(answer, async |api| api.jobs().get("j-2").await).await;
    assert_eq!(other.expect_err("it is another one").kind(), ErrorKind::WrongObject);

    let answer = json!({"jobs": [{"id": "j-1", "status": "running"}]});
    let (own, asked) = exchange(answer.clone(), async |api| api.jobs().list(false).await).await;
    assert_eq!((own.expect("they are listed").items.len(), &*asked), (1, &["GET /job/list".to_owned()][..]));
    let (all, asked) = exchange(answer, async |api| api.jobs().listing().await).await;
    assert_eq!(all.expect("they are listed").items.len(), 1, "it is one, which both lists have");
    assert_eq!(asked, ["GET /job/list", "GET /job/list?include_org=true"]);

    let (cancelled, asked) = exchange(json!({}), async |api| api.jobs().cancel("j-1").await).await;
    assert!(cancelled.is_ok());
    assert_eq!(asked, ["POST /job/cancel/j-1"]);
}

#[tokio::test]
async fn the_user_is_read_and_changes_preferences() {
    let answer = json!({"uid": "u-1", "org_id": "o-1", "email": "e@x"});
    let expected = Account { uid: Some("u-1".to_owned()), org_id: Some("o-1".to_owned()) };
    let api = Answering::with(answer.clone()).await;
    assert_eq!(api.1.account().await.expect("it is one"), expected);
    assert_eq!(api.1.client().known_account(), Some(expected.clone()), "later errors name it");
    let api = Answering::with(answer).await;
    assert_eq!(api.1.user().info().await.expect("it is one").email.as_deref(), Some("e@x"));
    assert_eq!(api.1.client().known_account(), Some(expected));
    assert_eq!(api.asked().await, ["GET /user/info"]);
    let (none, _) = exchange(json!(["no account"]), async |api| api.account().await).await;
    assert_eq!(none.expect_err("it is none").kind(), ErrorKind::InvalidResponse);

    let (organization, asked) = exchange(json!({"name": "o"}), async |api| api.user().organization().await).await;
    assert_eq!(organization.expect("it is one").name.as_deref(), Some("o"));
    assert_eq!(asked, ["GET /user/organization/info"]);

    let set = Preferences { autopay_enabled: Some(true), ..Preferences::default() };
    let answer = json!({"preferences": {"autopay_enabled": true}});
    let (read, asked) = exchange(answer.clone(), async |api| api.user().preferences().await).await;
    assert_eq!((read.expect("they are read"), &*asked), (set.clone(), &["GET /user/preferences".to_owned()][..]));
    let (edited, asked) = exchange(answer, async |api| api.user().edit_preferences(&set).await).await;
    assert_eq!(edited.expect("they are changed"), set);
    assert_eq!(asked, ["PATCH /user/preferences {\"autopay_enabled\":true}"]);
    let (none, _) = exchange(json!("none"), async |api| api.user().preferences().await).await;
    assert_eq!(none.expect_err("there are none").kind(), ErrorKind::InvalidResponse);
}

#[tokio::test]
async fn a_node_is_reached_by_a_command_for_the_system_in_lower_case() {
    let answer = json!({"command": "ssh ubuntu@203.0.113.1"});
    let (command, asked) = exchange(answer, async |api| api.instances().ssh_command("i-1", "Linux").await).await;
    assert_eq!(command.expect("there is one").command, "ssh ubuntu@203.0.113.1");
    assert_eq!(asked, ["GET /ssh/i-1?system=linux"]);
}

#[tokio::test]
async fn object_storage_is_switched_and_has_buckets() {
    let (disabled, asked) = exchange(json!({}), async |api| api.object_storage().disable().await).await;
    assert_eq!((disabled.is_ok(), &*asked), (true, &["DELETE /object-storage/disable".to_owned()][..]));
    let answer = json!({"buckets": ["a", {"name": "b"}]});
    let (buckets, asked) = exchange(answer, async |api| api.object_storage().buckets().await).await;
    let buckets = buckets.expect("they are listed");
    assert_eq!(buckets.items.iter().map(|bucket| &*bucket.name).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(asked, ["GET /object-storage/bucket/list"]);
    let (created, asked) = exchange(json!({}), async |api| api.object_storage().create_bucket("a").await).await;
    assert_eq!((created.is_ok(), &*asked), (true, &["PUT /object-storage/bucket/create/a".to_owned()][..]));
    let (deleted, asked) = exchange(json!({}), async |api| api.object_storage().delete_bucket("a").await).await;
    assert_eq!((deleted.is_ok(), &*asked), (true, &["DELETE /object-storage/bucket/delete/a".to_owned()][..]));
}

#[tokio::test]
async fn credentials_that_the_api_gave_are_masked_from_then_on() {
    let answer =
        json!({"access_key_id": "planted-id", "secret_access_key": "planted-secret", "endpoint": "https://s3"});
    for (number, expected) in
        ["POST /object-storage/enable", "GET /object-storage/credentials", "POST /object-storage/rotate-keys"]
            .into_iter()
            .enumerate()
    {
        let api = Answering::with(answer.clone()).await;
        let storage = api.1.object_storage();
        let credentials = match number {
            0 => storage.enable().await,
            1 => storage.credentials().await,
            _ => storage.rotate_keys().await,
        };
        assert_eq!(credentials.expect("they are given").secret_access_key.expose(), "planted-secret");
        assert_eq!(api.asked().await, [expected]);

        let echo = ResponseTemplate::new(422).set_body_json(json!({"message": "planted-id has planted-secret"}));
        Mock::given(any()).respond_with(echo).mount(&api.0).await;
        let error = api.1.object_storage().create_bucket("a").await.expect_err("it is rejected");
        let shown = format!("{error} {error:?}");
        assert!(shown.contains(" has ") && !shown.contains("planted"), "{shown}");
    }
    let (none, _) = exchange(json!({"message": "m"}), async |api| api.object_storage().enable().await).await;
    let error = none.expect_err("there are none in the answer");
    assert!(error.kind() == ErrorKind::InvalidResponse && error.is_ambiguous(), "it may be enabled: {error}");
    let (none, _) = exchange(json!({"message": "m"}), async |api| api.object_storage().credentials().await).await;
    assert!(!none.expect_err("there are none in the answer").is_ambiguous());
}
