//! A value of an argument, how Terraform's language writes it, and how a state holds it.

use std::collections::BTreeSet;

use serde_json::Value as Json;

/// The type of an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Bool,
    Number,
    Text,
    Texts,
}

impl Type {
    /// As a type constraint.
    pub fn constraint(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Number => "number",
            Self::Text => "string",
            Self::Texts => "list(string)",
        }
    }

    /// The function that converts to it.
    pub fn conversion(self) -> &'static str {
        match self {
            Self::Bool => "tobool",
            Self::Number => "tonumber",
            Self::Text => "tostring",
            Self::Texts => "tolist",
        }
    }
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    /// In decimal digits, as it is written.
    Number(String),
    Text(String),
    Texts(Vec<String>),
    /// The attribute of another resource, by its address.
    Reference(String),
    /// Whatever is written, which is no value of the argument.
    Raw(String),
}

impl Value {
    pub fn number(number: impl std::fmt::Display) -> Self {
        Self::Number(format!("{number}"))
    }

    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Its type. Null has any.
    pub fn ty(&self) -> Type {
        match self {
            Self::Bool(_) => Type::Bool,
            Self::Number(_) => Type::Number,
            Self::Texts(_) => Type::Texts,
            Self::Null | Self::Text(_) | Self::Reference(_) | Self::Raw(_) => Type::Text,
        }
    }

    pub fn is_null(&self) -> bool {
        *self == Self::Null
    }

    /// The value in Terraform's language.
    pub fn literal(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(is) => is.to_string(),
            Self::Number(digits) => digits.clone(),
            Self::Text(text) => quoted(text),
            Self::Texts(texts) => format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ")),
            Self::Reference(text) | Self::Raw(text) => text.clone(),
        }
    }
}

/// A text in quotes, with nothing in it that Terraform would take for a template.
pub fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t");
    format!("\"{}\"", escaped.replace("${", "$${").replace("%{", "%%{"))
}

/// When two values of an argument are the same to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Same {
    /// As they are.
    Exact,
    /// As floats.
    Float,
    /// As an SSH public key: by type and key, whatever the comment and the spaces.
    Key,
    /// As a set of SSH public keys.
    Keys,
}

impl Same {
    /// Whether two values are the same. A reference is itself alone.
    pub fn are(self, a: &Value, b: &Value) -> bool {
        match (self, a, b) {
            (_, Value::Number(a), Value::Number(b)) => float(a).total_cmp(&float(b)).is_eq(),
            (Self::Key, Value::Text(a), Value::Text(b)) => essence(a) == essence(b),
            (Self::Keys, Value::Texts(a), Value::Texts(b)) => essences(a) == essences(b),
            _ => a == b,
        }
    }

    /// Whether a state holds the value.
    pub fn is_held(self, value: &Value, state: &Json) -> bool {
        let held = match state {
            Json::Null => Value::Null,
            Json::Bool(is) => Value::Bool(*is),
            Json::Number(number) => Value::Number(number.to_string()),
            Json::String(text) => Value::Text(text.clone()),
            Json::Array(texts) => {
                Value::Texts(texts.iter().map(|text| text.as_str().unwrap_or_default().to_owned()).collect())
            }
            Json::Object(_) => return false,
        };
        self.are(value, &held)
    }
}

fn float(digits: &str) -> f64 {
    digits.parse().expect("a number is written in digits")
}

fn essence(key: &str) -> String {
    key.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
}

fn essences(keys: &[String]) -> BTreeSet<String> {
    keys.iter().map(|key| essence(key)).collect()
}
