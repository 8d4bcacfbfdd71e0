//! Sends requests: authentication, limits, and the one retry layer. The one rate limiter is the pacer.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use bytes::BytesMut;
use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use http::{Method, StatusCode};
use serde_json::Value;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use crate::body;
use crate::config::{Config, ConfigError};
use crate::error::{Error, ErrorKind};
use crate::lenient;
use crate::pacer::Pacer;
use crate::redact::{Redactor, printable};
use crate::retry::{Repeat, backoff, retry_after, unstated_wait};
use crate::scope::Scope;
use crate::sharing::Sharing;
use crate::user::Account;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the body of an answer may pause. The wait for its beginning is bounded by the whole request's time only, as
/// nothing says how long the API may think.
const IDLE_TIMEOUT: Duration = Duration::from_secs(10);
/// How many 429s are borne for each allowed retry: they say to come later, not that something is wrong.
const PATIENCE: u32 = 4;
/// No good answer of the API comes near this; a longer one would only fill the memory.
const MAX_BODY: usize = 2 << 20;
/// How much is read of the body of a failure. The rest is no message for a person.
const MAX_ERROR_BODY: usize = 64 << 10;
/// A longer answer is read and decoded only while few others are.
const LARGE_BODY: usize = 64 << 10;
/// How many large answers are read and decoded at once.
const LARGE_AT_ONCE: usize = 4;

/// A client of the TensorPool API. Cheap to clone: clones share connections and the rate limiter.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    http: reqwest::Client,
    config: Config,
    pacer: Pacer,
    sharing: Sharing,
    account: OnceLock<Account>,
    redactor: Redactor,
    large: Semaphore,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Client").field(&self.0.config).finish()
    }
}

/// One call of the API.
pub(crate) struct Call {
    pub method: Method,
    /// The segments of the path. They are encoded, so that an id with a slash in it leads nowhere else.
    pub path: Vec<String>,
    pub query: Vec<(&'static str, String)>,
    pub body: Option<Value>,
    pub repeat: Repeat,
}

impl Call {
    pub fn new(method: Method, path: &[&str]) -> Self {
        let path = path.iter().map(|segment| (*segment).to_owned()).collect();
        Self { method, path, query: Vec::new(), body: None, repeat: Repeat::Harmless }
    }

    pub fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    pub fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// The call makes a new object each time that it is accepted.
    pub fn makes_another(mut self) -> Self {
        self.repeat = Repeat::MakesAnother;
        self
    }

    /// The call in words, for errors and logs.
    pub fn name(&self) -> String {
        printable(&format!("{} /{}", self.method, self.path.join("/"))).into_owned()
    }
}

/// A good answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub body: Value,
    pub retry_after: Option<String>,
}

impl Client {
    /// A client.
    ///
    /// # Errors
    /// When the HTTP client cannot be made, as when the system's certificates cannot be read.
    pub fn new(config: Config) -> Result<Self, ConfigError> {
        let mut bearer =
            HeaderValue::from_str(&format!("Bearer {}", config.api_key.expose())).map_err(|_| ConfigError::ApiKey)?;
        bearer.set_sensitive(true);
        let client_type =
            HeaderValue::from_str(&config.client_type).map_err(|error| ConfigError::Http(error.to_string()))?;
        let headers =
            HeaderMap::from_iter([(AUTHORIZATION, bearer), (HeaderName::from_static("x-client-type"), client_type)]);
        let mut http = reqwest::Client::builder()
            .user_agent(&config.user_agent)
            .default_headers(headers)
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(config.request_timeout)
            // The API redirects nowhere. Following a redirect could carry the key to another host.
            .redirect(reqwest::redirect::Policy::none());
        if config.endpoint.scheme() == "http" {
            // A proxy would read the key. Of https it only sees where the tunnel leads.
            http = http.no_proxy();
        }
        let http = http.build().map_err(|error| ConfigError::Http(error.to_string()))?;
        let redactor = Redactor::default();
        redactor.add(config.api_key.expose());
        Ok(Self(Arc::new(Inner {
            http,
            config,
            pacer: Pacer::default(),
            sharing: Sharing::default(),
            account: OnceLock::new(),
            redactor,
            large: Semaphore::new(LARGE_AT_ONCE),
        })))
    }

    /// Whose key it is, if an answer has told it. No request is sent.
    #[must_use]
    pub fn known_account(&self) -> Option<Account> {
        self.0.account.get().cloned()
    }

    pub(crate) fn remember_account(&self, account: &Account) {
        _ = self.0.account.set(account.clone());
    }

    /// 16 bits of a fingerprint of the key, as 4 hexadecimal digits: they tell keys apart and say nothing of one.
    #[must_use]
    pub fn key_fingerprint(&self) -> String {
        fingerprint(self.0.config.api_key.expose()).chars().take(4).collect()
    }

    /// An error that holds something of an answer, as people may read it.
    pub(crate) fn clean(&self, error: Error) -> Error {
        error.map_texts(|text| self.0.redactor.clean(text))
    }

    /// The secrets that nothing may show that people read.
    pub(crate) fn redactor(&self) -> &Redactor {
        &self.0.redactor
    }

    /// What parallel callers ask together.
    pub(crate) fn sharing(&self) -> &Sharing {
        &self.0.sharing
    }

    /// Sends a call until it succeeds, cannot succeed, or has been tried often enough.
    pub(crate) async fn send(&self, call: Call, scope: &Scope) -> Result<Answer, Error> {
        self.send_up_to(call, scope, self.0.config.max_retries).await
    }

    /// Sends a call once, for callers that try again in a loop of their own.
    pub(crate) async fn send_once(&self, call: Call, scope: &Scope) -> Result<Answer, Error> {
        self.send_up_to(call, scope, 0).await
    }

    async fn send_up_to(&self, call: Call, scope: &Scope, max_retries: u32) -> Result<Answer, Error> {
        let name = call.name();
        if call.path.iter().any(|segment| matches!(segment.trim(), "" | "." | "..")) {
            let message = "an id or a name in the path of the request is empty".to_owned();
            return Err(Error::new(ErrorKind::Invalid, name).with_message(Some(message)));
        }
        let interrupted = |why, cause| Error::interrupted(why, &name).caused_by(cause);
        let (mut failures, mut refusals, mut cause) = (0, 0, None);
        loop {
            let turn = match self.0.pacer.turn(scope).await {
                Ok(turn) => turn,
                Err(why) => return Err(interrupted(why, cause)),
            };
            let error = match scope.run(self.attempt(&call, &name)).await {
                Ok(Ok(answer)) => {
                    self.0.pacer.taken();
                    return Ok(answer);
                }
                Ok(Err(error)) => error,
                Err(why) => {
                    // The request was on its way when the scope ended, so a create may have happened.
                    let ambiguous = call.repeat == Repeat::MakesAnother;
                    return Err(interrupted(why, cause).ambiguous(ambiguous));
                }
            };
            let jitter = (self.0.config.jitter)();
            let (wait, spent) = if error.kind() == ErrorKind::RateLimited {
                // Everybody waits, this request among them: the next turn comes after the pause.
                self.0.pacer.refused(turn, error.retry_after().unwrap_or_else(|| unstated_wait(refusals, jitter)));
                refusals += 1;
                (Duration::ZERO, refusals > max_retries.saturating_mul(PATIENCE))
            } else {
                if error.status().is_some() {
                    self.0.pacer.taken();
                }
                failures += 1;
                let wait = error.retry_after().unwrap_or_else(|| backoff(failures - 1, jitter));
                (wait, failures > max_retries)
            };
            if spent || !call.repeat.allows(error.kind()) {
                let ambiguous = call.repeat.leaves_ambiguous(&error);
                return Err(error.ambiguous(ambiguous));
            }
            tracing::debug!(call = name, failures, refusals, wait_ms = millis(wait), "trying again: {}", error);
            cause = Some(error);
            if let Err(why) = scope.sleep(wait).await {
                return Err(interrupted(why, cause));
            }
        }
    }

    async fn attempt(&self, call: &Call, name: &str) -> Result<Answer, Error> {
        let begin = Instant::now();
        let mut url = self.0.config.endpoint.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(&call.path);
        }
        let mut request = self.0.http.request(call.method.clone(), url);
        if !call.query.is_empty() {
            request = request.query(&call.query);
        }
        if let Some(body) = &call.body {
            request = request.json(body);
        }
        let response = request.send().await.map_err(|error| self.network_error(name, error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let good = status.is_success();
        let body = self.read_body(response, name, if good { MAX_BODY } else { MAX_ERROR_BODY }).await;
        tracing::debug!(
            call = name,
            status = u64::from(status.as_u16()),
            elapsed_ms = millis(begin.elapsed()),
            "answered"
        );
        let header = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::to_owned);
        if !good {
            return Err(self.refusal(name, status, header.as_deref(), body.unwrap_or_default()));
        }
        let body = body?;
        let unreadable = |why: String| {
            Error::new(ErrorKind::InvalidResponse, name).status_code(status.as_u16()).with_message(Some(why))
        };
        if body.is_cut {
            return Err(unreadable("the answer is longer than any that the API has".to_owned()));
        }
        if body.bytes.is_empty() || status == StatusCode::NO_CONTENT {
            return Ok(Answer { body: Value::Null, retry_after: header });
        }
        let decoded = lenient::decode(&body.bytes, &self.0.redactor).map_err(|why| unreadable(why.to_string()))?;
        Ok(Answer { body: decoded, retry_after: header })
    }

    /// The error of an answer whose status is not a success.
    fn refusal(&self, name: &str, status: StatusCode, retry_after_header: Option<&str>, body: Body<'_>) -> Error {
        let status = status.as_u16();
        let mut bytes = body.bytes;
        if body.is_cut {
            bytes.truncate(bytes.len().saturating_sub(self.0.redactor.longest()));
        }
        let failure = body::Failure::read(&bytes, &self.0.redactor);
        Error::new(ErrorKind::of_status(status), name)
            .status_code(status)
            .with_message(failure.message())
            .with_json(failure.is_object())
            .with_fields(failure.field_errors())
            .with_retry_after(retry_after_header.and_then(|header| retry_after(header, SystemTime::now())))
    }

    /// Reads a body up to a length. What is longer is not read to its end.
    async fn read_body(&self, mut response: reqwest::Response, name: &str, limit: usize) -> Result<Body<'_>, Error> {
        let mut body = Body::default();
        let idle = |_| {
            let message = "the answer stopped in the middle of its body".to_owned();
            Error::new(ErrorKind::Timeout, name).with_message(Some(message))
        };
        loop {
            let chunk = tokio::time::timeout(IDLE_TIMEOUT, response.chunk()).await.map_err(idle)?;
            let Some(chunk) = chunk.map_err(|error| self.network_error(name, error))? else { break };
            let free = limit - body.bytes.len();
            body.is_cut = chunk.len() > free;
            body.bytes.extend_from_slice(&chunk[..chunk.len().min(free)]);
            if body.is_cut {
                break;
            }
            if body.large.is_none() && body.bytes.len() > LARGE_BODY {
                // The semaphore is never closed. Whoever holds a permit waits for no other, so everybody's turn comes.
                body.large = self.0.large.acquire().await.ok();
            }
        }
        Ok(body)
    }

    fn network_error(&self, name: &str, error: reqwest::Error) -> Error {
        let kind = if error.is_connect() {
            ErrorKind::Connect
        } else if error.is_timeout() {
            ErrorKind::Timeout
        } else {
            ErrorKind::Transport
        };
        // The innermost cause says what happened; the outer ones only say that sending failed, and where to.
        let error = error.without_url();
        let mut cause: &dyn std::error::Error = &error;
        while let Some(inner) = cause.source() {
            cause = inner;
        }
        Error::new(kind, name).with_message(Some(self.0.redactor.clean(&cause.to_string())))
    }
}

/// The body of an answer.
#[derive(Default)]
struct Body<'a> {
    bytes: BytesMut,
    /// Whether it was longer than what was read.
    is_cut: bool,
    /// The permit to hold and decode it, if it is large.
    large: Option<SemaphorePermit<'a>>,
}

/// A short number for a text, as 16 hexadecimal digits: FNV-1a. It tells texts apart that differ by accident, and needs to do
/// no more.
#[must_use]
pub fn fingerprint(text: &str) -> String {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("{hash:016x}")
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use wiremock::matchers::path;
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;
    use crate::secret::Secret;

    #[test]
    fn a_slash_in_an_id_is_not_a_path() {
        assert_eq!(Call::new(Method::GET, &["cluster", "info", "c-1"]).name(), "GET /cluster/info/c-1");
    }

    #[tokio::test]
    async fn a_large_answer_waits_while_few_others_are_read_and_a_small_one_does_not() {
        let api = MockServer::start().await;
        let large = json!({"clusters": [], "x": "a".repeat(LARGE_BODY)});
        for (at, body) in [("/cluster/list", large), ("/storage/list", json!([]))] {
            Mock::given(path(at)).respond_with(ResponseTemplate::new(200).set_body_json(body)).mount(&api).await;
        }
        let config = Config::new(Secret::new("k"), &api.uri()).expect("it is on this machine");
        let client = Client::new(config).expect("a client can be made");
        let scope = Scope::detached(Duration::from_secs(20));
        let held = client.0.large.acquire_many(u32::try_from(LARGE_AT_ONCE).expect("few")).await.expect("all are free");
        let (clusters, volumes) = (client.clusters(), client.volumes());
        let mut list = std::pin::pin!(clusters.list(false, &scope));
        assert!(tokio::time::timeout(Duration::from_millis(300), &mut list).await.is_err(), "others are read");
        volumes.list(false, &scope).await.expect("a small answer is read at once");
        drop(held);
        assert!(list.await.expect("its turn has come").is_empty());
        assert_eq!(client.0.large.available_permits(), LARGE_AT_ONCE, "the permit was given back");
    }
}
