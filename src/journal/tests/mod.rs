//! The journal as the runs of one directory use it. Time stands still but for waits, so none of them takes any.

mod claim;
mod orphans;
mod owner;
mod store;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use tempfile::TempDir;
use tensorpool::{Error, ErrorKind, fingerprint};
use terraform_plugin::ParentProcess;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::claim::Stops;
use super::place::Place;
use super::store::{Store, format};
use super::verdict::Reason;
use super::*;

const TYPE: &str = "tensorpool_cluster";

/// The fingerprint of a key, as the client has it.
pub(super) fn key_fingerprint(key: &str) -> String {
    fingerprint(key).chars().take(4).collect()
}

/// A working directory, which is deleted in the end.
struct Directory(TempDir);

impl Directory {
    fn new() -> Self {
        Self(TempDir::new().expect("it can be created"))
    }

    fn origin(&self) -> Origin {
        self.origin_of(Path::new("."), "https://a", "key")
    }

    /// The origin of a subdirectory, in which Terraform's data directory is.
    fn origin_of(&self, directory: &Path, endpoint: &str, key: &str) -> Origin {
        let directory = self.0.path().join(directory);
        Origin::read(Path::new(".terraform"), &directory, None, endpoint, &key_fingerprint(key), None)
    }

    /// The journal of another run.
    fn run(&self) -> Journal {
        self.run_from(self.origin())
    }

    fn run_from(&self, origin: Origin) -> Journal {
        let run = std::iter::repeat_with(fastrand::lowercase).take(12).collect();
        Journal::of_run(Settings { directory: self.journal(), origin }, Some(run))
    }

    /// The journal of a run of which something is different.
    fn run_with(&self, change: impl FnOnce(Place) -> Place) -> Journal {
        let place = Arc::into_inner(self.run().0.expect("the journal is on")).expect("it is not shared");
        Journal(Some(Arc::new(change(place))))
    }

    fn journal(&self) -> PathBuf {
        self.0.path().join("tensorpool/journal")
    }

    fn files(&self, extension: &str) -> Vec<PathBuf> {
        let files = fs::read_dir(self.journal()).expect("it was created").map(|file| file.expect("it is there").path());
        files.filter(|path| path.extension().is_some_and(|end| end == extension)).collect()
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().expect("it has one")).expect("it can be created");
        fs::write(&path, text).expect("it can be written");
        path
    }

    /// An entry of a run that was killed after the API had returned the id.
    async fn with_killed_run(&self, intent: &Intent<'_>) {
        let run = self.run();
        let mut open = begin(&run, intent).await;
        open.record("c-1", Some("req_1")).await;
        kill(&run, open);
    }
}

fn configuration() -> &'static Value {
    static CONFIGURATION: std::sync::LazyLock<Value> = std::sync::LazyLock::new(|| json!({"size": 8}));
    &CONFIGURATION
}

fn named(name: &str) -> Intent<'_> {
    Intent { type_name: TYPE, name, generated: false, configuration: configuration() }
}

fn generated(name: &str) -> Intent<'_> {
    Intent { generated: true, ..named(name) }
}

async fn begin(journal: &Journal, intent: &Intent<'_>) -> OpenEntry {
    journal.begin(intent).await.expect("it can be written").expect("the journal is on")
}

/// A kill: nothing is dropped, and the lock ends.
fn kill(journal: &Journal, open: OpenEntry) {
    std::mem::forget(open);
    release_lock(journal);
}

fn release_lock(journal: &Journal) {
    journal.0.as_ref().expect("the journal is on").store().release_lock();
}

/// A claim in a word.
#[derive(Debug, PartialEq)]
enum Claimed {
    Fresh,
    Adopted(Option<String>),
    Stopped(Vec<Reason>),
    Corrupt,
}

fn summary(claim: &Claim) -> Claimed {
    match claim {
        Claim::Fresh => Claimed::Fresh,
        Claim::Adopt(entry, _) => Claimed::Adopted(entry.id.clone()),
        Claim::Stop(Stops { entries, .. }) if entries.is_empty() => Claimed::Corrupt,
        Claim::Stop(Stops { entries, .. }) => Claimed::Stopped(entries.iter().map(|(_, reason)| *reason).collect()),
    }
}

async fn claim(journal: &Journal, intent: &Intent<'_>) -> Claim {
    journal.claim(intent, &CancellationToken::new()).await
}

async fn claimed(journal: &Journal, intent: &Intent<'_>) -> Claimed {
    summary(&claim(journal, intent).await)
}

fn adopted(id: &str) -> Claimed {
    Claimed::Adopted(Some(id.to_owned()))
}

async fn adopt(journal: &Journal, intent: &Intent<'_>) -> OpenEntry {
    match claim(journal, intent).await {
        Claim::Adopt(_, open) => open,
        claim => panic!("it is not adopted: {:?}", summary(&claim)),
    }
}

/// A cloud that says the same about every object.
struct Cloud(Presence);

#[async_trait::async_trait]
impl Lookup for Cloud {
    const TYPE_NAME: &'static str = TYPE;
    const NOUN: &'static str = "cluster";

    async fn presence(&self, _: &str, _: Option<SystemTime>) -> Result<Presence, Error> {
        Ok(self.0)
    }

    async fn ids_of_name(&self, _: &str) -> Result<Vec<String>, Error> {
        match self.0 {
            Presence::Found => Ok(vec!["c-1".to_owned()]),
            Presence::Absent => Ok(Vec::new()),
            Presence::Unproved => Err(Error::new(ErrorKind::Server, "GET /cluster/list")),
        }
    }
}

async fn warnings(journal: &Journal, presence: Presence) -> usize {
    interrupted(journal, &Cloud(presence), &CancellationToken::new()).await.iter().count()
}

async fn goes_on(journal: &Journal, presence: Presence, claim: Claim) -> bool {
    match claim {
        Claim::Stop(stops) => ensure_not_created(journal, &Cloud(presence), stops).await.is_ok(),
        Claim::Fresh | Claim::Adopt(..) => panic!("it does not stop"),
    }
}
