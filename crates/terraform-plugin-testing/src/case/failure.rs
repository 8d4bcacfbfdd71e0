//! Why a step failed, and what Terraform said.

use std::fmt::Write as _;

use regex::Regex;
use serde_json::Value;

use crate::run::{Diagnostic, Run};

/// Why a step failed.
#[derive(Debug)]
pub(super) struct Failure {
    why: String,
    /// The command, and what it printed.
    said: Option<(String, String)>,
}

impl Failure {
    pub fn new(why: impl Into<String>) -> Self {
        Self { why: why.into(), said: None }
    }

    /// The same, of a run of Terraform.
    pub fn of(self, command: &str, run: &Run) -> Self {
        Self { said: Some((command.to_owned(), readable(&run.text))), ..self }
    }

    /// The message of the test that failed.
    pub fn text(&self, place: &str) -> String {
        let mut text = format!("{place}: {}", self.why);
        if let Some((command, said)) = &self.said {
            _ = write!(text, "\n\n`terraform {command}` said:\n\n{said}");
        }
        text
    }
}

/// What Terraform printed as JSON, as it would have printed it for people. Other lines stay.
fn readable(text: &str) -> String {
    let line = |line: &str| match serde_json::from_str::<Value>(line) {
        Ok(json) if json["type"] == "diagnostic" => {
            let Diagnostic { severity, summary, detail, code } = Diagnostic::of(&json["diagnostic"]);
            let code = if code.is_empty() { code } else { format!("\n    {code}") };
            format!("{severity}: {summary}{code}\n    {}", detail.replace('\n', "\n    "))
        }
        Ok(json) if json["@message"].is_string() => json["@message"].as_str().unwrap_or_default().to_owned(),
        _ => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// An error that a step has to end with.
pub(super) enum ExpectedError {
    Containing(String),
    Matching(Regex),
}

impl ExpectedError {
    /// Whether a run failed with it.
    ///
    /// # Errors
    /// With what it said in place of it.
    pub fn is_met_by(&self, run: &Run) -> Result<(), Failure> {
        let errors = errors_of(run);
        if errors.iter().any(|error| self.matches(error)) {
            return Ok(());
        }
        let wanted = match self {
            Self::Containing(text) => format!("an error with {text:?}"),
            Self::Matching(regex) => format!("an error that matches {:?}", regex.as_str()),
        };
        let found = if run.code == Some(0) { "it succeeded".to_owned() } else { format!("it failed with {errors:#?}") };
        Err(Failure::new(format!("expected {wanted}, but {found}")))
    }

    fn matches(&self, error: &str) -> bool {
        match self {
            Self::Containing(text) => error.contains(&one_line(text)),
            Self::Matching(regex) => regex.is_match(error),
        }
    }
}

/// The errors of a run, each in one line: the summary and the detail. What prints no JSON has all it says in one.
fn errors_of(run: &Run) -> Vec<String> {
    if run.code == Some(0) {
        return Vec::new();
    }
    let errors = run.diagnostics.iter().filter(|one| one.severity == "error");
    let errors: Vec<_> = errors.map(|one| one_line(&format!("{} {}", one.summary, one.detail))).collect();
    if errors.is_empty() { vec![one_line(&run.text)] } else { errors }
}

/// A text without the lines and frames of a terminal.
fn one_line(text: &str) -> String {
    let words = text.split_whitespace().filter(|word| !matches!(*word, "│" | "╷" | "╵"));
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ERROR: &str = r#"{"@message":"Error: Bad","type":"diagnostic","diagnostic":{"severity":"error","summary":"Bad","detail":"It is\nbad.","snippet":{"code":"  a = 1"}}}"#;

    fn run(code: i32, stdout: &str) -> Run {
        let diagnostics = stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let diagnostics = diagnostics.filter(|line| line["type"] == "diagnostic");
        let diagnostics = diagnostics.map(|line| Diagnostic::of(&line["diagnostic"])).collect();
        Run { code: Some(code), text: stdout.to_owned(), diagnostics }
    }

    #[test]
    fn a_failure_shows_what_terraform_said_as_people_read_it() {
        let printed =
            format!("{{\"@message\":\"Plan: 1 to add\",\"type\":\"change_summary\"}}\n{ERROR}\n{{\"n\":1}}\nnot JSON");
        let failure = Failure::new("it failed").of("apply -json", &run(1, &printed));
        let expected = "step 1: it failed\n\n`terraform apply -json` said:\n\nPlan: 1 to add\nerror: Bad\n    a = 1\n    \
                        It is\n    bad.\n{\"n\":1}\nnot JSON";
        assert_eq!(failure.text("step 1"), expected);
        assert_eq!(Failure::new("no such step").text("step 2"), "step 2: no such step");
    }

    #[test]
    fn an_expected_error_is_found_across_lines_and_frames() {
        let frames = "╷\n│ Error: Bad\n│ \n│ It is\n│ bad.\n╵";
        let pattern = |text: &str| ExpectedError::Matching(Regex::new(text).expect("it is one"));
        for expected in [ExpectedError::Containing("It is\n  bad.".to_owned()), pattern("^(Error: )?Bad It is")] {
            for printed in [ERROR, frames] {
                assert!(expected.is_met_by(&run(1, printed)).is_ok(), "{printed}");
            }
            assert!(expected.is_met_by(&run(0, ERROR)).is_err());
        }
        let other = ExpectedError::Containing("good".to_owned());
        let said = |code| other.is_met_by(&run(code, ERROR)).expect_err("it is another one").text("step 1");
        assert_eq!(
            said(1),
            "step 1: expected an error with \"good\", but it failed with [\n    \"Bad It is bad.\",\n]"
        );
        assert_eq!(said(0), "step 1: expected an error with \"good\", but it succeeded");
    }
}
