//! Runs the steps that import.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use serde_json::Value;

use super::check::shown;
use super::expected::same;
use super::failure::Failure;
use super::path::at;
use super::plan::leaves;
use super::planned::changes;
use super::resources::{find, of_state};
use super::run::{Runner, succeeded};
use super::step::{By, Import, Kind, Step};
use super::verify::verify;

/// The file of an `import` block.
const BLOCK: &str = "case_import.tf";
const STATE: &str = "terraform.tfstate";
/// Where the state is while an import has an empty one.
const ASIDE: &str = "case.tfstate";

/// What an import is given.
enum Target {
    Id(String),
    Identity(Value),
}

impl Runner<'_> {
    pub(super) fn import(&self, mut step: Step<'_>) -> Result<(), Failure> {
        let nothing = Kind::Destroy;
        let Kind::Import(mut import) = std::mem::replace(&mut step.kind, nothing) else { return Ok(()) };
        if let Some(hcl) = import.config.take()
            && self.write(&hcl, &step)?.is_none()
        {
            return Ok(());
        }
        let state = self.state()?;
        let before = find(&of_state(&state), &import.address).cloned();
        let by = std::mem::replace(&mut import.by, By::StoredIdentity);
        let target = target(by, &import.address, before.as_ref())?;
        let aside = if import.keeps { None } else { Some(Aside::put(self)?) };
        let imported = match (&target, import.block) {
            (Target::Id(id), false) => self.by_command(&import.address, id, &mut step)?,
            _ if import.keeps => return Err(Failure::new("only the command imports into the state of a case")),
            _ => self.by_block(&import.address, &target, &mut step)?,
        };
        drop(aside);
        match imported {
            Some(imported) => verified(&import, before.as_ref(), &imported),
            None => Ok(()),
        }
    }

    /// Imports by the command, and gives the attributes.
    fn by_command(&self, address: &str, id: &str, step: &mut Step<'_>) -> Result<Option<Value>, Failure> {
        let Some(run) = self.terraform(&["import", "-input=false", "-no-color", address, id], step)? else {
            return Ok(None);
        };
        succeeded(step, &[run])?;
        self.checked(step)?;
        let state = self.state()?;
        let found = find(&of_state(&state), address).map(|one| one["values"].clone());
        found.map(Some).ok_or_else(|| Failure::new(format!("{address} is not in the state after its import")))
    }

    /// Plans an import by a block, and gives the attributes. Nothing else of the plan matters, as the state is empty.
    fn by_block(&self, address: &str, target: &Target, step: &mut Step<'_>) -> Result<Option<Value>, Failure> {
        self.workspace.write_file(BLOCK, &block(address, target));
        let planned = self.planned(&[], step);
        _ = fs::remove_file(self.workspace.path(BLOCK));
        let Some(plan) = planned? else { return Ok(None) };
        plan.check(&mut step.expectations)?;
        let changing = !step.next.is_empty();
        if changing {
            plan.check(&mut step.next)?;
        } else if let Err(why) = leaves(address).of(&plan.json) {
            let why = format!("the import changes the object: {why}\n  planned: {}", changes(&plan.json));
            return Err(Failure::new(why).of(&plan.command, &plan.run));
        }
        let change = plan.json["resource_changes"].as_array().into_iter().flatten();
        let change = change.into_iter().find(|change| change["address"] == address);
        let imported = change.map(|change| change["change"]["before"].clone());
        succeeded(step, &[plan.run])?;
        imported.map(Some).ok_or_else(|| Failure::new(format!("{address} is not in the plan of its import")))
    }
}

/// What an import finds its object by.
fn target(by: By<'_>, address: &str, before: Option<&Value>) -> Result<Target, Failure> {
    let stored =
        || before.ok_or_else(|| Failure::new(format!("{address} is not in the state, so that its id has to be given")));
    match by {
        By::Id(id) => Ok(Target::Id(id())),
        By::Identity(identity) => Ok(Target::Identity(identity)),
        By::Attribute(path) => match at(&stored()?["values"], &path) {
            Some(Value::String(id)) => Ok(Target::Id(id.clone())),
            other => Err(Failure::new(format!("{path} of {address} is no id: {}", shown(other)))),
        },
        By::StoredIdentity => match &stored()?["identity"] {
            Value::Null => Err(Failure::new(format!("the state has no identity of {address}"))),
            identity => Ok(Target::Identity(identity.clone())),
        },
    }
}

/// An `import` block. JSON is an expression of the language, but for what stands for a template in it.
fn block(address: &str, target: &Target) -> String {
    let expression = |value: &Value| value.to_string().replace("${", "$${").replace("%{", "%%{");
    let target = match target {
        Target::Id(id) => format!("id = {}", expression(&id.as_str().into())),
        Target::Identity(identity) => {
            let attributes = identity.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
            let attributes = attributes.map(|(name, value)| format!("    {name} = {}\n", expression(value)));
            format!("identity = {{\n{}  }}", attributes.collect::<String>())
        }
    };
    format!("import {{\n  to = {address}\n  {target}\n}}\n")
}

fn verified(import: &Import<'_>, before: Option<&Value>, imported: &Value) -> Result<(), Failure> {
    if !import.verifies {
        return Ok(());
    }
    let address = &import.address;
    let before = before.ok_or_else(|| Failure::new(format!("{address} is not in the state, to be compared with")))?;
    if same(&before["values"], imported) {
        return Ok(());
    }
    verify(&before["values"], imported, &import.ignored)
        .map_err(|differences| Failure::new(format!("what was imported is not what the state has:\n{differences}")))
}

/// The state of a case while an import works with an empty one. Dropping it puts the state back.
struct Aside {
    state: PathBuf,
    aside: PathBuf,
}

impl Aside {
    fn put(runner: &Runner<'_>) -> Result<Self, Failure> {
        let (state, aside) = (runner.workspace.path(STATE), runner.workspace.path(ASIDE));
        match fs::rename(&state, &aside) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(Failure::new(format!("the state cannot be put aside: {error}")))
            }
            _ => Ok(Self { state, aside }),
        }
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        _ = fs::remove_file(&self.state);
        _ = fs::rename(&self.aside, &self.state);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;

    use super::*;
    use crate::installation::Installation;
    use crate::workspace::Workspace;

    #[test]
    fn the_state_is_put_aside_and_put_back() {
        let directory = tempfile::tempdir().expect("a directory");
        let built = Installation::DevOverride { address: "example/none", program: Path::new("/none/program") };
        let workspace = Workspace::create(&directory.path().join("w"), &built).expect("it can be created");
        let runner = Runner::new(&workspace, String::new());
        let read = || fs::read_to_string(workspace.path(STATE)).ok();
        drop(Aside::put(&runner).map_err(|failure| failure.text("")).expect("there need not be one"));
        assert_eq!(read(), None);
        workspace.write_file(STATE, "of the case");
        let aside = Aside::put(&runner).map_err(|failure| failure.text("")).expect("it can be put aside");
        assert_eq!(read(), None);
        workspace.write_file(STATE, "of the import");
        drop(aside);
        assert_eq!(read().as_deref(), Some("of the case"));
        fs::create_dir(workspace.path(ASIDE)).expect("it can be created");
        let failed = Aside::put(&runner).map(drop).expect_err("a directory is in the way");
        assert!(failed.text("step 1").starts_with("step 1: the state cannot be put aside: "));
        assert_eq!(read().as_deref(), Some("of the case"));
    }

    #[test]
    fn an_import_block_names_an_id_or_an_identity() {
        let id = Target::Id("a \"${b}\"".to_owned());
        assert_eq!(block("a.b", &id), "import {\n  to = a.b\n  id = \"a \\\"$${b}\\\"\"\n}\n");
        let identity = Target::Identity(json!({"id": "x", "zone": null, "parts": [1, 2]}));
        let expected = "import {\n  to = a.b[0]\n  identity = {\n    id = \"x\"\n    parts = [1,2]\n  }\n}\n";
        assert_eq!(block("a.b[0]", &identity), expected);
    }

    #[test]
    fn what_an_import_looks_for_stands_in_the_state() {
        let object = json!({"identity": {"id": "n-1"}, "values": {"name": "n", "size": 1}});
        let of = |by: By<'_>, before: Option<&Value>| match target(by, "a.b", before) {
            Ok(Target::Id(id)) => id,
            Ok(Target::Identity(identity)) => identity.to_string(),
            Err(failure) => failure.text("step 1"),
        };
        let attribute = |path: &str| By::Attribute(path.to_owned());
        assert_eq!(of(attribute("name"), Some(&object)), "n");
        assert_eq!(of(By::StoredIdentity, Some(&object)), "{\"id\":\"n-1\"}");
        assert_eq!(of(By::Id(Box::new(|| "x".to_owned())), None), "x");
        assert_eq!(of(attribute("size"), Some(&object)), "step 1: size of a.b is no id: 1");
        assert_eq!(of(attribute("id"), None), "step 1: a.b is not in the state, so that its id has to be given");
        assert_eq!(of(By::StoredIdentity, Some(&json!({}))), "step 1: the state has no identity of a.b");
    }
}
