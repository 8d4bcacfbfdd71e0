//! The journal of creates: what a run that is killed in the middle of one leaves behind for the next.
//!
//! Terraform's protocol cannot save a state within a call. So a create writes down what it is about to make before it asks
//! for it, and adds the id when it knows it. An entry stays until its object is seen in a state: that the create has
//! returned does not prove that Terraform lived to save it. Nothing secret is in an entry, and no failure of the journal
//! is a failure of an operation.

mod entry;
mod recovery;

use std::collections::{HashMap, HashSet};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use entry::Origin;
pub use entry::{Entry, Wanted, fingerprint};
pub use recovery::{Lookup, damaged, none_made_before, review, unsaved};

/// A run whose Terraform was killed ends within five seconds, and mostly at once. The next create of the same object waits
/// for that.
const DYING_LIMIT: Duration = Duration::from_secs(8);
/// Terraform saves what a create returned at once. Only a remote state it may save up to 20 s later.
const SAVING_LIMIT: Duration = Duration::from_secs(3);
const DYING_STEP: Duration = Duration::from_millis(200);

/// Where entries are kept. Without a place the journal is off.
#[derive(Default)]
pub struct Journal(Option<Arc<Place>>);

struct Place {
    directory: PathBuf,
    /// Tells the entries of this process from those of others: their names begin with it.
    tag: String,
    /// What this process writes into its entries.
    origin: Origin,
    /// Held as long as this process lives, which tells others that its entries are not left behind.
    alive: OnceLock<Option<File>>,
    parent: u32,
    /// The entries with an id that were there when this process first looked, by type and id.
    earlier: OnceLock<Mutex<HashMap<(String, String), PathBuf>>>,
    complained: AtomicBool,
    /// The entries whose creates have returned, but so lately that Terraform may not have saved what they made.
    returning: Mutex<HashSet<PathBuf>>,
}

/// An entry that this process writes.
pub struct Open {
    place: Arc<Place>,
    path: PathBuf,
    /// It was taken over from a run with another account's key, so that its object may exist unseen.
    foreign: bool,
}

impl Journal {
    /// The journal of a working directory, in Terraform's own data directory. Of the key it keeps 16 bits, which tell
    /// accounts apart and say nothing of a key.
    #[must_use]
    pub fn new(data_directory: &Path, workspace: Option<String>, endpoint: &str, key: &str) -> Self {
        let selected = || fs::read_to_string(data_directory.join("environment")).ok();
        let workspace = workspace.or_else(selected).map_or_else(String::new, |name| name.trim().to_owned());
        Self(Some(Arc::new(Place {
            directory: data_directory.join("tensorpool").join("journal"),
            tag: std::iter::repeat_with(fastrand::lowercase).take(12).collect(),
            origin: Origin {
                endpoint: fingerprint(endpoint),
                workspace: if workspace.is_empty() { "default".to_owned() } else { workspace },
                account: fingerprint(key).chars().take(4).collect(),
                run: run(),
            },
            alive: OnceLock::new(),
            parent: parent(),
            earlier: OnceLock::new(),
            complained: AtomicBool::new(false),
            returning: Mutex::default(),
        })))
    }

    /// Writes down what is about to be created. It is on the disk when this returns.
    ///
    /// # Errors
    /// When it cannot be written; once in a process, as the reason is the same for all.
    pub fn begin(&self, wanted: &Wanted<'_>) -> Result<Option<Open>, (PathBuf, io::Error)> {
        let Some(place) = &self.0 else { return Ok(None) };
        match place.begin(wanted) {
            Ok(path) => Ok(Some(Open { place: Arc::clone(place), path, foreign: false })),
            Err(_) if place.complained.swap(true, Ordering::Relaxed) => Ok(None),
            Err(error) => Err((place.directory.clone(), error)),
        }
    }

    /// Forgets an object that is in a state. Called by every operation that is given a state.
    pub fn seen(&self, type_name: &str, id: &str) {
        let Some(place) = &self.0 else { return };
        // Read once: what this process writes itself is not in a state before the next run.
        let of_earlier_runs = || {
            let with_id = |entry: Entry| Some(((entry.type_name, entry.id?), entry.path));
            Mutex::new(place.entries().into_iter().filter_map(Result::ok).filter_map(with_id).collect())
        };
        let mut earlier = place.earlier.get_or_init(of_earlier_runs).lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(path) = earlier.remove(&(type_name.to_owned(), id.to_owned())) {
            _ = fs::remove_file(path);
        }
    }

    /// The entries of one type that runs left behind.
    #[must_use]
    pub fn left_behind(&self, type_name: &str) -> Vec<Entry> {
        let Some(place) = &self.0 else { return Vec::new() };
        let entries = place.entries().into_iter().filter_map(Result::ok);
        entries.filter(|entry| entry.type_name == type_name && !place.lives(&entry.path)).collect()
    }

    /// The files of runs that left them behind and that cannot be read.
    #[must_use]
    pub fn damaged(&self) -> Vec<PathBuf> {
        let Some(place) = &self.0 else { return Vec::new() };
        place.entries().into_iter().filter_map(Result::err).filter(|path| !place.lives(path)).collect()
    }

    /// Takes over an entry that fits, for this process alone: of two creates only one gets it.
    pub async fn take(&self, wanted: &Wanted<'_>) -> Option<(Entry, Open)> {
        let place = self.0.as_ref()?;
        self.left_in_the_end(|entry| entry.fits(wanted)).await.into_iter().find_map(|entry| {
            let path = place.file();
            let taken = fs::rename(&entry.path, &path).is_ok();
            let foreign = entry.origin.account != place.origin.account;
            taken.then(|| (entry, Open { place: Arc::clone(place), path, foreign }))
        })
    }

    /// Such entries as runs left behind. A run that is just dying is waited for: only then are its entries left behind.
    async fn left_in_the_end(&self, such: impl Fn(&Entry) -> bool) -> Vec<Entry> {
        let Some(place) = &self.0 else { return Vec::new() };
        let mut elapsed = Duration::ZERO;
        loop {
            let entries = place.entries().into_iter().filter_map(Result::ok).filter(&such);
            let (living, left): (Vec<_>, Vec<_>) = entries.partition(|entry| place.lives(&entry.path));
            // What serves the same Terraform does not die with an earlier one.
            if elapsed >= DYING_LIMIT || living.iter().all(|entry| self.is_of_this_run(entry)) {
                return left;
            }
            tokio::time::sleep(DYING_STEP).await;
            elapsed += DYING_STEP;
        }
    }

    /// Forgets an entry whose object is gone, if this account would see it.
    fn forget(&self, entry: &Entry) {
        if self.0.as_ref().is_some_and(|place| place.origin.account == entry.origin.account) {
            _ = fs::remove_file(&entry.path);
        }
    }

    /// Whether an entry was written for the Terraform that this process serves, which then has its object.
    fn is_of_this_run(&self, entry: &Entry) -> bool {
        self.0.as_ref().is_some_and(|place| place.origin.run == entry.origin.run)
    }
}

impl Open {
    /// Adds what the API answered. A failure leaves the entry as it is, which still names the object.
    pub fn answered(&self, id: &str, request_id: Option<&str>) {
        append(&self.path, &json!({"id": id, "request_id": request_id}));
    }

    /// Adds that the create has returned, as soon as Terraform has had the time to save what it made: a while later, or
    /// when this process ends in order. If one of the two dies before, nothing is added.
    pub fn returned(self) {
        let (place, path) = (Arc::downgrade(&self.place), self.path.clone());
        self.place.returning().insert(self.path);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                tokio::time::sleep(SAVING_LIMIT).await;
                if let Some(place) = place.upgrade()
                    && place.returning().remove(&path)
                {
                    place.mark_returned(&path);
                }
            });
        }
    }

    /// Removes the entry: there is no such object. One of another account stays, and is left behind by this process too.
    pub fn nothing_made(&self) {
        if !self.foreign {
            _ = fs::remove_file(&self.path);
        }
    }
}

fn append(path: &Path, line: &Value) {
    let written = OpenOptions::new().append(true).open(path).and_then(|mut file| {
        // On a line of its own, also behind one that a kill cut off.
        writeln!(file, "\n{line}")?;
        file.sync_all()
    });
    if let Err(error) = written {
        tracing::warn!(path = %path.display(), "the journal cannot be written: {error}");
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let returning = std::mem::take(&mut *self.returning());
        for path in returning {
            self.mark_returned(&path);
        }
    }
}

impl Place {
    fn returning(&self) -> MutexGuard<'_, HashSet<PathBuf>> {
        self.returning.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A Terraform that is gone by now may have died before it saved anything.
    fn mark_returned(&self, path: &Path) {
        if parent() == self.parent {
            append(path, &json!({"returned": true}));
        }
    }

    fn begin(&self, wanted: &Wanted<'_>) -> io::Result<PathBuf> {
        fs::create_dir_all(&self.directory)?;
        self.alive.get_or_init(|| {
            // Where files cannot be locked, entries of a run that lives look left behind: a warning too many.
            let file = File::create(self.lock_of(&self.tag)).ok()?;
            file.try_lock().ok()?;
            Some(file)
        });
        let path = self.file();
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path)?;
        writeln!(file, "{}", wanted.line(&self.origin))?;
        file.sync_all()?;
        // The name of a new file is only certain to be there when its directory is on the disk.
        #[cfg(unix)]
        File::open(&self.directory)?.sync_all()?;
        Ok(path)
    }

    fn file(&self) -> PathBuf {
        let random: String = std::iter::repeat_with(fastrand::alphanumeric).take(12).collect();
        self.directory.join(format!("{}-{random}.jsonl", self.tag))
    }

    fn lock_of(&self, tag: &str) -> PathBuf {
        self.directory.join(format!("{tag}.lock"))
    }

    fn is_own(&self, path: &Path) -> bool {
        tag(path) == Some(&self.tag)
    }

    /// Whether the process that wrote an entry still lives. It holds a lock, which dies with it.
    fn lives(&self, path: &Path) -> bool {
        let Some(tag) = tag(path) else { return false };
        let locked = |file: File| matches!(file.try_lock(), Err(TryLockError::WouldBlock));
        tag == self.tag || File::open(self.lock_of(tag)).is_ok_and(locked)
    }

    /// All entries of other processes for this endpoint and workspace; the path of each that cannot be read.
    fn entries(&self) -> Vec<Result<Entry, PathBuf>> {
        let Ok(files) = fs::read_dir(&self.directory) else { return Vec::new() };
        let mut paths: Vec<_> = files.filter_map(|file| Some(file.ok()?.path())).collect();
        paths.sort();
        let (entries, others): (Vec<_>, Vec<_>) =
            paths.into_iter().partition(|path| path.extension().is_some_and(|end| end == "jsonl"));
        for lock in others {
            // A lock without entries, of a process that is gone.
            let used = entries.iter().any(|entry| tag(entry) == lock.file_stem().and_then(|stem| stem.to_str()));
            let free = lock.extension().is_some_and(|end| end == "lock")
                && File::open(&lock).is_ok_and(|file| file.try_lock().is_ok());
            if !used && free {
                _ = fs::remove_file(lock);
            }
        }
        let others = entries.into_iter().filter(|path| !self.is_own(path));
        let read = |path: PathBuf| match fs::read_to_string(&path) {
            Ok(text) => Some(Entry::read(&text, path.clone()).ok_or(path)),
            // Another process took or removed it meanwhile.
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(_) => Some(Err(path)),
        };
        let ours = |entry: &Result<Entry, PathBuf>| {
            let Ok(Entry { origin, .. }) = entry else { return true };
            origin.endpoint == self.origin.endpoint && origin.workspace == self.origin.workspace
        };
        others.filter_map(read).filter(ours).collect()
    }
}

fn tag(path: &Path) -> Option<&str> {
    path.file_stem()?.to_str()?.split('-').next()
}

/// The Terraform that this process serves: its number, and where the system tells when it began, as numbers come again.
fn run() -> String {
    let parent = parent();
    let stat = fs::read_to_string(format!("/proc/{parent}/stat")).unwrap_or_default();
    // The name of the program stands in parentheses and may hold anything; the 20th word behind it is the beginning.
    let began = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(19));
    format!("{parent}-{}", began.unwrap_or_default())
}

/// The process that started this one. It changes when that one dies; elsewhere than on Unix nobody can tell.
fn parent() -> u32 {
    #[cfg(unix)]
    return std::os::unix::process::parent_id();
    #[cfg(not(unix))]
    0
}

#[cfg(test)]
mod tests;
