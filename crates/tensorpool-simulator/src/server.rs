//! Serves the simulated cloud over HTTP. Connections are served one by one, as faults must be able to break them.

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

use crate::account::Which;
use crate::control;
use crate::fault::{Action, Fault, Faults};
use crate::limit::Limit;
use crate::log::LoggedRequest;
use crate::options::Options;
use crate::reply::{Call, Reply};
use crate::store::Store;
use crate::world::World;

/// Everything that a request can see or change.
pub(crate) struct State {
    pub world: World,
    pub faults: Faults,
    pub log: Vec<LoggedRequest>,
    /// Where it listens, for the help.
    pub url: String,
    /// Whose objects are looked at and changed from outside.
    pub acting: Which,
    limit: Limit,
    store: Option<Store>,
}

impl State {
    fn new(options: Options, url: String) -> io::Result<Self> {
        let (seed, data) = (options.seed, options.data.clone());
        let mut world = World::new(options);
        let open = |path: PathBuf| {
            let explain = |error| explained(&error, &format!("The data cannot be kept in {}", path.display()));
            Store::open(&path, &mut world).map_err(explain)
        };
        let store = data.map(open).transpose()?;
        Ok(Self {
            world,
            faults: Faults::new(seed),
            log: Vec::new(),
            url,
            acting: Which::FIRST,
            limit: Limit::default(),
            store,
        })
    }

    /// Answers a call of the API, for the account that calls, if its key is known.
    fn answer(&mut self, call: &Call<'_>, account: Option<Which>) -> Reply {
        if call.path == ["healthz"] {
            return Reply::json(200, &json!({"status": "ok"}));
        }
        let Some(account) = account else {
            let text = "Invalid or missing authentication token";
            // The official client reads nothing but the message of this one.
            let field = if call.path == ["health"] { "message" } else { "error" };
            return Reply::json(401, &json!({field: text}));
        };
        let options = &self.world.options;
        if self.limit.is_exceeded(options.requests_per_second) {
            let reply = Reply::refuse(429, "Too many requests").shaped(options.variants.error_shape);
            let wait = options.limit_retry_after.map(|seconds| seconds.to_string());
            return wait.into_iter().fold(reply, |reply, wait| reply.with_header("retry-after", wait));
        }
        self.world.within(account, |world| world.answer(call))
    }

    fn save(&mut self) {
        if let Some(Err(error)) = self.store.as_mut().map(|store| store.save(&self.world)) {
            eprintln!("The data cannot be written: {error}");
        }
    }
}

/// The same error, with what could not be done.
fn explained(error: &io::Error, what: &str) -> io::Error {
    io::Error::new(error.kind(), format!("{what}: {error}"))
}

type Shared = Arc<Mutex<State>>;

/// A running simulator. It stops when it is dropped.
pub struct Simulator {
    address: SocketAddr,
    state: Shared,
    stop: CancellationToken,
}

impl Simulator {
    /// Starts one inside the tokio runtime of the caller.
    ///
    /// # Errors
    /// When the address is taken, or the file of the data cannot be read or written.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(options.listen).await.map_err(|error| {
            let reason = match error.kind() {
                io::ErrorKind::AddrInUse => "the address is in use, perhaps by another simulator".to_owned(),
                _ => error.to_string(),
            };
            io::Error::new(error.kind(), format!("Cannot listen on {}: {reason}", options.listen))
        })?;
        let address = listener.local_addr()?;
        let state = Arc::new(Mutex::new(State::new(options, format!("http://{address}"))?));
        let stop = CancellationToken::new();
        tokio::spawn(accept(listener, Arc::clone(&state), stop.clone()));
        Ok(Self { address, state, stop })
    }

    /// Starts one in a thread of its own, for callers without a runtime.
    ///
    /// # Errors
    /// When the address is taken, the file of the data cannot be read or written, or no thread can be had.
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

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// The URL to give to clients.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was asked so far.
    #[must_use]
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.state().log.clone()
    }

    /// Forgets what was asked so far.
    pub fn clear_requests(&self) {
        self.state().log.clear();
    }

    /// Orders a failure.
    pub fn add_fault(&self, fault: Fault) {
        self.state().faults.add(fault);
    }

    /// Lifts all ordered failures.
    pub fn clear_faults(&self) {
        self.state().faults.clear();
    }

    /// Lets the next request of a type, as `CLUSTER_CLAIM`, end as FAILED.
    pub fn fail_next(&self, request_type: &str, message: &str) {
        self.with(|world| world.objects.request.fail_next(request_type, message));
    }

    /// Changes how the simulator behaves from here on. Where it listens, the key and the data stay.
    pub fn configure(&self, change: impl FnOnce(&mut Options)) {
        self.with(|world| change(&mut world.options));
    }

    /// Looks at the cloud or changes it from outside.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut World) -> T) -> T {
        let mut state = self.state();
        let acting = state.acting;
        let result = state.world.within(acting, |world| {
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

fn lock(state: &Shared) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn accept(listener: TcpListener, state: Shared, stop: CancellationToken) {
    while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
        let Ok((stream, _)) = accepted else { continue };
        let (state, stop) = (Arc::clone(&state), stop.clone());
        tokio::spawn(async move {
            let service = service_fn(|request| serve(Arc::clone(&state), request));
            let connection = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            // A connection ends in an error when a fault breaks it.
            _ = stop.run_until_cancelled(connection).await;
        });
    }
}

type Body = BoxBody<Bytes, io::Error>;

/// The error that makes hyper end the connection.
fn broken() -> io::Error {
    io::Error::other("the connection is broken on purpose")
}

async fn serve(state: Shared, request: Request<Incoming>) -> io::Result<Response<Body>> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let json = serde_json::from_slice(&body).ok();
    let path = head.uri.path().to_owned();
    let segments: Vec<_> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let method = head.method.as_str();
    let query = head.uri.query().unwrap_or_default();
    if let Some(("_simulator", order)) = segments.split_first().map(|(first, rest)| (*first, rest)) {
        let body = json.unwrap_or(Value::Null);
        let mut state = lock(&state);
        // An order needs no key; one that comes with a key is about the objects of that account.
        let account = state.world.account_of(bearer(&head.headers)).unwrap_or(Which::FIRST);
        let reply = control::answer(&mut state, &Call { method, path: order, query, body: &body }, account);
        state.save();
        return Ok(respond(reply, false));
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
        (state.faults.hit(method, &path), state.log.len() - 1, account)
    };
    let body = json.unwrap_or(Value::Null);
    let take_effect = || {
        let mut state = lock(&state);
        let reply = state.answer(&Call { method, path: &segments, query, body: &body }, account);
        let reply = reply.with_added(&state.world.options.variants.added_to_errors(bearer(&head.headers)));
        state.save();
        reply
    };
    if let Some(late) = fault.as_ref().map(|fault| fault.late_ms).filter(|late| *late > 0) {
        tokio::time::sleep(Duration::from_millis(late)).await;
    }
    let (reply, cut) = match fault.map(|fault| fault.action) {
        None => (take_effect(), false),
        Some(Action::Respond { status, body, headers }) => {
            (Reply::raw(status, body, headers.into_iter().collect()), false)
        }
        Some(Action::RespondAfter { status, body }) => {
            take_effect();
            (Reply::raw(status, body, Vec::new()), false)
        }
        Some(Action::Delay { ms }) => {
            let reply = take_effect();
            tokio::time::sleep(Duration::from_millis(ms)).await;
            (reply, false)
        }
        Some(Action::DropBefore) => return Err(broken()),
        Some(Action::DropAfter) => {
            take_effect();
            return Err(broken());
        }
        Some(Action::CutBody) => (take_effect(), true),
    };
    if let Some(entry) = lock(&state).log.get_mut(position) {
        entry.status = Some(reply.status);
    }
    Ok(respond(reply, cut))
}

fn header(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// The key that came; an empty text if none did.
fn bearer(headers: &HeaderMap) -> &str {
    let value = headers.get("authorization").and_then(|value| value.to_str().ok());
    value.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default()
}

fn respond(reply: Reply, cut: bool) -> Response<Body> {
    let length = reply.body.len();
    let mut bytes = Bytes::from(reply.body);
    let body: Body = if cut {
        let half = bytes.split_to(length / 2);
        let frames = [Ok(Frame::data(half)), Err(broken())];
        BoxBody::new(StreamBody::new(futures_util::stream::iter(frames)))
    } else {
        Full::new(bytes).map_err(|never: Infallible| match never {}).boxed()
    };
    let mut response = Response::new(body);
    *response.status_mut() = http::StatusCode::from_u16(reply.status).unwrap_or_default();
    for (name, value) in reply.headers {
        if let (Ok(name), Ok(value)) = (http::HeaderName::try_from(name), http::HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    if cut {
        response.headers_mut().insert(http::header::CONTENT_LENGTH, length.into());
    }
    response
}
