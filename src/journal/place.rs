//! The journal's directory as one process uses it. What touches files runs outside the async workers.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use terraform_plugin::ParentProcess;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::OnceCell;

use super::entry::{Entry, Intent};
use super::origin::Origin;
use super::owner::{self, Owner};
use super::store::{Corrupt, Store};

/// A directory, and who uses it.
pub(super) struct Place {
    store: Store,
    origin: Origin,
    /// The Terraform process that is served. `None` if it cannot be identified.
    run: Option<String>,
    parent: ParentProcess,
    /// The entries that were there when this process first confirmed one.
    earlier: OnceCell<Mutex<ByObject>>,
    complained: AtomicBool,
}

/// Entries' files by type and object.
type ByObject = HashMap<(String, Object), Vec<PathBuf>>;

/// What an entry knows its object by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Object {
    Id(String),
    /// The name, as long as there is no id.
    Name(String),
}

/// All entries at one moment.
pub(super) struct Survey {
    pub entries: Vec<(Entry, Owner)>,
    pub corrupt: Vec<Corrupt>,
}

impl Place {
    pub fn new(directory: PathBuf, origin: Origin, run: Option<String>) -> Self {
        Self {
            store: Store::new(directory),
            origin,
            run,
            parent: ParentProcess::current(),
            earlier: OnceCell::new(),
            complained: AtomicBool::new(false),
        }
    }

    /// The same for another process that is served.
    #[cfg(test)]
    pub fn with_parent(self, parent: ParentProcess) -> Self {
        Self { parent, ..self }
    }

    /// The same with other files.
    #[cfg(test)]
    pub fn with_store(self, store: Store) -> Self {
        Self { store, ..self }
    }

    pub fn store(&self) -> &Store {
        &self.store
    }

    pub fn directory(&self) -> &Path {
        self.store.directory()
    }

    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    pub fn run(&self) -> Option<&str> {
        self.run.as_deref()
    }

    /// The process that is served. After it has ended, no answer reaches a state.
    pub fn parent(&self) -> ParentProcess {
        self.parent
    }

    /// Whether this was asked before, so that the user knows already that the journal cannot be written.
    pub fn has_complained(&self) -> bool {
        self.complained.swap(true, Ordering::Relaxed)
    }

    /// Writes the entry of a create that is about to begin.
    pub async fn create(self: &Arc<Self>, intent: &Intent<'_>) -> io::Result<Entry> {
        let mut entry = Entry::new(intent, self.origin.clone(), self.run.clone());
        entry.begun_at = Some(SystemTime::now());
        let place = Arc::clone(self);
        blocking(move || place.store.create(&mut entry).map(|()| entry)).await
    }

    pub async fn survey(self: &Arc<Self>) -> Survey {
        let place = Arc::clone(self);
        let survey = move || {
            let (entries, corrupt) = place.store.scan_others();
            let owned = |entry: Entry| (entry.clone(), place.owner(&entry));
            Ok(Survey { entries: entries.into_iter().map(owned).collect(), corrupt })
        };
        let unreadable = |_| Survey { entries: Vec::new(), corrupt: vec![Corrupt::directory(self.store.directory())] };
        blocking(survey).await.unwrap_or_else(unreadable)
    }

    /// The entries of one type from here.
    pub async fn entries_of(self: &Arc<Self>, type_name: &str) -> Vec<(Entry, Owner)> {
        let mut entries = self.survey().await.entries;
        entries.retain(|(entry, _)| entry.type_name == type_name && entry.origin.is_same_place(&self.origin));
        entries
    }

    fn owner(&self, entry: &Entry) -> Owner {
        owner::owner(entry, self.run.as_deref(), self.store.lock_of(&entry.path))
    }

    /// Adopts an entry for this process alone. `None` if another create was faster.
    pub async fn adopt(self: &Arc<Self>, entry: Entry) -> io::Result<Option<Entry>> {
        let place = Arc::clone(self);
        blocking(move || place.store.adopt(&Entry { run: place.run.clone(), ..entry })).await
    }

    /// Removes the entries of an object that earlier runs left.
    pub async fn settle(self: &Arc<Self>, type_name: &str, object: Object) {
        // Read once: what this process writes itself is in no state before the next run.
        let earlier = self.earlier.get_or_init(|| self.by_object()).await;
        let paths = {
            let mut earlier = earlier.lock().unwrap_or_else(PoisonError::into_inner);
            earlier.remove(&(type_name.to_owned(), object)).unwrap_or_default()
        };
        for path in paths {
            self.remove(path).await;
        }
    }

    /// The entries that a found object may settle.
    async fn by_object(self: &Arc<Self>) -> Mutex<ByObject> {
        let mut found = ByObject::new();
        for (entry, owner) in self.survey().await.entries {
            let Entry { type_name, id, name, path, origin, .. } = entry;
            let object = match id {
                _ if !origin.is_same_endpoint(&self.origin) => continue,
                Some(id) => Object::Id(id),
                // In another account the name is another object's, and a run that lives is about to learn the id.
                None if owner == Owner::Dead && origin.is_same_account(&self.origin) => Object::Name(name),
                None => continue,
            };
            found.entry((type_name, object)).or_default().push(path);
        }
        Mutex::new(found)
    }

    pub async fn write(self: &Arc<Self>, entry: Entry) -> io::Result<()> {
        let (place, path) = (Arc::clone(self), entry.path.clone());
        let written = blocking(move || place.store.write(&entry)).await;
        if let Err(error) = &written {
            tracing::warn!(path = %path.display(), "the journal cannot be written: {error}");
        }
        written
    }

    pub async fn remove(self: &Arc<Self>, path: PathBuf) {
        let place = Arc::clone(self);
        _ = blocking(move || {
            place.store.remove(&path);
            Ok(())
        })
        .await;
    }
}

/// Runs what blocks outside the async workers.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(io::Error::other(error)))
}

/// Runs what blocks and cannot be awaited: other tasks of this worker go on elsewhere meanwhile, if there is another worker.
pub(super) fn off_the_workers<T>(work: impl FnOnce() -> T) -> T {
    let has_workers = Handle::try_current().is_ok_and(|runtime| runtime.runtime_flavor() == RuntimeFlavor::MultiThread);
    if has_workers { tokio::task::block_in_place(work) } else { work() }
}
