//! The schema of a provider, as Terraform prints it.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use terraform_plugin_testing::{Cli, Feature, Installation, Workspace, terraform};

use crate::problem::{Problem, at};
use crate::program::{isolate, succeed};
use crate::subject::{Subject, root};

/// What the pages show, and so the schema that is printed has to have.
const SHOWN: [Feature; 2] = [Feature::Queries, Feature::Actions];

/// The host and namespace below which tfplugindocs expects every provider.
const EXPECTED: &str = "registry.terraform.io/hashicorp";

/// Writes the schema into a file, in the form of `terraform providers schema -json`.
pub fn write_schema(subject: &Subject, scratch: &Path, file: &Path) -> Result<(), Problem> {
    let program = subject.program()?;
    let installation = Installation::DevOverride { address: subject.address, program: &program };
    let workspace = Workspace::create(&scratch.join("workspace"), &installation)?;
    workspace.write("");
    let terraform = find()?;
    let printed = succeed(in_workspace(&workspace, &terraform).args(["providers", "schema", "-json"]))?;
    let schemas: Value = serde_json::from_slice(&printed)
        .map_err(|error| Problem::Failed(format!("Terraform printed no schema: {error}")))?;
    let registry = Cli::of(&terraform)?.registry();
    let schema = &schemas["provider_schemas"][format!("{registry}/{}", subject.address)];
    if schema.is_null() {
        return Err(Problem::Failed(format!("Terraform printed no schema of {}.", subject.address)));
    }
    let renamed = format!("{EXPECTED}/{}", subject.name);
    let keyed = json!({ "format_version": schemas["format_version"], "provider_schemas": { renamed: schema } });
    std::fs::write(file, keyed.to_string()).map_err(at(file))
}

/// A Terraform that is new enough: `$TF`, the one on the path, or the newest that is pinned.
fn find() -> Result<PathBuf, Problem> {
    for candidate in [terraform(), PathBuf::from("terraform")] {
        if Cli::of(&candidate).is_ok_and(|cli| SHOWN.iter().all(|feature| feature.is_in(&cli))) {
            return Ok(candidate);
        }
    }
    let script = root().join("tools/terraform.py");
    let fetched = succeed(Command::new("python3").arg(script)).map_err(|problem| {
        let (Problem::Missing(why) | Problem::Failed(why)) = problem;
        Problem::Missing(format!(
            "A CLI with list resources and actions is needed, as Terraform 1.14: set TF to one, or put it on the PATH. None could be \
             fetched.\n{why}"
        ))
    })?;
    Ok(PathBuf::from(String::from_utf8_lossy(&fetched).trim()))
}

/// Terraform with nothing of the user's but what the workspace sets.
fn in_workspace(workspace: &Workspace, terraform: &Path) -> Command {
    let prepared = workspace.program(terraform);
    let mut command = Command::new(terraform);
    isolate(&mut command, workspace.directory()).current_dir(workspace.directory());
    for (name, value) in prepared.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    command
}
