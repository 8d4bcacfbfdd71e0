//! The locks of processes.
//!
//! A process holds a lock for its entries, which dies with it: also when it is killed, and not while it is frozen.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

/// How often a new lock is tried. Another process may be deleting the file at the same moment.
const TRIES: u32 = 5;

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

/// Takes the lock of this process. `None` if files cannot be locked here.
pub(super) fn take(path: &Path) -> Option<File> {
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
pub(super) fn state(path: &Path) -> Lock {
    // Shared, so that two processes that ask at once do not take each other for the owner.
    match File::open(path).map(|file| file.try_lock_shared()) {
        Ok(Err(TryLockError::WouldBlock)) => Lock::Held,
        Ok(Ok(())) => Lock::Free,
        Ok(Err(TryLockError::Error(_))) | Err(_) => Lock::Unknown,
    }
}

/// Deletes the lock of a process that has ended.
pub(super) fn delete(path: &Path) -> io::Result<()> {
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
