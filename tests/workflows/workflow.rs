//! A workflow of `.github/workflows/`: its text, as comments count, and what it says.

use std::path::Path;

use serde_json::Value;

/// A workflow.
pub struct Workflow {
    /// The name of its file.
    pub name: String,
    pub text: String,
    pub content: Value,
}

/// A job of a workflow: its name, and what it says.
pub type Job<'a> = (&'a str, &'a Value);

impl Workflow {
    /// All workflows of a repository.
    pub fn all(root: &Path) -> Vec<Self> {
        let directory = root.join(".github/workflows");
        let files = terraform_plugin_testing::files_below(&directory).expect("there are workflows");
        let read = |file: &Path| std::fs::read_to_string(directory.join(file)).expect("it can be read");
        files.iter().map(|file| Self::of(&file.display().to_string(), read(file))).collect()
    }

    /// A workflow of this text.
    pub fn of(name: &str, text: String) -> Self {
        let content = serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        Self { name: name.to_owned(), text, content }
    }

    pub fn jobs(&self) -> impl Iterator<Item = Job<'_>> {
        self.content["jobs"].as_object().into_iter().flatten().map(|(name, job)| (name.as_str(), job))
    }

    /// The steps of all jobs.
    pub fn steps(&self) -> impl Iterator<Item = &Value> {
        self.jobs().flat_map(|(_, job)| job["steps"].as_array().into_iter().flatten())
    }

    /// The actions and workflows of others, and of this repository, that its jobs and steps use.
    pub fn uses(&self) -> impl Iterator<Item = &str> {
        self.jobs().map(|(_, job)| job).chain(self.steps()).filter_map(|user| user["uses"].as_str())
    }

    /// The commands of all steps.
    pub fn commands(&self) -> impl Iterator<Item = &str> {
        self.steps().filter_map(|step| step["run"].as_str())
    }
}
