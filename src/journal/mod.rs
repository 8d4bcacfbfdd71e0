//! The journal of creates: what a run that is killed in the middle of one leaves for the next.
//!
//! # Flow
//! Terraform's protocol cannot save a state within a call. So a create
//! 1. [claims](Journal::claim) its intent: an earlier run may have created the object. It is adopted only if it is provably
//!    ours and provably in no state; if it may be the wanted one but that cannot be proved, the create stops;
//! 2. [begins](Journal::begin) an entry before it asks for the object, unless it adopted one;
//! 3. [records](OpenEntry::record) the id as soon as it is known, before it gives Terraform a state;
//! 4. [marks](OpenEntry::mark_returned) how it ended before its answer leaves the process.
//!
//! The entry stays until its object is [found in a state](Journal::confirm_saved) by a successful read, or its absence is
//! proved: that a create has returned does not prove that Terraform lived to save it. When the provider is configured, what
//! earlier runs left is [reported](interrupted).
//!
//! # Guarantees
//! - An entry is whole or not there, and each step is on disk before the call that wrote it returns.
//! - An entry is good for one adoption, by one process, and only if its create never gave Terraform a state. If a mark cannot
//!   be written the entry is removed, so that what has returned is not adopted.
//! - An entry whose owner lives, is frozen or cannot be determined is neither adopted nor passed over.
//! - No failure of the journal is a failure of a create, and nothing secret is in it but what the configuration itself holds.
//!
//! # Assumptions
//! - A configuration is compared with an entry's as a JSON value: the caller gives equal creates equal values.
//! - A create records the id before it gives Terraform a state.
//! - File locks end with their process. Where files cannot be locked an entry says so.
//!
//! # Caveats
//! - State files that share directory, backend and workspace (`-state=FILE`) cannot be distinguished: a create under a generated
//!   name stops at what another of them created, until a read has found it there.
//! - With a local backend a checkout in another directory does not find the entries, and with a shared journal directory does
//!   not use them.
//! - What processes of one Terraform run returned is trusted to it. A program that runs Terraform several times within one
//!   process, without a `terraform` process of its own for each, counts as one run.
//! - Whether Terraform was killed is seen by the parent process. A provider that is started by hand (`--debug`) must not
//!   outlive the shell that started it.
//! - Where a parent process cannot be identified (Windows), two provider blocks of one run that create the same under
//!   generated names count as two runs, and the second stops.

pub(crate) mod entry;
mod messages;
mod origin;
pub(crate) mod orphans;
pub(crate) mod owner;
mod store;
pub(crate) mod verdict;

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::OnceCell;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use entry::Stage;
pub use entry::{Entry, Intent};
pub use origin::Origin;
pub use orphans::{Lookup, Presence, corrupt, ensure_not_created, interrupted, unsaved_creates};
use owner::Owner;
use store::{Corrupt, Store};
pub use verdict::Reason;
use verdict::{Passing, Verdict, judge};

/// A provider whose Terraform was killed ends within five seconds, and mostly at once. The next create of the same object
/// waits for that.
const DYING_LIMIT: Duration = Duration::from_secs(8);
const DYING_STEP: Duration = Duration::from_millis(200);

/// What a journal needs to know.
pub struct Settings {
    /// Where entries are kept. It is created with the first one.
    pub directory: PathBuf,
    /// Where the creates of this process come from.
    pub origin: Origin,
}

/// The journal of one process.
pub struct Journal(Option<Arc<Place>>);

struct Place {
    store: Store,
    origin: Origin,
    /// The Terraform process that is served. `None` if it cannot be identified.
    run: Option<String>,
    /// The number of that process. It is another one after it has ended.
    parent: u32,
    /// The entries that were there when this process first confirmed one.
    earlier: OnceCell<Mutex<ByObject>>,
    complained: AtomicBool,
}

/// Entries' files by type and object.
type ByObject = HashMap<(String, Object), Vec<PathBuf>>;

/// What an entry knows its object by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Object {
    Id(String),
    /// The name, as long as there is no id.
    Name(String),
}

/// What the journal knows about a create that is about to happen.
pub enum Claim {
    /// Nothing: the object is to be created.
    Fresh,
    /// The object of an earlier run, or at least its name. Its entry belongs to this process now.
    Adopt(Box<Entry>, OpenEntry),
    /// Objects that may be the wanted one. [`ensure_not_created`] decides whether the create may go on.
    Stop(Stops),
}

/// What stops a create, unless its absence is proved.
#[derive(Debug)]
pub struct Stops {
    entries: Vec<(Entry, Reason)>,
    corrupt: Vec<Corrupt>,
}

/// An entry that this process writes. If it is dropped without a mark, its create counts as never answered, and an object
/// that was not [recorded](Self::record) by then as never adopted.
pub struct OpenEntry {
    place: Arc<Place>,
    entry: Box<Entry>,
    /// Whether Terraform may have been given a state.
    recorded: bool,
    /// Whether nothing is to be added any more.
    settled: bool,
}

impl Journal {
    /// The journal in a directory.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self::of_run(settings, owner::this_run())
    }

    fn of_run(Settings { directory, origin }: Settings, run: Option<String>) -> Self {
        Self(Some(Arc::new(Place {
            store: Store::new(directory),
            origin,
            run,
            parent: owner::parent(),
            earlier: OnceCell::new(),
            complained: AtomicBool::new(false),
        })))
    }

    /// No journal: nothing is written, nothing is known.
    #[must_use]
    pub fn off() -> Self {
        Self(None)
    }

    /// Claims what is about to be created: adopts it if an earlier run created it, or says what stops the create. An earlier
    /// run that is just dying is waited for, until `stop`.
    pub async fn claim(&self, intent: &Intent<'_>, stop: &CancellationToken) -> Claim {
        let Some(place) = &self.0 else { return Claim::Fresh };
        let deadline = Instant::now() + DYING_LIMIT;
        loop {
            let Survey { entries, corrupt } = place.survey().await;
            let mut stops = Stops { entries: Vec::new(), corrupt };
            stops.corrupt.retain(|corrupt| corrupt.may_concern(intent));
            for (entry, owner) in entries {
                match judge(&entry, owner, intent, &place.origin) {
                    Verdict::Unrelated => {}
                    Verdict::Stop(reason) => stops.entries.push((entry, reason)),
                    Verdict::Adopt => match place.adopt(entry.clone()).await {
                        Ok(Some(open)) => return Claim::Adopt(Box::new(entry), open),
                        // Another create was faster.
                        Ok(None) => {}
                        Err(error) => {
                            tracing::warn!(path = %entry.path.display(), "an entry cannot be adopted: {error}");
                            stops.entries.push((entry, Reason::NotWritten));
                        }
                    },
                }
            }
            let dying = stops.entries.iter().any(|(_, reason)| *reason == Reason::OwnerAlive);
            if !dying || !wait_until(deadline, stop).await {
                return if stops.entries.is_empty() && stops.corrupt.is_empty() {
                    Claim::Fresh
                } else {
                    Claim::Stop(stops)
                };
            }
        }
    }

    /// Writes down what is about to be created.
    ///
    /// # Errors
    /// If it cannot be written, with the directory; once in a process, as the reason is the same for all.
    pub async fn begin(&self, intent: &Intent<'_>) -> Result<Option<OpenEntry>, (PathBuf, io::Error)> {
        let Some(place) = &self.0 else { return Ok(None) };
        let mut entry = Entry::new(intent, place.origin.clone(), place.run.clone());
        entry.begun_at = Some(SystemTime::now());
        let writer = Arc::clone(place);
        let written = blocking(move || writer.store.create(&mut entry).map(|()| entry)).await;
        match written {
            Ok(entry) => Ok(Some(OpenEntry::new(place, entry))),
            Err(_) if place.complained.swap(true, Ordering::Relaxed) => Ok(None),
            Err(error) => Err((place.store.directory().to_owned(), error)),
        }
    }

    /// Forgets an object of an earlier run that was found in a state. Called by every operation that is given a state, once
    /// the API found its object: a state alone does not prove that the object is still there. Names are unique, so a create
    /// that never learned its id created this object or none.
    pub async fn confirm_saved(&self, type_name: &str, id: &str, name: Option<&str>) {
        self.settle(type_name, Object::Id(id.to_owned())).await;
        if let Some(name) = name {
            self.settle(type_name, Object::Name(name.to_owned())).await;
        }
    }

    /// Forgets an object of an earlier run whose absence is proved.
    pub async fn confirm_absent(&self, type_name: &str, id: &str) {
        self.settle(type_name, Object::Id(id.to_owned())).await;
    }

    async fn settle(&self, type_name: &str, object: Object) {
        let Some(place) = &self.0 else { return };
        // Read once: what this process writes itself is in no state before the next run.
        let earlier = place.earlier.get_or_init(|| place.by_object()).await;
        let paths = {
            let mut earlier = earlier.lock().unwrap_or_else(PoisonError::into_inner);
            earlier.remove(&(type_name.to_owned(), object)).unwrap_or_default()
        };
        for path in paths {
            place.remove(path).await;
        }
    }

    /// The entries of one type that earlier runs left, once it is settled which runs have ended: one that is in the middle of
    /// a create may be just dying, and is waited for until `stop`.
    async fn settled_orphans(&self, type_name: &str, stop: &CancellationToken) -> Vec<(Entry, Owner)> {
        let Some(place) = &self.0 else { return Vec::new() };
        let deadline = Instant::now() + DYING_LIMIT;
        loop {
            let entries = place.entries_of(type_name).await;
            let is_dying = |(entry, owner): &(Entry, Owner)| *owner == Owner::Alive && entry.stage != Stage::Returned;
            let dying = entries.iter().any(is_dying);
            if !dying || !wait_until(deadline, stop).await {
                return entries.into_iter().filter(is_orphan).collect();
            }
        }
    }

    /// The entries of one type that earlier runs left, as far as these have ended by now.
    async fn orphans(&self, type_name: &str) -> Vec<(Entry, Owner)> {
        let Some(place) = &self.0 else { return Vec::new() };
        place.entries_of(type_name).await.into_iter().filter(is_orphan).collect()
    }

    /// The entries that cannot be read.
    async fn corrupt(&self) -> Vec<Corrupt> {
        match &self.0 {
            Some(place) => place.survey().await.corrupt,
            None => Vec::new(),
        }
    }

    /// Forgets an entry whose object is proved to be absent. Another account or place cannot prove it.
    async fn forget(&self, entry: &Entry) {
        if let Some(place) = &self.0
            && entry.origin.is_same_place(&place.origin)
            && entry.origin.is_same_account(&place.origin)
        {
            place.remove(entry.path.clone()).await;
        }
    }

    /// Notes in an entry that this run passes by it, if none has before. Whether another has, so that the object was in no
    /// state which that one read.
    async fn was_passed_by(&self, entry: &Entry, owner: Owner) -> bool {
        let Some(place) = &self.0 else { return false };
        match verdict::passing(entry.passed_by.as_deref(), place.run.as_deref(), owner) {
            Passing::Report => true,
            Passing::Silent => false,
            Passing::Note => {
                // Without the mark the next run is the first again.
                _ = place.write(Entry { passed_by: place.run.clone(), ..entry.clone() }).await;
                false
            }
        }
    }

    /// Why an entry's object would not be adopted. `None` if it would be, by a create of the same configuration.
    fn refusal(&self, entry: &Entry, owner: Owner) -> Option<Reason> {
        let place = self.0.as_ref()?;
        verdict::refusal(entry, owner, &place.origin)
    }
}

impl OpenEntry {
    fn new(place: &Arc<Place>, entry: Entry) -> Self {
        Self { place: Arc::clone(place), entry: Box::new(entry), recorded: false, settled: false }
    }

    /// Adds what the API returned. It is called before Terraform is given a state.
    pub async fn record(&mut self, id: &str, request_id: Option<&str>) {
        self.entry.id = Some(id.to_owned());
        self.entry.request_id = request_id.map(str::to_owned);
        self.entry.recorded_at = Some(SystemTime::now());
        self.recorded = true;
        // A failure leaves the entry as it is, which still names the object.
        _ = self.write().await;
    }

    /// Whether Terraform has ended, so that this process is about to end too: what it creates now, another run may be
    /// creating already, which began before this entry was there.
    #[must_use]
    pub fn is_abandoned(&self) -> bool {
        owner::parent() != self.place.parent
    }

    /// Marks that the create succeeded: its answer is about to leave. If Terraform was killed by now, the answer reaches no
    /// state, and the create counts as never answered.
    pub async fn mark_returned(mut self) {
        self.recorded = true;
        self.answer(Stage::Returned);
        self.settle().await;
    }

    /// Marks that the create answers an error, although something exists or may exist. If nothing was
    /// [recorded](Self::record), Terraform is given no state.
    pub async fn mark_failed(mut self) {
        self.fail();
        self.settle().await;
    }

    /// Removes the entry: nothing was created.
    pub async fn discard(mut self) {
        self.settled = true;
        self.place.remove(self.entry.path.clone()).await;
    }

    fn fail(&mut self) {
        self.answer(if self.recorded { Stage::Failed } else { Stage::FailedWithoutState });
    }

    /// An adopted object that reaches no state is again as the earlier run left it.
    fn answer(&mut self, stage: Stage) {
        let is_terraform_gone = self.is_abandoned();
        self.recorded &= !is_terraform_gone;
        if self.entry.adopted && !self.recorded {
            self.entry.adopted = false;
        } else if !is_terraform_gone {
            self.entry.stage = stage;
        }
    }

    async fn settle(&mut self) {
        self.settled = true;
        if self.write().await.is_err() && self.recorded {
            // Without the mark the next run would adopt an object that may be in a state.
            self.place.remove(self.entry.path.clone()).await;
        }
    }

    async fn write(&self) -> io::Result<()> {
        self.place.write(Entry::clone(&self.entry)).await
    }
}

impl Drop for OpenEntry {
    /// A create that panics is answered by an error too, together with the state that it had saved. This blocks: it is a
    /// rare end, and the only one that cannot wait.
    fn drop(&mut self) {
        let is_given_back = self.entry.adopted && !self.recorded;
        if self.settled || !(is_given_back || std::thread::panicking()) {
            return;
        }
        self.fail();
        if self.place.store.write(&self.entry).is_err() && self.recorded {
            self.place.store.remove(&self.entry.path);
        }
    }
}

/// All entries at one moment.
struct Survey {
    entries: Vec<(Entry, Owner)>,
    corrupt: Vec<Corrupt>,
}

impl Place {
    async fn survey(self: &Arc<Self>) -> Survey {
        let place = Arc::clone(self);
        let survey = move || {
            let (entries, corrupt) = place.store.scan();
            let owned = |entry: Entry| (entry.clone(), place.owner(&entry));
            Ok(Survey { entries: entries.into_iter().map(owned).collect(), corrupt })
        };
        let unreadable = |_| Survey { entries: Vec::new(), corrupt: vec![Corrupt::directory(self.store.directory())] };
        blocking(survey).await.unwrap_or_else(unreadable)
    }

    /// The entries of one type from here.
    async fn entries_of(self: &Arc<Self>, type_name: &str) -> Vec<(Entry, Owner)> {
        let mut entries = self.survey().await.entries;
        entries.retain(|(entry, _)| entry.type_name == type_name && entry.origin.is_same_place(&self.origin));
        entries
    }

    fn owner(&self, entry: &Entry) -> Owner {
        let is_own = self.store.is_own(&entry.path);
        owner::owner(entry, is_own, self.run.as_deref(), self.store.lock_of(&entry.path))
    }

    async fn adopt(self: &Arc<Self>, entry: Entry) -> io::Result<Option<OpenEntry>> {
        let place = Arc::clone(self);
        let adopted = blocking(move || place.store.adopt(&Entry { run: place.run.clone(), ..entry })).await?;
        Ok(adopted.map(|entry| OpenEntry::new(self, entry)))
    }

    /// The entries that a found object may settle.
    async fn by_object(self: &Arc<Self>) -> Mutex<ByObject> {
        let mut found = ByObject::new();
        for (entry, owner) in self.survey().await.entries {
            let Entry { type_name, id, name, path, origin, .. } = entry;
            let object = match id {
                _ if !origin.is_same_endpoint(&self.origin) => continue,
                Some(id) if owner != Owner::ThisProcess => Object::Id(id),
                // In another account the name is another object's, and a run that lives is about to learn the id.
                None if owner == Owner::Dead && origin.is_same_account(&self.origin) => Object::Name(name),
                Some(_) | None => continue,
            };
            found.entry((type_name, object)).or_default().push(path);
        }
        Mutex::new(found)
    }

    async fn write(self: &Arc<Self>, entry: Entry) -> io::Result<()> {
        let (place, path) = (Arc::clone(self), entry.path.clone());
        let written = blocking(move || place.store.write(&entry)).await;
        if let Err(error) = &written {
            tracing::warn!(path = %path.display(), "the journal cannot be written: {error}");
        }
        written
    }

    async fn remove(self: &Arc<Self>, path: PathBuf) {
        let place = Arc::clone(self);
        _ = blocking(move || {
            place.store.remove(&path);
            Ok(())
        })
        .await;
    }
}

impl Corrupt {
    fn directory(path: &Path) -> Self {
        Self { path: path.to_owned(), type_name: None }
    }

    /// A name that the user chose is unique, so the create's own check of the name suffices.
    fn may_concern(&self, intent: &Intent<'_>) -> bool {
        intent.generated && self.type_name.as_deref().is_none_or(|name| name == intent.type_name)
    }
}

fn is_orphan((_, owner): &(Entry, Owner)) -> bool {
    matches!(owner, Owner::Dead | Owner::Unknown)
}

/// Waits a moment. Returns false if the deadline has passed or the user stopped the operation.
async fn wait_until(deadline: Instant, stop: &CancellationToken) -> bool {
    if Instant::now() >= deadline {
        return false;
    }
    tokio::select! {
        biased;
        () = stop.cancelled() => false,
        () = tokio::time::sleep(DYING_STEP) => true,
    }
}

/// Runs what blocks outside the async workers.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(io::Error::other(error)))
}

#[cfg(test)]
mod tests;
