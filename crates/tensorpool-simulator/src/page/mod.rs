//! The page for people at `/`: what exists, what is in progress, and forms that do what the admin interface does.
//!
//! It works without scripts; with them it refreshes itself, and shows the `curl` line of what is typed. All values are escaped by
//! askama, and the content security policy allows no script but the one of the page.

mod form;
mod in_flight;
mod view;

use askama::Template as _;

use self::form::AdminCall;
use self::view::{Live, Page};
use crate::account::AccountIndex;
use crate::admin;
use crate::api::{ApiRequest, ApiResponse};
use crate::simulator::ServerState;

const STYLE: &str = include_str!("../../templates/style.css");
const SCRIPT: &str = include_str!("../../templates/script.js");
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Handles a request to the page. `path` is without `/_page`.
pub(crate) fn handle(state: &mut ServerState, method: &str, path: &[&str], query: &str, body: &[u8]) -> ApiResponse {
    match (method, path) {
        ("GET" | "HEAD", []) => rendered(Page { live: Live::of(state) }.render()),
        ("GET", ["live"]) => rendered(Live::of(state).render()),
        ("GET", ["style.css"]) => text(200, "text/css", STYLE),
        ("GET", ["script.js"]) => text(200, "text/javascript", SCRIPT),
        ("GET", ["curl"]) => match AdminCall::of_form(query.as_bytes()) {
            Ok(call) => text(200, "text/plain", &call.curl(&state.url)),
            Err(error) => text(422, "text/plain", &error),
        },
        ("POST", ["admin"]) => match AdminCall::of_form(body).and_then(|call| run(state, &call)) {
            // A browser without scripts shows the page again.
            Ok(()) => ApiResponse::empty(303).with_header("location", "/".to_owned()),
            Err(error) => text(422, "text/plain", &error),
        },
        _ => ApiResponse::not_found(),
    }
}

/// Sends an admin request.
///
/// # Errors
/// Returns the reason if it is rejected.
fn run(state: &mut ServerState, call: &AdminCall) -> Result<(), String> {
    let path: Vec<_> = call.path.split('/').collect();
    let request = ApiRequest { method: &call.method, path: &path, query: "", body: &call.body };
    let response = admin::handle(state, &request, AccountIndex::FIRST);
    if (200..300).contains(&response.status) {
        return Ok(());
    }
    let body = serde_json::from_str::<serde_json::Value>(&response.body).unwrap_or_default();
    Err(body["detail"].as_str().unwrap_or("It was rejected.").to_owned())
}

fn rendered(html: askama::Result<String>) -> ApiResponse {
    match html {
        Ok(html) => text(200, "text/html", &html).with_header("content-security-policy", POLICY.to_owned()),
        Err(error) => text(500, "text/plain", &error.to_string()),
    }
}

fn text(status: u16, content_type: &str, body: &str) -> ApiResponse {
    ApiResponse::raw(status, body.to_owned(), Vec::new())
        .with_header("content-type", format!("{content_type}; charset=utf-8"))
        .with_header("cache-control", "no-store".to_owned())
        .with_header("x-content-type-options", "nosniff".to_owned())
}
