//! One entry of the journal: a file of JSON lines, to which a create adds what it learns. A line that was cut off by a
//! kill is ignored; without a first line that can be read the entry is damaged.

use std::path::PathBuf;

use serde_json::{Value, json};

/// What is about to be created.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The resource's type, as `tensorpool_cluster`.
    pub type_name: &'a str,
    /// The name of the object.
    pub name: &'a str,
    /// Whether the provider made the name up, so that the next create cannot know it.
    pub generated: bool,
    /// What the configuration asks for beside the name, as a [`fingerprint`].
    pub configuration: &'a str,
}

impl Wanted<'_> {
    pub(super) fn line(&self, origin: &Origin) -> Value {
        let Origin { endpoint, workspace, account, run } = origin;
        json!({
            "version": 1,
            "type": self.type_name,
            "name": self.name,
            "generated_name": self.generated,
            "configuration": self.configuration,
            "endpoint": endpoint,
            "workspace": workspace,
            "account": account,
            "run": run,
        })
    }
}

/// Where an entry comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    /// Entries of another endpoint are not ours.
    pub endpoint: String,
    /// Nor are those of another workspace.
    pub workspace: String,
    /// Of another account they may be: with its key alone it is known that something is gone.
    pub account: String,
    /// The Terraform that was served. While it lives, what it was given is in its hands.
    pub run: String,
}

/// What a run wrote down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The file.
    pub path: PathBuf,
    /// The resource's type.
    pub type_name: String,
    /// The name of the object.
    pub name: String,
    /// Whether the provider made the name up.
    pub generated: bool,
    /// The object's id, once the API had told it.
    pub id: Option<String>,
    /// The request of the create, once the API had told it.
    pub request_id: Option<String>,
    /// Whether the create returned to Terraform.
    pub returned: bool,
    pub(super) configuration: String,
    pub(super) origin: Origin,
}

impl Entry {
    pub(super) fn read(text: &str, path: PathBuf) -> Option<Self> {
        let mut lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let first = lines.next()?;
        let text = |line: &Value, name: &str| line.get(name).and_then(Value::as_str).map(str::to_owned);
        let flag = |line: &Value, name: &str| line.get(name).and_then(Value::as_bool).unwrap_or_default();
        let mut entry = Self {
            path,
            type_name: text(&first, "type")?,
            name: text(&first, "name")?,
            generated: flag(&first, "generated_name"),
            id: None,
            request_id: None,
            returned: false,
            configuration: text(&first, "configuration")?,
            origin: Origin {
                endpoint: text(&first, "endpoint")?,
                workspace: text(&first, "workspace")?,
                account: text(&first, "account").unwrap_or_default(),
                run: text(&first, "run").unwrap_or_default(),
            },
        };
        for line in lines {
            entry.id = text(&line, "id").or(entry.id);
            entry.request_id = text(&line, "request_id").or(entry.request_id);
            entry.returned |= flag(&line, "returned");
        }
        Some(entry)
    }

    /// Whether a create may take the entry's object for its own. A name of the user's is unique; of those with made-up
    /// names only one whose create never returned is certainly in no state.
    pub(super) fn fits(&self, wanted: &Wanted<'_>) -> bool {
        let same_name = if wanted.generated { self.generated && !self.returned } else { self.name == wanted.name };
        self.is_like(wanted) && same_name
    }

    /// Whether the entry's object may be what is wanted, under another made-up name: its create returned, but no plan has
    /// seen it.
    pub(super) fn may_be(&self, wanted: &Wanted<'_>) -> bool {
        self.is_like(wanted) && self.generated && self.returned
    }

    fn is_like(&self, wanted: &Wanted<'_>) -> bool {
        self.type_name == wanted.type_name && self.configuration == wanted.configuration
    }
}

/// A short number for a text: FNV-1a. It tells texts apart that differ by accident, and needs to do no more.
#[must_use]
pub fn fingerprint(text: &str) -> String {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("{hash:016x}")
}
