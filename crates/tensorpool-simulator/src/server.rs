//! The HTTP server. It serves each connection with hyper itself, because faults must be able to break connections.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt as _, Full, StreamBody, combinators::BoxBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::account::AccountIndex;
use crate::admin;
use crate::api::{ApiRequest, ApiResponse};
use crate::fault::{Action, Fault, Faults};
use crate::log::LoggedRequest;
use crate::options::Options;
use crate::rate_limit::RateLimit;
use crate::store::Store;
use crate::world::World;

/// Everything that a request can read or change.
pub(crate) struct ServerState {
    pub world: World,
    pub faults: Faults,
    pub log: Vec<LoggedRequest>,
    /// The URL of the simulator, for the help text.
    pub url: String,
    /// The account that the methods of [`Simulator`] act on.
    pub acting_account: AccountIndex,
    rate_limit: RateLimit,
    store: Option<Store>,
}

impl ServerState {
    fn new(options: Options, url: String) -> io::Result<Self> {
        let (seed, data) = (options.seed, options.data.clone());
        let mut world = World::new(options);
        let open = |path: PathBuf| {
            let explain = |error| with_context(&error, &format!("Cannot use the data file {}", path.display()));
            Store::open(&path, &mut world).map_err(explain)
        };
        let store = data.map(open).transpose()?;
        Ok(Self {
            world,
            faults: Faults::new(seed),
            log: Vec::new(),
            url,
            acting_account: AccountIndex::FIRST,
            rate_limit: RateLimit::default(),
            store,
        })
    }

    /// Handles a request to the API from an account. `None` stands for an unknown key.
    fn handle(&mut self, request: &ApiRequest<'_>, account: Option<AccountIndex>) -> ApiResponse {
        if request.path == ["healthz"] {
            return ApiResponse::json(200, &json!({"status": "ok"}));
        }
        let Some(account) = account else {
            let text = "Invalid or missing authentication token";
            // The official client reads only `message` from this endpoint.
            let field = if request.path == ["health"] { "message" } else { "error" };
            return ApiResponse::json(401, &json!({field: text}));
        };
        let options = &self.world.options;
        if self.rate_limit.is_exceeded(options.requests_per_second) {
            let response = ApiResponse::error(429, "Too many requests").shaped(options.variants.error_shape);
            return match options.limit_retry_after {
                Some(seconds) => response.with_header("retry-after", seconds.to_string()),
                None => response,
            };
        }
        self.world.with_account(account, |world| world.handle(request))
    }

    fn save(&mut self) {
        if let Some(Err(error)) = self.store.as_mut().map(|store| store.save(&self.world)) {
            eprintln!("Cannot write the data file: {error}");
        }
    }
}

/// Prefixes an error with what failed.
fn with_context(error: &io::Error, what: &str) -> io::Error {
    io::Error::new(error.kind(), format!("{what}: {error}"))
}

type Shared = Arc<Mutex<ServerState>>;

/// A running simulator. It stops when it is dropped.
pub struct Simulator {
    address: SocketAddr,
    state: Shared,
    stop: CancellationToken,
}

impl Simulator {
    /// Starts a simulator in the tokio runtime of the caller.
    ///
    /// # Errors
    /// Returns an error if the address is in use, or the data file cannot be read or written.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(options.listen).await.map_err(|error| {
            let reason = match error.kind() {
                io::ErrorKind::AddrInUse => "the address is in use, perhaps by another simulator".to_owned(),
                _ => error.to_string(),
            };
            io::Error::new(error.kind(), format!("Cannot listen on {}: {reason}", options.listen))
        })?;
        let address = listener.local_addr()?;
        let state = Arc::new(Mutex::new(ServerState::new(options, format!("http://{address}"))?));
        let stop = CancellationToken::new();
        tokio::spawn(accept(listener, Arc::clone(&state), stop.clone()));
        Ok(Self { address, state, stop })
    }

    /// Starts a simulator in a new thread, for callers without a runtime.
    ///
    /// # Errors
    /// Returns an error if the address is in use, the data file cannot be read or written, or the thread cannot be started.
    pub fn spawn(options: Options) -> io::Result<Self> {
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::Builder::new().name("simulator".to_owned()).spawn(move || {
            let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => runtime,
                Err(error) => return drop(sender.send(Err(error))),
            };
            runtime.block_on(async {
                let started = Self::start(options).await;
                let stop = started.as_ref().ok().map(|simulator| simulator.stop.clone());
                drop(sender.send(started));
                if let Some(stop) = stop {
                    stop.cancelled().await;
                }
            });
        })?;
        receiver.recv().map_err(io::Error::other)?
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, ServerState> {
        lock(&self.state)
    }

    /// Returns the URL of the API.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the log of the requests to the API.
    #[must_use]
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.state().log.clone()
    }

    /// Clears the log of the requests.
    pub fn clear_requests(&self) {
        self.state().log.clear();
    }

    /// Adds a rule that injects a fault.
    pub fn add_fault(&self, fault: Fault) {
        self.state().faults.add(fault);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.state().faults.clear();
    }

    /// Makes the next request of a type, for example `CLUSTER_CLAIM`, end as FAILED.
    pub fn fail_next(&self, request_type: &str, message: &str) {
        self.with_world(|world| world.objects.request.fail_next(request_type, message));
    }

    /// Changes the options from now on. The address, the key and the data file do not change.
    pub fn configure(&self, change: impl FnOnce(&mut Options)) {
        self.with_world(|world| change(&mut world.options));
    }

    /// Reads or changes the world.
    pub(crate) fn with_world<T>(&self, work: impl FnOnce(&mut World) -> T) -> T {
        let mut state = self.state();
        let account = state.acting_account;
        let result = state.world.with_account(account, |world| {
            world.settle();
            work(world)
        });
        state.save();
        result
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn lock(state: &Shared) -> MutexGuard<'_, ServerState> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn accept(listener: TcpListener, state: Shared, stop: CancellationToken) {
    while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
        let Ok((stream, _)) = accepted else { continue };
        let (state, stop) = (Arc::clone(&state), stop.clone());
        tokio::spawn(async move {
            let service = service_fn(|request| serve(Arc::clone(&state), request));
            let connection = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            // The connection ends with an error if a fault breaks it.
            _ = stop.run_until_cancelled(connection).await;
        });
    }
}

type Body = BoxBody<Bytes, io::Error>;

/// The error that makes hyper close the connection.
fn dropped() -> io::Error {
    io::Error::other("a fault closed the connection")
}

async fn serve(state: Shared, request: Request<Incoming>) -> io::Result<Response<Body>> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let json = serde_json::from_slice(&body).ok();
    let path = head.uri.path().to_owned();
    let segments: Vec<_> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let method = head.method.as_str();
    let query = head.uri.query().unwrap_or_default();
    if let Some(("_simulator", path)) = segments.split_first().map(|(first, rest)| (*first, rest)) {
        let body = json.unwrap_or(Value::Null);
        let mut state = lock(&state);
        // An admin request needs no key. One with a key is about the objects of its account.
        let account = state.world.account_of(bearer(&head.headers)).unwrap_or(AccountIndex::FIRST);
        let response = admin::handle(&mut state, &ApiRequest { method, path, query, body: &body }, account);
        state.save();
        return Ok(to_http(response, false));
    }
    let (fault, position, account) = {
        let mut state = lock(&state);
        let account = state.world.account_of(bearer(&head.headers));
        let entry = LoggedRequest {
            method: method.to_owned(),
            path: path.clone(),
            query: query.to_owned(),
            body: json.clone(),
            authorized: account.is_some(),
            user_agent: header(&head.headers, "user-agent"),
            client_type: header(&head.headers, "x-client-type"),
            status: None,
        };
        let entry = state.world.keys().fold(entry, LoggedRequest::without);
        state.log.push(entry);
        (state.faults.next_for(method, &path), state.log.len() - 1, account)
    };
    let body = json.unwrap_or(Value::Null);
    let take_effect = || {
        let mut state = lock(&state);
        let response = state.handle(&ApiRequest { method, path: &segments, query, body: &body }, account);
        let response = response.with_suffix(&state.world.options.variants.error_suffix(bearer(&head.headers)));
        state.save();
        response
    };
    if let Some(late) = fault.as_ref().map(|fault| fault.late_ms).filter(|late| *late > 0) {
        tokio::time::sleep(Duration::from_millis(late)).await;
    }
    let (response, cut) = match fault.map(|fault| fault.action) {
        None => (take_effect(), false),
        Some(Action::Respond { status, body, headers }) => {
            (ApiResponse::raw(status, body, headers.into_iter().collect()), false)
        }
        Some(Action::RespondAfter { status, body }) => {
            take_effect();
            (ApiResponse::raw(status, body, Vec::new()), false)
        }
        Some(Action::Delay { ms }) => {
            let response = take_effect();
            tokio::time::sleep(Duration::from_millis(ms)).await;
            (response, false)
        }
        Some(Action::DropBefore) => return Err(dropped()),
        Some(Action::DropAfter) => {
            take_effect();
            return Err(dropped());
        }
        Some(Action::CutBody) => (take_effect(), true),
    };
    if let Some(entry) = lock(&state).log.get_mut(position) {
        entry.status = Some(response.status);
    }
    Ok(to_http(response, cut))
}

fn header(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// Returns the key of a request. Empty if there is none.
fn bearer(headers: &HeaderMap) -> &str {
    let value = headers.get("authorization").and_then(|value| value.to_str().ok());
    value.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default()
}

/// Converts a response. If it is cut, the connection is closed in the middle of the body.
fn to_http(response: ApiResponse, cut: bool) -> Response<Body> {
    let ApiResponse { status, body, headers, .. } = response;
    let length = body.len();
    let mut bytes = Bytes::from(body);
    let body: Body = if cut {
        let half = bytes.split_to(length / 2);
        let frames = [Ok(Frame::data(half)), Err(dropped())];
        BoxBody::new(StreamBody::new(futures_util::stream::iter(frames)))
    } else {
        Full::new(bytes).map_err(|never: Infallible| match never {}).boxed()
    };
    let mut response = Response::new(body);
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (http::HeaderName::try_from(name), http::HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    if cut {
        response.headers_mut().insert(http::header::CONTENT_LENGTH, length.into());
    }
    response
}
