//! The claim of a create: what the entries of earlier runs mean for it.

use tokio_util::sync::CancellationToken;

use super::Journal;
use super::entry::{Entry, Intent};
use super::open_entry::OpenEntry;
use super::owner::Grace;
use super::place::Survey;
use super::store::Corrupt;
use super::verdict::{Reason, Verdict, judge, may_be_adopted};

/// What the journal knows about a create that is about to happen.
pub enum Claim {
    /// Nothing: the object is to be created.
    Fresh,
    /// The object of an earlier run, or at least its name. Its entry belongs to this process now.
    Adopt(Box<Entry>, OpenEntry),
    /// Objects that may be the wanted one. [`ensure_not_created`](super::ensure_not_created) decides whether the create may go on.
    Stop(Stops),
}

/// What stops a create, unless its absence is proved.
#[derive(Debug)]
pub struct Stops {
    pub(super) entries: Vec<(Entry, Reason)>,
    pub(super) corrupt: Vec<Corrupt>,
}

impl Journal {
    /// Whether a create of this type under a generated name may adopt what an earlier run created under another one.
    pub async fn may_adopt_generated(&self, type_name: &str) -> bool {
        let Some(place) = &self.0 else { return false };
        place.entries_of(type_name).await.iter().any(|(entry, owner)| entry.generated && may_be_adopted(entry, *owner))
    }

    /// Whether the claim of this create would adopt an object of another name.
    pub async fn would_rename(&self, intent: &Intent<'_>) -> bool {
        let Some(place) = &self.0 else { return false };
        let entries = place.entries_of(intent.type_name).await;
        let adopts = |entry: &Entry, owner| judge(entry, owner, intent, place.origin()) == Verdict::Adopt;
        entries.iter().any(|(entry, owner)| entry.name != intent.name && adopts(entry, *owner))
    }

    /// Claims what is about to be created: adopts it if an earlier run created it, or says what stops the create. An earlier
    /// run that is just dying is waited for, until `stop`.
    pub async fn claim(&self, intent: &Intent<'_>, stop: &CancellationToken) -> Claim {
        let Some(place) = &self.0 else { return Claim::Fresh };
        let grace = Grace::begin();
        loop {
            let Survey { entries, corrupt } = place.survey().await;
            let mut stops = Stops { entries: Vec::new(), corrupt };
            stops.corrupt.retain(|corrupt| corrupt.may_concern(intent));
            for (entry, owner) in entries {
                match judge(&entry, owner, intent, place.origin()) {
                    Verdict::Unrelated => {}
                    Verdict::Stop(reason) => stops.entries.push((entry, reason)),
                    Verdict::Adopt => match place.adopt(entry.clone()).await {
                        Ok(Some(adopted)) => {
                            return Claim::Adopt(Box::new(entry), OpenEntry::new(place, adopted));
                        }
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
            if !dying || !grace.lasts(stop).await {
                return if stops.entries.is_empty() && stops.corrupt.is_empty() {
                    Claim::Fresh
                } else {
                    Claim::Stop(stops)
                };
            }
        }
    }
}
