//! What operations keep, and what they log.

use std::sync::Mutex;

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, span};

use super::*;
use crate::testing::operation;

#[test]
fn private_data_survives_and_foreign_bytes_are_empty() {
    let mut private = Private::default();
    assert!(private.to_bytes().is_empty());
    private.set("request_id", "req_1");
    assert_eq!(Private::from_bytes(&private.to_bytes()).text("request_id"), Some("req_1"));
    assert_eq!(Private::from_bytes(b"\xff not json"), Private::default());
}

#[test]
fn private_data_are_forgotten_one_by_one() {
    let mut private = Private::default();
    private.set("request_id", "req_1");
    private.set("tries", 2);
    private.remove("request_id");
    private.remove("none");
    assert_eq!(private.to_bytes(), br#"{"tries":2}"#);
}

/// The events of a log, each with its level and its fields.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<(Level, Fields)>>>);

impl tracing::Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        self.0.lock().expect("no holder panics").push((*event.metadata().level(), fields));
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

#[derive(Debug, Default, PartialEq)]
struct Fields(BTreeMap<&'static str, String>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

#[test]
fn the_progress_of_an_operation_is_in_the_log() {
    let log = Log::default();
    let operation = operation::<(), String>(Arc::new(()), Private::default(), None);
    tracing::subscriber::with_default(log.clone(), || operation.progress("half way"));
    let fields = [("message", "half way"), ("object", "\"test\""), ("operation", "\"test\"")];
    let fields = fields.map(|(name, value)| (name, value.to_owned()));
    assert_eq!(*log.0.lock().expect("no holder panics"), [(Level::INFO, Fields(fields.into()))]);
}
