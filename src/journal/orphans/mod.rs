//! Warnings about orphans: objects that an earlier run created and that may be in no state.

mod messages;

use std::time::SystemTime;

use async_trait::async_trait;
use tensorpool::Error;
use terraform_plugin::{Diagnostic, Diagnostics};
use tokio_util::sync::CancellationToken;

use super::Journal;
use super::claim::Stops;
use super::entry::{Entry, Stage};
use super::owner::{Grace, Owner};
use super::store::Corrupt;
use super::verdict::{self, Passing, Reason};
use messages::{Finding, Subject};

/// What is known of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It exists.
    Found,
    /// It does not exist, which is proved.
    Absent,
    /// It was not found, which proves nothing.
    Unproved,
}

/// How a kind of object is looked up.
#[async_trait]
pub trait Lookup: Sync {
    /// The resource's type, for example `tensorpool_cluster`.
    const TYPE_NAME: &'static str;
    /// The object in a word, for example `cluster`.
    const NOUN: &'static str;

    /// Whether there is an object of this id, which was created by a time if that is known.
    async fn presence(&self, id: &str, created_by: Option<SystemTime>) -> Result<Presence, Error>;

    /// The ids of the objects of this name. None is an answer only of a list that lacks nothing.
    async fn ids_of_name(&self, name: &str) -> Result<Vec<String>, Error>;
}

/// Makes sure that what stops a create was not created, or exists no more. Entries whose object is proved to be absent are
/// forgotten.
///
/// # Errors
/// If an object may be the wanted one and its absence is not proved.
pub async fn ensure_not_created<L: Lookup>(journal: &Journal, lookup: &L, stops: Stops) -> Result<(), Diagnostics> {
    let mut errors = Diagnostics::new();
    for (entry, reason) in stops.entries {
        let finding = find(lookup, &entry).await;
        if finding == Finding::Absent && absence_suffices(reason) {
            journal.forget(&entry).await;
        } else {
            errors.push(messages::stopped(&subject::<L>(&entry), reason, &finding));
        }
    }
    errors.extend(stops.corrupt.iter().map(|corrupt| Diagnostic::error(messages::CORRUPT, messages::corrupt(corrupt))));
    if errors.has_errors() { Err(errors) } else { Ok(()) }
}

/// Words a warning for each object whose create did not succeed in an earlier run, and for each whose create returned and
/// that no run since has found in a state. It is given when the provider is configured, so that it does not take a block of
/// the same kind; but then it is not known yet what is in the state. So an object whose create returned is passed by once.
pub async fn interrupted<L: Lookup>(journal: &Journal, lookup: &L, stop: &CancellationToken) -> Diagnostics {
    let mut warnings = Diagnostics::new();
    for (entry, owner) in journal.settled_orphans(L::TYPE_NAME, stop).await {
        if entry.stage != Stage::Returned || journal.was_passed_by(&entry, owner).await {
            warnings.extend(warning(journal, lookup, &entry, journal.refusal(&entry, owner)).await);
        }
    }
    warnings
}

/// Words a warning for each object of this name whose create returned, and that no read has found in a state since: a remote
/// state is saved up to 20 s later, and Terraform may be killed before.
pub async fn unsaved_creates<L: Lookup>(journal: &Journal, lookup: &L, name: &str) -> Diagnostics {
    let mut warnings = Diagnostics::new();
    for (entry, owner) in journal.orphans(L::TYPE_NAME).await {
        if entry.stage == Stage::Returned && entry.name == name {
            warnings.extend(warning(journal, lookup, &entry, journal.refusal(&entry, owner)).await);
        }
    }
    warnings
}

/// Words a warning for each entry that cannot be read.
pub async fn corrupt(journal: &Journal) -> Diagnostics {
    let mut warnings = Diagnostics::new();
    let corrupt = journal.corrupt().await;
    warnings.extend(corrupt.iter().map(|corrupt| Diagnostic::warning(messages::CORRUPT, messages::corrupt(corrupt))));
    warnings
}

async fn warning<L: Lookup>(
    journal: &Journal,
    lookup: &L,
    entry: &Entry,
    refusal: Option<Reason>,
) -> Option<Diagnostic> {
    let finding = find(lookup, entry).await;
    match finding {
        Finding::Absent if refusal.is_none_or(absence_suffices) => {
            journal.forget(entry).await;
            None
        }
        // The API may still be about to act, or the create never reached it: the next create decides.
        Finding::NotListed => None,
        Finding::Absent | Finding::Exists(_) | Finding::Unknown => {
            Some(messages::orphaned(&subject::<L>(entry), refusal, &finding))
        }
    }
}

/// Whether it settles the matter that this account finds no object.
pub(crate) fn absence_suffices(reason: Reason) -> bool {
    match reason {
        // It may be about to be created, or be visible to the other account alone.
        Reason::OwnerAlive | Reason::OtherAccount => false,
        Reason::Returned
        | Reason::AdoptedBefore
        | Reason::AnsweredWithError
        | Reason::OwnerUnknown
        | Reason::ConfigurationUnknown
        | Reason::NotWritten => true,
    }
}

async fn find<L: Lookup>(lookup: &L, entry: &Entry) -> Finding {
    match &entry.id {
        Some(id) => match lookup.presence(id, entry.recorded_at).await {
            Ok(Presence::Found) => Finding::Exists(vec![id.clone()]),
            Ok(Presence::Absent) => Finding::Absent,
            Ok(Presence::Unproved) | Err(_) => Finding::Unknown,
        },
        None => match lookup.ids_of_name(&entry.name).await {
            Ok(ids) if ids.is_empty() => Finding::NotListed,
            Ok(ids) => Finding::Exists(ids),
            Err(_) => Finding::Unknown,
        },
    }
}

fn subject<L: Lookup>(entry: &Entry) -> Subject<'_> {
    Subject { type_name: L::TYPE_NAME, noun: L::NOUN, entry }
}

impl Journal {
    /// The entries of one type that earlier runs left, once it is settled which runs have ended: one that is in the middle of
    /// a create may be just dying, and is waited for until `stop`.
    async fn settled_orphans(&self, type_name: &str, stop: &CancellationToken) -> Vec<(Entry, Owner)> {
        let Some(place) = &self.0 else { return Vec::new() };
        let grace = Grace::begin();
        loop {
            let entries = place.entries_of(type_name).await;
            let is_dying = |(entry, owner): &(Entry, Owner)| *owner == Owner::Alive && entry.stage != Stage::Returned;
            let dying = entries.iter().any(is_dying);
            if !dying || !grace.lasts(stop).await {
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
            && entry.origin.is_same_place(place.origin())
            && entry.origin.is_same_account(place.origin())
        {
            place.remove(entry.path.clone()).await;
        }
    }

    /// Notes in an entry that this run passes by it, if none has before. Whether another has, so that the object was in no
    /// state which that one read.
    async fn was_passed_by(&self, entry: &Entry, owner: Owner) -> bool {
        let Some(place) = &self.0 else { return false };
        match verdict::passing(entry.passed_by.as_deref(), place.run(), owner) {
            Passing::Report => true,
            Passing::Silent => false,
            Passing::Note => {
                // Without the mark the next run is the first again.
                _ = place.write(Entry { passed_by: place.run().map(str::to_owned), ..entry.clone() }).await;
                false
            }
        }
    }

    /// Why an entry's object would not be adopted. `None` if it would be, by a create of the same configuration.
    fn refusal(&self, entry: &Entry, owner: Owner) -> Option<Reason> {
        let place = self.0.as_ref()?;
        verdict::refusal(entry, owner, place.origin())
    }
}

fn is_orphan((_, owner): &(Entry, Owner)) -> bool {
    matches!(owner, Owner::Dead | Owner::Unknown)
}
