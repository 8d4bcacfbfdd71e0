//! A small provider, for this crate's own tests of the protocol: one object of each kind.

mod card;
mod functions;
mod kinds;
mod pod;
mod sign;

use std::process::ExitCode;
use std::time::Duration;

use async_trait::async_trait;
use terraform_plugin::schema::{Attribute, IdentitySchema, Schema, predicate};
use terraform_plugin::value::{Type, Value, ValueError};
use terraform_plugin::{
    Attr, Configure, DataSource, Diagnostic, Diagnostics, ImportTarget, Model, MoveSource, Moved, Objects, Operation,
    Private, Provider, Resource, ServeOptions, serve,
};

#[derive(Clone, Model)]
struct Config {
    greeting: Attr<String>,
}

struct Sample;

#[async_trait]
impl Provider for Sample {
    type Config = Config;
    type Session = ();

    fn schema(&self) -> Schema {
        Schema::new("A small provider.").attribute("greeting", Attribute::string("How to greet.").optional())
    }

    fn defers_everything(&self, config: &Config) -> bool {
        config.greeting.is_unknown()
    }

    async fn configure(&self, _: Configure<Config>) -> Result<(), Diagnostics> {
        Ok(())
    }

    fn objects(&self) -> Objects<()> {
        Objects::new()
            .resource(Note)
            .resource(card::Card)
            .resource(pod::Pod)
            .data_source(Echo)
            .ephemeral_resource(kinds::Token)
            .list_resource(kinds::Endless)
            .list_resource(pod::Pods)
            .action(kinds::Count)
            .action(sign::Sign)
            .function(functions::Shout)
            .function(functions::Meet)
    }
}

/// The state of a note.
#[derive(Clone, Model)]
pub struct NoteModel {
    id: Attr<String>,
    text: Attr<String>,
    delay_ms: Attr<i64>,
    tags: Attr<Vec<Attr<String>>>,
}

fn no_null(list: &Value) -> Result<(), String> {
    let Value::List(elements) = list else { return Ok(()) };
    match elements.iter().position(Value::is_null) {
        Some(index) => Err(format!("Element {index}: must not be null.")),
        None => Ok(()),
    }
}

/// Waits, unless it is stopped, and has no other effect.
struct Note;

#[async_trait]
impl Resource for Note {
    type Session = ();
    type Model = NoteModel;

    fn type_name(&self) -> &'static str {
        "sample_note"
    }

    fn schema(&self) -> Schema {
        Schema::new("A note.")
            .identity(IdentitySchema::of("id", "The number of the note."))
            .attribute("id", Attribute::string("The number of the note.").computed())
            .attribute("text", Attribute::string("What it says.").required())
            .attribute("delay_ms", Attribute::integer("How long its creation takes.").optional())
            .attribute("tags", Attribute::list(Type::String, "Words.").optional().validate(predicate(no_null)))
    }

    async fn create(&self, operation: &mut Operation<(), NoteModel>, planned: NoteModel) -> Result<(), Diagnostics> {
        assert!(planned.text.known().is_none_or(|text| text != "panic"), "the note says so");
        let _running = kinds::Running::begin();
        let delay = planned.delay_ms.known().and_then(|delay| u64::try_from(*delay).ok()).unwrap_or_default();
        operation.save(NoteModel { id: "n-1".into(), ..planned });
        let stop = operation.stop().clone();
        match stop.run_until_cancelled(tokio::time::sleep(Duration::from_millis(delay))).await {
            Some(()) => Ok(()),
            None => Err(Diagnostic::error("Stopped", "The note was not finished.").into()),
        }
    }

    async fn read(&self, operation: &mut Operation<(), NoteModel>, state: NoteModel) -> Result<(), Diagnostics> {
        operation.save(state);
        Ok(())
    }

    async fn update(
        &self,
        operation: &mut Operation<(), NoteModel>,
        _: NoteModel,
        planned: NoteModel,
    ) -> Result<(), Diagnostics> {
        operation.save(planned);
        Ok(())
    }

    async fn delete(&self, _: &mut Operation<(), NoteModel>, _: NoteModel) -> Result<(), Diagnostics> {
        Ok(())
    }

    async fn import(&self, operation: &mut Operation<(), NoteModel>, target: ImportTarget) -> Result<(), Diagnostics> {
        let id = target.text("id").unwrap_or_default();
        operation.save(NoteModel { id: id.into(), text: "found".into(), delay_ms: Attr::Null, tags: Attr::Null });
        Ok(())
    }

    /// An old note had a number, which is in its identity alone.
    async fn move_state(&self, source: MoveSource) -> Result<Option<Moved<NoteModel>>, Diagnostics> {
        let unreadable = |error: ValueError| Diagnostic::error("Old note cannot be read", error.to_string());
        let state = source.state(&Type::object([("text", Type::String)])).map_err(unreadable)?;
        let identity = source.identity(&Type::object([("number", Type::Number)])).map_err(unreadable)?;
        let number = identity.as_ref().and_then(|identity| identity.get("number")).and_then(Value::as_i64);
        let Some(number) = number.filter(|_| source.type_name == "old_note") else { return Ok(None) };
        let text = state.get("text").and_then(Value::as_str).map(str::to_owned);
        let id = format!("n-{number}");
        let moved = NoteModel { id: id.into(), text: text.into(), delay_ms: Attr::Null, tags: Attr::Null };
        let mut private = Private::default();
        private.set("number", number);
        private.set("version", source.identity_schema_version);
        Ok(Some(Moved::new(moved).private(private)))
    }
}

#[derive(Clone, Model)]
struct EchoModel {
    text: Attr<String>,
    length: Attr<i64>,
}

/// Reports what it was given.
struct Echo;

#[async_trait]
impl DataSource for Echo {
    type Session = ();
    type Model = EchoModel;

    fn type_name(&self) -> &'static str {
        "sample_echo"
    }

    fn schema(&self) -> Schema {
        Schema::new("An echo.")
            .attribute("text", Attribute::string("What to say.").required())
            .attribute("length", Attribute::integer("Its length in bytes.").computed())
    }

    async fn read(&self, operation: &mut Operation<(), EchoModel>, config: EchoModel) -> Result<(), Diagnostics> {
        let length = config.text.known().and_then(|text| i64::try_from(text.len()).ok());
        operation.save(EchoModel { length: length.into(), ..config });
        Ok(())
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let mut options = ServeOptions::new("example/sample");
    for argument in std::env::args().skip(1) {
        match argument.strip_prefix("--connect-limit-ms=").and_then(|limit| limit.parse().ok()) {
            Some(limit) => options = options.connect_limit(Duration::from_millis(limit)),
            None => options = options.debug(argument == "--debug"),
        }
    }
    serve(Sample, options).await
}
