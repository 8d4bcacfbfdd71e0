//! A Terraform that applies the configurations, and what it said.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;
use terraform_plugin::value::Value;
use terraform_plugin_testing::{Run, Workspace};

use crate::case::Case;
use crate::kind::object_type;

/// What never stands in an output, in lower case.
const NEVER: [&str; 7] =
    ["inconsistent", " bug", "crash", "panic", "provider produced", "mistake in the provider", "did not respond"];

/// The provider, which stands next to this program.
fn program() -> PathBuf {
    let name = format!("terraform-provider-shapes{}", std::env::consts::EXE_SUFFIX);
    let program = std::env::current_exe().expect("this is a program").with_file_name(name);
    assert!(program.exists(), "{} is built by cargo build -p shapes --bins", program.display());
    program
}

/// A workspace in which every case has a file.
pub struct Terraform {
    workspace: Workspace,
}

/// An error, and the case that it is about.
pub struct Complaint {
    pub case: Option<usize>,
    pub text: String,
    /// It points at a place in the configuration.
    pub placed: bool,
}

#[derive(Deserialize)]
struct StateFile {
    resources: Vec<StateResource>,
}

#[derive(Deserialize)]
struct StateResource {
    r#type: String,
    name: String,
    instances: Vec<StateInstance>,
}

#[derive(Deserialize)]
struct StateInstance {
    index_key: Option<Json>,
    status: Option<String>,
    attributes: Box<RawValue>,
}

/// The number of the case with a name such as `c17`.
fn number(name: &str) -> Option<usize> {
    name.strip_prefix('c')?.parse().ok()
}

/// The case to which an address belongs.
pub fn case_of(address: &str) -> Option<usize> {
    let name = address.split('.').nth(1)?;
    number(name.split('[').next()?)
}

impl Terraform {
    pub fn new(name: &str) -> Self {
        let workspace = Workspace::new(&format!("shapes-{name}"), "example/shapes", &program());
        workspace.write("");
        Self { workspace }
    }

    pub fn put(&self, case: &Case, round: usize, time: usize) {
        self.workspace.write_file(&format!("c{}.tf", case.number), &case.write(round, time));
    }

    pub fn take(&self, number: usize) {
        _ = std::fs::remove_file(self.workspace.path(&format!("c{number}.tf")));
    }

    pub fn apply(&self) -> Run {
        self.workspace.apply()
    }

    pub fn destroy(&self) -> Run {
        self.workspace.destroy()
    }

    /// Whether anything would still change.
    pub fn plan(&self) -> Run {
        self.workspace.run(&["plan", "-input=false", "-json", "-detailed-exitcode"])
    }

    /// What would change in an object, to be read.
    pub fn show_change(&self, address: &str) -> String {
        self.workspace.run(&["plan", "-input=false", "-no-color", &format!("-target={address}")]).text
    }

    /// The objects in the state by their addresses.
    pub fn states(&self, cases: &[Case]) -> Result<BTreeMap<String, Value>, String> {
        let Ok(text) = std::fs::read_to_string(self.workspace.path("terraform.tfstate")) else {
            return Ok(BTreeMap::new());
        };
        let file: StateFile = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let mut states = BTreeMap::new();
        for resource in file.resources {
            let case = number(&resource.name).and_then(|number| cases.iter().find(|case| case.number == number));
            let Some(case) = case.filter(|case| case.kind().name == resource.r#type) else { continue };
            let ty = object_type(&case.kind().fields);
            for instance in resource.instances {
                let key = match &instance.index_key {
                    Some(Json::String(key)) => key.clone(),
                    Some(key) => key.to_string(),
                    None => String::new(),
                };
                let address = case.address(&key);
                if let Some(status) = instance.status {
                    return Err(format!("{address} is {status}"));
                }
                let state = Value::from_json(instance.attributes.get(), &ty);
                states.insert(address.clone(), state.map_err(|error| format!("{address}: {error}"))?);
            }
        }
        Ok(states)
    }
}

/// The case whose resource a text names.
fn named(text: &str) -> Option<usize> {
    let (_, rest) = text.split_once("shapes_")?;
    let (_, name) = rest.split_once('.')?;
    number(name.split(|letter: char| !letter.is_ascii_alphanumeric()).next()?)
}

/// The lines of an output that are JSON.
fn lines(run: &Run) -> impl Iterator<Item = Json> {
    run.text.lines().filter_map(|line| serde_json::from_str(line).ok())
}

/// The actions that a plan named, by address.
pub fn planned(run: &Run) -> BTreeMap<String, String> {
    let planned = lines(run).filter(|line| line["type"] == "planned_change" || line["type"] == "resource_drift");
    planned
        .map(|line| {
            let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
            (text(&line["change"]["resource"]["addr"]), text(&line["change"]["action"]))
        })
        .collect()
}

/// The errors of a run, and for which cases.
pub fn complaints(run: &Run) -> Vec<Complaint> {
    let errors = lines(run).filter(|line| line["type"] == "diagnostic" && line["diagnostic"]["severity"] == "error");
    errors
        .map(|line| {
            let error = &line["diagnostic"];
            let file = error["range"]["filename"].as_str().and_then(|name| number(name.strip_suffix(".tf")?));
            let named = || named(error["detail"].as_str()?);
            let case = file.or_else(|| case_of(error["address"].as_str()?)).or_else(named);
            let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
            let at = text(&error["snippet"]["code"]);
            let text = format!("{}: {}\n  at {}", text(&error["summary"]), text(&error["detail"]), at.trim());
            Complaint { case, text, placed: error["snippet"].is_object() }
        })
        .collect()
}

/// A line that no output may have.
pub fn never(run: &Run) -> Option<String> {
    let line = run.text.lines().find(|line| {
        let line = line.to_lowercase();
        NEVER.iter().any(|never| line.contains(never))
    })?;
    let mut line = line.to_owned();
    if let Ok(json) = serde_json::from_str::<Json>(&line) {
        let error = &json["diagnostic"];
        line =
            format!("{}: {}", error["summary"].as_str().unwrap_or(&line), error["detail"].as_str().unwrap_or_default());
    }
    Some(line)
}
