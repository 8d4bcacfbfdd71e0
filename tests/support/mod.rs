//! Runs a real Terraform against the provider and a simulated TensorPool.
//!
//! Every scenario has its own directory, configuration of the command line, state and simulator, so scenarios run in
//! parallel and nothing of the user's is read or written.
#![allow(dead_code, reason = "every test file uses a part of it")]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tensorpool_simulator::{Options, Simulator};

/// The key that the simulator accepts. Tests look for it where it must not be.
pub const KEY: &str = "tp-planted-4b1d7e";

/// A configuration, its state and its cloud.
pub struct Scenario {
    directory: PathBuf,
    /// The cloud.
    pub cloud: Simulator,
    environment: Vec<(String, String)>,
}

/// What a run of Terraform said.
#[derive(Debug)]
pub struct Run {
    /// The exit code.
    pub code: Option<i32>,
    /// Everything on standard output and standard error.
    pub text: String,
    /// The diagnostics.
    pub diagnostics: Vec<Diagnostic>,
}

/// A diagnostic, as Terraform shows it.
#[derive(Debug)]
pub struct Diagnostic {
    /// `error` or `warning`.
    pub severity: String,
    /// One line.
    pub summary: String,
    /// The rest.
    pub detail: String,
    /// The line of the configuration that it points at.
    pub code: String,
}

impl Run {
    /// Checks that the run succeeded.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "terraform failed:\n{}", self.text);
        self
    }

    /// Checks that the run failed with one error of this summary, and gives it.
    #[track_caller]
    pub fn error(&self, summary: &str) -> &Diagnostic {
        assert_eq!(self.code, Some(1), "terraform did not fail:\n{}", self.text);
        let errors: Vec<_> = self.diagnostics.iter().filter(|one| one.severity == "error").collect();
        assert_eq!(errors.len(), 1, "not one error: {errors:#?}");
        assert_eq!(errors[0].summary, summary, "{errors:#?}");
        errors[0]
    }

    /// Checks that there is a warning of this summary, and gives it.
    #[track_caller]
    pub fn warning(&self, summary: &str) -> &Diagnostic {
        let found = self.diagnostics.iter().find(|one| one.severity == "warning" && one.summary == summary);
        found.unwrap_or_else(|| panic!("no such warning:\n{}", self.text))
    }
}

impl Diagnostic {
    /// Checks that the detail holds all of these texts.
    #[track_caller]
    pub fn says(&self, texts: &[&str]) {
        for text in texts {
            assert!(self.detail.contains(text), "{text:?} is not in:\n{}", self.detail);
        }
    }
}

fn terraform() -> PathBuf {
    let from_environment = std::env::var_os("TF").filter(|path| !path.is_empty());
    from_environment.map_or_else(|| PathBuf::from("terraform"), PathBuf::from)
}

impl Scenario {
    /// A scenario with a cloud in which a create and a destroy take no time.
    pub fn new(name: &str) -> Self {
        Self::with(name, Options { provision: Duration::ZERO, release: Duration::ZERO, ..Options::default() })
    }

    /// A scenario with a cloud of one's own.
    #[expect(clippy::needless_pass_by_value, reason = "callers write the options in place")]
    pub fn with(name: &str, options: Options) -> Self {
        let target =
            Path::new(env!("CARGO_BIN_EXE_terraform-provider-tensorpool")).parent().expect("it is in a directory");
        let directory = target.join("e2e").join(format!("{name}-{}", std::process::id()));
        _ = std::fs::remove_dir_all(&directory);
        std::fs::create_dir_all(&directory).expect("the directory can be made");
        let options = Options { listen: ([127, 0, 0, 1], 0).into(), api_key: KEY.to_owned(), ..options };
        let cloud = Simulator::spawn(options).expect("the simulator starts");
        let cli = format!(
            "provider_installation {{\n  dev_overrides {{\n    \"tensorpool/tensorpool\" = \"{}\"\n  }}\n  direct {{}}\n}}\n",
            target.display()
        );
        std::fs::write(directory.join("cli.tfrc"), cli).expect("the file can be written");
        let environment =
            vec![("TENSORPOOL_ENGINE".to_owned(), cloud.url()), ("TENSORPOOL_KEY".to_owned(), KEY.to_owned())];
        Self { directory, cloud, environment }
    }

    /// Sets an environment variable for the runs from here on.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Writes the configuration: the provider's requirement and this.
    pub fn write(&self, hcl: &str) {
        let text = format!(
            "terraform {{\n  required_providers {{\n    tensorpool = {{\n      source = \"tensorpool/tensorpool\"\n    }}\n  }}\n}}\n\n{hcl}\n"
        );
        std::fs::write(self.directory.join("main.tf"), text).expect("the file can be written");
    }

    /// Writes a configuration of one cluster with these arguments.
    pub fn write_cluster(&self, arguments: &str) {
        self.write(&format!("resource \"tensorpool_cluster\" \"train\" {{\n{arguments}\n}}"));
    }

    /// The file or directory of this name.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(terraform());
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("TF_") || text.starts_with("TENSORPOOL_") {
                command.env_remove(&name);
            }
        }
        command
            .args(arguments)
            .current_dir(&self.directory)
            .env("TF_CLI_CONFIG_FILE", self.path("cli.tfrc"))
            .env("TF_DATA_DIR", self.path(".terraform"))
            .env("TF_IN_AUTOMATION", "1")
            .env("CHECKPOINT_DISABLE", "1")
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs Terraform.
    pub fn run(&self, arguments: &[&str]) -> Run {
        let output = self.command(arguments).stdin(Stdio::null()).output().expect("terraform can be started");
        read(&output)
    }

    /// `terraform apply`.
    pub fn apply(&self) -> Run {
        self.run(&["apply", "-auto-approve", "-input=false", "-json"])
    }

    /// `terraform destroy`.
    pub fn destroy(&self) -> Run {
        self.run(&["destroy", "-auto-approve", "-input=false", "-json"])
    }

    /// `terraform plan`.
    pub fn plan(&self) -> Run {
        self.run(&["plan", "-input=false", "-json"])
    }

    /// Checks that a plan would change nothing.
    #[track_caller]
    pub fn expect_empty_plan(&self) {
        let run = self.run(&["plan", "-input=false", "-json", "-detailed-exitcode"]);
        assert_eq!(run.code, Some(0), "the plan is not empty:\n{}", run.text);
    }

    /// The actions of a plan, as `["update"]`, for the one cluster.
    #[track_caller]
    pub fn planned_actions(&self) -> Vec<String> {
        self.run(&["plan", "-input=false", "-out=saved.plan"]).ok();
        let plan = self.json(&["show", "-json", "saved.plan"]);
        let changes = plan["resource_changes"].as_array().expect("a plan has changes");
        let actions = changes[0]["change"]["actions"].as_array().expect("a change has actions");
        actions.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// What Terraform prints as JSON.
    #[track_caller]
    pub fn json(&self, arguments: &[&str]) -> Value {
        let output = self.command(arguments).output().expect("terraform can be started");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("it prints JSON")
    }

    /// The resources in the state.
    pub fn resources(&self) -> Vec<Value> {
        let state = self.json(&["show", "-json"]);
        state["values"]["root_module"]["resources"].as_array().cloned().unwrap_or_default()
    }

    /// The attributes of the one cluster in the state.
    #[track_caller]
    pub fn cluster(&self) -> Value {
        let resources = self.resources();
        assert_eq!(resources.len(), 1, "not one resource: {resources:#?}");
        resources[0]["values"].clone()
    }

    /// Whether the one cluster in the state is tainted.
    #[track_caller]
    pub fn is_tainted(&self) -> bool {
        self.resources()[0]["tainted"].as_bool().unwrap_or_default()
    }

    /// How often the cloud was asked this, by the beginning of the line, as `DELETE /cluster/`.
    pub fn asked(&self, line: &str) -> usize {
        self.cloud.requests().iter().filter(|request| request.line().starts_with(line)).count()
    }

    /// Starts Terraform in a process group of its own, as a terminal would.
    pub fn spawn(&self, arguments: &[&str]) -> Running {
        use std::os::unix::process::CommandExt as _;
        let child = self
            .command(arguments)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("terraform can be started");
        Running(child)
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

impl Drop for Scenario {
    fn drop(&mut self) {
        // What a failed test leaves is worth a look.
        if !std::thread::panicking() {
            _ = std::fs::remove_dir_all(&self.directory);
        }
    }
}

/// A Terraform that runs.
pub struct Running(Child);

impl Running {
    /// Ctrl-C: every process of the group gets it.
    pub fn interrupt(&self) {
        let group = rustix::process::Pid::from_child(&self.0);
        rustix::process::kill_process_group(group, rustix::process::Signal::INT).expect("the group exists");
    }

    /// Waits for the end.
    pub fn finish(self) -> Run {
        read(&self.0.wait_with_output().expect("terraform ends"))
    }
}

fn read(output: &Output) -> Run {
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let diagnostics = stdout
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|line| line["type"] == "diagnostic")
        .map(|line| {
            let line = &line["diagnostic"];
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            Diagnostic {
                severity: text(&line["severity"]),
                summary: text(&line["summary"]),
                detail: text(&line["detail"]),
                code: text(&line["snippet"]["code"]).trim().to_owned(),
            }
        })
        .collect();
    let text = format!("{stdout}{}", String::from_utf8_lossy(&output.stderr));
    Run { code: output.status.code(), text, diagnostics }
}
