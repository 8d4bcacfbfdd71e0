//! What a run of Terraform said.

use std::process::{Child, Output};

use serde_json::Value;

/// What a run of Terraform said.
#[derive(Debug)]
pub struct Run {
    /// The exit code.
    pub code: Option<i32>,
    /// Everything on standard output and standard error.
    pub text: String,
    /// The diagnostics, where it was asked for JSON.
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

/// The end of a long text, in so many lines.
#[must_use]
pub fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

impl Run {
    /// Reads what a process left.
    #[must_use]
    pub fn of(output: &Output) -> Self {
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        let diagnostics = stdout
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .filter(|line| line["type"] == "diagnostic")
            .map(|line| Diagnostic::of(&line["diagnostic"]))
            .collect();
        let text = format!("{stdout}{}", String::from_utf8_lossy(&output.stderr));
        Self { code: output.status.code(), text, diagnostics }
    }

    /// Checks that the run succeeded, and gives it where one wants to look closer.
    ///
    /// # Panics
    /// If it did not.
    #[track_caller]
    #[expect(clippy::must_use_candidate, reason = "most callers only want the check")]
    #[expect(clippy::return_self_not_must_use, reason = "most callers only want the check")]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "terraform failed:\n{}", self.text);
        self
    }

    /// Checks that the run failed with one error of this summary, and gives it.
    ///
    /// # Panics
    /// If it did not.
    #[track_caller]
    #[expect(clippy::must_use_candidate, reason = "many callers only want the check")]
    pub fn error(&self, summary: &str) -> &Diagnostic {
        assert_eq!(self.code, Some(1), "terraform did not fail:\n{}", self.text);
        let errors: Vec<_> = self.diagnostics.iter().filter(|one| one.severity == "error").collect();
        assert_eq!(errors.len(), 1, "not one error: {errors:#?}");
        assert_eq!(errors[0].summary, summary, "{errors:#?}");
        errors[0]
    }

    /// Checks that there is a warning of this summary, and gives it.
    ///
    /// # Panics
    /// If there is none.
    #[track_caller]
    #[expect(clippy::must_use_candidate, reason = "many callers only want the check")]
    pub fn warning(&self, summary: &str) -> &Diagnostic {
        let found = self.diagnostics.iter().find(|one| one.severity == "warning" && one.summary == summary);
        found.unwrap_or_else(|| panic!("no such warning:\n{}", self.text))
    }
}

impl Diagnostic {
    /// Reads a diagnostic in Terraform's form for JSON.
    #[must_use]
    pub fn of(json: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Self {
            severity: text(&json["severity"]),
            summary: text(&json["summary"]),
            detail: text(&json["detail"]),
            code: text(&json["snippet"]["code"]).trim().to_owned(),
        }
    }

    /// Checks that the detail holds all of these texts.
    ///
    /// # Panics
    /// If one is not there.
    #[track_caller]
    pub fn says(&self, texts: &[&str]) {
        for text in texts {
            assert!(self.detail.contains(text), "{text:?} is not in:\n{}", self.detail);
        }
    }
}

/// A Terraform that runs, on Unix in a process group of its own.
pub struct Running(pub(crate) Child);

impl Running {
    /// Ctrl-C: every process of the group gets it.
    ///
    /// # Panics
    /// If it has ended already.
    #[cfg(unix)]
    pub fn interrupt(&self) {
        let group = rustix::process::Pid::from_child(&self.0);
        rustix::process::kill_process_group(group, rustix::process::Signal::INT).expect("the group exists");
    }

    /// SIGKILL for Terraform alone, or what Windows has for it. Its providers notice that it has exited.
    ///
    /// # Panics
    /// If it has ended already.
    pub fn kill(&mut self) {
        self.0.kill().expect("it exists");
    }

    /// Waits for the end.
    ///
    /// # Panics
    /// If it cannot be waited for.
    #[must_use]
    pub fn finish(self) -> Run {
        Run::of(&self.0.wait_with_output().expect("terraform ends"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(code: i32, diagnostics: &[(&str, &str, &str)]) -> Run {
        let diagnostics = diagnostics.iter().map(|(severity, summary, detail)| Diagnostic {
            severity: (*severity).to_owned(),
            summary: (*summary).to_owned(),
            detail: (*detail).to_owned(),
            code: String::new(),
        });
        Run { code: Some(code), text: String::new(), diagnostics: diagnostics.collect() }
    }

    #[test]
    fn the_last_lines_of_a_text_are_its_end() {
        for (count, expected) in [(0, ""), (1, "c"), (2, "b\nc"), (9, "a\nb\nc")] {
            assert_eq!(last_lines("a\nb\nc\n", count), expected);
        }
    }

    #[test]
    fn errors_and_warnings_are_told_apart_by_their_severity() {
        let run = run(
            1,
            &[
                ("error", "Slow", "This is the error."),
                ("warning", "Old", "This is another warning."),
                ("warning", "Slow", "This is the warning."),
            ],
        );
        run.error("Slow").says(&["This", "the error"]);
        run.warning("Slow").says(&["This is the warning."]);
    }

    #[test]
    #[should_panic(expected = "\"gone\" is not in:\nIt is here.")]
    fn a_diagnostic_that_does_not_say_something_is_shown() {
        run(1, &[("error", "Bad", "It is here.")]).error("Bad").says(&["here", "gone"]);
    }

    #[test]
    #[should_panic(expected = "no such warning")]
    fn an_error_is_no_warning() {
        _ = run(1, &[("error", "Bad", "")]).warning("Bad");
    }
}
