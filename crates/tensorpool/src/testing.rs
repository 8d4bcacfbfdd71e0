//! Collects what is logged, for tests.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use tracing::field::Field;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

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
