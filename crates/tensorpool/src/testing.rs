//! An API for tests, and a collection of what is logged.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tracing::field::Field;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::api::Api;
use crate::client::Client;
use crate::config::Config;
use crate::scope::Scope;
use crate::secret::Secret;

/// Starts an API with these responses by path, and a client of it that sends no request again.
pub(crate) async fn api(responses: &[(&str, u16, Value)]) -> (MockServer, Api) {
    let server = MockServer::start().await;
    mount(&server, responses).await;
    let config = Config::new(Secret::new("k"), &server.uri()).expect("it is a loopback address").max_retries(0);
    let client = Client::new(config).expect("a client can be created");
    (server, client.scoped(Scope::detached(Duration::from_secs(10))))
}

/// Adds responses by path, which come after those that are there.
pub(crate) async fn mount(server: &MockServer, responses: &[(&str, u16, Value)]) {
    for (at, status, body) in responses {
        let response = ResponseTemplate::new(*status).set_body_json(body);
        Mock::given(path(*at)).respond_with(response).mount(server).await;
    }
}

/// Collects the lines of the log.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<Line>>>);

/// A line of the log.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub level: Level,
    pub message: String,
    /// All other fields, each as `name=value`.
    pub fields: String,
}

impl Lines {
    /// Returns all lines of this crate.
    pub fn all(&self) -> Vec<Line> {
        self.0.lock().expect("no test panics with it").clone()
    }

    /// Returns the messages of all lines.
    pub fn messages(&self) -> Vec<String> {
        self.all().into_iter().map(|line| line.message).collect()
    }
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("tensorpool")
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line { level: *event.metadata().level(), message: String::new(), fields: String::new() };
        event.record(&mut |field: &Field, value: &dyn Debug| {
            if field.name() == "message" {
                line.message = format!("{value:?}");
            } else {
                write!(line.fields, "{}={value:?} ", field.name()).expect("a string can be written to");
            }
        });
        self.0.lock().expect("no test panics with it").push(line);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
