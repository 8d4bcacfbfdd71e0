//! The functions `parse_instance_type` and `format_instance_type`.
//!
//! No API lists the instance types, so these know their form and not their names: a type that is new tomorrow works.

use async_trait::async_trait;
use terraform_plugin::value::{Number, Type};
use terraform_plugin::{Function, FunctionError, Model, Parameter, Signature};

const FORM: &str = "An instance type is a count, an x and a model, as 8xH100";

/// What an instance type says.
#[derive(Clone, Debug, PartialEq, Eq, Model)]
pub struct InstanceType {
    count: i64,
    model: String,
}

fn parse(text: &str) -> Option<InstanceType> {
    let (count, model) = text.split_once('x')?;
    // What `parse` of the standard library accepts in addition, for example +8 and 08, is no count.
    let is_count = count.bytes().all(|digit| digit.is_ascii_digit()) && !count.starts_with('0');
    let count = count.parse().ok().filter(|_| is_count)?;
    is_model(model).then(|| InstanceType { count, model: model.to_owned() })
}

fn is_model(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|letter| letter.is_ascii_graphic())
}

/// The function `parse_instance_type`.
pub struct ParseInstanceType;

/// The arguments of `parse_instance_type`.
#[derive(Clone, Model)]
pub struct Text {
    instance_type: String,
}

#[async_trait]
impl Function for ParseInstanceType {
    type Arguments = Text;
    type Output = InstanceType;

    fn name(&self) -> &'static str {
        "parse_instance_type"
    }

    fn signature(&self) -> Signature {
        Signature::new(
            "Splits an instance type into the number of GPUs and their model.",
            Type::object([("count", Type::Number), ("model", Type::String)]),
        )
        .description(
            "Returns an object with the `count` of GPUs of one node and their `model`: `8xH100` is `8` and `H100`. Whether \
             TensorPool offers the type is not checked.",
        )
        .parameter(Parameter::string("instance_type", "The instance type, for example `8xH100`."))
    }

    async fn call(&self, Text { instance_type }: Text) -> Result<InstanceType, FunctionError> {
        let wrong = || FunctionError::new(format!("{FORM}, got: {instance_type:?}.")).at("instance_type");
        parse(&instance_type).ok_or_else(wrong)
    }
}

/// The function `format_instance_type`.
pub struct FormatInstanceType;

/// The arguments of `format_instance_type`.
#[derive(Clone, Model)]
pub struct Parts {
    count: Number,
    model: String,
}

#[async_trait]
impl Function for FormatInstanceType {
    type Arguments = Parts;
    type Output = String;

    fn name(&self) -> &'static str {
        "format_instance_type"
    }

    fn signature(&self) -> Signature {
        Signature::new("Composes an instance type of a number of GPUs and their model.", Type::String)
            .description(
                "Returns the instance type of nodes that have `count` GPUs of a `model`: `8` and `H100` make `8xH100`. \
                 Whether TensorPool offers the type is not checked.",
            )
            .parameter(Parameter::number("count", "Number of GPUs of one node: a whole number of at least 1."))
            .parameter(Parameter::string("model", "The model of the GPUs, for example `H100`."))
    }

    async fn call(&self, Parts { count, model }: Parts) -> Result<String, FunctionError> {
        let Some(whole) = count.as_i64().filter(|count| *count > 0) else {
            return Err(FunctionError::new(format!("A whole number from 1 is needed, got: {count}.")).at("count"));
        };
        if !is_model(&model) {
            let text = format!("A model is a word without spaces, as H100, got: {model:?}.");
            return Err(FunctionError::new(text).at("model"));
        }
        Ok(format!("{whole}x{model}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn format(count: &str, model: &str) -> Result<String, FunctionError> {
        let count = count.parse().expect("it is a number");
        FormatInstanceType.call(Parts { count, model: model.to_owned() }).await
    }

    #[tokio::test]
    async fn what_is_taken_apart_can_be_put_together() {
        for (text, count, model) in
            [("8xH100", 8, "H100"), ("1xMI300X", 1, "MI300X"), ("64xCPU", 64, "CPU"), ("2xx", 2, "x")]
        {
            let parsed = ParseInstanceType.call(Text { instance_type: text.to_owned() }).await;
            assert_eq!(parsed, Ok(InstanceType { count, model: model.to_owned() }));
            assert_eq!(format(&count.to_string(), model).await.as_deref(), Ok(text));
        }
    }

    #[tokio::test]
    async fn what_is_no_instance_type_is_said_at_the_argument() {
        for text in [
            "",
            "H100",
            "8",
            "8x",
            "xH100",
            "0xH100",
            "08xH100",
            "+8xH100",
            "-8xH100",
            "8XH100",
            "8xH 100",
            "8.5xH100",
            "99999999999999999999xH100",
        ] {
            let expected = FunctionError::new(format!("{FORM}, got: {text:?}.")).at("instance_type");
            let called = ParseInstanceType.call(Text { instance_type: text.to_owned() });
            assert_eq!(called.await, Err(expected));
        }
    }

    #[tokio::test]
    async fn what_makes_no_instance_type_is_said_at_its_argument() {
        for count in ["0", "-1", "1.5", "99999999999999999999"] {
            let text = format!("A whole number from 1 is needed, got: {count}.");
            assert_eq!(format(count, "H100").await, Err(FunctionError::new(text).at("count")));
        }
        for model in ["", "H 100", "H100\n"] {
            let text = format!("A model is a word without spaces, as H100, got: {model:?}.");
            assert_eq!(format("8", model).await, Err(FunctionError::new(text).at("model")));
        }
    }
}
