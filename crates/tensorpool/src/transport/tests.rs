//! What is read of a response, and what is recorded of a request that fails.

use serde_json::json;
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::client::MAX_LARGE_RESPONSES;
use crate::config::Config;
use crate::secret::Secret;
use crate::testing;

#[tokio::test]
async fn a_large_response_waits_for_a_permit_and_a_small_one_does_not() {
    let server = MockServer::start().await;
    let large = json!({"clusters": [], "x": "a".repeat(LARGE_BODY)});
    for (at, body) in [("/cluster/list", large), ("/storage/list", json!([]))] {
        Mock::given(path(at)).respond_with(ResponseTemplate::new(200).set_body_json(body)).mount(&server).await;
    }
    let config = Config::new(Secret::new("k"), &server.uri()).expect("it is a loopback address");
    let client = Client::new(config).expect("a client can be created");
    let api = client.scoped(Scope::detached(Duration::from_secs(20)));
    let permits = u32::try_from(MAX_LARGE_RESPONSES).expect("few");
    let held = client.0.large_responses.acquire_many(permits).await.expect("all are free");
    let (clusters, volumes) = (api.clusters(), api.volumes());
    let mut list = std::pin::pin!(clusters.list(false));
    assert!(tokio::time::timeout(Duration::from_millis(300), &mut list).await.is_err(), "no permit is free");
    volumes.list(false).await.expect("a small response needs no permit");
    drop(held);
    assert!(list.await.expect("a permit is free").items.is_empty());
    assert_eq!(client.0.large_responses.available_permits(), MAX_LARGE_RESPONSES, "the permit was returned");
}

#[tokio::test]
async fn a_success_may_have_no_body() {
    for status in [200, 204] {
        let (server, api) = testing::api(&[]).await;
        Mock::given(path("/x")).respond_with(ResponseTemplate::new(status)).mount(&server).await;
        let response = api.send(ApiRequest::get(&["x"])).await.expect("it is a success");
        assert_eq!(response.body, Value::Null);
    }
}

#[tokio::test]
async fn the_beginning_of_an_error_response_is_shown_unless_it_has_a_message_of_its_own() {
    for (body, excerpt) in [
        (r#"{"message": "no"}"#, None),
        ("{}", None),
        ("no such thing", None),
        ("<html>Bad gateway</html>", Some("text/plain: <html>Bad gateway</html>")),
    ] {
        let (server, api) = testing::api(&[]).await;
        let response = ResponseTemplate::new(502).set_body_string(body);
        Mock::given(path("/x")).respond_with(response).mount(&server).await;
        let error = api.send(ApiRequest::get(&["x"])).await.map(|_| ()).expect_err("it is a failure");
        assert_eq!(error.circumstances().excerpt.as_deref(), excerpt, "{body}");
    }
}

#[test]
fn what_only_the_authors_of_a_library_understand_is_explained() {
    for (message, shown) in [
        ("received corrupt message of type InvalidContentType", "plain text to https"),
        (NOT_HTTP, "the port may be one of https"),
        ("connection refused", "connection refused"),
    ] {
        assert!(explained(message).contains(shown), "{message}");
    }
}

#[test]
fn a_request_is_unsent_only_as_long_as_no_attempt_has_connected() {
    let mut attempts = Attempts::default();
    for (retries, (kind, unsent)) in (0..).zip([
        (ErrorKind::Connect, true),
        (ErrorKind::Connect, true),
        (ErrorKind::Timeout, false),
        (ErrorKind::Connect, false),
    ]) {
        let error = attempts.record(Error::new(kind, "GET /x"));
        assert_eq!((error.circumstances().retries, error.circumstances().unsent), (retries, unsent));
    }
}
