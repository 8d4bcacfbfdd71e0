//! One request from the wire to its response: which interface it is for, and what a fault does to it.

use std::io;
use std::time::{Duration, Instant};

use http::request::Parts;
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use serde_json::{Value, json};

use super::guard;
use super::response::{Body, dropped, to_http};
use crate::account::AccountIndex;
use crate::admin;
use crate::api::{ApiRequest, ApiResponse};
use crate::clock;
use crate::fault::{Action, Fault};
use crate::log::{LoggedRequest, without_key};
use crate::objects;
use crate::page;
use crate::simulator::{ServerState, Shared};

/// The largest body that is read. The largest one of a client, with all its public keys, is far below.
const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;

pub(super) async fn serve(shared: Shared, request: Request<Incoming>) -> io::Result<Response<Body>> {
    let begin = Instant::now();
    let (head, body) = request.into_parts();
    let body = Limited::new(body, MAX_BODY_BYTES).collect().await.map(http_body_util::Collected::to_bytes);
    let path = head.uri.path().to_owned();
    let segments: Vec<_> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let response = match (segments.split_first(), body) {
        (_, Err(_)) => Ok(to_http(ApiResponse::json(413, &json!({"detail": "The body is too large"})), false)),
        (None, Ok(body)) => return Ok(to_http(serve_page(&shared, &head, &[], &body), false)),
        (Some((&"_page", path)), Ok(body)) => return Ok(to_http(serve_page(&shared, &head, path, &body), false)),
        (Some((&"_simulator", path)), Ok(body)) => Ok(to_http(serve_admin(&shared, &head, path, &body), false)),
        (Some(_), Ok(body)) => serve_api(&shared, &head, &segments, &body).await,
    };
    let state = shared.lock();
    if state.world.options.log {
        let path = state.world.accounts.keys().fold(path, |path, key| without_key(&path, key));
        let status = response.as_ref().map_or("closed".to_owned(), |response| response.status().as_u16().to_string());
        eprintln!("{} {path} {status} {} ms", head.method, begin.elapsed().as_millis());
    }
    response
}

/// Returns the response to a request that comes from the page of another site. `None` for any other request.
fn guarded(state: &ServerState, head: &Parts) -> Option<ApiResponse> {
    let reason = guard::refusal(&head.method, &head.headers, state.world.options.allow_remote_access)?;
    Some(ApiResponse::json(403, &json!({"detail": reason})))
}

/// Serves a request to the page for people.
fn serve_page(shared: &Shared, head: &Parts, path: &[&str], body: &[u8]) -> ApiResponse {
    let mut state = shared.lock();
    if let Some(refused) = guarded(&state, head) {
        return refused;
    }
    let response = page::handle(&mut state, head.method.as_str(), path, head.uri.query().unwrap_or_default(), body);
    state.save();
    response
}

/// Serves an admin request. It needs no key; one with a key is about the objects of its account.
fn serve_admin(shared: &Shared, head: &Parts, path: &[&str], body: &[u8]) -> ApiResponse {
    let mut state = shared.lock();
    if let Some(refused) = guarded(&state, head) {
        return refused;
    }
    let account = state.world.accounts.of_key(bearer(&head.headers)).unwrap_or(AccountIndex::FIRST);
    let (method, query) = (head.method.as_str(), head.uri.query().unwrap_or_default());
    let body = serde_json::from_slice(body).unwrap_or(Value::Null);
    let response = admin::handle(&mut state, &ApiRequest { method, path, query, body: &body }, account);
    state.save();
    response
}

/// Serves a request to the API: it is logged, and a fault may replace, delay or break its response.
///
/// # Errors
/// Returns an error if a fault closes the connection.
async fn serve_api(shared: &Shared, head: &Parts, path: &[&str], body: &[u8]) -> io::Result<Response<Body>> {
    let begin = Instant::now();
    let body: Option<Value> = serde_json::from_slice(body).ok();
    let (position, fault, account) = log(&mut shared.lock(), head, body.clone());
    let body = body.unwrap_or(Value::Null);
    let take_effect = || {
        let mut state = shared.lock();
        let (method, query) = (head.method.as_str(), head.uri.query().unwrap_or_default());
        let response = respond(&mut state, &ApiRequest { method, path, query, body: &body }, account);
        let response = response.with_suffix(&state.world.options.variants.error_suffix(bearer(&head.headers)));
        state.save();
        response
    };
    if let Some(fault) = &fault {
        tokio::time::sleep(Duration::from_millis(fault.late_ms)).await;
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
    if let Some(entry) = shared.lock().log.get_mut(position) {
        entry.status = Some(response.status);
        entry.took_ms = Some(clock::millis(begin.elapsed()));
    }
    Ok(to_http(response, cut))
}

/// Logs a request, and returns its position in the log, the fault that applies to it, and its account.
fn log(state: &mut ServerState, head: &Parts, body: Option<Value>) -> (usize, Option<Fault>, Option<AccountIndex>) {
    let account = state.world.accounts.of_key(bearer(&head.headers));
    let (method, path) = (head.method.as_str(), head.uri.path());
    let entry = LoggedRequest {
        received_at: clock::now(),
        method: method.to_owned(),
        path: path.to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        body,
        authorized: account.is_some(),
        user_agent: header(&head.headers, "user-agent"),
        client_type: header(&head.headers, "x-client-type"),
        status: None,
        took_ms: None,
    };
    state.log.push(state.world.accounts.keys().fold(entry, LoggedRequest::without));
    (state.log.len() - 1, state.faults.next_for(method, path), account)
}

/// Responds to a request to the API from an account. `None` stands for an unknown key.
fn respond(state: &mut ServerState, request: &ApiRequest<'_>, account: Option<AccountIndex>) -> ApiResponse {
    if request.path == ["healthz"] {
        return ApiResponse::json(200, &json!({"status": "ok"}));
    }
    let Some(account) = account else {
        let text = "Invalid or missing authentication token";
        // The official client reads only `message` from this endpoint.
        let field = if request.path == ["health"] { "message" } else { "error" };
        return ApiResponse::json(401, &json!({field: text}));
    };
    let options = &state.world.options;
    if state.rate_limit.is_exceeded(options.requests_per_second) {
        let response = ApiResponse::error(429, "Too many requests").shaped(options.variants.error_shape);
        return match options.limit_retry_after {
            Some(seconds) => response.with_header("retry-after", seconds.to_string()),
            None => response,
        };
    }
    state.world.with_account(account, |world| objects::handle(world, request))
}

fn header(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// Returns the key of a request. Empty if there is none.
fn bearer(headers: &HeaderMap) -> &str {
    let value = headers.get("authorization").and_then(|value| value.to_str().ok());
    value.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default()
}
