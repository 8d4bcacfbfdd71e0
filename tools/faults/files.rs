//! Directories and what is in them.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// All files below a directory.
pub fn all(directory: &Path) -> Vec<PathBuf> {
    let (mut directories, mut found) = (vec![directory.to_owned()], Vec::new());
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).into_iter().flatten().filter_map(Result::ok) {
            let path = entry.path();
            if path.is_dir() { directories.push(path) } else { found.push(path) }
        }
    }
    found
}

/// Copies a directory with everything in it.
pub fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let Some(name) = path.file_name() else { continue };
        if path.is_dir() {
            copy(&path, &to.join(name))?;
        } else {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

/// Everything in a plan file, which is a compressed archive. One that a kill cut off is searched as it is.
pub fn unpacked(plan: Vec<u8>) -> Vec<u8> {
    let Ok(mut archive) = zip::ZipArchive::new(io::Cursor::new(&plan)) else { return plan };
    let mut bytes = Vec::new();
    for index in 0..archive.len() {
        if let Ok(mut file) = archive.by_index(index) {
            _ = file.read_to_end(&mut bytes);
        }
    }
    bytes
}
