//! How a request is sent, sent again, and read.

use std::time::Duration;

use reqwest::header::RETRY_AFTER;
use reqwest::{Method, Response, StatusCode, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use terraform_plugin::CancellationToken;

use crate::error::Error;

const TIMEOUT: Duration = Duration::from_secs(30);
/// How often one request is sent at most.
const ATTEMPTS: u32 = 6;
/// The wait before the second attempt, which doubles before each further one.
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// An API that asks for a longer wait gets this one: the user should not think that Terraform hangs.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// The client of the API. It is cheap to clone, and prints nowhere: it holds the token.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    endpoint: Url,
    token: String,
    stop: CancellationToken,
}

/// One request.
pub struct Request<'a> {
    pub method: Method,
    /// The segments of the path, which are encoded when it is sent: they come from configurations.
    pub path: &'a [&'a str],
    pub query: &'a [(&'a str, &'a str)],
    pub body: Option<Value>,
}

/// The body of an answer that is an error.
#[derive(Deserialize)]
struct ErrorBody {
    message: String,
}

impl Client {
    pub fn new(endpoint: Url, token: String, user_agent: &str) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .user_agent(user_agent)
            .timeout(TIMEOUT)
            // A redirect would make a GET of a POST.
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self { http, endpoint, token, stop: CancellationToken::new() })
    }

    /// The same client for one operation, whose waits end when the user interrupts it.
    pub fn until(&self, stop: &CancellationToken) -> Self {
        Self { stop: stop.clone(), ..self.clone() }
    }

    /// Waits, unless the user interrupts Terraform.
    pub async fn wait(&self, time: Duration) -> Result<(), Error> {
        tokio::select! {
            () = self.stop.cancelled() => Err(Error::Interrupted),
            () = tokio::time::sleep(time) => Ok(()),
        }
    }

    /// Sends a request, again where that is safe, and reads the answer.
    ///
    /// An interrupt ends the waits between attempts and no attempt: what a request has created must get into the state.
    pub async fn send<T: DeserializeOwned>(&self, request: &Request<'_>) -> Result<T, Error> {
        let mut backoff = FIRST_WAIT;
        for _ in 1..ATTEMPTS {
            let answer = self.attempt(request).await;
            let Some(wait) = wait_before_next(&request.method, &answer, backoff) else { return read(answer?).await };
            self.wait(wait).await?;
            backoff *= 2;
        }
        read(self.attempt(request).await?).await
    }

    async fn attempt(&self, request: &Request<'_>) -> Result<Response, Error> {
        let mut url = self.endpoint.clone();
        // An endpoint is checked to be a URL with a host, which can have a path.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(request.path);
        }
        let mut builder = self.http.request(request.method.clone(), url).bearer_auth(&self.token).query(request.query);
        if let Some(body) = &request.body {
            builder = builder.json(body);
        }
        builder.send().await.map_err(Error::NoAnswer)
    }
}

/// How long to wait before the request is sent again; `None` if it must not be, or need not be.
///
/// A 429 says that nothing was done, so every request is sent again. Of one without an answer, or with one from a gateway, nobody
/// knows: only those are sent again that do no harm the second time. A POST would create a second object.
fn wait_before_next(method: &Method, answer: &Result<Response, Error>, backoff: Duration) -> Option<Duration> {
    let is_harmless = *method != Method::POST;
    let (again, asked) = match answer {
        Err(error) => (is_harmless && matches!(error, Error::NoAnswer(_)), None),
        Ok(response) => match response.status() {
            StatusCode::TOO_MANY_REQUESTS => (true, retry_after(response)),
            StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
                (is_harmless, retry_after(response))
            }
            _ => (false, None),
        },
    };
    again.then(|| asked.unwrap_or(backoff).min(LONGEST_WAIT))
}

fn retry_after(response: &Response) -> Option<Duration> {
    let seconds = response.headers().get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// Reads an answer. One without a body is `null`, which is read as `()`.
async fn read<T: DeserializeOwned>(response: Response) -> Result<T, Error> {
    let status = response.status();
    let request_id = response.headers().get("x-request-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    let body = response.bytes().await.map_err(Error::NoAnswer)?;
    if !status.is_success() {
        // A gateway answers with a page for browsers, which helps nobody.
        let message = serde_json::from_slice(&body).map(|body: ErrorBody| body.message);
        let message = message.unwrap_or_else(|_| "without a message".to_owned());
        return Err(Error::Refused { status, message, request_id });
    }
    let body = if body.is_empty() { b"null" } else { body.as_ref() };
    serde_json::from_slice(body).map_err(|error| Error::Unreadable(error.to_string()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use wiremock::matchers::{bearer_token, method, path};
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;

    fn client(server: &MockServer) -> Client {
        let endpoint = server.uri().parse().expect("it is a URL");
        Client::new(endpoint, "t".to_owned(), "test").expect("a client can be built")
    }

    async fn send(client: &Client, method: Method) -> Result<Value, Error> {
        client.send(&Request { method, path: &["v1", "a/b"], query: &[], body: None }).await
    }

    /// A server that answers with a status so often, and then with `{}`.
    async fn failing(status: u16, times: u64) -> MockServer {
        let server = MockServer::start().await;
        let failure = ResponseTemplate::new(status).insert_header("retry-after", "0");
        Mock::given(path("/v1/a%2Fb")).respond_with(failure).up_to_n_times(times).mount(&server).await;
        let success = ResponseTemplate::new(200).set_body_json(json!({}));
        Mock::given(bearer_token("t")).respond_with(success).mount(&server).await;
        server
    }

    async fn requests(server: &MockServer) -> usize {
        server.received_requests().await.unwrap_or_default().len()
    }

    #[tokio::test]
    async fn what_was_not_carried_out_is_sent_again_and_what_may_have_been_is_not_created_twice() {
        for (status, method, expected) in [
            (429, Method::POST, 3),
            (429, Method::GET, 3),
            (503, Method::GET, 3),
            (503, Method::DELETE, 3),
            (503, Method::POST, 1),
            (500, Method::GET, 1),
            (404, Method::GET, 1),
        ] {
            let server = failing(status, 2).await;
            let result = send(&client(&server), method.clone()).await;
            assert_eq!((requests(&server).await, result.is_ok()), (expected, expected == 3), "{method} {status}");
        }
    }

    #[tokio::test]
    async fn attempts_end() {
        let server = failing(429, 100).await;
        let error = send(&client(&server), Method::GET).await.expect_err("it never succeeds");
        assert!(matches!(error, Error::Refused { status: StatusCode::TOO_MANY_REQUESTS, .. }), "{error}");
        assert_eq!(requests(&server).await, 6);
    }

    #[tokio::test]
    async fn an_interrupt_ends_the_wait() {
        let server = MockServer::start().await;
        let busy = ResponseTemplate::new(429).insert_header("retry-after", "20");
        Mock::given(method("GET")).respond_with(busy).mount(&server).await;
        let stop = CancellationToken::new();
        stop.cancel();
        let error = send(&client(&server).until(&stop), Method::GET).await.expect_err("it is interrupted");
        assert!(matches!(error, Error::Interrupted), "{error}");
    }

    #[tokio::test]
    async fn an_error_has_the_message_and_the_id_of_the_request() {
        let server = MockServer::start().await;
        let refusal = ResponseTemplate::new(422).insert_header("x-request-id", "req-1");
        let refusal = refusal.set_body_json(json!({"code": "invalid", "message": "ttl is too short"}));
        Mock::given(method("POST")).respond_with(refusal).mount(&server).await;
        let page = ResponseTemplate::new(500).set_body_string("<html>");
        Mock::given(method("GET")).respond_with(page).mount(&server).await;
        let error = send(&client(&server), Method::POST).await.expect_err("it is refused");
        assert!(
            matches!(&error, Error::Refused { message, request_id: Some(id), .. } if message == "ttl is too short" && id == "req-1")
        );
        let error = send(&client(&server), Method::GET).await.expect_err("it fails");
        assert_eq!(error.to_string(), "the API answered 500 Internal Server Error: without a message");
    }

    #[tokio::test]
    async fn an_api_that_is_not_there_is_no_answer() {
        let client = Client::new("http://127.0.0.1:1".parse().expect("a URL"), "t".to_owned(), "test");
        let error = send(&client.expect("a client can be built"), Method::POST).await.expect_err("nothing listens");
        assert!(matches!(error, Error::NoAnswer(_)), "{error}");
    }
}
