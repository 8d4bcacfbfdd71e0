//! Runs the steps of a case.

use std::fs;

use serde_json::Value;

use super::check::Check;
use super::failure::Failure;
use super::plan::is_empty;
use super::planned::changes;
use super::query;
use super::resources::of_state;
use super::step::{Kind, Step};
use crate::run::Run;
use crate::workspace::Workspace;

/// The file of a saved plan.
const PLAN: &str = "case.tfplan";
/// The file of a query.
const QUERY: &str = "case.tfquery.hcl";

/// The workspace of a case, between the steps.
pub(super) struct Runner<'w> {
    pub workspace: &'w Workspace,
    in_front: String,
    /// The configuration that was applied last. What a step could not apply, no destroy can read.
    applied: Option<String>,
}

impl<'w> Runner<'w> {
    pub fn new(workspace: &'w Workspace, in_front: String) -> Self {
        Self { workspace, in_front, applied: None }
    }

    /// Runs a step.
    ///
    /// # Errors
    /// With what is not as expected.
    pub fn run(&mut self, mut step: Step<'_>) -> Result<(), Failure> {
        if let Some(before) = step.before.take() {
            before();
        }
        for (name, text) in &step.files {
            self.workspace.write_file(name, text);
        }
        let after = step.after.take();
        match &mut step.kind {
            Kind::Config(hcl) => {
                let hcl = std::mem::take(hcl);
                self.config(&hcl, step)?;
            }
            Kind::Import(_) => self.import(step)?,
            Kind::Query(hcl) => {
                let hcl = std::mem::take(hcl);
                self.query(&hcl, step)?;
            }
            Kind::Refresh => self.refresh(step)?,
            Kind::Destroy => self.destroy(step)?,
        }
        if let Some(after) = after {
            after();
        }
        Ok(())
    }

    /// Runs Terraform, and checks that it ends as a step wants. `None` if it ended with the error that was expected.
    ///
    /// # Errors
    /// If it did not.
    pub fn terraform(&self, arguments: &[&str], step: &Step<'_>) -> Result<Option<Run>, Failure> {
        let run = self.workspace.run(arguments);
        if run.code == Some(0) {
            return Ok(Some(run));
        }
        let command = arguments.join(" ");
        match &step.error {
            Some(error) => error.is_met_by(&run).map(|()| None).map_err(|failure| failure.of(&command, &run)),
            None => Err(Failure::new("Terraform failed").of(&command, &run)),
        }
    }

    /// What Terraform prints as JSON.
    pub fn json(&self, arguments: &[&str]) -> Result<Value, Failure> {
        let output = self.workspace.command(arguments).output();
        let output = output.map_err(|error| Failure::new(format!("Terraform cannot be started: {error}")))?;
        match serde_json::from_slice(&output.stdout) {
            Ok(json) if output.status.success() => Ok(json),
            _ => Err(Failure::new("Terraform showed no JSON").of(&arguments.join(" "), &Run::of(&output))),
        }
    }

    pub fn state(&self) -> Result<Value, Failure> {
        self.json(&["show", "-json"])
    }

    /// Writes a configuration, and makes its modules and providers available.
    pub fn write(&self, hcl: &str, step: &Step<'_>) -> Result<Option<()>, Failure> {
        let text = format!("{}\n\n{hcl}", self.in_front);
        if text.contains("required_providers") {
            self.workspace.write_file("main.tf", &text);
        } else {
            self.workspace.write(&text);
        }
        let prepared = if self.workspace.needs_init() {
            self.terraform(&["init", "-input=false", "-no-color"], step)?
        } else if text.contains("module \"") {
            self.terraform(&["get", "-no-color"], step)?
        } else {
            return Ok(Some(()));
        };
        Ok(prepared.map(drop))
    }

    /// Makes a plan that is saved.
    pub fn planned(&self, more: &[&str], step: &Step<'_>) -> Result<Option<Planned>, Failure> {
        let out = format!("-out={PLAN}");
        let mut arguments = vec!["plan", "-input=false", "-json", &out];
        arguments.extend(more);
        let Some(run) = self.terraform(&arguments, step)? else { return Ok(None) };
        let json = self.json(&["show", "-json", PLAN])?;
        Ok(Some(Planned { command: arguments.join(" "), run, json }))
    }

    fn config(&mut self, hcl: &str, mut step: Step<'_>) -> Result<(), Failure> {
        if self.write(hcl, &step)?.is_none() {
            return Ok(());
        }
        let more = std::mem::take(&mut step.arguments);
        let more: Vec<_> = more.iter().map(String::as_str).collect();
        let Some(plan) = self.planned(&more, &step)? else { return Ok(()) };
        plan.check(&mut step.expectations)?;
        let mut warned = vec![plan.run];
        if !step.plan_only {
            let Some(run) = self.terraform(&["apply", "-input=false", "-json", PLAN], &step)? else {
                self.applied = Some(hcl.to_owned());
                return self.checked(&mut step);
            };
            self.applied = Some(hcl.to_owned());
            warned.push(run);
        }
        succeeded(&step, &warned)?;
        if step.plan_only {
            return Ok(());
        }
        self.checked(&mut step)?;
        self.next(&mut step)
    }

    /// Checks the state.
    pub fn checked(&self, step: &mut Step<'_>) -> Result<(), Failure> {
        if step.checks.is_empty() {
            return Ok(());
        }
        let state = self.state()?;
        step.checks.iter_mut().try_for_each(|check| check.of(&state)).map_err(Failure::new)
    }

    /// Checks the plan that follows an apply: that it is empty, unless the step says otherwise.
    fn next(&self, step: &mut Step<'_>) -> Result<(), Failure> {
        let quiet = Step::destroy();
        let plan = |more: &[&str]| {
            let planned = self.planned(more, &quiet)?;
            planned.ok_or_else(|| Failure::new("the plan that follows could not be made"))
        };
        if !step.next.is_empty() {
            return plan(&[])?.check(&mut step.next);
        }
        for (more, how) in [(&["-refresh=false"][..], "without a refresh"), (&[], "after a refresh")] {
            let plan = plan(more)?;
            if is_empty().of(&plan.json).is_err() {
                let why = format!("the plan that follows is not empty, {how}: {}", changes(&plan.json));
                return Err(Failure::new(why).of(&plan.command, &plan.run));
            }
        }
        Ok(())
    }

    fn query(&self, hcl: &str, mut step: Step<'_>) -> Result<(), Failure> {
        self.workspace.write_file(QUERY, hcl);
        let ended = self.terraform(&["query", "-json"], &step);
        _ = fs::remove_file(self.workspace.path(QUERY));
        let Some(run) = ended? else { return Ok(()) };
        succeeded(&step, std::slice::from_ref(&run))?;
        let found = query::found(&run.text);
        let checked = step.expectations.iter_mut().try_for_each(|check| check.of(&found));
        checked.map_err(|why| Failure::new(why).of("query -json", &run))
    }

    fn refresh(&self, mut step: Step<'_>) -> Result<(), Failure> {
        let arguments = ["apply", "-refresh-only", "-auto-approve", "-input=false", "-json"];
        let Some(run) = self.terraform(&arguments, &step)? else { return Ok(()) };
        succeeded(&step, &[run])?;
        self.checked(&mut step)?;
        self.next(&mut step)
    }

    fn destroy(&self, mut step: Step<'_>) -> Result<(), Failure> {
        let arguments = ["destroy", "-auto-approve", "-input=false", "-json"];
        let Some(run) = self.terraform(&arguments, &step)? else { return self.checked(&mut step) };
        succeeded(&step, &[run])?;
        self.checked(&mut step)
    }

    /// Destroys what is left.
    ///
    /// # Errors
    /// If something stays.
    pub fn clean_up(&self) -> Result<(), Failure> {
        let Some(applied) = &self.applied else { return Ok(()) };
        let quiet = Step::destroy();
        self.write(applied, &quiet)?;
        if of_state(&self.state()?).is_empty() {
            return Ok(());
        }
        self.terraform(&["destroy", "-auto-approve", "-input=false", "-json"], &quiet)?;
        let state = self.state()?;
        let left = of_state(&state);
        if left.is_empty() {
            return Ok(());
        }
        Err(Failure::new(format!("the state still holds {}", super::resources::addresses(&left))))
    }
}

/// A plan, and how it was made.
pub(super) struct Planned {
    pub command: String,
    pub run: Run,
    pub json: Value,
}

impl Planned {
    /// Runs checks of it.
    pub fn check(&self, checks: &mut [Check<'_>]) -> Result<(), Failure> {
        let checked = checks.iter_mut().try_for_each(|check| check.of(&self.json));
        checked.map_err(|why| Failure::new(why).of(&self.command, &self.run))
    }
}

/// Checks what a step that succeeded had to report.
pub(super) fn succeeded(step: &Step<'_>, runs: &[Run]) -> Result<(), Failure> {
    if let Some(error) = &step.error {
        return runs.last().map_or(Ok(()), |run| error.is_met_by(run));
    }
    let warned = |summary: &String| {
        let all = runs.iter().flat_map(|run| &run.diagnostics);
        all.filter(|one| one.severity == "warning").any(|one| one.summary == *summary)
    };
    match step.warnings.iter().find(|summary| !warned(summary)) {
        Some(missing) => Err(Failure::new(format!("expected a warning {missing:?}, but there was none"))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::installation::Installation;
    use crate::run::Diagnostic;

    #[test]
    fn what_terraform_prints_as_json_counts_only_if_it_succeeds() {
        let directory = tempfile::tempdir().expect("a directory");
        let built = Installation::DevOverride { address: "example/none", program: Path::new("/none/program") };
        let workspace = Workspace::create(&directory.path().join("w"), &built).expect("it can be created");
        let runner = Runner::new(&workspace, String::new());
        let version = runner.json(&["version", "-json"]).map_err(|failure| failure.text(""));
        assert!(version.expect("it says it").is_object());
        workspace.write_file("main.tf", "resource {");
        let invalid = runner.json(&["validate", "-json"]).map_err(|failure| failure.text("step 1"));
        let text = invalid.expect_err("the configuration is wrong");
        assert!(
            text.starts_with("step 1: Terraform showed no JSON\n\n`terraform validate -json` said:\n\n{"),
            "{text}"
        );
        assert!(runner.json(&["validate"]).is_err(), "it prints a text");
    }

    #[test]
    fn a_warning_is_looked_for_among_the_warnings() {
        let run = |severity: &str, summary: &str| {
            let text = |text: &str| text.to_owned();
            let diagnostic = Diagnostic {
                severity: text(severity),
                summary: text(summary),
                detail: String::new(),
                code: String::new(),
            };
            Run { code: Some(0), text: String::new(), diagnostics: vec![diagnostic] }
        };
        for (severity, summary, is_there) in
            [("warning", "Slow", true), ("error", "Slow", false), ("warning", "Other", false)]
        {
            let runs = [run("warning", "Deprecated"), run(severity, summary)];
            let step = Step::refresh().warning("Slow").warning("Deprecated");
            assert_eq!(succeeded(&step, &runs).is_ok(), is_there, "{severity} {summary}");
        }
    }
}
