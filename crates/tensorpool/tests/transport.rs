//! What the client does on the wire: what it sends again, where it carries the key, and what it does not wait for.

use std::time::Duration;

use serde_json::json;
use tensorpool::{Client, Config, CreateCluster, ErrorKind, Scope, Secret};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use wiremock::matchers::{any, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const KEY: &str = "tp-planted-transport";

fn client(endpoint: &str) -> Client {
    let config = Config::new(Secret::new(KEY), endpoint).expect("this machine may be asked over plain http");
    Client::new(config.request_timeout(Duration::from_secs(2)).jitter(std::sync::Arc::new(|| 0.0)))
        .expect("a client can be made")
}

fn scope() -> Scope {
    Scope::detached(Duration::from_secs(20))
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
async fn a_redirect_does_not_carry_the_key_to_another_host() {
    let (api, elsewhere) = (MockServer::start().await, MockServer::start().await);
    let away = ResponseTemplate::new(307).insert_header("location", format!("{}/cluster/list", elsewhere.uri()));
    Mock::given(any()).respond_with(away).mount(&api).await;
    let error = client(&api.uri()).clusters().list(false, &scope()).await.expect_err("a redirect is no list");
    assert_eq!((error.kind(), error.status()), (ErrorKind::UnexpectedStatus, Some(307)));
    assert!(elsewhere.received_requests().await.expect("they are recorded").is_empty());
}

#[tokio::test]
async fn a_create_is_sent_again_after_a_429_alone() {
    for (status, sent, unclear) in [
        (429, 2, false),
        (408, 1, true),
        (500, 1, true),
        (503, 1, true),
        (303, 1, true),
        (409, 1, false),
        (422, 1, false),
    ] {
        let api = MockServer::start().await;
        let refusal = ResponseTemplate::new(status).insert_header("retry-after", "0");
        Mock::given(method("POST")).respond_with(refusal).up_to_n_times(1).mount(&api).await;
        let created = ResponseTemplate::new(202).set_body_json(json!({"cluster_id": "c-1", "request_id": "req_1"}));
        Mock::given(method("POST")).respond_with(created).mount(&api).await;
        let result = client(&api.uri()).clusters().create(&cluster(), &scope()).await;
        let requests = api.received_requests().await.expect("they are recorded").len();
        assert_eq!(requests, sent, "{status}");
        assert_eq!(result.is_err_and(|error| error.is_ambiguous()), unclear, "{status}");
    }
}

#[tokio::test]
async fn a_429_with_any_retry_after_is_waited_out() {
    for header in [Some("1"), Some("Thu, 01 Jan 1970 00:00:00 GMT"), Some("soon"), None] {
        let api = MockServer::start().await;
        let refusal = ResponseTemplate::new(429);
        let refusal = header.map_or(refusal.clone(), |header| refusal.insert_header("retry-after", header));
        Mock::given(path("/cluster/list")).respond_with(refusal).up_to_n_times(2).mount(&api).await;
        Mock::given(path("/cluster/list"))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!([])))
            .mount(&api)
            .await;
        let begin = std::time::Instant::now();
        client(&api.uri()).clusters().list(false, &scope()).await.expect("the third is answered");
        if header == Some("1") {
            assert!(begin.elapsed() >= Duration::from_secs(2), "both pauses are kept");
        }
    }
}

#[tokio::test]
async fn an_answer_without_an_end_is_given_up() {
    let api = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_bytes(vec![b' '; 17 << 20])).mount(&api).await;
    let client = client(&api.uri());
    let error = client.clusters().create(&cluster(), &scope()).await.expect_err("it is too long");
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert!(error.is_ambiguous());
}

#[tokio::test]
async fn a_server_that_is_silent_is_given_up_after_the_requests_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let url = format!("http://{}", listener.local_addr().expect("it has an address"));
    tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.expect("the client comes");
        _ = connection.read(&mut [0; 4096]).await;
        _ = connection.write_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 100\r\n\r\n{").await;
        std::future::pending::<()>().await;
    });
    let error = client(&url).clusters().create(&cluster(), &scope()).await.expect_err("no answer comes");
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.is_ambiguous());
    assert!(!format!("{error:?}").contains(KEY));
}

#[tokio::test]
async fn a_refused_connection_is_no_unclear_create() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let url = format!("http://{}", listener.local_addr().expect("it has an address"));
    drop(listener);
    let error = client(&url).clusters().create(&cluster(), &scope()).await.expect_err("nobody listens");
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(!error.is_ambiguous());
}

#[tokio::test]
async fn polls_bear_answers_that_cannot_be_read() {
    let api = MockServer::start().await;
    let answers = [
        ResponseTemplate::new(200),
        ResponseTemplate::new(200).set_body_json(json!({"message": "hello"})),
        ResponseTemplate::new(500),
    ];
    for answer in answers {
        Mock::given(path("/request/info/req_1")).respond_with(answer).up_to_n_times(1).mount(&api).await;
    }
    let done = ResponseTemplate::new(200).set_body_json(json!({"request_id": "req_1", "status": "completed"}));
    Mock::given(path("/request/info/req_1")).respond_with(done).mount(&api).await;
    let request = client(&api.uri())
        .requests()
        .wait("req_1", None, tensorpool::Tolerance::NONE, &scope())
        .await
        .expect("the fourth can be read");
    assert!(request.status.is_terminal());
}
