//! The checksums of a release: a line for each file, as `sha256sum` writes and checks them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::error::{Result, at};

/// The lines of the file with the checksums, in the order of the files.
///
/// # Errors
/// If a file cannot be read.
pub fn lines(directory: &Path, files: &[String]) -> Result<String> {
    let mut lines = String::new();
    for file in files {
        let path = directory.join(file);
        let content = fs::read(&path).map_err(at(&path))?;
        _ = writeln!(lines, "{}  {file}", sha256(&content));
    }
    Ok(lines)
}

/// The SHA-256 of some bytes, as lower-case hexadecimal digits.
#[must_use]
pub fn sha256(content: &[u8]) -> String {
    Sha256::digest(content).iter().fold(String::new(), |mut digits, byte| {
        _ = write!(digits, "{byte:02x}");
        digits
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_what_sha256sum_checks() {
        let directory = tempfile::tempdir().expect("a directory");
        fs::write(directory.path().join("a.zip"), "abc").expect("it can be written");
        let lines = lines(directory.path(), &["a.zip".to_owned()]).expect("it can be read");
        assert_eq!(lines, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a.zip\n");
    }
}
