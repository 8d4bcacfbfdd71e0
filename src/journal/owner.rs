//! The owner of an entry: the process that wrote it, and whether it lives.
//!
//! The process is identified by its lock, and the Terraform that it serves by what the framework says of the parent process.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::entry::{Entry, Stage};
pub(crate) use super::store::Lock;

/// A provider whose Terraform was killed ends within five seconds, and mostly at once. The next create of the same object
/// waits for that.
const DYING_LIMIT: Duration = Duration::from_secs(8);
const DYING_STEP: Duration = Duration::from_millis(200);

/// The owner of an entry, as this process sees it, which reads none of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// Another process of the Terraform run that this process serves, for example that of another provider alias. What it
    /// answered is in the hands of a Terraform that lives.
    ThisRun,
    /// A process of another run, which lives or is frozen.
    Alive,
    /// A process that has ended.
    Dead,
    /// It cannot be determined.
    Unknown,
}

/// Who owns an entry. What a process of this run returned, this run has. But what a process that has ended left unanswered, or
/// answered with an error, may be lost for this run too: a program that lives on may run Terraform several times, and not
/// every client keeps the state that comes with an error.
pub(crate) fn owner(entry: &Entry, this_run: Option<&str>, lock: Lock) -> Owner {
    let is_of_this_run = this_run.is_some() && entry.run.as_deref() == this_run;
    match if entry.locked { lock } else { Lock::Unknown } {
        Lock::Free if entry.stage != Stage::Returned => Owner::Dead,
        _ if is_of_this_run => Owner::ThisRun,
        Lock::Held => Owner::Alive,
        Lock::Free => Owner::Dead,
        Lock::Unknown => Owner::Unknown,
    }
}

/// The wait for a run that is in the middle of a create, as it may be just dying.
pub(super) struct Grace {
    end: Instant,
}

impl Grace {
    pub fn begin() -> Self {
        Self { end: Instant::now() + DYING_LIMIT }
    }

    /// Waits a moment. Returns false if the time is over or the user stopped the operation.
    pub async fn lasts(&self, stop: &CancellationToken) -> bool {
        if Instant::now() >= self.end {
            return false;
        }
        tokio::select! {
            biased;
            () = stop.cancelled() => false,
            () = tokio::time::sleep(DYING_STEP) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;

    use super::*;
    use crate::journal::store::format;

    fn entry(run: &str, stage: Stage, locked: bool) -> Entry {
        let text = json!({
            "version": 1, "type": "t", "name": "n", "configuration": "c", "endpoint": "e", "workspace": "w", "run": run,
        });
        let entry = format::read(&text.to_string(), Path::new("a-b.jsonl")).expect("it is an entry");
        Entry { locked, stage, ..entry }
    }

    #[test]
    fn the_lock_says_whether_the_owner_lives() {
        use Stage::{Failed, Returned, Unanswered};
        let (this, other) = ("1-5-b", "1-4-b");
        let cases = [
            (entry(other, Unanswered, true), Lock::Held, Owner::Alive),
            (entry(other, Returned, true), Lock::Held, Owner::Alive),
            (entry(other, Unanswered, true), Lock::Free, Owner::Dead),
            (entry(other, Returned, true), Lock::Free, Owner::Dead),
            (entry(other, Unanswered, true), Lock::Unknown, Owner::Unknown),
            // It says itself that its lock means nothing.
            (entry(other, Unanswered, false), Lock::Free, Owner::Unknown),
            (entry(other, Unanswered, false), Lock::Held, Owner::Unknown),
            // A run that lives has what was answered to it, also by a process that has ended since.
            (entry(this, Unanswered, true), Lock::Held, Owner::ThisRun),
            (entry(this, Returned, true), Lock::Free, Owner::ThisRun),
            (entry(this, Returned, false), Lock::Free, Owner::ThisRun),
            // What was never answered, no run has; and what was answered with an error, not every client keeps.
            (entry(this, Unanswered, true), Lock::Free, Owner::Dead),
            (entry(this, Failed, true), Lock::Free, Owner::Dead),
        ];
        for (entry, lock, expected) in cases {
            let case = (entry.run.clone(), entry.stage, entry.locked, lock);
            assert_eq!(owner(&entry, Some(this), lock), expected, "{case:?}");
        }
        let unidentified = Entry { run: None, ..entry(this, Returned, true) };
        assert_eq!(owner(&unidentified, None, Lock::Free), Owner::Dead, "two unknown runs are not one");
    }
}
