//! The tool of the ecosystem that writes the pages, in the version that `go.mod` pins.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::problem::Problem;
use crate::program::{isolate, succeed};
use crate::subject::{root, target};

/// The program of tfplugindocs.
pub struct Tfplugindocs {
    program: PathBuf,
}

impl Tfplugindocs {
    /// Builds it, or takes what Go has built before.
    pub fn build() -> Result<Self, Problem> {
        if Command::new("go").arg("version").output().is_err() {
            let why =
                "Go is needed, which builds tfplugindocs: https://go.dev/dl. The version is in tools/docs/go.mod.";
            return Err(Problem::Missing(why.to_owned()));
        }
        let programs = target()?.join("docs/programs");
        std::fs::create_dir_all(&programs)?;
        // With a slash at the end it is a directory for all tools of the module.
        let output = programs.join("");
        let mut build = Command::new("go");
        build.current_dir(root().join("tools/docs")).args(["build", "-buildvcs=false", "-o"]).arg(output).arg("tool");
        // What the user's environment adds is for the user's own modules.
        succeed(build.env_remove("GOFLAGS").env("GOWORK", "off")).map_err(|problem| {
            let (Problem::Missing(why) | Problem::Failed(why)) = problem;
            Problem::Missing(format!("tfplugindocs could not be built; Go fetches it the first time.\n{why}"))
        })?;
        Ok(Self { program: programs.join("tfplugindocs") })
    }

    /// Writes `docs` in a directory from its `templates` and `examples`.
    pub fn generate(&self, directory: &Path, name: &str, schema: &Path) -> Result<(), Problem> {
        let title = format!("--rendered-provider-name={name}");
        self.run("generate", directory, name, schema, &[&title])
    }

    /// Checks `docs` in a directory by the rules of the registry.
    pub fn validate(&self, directory: &Path, name: &str, schema: &Path) -> Result<(), Problem> {
        self.run("validate", directory, name, schema, &[])
    }

    fn run(&self, what: &str, directory: &Path, name: &str, schema: &Path, more: &[&str]) -> Result<(), Problem> {
        let mut command = Command::new(&self.program);
        isolate(&mut command, directory).current_dir(directory);
        command.arg(what).arg(format!("--provider-name=terraform-provider-{name}"));
        command.arg("--providers-schema").arg(schema).args(more);
        succeed(&mut command).map(drop)
    }
}
