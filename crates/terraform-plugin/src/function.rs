//! Functions: pure computations that configurations can call, for example `provider::example::parse("8xH100")`.

use async_trait::async_trait;

use crate::model::Model;
use crate::schema::Signature;

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
///
/// A call is asynchronous because Terraform makes many at once, and one that computes for long would hold up the others, and
/// with them every operation of the provider: it moves what is long to `tokio::task::spawn_blocking` and awaits that. It is not
/// asynchronous for a request to an API: what may be another thing tomorrow is read by a [`DataSource`](crate::DataSource).
///
/// ```
/// use terraform_plugin::value::Type;
/// use terraform_plugin::{Function, FunctionError, Model, Parameter, Signature, async_trait};
///
/// /// `shout(text)`.
/// struct Shout;
///
/// #[derive(Clone, Model)]
/// struct Arguments {
///     text: String,
/// }
///
/// #[async_trait]
/// impl Function for Shout {
///     type Arguments = Arguments;
///     type Output = String;
///
///     fn name(&self) -> &'static str {
///         "shout"
///     }
///
///     fn signature(&self) -> Signature {
///         Signature::new("A text in capitals.", Type::String).parameter(Parameter::string("text", "The text."))
///     }
///
///     async fn call(&self, arguments: Arguments) -> Result<String, FunctionError> {
///         if arguments.text.is_empty() {
///             return Err(FunctionError::new("There is nothing to shout.").at("text"));
///         }
///         Ok(arguments.text.to_uppercase())
///     }
/// }
/// ```
#[async_trait]
pub trait Function: Send + Sync + 'static {
    /// The struct that stands for the arguments: one field for each parameter, of the same name.
    type Arguments: Model;
    /// What the function gives.
    type Output: Model;

    /// The name in configurations, without the provider's.
    fn name(&self) -> &'static str;

    /// What it takes and gives. Asked once, when the provider starts.
    fn signature(&self) -> Signature;

    /// Computes the result. When the user interrupts Terraform, the call is dropped where it waits: as it is pure, there is nothing
    /// that it would have to put in order.
    ///
    /// # Errors
    /// With what is wrong with which argument.
    async fn call(&self, arguments: Self::Arguments) -> Result<Self::Output, FunctionError>;
}
