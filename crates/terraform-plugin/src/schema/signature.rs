//! The signature of a function: what other objects have as a schema.

use super::description::{Composed, Description};
use super::sentences::of_function;
use crate::value::Type;

/// One parameter of a [`Signature`].
#[derive(Clone, Debug)]
pub struct Parameter {
    pub(crate) name: String,
    pub(crate) ty: Type,
    pub(crate) description: String,
    pub(crate) allow_null: bool,
    pub(crate) allow_unknown: bool,
}

impl Parameter {
    /// A parameter of a type. `description` is Markdown.
    #[must_use]
    pub fn of(name: impl Into<String>, ty: Type, description: impl Into<String>) -> Self {
        Self { name: name.into(), ty, description: description.into(), allow_null: false, allow_unknown: false }
    }

    /// A text.
    #[must_use]
    pub fn string(name: impl Into<String>, description: impl Into<String>) -> Self {
        Self::of(name, Type::String, description)
    }

    /// A number.
    #[must_use]
    pub fn number(name: impl Into<String>, description: impl Into<String>) -> Self {
        Self::of(name, Type::Number, description)
    }

    /// The function also takes null. Without this, Terraform refuses it.
    #[must_use]
    pub fn allow_null(mut self) -> Self {
        self.allow_null = true;
        self
    }

    /// The function is also called with values that are not known yet. Without this, Terraform takes the result of such
    /// a call for unknown and does not call.
    #[must_use]
    pub fn allow_unknown(mut self) -> Self {
        self.allow_unknown = true;
        self
    }
}

/// What a function takes and gives.
#[derive(Clone, Debug)]
pub struct Signature {
    pub(crate) summary: String,
    pub(crate) description: Description,
    pub(crate) deprecation: Option<String>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) variadic: Option<Parameter>,
    pub(crate) returns: Type,
}

impl Signature {
    /// A function without parameters. `summary` is one plain sentence.
    #[must_use]
    pub fn new(summary: impl Into<String>, returns: Type) -> Self {
        Self {
            summary: summary.into(),
            description: Description::default(),
            deprecation: None,
            parameters: Vec::new(),
            variadic: None,
            returns,
        }
    }

    /// The documentation, in Markdown. The framework adds which Terraform has functions.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Description::from(description);
        self
    }

    /// The description that was given before is plain text, not Markdown.
    #[must_use]
    pub fn plain_description(mut self) -> Self {
        self.description = self.description.plain();
        self
    }

    /// The description as clients get it.
    pub(crate) fn composed_description(&self) -> Composed {
        self.description.with([of_function()])
    }

    /// Adds a parameter.
    #[must_use]
    pub fn parameter(mut self, parameter: Parameter) -> Self {
        self.parameters.push(parameter);
        self
    }

    /// The parameter that takes all further arguments. The model holds them as a list under its name.
    #[must_use]
    pub fn variadic(mut self, parameter: Parameter) -> Self {
        self.variadic = Some(parameter);
        self
    }

    /// Warns every user who calls the function. `message` says what to use instead.
    #[must_use]
    pub fn deprecated(mut self, message: impl Into<String>) -> Self {
        self.deprecation = Some(message.into());
        self
    }
}
