//! What the journal needs of a file system in addition to the standard library: names that survive a crash.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

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

/// Puts the names in a directory on the disk, where the system allows that.
pub fn sync(directory: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        let directory = if is_current(directory) { Path::new(".") } else { directory };
        File::open(directory)?.sync_all()
    }
    #[cfg(not(unix))]
    {
        _ = directory;
        Ok(())
    }
}
