//! Functions: pure computations that configurations can call, for example `provider::example::parse("8xH100")`.

use crate::model::Model;
use crate::schema::{Composed, Description, of_function};
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

/// Why a call of a function failed. Terraform shows it at the argument.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct FunctionError {
    pub(crate) text: String,
    pub(crate) argument: Option<(String, usize)>,
}

impl FunctionError {
    /// An error about the call as a whole. The text is a sentence or several; Terraform shows it with one full stop at its end.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), argument: None }
    }

    /// The same error, about the argument of a parameter.
    #[must_use]
    pub fn at(self, parameter: impl Into<String>) -> Self {
        self.at_element(parameter, 0)
    }

    /// The same error, about one of the arguments of the variadic parameter, counted from 0.
    #[must_use]
    pub fn at_element(mut self, parameter: impl Into<String>, index: usize) -> Self {
        self.argument = Some((parameter.into(), index));
        self
    }
}

/// A function. It must be pure: the same arguments give the same result, at any time, without a network. Needs Terraform
/// 1.8: older ones do not know functions, and everything else of the provider works with them.
pub trait Function: Send + Sync + 'static {
    /// The struct that stands for the arguments: one field for each parameter, of the same name.
    type Arguments: Model;
    /// What the function gives.
    type Output: Model;

    /// The name in configurations, without the provider's.
    fn name(&self) -> &'static str;

    /// What it takes and gives. Asked once, when the provider starts.
    fn signature(&self) -> Signature;

    /// Computes the result.
    ///
    /// # Errors
    /// With what is wrong with which argument.
    fn call(&self, arguments: Self::Arguments) -> Result<Self::Output, FunctionError>;
}
