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
//! - A rename replaces what is there, and readers find either file. A program that has a file in use lets go of it within a
//!   second.
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
//! - Where a parent process cannot be identified (Linux without `/proc`), two provider blocks of one run that create the same
//!   under generated names count as two runs, and the second stops; and an object whose create returned to a Terraform that was
//!   killed then is not reported when the provider is configured.

mod claim;
pub(crate) mod entry;
mod open_entry;
mod origin;
pub(crate) mod orphans;
pub(crate) mod owner;
mod place;
mod store;
pub(crate) mod verdict;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use terraform_plugin::ParentProcess;

pub use claim::Claim;
pub use entry::{Entry, Intent};
pub use open_entry::OpenEntry;
pub use origin::Origin;
pub use orphans::{Lookup, Presence, corrupt, ensure_not_created, interrupted, unsaved_creates};
use place::{Object, Place};

/// What a journal needs to know.
pub struct Settings {
    /// Where entries are kept. It is created with the first one.
    pub directory: PathBuf,
    /// Where the creates of this process come from.
    pub origin: Origin,
}

/// The journal of one process.
pub struct Journal(Option<Arc<Place>>);

impl Journal {
    /// The journal in a directory.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self::of_run(settings, ParentProcess::current().identity())
    }

    fn of_run(Settings { directory, origin }: Settings, run: Option<String>) -> Self {
        Self(Some(Arc::new(Place::new(directory, origin, run))))
    }

    /// No journal: nothing is written, nothing is known.
    #[must_use]
    pub fn off() -> Self {
        Self(None)
    }

    /// Writes down what is about to be created.
    ///
    /// # Errors
    /// If it cannot be written, with the directory; once in a process, as the reason is the same for all.
    pub async fn begin(&self, intent: &Intent<'_>) -> Result<Option<OpenEntry>, (PathBuf, io::Error)> {
        let Some(place) = &self.0 else { return Ok(None) };
        match place.create(intent).await {
            Ok(entry) => Ok(Some(OpenEntry::new(place, entry))),
            Err(_) if place.has_complained() => Ok(None),
            Err(error) => Err((place.directory().to_owned(), error)),
        }
    }

    /// Forgets an object of an earlier run that was found in a state. Called by every operation that is given a state, once
    /// the API found its object: a state alone does not prove that the object still exists. Names are unique, so a create
    /// that never learned its id created this object or none.
    pub async fn confirm_saved(&self, type_name: &str, id: &str, name: Option<&str>) {
        let Some(place) = &self.0 else { return };
        place.settle(type_name, Object::Id(id.to_owned())).await;
        if let Some(name) = name {
            place.settle(type_name, Object::Name(name.to_owned())).await;
        }
    }

    /// Forgets an object of an earlier run whose absence is proved.
    pub async fn confirm_absent(&self, type_name: &str, id: &str) {
        if let Some(place) = &self.0 {
            place.settle(type_name, Object::Id(id.to_owned())).await;
        }
    }
}

#[cfg(test)]
mod tests;
