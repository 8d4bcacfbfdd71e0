//! Runs a configuration with mistakes: each is one error at its argument, and nothing else is.

use serde_json::Value as Json;

use crate::case::{Configuration, Mistakes, Phase};
use crate::runner::Runner;
use crate::site::summary;
use crate::wrong::SECRET;

impl Runner<'_> {
    /// Runs a configuration with mistakes: each is one error at its argument, and nothing else is.
    pub fn mistakes(&mut self, mistakes: &Mistakes, configuration: &Configuration) -> Result<(), String> {
        self.site.write(&configuration.files, &configuration.modules)?;
        self.data.clone_from(&configuration.data);
        let plan = ["plan", "-input=false", "-json"];
        let run = match mistakes.phase {
            Phase::Validate | Phase::Plan => self.site.run_or_fail(&plan)?,
            Phase::Apply => {
                self.site.run(&plan)?;
                self.site.run_or_fail(&["apply", "-auto-approve", "-input=false", "-json"])?
            }
        };
        // The line of the configuration is Terraform's to show.
        if run.diagnostics.iter().any(|one| one.detail.contains(SECRET) || one.summary.contains(SECRET)) {
            return Err(format!("a secret is shown:\n{}", summary(&run)));
        }
        let lines = run.text.lines().filter_map(|line| serde_json::from_str::<Json>(line).ok());
        let errors: Vec<_> = lines
            .filter(|line| line["type"] == "diagnostic" && line["diagnostic"]["severity"] == "error")
            .map(|line| line["diagnostic"].clone())
            .collect();
        let mut problems = Vec::new();
        for (id, (_, written)) in &configuration.written {
            let argument = mistakes.arguments[id];
            let own: Vec<_> = errors.iter().filter(|error| is_about(error, &written.address)).collect();
            if own.len() != 1 || !own.iter().all(|error| points_at(error, argument)) {
                let said: Vec<_> = own.iter().map(ToString::to_string).collect();
                let value = written.arguments.get(argument).map(|expression| &expression.text);
                problems.push(format!(
                    "{}.{argument} = {value:?}: not one error there:\n{}",
                    written.address,
                    said.join("\n")
                ));
            }
        }
        if errors.len() != configuration.written.len() {
            problems.push(format!(
                "{} errors for {} mistakes:\n{}",
                errors.len(),
                configuration.written.len(),
                summary(&run)
            ));
        }
        self.counts.mistakes += configuration.written.len();
        // What another resource gave is known from here on, if it was applied.
        if mistakes.phase != Phase::Apply {
            self.data.clear();
        }
        if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
    }
}

fn text(json: &Json) -> &str {
    json.as_str().unwrap_or_default().trim()
}

/// Whether an error is about the resource at an address.
fn is_about(error: &Json, address: &str) -> bool {
    // Terraform validates a configuration before it evaluates `count` and `for_each`.
    let bare = address.split('[').next().unwrap_or_default();
    if let Some(reported) = error["address"].as_str() {
        return reported == address || reported == bare;
    }
    // Terraform's own errors have no address.
    let label = bare.split('.').nth(1).unwrap_or_default();
    text(&error["snippet"]["context"]).ends_with(&format!("{label:?}"))
        || text(&error["range"]["filename"]).starts_with(&format!("{label}/"))
}

/// Whether an error has the line of an argument.
fn points_at(error: &Json, argument: &str) -> bool {
    let code = text(&error["snippet"]["code"]);
    // Terraform finds no line in a dynamic block.
    let is_named =
        || code.starts_with("resource ") && text(&error["detail"]).contains(&format!("Attribute timeouts.{argument} "));
    error["range"]["start"]["line"].is_u64() && (code.starts_with(&format!("{argument} = ")) || is_named())
}
