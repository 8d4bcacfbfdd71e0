//! The log, in the form that Terraform reads: one JSON object a line on standard error.
//!
//! The keys are those of hclog, which go-plugin parses in `log_entry.go`. Terraform shows the lines at the level of
//! `TF_LOG` and cannot mask anything in them: no secret may be logged.

use std::fmt;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer};

/// go-plugin cuts longer lines, which then are no JSON any more.
const MAX_VALUE: usize = 16 * 1024;
/// The layout that go-plugin parses: microseconds and a numeric zone.
const TIMESTAMP: &str = "%Y-%m-%dT%H:%M:%S%.6fZ";
/// Crates below ours may print headers or bodies at their finer levels, so these are never shown.
const OURS: [&str; 3] = ["terraform_", "tensorpool", "provider"];

/// Writes events as lines of JSON.
pub(super) struct HclogLayer<W> {
    writer: Mutex<W>,
    level: Level,
    own: &'static [&'static str],
    now: fn() -> jiff::Timestamp,
}

impl<W: Write> HclogLayer<W> {
    pub fn new(writer: W, level: Level, now: fn() -> jiff::Timestamp) -> Self {
        Self { writer: Mutex::new(writer), level, own: &OURS, now }
    }

    fn wants(&self, metadata: &Metadata<'_>) -> bool {
        let own = self.own.iter().any(|prefix| metadata.target().starts_with(prefix));
        let finest = if own { self.level } else { self.level.min(Level::WARN) };
        *metadata.level() <= finest
    }
}

impl<S: Subscriber, W: Write + 'static> Layer<S> for HclogLayer<W> {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        self.wants(metadata)
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let metadata = event.metadata();
        let mut line = fields.0;
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

    fn put_text(&mut self, field: &Field, mut text: String) {
        if text.len() > MAX_VALUE {
            text.truncate(text.floor_char_boundary(MAX_VALUE));
            text.push('…');
        }
        self.put(field, text);
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put_text(field, format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put_text(field, value.to_owned());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value);
    }
}

/// The level that the user chose; none when the log is off.
pub(super) fn level(text: Option<&str>) -> Option<Level> {
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
        let line = logged(Level::INFO, || tracing::info!(target: "tensorpool", status = 202_u64, "accepted"));
        assert_eq!(
            line,
            "{\"@level\":\"info\",\"@message\":\"accepted\",\"@module\":\"tensorpool\",\
             \"@timestamp\":\"1970-01-01T00:00:00.000000Z\",\"status\":202}\n"
        );
    }

    #[test]
    fn only_our_own_crates_speak_below_warnings() {
        let lines = logged(Level::TRACE, || {
            tracing::debug!(target: "hyper::proto", "authorization: Bearer x");
            tracing::warn!(target: "hyper::proto", "careful");
            tracing::trace!(target: "terraform_plugin", "fine");
        });
        assert!(!lines.contains("Bearer") && lines.contains("careful") && lines.contains("fine"), "{lines}");
    }

    #[test]
    fn long_values_are_cut() {
        let line = logged(Level::INFO, || tracing::info!(target: "tensorpool", body = "é".repeat(40_000), "long"));
        assert!(line.len() < 64 * 1024 && line.ends_with("}\n"));
    }

    #[test]
    fn levels_are_those_of_terraform() {
        assert_eq!(level(None), None);
        assert_eq!(level(Some("off")), None);
        assert_eq!(level(Some("warn")), Some(Level::WARN));
        assert_eq!(level(Some("JSON")), Some(Level::TRACE));
    }
}
