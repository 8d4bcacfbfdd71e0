//! A directory, a simulated cloud behind a proxy, and a Terraform to run in it.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use tensorpool_simulator::{Options, Simulator};

use crate::files;
use crate::proxy::Proxy;

/// The API key. It is looked for everywhere, and so is every secret that object storage had.
pub const KEY: &str = "tp-planted-9c41f7";
/// The key of another account, and what the first account's key may be changed to.
pub const OTHER_KEY: &str = "tp-planted-58e0b2";
pub const NEW_KEY: &str = "tp-planted-d30a66";

/// What is written differently in every configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dress {
    pub name: &'static str,
    /// A text, and what stands there instead.
    pub texts: &'static [(&'static str, &'static str)],
}

impl Dress {
    /// Nothing is.
    pub const PLAIN: Self = Self { name: "plain", texts: &[] };
}

/// A run that takes longer hangs.
const RUN_LIMIT: Duration = Duration::from_mins(4);

/// One run's whole world.
pub struct Sandbox {
    pub directory: PathBuf,
    pub cloud: Simulator,
    pub proxy: Proxy,
    /// Where the provider sends its requests: to the proxy, unless a run wants it otherwise.
    pub endpoint: String,
    /// The API key of a run.
    pub key: &'static str,
    /// More of the environment of a run.
    pub environment: Vec<(&'static str, &'static str)>,
    /// How configurations are written.
    pub dress: Dress,
    terraform: PathBuf,
    pub leaks: Vec<String>,
    secrets: BTreeSet<String>,
    trace: bool,
    pub limit: Duration,
    /// Whether a run is over only when its provider is: users do not wait for that.
    pub wait_for_provider: bool,
    kept: bool,
}

/// A world that was put down, for others to begin with a copy of it.
pub struct Kept {
    directory: PathBuf,
    endpoint: String,
}

/// What a run said and how it ended.
pub struct Run {
    pub succeeded: bool,
    /// It was still running when it should long have ended, or a signal ended it that nobody sent.
    pub hung: bool,
    pub code: Option<i32>,
    pub text: String,
}

impl Run {
    /// Whether an error or a warning contains this. That a line of progress does is not enough.
    pub fn reports(&self, text: &str) -> bool {
        let mut diagnostics = self.text.lines().filter(|line| line.contains(r#""type":"diagnostic""#));
        diagnostics.any(|line| line.contains(text))
    }

    /// What a user has to read of it: the errors and warnings, or everything if there is nothing but text.
    pub fn said(&self) -> String {
        let is_ours = |line: &&str| line.contains(r#""type":"diagnostic""#) && !line.contains("development overrides");
        if self.text.starts_with('{') {
            self.text.lines().filter(is_ours).collect::<Vec<_>>().join("\n")
        } else {
            self.text.clone()
        }
    }
}

/// Whom to send signals to.
#[derive(Clone)]
pub struct Target {
    pub terraform: Pid,
    pub directory: PathBuf,
}

impl Target {
    pub fn signal_group(&self, signal: Signal) {
        _ = kill_process_group(self.terraform, signal);
    }

    pub fn signal_terraform(&self, signal: Signal) {
        _ = kill_process(self.terraform, signal);
    }

    pub fn kill_provider(&self) {
        for pid in providers(&self.directory) {
            _ = kill_process(pid, Signal::KILL);
        }
    }
}

/// The provider processes that were started in a directory.
pub fn providers(directory: &Path) -> Vec<Pid> {
    let Ok(processes) = fs::read_dir("/proc") else { return Vec::new() };
    let pid = |process: fs::DirEntry| {
        let pid = process.file_name().to_str()?.parse().ok()?;
        let program = fs::read_link(process.path().join("exe")).ok()?;
        let is_provider = program.file_name()?.to_str()?.starts_with("terraform-provider-tensorpool");
        (is_provider && fs::read_link(process.path().join("cwd")).ok()? == directory).then(|| Pid::from_raw(pid))?
    };
    processes.filter_map(Result::ok).filter_map(pid).collect()
}

impl Sandbox {
    /// A new world in which nothing has happened.
    pub fn new(home: &Path, name: &str, seed: u64, options: &Options, trace: bool) -> io::Result<Self> {
        let directory = home.join(name);
        _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(&directory)?;
        Self::open(&directory, seed, options, trace)
    }

    /// A copy of a world: of its files, and of all that exists in its cloud.
    pub fn copy(home: &Path, name: &str, kept: &Kept, seed: u64, options: &Options, trace: bool) -> io::Result<Self> {
        let directory = home.join(name);
        _ = fs::remove_dir_all(&directory);
        files::copy(&kept.directory, &directory)?;
        fs::copy(data(&kept.directory), data(&directory))?;
        let sandbox = Self::open(&directory, seed, options, trace)?;
        // The journal notes where an object was made.
        for path in files::all(&sandbox.directory) {
            if let Ok(text) = fs::read_to_string(&path)
                && text.contains(&kept.endpoint)
            {
                fs::write(path, text.replace(&kept.endpoint, &sandbox.endpoint))?;
            }
        }
        Ok(sandbox)
    }

    /// Puts the world down.
    pub fn keep(mut self) -> Kept {
        self.kept = true;
        Kept { directory: self.directory.clone(), endpoint: self.endpoint.clone() }
    }

    fn open(directory: &Path, seed: u64, options: &Options, trace: bool) -> io::Result<Self> {
        let directory = directory.canonicalize()?;
        let options = Options {
            listen: ([127, 0, 0, 1], 0).into(),
            api_key: KEY.to_owned(),
            seed,
            data: Some(data(&directory)),
            ..options.clone()
        };
        let cloud = Simulator::spawn(options)?;
        let upstream = cloud.url().trim_start_matches("http://").parse().map_err(io::Error::other)?;
        let proxy = Proxy::new(upstream)?;
        // The program stands in target/<profile>/examples, the provider one directory above.
        let program = std::env::current_exe()?;
        let built = program.parent().and_then(Path::parent).ok_or_else(|| io::Error::other("it stands nowhere"))?;
        let cli = format!(
            "provider_installation {{\n  dev_overrides {{\n    \"tensorpool/tensorpool\" = \"{}\"\n  }}\n  direct {{}}\n}}\n",
            built.display()
        );
        fs::write(directory.join("cli.tfrc"), cli)?;
        let terraform = std::env::var_os("TF").filter(|path| !path.is_empty());
        let terraform = terraform.map_or_else(|| PathBuf::from("terraform"), PathBuf::from);
        let endpoint = proxy.url();
        Ok(Self {
            directory,
            cloud,
            proxy,
            endpoint,
            key: KEY,
            environment: Vec::new(),
            dress: Dress::PLAIN,
            terraform,
            leaks: Vec::new(),
            secrets: BTreeSet::from([KEY, OTHER_KEY, NEW_KEY].map(str::to_owned)),
            trace,
            limit: RUN_LIMIT,
            wait_for_provider: true,
            kept: false,
        })
    }

    pub fn write(&self, provider: &str, hcl: &str) {
        let dressed = |text: String, (plain, dress): &(&str, &str)| text.replace(plain, dress);
        let hcl = self.dress.texts.iter().fold(hcl.to_owned(), dressed);
        let text = format!(
            "terraform {{\n  required_providers {{\n    tensorpool = {{\n      source = \"tensorpool/tensorpool\"\n    \
             }}\n  }}\n}}\n\nprovider \"tensorpool\" {{\n{provider}\n}}\n\n{hcl}"
        );
        fs::write(self.directory.join("main.tf"), text).expect("a file can be written in the sandbox");
    }

    pub fn start(&self, arguments: &[String]) -> (Child, Target) {
        let mut command = Command::new(&self.terraform);
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("TF_") || text.starts_with("TENSORPOOL_") {
                command.env_remove(name);
            }
        }
        let output = |name: &str| fs::File::create(self.directory.join(name)).expect("a file can be made");
        command
            .args(arguments)
            .current_dir(&self.directory)
            .env("TF_CLI_CONFIG_FILE", self.directory.join("cli.tfrc"))
            .env("TF_DATA_DIR", self.directory.join(".terraform"))
            .env("TF_IN_AUTOMATION", "1")
            .env("CHECKPOINT_DISABLE", "1")
            // Less of Terraform's own work, as there are thousands of runs: it collects less garbage in its short life, and
            // does not look for work for a second processor that another run has.
            .env("GOGC", "400")
            .env("GOMAXPROCS", "1")
            .env("TENSORPOOL_ENGINE", &self.endpoint)
            .env("TENSORPOOL_KEY", self.key)
            .envs(self.environment.iter().copied())
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(output("stdout"))
            .stderr(output("stderr"));
        if self.trace {
            command.env("TF_LOG", "TRACE").env("TF_LOG_PATH", self.directory.join("trace.log"));
        }
        let child = command.spawn().expect("terraform can be started");
        let target = Target { terraform: Pid::from_child(&child), directory: self.directory.clone() };
        (child, target)
    }

    /// Waits for the end of Terraform and of its provider, and looks for secrets in everything that they left.
    pub fn finish(&mut self, mut child: Child, target: &Target) -> Run {
        let begin = Instant::now();
        let (status, hung) = loop {
            if let Some(status) = child.try_wait().expect("it is our child") {
                break (status, false);
            }
            if begin.elapsed() > self.limit {
                target.signal_group(Signal::KILL);
                target.kill_provider();
                break (child.wait().expect("it is our child"), true);
            }
            std::thread::sleep(Duration::from_millis(10));
        };
        // A provider whose Terraform was killed needs a moment to notice.
        let begin = Instant::now();
        while self.wait_for_provider
            && !providers(&self.directory).is_empty()
            && begin.elapsed() < Duration::from_secs(10)
        {
            std::thread::sleep(Duration::from_millis(20));
        }
        let read = |name: &str| fs::read(self.directory.join(name)).unwrap_or_default();
        let text = String::from_utf8_lossy(&[read("stdout"), read("stderr")].concat()).into_owned();
        // In JSON, Terraform writes these as HTML could hold them.
        let text = text.replace("\\u003c", "<").replace("\\u003e", ">");
        self.search();
        let crashed = text.contains("panic:") || text.contains("Mistake in the provider");
        Run { succeeded: status.success(), hung: hung || crashed || status.core_dumped(), code: status.code(), text }
    }

    pub fn run(&mut self, arguments: &[String]) -> Run {
        let (child, target) = self.start(arguments);
        self.finish(child, &target)
    }

    fn search(&mut self) {
        self.secrets.extend(self.cloud.object_storage_keys().map(|(_, secret)| secret));
        for path in files::all(&self.directory) {
            let bytes = fs::read(&path).unwrap_or_default();
            let is_plan = path.extension().is_some_and(|end| end == "plan");
            let bytes = if is_plan { files::unpacked(bytes) } else { bytes };
            let text = String::from_utf8_lossy(&bytes);
            if self.secrets.iter().any(|secret| text.contains(secret)) {
                self.leaks.push(path.display().to_string());
            }
        }
        // The next run writes its own.
        _ = fs::remove_file(self.directory.join("trace.log"));
    }

    /// Brings back the state that Terraform kept from before the run.
    pub fn restore_backup(&self) -> std::io::Result<u64> {
        let file = |name: &str| self.directory.join(name);
        fs::copy(file("terraform.tfstate.backup"), file("terraform.tfstate"))
    }

    pub fn state(&self) -> String {
        fs::read_to_string(self.directory.join("terraform.tfstate")).unwrap_or_default()
    }
}

/// The cloud's own file stands next to a directory, as it holds secrets by right.
fn data(directory: &Path) -> PathBuf {
    directory.with_extension("cloud.json")
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if !self.kept && std::env::var_os("KEEP_SANDBOX").is_none() {
            _ = fs::remove_dir_all(&self.directory);
            _ = fs::remove_file(data(&self.directory));
        }
    }
}
