//! cdktn, the successor of CDK for Terraform: typed constructs are generated from the schema of the provider, and a program
//! with them is compiled strictly, synthesised, applied, planned and destroyed.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use crate::problem::{Problem, expect};
use crate::program::{run as run_program, succeed};
use crate::session::Session;
use crate::{client, installed};

/// The sources of the program.
const FILES: [&str; 3] =
    ["tests/clients/cdktn/main.ts", "tests/clients/cdktn/tsconfig.json", "tests/clients/cdktn/cdktf.json"];
/// Where the synthesised stack is.
const STACK: &str = "-chdir=cdktf.out/stacks/training";
/// `terraform providers lock` asks the registry even where a mirror has the provider.
const OFFLINE: [&str; 2] = ["--auto-approve", "--skip-provider-lock"];

pub fn run() -> Result<(), Problem> {
    let node = installed::node()?;
    let modules = installed::npm("cdktn", "tests/clients/cdktn")?;
    let session = client::session("cdktn", &FILES)?;
    symlink(modules, session.path("node_modules"))?;
    let program = |name: &str| program(&session, node.as_deref(), name);

    succeed(program("cdktn")?.arg("get"))?;
    succeed(&mut program("tsc")?)?;
    succeed(program("cdktn")?.arg("deploy").args(OFFLINE))?;
    expect_everything(&session)?;
    let planned =
        run_program(&mut terraform(&session, &[STACK, "plan", "-input=false", "-no-color", "-detailed-exitcode"]))?;
    expect(planned.code == Some(0), || format!("the plan after the apply is not empty:\n{}", planned.text))?;
    succeed(program("cdktn")?.arg("destroy").args(OFFLINE))?;
    session.expect_empty_cloud()
}

/// A program of the installed packages.
fn program(session: &Session, node: Option<&Path>, name: &str) -> Result<Command, Problem> {
    let mut command = session.program(session.path("node_modules/.bin").join(name));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = node.map(Path::to_owned).into_iter().chain(std::env::split_paths(&path));
    let path = std::env::join_paths(path).map_err(|error| Problem::Failed(error.to_string()))?;
    command
        .env("PATH", path)
        .env("TERRAFORM_BINARY_NAME", terraform_plugin_testing::terraform())
        // Otherwise it would write into the home directory.
        .env("CDKTF_HOME", session.path("home"))
        .env("CDKTF_DISABLE_PLUGIN_CACHE_ENV", "true")
        .env("CI", "true")
        // It works in several directories, each with data of its own.
        .env_remove("TF_DATA_DIR");
    Ok(command)
}

/// Terraform in the directory of the stack.
fn terraform(session: &Session, arguments: &[&str]) -> Command {
    let mut command = session.command(arguments);
    command.env_remove("TF_DATA_DIR");
    command
}

/// Checks that the cloud has what the program declares.
fn expect_everything(session: &Session) -> Result<(), Problem> {
    let cloud = &session.cloud;
    let clusters: Vec<_> =
        cloud.clusters().into_iter().map(|one| (one.name, one.num_nodes, one.public_keys.len())).collect();
    let volumes: Vec<_> = cloud.volumes().into_iter().map(|one| (one.name, one.attached_clusters.len())).collect();
    let is_right = clusters == [("train".to_owned(), 2, 1)]
        && volumes == [("data".to_owned(), 1)]
        && cloud.buckets() == ["models"]
        && cloud.ssh_keys().len() == 1;
    expect(is_right, || format!("after the apply there are {clusters:?}, {volumes:?}, {:?}", cloud.buckets()))
}
