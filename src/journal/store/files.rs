//! What the journal needs of a file system in addition to the standard library: files that are whole and survive a crash, and
//! patience with other programs.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;

/// For how long a file that is in use is tried again: a virus scanner reads what was written, and then it is free.
const PATIENCE: Duration = Duration::from_secs(1);
const STEP: Duration = Duration::from_millis(10);

/// All files of a directory; none if there is no directory yet.
pub fn list(directory: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(directory) {
        Ok(files) => files.map(|file| Ok(file?.path())).collect(),
        // Nothing was ever written there, or nothing can be, which the next create warns of.
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Creates a directory and its parents. The name of a new directory is only certain to be there when its parent is synced.
pub fn create_directory(directory: &Path) -> io::Result<()> {
    let missing: Vec<_> = directory.ancestors().take_while(|path| !is_current(path) && !path.exists()).collect();
    fs::create_dir_all(directory)?;
    missing.into_iter().filter_map(Path::parent).try_for_each(sync)
}

/// Whether this is the empty parent of a relative path.
fn is_current(path: &Path) -> bool {
    path.as_os_str().is_empty()
}

/// A new file with this text, synced. On Unix it is for this user alone; on Windows it is for those for whom its directory is. It
/// is deleted when it is dropped.
pub fn temporary(directory: &Path, prefix: &str, text: &str) -> io::Result<NamedTempFile> {
    // Opened here, as `tempfile` marks its files as temporary on Windows, and takes that back by a call that fails on long paths.
    let open = |path: &Path| {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path)
    };
    let mut file = tempfile::Builder::new().prefix(prefix).suffix(".tmp").make_in(directory, open)?;
    file.write_all(text.as_bytes())?;
    tolerant(file.as_file().sync_all())?;
    Ok(file)
}

/// Renames a temporary file, also over one that is there, so that each reader finds a whole one.
pub fn persist(file: NamedTempFile, path: &Path) -> io::Result<()> {
    let (file, mut temporary) = file.into_parts();
    // By the standard library, which can replace on Windows what another process is just reading.
    patiently(|| fs::rename(&temporary, path))?;
    temporary.disable_cleanup(true);
    if cfg!(windows) {
        // Directories cannot be synced there, but the sync of a file includes its name.
        return tolerant(file.sync_all());
    }
    path.parent().map_or(Ok(()), sync)
}

/// Puts the names in a directory on the disk, except on Windows.
pub fn sync(directory: &Path) -> io::Result<()> {
    if cfg!(windows) {
        return Ok(());
    }
    let directory = if is_current(directory) { Path::new(".") } else { directory };
    tolerant(File::open(directory)?.sync_all())
}

/// A file system that cannot sync, for example a network share of macOS, is no reason to go without an entry: a kill of the
/// process, which the journal is for, takes nothing of what was written.
fn tolerant(synced: io::Result<()>) -> io::Result<()> {
    match synced {
        Err(error) if cannot_sync(error.kind(), error.raw_os_error()) => Ok(()),
        synced => synced,
    }
}

fn cannot_sync(kind: io::ErrorKind, code: Option<i32>) -> bool {
    // ENOTTY and ENOTSUP of macOS, ERROR_INVALID_FUNCTION and ERROR_NOT_SUPPORTED of Windows: the standard library has no kind
    // for them.
    let of_macos = cfg!(target_vendor = "apple") && matches!(code, Some(25 | 45));
    let of_windows = cfg!(windows) && matches!(code, Some(1 | 50));
    of_macos || of_windows || matches!(kind, io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput)
}

/// Tries again for a while what fails only because another process has the file in use.
pub fn patiently<T>(mut attempt: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    let end = Instant::now() + PATIENCE;
    loop {
        match attempt() {
            Err(error) if is_in_use(error.kind(), error.raw_os_error()) && Instant::now() < end => thread::sleep(STEP),
            result => return result,
        }
    }
}

/// Whether another process has a file in use. Windows does not let a file be opened, renamed or deleted while a program that is
/// not prepared for that reads it, and calls that also access denied.
fn is_in_use(kind: io::ErrorKind, code: Option<i32>) -> bool {
    // ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION.
    let on_windows = cfg!(windows) && matches!(code, Some(5 | 32 | 33));
    on_windows || kind == io::ErrorKind::WouldBlock
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_use_is_tried_again_and_every_other_failure_is_not() {
        for (kind, expected) in [(io::ErrorKind::WouldBlock, 3), (io::ErrorKind::NotFound, 1)] {
            let mut attempts = 0;
            let result = patiently(|| {
                attempts += 1;
                if attempts < 3 { Err(io::Error::from(kind)) } else { Ok(()) }
            });
            assert_eq!((attempts, result.is_ok()), (expected, expected == 3), "{kind:?}");
        }
    }

    #[test]
    fn patience_ends() {
        let begin = Instant::now();
        assert!(patiently(|| Err::<(), _>(io::Error::from(io::ErrorKind::WouldBlock))).is_err());
        assert!((PATIENCE..PATIENCE * 5).contains(&begin.elapsed()), "{:?}", begin.elapsed());
    }

    #[test]
    fn codes_are_read_as_those_of_this_system() {
        let other = io::ErrorKind::Other;
        for code in [5, 32, 33] {
            assert_eq!(is_in_use(other, Some(code)), cfg!(windows), "{code}");
        }
        for code in [25, 45] {
            assert_eq!(cannot_sync(other, Some(code)), cfg!(target_vendor = "apple"), "{code}");
        }
        for code in [1, 50] {
            assert_eq!(cannot_sync(other, Some(code)), cfg!(windows), "{code}");
        }
        assert!(!is_in_use(other, Some(2)) && !cannot_sync(other, Some(2)));
        assert!(cannot_sync(io::ErrorKind::Unsupported, None) && !cannot_sync(io::ErrorKind::StorageFull, None));
    }

    /// Windows refuses this to a program that renames as it always did there.
    #[test]
    fn a_file_is_replaced_while_it_is_read() {
        let directory = tempfile::TempDir::new().expect("it can be created");
        let path = directory.path().join("entry.json");
        let write = |text| persist(temporary(directory.path(), "x-", text).expect("it can be written"), &path);
        write("one").expect("it can be put there");
        let reader = File::open(&path).expect("it is there");
        write("two").expect("it can be replaced");
        assert_eq!(io::read_to_string(reader).expect("it is still open"), "one");
        assert_eq!(fs::read_to_string(&path).expect("it is there"), "two");
        let reader = File::open(&path).expect("it is there");
        patiently(|| fs::remove_file(&path)).expect("it can be deleted");
        assert!(!path.exists(), "its name is free at once");
        drop(reader);
        assert_eq!(list(directory.path()).expect("it can be listed"), [] as [PathBuf; 0], "nothing temporary is left");
    }

    #[test]
    fn a_path_may_be_longer_than_windows_used_to_allow() {
        let directory = tempfile::TempDir::new().expect("it can be created");
        let deep = directory.path().join("a".repeat(120)).join("b".repeat(120));
        create_directory(&deep).expect("it can be created");
        let path = deep.join("entry.json");
        persist(temporary(&deep, "x-", "one").expect("it can be written"), &path).expect("it can be put there");
        assert_eq!(fs::read_to_string(&path).expect("it is there"), "one");
        patiently(|| fs::remove_file(&path)).expect("it can be deleted");
    }
}
