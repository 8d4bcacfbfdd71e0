//! Runs a real Terraform against the provider and a simulated TensorPool.
//!
//! Every scenario has its own directory, configuration of the command line, state and simulator, so scenarios run in
//! parallel and nothing of the user's is read or written.
#![allow(dead_code, reason = "every test file uses a part of it")]

pub mod examples;
pub mod s3;

use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;
use tensorpool_simulator::{Options, Simulator};
use terraform_plugin_testing::Workspace;

/// The key that the simulator accepts. Tests search for it where it must not be.
pub const KEY: &str = "tp-planted-4b1d7e";

/// A public key of SSH, without a comment.
pub const PUBLIC_KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINJdpoDqinxOvPW2GIrwZ2ZIozKhkOidqQGMg913ksV6";

/// The provider.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_terraform-provider-tensorpool");

/// A configuration, its state and its cloud.
pub struct Scenario {
    workspace: Workspace,
    /// The cloud.
    pub cloud: Simulator,
}

impl Scenario {
    /// A scenario with a cloud in which a create and a destroy take no time.
    pub fn new(name: &str) -> Self {
        Self::with(name, Options { provision: Duration::ZERO, release: Duration::ZERO, ..Options::default() })
    }

    /// A scenario with a cloud of one's own.
    pub fn with(name: &str, options: Options) -> Self {
        Self::in_workspace(Workspace::new(name, "tensorpool/tensorpool", Path::new(PROGRAM)), options)
    }

    /// A scenario in a workspace of one's own, for example with another installation of the provider.
    pub fn in_workspace(mut workspace: Workspace, options: Options) -> Self {
        let options = Options { listen: ([127, 0, 0, 1], 0).into(), api_key: KEY.to_owned(), ..options };
        let cloud = Simulator::spawn(options).expect("the simulator starts");
        workspace.set("TENSORPOOL_ENGINE", &cloud.url());
        workspace.set("TENSORPOOL_KEY", KEY);
        Self { workspace, cloud }
    }

    /// Writes a configuration of one cluster with these arguments.
    pub fn write_cluster(&self, arguments: &str) {
        self.write(&format!("resource \"tensorpool_cluster\" \"train\" {{\n{arguments}\n}}"));
    }

    /// The attributes of the one cluster in the state.
    #[track_caller]
    pub fn cluster(&self) -> Value {
        let resources = self.resources();
        assert_eq!(resources.len(), 1, "not one resource: {resources:#?}");
        resources[0]["values"].clone()
    }

    /// The attributes of a resource in the state, by its address.
    #[track_caller]
    pub fn values(&self, address: &str) -> Value {
        let resources = self.resources();
        let found = resources.iter().find(|resource| resource["address"] == address);
        found.unwrap_or_else(|| panic!("{address} is not in the state: {resources:#?}"))["values"].clone()
    }

    /// Whether the one cluster in the state is tainted.
    #[track_caller]
    pub fn is_tainted(&self) -> bool {
        self.resources()[0]["tainted"].as_bool().unwrap_or_default()
    }

    /// How often the cloud was asked this, by the beginning of the line, for example `DELETE /cluster/`.
    pub fn asked(&self, line: &str) -> usize {
        self.cloud.requests().iter().filter(|request| request.line().starts_with(line)).count()
    }

    /// The entries of the journal in this directory of the scenario.
    pub fn journal_in(&self, directory: &str) -> Vec<String> {
        let Ok(files) = std::fs::read_dir(self.path(directory)) else { return Vec::new() };
        let paths = files.map(|file| file.expect("it can be listed").path());
        let entries = paths.filter(|path| path.extension().is_some_and(|end| end == "json"));
        entries.map(|path| std::fs::read_to_string(path).expect("it can be read")).collect()
    }

    /// SIGKILL for the provider that runs in this scenario.
    pub fn kill_provider(&self) {
        let providers = self.providers();
        for provider in &providers {
            rustix::process::kill_process(*provider, rustix::process::Signal::KILL).expect("it lives");
        }
        assert!(!providers.is_empty(), "there is no provider");
    }

    /// Waits until something is so.
    #[track_caller]
    pub fn until(&self, what: &str, mut condition: impl FnMut(&Self) -> bool) {
        let begin = Instant::now();
        while !condition(self) {
            assert!(begin.elapsed() < Duration::from_mins(1), "never: {what}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Deref for Scenario {
    type Target = Workspace;

    fn deref(&self) -> &Workspace {
        &self.workspace
    }
}

impl DerefMut for Scenario {
    fn deref_mut(&mut self) -> &mut Workspace {
        &mut self.workspace
    }
}
