//! The service as a program sees it: it listens on this machine, answers, and keeps what it was asked for.
//!
//! `main.rs` runs it for people, and the acceptance tests inside themselves. A provider of your own needs none of it: its tests use
//! the real service, or an account for tests.

mod api;
mod store;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;

use api::Call;
use store::Store;

const LARGEST_BODY: usize = 64 << 10;

/// How the service is run.
#[derive(Clone)]
pub struct Options {
    pub listen: SocketAddr,
    /// The token that may do everything.
    pub token: String,
    /// Every request of this number is answered 429 at first, as by a service that is busy. 0: none.
    pub busy_every: usize,
}

/// A service that runs until the process ends.
#[derive(Clone)]
pub struct Service {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Service {
    /// Starts it, on the runtime of the caller.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(options.listen).await?;
        let service = Self { address: listener.local_addr()?, requests: Arc::default() };
        let (requests, busy_every) = (Arc::clone(&service.requests), options.busy_every);
        let shared = Arc::new(Shared { store: Mutex::new(Store::new(options.token)), requests, busy_every });
        tokio::spawn(async move {
            loop {
                // An error is about one connection, which its client sees.
                let Ok((stream, _)) = listener.accept().await else { continue };
                let shared = Arc::clone(&shared);
                tokio::spawn(async move {
                    let answer = hyper::service::service_fn(move |request| shared.clone().answer(request));
                    _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
                });
            }
        });
        Ok(service)
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests so far, each with its status: `GET /v1/zones/example.com 200`.
    pub fn requests(&self) -> Vec<String> {
        locked(&self.requests).clone()
    }
}

struct Shared {
    store: Mutex<Store>,
    requests: Arc<Mutex<Vec<String>>>,
    busy_every: usize,
}

impl Shared {
    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
        let (head, body) = request.into_parts();
        let body = Limited::new(body, LARGEST_BODY)
            .collect()
            .await
            .map(http_body_util::Collected::to_bytes)
            .unwrap_or_default();
        let header = head.headers.get("authorization").and_then(|value| value.to_str().ok());
        let call = Call {
            method: head.method.as_str(),
            path: &head.uri.path().split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>(),
            query: head.uri.query().unwrap_or_default(),
            token: header.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default(),
            body: serde_json::from_slice(&body).unwrap_or(Value::Null),
        };
        let mut requests = locked(&self.requests);
        let number = requests.len() + 1;
        let is_busy = self.busy_every > 0 && number.is_multiple_of(self.busy_every);
        let (status, body) = if is_busy { api::busy() } else { api::handle(&mut locked(&self.store), &call) };
        requests.push(format!("{} {} {status}", call.method, head.uri.path()));
        drop(requests);
        let mut response = Response::builder().status(status).header("x-request-id", format!("req-{number}"));
        if status == 429 {
            response = response.header("retry-after", "0");
        }
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let response = response.header("content-type", "application/json").body(Full::from(body));
        Ok(response.unwrap_or_default())
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
