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
mod tests {
    use super::*;

    /// Joins texts, and refuses an empty one.
    struct Join;

    #[derive(Clone, Model)]
    struct Texts {
        separator: String,
        texts: Vec<String>,
    }

    #[async_trait]
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

        async fn call(&self, arguments: Texts) -> Result<String, FunctionError> {
            match arguments.texts.iter().position(String::is_empty) {
                Some(index) => Err(FunctionError::new("A text is empty.").at_element("texts", index)),
                None if arguments.separator == "!" => panic!("no shouting"),
                None => Ok(arguments.texts.join(&arguments.separator)),
            }
        }
    }

    async fn call(arguments: &[&str]) -> Result<Value, (String, Option<usize>)> {
        let arguments = arguments.iter().map(|text| Value::from(*text)).collect();
        FunctionServer::new(Join)
            .call(CancellationToken::new(), arguments)
            .await
            .map_err(|error| (error.text, error.argument))
    }

    #[tokio::test]
    async fn arguments_come_by_name_and_errors_name_their_position() {
        assert_eq!(call(&["-", "a", "b"]).await, Ok("a-b".into()));
        assert_eq!(call(&["-"]).await, Ok("".into()));
        assert_eq!(call(&["-", "a", ""]).await, Err(("A text is empty".to_owned(), Some(2))));
        assert_eq!(call(&[]).await, Err(("join takes 1 arguments, got: 0".to_owned(), None)));
        assert!(call(&["!", "a"]).await.is_err_and(|(text, _)| text.contains("no shouting")));
    }

    /// Waits for ever.
    struct Wait;

    #[derive(Clone, Model)]
    struct Nothing {}

    #[async_trait]
    impl Function for Wait {
        type Arguments = Nothing;
        type Output = String;

        fn name(&self) -> &'static str {
            "wait"
        }

        fn signature(&self) -> Signature {
            Signature::new("Waits.", Type::String)
        }

        async fn call(&self, Nothing {}: Nothing) -> Result<String, FunctionError> {
            std::future::pending().await
        }
    }

    #[tokio::test]
    async fn a_call_that_is_stopped_is_dropped() {
        let (stop, server) = (CancellationToken::new(), FunctionServer::new(Wait));
        let interrupt = async {
            tokio::task::yield_now().await;
            stop.cancel();
        };
        let (called, ()) = tokio::join!(server.call(stop.clone(), Vec::new()), interrupt);
        let CallError { text, argument } = called.expect_err("it was stopped");
        assert!(text.starts_with("The call was stopped") && argument.is_none(), "{text}");
    }

    /// Adds bytes, and texts of two sizes.
    struct Add;

    #[derive(Clone, Model)]
    struct Bytes {
        words: Vec<String>,
        bytes: Vec<u8>,
    }

    #[async_trait]
    impl Function for Add {
        type Arguments = Bytes;
        type Output = u8;

        fn name(&self) -> &'static str {
            "add"
        }

        fn signature(&self) -> Signature {
            let words = Type::List(Box::new(Type::String));
            Signature::new("Adds bytes.", Type::Number)
                .parameter(Parameter::of("words", words, "Words."))
                .variadic(Parameter::number("bytes", "The bytes."))
        }

        async fn call(&self, arguments: Bytes) -> Result<u8, FunctionError> {
            Ok(arguments.bytes.into_iter().sum())
        }
    }

    #[tokio::test]
    async fn an_argument_that_the_model_cannot_hold_is_the_users_error() {
        let call = async |word: Value, byte: Value| {
            let arguments = vec![vec![word].into(), 1.into(), byte];
            let called = FunctionServer::new(Add).call(CancellationToken::new(), arguments).await;
            called.map_err(|error| (error.text, error.argument))
        };
        assert_eq!(call("a".into(), 2.into()).await, Ok(3.into()));
        let error = |text: &str, position| Err((text.to_owned(), Some(position)));
        assert_eq!(call(Value::Null, 2.into()).await, error("Argument words[0] must not be null", 0));
        assert_eq!(call("a".into(), 256.into()).await, error("Argument bytes[1] must be at most 255", 2));
    }

    #[test]
    fn the_arguments_are_compared_with_the_signature() {
        let server = |signature| FunctionServer { function: Add, signature };
        let mut mistakes = Vec::new();
        server(Add.signature()).check(&mut mistakes);
        assert_eq!(mistakes, []);
        let signature = Signature::new("Adds.", Type::Number)
            .parameter(Parameter::string("words", "Words.").allow_null())
            .parameter(Parameter::string("more", "More."))
            .variadic(Parameter::string("bytes", "Bytes.").allow_unknown());
        server(signature).check(&mut mistakes);
        let reported: Vec<_> = mistakes.iter().map(ToString::to_string).collect();
        let expected = [
            "function add, more: Its model has no such field.",
            "function add, bytes: Its model cannot hold a value that is not known yet. Hold it as an Attr.",
            "function add, bytes: Its model holds another type: whole number, and its schema string.",
            "function add, words: Its model cannot hold a null. Hold it as an Attr.",
            "function add, words: Its model holds another type: list of string, and its schema string.",
        ];
        assert_eq!(reported, expected);
    }
}
