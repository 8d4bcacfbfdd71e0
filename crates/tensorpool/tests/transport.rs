//! The client on the wire: what it retries, where it sends the key, and which responses it gives up on.

use std::time::Duration;

use serde_json::json;
use tensorpool::{Api, Client, Config, CreateCluster, ErrorKind, Scope, Secret, Tolerance};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use wiremock::matchers::{any, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const KEY: &str = "tp-planted-transport";

/// A client of the API at an endpoint, with twenty seconds for each test.
fn client(endpoint: &str) -> Api {
    let config = Config::new(Secret::new(KEY), endpoint).expect("plain http is allowed for a loopback address");
    scoped(config.request_timeout(Duration::from_secs(2)).jitter(std::sync::Arc::new(|| 0.0)))
}

fn scoped(config: Config) -> Api {
    let client = Client::new(config).expect("a client can be created");
    client.scoped(Scope::detached(Duration::from_secs(20)))
}

fn cluster() -> CreateCluster {
    CreateCluster {
        instance_type: "1xH100".to_owned(),
        num_nodes: 1,
        name: "train".to_owned(),
        deletion_protection: false,
        public_keys: Vec::new(),
        container: None,
    }
}

#[tokio::test]
async fn a_redirect_does_not_send_the_key_to_another_host() {
    let (api, elsewhere) = (MockServer::start().await, MockServer::start().await);
    let redirect = ResponseTemplate::new(307).insert_header("location", format!("{}/cluster/list", elsewhere.uri()));
    Mock::given(any()).respond_with(redirect).mount(&api).await;
    let error = client(&api.uri()).clusters().list(false).await.expect_err("a redirect is no list");
    assert_eq!((error.kind(), error.status()), (ErrorKind::UnexpectedStatus, Some(307)));
    assert!(elsewhere.received_requests().await.expect("they are recorded").is_empty());
}

#[tokio::test]
async fn a_create_is_retried_only_after_a_429() {
    for (status, sent, ambiguous) in [
        (429, 2, false),
        (408, 1, true),
        (500, 1, true),
        (503, 1, true),
        (303, 1, true),
        (409, 1, false),
        (422, 1, false),
    ] {
        let api = MockServer::start().await;
        let rejection = ResponseTemplate::new(status).insert_header("retry-after", "0");
        Mock::given(method("POST")).respond_with(rejection).up_to_n_times(1).mount(&api).await;
        let created = ResponseTemplate::new(202).set_body_json(json!({"cluster_id": "c-1", "request_id": "req_1"}));
        Mock::given(method("POST")).respond_with(created).mount(&api).await;
        let result = client(&api.uri()).clusters().create(&cluster()).await;
        let requests = api.received_requests().await.expect("they are recorded").len();
        assert_eq!(requests, sent, "{status}");
        assert_eq!(result.is_err_and(|error| error.is_ambiguous()), ambiguous, "{status}");
    }
}

#[tokio::test]
async fn a_429_with_any_retry_after_is_waited_out() {
    for header in [Some("1"), Some("Thu, 01 Jan 1970 00:00:00 GMT"), Some("soon"), None] {
        let api = MockServer::start().await;
        let rejection = ResponseTemplate::new(429);
        let rejection = header.map_or(rejection.clone(), |header| rejection.insert_header("retry-after", header));
        Mock::given(path("/cluster/list")).respond_with(rejection).up_to_n_times(2).mount(&api).await;
        Mock::given(path("/cluster/list"))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!([])))
            .mount(&api)
            .await;
        let begin = std::time::Instant::now();
        client(&api.uri()).clusters().list(false).await.expect("the third succeeds");
        if header == Some("1") {
            assert!(begin.elapsed() >= Duration::from_secs(2), "both pauses are observed");
        }
    }
}

#[tokio::test]
async fn a_response_without_an_end_is_abandoned() {
    let api = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_bytes(vec![b' '; 17 << 20])).mount(&api).await;
    let client = client(&api.uri());
    let error = client.clusters().create(&cluster()).await.expect_err("it is too long");
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert!(error.is_ambiguous());
}

#[tokio::test]
async fn a_server_that_stops_sending_is_abandoned_after_the_request_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let url = format!("http://{}", listener.local_addr().expect("it has an address"));
    tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.expect("the client connects");
        _ = connection.read(&mut [0; 4096]).await;
        _ = connection.write_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 100\r\n\r\n{").await;
        std::future::pending::<()>().await;
    });
    let error = client(&url).clusters().create(&cluster()).await.expect_err("the response does not end");
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.is_ambiguous());
    assert!(!format!("{error:?}").contains(KEY));
}

#[tokio::test]
async fn a_refused_connection_leaves_no_ambiguous_create() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let url = format!("http://{}", listener.local_addr().expect("it has an address"));
    drop(listener);
    let error = client(&url).clusters().create(&cluster()).await.expect_err("the port is closed");
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(!error.is_ambiguous());
}

#[tokio::test]
async fn polls_tolerate_responses_that_cannot_be_read() {
    let api = MockServer::start().await;
    let responses = [
        ResponseTemplate::new(200),
        ResponseTemplate::new(200).set_body_json(json!({"message": "hello"})),
        ResponseTemplate::new(500),
    ];
    for response in responses {
        Mock::given(path("/request/info/req_1")).respond_with(response).up_to_n_times(1).mount(&api).await;
    }
    let done = ResponseTemplate::new(200).set_body_json(json!({"request_id": "req_1", "status": "completed"}));
    Mock::given(path("/request/info/req_1")).respond_with(done).mount(&api).await;
    let request =
        client(&api.uri()).requests().wait("req_1", None, Tolerance::NONE).await.expect("the fourth can be read");
    assert!(request.status.is_terminal());
}

/// Starts an API with one response to everything, and a client for it.
async fn api(response: ResponseTemplate) -> (MockServer, Api) {
    let api = MockServer::start().await;
    Mock::given(any()).respond_with(response).mount(&api).await;
    let config = Config::new(Secret::new(KEY), &api.uri()).expect("plain http is allowed for a loopback address");
    (api, scoped(config.max_retries(0)))
}

#[tokio::test]
async fn a_response_of_two_mib_is_read_and_a_longer_one_is_not() {
    for (over, is_read) in [(0, true), (1, false)] {
        let (begin, end) = (r#"{"clusters": [{"id": "c-1"}], "x": ""#, r#""}"#);
        let body = format!("{begin}{}{end}", "a".repeat((8 << 20) - begin.len() - end.len() + over));
        let (_api, client) = api(ResponseTemplate::new(200).set_body_string(body)).await;
        match client.clusters().list(false).await {
            Ok(clusters) => assert!(is_read && clusters.items.len() == 1),
            Err(error) => {
                assert!(!is_read, "{error}");
                assert_eq!((error.kind(), error.status()), (ErrorKind::InvalidResponse, Some(200)));
                assert!(error.message().is_some_and(|message| message.contains("longer than any")), "{error}");
            }
        }
    }
}

#[tokio::test]
async fn a_response_with_too_many_values_is_an_error() {
    let body = format!("[{}1]", "{},".repeat(500_000));
    let (_api, client) = api(ResponseTemplate::new(200).set_body_string(body)).await;
    let error = client.clusters().list(false).await.expect_err("it is not truncated");
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert!(error.message().is_some_and(|message| message.contains("more values")), "{error}");
}

#[tokio::test]
async fn only_the_beginning_of_a_long_error_response_is_read() {
    let long = format!("{}{}", "The server is on fire. ", "a".repeat(1 << 20));
    let (_api, client) = api(ResponseTemplate::new(400).set_body_string(long)).await;
    let error = client.clusters().list(false).await.expect_err("it is a failure");
    assert_eq!((error.kind(), error.status()), (ErrorKind::Invalid, Some(400)));
    assert!(
        error.message().is_some_and(|message| message.starts_with("The server is on fire.") && message.len() < 600)
    );
}

#[tokio::test]
async fn a_key_that_is_truncated_at_the_end_of_an_error_response_is_not_shown() {
    for length in 1..=2 * KEY.len() {
        let body = format!("{}{KEY} and more", " ".repeat((64 << 10) - length));
        let (_api, client) = api(ResponseTemplate::new(400).set_body_string(body)).await;
        let error = client.clusters().list(false).await.expect_err("it is a failure");
        assert!(error.message().is_none_or(|message| !message.contains(&KEY[..3])), "{error}");
    }
}

#[tokio::test]
async fn no_error_contains_the_key_or_control_characters() {
    let evil = format!("\u{1b}[2Jwho has {KEY}\n\u{202e}?");
    let clean = "\u{fffd}[2Jwho has *** \u{fffd}?";
    let bodies = [
        json!({"message": evil}),
        json!({"error": evil}),
        json!({"external_message": evil}),
        json!({"detail": evil}),
        json!(evil),
    ];
    for body in bodies {
        let (_api, client) = api(ResponseTemplate::new(422).set_body_json(&body)).await;
        let error = client.clusters().list(false).await.expect_err("it is a failure");
        assert_eq!(error.message(), Some(clean), "{body}");
    }
    let plain = ResponseTemplate::new(422).set_body_string(evil.clone());
    let error = api(plain).await.1.clusters().list(false).await.expect_err("it is a failure");
    assert_eq!(error.message(), Some(clean));

    let fields = ResponseTemplate::new(422).set_body_json(json!({"detail": [{"loc": ["body", evil, 0], "msg": evil}]}));
    let (_api, client) = api(fields).await;
    let error = client.clusters().list(false).await.expect_err("it is a failure");
    assert_eq!(error.field_errors()[0].location, ["body", clean, "0"]);
    assert_eq!(error.field_errors()[0].message, clean);

    // The message is shortened after the key is masked, so no part of the key is left.
    let long = ResponseTemplate::new(422).set_body_json(json!({"message": format!("{}{KEY}", "a".repeat(490))}));
    let (_api, client) = api(long).await;
    let error = client.clusters().list(false).await.expect_err("it is a failure");
    assert!(error.message().is_some_and(|message| message.ends_with("a***")), "{error}");
}

#[tokio::test]
async fn the_errors_of_polls_do_not_contain_the_key_either() {
    let evil = format!("\u{1b}{KEY}");
    for (body, kind) in [
        (json!({"request_id": "r", "status": "FAILED", "external_message": evil}), ErrorKind::RequestFailed),
        (json!({"request_id": evil, "status": "COMPLETED"}), ErrorKind::WrongObject),
        (json!({"request_id": "r", "status": "COMPLETED", "object_id": evil}), ErrorKind::WrongObject),
        (json!({"request_id": "r", "status": evil}), ErrorKind::Deadline),
    ] {
        let (_api, client) = api(ResponseTemplate::new(200).set_body_json(&body)).await;
        let waited = client.within(Duration::from_secs(1)).requests().wait("r", Some("c-1"), Tolerance::NONE).await;
        let error = waited.expect_err("none of them is a success");
        assert_eq!(error.kind(), kind, "{body}");
        let texts = [error.message(), error.last_status()].map(Option::unwrap_or_default).concat();
        assert!(texts.contains("\u{fffd}***") || texts.contains("(\u{fffd}***)"), "{texts}");
        assert!(!texts.contains(KEY) && !texts.contains('\u{1b}'), "{texts}");
    }
    let (_api, client) = api(ResponseTemplate::new(200).set_body_json(json!({"id": evil}))).await;
    let error = client.clusters().get("c-1").await.expect_err("it is another cluster");
    assert_eq!(error.kind(), ErrorKind::WrongObject);
    assert!(error.message().is_some_and(|message| message.contains("(\u{fffd}***)")), "{error}");
}

#[tokio::test]
async fn the_keys_of_object_storage_are_masked_once_they_are_known() {
    let api = MockServer::start().await;
    let credentials =
        json!({"access_key_id": "AK-planted", "secret_access_key": "SK-planted", "endpoint": "https://s3"});
    Mock::given(path("/object-storage/credentials"))
        .respond_with(ResponseTemplate::new(200).set_body_json(credentials))
        .mount(&api)
        .await;
    let leak = json!({"message": "AK-planted and SK-planted"});
    Mock::given(any()).respond_with(ResponseTemplate::new(400).set_body_json(leak)).mount(&api).await;
    let client = client(&api.uri());
    let credentials = client.object_storage().credentials().await.expect("they are there");
    assert_eq!(
        (credentials.access_key_id.as_str(), credentials.secret_access_key.expose()),
        ("AK-planted", "SK-planted")
    );
    let error = client.object_storage().buckets().await.expect_err("it is a failure");
    assert_eq!(error.message(), Some("*** and ***"));
}

#[tokio::test]
async fn a_number_out_of_range_and_half_a_surrogate_pair_do_not_affect_other_fields() {
    let body =
        r#"{"clusters": [{"id": "c-1", "name": "\ud800", "num_nodes": 1e400, "new": 1e400, "newer": "\udc00"}]}"#;
    let (_api, client) = api(ResponseTemplate::new(200).set_body_string(body)).await;
    let clusters = client.clusters().list(false).await.expect("the rest can be read");
    assert_eq!(
        (clusters.items[0].id.as_str(), clusters.items[0].name.as_deref(), clusters.items[0].num_nodes),
        ("c-1", None, None)
    );
}

#[tokio::test]
async fn a_create_that_was_on_its_way_when_the_time_was_up_is_ambiguous() {
    let slow = ResponseTemplate::new(200).set_body_json(json!([])).set_delay(Duration::from_secs(10));
    let (_api, client) = api(slow).await;
    let time = Duration::from_millis(500);
    let created = client.within(time).clusters().create(&cluster()).await.map(|_| ());
    let error = created.expect_err("it takes too long");
    assert_eq!((error.kind(), error.is_ambiguous()), (ErrorKind::Deadline, true));
    let error = client.within(time).clusters().list(false).await.expect_err("it takes too long");
    assert_eq!((error.kind(), error.is_ambiguous()), (ErrorKind::Deadline, false));
}
