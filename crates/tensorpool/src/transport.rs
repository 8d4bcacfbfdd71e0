//! How a request is sent: at the pace that the API allows, with retries, and with limits on what is read of a response.

use std::time::{Duration, SystemTime};

use bytes::BytesMut;
use http::header::RETRY_AFTER;
use http::{Method, StatusCode};
use serde_json::Value;
use tokio::sync::SemaphorePermit;
use tokio::time::Instant;

use crate::api_request::{ApiRequest, ApiResponse};
use crate::client::Client;
use crate::decode;
use crate::error::{Error, ErrorKind, innermost};
use crate::error_body::ErrorBody;
use crate::excerpt::excerpt;
use crate::exchange_log::{Exchange, millis};
use crate::pacer::Permit;
use crate::retry::{Idempotency, RetryBudget, Wait, retry_after};
use crate::scope::{Scope, Task};

/// How long the body of a response may stall. Only the request timeout limits the wait for its first byte, because how
/// long the API may take to process a request is not documented.
const IDLE_TIMEOUT: Duration = Duration::from_secs(10);
/// The longest successful response that is read: a list of ten thousand clusters has room in it. Anything longer would only fill
/// the memory.
const MAX_BODY: usize = 8 << 20;
/// How much is read of the body of an error response. A message for a person is at the beginning.
const MAX_ERROR_BODY: usize = 64 << 10;
/// A shorter pause after a 429 is not worth a line in the log for each request that waits.
const REPORTED_PAUSE: Duration = Duration::from_millis(500);
/// A longer body needs a permit to be held in memory and decoded.
pub(crate) const LARGE_BODY: usize = 64 << 10;

impl Client {
    /// Sends a request until it succeeds, fails permanently, or has been retried as often as configured.
    pub(crate) async fn send(&self, request: ApiRequest, scope: &Scope) -> Result<ApiResponse, Error> {
        self.send_with_retries(request, scope, self.0.config.max_retries).await
    }

    /// Sends a request once, for callers that retry in a loop of their own.
    pub(crate) async fn send_once(&self, request: ApiRequest, scope: &Scope) -> Result<ApiResponse, Error> {
        self.send_with_retries(request, scope, 0).await
    }

    async fn send_with_retries(
        &self,
        request: ApiRequest,
        scope: &Scope,
        max_retries: u32,
    ) -> Result<ApiResponse, Error> {
        let operation = request.operation();
        if request.has_empty_segment() {
            let message = "an id or a name in the path of the request is empty".to_owned();
            return Err(Error::new(ErrorKind::Invalid, operation).with_message(Some(message)));
        }
        let interrupted = |why, cause| Error::interrupted(why, &operation, scope).caused_by(cause);
        let (mut budget, mut cause) = (RetryBudget::new(max_retries), None);
        let mut attempts = Attempts::default();
        // Whatever its answer will be, and also if none is waited for.
        let _change = (request.method != Method::GET).then(|| self.bulk().change());
        loop {
            self.report_pause(&operation, scope, &mut attempts);
            let permit = match self.0.pacer.acquire(scope).await {
                Ok(permit) => permit,
                Err(why) => return Err(interrupted(why, cause)),
            };
            let error = match scope.run(self.attempt(&request, &operation, attempts.failed)).await {
                Ok(Ok(response)) => {
                    self.0.pacer.accepted();
                    return Ok(response);
                }
                Ok(Err(error)) => error,
                Err(why) => {
                    // The scope ended while the request was in flight, so a create may have been accepted.
                    let ambiguous = request.idempotency == Idempotency::NotIdempotent;
                    return Err(interrupted(why, cause).ambiguous(ambiguous));
                }
            };
            let error = attempts.record(error).with_circumstances(|it| it.endpoint = Some(self.0.config.origin()));
            let wait = budget.spend(&error, (self.0.config.jitter)());
            let pause = self.pause_after(&error, wait, permit);
            if budget.is_exhausted() || !request.idempotency.allows_retry(error.kind()) {
                let ambiguous = request.idempotency.is_ambiguous_after(&error);
                return Err(error.ambiguous(ambiguous));
            }
            tracing::debug!(call = operation, wait_ms = millis(pause), "retrying: {}", error);
            cause = Some(error);
            if let Err(why) = scope.sleep(pause).await {
                return Err(interrupted(why, cause));
            }
        }
    }

    /// How long a request waits by itself before it is sent again. A 429 stops all requests instead.
    fn pause_after(&self, error: &Error, wait: Wait, permit: Permit) -> Duration {
        match wait {
            Wait::AllRequests(pause) => {
                // The next permit is issued after the pause, so this request does not sleep in addition.
                if self.0.pacer.rate_limited(permit, pause) {
                    let (call, wait_s) = (error.operation(), pause.as_secs_f64());
                    tracing::warn!(call, wait_s, "the API limits requests (429): all requests wait");
                }
                Duration::ZERO
            }
            Wait::ThisRequest(pause) => {
                if error.status().is_some() {
                    self.0.pacer.accepted();
                }
                pause
            }
        }
    }

    /// Logs once for each request that it waits because of a 429.
    fn report_pause(&self, operation: &str, scope: &Scope, attempts: &mut Attempts) {
        let pause = self.0.pacer.pause();
        if pause >= REPORTED_PAUSE && !attempts.reported_pause {
            attempts.reported_pause = true;
            let Task { operation: task, object_id, name } = scope.task();
            let wait_s = pause.as_secs_f64();
            tracing::info!(
                operation = task,
                name,
                object_id,
                wait_s,
                "{operation} waits because the API limits requests (429)"
            );
        }
    }

    async fn attempt(&self, request: &ApiRequest, operation: &str, failed: u32) -> Result<ApiResponse, Error> {
        let mut url = self.0.config.endpoint.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(&request.path);
        }
        let mut http = self.0.http.request(request.method.clone(), url);
        if !request.query.is_empty() {
            http = http.query(&request.query);
        }
        if let Some(body) = &request.body {
            http = http.json(body);
        }
        let exchange = Exchange::begin(self, request, operation, failed + 1);
        let response = http.send().await.map_err(|error| {
            let error = self.network_error(operation, error);
            exchange.failed(&error);
            error
        })?;
        let (status, headers) = (response.status(), response.headers().clone());
        let limit = if status.is_success() { MAX_BODY } else { MAX_ERROR_BODY };
        let body = self.read_body(response, operation, limit).await;
        exchange.ended(status, &headers, body.as_ref().map(|body| &body.bytes[..]));
        let retry_after = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::to_owned);
        if !status.is_success() {
            let body = body.unwrap_or_default();
            let excerpt = excerpt(&headers, &body.bytes, request.is_about_credentials(), &self.0.redactor);
            let error = self.status_error(operation, status, retry_after.as_deref(), &body);
            let is_message = error.is_json() || error.message().is_some();
            return Err(error.with_circumstances(|it| it.excerpt = excerpt.filter(|_| !is_message)));
        }
        let body = body?;
        let body = self.decode_body(&body).map_err(|why| {
            let error = Error::new(ErrorKind::InvalidResponse, operation).status_code(status.as_u16());
            let excerpt = excerpt(&headers, &body.bytes, request.is_about_credentials(), &self.0.redactor);
            error.with_message(Some(why)).with_circumstances(|it| it.excerpt = excerpt)
        })?;
        Ok(ApiResponse { body, retry_after })
    }

    /// Decodes the body of a successful response, or says why it cannot be.
    fn decode_body(&self, body: &Body<'_>) -> Result<Value, String> {
        if body.is_truncated {
            return Err("the response is longer than any response of the API".to_owned());
        }
        if body.bytes.is_empty() {
            return Ok(Value::Null);
        }
        decode::decode(&body.bytes, &self.0.redactor).map_err(|why| why.to_string())
    }

    /// Builds the error for a response whose status is not 2xx.
    fn status_error(&self, operation: &str, status: StatusCode, header: Option<&str>, body: &Body<'_>) -> Error {
        let body = ErrorBody::read(&body.bytes, body.is_truncated, &self.0.redactor);
        Error::new(ErrorKind::of_status(status.as_u16()), operation)
            .status_code(status.as_u16())
            .with_message(body.message())
            .with_json(body.is_object())
            .with_fields(body.field_errors())
            .with_retry_after(header.and_then(|header| retry_after(header, SystemTime::now())))
    }

    /// Reads a body up to a limit. The rest of a longer one is not read.
    async fn read_body(
        &self,
        mut response: reqwest::Response,
        operation: &str,
        limit: usize,
    ) -> Result<Body<'_>, Error> {
        let mut body = Body::default();
        let stalled = |_| {
            let message = "the response stalled in the middle of its body".to_owned();
            Error::new(ErrorKind::Timeout, operation).with_message(Some(message))
        };
        loop {
            let chunk = tokio::time::timeout(IDLE_TIMEOUT, response.chunk()).await.map_err(stalled)?;
            let Some(chunk) = chunk.map_err(|error| self.network_error(operation, error))? else { break };
            let free = limit - body.bytes.len();
            body.is_truncated = chunk.len() > free;
            body.bytes.extend_from_slice(&chunk[..chunk.len().min(free)]);
            if body.is_truncated {
                break;
            }
            if body.permit.is_none() && body.bytes.len() > LARGE_BODY {
                // The semaphore is never closed, and a holder of a permit waits for no second one, so there is no deadlock.
                body.permit = self.0.large_responses.acquire().await.ok();
            }
        }
        Ok(body)
    }

    fn network_error(&self, operation: &str, error: reqwest::Error) -> Error {
        let kind = if error.is_connect() {
            ErrorKind::Connect
        } else if error.is_timeout() {
            ErrorKind::Timeout
        } else {
            ErrorKind::Transport
        };
        // The outer errors say only that sending failed, and to which URL.
        let message = self.0.redactor.redact(&innermost(&error.without_url()).to_string());
        // What was received is no HTTP, and another attempt would receive the same.
        let kind = if message.contains(NOT_HTTP) { ErrorKind::InvalidResponse } else { kind };
        let message = explained(&message);
        Error::new(kind, operation).with_message(Some(message))
    }
}

/// How hyper names a response that begins with something else than a version of HTTP.
const NOT_HTTP: &str = "invalid HTTP version parsed";

/// Explains a message of a library that only its authors understand.
fn explained(message: &str) -> String {
    if message.contains("InvalidContentType") {
        "the server responded in plain text to https, so the port may be one of plain http: the URL then begins with http://"
            .to_owned()
    } else if message.contains(NOT_HTTP) {
        "the server did not respond in http, so the port may be one of https: the URL then begins with https://"
            .to_owned()
    } else {
        message.to_owned()
    }
}

/// The attempts to send one request.
struct Attempts {
    begin: Instant,
    failed: u32,
    /// Whether an attempt may have reached the API.
    any_sent: bool,
    /// Whether it was logged that the request waits because of a 429.
    reported_pause: bool,
}

impl Default for Attempts {
    fn default() -> Self {
        Self { begin: Instant::now(), failed: 0, any_sent: false, reported_pause: false }
    }
}

impl Attempts {
    /// Counts an attempt that failed, and records in its error what is known of all attempts.
    fn record(&mut self, error: Error) -> Error {
        let retries = self.failed;
        self.failed += 1;
        self.any_sent |= error.kind() != ErrorKind::Connect;
        error.with_circumstances(|it| {
            it.retries = retries;
            it.elapsed = Some(self.begin.elapsed());
            it.unsent = !self.any_sent;
        })
    }
}

/// The body of a response, as far as it was read.
#[derive(Default)]
struct Body<'a> {
    bytes: BytesMut,
    /// Whether it was longer than the limit.
    is_truncated: bool,
    /// The permit to hold it, if it is large.
    permit: Option<SemaphorePermit<'a>>,
}

#[cfg(test)]
mod tests;
