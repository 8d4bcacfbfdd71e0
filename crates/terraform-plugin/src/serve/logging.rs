//! The log, in the form that Terraform reads: one JSON object a line on standard error.
//!
//! The keys are those of hclog, which go-plugin parses in `log_entry.go`. Terraform shows the lines at the level of
//! `TF_LOG` and cannot mask anything in them: what is registered as a secret is masked here. Values are cut after that, as a
//! secret of which a part is cut off is not found any more.

use std::fmt;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::{LookupSpan, Scope};

use crate::mask::{self, MASK, Masks};

/// go-plugin cuts longer lines, which then are no JSON any more.
const MAX_VALUE: usize = 16 * 1024;
/// The layout that go-plugin parses: microseconds and a numeric zone.
const TIMESTAMP: &str = "%Y-%m-%dT%H:%M:%S%.6fZ";
/// Crates that carry what others say, and all whose names begin so. They may print headers or bodies at their finer levels,
/// so these are never shown.
const CARRIERS: [&str; 20] = [
    "aws",
    "curl",
    "h2",
    "h3",
    "hickory",
    "hyper",
    "isahc",
    "mio",
    "native_tls",
    "openssl",
    "quinn",
    "reqwest",
    "rustls",
    "sqlx",
    "tokio",
    "tonic",
    "tower",
    "tungstenite",
    "ureq",
    "want",
];

/// Writes events as lines of JSON.
pub(super) struct HclogLayer<W> {
    writer: Mutex<W>,
    level: Level,
    now: fn() -> jiff::Timestamp,
}

impl<W: Write> HclogLayer<W> {
    pub fn new(writer: W, level: Level, now: fn() -> jiff::Timestamp) -> Self {
        Self { writer: Mutex::new(writer), level, now }
    }

    fn wants(&self, metadata: &Metadata<'_>) -> bool {
        let name = metadata.target().split("::").next().unwrap_or_default();
        let carrier = CARRIERS.iter().any(|family| {
            let rest = name.strip_prefix(family);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
        });
        let finest = if carrier { self.level.min(Level::WARN) } else { self.level };
        *metadata.level() <= finest
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>, W: Write + 'static> Layer<S> for HclogLayer<W> {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        self.wants(metadata)
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        span.extensions_mut().insert(fields);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(fields) = span.extensions_mut().get_mut::<Fields>() {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        // What an event says itself counts more than what is said around it, and the nearest more than the others.
        for span in context.event_scope(event).into_iter().flat_map(Scope::from_root) {
            if let Some(around) = span.extensions().get::<Fields>() {
                fields.0.extend(around.0.clone());
            }
        }
        event.record(&mut fields);
        let metadata = event.metadata();
        let mut line = fields.shown(&mask::masks());
        let message = line.remove("message").unwrap_or_default();
        line.insert("@level".into(), metadata.level().as_str().to_ascii_lowercase().into());
        line.insert("@message".into(), message);
        line.insert("@module".into(), metadata.target().into());
        line.insert("@timestamp".into(), (self.now)().strftime(TIMESTAMP).to_string().into());
        let mut line = Value::Object(line).to_string();
        line.push('\n');
        // A log that cannot be written must not stop the provider.
        _ = self.writer.lock().unwrap_or_else(PoisonError::into_inner).write_all(line.as_bytes());
    }
}

#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn put(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    /// The fields as the log shows them.
    fn shown(self, masks: &Masks) -> Map<String, Value> {
        let shown = |(name, value): (String, Value)| {
            let value = if masks.hides(&name) { MASK.into() } else { shown(value, masks) };
            (name, value)
        };
        self.0.into_iter().map(shown).collect()
    }
}

/// A value without secrets, and not too long.
fn shown(value: Value, masks: &Masks) -> Value {
    let Value::String(text) = value else {
        // A number may be a secret too.
        let text = value.to_string();
        let masked = masks.masked(&text);
        return if masked == text { value } else { masked.into() };
    };
    let mut text = masks.masked(&text).into_owned();
    if text.len() > MAX_VALUE {
        text.truncate(text.floor_char_boundary(MAX_VALUE));
        text.push('…');
    }
    text.into()
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        // JSON has no infinity.
        if value.is_finite() { self.put(field, value) } else { self.put(field, value.to_string()) }
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value);
    }
}

/// The level that the user chose; `None` if the log is off.
pub(crate) fn level(text: Option<&str>) -> Option<Level> {
    match text?.to_ascii_uppercase().as_str() {
        "OFF" => None,
        "ERROR" => Some(Level::ERROR),
        "WARN" => Some(Level::WARN),
        "INFO" => Some(Level::INFO),
        "DEBUG" => Some(Level::DEBUG),
        // Terraform reads JSON, and everything that it does not know, as trace.
        _ => Some(Level::TRACE),
    }
}

/// Sends the process's log to standard error.
pub(super) fn start(level: Option<Level>) {
    use tracing_subscriber::layer::SubscriberExt as _;
    let Some(level) = level else { return };
    mask::log_is_on();
    let layer = HclogLayer::new(std::io::stderr(), level, jiff::Timestamp::now);
    // Only a program that serves twice in one process can have set one already; the first stays.
    _ = tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer));
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("no writer panicked").write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(level: Level, log: impl FnOnce()) -> String {
        let lines = Lines::default();
        let layer = HclogLayer::new(lines.clone(), level, || jiff::Timestamp::UNIX_EPOCH);
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), log);
        let bytes = lines.0.lock().expect("no writer panicked").clone();
        String::from_utf8(bytes).expect("lines are text")
    }

    #[test]
    fn a_line_has_the_keys_of_hclog() {
        let line = logged(Level::INFO, || tracing::info!(target: "inventory", status = 202_u64, "accepted"));
        assert_eq!(
            line,
            "{\"@level\":\"info\",\"@message\":\"accepted\",\"@module\":\"inventory\",\
             \"@timestamp\":\"1970-01-01T00:00:00.000000Z\",\"status\":202}\n"
        );
    }

    #[test]
    fn crates_that_carry_what_others_say_speak_at_warnings_only() {
        let lines = logged(Level::TRACE, || {
            tracing::debug!(target: "hyper::proto", "authorization: Bearer x");
            tracing::warn!(target: "hyper::proto", "careful");
            tracing::debug!(target: "hyper_util::client", "authorization: Bearer x");
            tracing::trace!(target: "terraform_plugin", "fine");
            tracing::debug!(target: "inventory_client::http", "an author's");
            tracing::debug!(target: "h2o", "another author's");
        });
        assert!(!lines.contains("Bearer") && lines.contains("careful") && lines.contains("fine"), "{lines}");
        assert!(lines.contains("an author's") && lines.contains("another author's"), "{lines}");
    }

    #[test]
    fn a_line_has_the_fields_of_the_spans_around_it() {
        let lines = logged(Level::INFO, || {
            let late = tracing::field::Empty;
            let outer = tracing::info_span!(target: "inventory", "outer", id = "a", tries = 1, cost = 0.5, late);
            outer.record("late", true);
            outer.in_scope(|| {
                let inner = tracing::info_span!(target: "inventory", "inner", id = "b");
                inner.in_scope(|| tracing::info!(target: "inventory", tries = 2, far = f64::INFINITY, "made"));
            });
        });
        let line: Value = serde_json::from_str(&lines).expect("it is one line");
        let field = |name: &str| line[name].clone();
        let shown = ["id", "tries", "cost", "late", "far"].map(field);
        assert_eq!(Value::from_iter(shown), serde_json::json!(["b", 2, 0.5, true, "inf"]));
    }

    #[test]
    fn long_values_are_cut() {
        let line = logged(Level::INFO, || tracing::info!(target: "inventory", body = "é".repeat(40_000), "long"));
        assert!(line.len() < 64 * 1024 && line.ends_with("}\n"));
        let body = |length: usize| {
            let body = "x".repeat(length);
            let line = logged(Level::INFO, || tracing::info!(target: "inventory", body, "long"));
            let line: Value = serde_json::from_str(&line).expect("it is one line");
            line["body"].as_str().expect("it is a text").to_owned()
        };
        assert_eq!(body(16_384), "x".repeat(16_384));
        assert_eq!(body(16_385), format!("{}…", "x".repeat(16_384)));
    }

    #[test]
    fn a_log_that_is_started_is_that_of_the_process() {
        start(Some(Level::ERROR));
        assert!(tracing::dispatcher::has_been_set() && mask::is_wanted());
    }

    #[test]
    fn no_secret_is_in_a_line() {
        // What is masked is so in the whole process, so these stand in no other test.
        mask::mask("hun\"ter2-in-a-line");
        mask::mask("9876543210123");
        mask::mask_field("Line-Token");
        let lines = logged(Level::INFO, || {
            let span = tracing::info_span!(target: "inventory", "span", around = "x hun\"ter2-in-a-line", late = 1);
            span.in_scope(|| {
                let json = serde_json::json!({ "password": "hun\"ter2-in-a-line" }).to_string();
                let cut = format!("{}hun\"ter2-in-a-line", "x".repeat(MAX_VALUE - 3));
                tracing::info!(
                    target: "inventory",
                    body = json,
                    debug = ?json,
                    cut,
                    pin = 9_876_543_210_123_i64,
                    other = 1,
                    "line-token" = "whatever",
                    "got hun\"ter2-in-a-line",
                );
            });
        });
        assert!(!lines.contains("hun") && !lines.contains("ter2") && !lines.contains("whatever"), "{lines}");
        let line: Value = serde_json::from_str(&lines).expect("it is one line");
        let shown = ["@message", "around", "body", "pin", "other", "late", "line-token"].map(|name| line[name].clone());
        let expected = serde_json::json!(["got ***", "x ***", "{\"password\":\"***\"}", "***", 1, 1, "***"]);
        assert_eq!(Value::from_iter(shown), expected);
    }

    #[test]
    fn levels_are_those_of_terraform() {
        for (text, expected) in [
            ("off", None),
            ("error", Some(Level::ERROR)),
            ("warn", Some(Level::WARN)),
            ("Info", Some(Level::INFO)),
            ("DEBUG", Some(Level::DEBUG)),
            ("trace", Some(Level::TRACE)),
            ("JSON", Some(Level::TRACE)),
            ("whatever", Some(Level::TRACE)),
        ] {
            assert_eq!(level(Some(text)), expected, "{text}");
        }
        assert_eq!(level(None), None);
    }
}
