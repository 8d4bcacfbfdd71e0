//! A workspace, a simulated cloud behind a proxy, and a Terraform to run in it.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::Duration;

use rustix::process::Pid;
use tensorpool_simulator::{Options, Simulator};
use terraform_plugin_testing::{Installation, Workspace, program_next_to_examples};

use crate::files;
use crate::proxy::Proxy;
use crate::relocate::Relocation;
use crate::rewrite::Rewrite;
use crate::run::{Processes, Run};

/// The API key. It is searched for everywhere, and so is every secret that object storage had.
pub const KEY: &str = "tp-planted-9c41f7";
/// The key of another account, and what the first account's key may be changed to.
pub const OTHER_KEY: &str = "tp-planted-58e0b2";
pub const NEW_KEY: &str = "tp-planted-d30a66";

/// Short limits of the provider, so that a fault that holds for ever is soon over.
const PROVIDER: &str = "  request_timeout = 1\n  max_retries = 1";

/// The log of a run.
const TRACE: &str = "trace.log";

/// A run that takes longer hangs.
const RUN_LIMIT: Duration = Duration::from_mins(4);

/// What one case needs.
pub struct Sandbox {
    workspace: Workspace,
    pub cloud: Simulator,
    pub proxy: Proxy,
    /// Where the provider sends its requests: to the proxy, unless a run wants it otherwise.
    pub endpoint: String,
    /// The API key of a run.
    pub key: &'static str,
    /// More of the environment of a run.
    pub environment: Vec<(&'static str, &'static str)>,
    /// The arguments of the provider's block.
    pub provider: &'static str,
    /// How configurations are written.
    pub rewrite: Rewrite,
    /// Files in which a secret was found.
    pub leaks: Vec<String>,
    secrets: BTreeSet<String>,
    /// A run that takes longer hangs.
    pub limit: Duration,
    /// Whether a run is over only when its provider is: users do not wait for that.
    pub wait_for_provider: bool,
}

/// What a sandbox leaves when it is saved: others begin with a copy of it.
pub struct Saved {
    directory: PathBuf,
    endpoint: String,
}

impl Sandbox {
    /// A sandbox in which nothing has happened.
    pub fn new(home: &Path, name: &str, seed: u64, options: &Options, trace: bool) -> io::Result<Self> {
        let directory = home.join(name);
        _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(&directory)?;
        Self::open(&directory, seed, options, trace)
    }

    /// A copy: of the files, and of all that exists in the cloud.
    pub fn copy(home: &Path, name: &str, saved: &Saved, seed: u64, options: &Options, trace: bool) -> io::Result<Self> {
        let directory = home.join(name);
        _ = fs::remove_dir_all(&directory);
        files::copy(&saved.directory, &directory)?;
        fs::copy(data(&saved.directory), data(&directory))?;
        let sandbox = Self::open(&directory, seed, options, trace)?;
        let relocation = Relocation::new(&saved.endpoint, &sandbox.endpoint);
        for path in files::all(sandbox.directory()) {
            let bytes = fs::read(&path)?;
            fs::write(path, relocation.file(bytes)?)?;
        }
        Ok(sandbox)
    }

    /// Ends the sandbox and leaves what copies begin with.
    pub fn save(mut self) -> Saved {
        self.workspace.keep();
        Saved { directory: self.directory().to_owned(), endpoint: self.endpoint.clone() }
    }

    fn open(directory: &Path, seed: u64, options: &Options, trace: bool) -> io::Result<Self> {
        let program = program_next_to_examples("terraform-provider-tensorpool")?;
        let installation = Installation::DevOverride { address: "tensorpool/tensorpool", program: &program };
        let mut workspace = Workspace::open(directory, &installation)?;
        if std::env::var_os("KEEP_SANDBOX").is_some() {
            workspace.keep();
        }
        // Less of Terraform's own work, as there are thousands of runs: it collects less garbage in its short life, and
        // does not search for work for a second processor that another run has.
        workspace.set("GOGC", "400");
        workspace.set("GOMAXPROCS", "1");
        if trace {
            workspace.set("TF_LOG", "TRACE");
            workspace.set("TF_LOG_PATH", &workspace.path(TRACE).display().to_string());
        }
        let cloud = Simulator::spawn(Options {
            listen: ([127, 0, 0, 1], 0).into(),
            api_key: KEY.to_owned(),
            seed,
            data: Some(data(workspace.directory())),
            ..options.clone()
        })?;
        let upstream = cloud.url().trim_start_matches("http://").parse().map_err(io::Error::other)?;
        let proxy = Proxy::new(upstream)?;
        Ok(Self {
            workspace,
            endpoint: proxy.url(),
            cloud,
            proxy,
            key: KEY,
            environment: Vec::new(),
            provider: PROVIDER,
            rewrite: Rewrite::NONE,
            leaks: Vec::new(),
            secrets: BTreeSet::from([KEY, OTHER_KEY, NEW_KEY].map(str::to_owned)),
            limit: RUN_LIMIT,
            wait_for_provider: true,
        })
    }

    /// Where the configuration and the state are.
    pub fn directory(&self) -> &Path {
        self.workspace.directory()
    }

    /// Writes the configuration: the provider and this.
    pub fn write(&self, hcl: &str) {
        let hcl = self.rewrite.apply(hcl);
        self.workspace.write(&format!("provider \"tensorpool\" {{\n{}\n}}\n\n{hcl}", self.provider));
    }

    /// Starts Terraform. It prints to files, as a provider that outlives it would hold a pipe open.
    pub fn start(&self, arguments: &[String]) -> (Child, Processes) {
        let output = |name: &str| fs::File::create(self.workspace.path(name)).expect("a file can be created");
        let mut command = self.workspace.command(arguments);
        command
            .env("TENSORPOOL_ENGINE", &self.endpoint)
            .env("TENSORPOOL_KEY", self.key)
            .envs(self.environment.iter().copied())
            .process_group(0)
            .stdout(output("stdout"))
            .stderr(output("stderr"));
        let child = command.spawn().expect("terraform can be started");
        let processes = Processes { terraform: Pid::from_child(&child), directory: self.directory().to_owned() };
        (child, processes)
    }

    /// Waits for the end of Terraform and of its provider, and searches for secrets in everything that they wrote.
    pub fn finish(&mut self, child: Child, processes: &Processes) -> Run {
        let (status, timed_out) = processes.wait(child, self.limit);
        if self.wait_for_provider {
            processes.wait_for_provider();
        }
        let read = |name: &str| fs::read(self.workspace.path(name)).unwrap_or_default();
        let text = String::from_utf8_lossy(&[read("stdout"), read("stderr")].concat()).into_owned();
        // In JSON, Terraform writes these as HTML could hold them.
        let text = text.replace("\\u003c", "<").replace("\\u003e", ">");
        self.search();
        let crashed = text.contains("panic:") || text.contains("Mistake in the provider");
        Run {
            succeeded: status.success(),
            hung: timed_out || crashed || status.core_dumped(),
            code: status.code(),
            text,
        }
    }

    /// Runs Terraform to its end.
    pub fn run(&mut self, arguments: &[String]) -> Run {
        let (child, processes) = self.start(arguments);
        self.finish(child, &processes)
    }

    /// Searches for secrets in all files.
    fn search(&mut self) {
        self.secrets.extend(self.cloud.object_storage_keys().map(|(_, secret)| secret));
        for path in files::all(self.directory()) {
            let bytes = fs::read(&path).unwrap_or_default();
            let is_plan = path.extension().is_some_and(|end| end == "plan");
            let bytes = if is_plan { files::unpacked(bytes) } else { bytes };
            let text = String::from_utf8_lossy(&bytes);
            if self.secrets.iter().any(|secret| text.contains(secret)) {
                self.leaks.push(path.display().to_string());
            }
        }
        // The next run writes its own.
        _ = fs::remove_file(self.workspace.path(TRACE));
    }

    /// Brings back the state that Terraform kept from before the run.
    pub fn restore_backup(&self) -> io::Result<u64> {
        let file = |name: &str| self.workspace.path(name);
        fs::copy(file("terraform.tfstate.backup"), file("terraform.tfstate"))
    }

    /// The text of the state.
    pub fn state(&self) -> String {
        fs::read_to_string(self.workspace.path("terraform.tfstate")).unwrap_or_default()
    }
}

/// The cloud's own file stands next to a directory, as it holds secrets by right.
fn data(directory: &Path) -> PathBuf {
    directory.with_extension("cloud.json")
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if !self.workspace.is_kept() {
            _ = fs::remove_file(data(self.workspace.directory()));
        }
    }
}
