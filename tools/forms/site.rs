//! A directory with a configuration, its simulated cloud, and a real Terraform.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value as Json;
use tensorpool_simulator::{Options, Simulator};
use terraform_plugin_testing::{Run, Workspace, program_next_to_examples};

const KEY: &str = "tp-planted-6e02c9";

/// What no output may contain: it would be a mistake of the provider's.
const FORBIDDEN: [&str; 7] = [
    "inconsistent",
    "provider produced",
    "panic",
    "crash",
    "mistake in the provider",
    "bug in the provider",
    "plugin did not",
];

/// A directory, its simulated cloud and a Terraform.
pub struct Site {
    workspace: Workspace,
    pub cloud: Simulator,
    modules: Option<Vec<String>>,
}

impl Site {
    pub fn new(name: &str, options: Options) -> Self {
        let program = program_next_to_examples("terraform-provider-tensorpool").expect("this program stands somewhere");
        let mut workspace = Workspace::new(name, "tensorpool/tensorpool", &program);
        let zero = Duration::ZERO;
        let listen = ([127, 0, 0, 1], 0).into();
        let options =
            Options { listen, api_key: KEY.to_owned(), provision: zero, release: zero, restart: zero, ..options };
        let cloud = Simulator::spawn(options).expect("the simulator starts");
        workspace.set("TENSORPOOL_ENGINE", &cloud.url());
        workspace.set("TENSORPOOL_KEY", KEY);
        // Less of Terraform's own work, as there are hundreds of runs.
        workspace.set("GOGC", "400");
        Self { workspace, cloud, modules: None }
    }

    /// Writes the files of a configuration.
    pub fn write(&mut self, files: &BTreeMap<String, String>, modules: &[String]) -> Result<(), String> {
        for (name, text) in files {
            let path: PathBuf = self.workspace.path(name);
            if let Some(directory) = path.parent() {
                fs::create_dir_all(directory).expect("a directory can be created");
            }
            fs::write(path, text).expect("a file can be written");
        }
        if self.modules.as_deref() != Some(modules) {
            self.modules = Some(modules.to_vec());
            self.run(&["get"]).map(drop)?;
        }
        Ok(())
    }

    /// Runs Terraform, which has to succeed.
    pub fn run(&self, arguments: &[&str]) -> Result<Run, String> {
        let run = self.run_or_fail(arguments);
        let run = run?;
        if run.code == Some(0) {
            Ok(run)
        } else {
            Err(format!("terraform {}:\n{}", arguments.join(" "), summary(&run)))
        }
    }

    /// Runs Terraform, which may fail, but only with what a user can understand.
    pub fn run_or_fail(&self, arguments: &[&str]) -> Result<Run, String> {
        let run = self.workspace.run(arguments);
        let text = run.text.to_lowercase();
        match FORBIDDEN.into_iter().find(|word| text.contains(word)) {
            Some(word) => Err(format!("terraform {} says {word:?}:\n{}", arguments.join(" "), summary(&run))),
            None => Ok(run),
        }
    }

    /// The attributes of all resources in the state, by their address.
    pub fn states(&self) -> BTreeMap<String, Json> {
        let text = fs::read_to_string(self.workspace.path("terraform.tfstate")).unwrap_or_default();
        let state: Json = serde_json::from_str(&text).unwrap_or_default();
        let mut states = BTreeMap::new();
        for resource in state["resources"].as_array().into_iter().flatten() {
            let text = |name: &str| resource[name].as_str().unwrap_or_default();
            let module = if text("module").is_empty() { String::new() } else { format!("{}.", text("module")) };
            for instance in resource["instances"].as_array().into_iter().flatten() {
                let index = match &instance["index_key"] {
                    Json::Null => String::new(),
                    key => format!("[{key}]"),
                };
                let address = format!("{module}{}.{}{index}", text("type"), text("name"));
                states.insert(address, instance["attributes"].clone());
            }
        }
        states
    }

    pub fn mutations(&self) -> Vec<String> {
        let requests = self.cloud.requests();
        requests
            .iter()
            .filter(|request| request.method != "GET")
            .map(tensorpool_simulator::LoggedRequest::line)
            .collect()
    }
}

/// What a user has to read of a run: its errors, or else what it would do.
pub fn summary(run: &Run) -> String {
    let errors = run.diagnostics.iter().filter(|one| one.severity == "error");
    let errors: Vec<_> = errors.map(|one| format!("{}\n  {}\n  {}", one.summary, one.code, one.detail)).collect();
    if !errors.is_empty() {
        return errors.join("\n");
    }
    let actions: Vec<_> = actions(run).into_iter().map(|(address, action)| format!("{action} {address}")).collect();
    if actions.is_empty() { run.text.clone() } else { actions.join("\n") }
}

/// What a run says that it does to each resource.
pub fn actions(run: &Run) -> BTreeMap<String, String> {
    let lines = run.text.lines().filter_map(|line| serde_json::from_str::<Json>(line).ok());
    let planned = lines.filter(|line| line["type"] == "planned_change");
    let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
    planned.map(|line| (text(&line["change"]["resource"]["addr"]), text(&line["change"]["action"]))).collect()
}
