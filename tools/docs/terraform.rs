//! The schema of a provider, as Terraform prints it.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use terraform_plugin_testing::{Installation, Workspace, parse_version, terraform};

use crate::problem::{Problem, at};
use crate::program::{isolate, succeed};
use crate::subject::{Subject, root};

/// The oldest Terraform whose schemas have list resources and actions.
const OLDEST: (u64, u64) = (1, 14);

/// The host and namespace below which tfplugindocs expects every provider.
const EXPECTED: &str = "registry.terraform.io/hashicorp";

/// Writes the schema into a file, in the form of `terraform providers schema -json`.
pub fn write_schema(subject: &Subject, scratch: &Path, file: &Path) -> Result<(), Problem> {
    let program = subject.program()?;
    let installation = Installation::DevOverride { address: subject.address, program: &program };
    let workspace = Workspace::create(&scratch.join("workspace"), &installation)?;
    workspace.write("");
    let terraform = find(&workspace)?;
    let printed = succeed(in_workspace(&workspace, &terraform).args(["providers", "schema", "-json"]))?;
    let schemas: Value = serde_json::from_slice(&printed)
        .map_err(|error| Problem::Failed(format!("Terraform printed no schema: {error}")))?;
    let schema = &schemas["provider_schemas"][format!("registry.terraform.io/{}", subject.address)];
    if schema.is_null() {
        return Err(Problem::Failed(format!("Terraform printed no schema of {}.", subject.address)));
    }
    let renamed = format!("{EXPECTED}/{}", subject.name);
    let keyed = json!({ "format_version": schemas["format_version"], "provider_schemas": { renamed: schema } });
    std::fs::write(file, keyed.to_string()).map_err(at(file))
}

/// A Terraform that is new enough: `$TF`, the one on the path, or the newest that is pinned.
fn find(workspace: &Workspace) -> Result<PathBuf, Problem> {
    for candidate in [terraform(), PathBuf::from("terraform")] {
        if version(workspace, &candidate).is_some_and(|version| version >= OLDEST) {
            return Ok(candidate);
        }
    }
    let script = root().join("tools/terraform.py");
    let fetched = succeed(Command::new("python3").arg(script)).map_err(|problem| {
        let (Problem::Missing(why) | Problem::Failed(why)) = problem;
        let (major, minor) = OLDEST;
        Problem::Missing(format!(
            "Terraform {major}.{minor} or later is needed: set TF to one, or put it on the PATH. None could be fetched.\n{why}"
        ))
    })?;
    Ok(PathBuf::from(String::from_utf8_lossy(&fetched).trim()))
}

/// The major and minor version; `None` if there is no such program.
fn version(workspace: &Workspace, terraform: &Path) -> Option<(u64, u64)> {
    let printed = succeed(in_workspace(workspace, terraform).args(["version", "-json"])).ok()?;
    let printed: Value = serde_json::from_slice(&printed).ok()?;
    parse_version(printed["terraform_version"].as_str()?)
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
