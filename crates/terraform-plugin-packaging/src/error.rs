//! Why a release could not be made.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

/// What goes wrong says what it was.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a release could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A program could not be started, mostly because it is not installed.
    #[error("{program} cannot be run: {source}{}", hint(program))]
    NotStarted {
        /// The program with its first argument.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// A program failed.
    #[error("{program} failed ({status}):\n{printed}")]
    Failed {
        /// The program with its first argument.
        program: String,
        /// How it ended.
        status: ExitStatus,
        /// What it printed.
        printed: String,
    },
    /// What a program printed, or what stands in a file, is not what it should be.
    #[error("{what}: {why}")]
    Unexpected {
        /// The file or program.
        what: String,
        /// What is wrong with it.
        why: String,
    },
    /// The version that was asked for is not the one that is in the sources.
    #[error("version {wanted} was asked for, but {file} says {found}")]
    Version {
        /// The version that was asked for.
        wanted: String,
        /// The file that says otherwise.
        file: &'static str,
        /// What it says.
        found: String,
    },
    /// A release has a date.
    #[error(
        "CHANGELOG.md says that {0} is unreleased: a release needs its date in that heading, such as `## {0} (December 1, 2026)`"
    )]
    Unreleased(String),
    /// The program names folders of this machine.
    #[error("{} names folders of the machine that built it:\n{}", program.display(), paths.join("\n"))]
    PathsOfTheMachine {
        /// The program.
        program: PathBuf,
        /// The texts in it that name a folder.
        paths: Vec<String>,
    },
    /// Something that a release needs is not there.
    #[error("a release needs {0}")]
    Incomplete(String),
    /// There is nothing to pack.
    #[error("there is no program below {}: build one first", .0.display())]
    NothingBuilt(PathBuf),
    /// Terraform verifies signatures of these kinds of keys alone.
    #[error("the key is of algorithm {0}, but Terraform verifies only signatures of RSA and DSA keys")]
    KeyAlgorithm(String),
}

/// How a program is installed.
fn hint(program: &str) -> &'static str {
    match program.split(' ').next() {
        Some("gpg" | "gpgconf") => ". It is in the package gnupg of most systems",
        Some("cargo-auditable" | "cargo-cyclonedx") => ". `make package-tools` installs it below target/",
        _ => "",
    }
}

/// Names the file in an error of the file system.
pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> Error {
    move |source| Error::File { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_not_there_is_named_with_the_way_to_install_it() {
        for (program, expected) in [
            ("gpg --import", "gpg --import cannot be run: gone. It is in the package gnupg of most systems"),
            (
                "cargo-auditable auditable",
                "cargo-auditable auditable cannot be run: gone. `make package-tools` installs it below target/",
            ),
            ("rustc", "rustc cannot be run: gone"),
        ] {
            let error = Error::NotStarted { program: program.to_owned(), source: io::Error::other("gone") };
            assert_eq!(error.to_string(), expected);
        }
    }
}
