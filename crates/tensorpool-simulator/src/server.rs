//! Serves the simulated cloud over HTTP. Connections are served one by one, as faults must be able to break them.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt as _, Full, StreamBody, combinators::BoxBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::api::{self, Reply};
use crate::control;
use crate::fault::{Action, Fault, Faults};
use crate::log::LoggedRequest;
use crate::world::{ClusterView, NewCluster, Options, World};

/// Everything that a request can see or change.
pub(crate) struct State {
    pub world: World,
    pub faults: Faults,
    pub log: Vec<LoggedRequest>,
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
    /// When the address is taken.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(options.listen).await?;
        let address = listener.local_addr()?;
        let state =
            Arc::new(Mutex::new(State { world: World::new(options), faults: Faults::default(), log: Vec::new() }));
        let stop = CancellationToken::new();
        tokio::spawn(accept(listener, Arc::clone(&state), stop.clone()));
        Ok(Self { address, state, stop })
    }

    /// Starts one in a thread of its own, for callers without a runtime.
    ///
    /// # Errors
    /// When the address is taken, or no thread can be had.
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

    fn state(&self) -> MutexGuard<'_, State> {
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
        self.state().world.fail_next(request_type, message);
    }

    /// The clusters that really exist.
    #[must_use]
    pub fn clusters(&self) -> Vec<ClusterView> {
        self.state().world.views()
    }

    /// Makes a running cluster from outside, and gives its id.
    #[must_use]
    pub fn add_cluster(&self, new: NewCluster) -> String {
        self.state().world.create(new, None, false).id.clone()
    }

    /// Sets or lifts the lock of a cluster from outside.
    pub fn set_deletion_protection(&self, id: &str, protection: bool) {
        if let Some(cluster) = self.state().world.cluster(id) {
            cluster.deletion_protection = protection;
        }
    }

    /// Gives all instances of a cluster a status, or their own again.
    pub fn set_instance_status(&self, id: &str, status: Option<&str>) {
        if let Some(cluster) = self.state().world.cluster(id) {
            cluster.status = status.map(str::to_owned);
        }
    }

    /// Renames a cluster from outside.
    pub fn rename(&self, id: &str, name: &str) {
        if let Some(cluster) = self.state().world.cluster(id) {
            name.clone_into(&mut cluster.name);
        }
    }

    /// Makes a cluster vanish.
    pub fn remove_cluster(&self, id: &str) {
        self.state().world.remove(id);
    }

    /// Begins the destroy of a cluster from outside.
    pub fn release(&self, id: &str) {
        // Refusals are the same as over HTTP; whoever calls this looks at the clusters.
        _ = self.state().world.release(id);
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
    if let Some(("_simulator", order)) = segments.split_first().map(|(first, rest)| (*first, rest)) {
        let reply = control::answer(&mut lock(&state), method, order, &json.unwrap_or(Value::Null));
        return Ok(respond(reply, false));
    }
    let query = head.uri.query().unwrap_or_default().to_owned();
    let action = lock(&state).faults.hit(method, &path);
    let entry = LoggedRequest {
        method: method.to_owned(),
        path: path.clone(),
        query: query.clone(),
        body: json.clone(),
        authorized: is_authorized(&head.headers, &lock(&state).world.options.api_key),
        user_agent: header(&head.headers, "user-agent"),
        client_type: header(&head.headers, "x-client-type"),
        status: None,
    };
    let position = {
        let mut state = lock(&state);
        state.log.push(entry.clone());
        state.log.len() - 1
    };
    let body = json.unwrap_or(Value::Null);
    let take_effect = || {
        if segments == ["healthz"] {
            Reply::json(200, &serde_json::json!({"status": "ok"}))
        } else if entry.authorized {
            api::answer(&mut lock(&state).world, method, &segments, &query, &body)
        } else {
            Reply::json(401, &serde_json::json!({"error": "Invalid or missing authentication token"}))
        }
    };
    let (reply, cut) = match action {
        None => (take_effect(), false),
        Some(Action::Respond { status, body, headers }) => {
            (Reply { status, body, headers: headers.into_iter().collect() }, false)
        }
        Some(Action::RespondAfter { status, body }) => {
            take_effect();
            (Reply { status, body, headers: Vec::new() }, false)
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

fn is_authorized(headers: &HeaderMap, key: &str) -> bool {
    header(headers, "authorization").strip_prefix("Bearer ") == Some(key)
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
