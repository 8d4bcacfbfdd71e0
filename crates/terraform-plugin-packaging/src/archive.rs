//! The archive of one platform: the program and the documents that belong to it. The same content gives the same bytes, on
//! every machine and at every time.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::error::{Error, Result, at};

/// A file of an archive.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Its name in the archive.
    pub name: &'a str,
    /// The file that it is.
    pub source: &'a Path,
    /// Whether it is a program.
    pub is_program: bool,
}

/// Writes an archive.
///
/// # Errors
/// If a file cannot be read, or the archive cannot be written.
pub fn write(path: &Path, entries: &[Entry<'_>]) -> Result<()> {
    let file = File::create(path).map_err(at(path))?;
    let mut archive = ZipWriter::new(file);
    for entry in entries {
        let content = fs::read(entry.source).map_err(at(entry.source))?;
        archive.start_file(entry.name, options(entry.is_program)).map_err(|error| unwritten(path, error))?;
        archive.write_all(&content).map_err(at(path))?;
    }
    let mut file = archive.finish().map_err(|error| unwritten(path, error))?;
    file.flush().map_err(at(path))
}

/// The earliest time that the format knows stands for every file: nothing of an archive depends on when it was made.
fn options(is_program: bool) -> SimpleFileOptions {
    let mode = if is_program { 0o755 } else { 0o644 };
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(DateTime::default())
        .unix_permissions(mode)
}

fn unwritten(path: &Path, error: zip::result::ZipError) -> Error {
    Error::File { path: path.to_owned(), source: io::Error::other(error) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_is_the_same_at_every_time_and_its_program_can_be_executed() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = |name: &str| directory.path().join(name);
        let program = path("program");
        fs::write(&program, "#!/bin/sh\n").expect("it can be written");
        let make = |name: &str| {
            let entry = |is_program, name| Entry { name, source: &program, is_program };
            write(&path(name), &[entry(true, "p_v1.0.0"), entry(false, "LICENSE")]).map(|()| fs::read(path(name)))
        };
        let first = make("a.zip").expect("it is written").expect("it can be read");
        let newer = std::time::SystemTime::now() + std::time::Duration::from_hours(24);
        File::options().write(true).open(&program).and_then(|file| file.set_modified(newer)).expect("it is set");
        let second = make("b.zip").expect("it is written").expect("it can be read");
        assert!(first == second, "the archives differ");

        let mut archive = zip::ZipArchive::new(io::Cursor::new(first)).expect("it is an archive");
        let mut modes = Vec::new();
        for index in 0..archive.len() {
            let file = archive.by_index(index).expect("it is there");
            let name = file.name().expect("it is text").into_owned();
            modes.push((name, file.unix_mode().map(|mode| mode & 0o777)));
        }
        assert_eq!(modes, [("p_v1.0.0".to_owned(), Some(0o755)), ("LICENSE".to_owned(), Some(0o644))]);
    }
}
