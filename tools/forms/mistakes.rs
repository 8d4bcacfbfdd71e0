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
            // While a configuration is checked, `count` and `for_each` are not looked at.
            let bare = written.address.split('[').next().unwrap_or_default();
            let label = bare.split('.').nth(1).unwrap_or_default();
            let has_address = |error: &&Json| {
                let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
                // Terraform's own errors have no address.
                error["address"].as_str().map_or_else(
                    || {
                        text(&error["snippet"]["context"]).ends_with(&format!("{label:?}"))
                            || text(&error["range"]["filename"]).starts_with(&format!("{label}/"))
                    },
                    |address| address == written.address || address == bare,
                )
            };
            let own: Vec<_> = errors.iter().filter(has_address).collect();
            let is_there = |error: &&Json| {
                let text = |json: &Json| json.as_str().unwrap_or_default().trim().to_owned();
                let code = text(&error["snippet"]["code"]);
                // Terraform finds no place in a dynamic block.
                let is_named = || {
                    code.starts_with("resource ")
                        && text(&error["detail"]).contains(&format!("Attribute timeouts.{argument} "))
                };
                error["range"]["start"]["line"].is_u64() && (code.starts_with(&format!("{argument} = ")) || is_named())
            };
            if own.len() != 1 || !own.iter().all(is_there) {
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
