//! Why the pages could not be written.

use std::io;

/// Why the pages could not be written.
pub enum Problem {
    /// A program that is needed is not on this machine, and what to do about it.
    Missing(String),
    /// Something failed.
    Failed(String),
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Names the file in an error of the file system.
pub fn at(path: &std::path::Path) -> impl FnOnce(io::Error) -> Problem {
    move |error| Problem::Failed(format!("{}: {error}", path.display()))
}
