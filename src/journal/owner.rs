//! The owner of an entry: the process that wrote it, and whether it lives.
//!
//! A process holds a lock for its entries, which dies with it: also when it is killed, and not while it is frozen.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

use super::entry::{Entry, Stage};

/// How often a new lock is tried. Another process may be deleting the file at the same moment.
const TRIES: u32 = 5;

/// The owner of an entry, as this process sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// This very process.
    ThisProcess,
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

/// What the lock of an owner says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lock {
    /// Its process lives.
    Held,
    /// Its process has ended.
    Free,
    /// There is no lock, or it cannot be tried.
    Unknown,
}

/// Who owns an entry. What a process of this run returned, this run has. But what a process that has ended left unanswered, or
/// answered with an error, may be lost for this run too: a program that lives on may run Terraform several times, and not
/// every client keeps the state that comes with an error.
pub(crate) fn owner(entry: &Entry, is_own: bool, this_run: Option<&str>, lock: Lock) -> Owner {
    let is_of_this_run = this_run.is_some() && entry.run.as_deref() == this_run;
    match if entry.locked { lock } else { Lock::Unknown } {
        _ if is_own => Owner::ThisProcess,
        Lock::Free if entry.stage != Stage::Returned => Owner::Dead,
        _ if is_of_this_run => Owner::ThisRun,
        Lock::Held => Owner::Alive,
        Lock::Free => Owner::Dead,
        Lock::Unknown => Owner::Unknown,
    }
}

/// Takes the lock of this process. `None` if files cannot be locked here.
pub(super) fn take_lock(path: &Path) -> Option<File> {
    for _ in 0..TRIES {
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(path).ok()?;
        match file.try_lock() {
            // Before it was locked, another process may have deleted it because no process held it.
            Ok(()) if is_file_at(&file, path) => return Some(file),
            Ok(()) | Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(_)) => return None,
        }
    }
    None
}

/// Asks a lock whether its process lives.
pub(super) fn try_lock(path: &Path) -> Lock {
    // Shared, so that two processes that ask at once do not take each other for the owner.
    match File::open(path).map(|file| file.try_lock_shared()) {
        Ok(Err(TryLockError::WouldBlock)) => Lock::Held,
        Ok(Ok(())) => Lock::Free,
        Ok(Err(TryLockError::Error(_))) | Err(_) => Lock::Unknown,
    }
}

/// Deletes the lock of a process that has ended.
pub(super) fn delete_lock(path: &Path) -> io::Result<()> {
    let file = OpenOptions::new().write(true).open(path)?;
    file.try_lock()?;
    std::fs::remove_file(path)
}

fn is_file_at(file: &File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let same = |one: std::fs::Metadata, other: std::fs::Metadata| one.ino() == other.ino();
        file.metadata().and_then(|one| Ok(same(one, std::fs::metadata(path)?))).unwrap_or_default()
    }
    #[cfg(not(unix))]
    {
        _ = file;
        path.exists()
    }
}

/// The Terraform process that this one serves: its number, and when it and the system started, as numbers are reused.
#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems do not say")]
pub(super) fn this_run() -> Option<String> {
    let parent = parent();
    let stat = std::fs::read_to_string(format!("/proc/{parent}/stat")).unwrap_or_default();
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    Some(format!("{parent}-{}-{}", start_time(&stat), boot.trim()))
}

/// The Terraform process that this one serves, which this system does not say.
#[cfg(not(unix))]
pub(super) fn this_run() -> Option<String> {
    None
}

/// The number of the process that started this one. It changes when that one ends, where the system says it.
pub(super) fn parent() -> u32 {
    #[cfg(unix)]
    return std::os::unix::process::parent_id();
    #[cfg(not(unix))]
    0
}

/// The start time in a line of `/proc/<pid>/stat`: the 20th word after the name of the program, which is in parentheses and
/// may hold anything.
#[cfg(unix)]
fn start_time(stat: &str) -> &str {
    stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(19)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;

    use super::*;

    fn entry(run: &str, stage: Stage, locked: bool) -> Entry {
        let text = json!({
            "version": 1, "type": "t", "name": "n", "configuration": "c", "endpoint": "e", "workspace": "w", "run": run,
        });
        let entry = Entry::read(&text.to_string(), Path::new("a-b.jsonl")).expect("it is an entry");
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
            assert_eq!(owner(&entry, false, Some(this), lock), expected, "{case:?}");
            assert_eq!(owner(&entry, true, Some(this), lock), Owner::ThisProcess, "{case:?}");
        }
        let unidentified = Entry { run: None, ..entry(this, Returned, true) };
        assert_eq!(owner(&unidentified, false, None, Lock::Free), Owner::Dead, "two unknown runs are not one");
    }

    #[cfg(unix)]
    #[test]
    fn a_program_of_any_name_has_a_start_time() {
        let fields = |name: &str| format!("7 ({name}) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20 21");
        assert_eq!(start_time(&fields("terraform")), "4711");
        assert_eq!(start_time(&fields("a) (b c")), "4711");
        assert_eq!(start_time(""), "");
    }
}
