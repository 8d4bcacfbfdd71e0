//! The example provider, driven by a real Terraform: every feature of the framework that a configuration can use.
//!
//! A test stands in the file of its feature, and says what it needs of the CLI.

mod actions;
mod data_sources;
mod deprecation;
mod drafts;
mod ephemeral;
mod examples;
mod functions;
mod identity;
mod import;
mod modifiers;
mod moved;
mod provider_meta;
mod query;
mod resources;
mod validation;
mod write_only;
mod wrong_values;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use terraform_plugin_testing::case::{Case, Step, plan, state};
use terraform_plugin_testing::{Feature, Workspace, has, requires};

/// The program that cargo has built for these tests.
fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_terraform-provider-notes"))
}

/// The `provider` block of every configuration.
const PROVIDER: &str = "provider \"notes\" {\n  directory = \"notes\"\n}\n";

/// A workspace with the example provider and a directory of notes.
struct Notes {
    workspace: Workspace,
}

impl std::ops::Deref for Notes {
    type Target = Workspace;

    fn deref(&self) -> &Workspace {
        &self.workspace
    }
}

impl Notes {
    fn new(name: &str) -> Self {
        let notes = Self { workspace: Workspace::new(&format!("notes-{name}"), "example/notes", program()) };
        std::fs::create_dir(notes.path("notes")).expect("the directory can be made");
        notes
    }

    /// Writes a configuration: the provider and this.
    fn write(&self, hcl: &str) {
        self.write_with_meta("", hcl);
    }

    fn write_with_meta(&self, meta: &str, hcl: &str) {
        let head = "  required_providers {\n    notes = {\n      source = \"example/notes\"\n    }\n  }\n";
        self.write_file("main.tf", &format!("terraform {{\n{head}{meta}}}\n\n{PROVIDER}\n{hcl}\n"));
    }

    /// A case that works with these notes.
    fn case(&self) -> Case<'_> {
        Case::new(&self.workspace).in_front(PROVIDER)
    }

    /// The file of a note.
    fn file(&self, id: &str) -> PathBuf {
        self.path("notes").join(format!("{id}.json"))
    }

    fn put(&self, id: &str, note: &Value) {
        std::fs::write(self.file(id), note.to_string()).expect("the file can be written");
    }

    fn note(&self, id: &str) -> Value {
        let bytes = std::fs::read(self.file(id)).expect("there is such a note");
        serde_json::from_slice(&bytes).expect("it is JSON")
    }

    fn state(&self) -> Value {
        let text = std::fs::read(self.path("terraform.tfstate")).expect("there is a state");
        serde_json::from_slice(&text).expect("it is JSON")
    }

    #[track_caller]
    fn output(&self, name: &str) -> Value {
        self.json(&["output", "-json", name])
    }
}

/// The note of [`SHOPPING`].
const NOTE: &str = "notes_note.shopping";

const SHOPPING: &str =
    "resource \"notes_note\" \"shopping\" {\n  title = \"Shopping list\"\n  tags  = [\"b\", \"a\"]\n}";
