//! A configuration, its state, and a Terraform that works on them.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::cli::{remove_variables, terraform, without_users_settings};
use crate::installation::{Installation, local_name, variables_of};
use crate::run::{Run, Running};

/// The configuration of the command line, in the workspace.
const CLI_CONFIG: &str = "cli.tfrc";

/// A directory with a configuration and its state. It has its own configuration of the command line too, so nothing of
/// the user's is read or written, and workspaces can be used in parallel. Variables of the environment that begin with `TF_` or with the
/// name of the provider, for example `NOTES_`, are not handed on: a test [sets](Self::set) what it needs. The home directory
/// stays the user's: version managers find their Terraform there.
pub struct Workspace {
    directory: PathBuf,
    /// The address of the provider.
    address: String,
    environment: Vec<(String, String)>,
    is_kept: bool,
    needs_init: bool,
}

impl Workspace {
    /// An empty directory, named after the test, in which one provider is taken from the directory of the program that
    /// was built. `address` is for example `tensorpool/tensorpool`.
    ///
    /// # Panics
    /// If the directory cannot be created.
    #[must_use]
    pub fn new(name: &str, address: &str, program: &Path) -> Self {
        let built = program.parent().expect("a program is in a directory");
        let directory = built.join("e2e").join(format!("{name}-{}", std::process::id()));
        Self::create(&directory, &Installation::DevOverride { address, program }).expect("the directory can be created")
    }

    /// A workspace in a directory that is created, or emptied first.
    ///
    /// # Errors
    /// If the directory cannot be written, or the provider was not built.
    pub fn create(directory: &Path, installation: &Installation<'_>) -> io::Result<Self> {
        _ = std::fs::remove_dir_all(directory);
        std::fs::create_dir_all(directory)?;
        Self::open(directory, installation)
    }

    /// A workspace in a directory that exists, for example in a copy of another workspace.
    ///
    /// # Errors
    /// If the directory cannot be written, or the provider was not built.
    pub fn open(directory: &Path, installation: &Installation<'_>) -> io::Result<Self> {
        let directory = directory.canonicalize()?;
        installation.write(&directory, &directory.join(CLI_CONFIG))?;
        let address = installation.address().to_owned();
        let needs_init = !matches!(installation, Installation::DevOverride { .. });
        Ok(Self { directory, address, environment: Vec::new(), is_kept: false, needs_init })
    }

    /// The directory stays when the workspace is dropped.
    pub fn keep(&mut self) {
        self.is_kept = true;
    }

    /// Whether the directory stays.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.is_kept
    }

    /// Whether Terraform needs an `init` before it finds the provider.
    pub(crate) fn needs_init(&self) -> bool {
        self.needs_init
    }

    /// The directory, with links resolved.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Sets an environment variable for the runs from here on.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Takes an environment variable back.
    pub fn unset(&mut self, name: &str) {
        self.environment.retain(|(known, _)| known != name);
    }

    /// The file or directory of this name.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// Writes `main.tf`: the requirement of the provider, and this.
    ///
    /// # Panics
    /// If it cannot be written.
    pub fn write(&self, hcl: &str) {
        let (name, address) = (local_name(&self.address), &self.address);
        let source = format!("    {name} = {{\n      source = {address:?}\n    }}\n");
        self.write_file("main.tf", &format!("terraform {{\n  required_providers {{\n{source}  }}\n}}\n\n{hcl}\n"));
    }

    /// Writes a file.
    ///
    /// # Panics
    /// If it cannot be written.
    pub fn write_file(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("the file can be written");
    }

    /// Terraform with these arguments, in this workspace, not yet started.
    #[must_use]
    pub fn command<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Command {
        let mut command = self.program(terraform());
        command.args(arguments);
        command
    }

    /// A program that runs Terraform itself, in this workspace, not yet started.
    #[must_use]
    pub fn program(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = without_users_settings(program);
        remove_variables(&mut command, &variables_of(&self.address));
        command
            .current_dir(&self.directory)
            .env("TF_CLI_CONFIG_FILE", self.path(CLI_CONFIG))
            .env("TF_DATA_DIR", self.path(".terraform"))
            .env("TF_IN_AUTOMATION", "1")
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs Terraform.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Run {
        Run::of(&self.command(arguments).output().expect("terraform can be started"))
    }

    /// `terraform apply`.
    #[must_use]
    pub fn apply(&self) -> Run {
        self.run(&["apply", "-auto-approve", "-input=false", "-json"])
    }

    /// `terraform destroy`.
    #[must_use]
    pub fn destroy(&self) -> Run {
        self.run(&["destroy", "-auto-approve", "-input=false", "-json"])
    }

    /// `terraform plan`.
    #[must_use]
    pub fn plan(&self) -> Run {
        self.run(&["plan", "-input=false", "-json"])
    }

    /// Checks that a plan would change nothing.
    ///
    /// # Panics
    /// If it would.
    #[track_caller]
    pub fn expect_empty_plan(&self) {
        let run = self.run(&["plan", "-input=false", "-json", "-detailed-exitcode"]);
        assert_eq!(run.code, Some(0), "the plan is not empty:\n{}", run.text);
    }

    /// The actions of a plan, for example `["update"]`, for the first resource that it names.
    ///
    /// # Panics
    /// If there is no plan, or it names none.
    #[track_caller]
    #[must_use]
    pub fn planned_actions(&self) -> Vec<String> {
        self.run(&["plan", "-input=false", "-out=saved.plan"]).ok();
        let plan = self.json(&["show", "-json", "saved.plan"]);
        let changes = plan["resource_changes"].as_array().expect("a plan has changes");
        let actions = changes[0]["change"]["actions"].as_array().expect("a change has actions");
        actions.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// What Terraform prints as JSON.
    ///
    /// # Panics
    /// If it fails, or prints something else.
    #[track_caller]
    #[must_use]
    pub fn json(&self, arguments: &[&str]) -> Value {
        let output = self.command(arguments).output().expect("terraform can be started");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("it prints JSON")
    }

    /// The resources in the state.
    #[must_use]
    pub fn resources(&self) -> Vec<Value> {
        let state = self.json(&["show", "-json"]);
        state["values"]["root_module"]["resources"].as_array().cloned().unwrap_or_default()
    }

    /// The provider processes of the Terraform that runs here.
    #[cfg(unix)]
    #[must_use]
    pub fn providers(&self) -> Vec<rustix::process::Pid> {
        crate::processes::providers_in(&self.directory)
    }

    /// Starts Terraform, on Unix in a process group of its own, as a terminal would.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use]
    pub fn spawn(&self, arguments: &[&str]) -> Running {
        let mut command = self.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        Running(command.spawn().expect("terraform can be started"))
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        // What a failed test leaves shows why it failed.
        if !self.is_kept && !std::thread::panicking() {
            _ = std::fs::remove_dir_all(&self.directory);
        }
    }
}

#[cfg(test)]
mod tests;
