//! The files of the journal. All of it blocks, so it runs outside the async workers.
//!
//! An entry `<owner>-<random>.json` is written to a temporary file `<owner>-<random>.tmp`, synced, and renamed into place; the
//! rename is synced too. So an entry is whole or not there. `<owner>.lock` is locked before the first entry of
//! its owner appears.

mod files;
pub(super) mod format;
mod lock;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use tempfile::NamedTempFile;

use super::entry::{Entry, Intent};
use files::{create_directory, patiently};
pub(crate) use lock::Lock;

/// An entry's file that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Corrupt {
    /// The file, or the directory if not even that can be read.
    pub path: PathBuf,
    /// The resource's type, if at least that can be read. Without it, the entry may concern any.
    pub type_name: Option<String>,
}

impl Corrupt {
    pub fn directory(path: &Path) -> Self {
        Self { path: path.to_owned(), type_name: None }
    }

    /// Whether the entry may be of what is to be created. A name that the user chose is unique, so the create's own check of
    /// the name suffices.
    pub fn may_concern(&self, intent: &Intent<'_>) -> bool {
        intent.generated && self.type_name.as_deref().is_none_or(|name| name == intent.type_name)
    }
}

/// The directory of the journal, as one process uses it.
pub(super) struct Store {
    directory: PathBuf,
    /// Distinguishes this process from others: the names of its files begin with it.
    tag: String,
    /// Held as long as this process lives. `None` inside if files cannot be locked here.
    lock: OnceLock<Option<File>>,
}

impl Store {
    pub fn new(directory: PathBuf) -> Self {
        Self::tagged(directory, std::iter::repeat_with(fastrand::lowercase).take(12).collect())
    }

    pub(super) fn tagged(directory: PathBuf, tag: String) -> Self {
        Self { directory, tag, lock: OnceLock::new() }
    }

    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Writes a new entry. It says itself whether its owner holds a lock.
    pub fn create(&self, entry: &mut Entry) -> io::Result<()> {
        create_directory(&self.directory)?;
        entry.locked = self.is_locked();
        entry.path = self.new_path();
        let written = self.write(entry);
        if written.is_err() {
            // The create goes on without an entry, so that no mark would ever be added to this one.
            _ = patiently(|| fs::remove_file(&entry.path));
        }
        written
    }

    /// Writes an entry again.
    pub fn write(&self, entry: &Entry) -> io::Result<()> {
        files::persist(self.temporary(entry)?, &entry.path)
    }

    /// Adopts an entry of a process that has ended, for this process alone. `None` if another process was faster.
    pub fn adopt(&self, entry: &Entry) -> io::Result<Option<Entry>> {
        let adopted = Entry { path: self.new_path(), locked: self.is_locked(), adopted: true, ..entry.clone() };
        // What may fail comes first. Of all processes that want the entry, one renames it; and until it has also renamed
        // the second file, the entry is as good for an adoption as before.
        let marked = self.temporary(&adopted)?;
        let Some(held) = lock::hold(&entry.path)? else { return Ok(None) };
        match patiently(|| fs::rename(&entry.path, &adopted.path)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            renamed => renamed?,
        }
        // Its new name is known to this process alone; and on Windows, a file that is open is harder to replace.
        drop(held);
        if let Err(error) = files::persist(marked, &adopted.path) {
            // It goes back to the run that left it, so that others see it as it was.
            _ = patiently(|| fs::rename(&adopted.path, &entry.path));
            return Err(error);
        }
        Ok(Some(adopted))
    }

    fn temporary(&self, entry: &Entry) -> io::Result<NamedTempFile> {
        files::temporary(&self.directory, &format!("{}-", self.tag), &format::to_text(entry))
    }

    /// Removes an entry. That it stays is harmless: a later run asks again about its object.
    pub fn remove(&self, path: &Path) {
        match patiently(|| fs::remove_file(path)) {
            Ok(()) => _ = files::sync(&self.directory),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => tracing::warn!(path = %path.display(), "a journal entry cannot be removed: {error}"),
        }
    }

    /// The entries of other processes, and what cannot be read. Other files of processes that have ended are removed.
    ///
    /// This process knows its own creates, and no entry of its own means anything to it. Each create scans, so a thousand of them
    /// would read half a million files, or compare millions of paths.
    pub fn scan_others(&self) -> (Vec<Entry>, Vec<Corrupt>) {
        let Ok(mut paths) = files::list(&self.directory) else {
            return (Vec::new(), vec![Corrupt::directory(&self.directory)]);
        };
        paths.retain(|path| !self.is_own(path));
        paths.sort();
        self.clean(&paths);
        let (mut entries, mut corrupt) = (Vec::new(), Vec::new());
        for path in paths.into_iter().filter(|path| is_entry(path)) {
            match patiently(|| fs::read(&path)) {
                Ok(text) => match format::read(&String::from_utf8_lossy(&text), &path) {
                    Ok(entry) => entries.push(entry),
                    Err(type_name) => corrupt.push(Corrupt { path, type_name }),
                },
                // Another process adopted or removed it meanwhile.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(_) => corrupt.push(Corrupt { path, type_name: None }),
            }
        }
        (entries, corrupt)
    }

    /// What the lock of an entry's owner says.
    pub fn lock_of(&self, path: &Path) -> Lock {
        tag(path).map_or(Lock::Unknown, |tag| lock::state(&self.lock_path(tag)))
    }

    fn is_own(&self, path: &Path) -> bool {
        tag(path) == Some(&self.tag)
    }

    /// Removes, of the files of other processes, the temporary ones of those that have ended, and then the locks that nothing refers
    /// to.
    fn clean(&self, paths: &[PathBuf]) {
        for path in paths {
            let is_used = |other: &PathBuf| other != path && tag(other) == tag(path) && other.exists();
            if has_extension(path, "tmp") && self.lock_of(path) == Lock::Free {
                _ = patiently(|| fs::remove_file(path));
            } else if has_extension(path, "lock") && !paths.iter().any(is_used) {
                _ = lock::delete(path);
            }
        }
    }

    fn is_locked(&self) -> bool {
        self.lock.get_or_init(|| lock::take(&self.lock_path(&self.tag))).is_some()
    }

    fn lock_path(&self, tag: &str) -> PathBuf {
        self.directory.join(format!("{tag}.lock"))
    }

    fn new_path(&self) -> PathBuf {
        let random: String = std::iter::repeat_with(fastrand::alphanumeric).take(12).collect();
        self.directory.join(format!("{}-{random}.json", self.tag))
    }
}

/// The part of a file's name that stands for its owner.
fn tag(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()?.split(['-', '.']).next()
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|end| end == extension)
}

/// Entries of version 1 end in `jsonl`.
fn is_entry(path: &Path) -> bool {
    has_extension(path, "json") || has_extension(path, "jsonl")
}

#[cfg(test)]
impl Store {
    /// What a kill does to the lock.
    pub fn release_lock(&self) {
        if let Some(Some(lock)) = self.lock.get() {
            // Wine reports a failure although it succeeds.
            _ = lock.unlock();
            assert_eq!(lock::state(&self.lock_path(&self.tag)), Lock::Free);
        }
    }
}
