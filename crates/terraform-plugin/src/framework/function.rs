//! Serves a function.

use std::collections::BTreeSet;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use super::guard::survived;
use super::objects::AnyFunction;
use super::outcome::CallError;
use crate::function::{Function, FunctionError};
use crate::model::{Model, Refusal, refused};
use crate::path::{AttributePath, Step};
use crate::schema::mistake::{Check, Mistake, NAMES, is_name};
use crate::schema::{Parameter, Signature};
use crate::value::{Entries, MisfitKind, Type, Value};

/// A function and its signature.
pub(crate) struct FunctionServer<F> {
    function: F,
    signature: Signature,
}

impl<F: Function> FunctionServer<F> {
    pub(crate) fn new(function: F) -> Self {
        let signature = function.signature();
        Self { function, signature }
    }

    fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.signature.parameters.iter().chain(&self.signature.variadic)
    }

    /// The arguments as the object that the model reads: each under the name of its parameter, further ones as a list.
    fn object(&self, arguments: Vec<Value>) -> Result<Value, CallError> {
        let wanted = self.signature.parameters.len();
        let count = arguments.len();
        if count < wanted || (count > wanted && self.signature.variadic.is_none()) {
            let text = format!("{} takes {wanted} arguments, got: {count}.", self.function.name());
            return Err(CallError { text, argument: None });
        }
        let mut arguments = arguments.into_iter();
        let mut object: Entries<_> =
            self.signature.parameters.iter().zip(&mut arguments).map(|(one, value)| (&one.name, value)).collect();
        if let Some(variadic) = &self.signature.variadic {
            object.insert(&variadic.name, Value::List(arguments.collect()));
        }
        Ok(Value::Map(object))
    }

    /// The position of the argument that an error names.
    fn position(&self, error: &FunctionError) -> Option<usize> {
        let (name, index) = error.argument.as_ref()?;
        self.parameters().position(|parameter| parameter.name == *name).map(|position| position + index)
    }

    /// The user's error about a value that the model cannot hold.
    fn wrong(&self, path: &AttributePath, must: &str) -> CallError {
        let index = match (path.steps(), &self.signature.variadic) {
            ([Step::Attribute(name), Step::Index(index), ..], Some(variadic)) if *name == variadic.name => *index,
            _ => 0,
        };
        let name = path.first_attribute().unwrap_or_default();
        let argument = self.position(&FunctionError::new("").at_element(name, index));
        CallError { text: format!("Argument {path} {must}."), argument }
    }

    fn mistake(&self, sentence: &str) -> CallError {
        let text = format!("{}: {sentence} This is a bug in the provider.", self.function.name());
        CallError { text, argument: None }
    }
}

#[async_trait]
impl<F: Function> AnyFunction for FunctionServer<F> {
    fn name(&self) -> &'static str {
        self.function.name()
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn check(&self, mistakes: &mut Vec<Mistake>) {
        let name = self.function.name();
        let mut report = |sentence: String| {
            mistakes.push(Mistake { object: format!("function {name}"), path: None, sentence });
        };
        if !is_name(name) {
            report(NAMES.to_owned());
        }
        if self.signature.summary.is_empty() {
            report("It has no summary.".to_owned());
        }
        let mut names = BTreeSet::new();
        for parameter in self.parameters() {
            if !is_name(&parameter.name) || !names.insert(&parameter.name) {
                report(format!("Its parameter {:?} has no name of its own.", parameter.name));
            }
            if parameter.description.is_empty() {
                report(format!("Its parameter {} has no description.", parameter.name));
            }
        }
        Check::of_function(name, mistakes).arguments(&self.signature, &F::Arguments::shape());
    }

    fn parameter_type(&self, position: usize) -> Option<&Type> {
        self.signature.parameters.get(position).or(self.signature.variadic.as_ref()).map(|parameter| &parameter.ty)
    }

    async fn call(&self, stop: CancellationToken, arguments: Vec<Value>) -> Result<Value, CallError> {
        let called = stop.run_until_cancelled(self.called(arguments)).await;
        let called = called.unwrap_or_else(|| Err(CallError { text: STOPPED.to_owned(), argument: None }));
        called.map_err(|error| CallError { text: without_stop(error.text), ..error })
    }
}

/// Nobody waits for the result any more.
const STOPPED: &str = "The call was stopped before its end, as Terraform was interrupted.";

/// The text of an error without its last full stop: Terraform writes one behind it.
fn without_stop(mut text: String) -> String {
    if text.ends_with('.') && !text.ends_with("..") {
        text.pop();
    }
    text
}

impl<F: Function> FunctionServer<F> {
    async fn called(&self, arguments: Vec<Value>) -> Result<Value, CallError> {
        let object = self.object(arguments)?;
        let call = async {
            let object = object.plain();
            if let Some(Refusal { path, must }) = refused(&F::Arguments::shape(), &object).into_iter().next() {
                return Err(self.wrong(&path, &must));
            }
            let model = F::Arguments::from_value(object).map_err(|error| self.mistake(&format!("{error}.")))?;
            let result = self.function.call(model).await;
            let result = result.map_err(|error| CallError { argument: self.position(&error), text: error.text })?;
            Ok(result.into_value())
        };
        let (value, misfits) = survived("call", self.function.name(), call)
            .await
            .unwrap_or_else(|crash| Err(CallError { text: crash.detail, argument: None }))?
            .fit(&self.signature.returns);
        match misfits.iter().find(|misfit| misfit.kind != MisfitKind::Missing) {
            Some(misfit) => Err(self.mistake(&format!("in its result, {} {}.", misfit.path, misfit.kind))),
            None => Ok(value),
        }
    }
}

#[cfg(test)]
mod tests;
