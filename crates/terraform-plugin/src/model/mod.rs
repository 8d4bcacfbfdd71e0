//! Typed models: structs of Rust that stand for the objects of a schema.

mod attr;
mod refusal;
mod scalar;
mod several;
mod shape;

pub use attr::{Attr, Given, MaybeKnown};
pub(crate) use refusal::{Refusal, refused};
pub(crate) use shape::Kind;
pub use shape::Shape;
pub use terraform_plugin_derive::Model;

use crate::path::{AttributePath, Step};
use crate::value::Value;

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
/// attribute of the same name, and usually an [`Attr`].
///
/// Where a configuration can set a collection, its elements can be unknown too, so they are an [`Attr`] each, or a [`Given`] to
/// let no null in. [`validate_implementation`](crate::validate_implementation()) finds models that cannot hold what a schema allows. What Terraform's types cannot say,
/// the framework says to the user at the attribute: that a number must be a whole one, or must not be null.
///
/// | Terraform | Rust |
/// |---|---|
/// | string | `String`, a [`Text`](crate::text::Text), or an enum without fields that derives `Model` |
/// | bool | `bool` |
/// | number | [`Number`](crate::value::Number), `f64`, `f32`, and every integer of up to 64 bits |
/// | list, tuple, list block | `Vec` |
/// | set, set block | `BTreeSet`, `HashSet`, `Vec` |
/// | map | `BTreeMap<String, _>`, `HashMap<String, _>` |
/// | object, nested attribute, single block | a struct that derives `Model` |
/// | dynamic | [`Value`] |
/// | null | `Attr`, or `Option` where nothing can be unknown |
/// | not known yet | `Attr`, `Given` |
///
/// A field whose attribute has another name says so with `#[model(rename = "type")]`.
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

    /// What the model can hold, to compare it with the schema. A model that is written by hand and does not say it is trusted.
    #[must_use]
    fn shape() -> Shape {
        Shape::any()
    }
}

impl Model for Value {
    fn from_value(value: Value) -> Result<Self, ModelError> {
        Ok(value)
    }

    fn into_value(self) -> Value {
        self
    }

    fn shape() -> Shape {
        Shape::any()
    }
}

/// What the derive refuses.
///
/// ```compile_fail
/// #[derive(Clone, terraform_plugin::Model)]
/// struct Nameless(String);
/// ```
///
/// ```compile_fail
/// #[derive(Clone, terraform_plugin::Model)]
/// enum Full {
///     A(String),
/// }
/// ```
///
/// ```compile_fail
/// #[derive(Clone, terraform_plugin::Model)]
/// struct Twice {
///     a: String,
///     #[model(rename = "a")]
///     b: String,
/// }
/// ```
///
/// ```compile_fail
/// #[derive(Clone, terraform_plugin::Model)]
/// struct Other {
///     #[model(name = "b")]
///     a: String,
/// }
/// ```
///
/// ```compile_fail
/// #[derive(Clone, terraform_plugin::Model)]
/// struct Foreign {
///     a: std::time::Duration,
/// }
/// ```
///
/// ```
/// #[derive(Clone, terraform_plugin::Model)]
/// struct Good {
///     #[model(rename = "b")]
///     a: String,
/// }
/// ```
#[cfg(doctest)]
mod refused {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

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

    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Model)]
    enum Size {
        Small,
        #[model(rename = "XL")]
        ExtraLarge,
        ReadOnly,
    }

    #[derive(Clone, Debug, PartialEq, Model)]
    struct Disk<T> {
        #[model(rename = "type")]
        kind: Attr<String>,
        r#in: Option<T>,
        size: Attr<Size>,
    }

    #[test]
    fn names_can_be_others_and_enums_are_texts() {
        let disk = Disk { kind: "ssd".into(), r#in: Some(vec![1.5_f64]), size: Size::ExtraLarge.into() };
        let half = Value::List(vec![Value::Number("1.5".parse().expect("it is a number"))]);
        let value = Value::object([("type", "ssd".into()), ("in", half), ("size", "XL".into())]);
        assert_eq!(disk.clone().into_value(), value);
        assert_eq!(Disk::from_value(value).expect("it is a disk"), disk);
        for (size, text) in [(Size::Small, "small"), (Size::ReadOnly, "read_only")] {
            assert_eq!((size.into_value(), Size::from_value(text.into()).ok()), (text.into(), Some(size)));
        }
        let error = Size::from_value("huge".into()).expect_err("there is none").to_string();
        assert!(error.ends_with("expected one of the texts of an enum, found a string"), "{error}");
    }
}
