//! Functions: one that answers at once, and one that waits for others.

use std::sync::LazyLock;

use async_trait::async_trait;
use terraform_plugin::value::Type;
use terraform_plugin::{Function, FunctionError, Model, Parameter, Signature};
use tokio::sync::watch;

/// A function.
pub struct Shout;

#[derive(Clone, Model)]
pub struct ShoutArguments {
    words: Vec<String>,
}

#[async_trait]
impl Function for Shout {
    type Arguments = ShoutArguments;
    type Output = String;

    fn name(&self) -> &'static str {
        "shout"
    }

    fn signature(&self) -> Signature {
        Signature::new("Says words loudly.", Type::String).variadic(Parameter::string("words", "The words."))
    }

    async fn call(&self, arguments: ShoutArguments) -> Result<String, FunctionError> {
        match arguments.words.iter().position(String::is_empty) {
            Some(index) => Err(FunctionError::new("There is nothing to shout.").at_element("words", index)),
            None => Ok(arguments.words.join(" ").to_uppercase()),
        }
    }
}

/// How many calls of [`Meet`] have begun.
static BEGUN: LazyLock<watch::Sender<u64>> = LazyLock::new(|| watch::Sender::new(0));

/// A function that returns once as many calls of it have begun as it is told.
pub struct Meet;

#[derive(Clone, Model)]
pub struct MeetArguments {
    calls: u64,
}

#[async_trait]
impl Function for Meet {
    type Arguments = MeetArguments;
    type Output = u64;

    fn name(&self) -> &'static str {
        "meet"
    }

    fn signature(&self) -> Signature {
        Signature::new("Waits for other calls.", Type::Number)
            .parameter(Parameter::number("calls", "How many calls there must be."))
    }

    async fn call(&self, MeetArguments { calls }: MeetArguments) -> Result<u64, FunctionError> {
        let mut begun = BEGUN.subscribe();
        BEGUN.send_modify(|begun| *begun += 1);
        begun.wait_for(|begun| *begun >= calls).await.map_err(|error| FunctionError::new(error.to_string()))?;
        Ok(calls)
    }
}
