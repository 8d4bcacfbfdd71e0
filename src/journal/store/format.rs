//! The form of an entry in its file.
//!
//! It is written member by member and not derived from Rust's types, so that a field can be renamed without orphaning the
//! entries of earlier versions. A member that an older version did not write counts as not known.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::journal::entry::{Entry, Stage};
use crate::journal::origin::Origin;

const STAGES: [Stage; 4] = [Stage::Unanswered, Stage::Returned, Stage::Failed, Stage::FailedWithoutState];

/// The word for a stage.
fn word(stage: Stage) -> &'static str {
    match stage {
        Stage::Unanswered => "unanswered",
        Stage::Returned => "returned",
        Stage::Failed => "failed",
        Stage::FailedWithoutState => "failed without state",
    }
}

/// The text of an entry's file.
pub fn to_text(entry: &Entry) -> String {
    let value = json!({
        "version": 2,
        "type": entry.type_name,
        "name": entry.name,
        "generated_name": entry.generated,
        "configuration": entry.configuration,
        "origin": entry.origin.to_json(),
        "run": entry.run,
        "locked": entry.locked,
        "id": entry.id,
        "request_id": entry.request_id,
        "begun_at": entry.begun_at.map(seconds),
        "recorded_at": entry.recorded_at.map(seconds),
        "stage": word(entry.stage),
        "adopted": entry.adopted,
        "passed_by": entry.passed_by,
    });
    format!("{value}\n")
}

/// Reads an entry of any version. `Err` has its type, if at least that can be read.
pub fn read(text: &str, path: &Path) -> Result<Entry, Option<String>> {
    let mut lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let first = lines.next().ok_or(None)?;
    let entry = match first.get("version").and_then(Value::as_u64) {
        Some(1) => version_1(&first, lines),
        Some(2) => version_2(&first),
        _ => None,
    };
    let entry = entry.ok_or_else(|| text_of(&first, "type"))?;
    Ok(Entry { path: path.to_owned(), ..entry })
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
        stage: STAGES.into_iter().find(|known| word(*known) == stage)?,
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
