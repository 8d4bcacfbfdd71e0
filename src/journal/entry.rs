//! One entry of the journal: what a create asked for, where it came from, and how far it came.

use std::path::PathBuf;
use std::time::SystemTime;

use serde_json::Value;

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
}
