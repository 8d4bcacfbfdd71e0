//! The functions `slug`, `join_words` and `fallback`.

use async_trait::async_trait;
use terraform_plugin::value::Type;
use terraform_plugin::{Attr, Function, FunctionError, Model, Parameter, Signature};

use crate::library::slug;

/// `slug(title)`.
pub struct Slug;

/// The arguments of `slug`.
#[derive(Clone, Model)]
pub struct SlugArguments {
    title: String,
}

#[async_trait]
impl Function for Slug {
    type Arguments = SlugArguments;
    type Output = String;

    fn name(&self) -> &'static str {
        "slug"
    }

    fn signature(&self) -> Signature {
        Signature::new("The id that a note of a title gets.", Type::String)
            .description("Lower-case letters, digits and hyphens, as in `shopping-list`.")
            .parameter(Parameter::string("title", "The title of the note."))
    }

    async fn call(&self, arguments: SlugArguments) -> Result<String, FunctionError> {
        let slug = slug(&arguments.title);
        if slug.is_empty() {
            return Err(FunctionError::new("A title needs a letter or a digit.").at("title"));
        }
        Ok(slug)
    }
}

/// `join_words(separator, words...)`.
pub struct JoinWords;

/// The arguments of `join_words`.
#[derive(Clone, Model)]
pub struct JoinWordsArguments {
    separator: String,
    words: Vec<String>,
}

#[async_trait]
impl Function for JoinWords {
    type Arguments = JoinWordsArguments;
    type Output = String;

    fn name(&self) -> &'static str {
        "join_words"
    }

    fn signature(&self) -> Signature {
        Signature::new("Joins words.", Type::String)
            .parameter(Parameter::string("separator", "What stands between them."))
            .variadic(Parameter::string("words", "The words."))
    }

    async fn call(&self, arguments: JoinWordsArguments) -> Result<String, FunctionError> {
        if let Some(index) = arguments.words.iter().position(String::is_empty) {
            return Err(FunctionError::new("A word cannot be empty.").at_element("words", index));
        }
        Ok(arguments.words.join(&arguments.separator))
    }
}

/// `fallback(text, otherwise)`.
pub struct Fallback;

/// The arguments of `fallback`.
#[derive(Clone, Model)]
pub struct FallbackArguments {
    text: Attr<String>,
    otherwise: String,
}

#[async_trait]
impl Function for Fallback {
    type Arguments = FallbackArguments;
    type Output = Attr<String>;

    fn name(&self) -> &'static str {
        "fallback"
    }

    fn signature(&self) -> Signature {
        Signature::new("A text, or another one where it is null.", Type::String)
            .parameter(Parameter::string("text", "The text.").allow_null().allow_unknown())
            .parameter(Parameter::string("otherwise", "What to take instead of null."))
    }

    async fn call(&self, arguments: FallbackArguments) -> Result<Attr<String>, FunctionError> {
        Ok(match arguments.text {
            Attr::Null => arguments.otherwise.into(),
            text => text,
        })
    }
}
