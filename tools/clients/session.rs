//! A workspace with a simulated TensorPool, in which a client runs Terraform.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tensorpool_simulator::{Options, Simulator};
use terraform_plugin_testing::{Installation, Workspace, program_next_to_examples};

use crate::installed;
use crate::problem::{Problem, expect};
use crate::program::source;

const KEY: &str = "clients-key";

/// A workspace and its cloud.
pub struct Session {
    workspace: Workspace,
    pub cloud: Simulator,
}

impl Session {
    /// A session with copies of these files, whose paths begin at the root of the repository.
    pub fn new(name: &str, files: &[&str]) -> Result<Self, Problem> {
        let program = program_next_to_examples("terraform-provider-tensorpool")?;
        // A mirror, as these clients run `terraform init`.
        let (address, version) = ("tensorpool/tensorpool", env!("CARGO_PKG_VERSION"));
        let installation = Installation::Mirror { address, program: &program, version };
        let mut workspace = Workspace::create(&installed::directory()?.join(format!("{name}-run")), &installation)?;
        let short = Duration::from_millis(200);
        let cloud = Simulator::spawn(Options {
            listen: ([127, 0, 0, 1], 0).into(),
            api_key: KEY.to_owned(),
            provision: short,
            release: short,
            restart: short,
            ..Options::default()
        })?;
        workspace.set("TENSORPOOL_ENGINE", &cloud.url());
        workspace.set("TENSORPOOL_KEY", KEY);
        for file in files {
            let from = source(file);
            let Some(name) = from.file_name() else { continue };
            std::fs::copy(&from, workspace.directory().join(name))?;
        }
        Ok(Self { workspace, cloud })
    }

    /// The file or directory of this name.
    pub fn path(&self, name: &str) -> PathBuf {
        self.workspace.path(name)
    }

    /// A program, not yet started, whose Terraform works in this session.
    pub fn program(&self, program: &Path) -> Command {
        let mut command = self.workspace.program(program);
        command.env("TF", terraform_plugin_testing::terraform());
        command
    }

    /// Terraform, not yet started.
    pub fn terraform(&self, arguments: &[&str]) -> Command {
        self.workspace.command(arguments)
    }

    /// Checks that nothing is left in the cloud.
    pub fn expect_empty_cloud(&self) -> Result<(), Problem> {
        let (clusters, volumes) = (self.cloud.clusters().len(), self.cloud.volumes().len());
        let (keys, buckets) = (self.cloud.ssh_keys().len(), self.cloud.buckets().len());
        expect((clusters, volumes, keys, buckets) == (0, 0, 0, 0), || {
            format!("{clusters} clusters, {volumes} volumes, {keys} keys and {buckets} buckets are left")
        })
    }
}
