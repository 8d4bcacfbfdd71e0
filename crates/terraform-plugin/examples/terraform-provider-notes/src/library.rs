//! Where the notes are: one file of JSON for each, in a directory.

use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use terraform_plugin::Diagnostic;

/// A note as it stands in its file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StoredNote {
    pub title: String,
    pub folder: String,
    #[serde(default)]
    pub text: Option<String>,
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(default)]
    pub weight: Option<f64>,
    #[serde(default)]
    pub links: Vec<StoredLink>,
    /// What the secret is made into. The secret itself is not kept.
    #[serde(default)]
    pub seal: Option<usize>,
    #[serde(default)]
    pub module: Option<String>,
    /// After how many days to review it.
    #[serde(default)]
    pub reminders: Vec<i64>,
}

/// A link in a note.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredLink {
    pub url: String,
    pub label: String,
    #[serde(default)]
    pub origin: Option<String>,
    pub number: i64,
}

/// A directory of notes.
pub struct Library {
    directory: PathBuf,
}

impl Library {
    pub fn open(directory: &str) -> io::Result<Self> {
        std::fs::create_dir_all(directory)?;
        Ok(Self { directory: directory.into() })
    }

    /// The file of this name. An id is a slug, so it cannot lead out of the directory.
    pub fn path(&self, id: &str, extension: &str) -> PathBuf {
        self.directory.join(slug(id)).with_extension(extension)
    }

    pub fn get(&self, id: &str) -> io::Result<Option<StoredNote>> {
        match std::fs::read(self.path(id, "json")) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub fn put(&self, id: &str, note: &StoredNote) -> io::Result<()> {
        self.write(id, "json", serde_json::to_vec_pretty(note)?)
    }

    /// Writes a file, whole before anybody sees it.
    pub fn write(&self, id: &str, extension: &str, content: impl AsRef<[u8]>) -> io::Result<()> {
        let unfinished = self.path(id, "unfinished");
        std::fs::write(&unfinished, content)?;
        std::fs::rename(unfinished, self.path(id, extension))
    }

    pub fn delete(&self, id: &str) -> io::Result<()> {
        match std::fs::remove_file(self.path(id, "json")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// The ids of all notes, in order.
    pub fn ids(&self) -> io::Result<Vec<String>> {
        let mut ids = Vec::new();
        for entry in std::fs::read_dir(&self.directory)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "json")
                && let Some(id) = path.file_stem().and_then(|stem| stem.to_str())
            {
                ids.push(id.to_owned());
            }
        }
        ids.sort();
        Ok(ids)
    }
}

/// A title as an id: lower-case letters, digits and hyphens.
pub fn slug(title: &str) -> String {
    let letters = title.chars().map(|letter| if letter.is_alphanumeric() { letter.to_ascii_lowercase() } else { '-' });
    letters.collect::<String>().split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

/// The error for a file that cannot be used.
pub fn failed(doing: &str, id: &str, error: &io::Error) -> Diagnostic {
    Diagnostic::error(format!("Cannot {doing} note"), format!("The file of the note {id:?} cannot be used: {error}."))
}
