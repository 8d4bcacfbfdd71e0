//! A workspace with a simulated TensorPool, in which a client runs Terraform.

use std::ops::Deref;
use std::path::Path;
use std::time::Duration;

use tensorpool_simulator::{Options, Simulator};
use terraform_plugin_testing::{Installation, Workspace};

use crate::problem::{Problem, expect};
use crate::program::source;

const KEY: &str = "clients-key";

/// A workspace and its cloud.
pub struct Session {
    workspace: Workspace,
    pub cloud: Simulator,
}

impl Session {
    /// A session in a directory, with copies of these files, whose paths begin at the root of the repository.
    pub fn new(directory: &Path, installation: &Installation<'_>, files: &[&str]) -> Result<Self, Problem> {
        let mut workspace = Workspace::create(directory, installation)?;
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

    /// Checks that nothing is left in the cloud.
    pub fn expect_empty_cloud(&self) -> Result<(), Problem> {
        let (clusters, volumes) = (self.cloud.clusters().len(), self.cloud.volumes().len());
        let (keys, buckets) = (self.cloud.ssh_keys().len(), self.cloud.buckets().len());
        expect((clusters, volumes, keys, buckets) == (0, 0, 0, 0), || {
            format!("{clusters} clusters, {volumes} volumes, {keys} keys and {buckets} buckets are left")
        })
    }
}

impl Deref for Session {
    type Target = Workspace;

    fn deref(&self) -> &Workspace {
        &self.workspace
    }
}
