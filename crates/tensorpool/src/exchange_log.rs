//! The log of what is sent and received. DEBUG has a line for each attempt: its method, path, status and time. TRACE has the headers
//! and the bodies in addition, masked and bounded, because the real responses are only partly documented.

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use tokio::time::Instant;
use tracing::Level;

use crate::api_request::ApiRequest;
use crate::client::Client;
use crate::error::Error;
use crate::mask::{MAX_SHOWN, is_sensitive, masked, shorten};
use crate::redact::Redactor;

/// One attempt to send a request.
pub(crate) struct Exchange<'a> {
    client: &'a Client,
    request: &'a ApiRequest,
    operation: &'a str,
    attempt: u32,
    begin: Instant,
}

impl<'a> Exchange<'a> {
    /// Begins an attempt. The first one has the number 1.
    pub fn begin(client: &'a Client, request: &'a ApiRequest, operation: &'a str, attempt: u32) -> Self {
        let exchange = Self { client, request, operation, attempt, begin: Instant::now() };
        if tracing::enabled!(Level::TRACE) {
            let config = &client.0.config;
            let headers = format!(
                "authorization: ***; user-agent: {}; x-client-type: {}",
                client.0.redactor.redact(&config.user_agent),
                client.0.redactor.redact(&config.client_type)
            );
            let query =
                request.query.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
            let query = client.0.redactor.redact(&query);
            let body = request
                .body
                .as_ref()
                .map(|body| masked(body.to_string().as_bytes(), request.is_about_credentials(), &client.0.redactor));
            tracing::trace!(attempt, query, headers, body, "sending {operation}");
        }
        exchange
    }

    /// Logs that no response came.
    pub fn failed(&self, error: &Error) {
        let elapsed_ms = millis(self.begin.elapsed());
        let message = error.message().unwrap_or_default();
        let (method, attempt) = (self.request.method.as_str(), self.attempt);
        tracing::debug!(
            method,
            path = self.path(),
            attempt,
            elapsed_ms,
            "no response to {}: {message}",
            self.operation
        );
    }

    /// Logs a response. Its body may have broken off.
    pub fn ended<E>(&self, status: StatusCode, headers: &HeaderMap, body: Result<&[u8], E>) {
        let elapsed_ms = millis(self.begin.elapsed());
        let Self { request, attempt, operation, .. } = self;
        let (method, status) = (request.method.as_str(), u64::from(status.as_u16()));
        tracing::debug!(method, path = self.path(), status, elapsed_ms, attempt, "response to {operation}");
        if tracing::enabled!(Level::TRACE) {
            let redactor = &self.client.0.redactor;
            let headers = shown_headers(headers, redactor);
            let body = body.map_or_else(
                |_| "(it broke off)".to_owned(),
                |body| masked(body, request.is_about_credentials(), redactor),
            );
            tracing::trace!(attempt, status, headers, body, "received from {operation}");
        }
    }

    fn path(&self) -> &str {
        self.operation.split_once(' ').map_or(self.operation, |(_, path)| path)
    }
}

fn shown_headers(headers: &HeaderMap, redactor: &Redactor) -> String {
    let shown = headers.iter().map(|(name, value)| {
        let value = if is_sensitive(name.as_str()) {
            "***".to_owned()
        } else {
            redactor.redact(&String::from_utf8_lossy(value.as_bytes()))
        };
        format!("{name}: {value}")
    });
    shorten(&shown.collect::<Vec<_>>().join("; "), MAX_SHOWN)
}

pub(crate) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use http::Method;
    use serde_json::json;
    use wiremock::matchers::path;
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;
    use crate::config::Config;
    use crate::error::ErrorKind;
    use crate::scope::Scope;
    use crate::secret::Secret;
    use crate::testing::{Line, Lines};

    const KEY: &str = "tp-planted-exchange";

    #[test]
    fn times_are_in_milliseconds() {
        assert_eq!([Duration::ZERO, Duration::from_millis(1_500), Duration::MAX].map(millis), [0, 1_500, u64::MAX]);
    }

    /// Sends a request with the log at its finest level, and returns the log with what it came to.
    async fn logged(request: ApiRequest, responses: &[ResponseTemplate]) -> (Vec<Line>, Option<ErrorKind>) {
        let server = MockServer::start().await;
        for response in responses {
            let at = format!("/{}", request.path.join("/"));
            Mock::given(path(at)).respond_with(response.clone()).up_to_n_times(1).mount(&server).await;
        }
        let config = Config::new(Secret::new(KEY), &server.uri()).expect("it is a loopback address");
        let client = Client::new(config.user_agent(format!("test {KEY}"))).expect("a client can be created");
        let lines = Lines::default();
        let _guard = tracing::subscriber::set_default(lines.clone());
        let sent = client.send(request, &Scope::detached(Duration::from_secs(20))).await;
        (lines.all(), sent.err().map(|error| error.kind()))
    }

    fn at(level: Level, lines: &[Line]) -> Vec<&Line> {
        lines.iter().filter(|line| line.level == level).collect()
    }

    #[tokio::test]
    async fn debug_has_a_line_for_each_attempt_and_trace_has_what_was_sent_and_received() {
        let request = ApiRequest::new(Method::POST, &["storage", "create"]).query("org", "true").body(json!({
            "name": "data", "token": "planted"
        }));
        let failure = ResponseTemplate::new(503).set_body_string(format!("<html>{KEY}</html>"));
        let success = ResponseTemplate::new(200)
            .insert_header("set-cookie", "planted")
            .insert_header("x-request-id", "42")
            .set_body_json(json!({"id": "s-1", "new_field": [KEY], "secret_access_key": "planted"}));
        let (lines, failed) = logged(request, &[failure, success]).await;
        assert_eq!(failed, None);
        assert!(at(Level::INFO, &lines).is_empty(), "nothing is limited: {lines:?}");
        let debug: Vec<_> =
            at(Level::DEBUG, &lines).iter().filter(|line| line.message.starts_with("response")).copied().collect();
        assert_eq!(debug.len(), 2);
        assert_eq!(debug[1].message, "response to POST /storage/create");
        for field in ["method=\"POST\"", "path=\"/storage/create\"", "status=200", "elapsed_ms=", "attempt=2"] {
            assert!(debug[1].fields.contains(field), "{debug:?}");
        }
        let trace = format!("{:?}", at(Level::TRACE, &lines));
        for text in [
            "authorization: ***",
            "user-agent: test ***",
            "org=true",
            "set-cookie: ***",
            "x-request-id: 42",
            "<html>***",
        ] {
            assert!(trace.contains(text), "{text}: {trace}");
        }
        assert!(trace.contains("new_field") && trace.contains("s-1") && trace.contains("data"), "{trace}");
        let all = format!("{lines:?}");
        assert!(!all.contains("planted"), "{all}");
    }

    #[tokio::test]
    async fn of_credentials_nothing_but_the_structure_is_in_the_log() {
        let body = json!({"id": "planted-id", "value": "planted-value", "message": "planted"});
        let response = ResponseTemplate::new(200).set_body_json(body);
        let (lines, _) = logged(ApiRequest::get(&["object-storage", "credentials"]), &[response]).await;
        let all = format!("{lines:?}");
        assert!(all.contains("message") && !all.contains("planted"), "{all}");
    }

    #[tokio::test]
    async fn a_request_that_waits_because_of_a_429_says_so_once() {
        let limited = ResponseTemplate::new(429).insert_header("retry-after", "1");
        let success = ResponseTemplate::new(200).set_body_json(json!({}));
        let (lines, _) = logged(ApiRequest::get(&["user", "info"]), &[limited.clone(), limited, success]).await;
        let info: Vec<_> = at(Level::INFO, &lines).iter().map(|line| line.message.as_str()).collect();
        assert_eq!(info, ["GET /user/info waits because the API limits requests (429)"; 1]);
        let warn = at(Level::WARN, &lines);
        assert_eq!(warn.len(), 2, "one for each pause");
        assert_eq!(warn[0].message, "the API limits requests (429): all requests wait");
        assert!(warn[0].fields.contains("wait_s=1.0"), "{warn:?}");
    }

    #[tokio::test]
    async fn debug_also_has_a_line_for_an_attempt_without_a_response() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let url = format!("http://{}", listener.local_addr().expect("it has an address"));
        drop(listener);
        let config = Config::new(Secret::new(KEY), &url).expect("it is a loopback address").max_retries(0);
        let client = Client::new(config).expect("a client can be created");
        let lines = Lines::default();
        let _guard = tracing::subscriber::set_default(lines.clone());
        let sent = client.send(ApiRequest::get(&["user", "info"]), &Scope::detached(Duration::from_secs(20))).await;
        assert_eq!(sent.err().map(|error| error.kind()), Some(ErrorKind::Connect));
        let lines = lines.all();
        let [line] = at(Level::DEBUG, &lines)[..] else { panic!("{lines:?}") };
        assert!(line.message.starts_with("no response to GET /user/info: "), "{line:?}");
        for field in ["method=\"GET\"", "path=\"/user/info\"", "elapsed_ms=", "attempt=1"] {
            assert!(line.fields.contains(field), "{line:?}");
        }
    }
}
