//! A function, as a test calls it.

use std::fmt;

use super::conversion::convert;
use super::{Config, InProcess};
use crate::framework::{AnyFunction, CallError};
use crate::provider::Provider;
use crate::value::Value;

/// A function of a provider, as a test calls it. The provider need not be configured.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/testing/books.rs"));
/// use serde_json::json;
/// use terraform_plugin::testing::InProcess;
/// use terraform_plugin::value::Value;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let isbn = InProcess::new(Books).function("isbn");
/// assert_eq!(isbn.call([json!("978-0-13-110362-7")]).await, Ok("9780131103627".into()));
/// // What is not known yet is no reason to call it.
/// assert_eq!(isbn.call([Value::unknown()]).await, Ok(Value::unknown()));
/// let error = isbn.call([json!("none")]).await.unwrap_err();
/// assert_eq!((error.text(), error.argument()), ("That is no ISBN", Some(0)));
/// # }
/// ```
pub struct FunctionHandle<P: Provider> {
    provider: InProcess<P>,
    name: &'static str,
}

impl<P: Provider> FunctionHandle<P> {
    pub(super) fn new(provider: InProcess<P>, name: &'static str) -> Self {
        Self { provider, name }
    }

    fn function(&self) -> &dyn AnyFunction {
        &*self.provider.local.served().functions[self.name]
    }

    /// Calls it with these arguments. They are converted to the types of the parameters, and null and unknown ones are dealt with,
    /// as Terraform does. It is called twice, as it has to give the same each time.
    ///
    /// # Errors
    /// With why the call failed, and which argument is to blame.
    pub async fn call<C: Into<Config>>(&self, arguments: impl IntoIterator<Item = C>) -> Result<Value, FailedCall> {
        let signature = self.function().signature();
        let parameters = || signature.parameters.iter().chain(signature.variadic.iter().cycle());
        let mut converted = Vec::new();
        let mut unknown = false;
        let arguments: Vec<Value> = arguments.into_iter().map(|one| one.into().into_value()).collect();
        let most = signature.parameters.len();
        if arguments.len() > most && signature.variadic.is_none() {
            let text = format!("Function {:?} expects only {most} argument(s)", self.name);
            return Err(FailedCall { text, argument: Some(most) });
        }
        for (position, (argument, parameter)) in arguments.into_iter().zip(parameters()).enumerate() {
            let failed = |text: String| FailedCall { text, argument: Some(position) };
            let argument = convert(argument, &parameter.ty).map_err(failed)?;
            if argument.is_null() && !parameter.allow_null {
                return Err(failed("argument must not be null".to_owned()));
            }
            unknown |= !argument.is_wholly_known() && !parameter.allow_unknown;
            converted.push((argument, &parameter.ty));
        }
        if unknown {
            return Ok(Value::unknown());
        }
        let call = || self.provider.local.call_function(self.name, &converted, &signature.returns);
        let (first, second) = (call().await?, call().await?);
        if first != second {
            let text = format!("{} gave two results for the same arguments: it has to be pure", self.name);
            return Err(FailedCall { text, argument: None });
        }
        Ok(first)
    }
}

/// Why a call of a function failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedCall {
    text: String,
    argument: Option<usize>,
}

impl FailedCall {
    /// What Terraform shows, before it writes a full stop.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The position of the argument that is to blame, counted from 0.
    #[must_use]
    pub fn argument(&self) -> Option<usize> {
        self.argument
    }
}

impl From<CallError> for FailedCall {
    fn from(error: CallError) -> Self {
        Self { text: error.text, argument: error.argument }
    }
}

impl fmt::Display for FailedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for FailedCall {}
