//! A simulated TensorPool, and a Terraform that works on its clusters.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tensorpool_simulator::{Options, Simulator};
use terraform_plugin_testing::{Installation, Workspace, last_lines, program_next_to_examples};

use crate::watch::{Run, watch};

const KEY: &str = "bench-key";
/// How many objects Terraform works on at once: ten times as many as by default, so that most of the time is not the delay of the
/// simulator.
pub const PARALLELISM: usize = 100;

/// A simulator, and a directory with a configuration of clusters.
pub struct Cloud {
    pub simulator: Simulator,
    workspace: Workspace,
}

impl Cloud {
    /// A simulator that lets each create and each destroy take this time, and a configuration of so many clusters. Nothing
    /// exists yet.
    pub fn with_clusters(count: usize, provision: Duration, release: Duration) -> io::Result<Self> {
        let resource = format!(
            "resource \"tensorpool_cluster\" \"many\" {{\n  count         = {count}\n  name          = \
             \"n-${{count.index}}\"\n  instance_type = \"1xH100\"\n}}\n"
        );
        let cloud = Self::empty(provision, release)?;
        cloud.workspace.write(&format!("provider \"tensorpool\" {{}}\n\n{resource}"));
        Ok(cloud)
    }

    /// The same with `terraform_data`, which is in Terraform itself: what these take, no provider can save.
    pub fn with_data(count: usize) -> io::Result<Self> {
        let cloud = Self::empty(Duration::ZERO, Duration::ZERO)?;
        // Not even the requirement of a provider is in this configuration: Terraform would start it.
        cloud.workspace.write_file(
            "main.tf",
            &format!(
                "resource \"terraform_data\" \"many\" {{\n  count = {count}\n  input = {{\n    name          = \
                 \"n-${{count.index}}\"\n    instance_type = \"1xH100\"\n  }}\n}}\n"
            ),
        );
        Ok(cloud)
    }

    fn empty(provision: Duration, release: Duration) -> io::Result<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let directory =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("target/bench/{}-{number}", std::process::id()));
        let program = program_next_to_examples("terraform-provider-tensorpool")?;
        let installation = Installation::DevOverride { address: "tensorpool/tensorpool", program: &program };
        let mut workspace = Workspace::create(&directory, &installation)?;
        let simulator = Simulator::spawn(Options {
            listen: ([127, 0, 0, 1], 0).into(),
            api_key: KEY.to_owned(),
            provision,
            release,
            ..Options::default()
        })?;
        workspace.set("TENSORPOOL_ENGINE", &simulator.url());
        workspace.set("TENSORPOOL_KEY", KEY);
        Ok(Self { simulator, workspace })
    }

    /// Runs a command of Terraform to its end.
    ///
    /// # Errors
    /// With what it said at last, if it failed.
    pub fn run(&self, arguments: &[&str]) -> io::Result<Run> {
        let [command, rest @ ..] = arguments else { return Err(io::ErrorKind::InvalidInput.into()) };
        let parallelism = format!("-parallelism={PARALLELISM}");
        let common = [command, "-input=false", "-no-color", &parallelism];
        let arguments: Vec<&str> = common.into_iter().chain(rest.iter().copied()).collect();
        let output = self.workspace.path("output");
        let file = fs::File::create(&output)?;
        let mut command: Command = self.workspace.command(&arguments);
        command.stdout(file.try_clone()?).stderr(file);
        let (status, run) = watch(command, self.workspace.directory())?;
        if status.success() {
            return Ok(run);
        }
        let text = fs::read_to_string(&output)?;
        Err(io::Error::other(format!("terraform {}: {status}\n{}", arguments.join(" "), last_lines(&text, 30))))
    }
}
