//! Serves a function.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;

use super::{AnyFunction, CallError, caught};
use crate::function::{Function, FunctionError, Parameter, Signature};
use crate::model::Model;
use crate::schema::check::{Mistake, NAMES, is_name};
use crate::value::{MisfitKind, Type, Value};

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
        let mut object: BTreeMap<_, _> = self
            .signature
            .parameters
            .iter()
            .zip(&mut arguments)
            .map(|(one, value)| (one.name.clone(), value))
            .collect();
        if let Some(variadic) = &self.signature.variadic {
            object.insert(variadic.name.clone(), Value::List(arguments.collect()));
        }
        Ok(Value::Map(object))
    }

    /// The position of the argument that an error names.
    fn position(&self, error: &FunctionError) -> Option<usize> {
        let (name, index) = error.argument.as_ref()?;
        self.parameters().position(|parameter| parameter.name == *name).map(|position| position + index)
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
        let mut tell = |sentence: String| {
            mistakes.push(Mistake { object: format!("function {name}"), path: None, sentence });
        };
        if !is_name(name) {
            tell(NAMES.to_owned());
        }
        if self.signature.summary.is_empty() {
            tell("It has no summary.".to_owned());
        }
        let mut names = BTreeSet::new();
        for parameter in self.parameters() {
            if !is_name(&parameter.name) || !names.insert(&parameter.name) {
                tell(format!("Its parameter {:?} has no name of its own.", parameter.name));
            }
            if parameter.description.is_empty() {
                tell(format!("Its parameter {} has no description.", parameter.name));
            }
        }
    }

    fn parameter_type(&self, position: usize) -> Option<&Type> {
        self.signature.parameters.get(position).or(self.signature.variadic.as_ref()).map(|parameter| &parameter.ty)
    }

    async fn call(&self, arguments: Vec<Value>) -> Result<Value, CallError> {
        self.called(arguments).map_err(|error| CallError { text: without_stop(error.text), ..error })
    }
}

/// The text of an error without its last full stop: Terraform writes one behind it.
fn without_stop(mut text: String) -> String {
    if text.ends_with('.') && !text.ends_with("..") {
        text.pop();
    }
    text
}

impl<F: Function> FunctionServer<F> {
    fn called(&self, arguments: Vec<Value>) -> Result<Value, CallError> {
        let object = self.object(arguments)?;
        let called = caught("call", self.function.name(), || {
            let model = F::Arguments::from_value(object.plain()).map_err(|error| self.mistake(&format!("{error}.")))?;
            let result = self.function.call(model);
            let result = result.map_err(|error| CallError { argument: self.position(&error), text: error.text })?;
            Ok(result.into_value())
        });
        let (value, misfits) = called
            .unwrap_or_else(|crash| Err(CallError { text: crash.detail, argument: None }))?
            .fit(&self.signature.returns);
        match misfits.iter().find(|misfit| misfit.kind != MisfitKind::Missing) {
            Some(misfit) => Err(self.mistake(&format!("in its result, {} {}.", misfit.path, misfit.kind))),
            None => Ok(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Joins texts, and refuses an empty one.
    struct Join;

    #[derive(Clone, Model)]
    struct Texts {
        separator: String,
        texts: Vec<String>,
    }

    impl Function for Join {
        type Arguments = Texts;
        type Output = String;

        fn name(&self) -> &'static str {
            "join"
        }

        fn signature(&self) -> Signature {
            Signature::new("Joins texts.", Type::String)
                .parameter(Parameter::string("separator", "Between the texts."))
                .variadic(Parameter::string("texts", "The texts."))
        }

        fn call(&self, arguments: Texts) -> Result<String, FunctionError> {
            match arguments.texts.iter().position(String::is_empty) {
                Some(index) => Err(FunctionError::new("A text is empty.").at_element("texts", index)),
                None if arguments.separator == "!" => panic!("no shouting"),
                None => Ok(arguments.texts.join(&arguments.separator)),
            }
        }
    }

    async fn call(arguments: &[&str]) -> Result<Value, (String, Option<usize>)> {
        let arguments = arguments.iter().map(|text| Value::from(*text)).collect();
        FunctionServer::new(Join).call(arguments).await.map_err(|error| (error.text, error.argument))
    }

    #[tokio::test]
    async fn arguments_come_by_name_and_errors_name_their_position() {
        assert_eq!(call(&["-", "a", "b"]).await, Ok("a-b".into()));
        assert_eq!(call(&["-"]).await, Ok("".into()));
        assert_eq!(call(&["-", "a", ""]).await, Err(("A text is empty".to_owned(), Some(2))));
        assert_eq!(call(&[]).await, Err(("join takes 1 arguments, got: 0".to_owned(), None)));
        assert!(call(&["!", "a"]).await.is_err_and(|(text, _)| text.contains("no shouting")));
    }
}
