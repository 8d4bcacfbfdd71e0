//! One entry of the journal: what a create asked for, where it came from, and how far it came.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::origin::Origin;

/// What is about to be created.
#[derive(Clone, Copy, Debug)]
pub struct Intent<'a> {
    /// The resource's type, for example `tensorpool_cluster`.
    pub type_name: &'a str,
    /// The name of the object.
    pub name: &'a str,
    /// Whether the provider generated the name, so that the next create cannot know it.
    pub generated: bool,
    /// What the configuration asks for in addition to the name, in one canonical form: two creates that ask for the same
    /// have equal values.
    pub configuration: &'a Value,
}

/// How far a create came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Stage {
    /// Terraform has no answer of it yet.
    Unanswered,
    /// It succeeded, and its answer has left or is about to leave.
    Returned,
    /// It answered an error together with a state.
    Failed,
    /// It answered an error without a state, although something exists or may exist.
    FailedWithoutState,
}

impl Stage {
    const ALL: [Self; 4] = [Self::Unanswered, Self::Returned, Self::Failed, Self::FailedWithoutState];

    fn word(self) -> &'static str {
        match self {
            Self::Unanswered => "unanswered",
            Self::Returned => "returned",
            Self::Failed => "failed",
            Self::FailedWithoutState => "failed without state",
        }
    }
}

/// What a create wrote down.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The file.
    pub path: PathBuf,
    /// The resource's type.
    pub type_name: String,
    /// The name of the object.
    pub name: String,
    /// Whether the provider generated the name.
    pub generated: bool,
    /// The object's id, once the API had returned it.
    pub id: Option<String>,
    /// The request of the create, once the API had returned it.
    pub request_id: Option<String>,
    /// When the create began. `None` if the entry does not say.
    pub begun_at: Option<SystemTime>,
    /// When the id was written down: the object was created by then. `None` if the entry does not say.
    pub recorded_at: Option<SystemTime>,
    /// `None` if the entry is of version 1, which kept it in another form.
    pub(super) configuration: Option<Value>,
    pub(super) origin: Origin,
    /// The Terraform process that was served. `None` if it cannot be identified.
    pub(crate) run: Option<String>,
    /// Whether the owner holds its lock, so that the lock says whether it lives.
    pub(crate) locked: bool,
    pub(crate) stage: Stage,
    /// Whether the object of an earlier run was adopted. An entry is good for one adoption.
    pub(crate) adopted: bool,
    /// A later run, which may have read the object in a state, but has not removed the entry.
    pub(crate) passed_by: Option<String>,
}

impl Entry {
    pub(crate) fn new(intent: &Intent<'_>, origin: Origin, run: Option<String>) -> Self {
        Self {
            path: PathBuf::new(),
            type_name: intent.type_name.to_owned(),
            name: intent.name.to_owned(),
            generated: intent.generated,
            id: None,
            request_id: None,
            begun_at: None,
            recorded_at: None,
            configuration: Some(intent.configuration.clone()),
            origin,
            run,
            locked: false,
            stage: Stage::Unanswered,
            adopted: false,
            passed_by: None,
        }
    }

    pub(super) fn to_text(&self) -> String {
        let entry = json!({
            "version": 2,
            "type": self.type_name,
            "name": self.name,
            "generated_name": self.generated,
            "configuration": self.configuration,
            "origin": self.origin.to_json(),
            "run": self.run,
            "locked": self.locked,
            "id": self.id,
            "request_id": self.request_id,
            "begun_at": self.begun_at.map(seconds),
            "recorded_at": self.recorded_at.map(seconds),
            "stage": self.stage.word(),
            "adopted": self.adopted,
            "passed_by": self.passed_by,
        });
        format!("{entry}\n")
    }

    /// Reads an entry of any version. `Err` has its type, if at least that can be read.
    pub(super) fn read(text: &str, path: &Path) -> Result<Self, Option<String>> {
        let mut lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let first = lines.next().ok_or(None)?;
        let entry = match first.get("version").and_then(Value::as_u64) {
            Some(1) => version_1(&first, lines),
            Some(2) => version_2(&first),
            _ => None,
        };
        let entry = entry.ok_or_else(|| text_of(&first, "type"))?;
        Ok(Self { path: path.to_owned(), ..entry })
    }
}

fn version_2(value: &Value) -> Option<Entry> {
    let stage = text_of(value, "stage")?;
    Some(Entry {
        path: PathBuf::new(),
        type_name: text_of(value, "type")?,
        name: text_of(value, "name")?,
        generated: value.get("generated_name").and_then(Value::as_bool)?,
        id: text_of(value, "id"),
        request_id: text_of(value, "request_id"),
        begun_at: time_of(value, "begun_at"),
        recorded_at: time_of(value, "recorded_at"),
        configuration: Some(value.get("configuration")?.clone()).filter(|value| !value.is_null()),
        origin: Origin::from_json(value.get("origin")?)?,
        run: text_of(value, "run"),
        locked: flag(value, "locked"),
        stage: Stage::ALL.into_iter().find(|known| known.word() == stage)?,
        adopted: flag(value, "adopted"),
        passed_by: text_of(value, "passed_by"),
    })
}

/// Version 1 was a file of lines, to which a create added what it learned. A line that was cut off by a kill is ignored.
fn version_1(first: &Value, more: impl Iterator<Item = Value>) -> Option<Entry> {
    let origin = Origin::of_version_1(
        text_of(first, "endpoint")?,
        text_of(first, "workspace")?,
        text_of(first, "account").unwrap_or_default(),
    );
    let mut entry = Entry {
        path: PathBuf::new(),
        type_name: text_of(first, "type")?,
        name: text_of(first, "name")?,
        generated: flag(first, "generated_name"),
        id: None,
        request_id: None,
        begun_at: None,
        recorded_at: None,
        configuration: None,
        origin,
        run: text_of(first, "run"),
        locked: true,
        stage: Stage::Unanswered,
        adopted: false,
        passed_by: None,
    };
    for line in more {
        entry.id = text_of(&line, "id").or(entry.id);
        entry.request_id = text_of(&line, "request_id").or(entry.request_id);
        if flag(&line, "returned") {
            entry.stage = Stage::Returned;
        }
    }
    Some(entry)
}

fn text_of(value: &Value, name: &str) -> Option<String> {
    value.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// A time in whole seconds since 1970.
fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}

fn time_of(value: &Value, name: &str) -> Option<SystemTime> {
    let seconds = value.get(name).and_then(Value::as_u64)?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
}

fn flag(value: &Value, name: &str) -> bool {
    value.get(name).and_then(Value::as_bool).unwrap_or_default()
}
