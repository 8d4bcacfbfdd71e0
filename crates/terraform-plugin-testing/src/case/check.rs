//! A check of what Terraform reports as JSON.

use serde_json::Value;

use super::expected::Expected;

/// A check of a plan or a state: a pure function of what Terraform reports, and what it is called in the message of a failure.
pub struct Check<'a> {
    name: String,
    run: Compare<'a>,
}

type Compare<'a> = Box<dyn FnMut(&Value) -> Result<(), Mismatch> + 'a>;

/// What a check expected and did not find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// What was expected.
    pub(super) expected: String,
    /// What was found.
    pub(super) found: String,
}

impl Mismatch {
    /// What was expected, and what was found in its place.
    #[must_use]
    pub fn new(expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self { expected: expected.into(), found: found.into() }
    }
}

impl<'a> Check<'a> {
    /// A check of one's own. What it is given is the JSON of a plan or of a state, as `terraform show -json` prints it.
    ///
    /// ```
    /// use terraform_plugin_testing::case::{Check, Mismatch};
    ///
    /// let check = Check::new("the format is known", |state| match state["format_version"].as_str() {
    ///     Some("1.0") => Ok(()),
    ///     other => Err(Mismatch::new("1.0", format!("{other:?}"))),
    /// });
    /// ```
    pub fn new(name: impl Into<String>, run: impl FnMut(&Value) -> Result<(), Mismatch> + 'a) -> Self {
        Self { name: name.into(), run: Box::new(run) }
    }

    /// Runs it.
    ///
    /// # Errors
    /// With the name of the check, what was expected and what was found.
    pub(super) fn of(&mut self, json: &Value) -> Result<(), String> {
        (self.run)(json).map_err(|Mismatch { expected, found }| {
            format!("check failed: {}\n  expected: {expected}\n  found:    {found}", self.name)
        })
    }
}

/// Compares a value with what is expected of it.
pub(super) fn compare(expected: &Expected, found: Option<&Value>) -> Result<(), Mismatch> {
    if expected.is_met_by(found) { Ok(()) } else { Err(Mismatch::new(expected.to_string(), shown(found))) }
}

/// A value in a message.
pub(super) fn shown(found: Option<&Value>) -> String {
    found.map_or_else(|| "nothing".to_owned(), Value::to_string)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// What a check says of recorded JSON.
    pub fn said(mut check: Check<'_>, json: &str) -> Result<(), String> {
        check.of(&serde_json::from_str(json).expect("it is JSON"))
    }

    #[test]
    fn a_failure_has_its_name_and_both_sides() {
        let check = || {
            Check::new("it is true", |json| match json {
                Value::Bool(true) => Ok(()),
                other => Err(Mismatch::new("true", other.to_string())),
            })
        };
        assert_eq!(said(check(), "true"), Ok(()));
        let text = "check failed: it is true\n  expected: true\n  found:    7";
        assert_eq!(said(check(), "7"), Err(text.to_owned()));
    }
}
