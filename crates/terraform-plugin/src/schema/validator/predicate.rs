//! A validator that is a function.

use super::{ValidateRequest, Validator};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::value::Value;

/// See [`predicate`].
pub struct Predicate<F> {
    accepts: F,
    requirement: Option<String>,
}

/// A validator that is a function: it says what is wrong with a value, in a sentence. If the value is sensitive, so may the
/// sentence be, and it is not shown: [`saying`](Predicate::saying) gives what is shown then.
///
/// ```
/// use terraform_plugin::schema::{Attribute, predicate};
///
/// let odd = predicate(|value| match value.as_i64() {
///     Some(number) if number % 2 == 0 => Err(format!("{number} is divisible by 2.")),
///     _ => Ok(()),
/// });
/// let lamps = Attribute::integer("How many lamps.").required().validate(odd.saying("must be odd"));
/// ```
pub fn predicate<F: Fn(&Value) -> Result<(), String> + Send + Sync + 'static>(accepts: F) -> Predicate<F> {
    Predicate { accepts, requirement: None }
}

impl<F> Predicate<F> {
    /// What the value must be, beginning with `must`: for the description, and for the message about a sensitive value.
    #[must_use]
    pub fn saying(self, requirement: impl Into<String>) -> Self {
        Self { requirement: Some(requirement.into()), ..self }
    }
}

impl<F: Fn(&Value) -> Result<(), String> + Send + Sync + 'static> Validator for Predicate<F> {
    fn validate(&self, request: &ValidateRequest<'_>, diagnostics: &mut Diagnostics) {
        let Err(sentence) = (self.accepts)(request.value) else { return };
        let diagnostic = match &self.requirement {
            _ if !request.sensitive => Diagnostic::error("Invalid attribute value", sentence),
            Some(requirement) => request.invalid(requirement),
            None => {
                let detail = format!("{} is not valid. It is sensitive, so the reason is not shown.", request.name());
                Diagnostic::error("Invalid attribute value", detail)
            }
        };
        diagnostics.push(request.adjusted(diagnostic).at(request.path.clone()));
    }

    fn description(&self) -> Option<String> {
        self.requirement.as_deref().map(super::sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{detail, detail_of_secret};
    use super::*;

    #[test]
    fn the_sentence_of_a_function_is_shown_unless_it_may_hold_a_secret() {
        let fails = || predicate(|value| Err(format!("{} is wrong.", value.as_str().unwrap_or_default())));
        assert_eq!(detail(&fails(), "hunter2".into()).as_deref(), Some("hunter2 is wrong."));
        let hidden = "Attribute it is not valid. It is sensitive, so the reason is not shown.";
        assert_eq!(detail_of_secret(&fails(), "hunter2".into()).as_deref(), Some(hidden));
        let said = fails().saying("must be right");
        assert_eq!(said.description().as_deref(), Some("Must be right."));
        assert_eq!(detail(&said, "hunter2".into()).as_deref(), Some("hunter2 is wrong."));
        assert_eq!(detail_of_secret(&said, "hunter2".into()).as_deref(), Some("Attribute it must be right."));
        assert_eq!(fails().description(), None);
        for value in [Value::Null, Value::unknown(), Value::List(vec![Value::unknown()])] {
            assert_eq!(detail(&fails(), value), None);
        }
    }
}
