//! Functions and their calls.

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
    let too_many = FunctionServer::new(Wait).call(CancellationToken::new(), vec!["a".into()]).await;
    assert_eq!(too_many.expect_err("it takes none").text, "wait takes 0 arguments, got: 1");
}

#[test]
fn one_full_stop_is_left_to_terraform() {
    for (text, expected) in [("It is.", "It is"), ("Is it?", "Is it?"), ("And so on...", "And so on..."), ("", "")] {
        assert_eq!(without_stop(text.to_owned()), expected);
    }
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
    let words = vec!["a".into(), Value::Null].into();
    let called = FunctionServer::new(Add).call(CancellationToken::new(), vec![words]).await;
    let called = called.map_err(|error| (error.text, error.argument));
    assert_eq!(called, error("Argument words[1] must not be null", 0));
    assert_eq!(call("a".into(), 256.into()).await, error("Argument bytes[1] must be at most 255", 2));
}

/// Returns what it is given, as an object with a name and a size.
struct Returns;

#[derive(Clone, Model)]
struct Anything {
    value: Value,
}

#[async_trait]
impl Function for Returns {
    type Arguments = Anything;
    type Output = Value;

    fn name(&self) -> &'static str {
        "returns"
    }

    fn signature(&self) -> Signature {
        let returns = Type::object([("name", Type::String), ("size", Type::Number)]);
        Signature::new("Returns it.", returns).parameter(Parameter::of("value", Type::Dynamic, "It."))
    }

    async fn call(&self, arguments: Anything) -> Result<Value, FunctionError> {
        Ok(arguments.value)
    }
}

#[tokio::test]
async fn a_result_may_lack_what_is_null_and_be_of_no_other_type() {
    let call = async |value: Value| {
        let called = FunctionServer::new(Returns).call(CancellationToken::new(), vec![value]).await;
        called.map_err(|error| error.text)
    };
    let whole = Value::object([("name", "a".into()), ("size", Value::Null)]);
    assert_eq!(call(Value::object([("name", "a".into())])).await, Ok(whole));
    let wrong = call(Value::object([("name", true.into())])).await.expect_err("it is of another type");
    assert!(wrong.starts_with("returns: in its result, name is a bool") && wrong.ends_with("in the provider"));
}

#[test]
fn every_name_is_one_of_its_own() {
    let reported = |signature| {
        let mut mistakes = Vec::new();
        FunctionServer { function: Returns, signature }.check(&mut mistakes);
        mistakes.into_iter().map(|one| one.sentence).collect::<Vec<_>>()
    };
    let value = || Parameter::of("value", Type::Dynamic, "It.");
    let signature = || Signature::new("Returns it.", Type::Bool).parameter(value());
    assert_eq!(reported(signature()), [""; 0]);
    for (name, expected) in [("value", "\"value\""), ("Other", "\"Other\"")] {
        let named = reported(signature().parameter(Parameter::string(name, "Another.")));
        assert!(named.contains(&format!("Its parameter {expected} has no name of its own.")), "{named:?}");
    }
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
