//! The state of a note, and what its file makes of it.

use terraform_plugin::value::Value;
use terraform_plugin::{Attr, Given, Model};

use crate::library::{StoredLink, StoredNote};

/// The state of a note.
#[derive(Clone, Model)]
pub struct NoteModel {
    pub id: Attr<String>,
    pub title: Attr<String>,
    pub folder: Attr<String>,
    pub text: Attr<String>,
    pub summary: Attr<String>,
    /// A tag that is null has no meaning.
    pub tags: Attr<Vec<Given<String>>>,
    pub links: Attr<Vec<Given<LinkModel>>>,
    pub secret: Attr<String>,
    pub secret_version: Attr<i64>,
    pub seal: Attr<i64>,
    pub module: Attr<String>,
    pub priority: Attr<Priority>,
    pub weight: Attr<f64>,
    pub extra: Attr<Value>,
    #[model(rename = "reference")]
    pub references: Attr<Vec<Reference>>,
}

/// How soon to read it.
#[derive(Clone, Copy, Model)]
pub enum Priority {
    Now,
    #[model(rename = "later")]
    SomeDay,
}

/// A block that says where to read on. It stands in the state alone.
#[derive(Clone, Model)]
pub struct Reference {
    url: Attr<String>,
    isbn: Attr<String>,
    pages: Attr<Vec<Given<u16>>>,
    #[model(rename = "label")]
    labels: Attr<Vec<Label>>,
}

/// A block inside a reference.
#[derive(Clone, Model)]
pub struct Label {
    text: Attr<String>,
    page: Attr<i64>,
}

/// A link of a note to somewhere.
#[derive(Clone, Model)]
pub struct LinkModel {
    pub url: Attr<String>,
    pub label: Attr<String>,
    pub origin: Attr<String>,
    pub number: Attr<i64>,
}

impl LinkModel {
    fn of(link: &StoredLink) -> Self {
        Self {
            url: link.url.clone().into(),
            label: link.label.clone().into(),
            origin: link.origin.clone().into(),
            number: link.number.into(),
        }
    }
}

impl NoteModel {
    /// A note of which only the id is known.
    pub fn of(id: String) -> Self {
        Self {
            id: id.into(),
            title: Attr::Null,
            folder: Attr::Null,
            text: Attr::Null,
            summary: Attr::Null,
            tags: Attr::Null,
            links: Attr::Null,
            secret: Attr::Null,
            secret_version: Attr::Null,
            seal: Attr::Null,
            module: Attr::Null,
            priority: Attr::Null,
            weight: Attr::Null,
            extra: Attr::Null,
            references: Attr::Known(Vec::new()),
        }
    }

    /// The same with what stands in the file.
    pub fn refreshed(self, note: &StoredNote) -> Self {
        Self {
            title: note.title.clone().into(),
            folder: note.folder.clone().into(),
            text: note.text.clone().into(),
            tags: if note.tags.is_empty() && self.tags.is_null() { Attr::Null } else { note.tags.clone().into() },
            links: if note.links.is_empty() && self.links.is_null() { Attr::Null } else { links(note) },
            weight: note.weight.into(),
            seal: note.seal.and_then(|seal| i64::try_from(seal).ok()).into(),
            module: note.module.clone().into(),
            ..self
        }
    }

    pub fn id(&self) -> &str {
        self.id.as_str().unwrap_or_default()
    }
}

fn links(note: &StoredNote) -> Attr<Vec<Given<LinkModel>>> {
    note.links.iter().map(LinkModel::of).collect()
}
