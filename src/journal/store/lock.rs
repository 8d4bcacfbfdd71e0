//! The locks of processes.
//!
//! A process holds a lock for its entries, which dies with it: also when it is killed, and not while it is frozen. Windows may
//! need a moment for that, in which the process counts as one that is just dying.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

use super::files::patiently;

/// How often a new lock is tried. Another process may be deleting the file at the same moment.
const TRIES: u32 = 3;

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
        let mut options = OpenOptions::new();
        let file = patiently(|| options.write(true).create(true).truncate(false).open(path)).ok()?;
        match wait_for(&file) {
            // Before it was locked, another process may have deleted it because no process held it. Only this process creates
            // files of this name, so what is there is this one.
            Ok(()) if path.exists() => return Some(file),
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(_) => return None,
        }
    }
    None
}

/// Asks a lock whether its process lives.
pub(super) fn state(path: &Path) -> Lock {
    let Ok(file) = patiently(|| File::open(path)) else { return Lock::Unknown };
    // Shared, so that two processes that ask at once do not take each other for the owner.
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Lock::Held,
        Err(TryLockError::Error(_)) => Lock::Unknown,
        Ok(()) => {
            // At once: Windows takes its time with a lock whose file is only closed.
            _ = file.unlock();
            Lock::Free
        }
    }
}

/// Deletes the lock of a process that has ended.
pub(super) fn delete(path: &Path) -> io::Result<()> {
    let file = OpenOptions::new().write(true).open(path)?;
    file.try_lock()?;
    patiently(|| std::fs::remove_file(path))
}

/// Locks a file that is to be renamed, so that of all processes that want to, one can: on Windows two renames of one file can
/// both succeed, the second from the new name. `None` if the file is gone.
pub(super) fn hold(path: &Path) -> io::Result<Option<File>> {
    let file = match patiently(|| OpenOptions::new().write(true).open(path)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    match wait_for(&file) {
        // Where files cannot be locked the rename decides, and only Windows lets two succeed.
        Err(error) if cfg!(windows) || error.kind() == io::ErrorKind::WouldBlock => return Err(error),
        _ => {}
    }
    // Whoever held it before has renamed it. That this cannot be asked must not mean that nothing has to be adopted.
    Ok(path.try_exists()?.then_some(file))
}

/// Locks a file that another process may hold for a moment.
fn wait_for(file: &File) -> io::Result<()> {
    patiently(|| file.try_lock().map_err(io::Error::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_held_until_its_file_is_closed_and_asking_does_not_take_it() {
        let directory = tempfile::TempDir::new().expect("it can be created");
        let path = directory.path().join("owner.lock");
        assert_eq!(state(&path), Lock::Unknown);
        let lock = take(&path).expect("files can be locked here");
        assert_eq!([state(&path), state(&path)], [Lock::Held, Lock::Held]);
        assert!(delete(&path).is_err(), "its process lives");
        drop(lock);
        let begin = std::time::Instant::now();
        while state(&path) != Lock::Free {
            assert!(begin.elapsed() < std::time::Duration::from_secs(5), "it is never free");
        }
        assert_eq!(state(&path), Lock::Free);
        delete(&path).expect("its process has ended");
        assert_eq!(state(&path), Lock::Unknown);
    }

    #[test]
    fn a_file_is_held_by_one_at_a_time_and_gone_for_the_next_once_it_is_renamed() {
        let directory = tempfile::TempDir::new().expect("it can be created");
        let (path, renamed) = (directory.path().join("a.json"), directory.path().join("b.json"));
        std::fs::write(&path, "entry").expect("it can be written");
        let held = hold(&path).expect("it can be locked");
        assert!(held.is_some());
        assert!(hold(&path).is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock));
        std::thread::scope(|scope| {
            let next = scope.spawn(|| hold(&path).expect("it is free in time"));
            // It waits for the lock of the file that it has opened.
            std::thread::sleep(std::time::Duration::from_millis(100));
            std::fs::rename(&path, &renamed).expect("it can be renamed while it is held");
            drop(held);
            assert!(next.join().expect("it does not panic").is_none());
        });
        assert!(hold(&path).expect("it can be asked for").is_none());
    }
}
