//! The providers that have pages.

use std::path::{Path, PathBuf};

use terraform_plugin_testing::program_next_to_examples;

use crate::problem::Problem;

/// A provider that has pages.
pub struct Subject {
    /// Its name in configurations.
    pub name: &'static str,
    /// Its address in the registry.
    pub address: &'static str,
    /// Its program, in the directory of the build.
    program: &'static str,
    /// The directory with its `templates` and `examples`, in the repository.
    sources: &'static str,
    /// Whether its pages are committed, in `docs` beside its `examples`. Others stay in the target directory.
    pub is_committed: bool,
}

/// The provider itself, and the examples of the framework: the one that uses everything, and the one to be copied.
const SUBJECTS: [Subject; 3] = [
    Subject {
        name: "tensorpool",
        address: "tensorpool/tensorpool",
        program: "terraform-provider-tensorpool",
        sources: "",
        is_committed: true,
    },
    Subject {
        name: "notes",
        address: "example/notes",
        program: "terraform-provider-notes",
        sources: "crates/terraform-plugin/examples/terraform-provider-notes",
        is_committed: false,
    },
    Subject {
        name: "zones",
        address: "example/zones",
        program: "terraform-provider-zones",
        sources: "crates/terraform-plugin/examples/terraform-provider-zones",
        is_committed: true,
    },
];

impl Subject {
    /// The provider of this name.
    pub fn of(name: &str) -> Result<&'static Self, Problem> {
        let found = SUBJECTS.iter().find(|subject| subject.name == name);
        found.ok_or_else(|| {
            let names = SUBJECTS.map(|subject| subject.name).join(", ");
            Problem::Failed(format!("There is no provider {name:?}. There are {names}."))
        })
    }

    /// The program that was built.
    pub fn program(&self) -> Result<PathBuf, Problem> {
        let program = program_next_to_examples(self.program)?;
        if program.exists() {
            return Ok(program);
        }
        Err(Problem::Failed(format!("{} was not built. `make docs` builds it.", self.program)))
    }

    /// What the pages are made from: a directory of the repository.
    pub fn source(&self, directory: &str) -> PathBuf {
        root().join(self.sources).join(directory)
    }

    /// The directory for what is generated, in the target directory of this build.
    pub fn scratch(&self) -> Result<PathBuf, Problem> {
        Ok(target()?.join("docs").join(self.name))
    }

    /// The directory for the preview.
    pub fn preview(&self) -> Result<PathBuf, Problem> {
        Ok(target()?.join("docs/preview").join(self.name))
    }
}

/// The repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The target directory of this build.
pub fn target() -> Result<PathBuf, Problem> {
    // The programs are in target/<profile>.
    let profile = program_next_to_examples("")?;
    profile.parent().map(Path::to_path_buf).ok_or_else(|| Problem::Failed("there is no target directory".to_owned()))
}
