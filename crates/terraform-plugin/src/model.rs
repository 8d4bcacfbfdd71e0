//! Typed models: structs of Rust that stand for the objects of a schema.

use std::collections::BTreeMap;

pub use terraform_plugin_derive::Model;

use crate::path::{AttributePath, Step};
use crate::value::{Number, Value};

/// A value that does not fit the type of a model: always a mistake of the provider's author, as Terraform checks
/// values against the schema.
#[derive(Debug, thiserror::Error)]
#[error("the model does not fit the schema at {path}: expected {expected}, found {found}")]
pub struct ModelError {
    path: AttributePath,
    expected: &'static str,
    found: &'static str,
}

impl ModelError {
    /// An error that says what the model wants and what the value is.
    #[must_use]
    pub fn new(expected: &'static str, found: &Value) -> Self {
        let found = found.kind();
        Self { path: AttributePath::root(), expected, found }
    }

    /// The same error, seen from one step further out.
    #[must_use]
    pub fn inside(mut self, step: Step) -> Self {
        let outer = AttributePath::root().then(step);
        self.path = self.path.steps().iter().cloned().fold(outer, AttributePath::then);
        self
    }
}

/// A type of Rust that stands for a Terraform value. Derive it for structs that stand for objects: every field is an
/// attribute of the same name, and usually an [`Attr`]. Where a configuration can set a collection, its elements can be unknown
/// or null too, so they are an [`Attr`] each; [`check`](crate::check) finds those that are not.
///
/// ```
/// use terraform_plugin::{Attr, Model};
///
/// #[derive(Clone, Model)]
/// struct Server {
///     name: Attr<String>,
///     ports: Attr<Vec<Attr<i64>>>,
/// }
///
/// let value = Server { name: "web".to_owned().into(), ports: Attr::Unknown }.into_value();
/// assert!(value.get("ports").is_some_and(|ports| ports.is_unknown()));
/// ```
pub trait Model: Sized + Clone + Send + Sync + 'static {
    /// Reads a value.
    ///
    /// # Errors
    /// When the value is of another type than the model.
    fn from_value(value: Value) -> Result<Self, ModelError>;

    /// The value that the model stands for.
    fn into_value(self) -> Value;
}

/// The value of an attribute: absent, known only after apply, or known.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Attr<T> {
    /// Absent.
    #[default]
    Null,
    /// Known only after apply.
    Unknown,
    /// Known.
    Known(T),
}

impl<T> Attr<T> {
    /// The value, when it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// The value, when it is known.
    pub fn into_known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// Whether the attribute is absent.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether the attribute is known only after apply.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// The attribute, or another value where it is absent or unknown.
    #[must_use]
    pub fn or(self, other: impl Into<Self>) -> Self {
        if matches!(self, Self::Known(_)) { self } else { other.into() }
    }
}

impl<T> From<T> for Attr<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl<T> From<Option<T>> for Attr<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Known)
    }
}

impl From<&str> for Attr<String> {
    fn from(value: &str) -> Self {
        Self::Known(value.to_owned())
    }
}

impl<T: Model> Model for Attr<T> {
    fn from_value(value: Value) -> Result<Self, ModelError> {
        Ok(match value {
            Value::Null => Self::Null,
            Value::Unknown(_) => Self::Unknown,
            known => Self::Known(T::from_value(known)?),
        })
    }

    fn into_value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Unknown => Value::unknown(),
            Self::Known(value) => value.into_value(),
        }
    }
}

impl Model for Value {
    fn from_value(value: Value) -> Result<Self, ModelError> {
        Ok(value)
    }

    fn into_value(self) -> Value {
        self
    }
}

impl Model for String {
    fn from_value(value: Value) -> Result<Self, ModelError> {
        match value {
            Value::String(text) => Ok(text),
            other => Err(ModelError::new("a string", &other)),
        }
    }

    fn into_value(self) -> Value {
        Value::String(self)
    }
}

impl Model for bool {
    fn from_value(value: Value) -> Result<Self, ModelError> {
        match value {
            Value::Bool(bool) => Ok(bool),
            other => Err(ModelError::new("a bool", &other)),
        }
    }

    fn into_value(self) -> Value {
        Value::Bool(self)
    }
}

impl Model for Number {
    fn from_value(value: Value) -> Result<Self, ModelError> {
        match value {
            Value::Number(number) => Ok(number),
            other => Err(ModelError::new("a number", &other)),
        }
    }

    fn into_value(self) -> Value {
        Value::Number(self)
    }
}

/// A whole number. Pair it with [`Attribute::integer`](crate::schema::Attribute::integer), which refuses fractions and
/// numbers beyond 64 bits with a message for the user.
impl Model for i64 {
    fn from_value(value: Value) -> Result<Self, ModelError> {
        match &value {
            Value::Number(number) => {
                number.as_i64().ok_or_else(|| ModelError::new("a whole number of 64 bits", &value))
            }
            other => Err(ModelError::new("a whole number", other)),
        }
    }

    fn into_value(self) -> Value {
        Value::Number(Number::from(self))
    }
}

impl<T: Model> Model for Vec<T> {
    fn from_value(value: Value) -> Result<Self, ModelError> {
        match value {
            Value::List(elements) | Value::Set(elements) => elements
                .into_iter()
                .enumerate()
                .map(|(index, element)| T::from_value(element).map_err(|error| error.inside(Step::Index(index))))
                .collect(),
            other => Err(ModelError::new("a list", &other)),
        }
    }

    fn into_value(self) -> Value {
        Value::List(self.into_iter().map(T::into_value).collect())
    }
}

impl<T: Model> Model for BTreeMap<String, T> {
    fn from_value(value: Value) -> Result<Self, ModelError> {
        match value {
            Value::Map(entries) => entries
                .into_iter()
                .map(|(key, element)| match T::from_value(element) {
                    Ok(element) => Ok((key, element)),
                    Err(error) => Err(error.inside(Step::Key(key))),
                })
                .collect(),
            other => Err(ModelError::new("a map", &other)),
        }
    }

    fn into_value(self) -> Value {
        Value::Map(self.into_iter().map(|(key, element)| (key, element.into_value())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Model)]
    struct Node {
        id: Attr<String>,
        ports: Attr<Vec<i64>>,
    }

    #[derive(Clone, Debug, PartialEq, Model)]
    struct Cluster {
        nodes: Attr<Vec<Node>>,
        labels: Attr<BTreeMap<String, String>>,
        protected: Attr<bool>,
    }

    #[test]
    fn a_model_survives_the_way_to_a_value_and_back() {
        let cluster = Cluster {
            nodes: vec![
                Node { id: "n-1".into(), ports: Attr::Unknown },
                Node { id: Attr::Null, ports: vec![22].into() },
            ]
            .into(),
            labels: BTreeMap::from([("team".to_owned(), "ml".to_owned())]).into(),
            protected: true.into(),
        };
        let value = cluster.clone().into_value();
        assert_eq!(Cluster::from_value(value).expect("the value came from the model"), cluster);
    }

    #[test]
    fn an_error_names_the_place() {
        let node = Value::object([("id", Value::Bool(true)), ("ports", Value::Null)]);
        let value =
            Value::object([("nodes", Value::List(vec![node])), ("labels", Value::Null), ("protected", Value::Null)]);
        let error = Cluster::from_value(value).expect_err("a bool is no id");
        assert_eq!(
            error.to_string(),
            "the model does not fit the schema at nodes[0].id: expected a string, found a bool"
        );
    }
}
