//! The files of a directory.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// All files below a directory, by their paths in it, in order.
///
/// # Errors
/// If a directory cannot be listed.
pub fn files_below(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    collect(directory, Path::new(""), &mut found)?;
    found.sort();
    Ok(found)
}

fn collect(root: &Path, below: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(below))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        if entry.path().is_dir() {
            collect(root, &path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_in_every_directory() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let found = files_below(&root).expect("it can be listed");
        let place = |path: &str| found.iter().position(|file| file == Path::new(path)).expect("it is there");
        assert!(place("files.rs") < place("pages/mod.rs") && place("pages/mod.rs") < place("workspace.rs"));
        assert!(found.iter().all(|file| root.join(file).is_file()));
        assert!(files_below(&root.join("none")).is_err());
    }
}
