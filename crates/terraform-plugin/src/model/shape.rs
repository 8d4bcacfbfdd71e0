//! What a model can hold, so that it can be compared with a schema and with a value.

use std::fmt;

use crate::value::Number;

/// What a [`Model`](super::Model) can hold. The derive writes it; a model that is written by hand says it with these.
///
/// ```
/// use terraform_plugin::value::Value;
/// use terraform_plugin::{Model, ModelError, Shape};
///
/// /// A text that is never empty.
/// #[derive(Clone)]
/// struct Name(String);
///
/// impl Model for Name {
///     fn from_value(value: Value) -> Result<Self, ModelError> {
///         String::from_value(value).map(Self)
///     }
///
///     fn into_value(self) -> Value {
///         self.0.into()
///     }
///
///     fn shape() -> Shape {
///         Shape::text()
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Shape {
    pub(crate) kind: Kind,
    /// Whether it can hold null.
    pub(crate) null: bool,
    /// Whether it can hold what is not known yet.
    pub(crate) unknown: bool,
}

/// The fields of a struct. They are asked for one level at a time, as models may be recursive.
type Fields = fn() -> Vec<(&'static str, Shape)>;

#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Any,
    Bool,
    Text,
    /// One of these texts.
    Choice(&'static [&'static str]),
    /// A text that passes, and what it must be.
    Checked(fn() -> String, fn(&str) -> bool),
    Number,
    /// A number from this to that one, `whole` or not.
    Limited {
        whole: bool,
        least: Number,
        most: Number,
    },
    List(Box<Shape>),
    Set(Box<Shape>),
    Map(Box<Shape>),
    Object(Fields),
}

impl Shape {
    fn of(kind: Kind) -> Self {
        Self { kind, null: false, unknown: false }
    }

    /// Any value.
    #[must_use]
    pub fn any() -> Self {
        Self::of(Kind::Any).or_null().or_unknown()
    }

    /// `true` or `false`.
    #[must_use]
    pub fn bool() -> Self {
        Self::of(Kind::Bool)
    }

    /// Any text.
    #[must_use]
    pub fn text() -> Self {
        Self::of(Kind::Text)
    }

    /// One of these texts. Another one in a configuration is the user's error.
    #[must_use]
    pub fn choice(texts: &'static [&'static str]) -> Self {
        Self::of(Kind::Choice(texts))
    }

    /// A text that `passes`. `must` says what it must be, beginning with that word. Another one in a configuration is the user's
    /// error.
    #[must_use]
    pub fn text_that(must: fn() -> String, passes: fn(&str) -> bool) -> Self {
        Self::of(Kind::Checked(must, passes))
    }

    /// Any number.
    #[must_use]
    pub fn number() -> Self {
        Self::of(Kind::Number)
    }

    /// A number from `least` to `most`. Another one in a configuration is the user's error.
    #[must_use]
    pub fn number_between(least: Number, most: Number) -> Self {
        Self::of(Kind::Limited { whole: false, least, most })
    }

    /// A whole number from `least` to `most`. Another one in a configuration is the user's error.
    #[must_use]
    pub fn whole_between(least: Number, most: Number) -> Self {
        Self::of(Kind::Limited { whole: true, least, most })
    }

    /// A list, a set or a tuple.
    #[must_use]
    pub fn list(element: Self) -> Self {
        Self::of(Kind::List(Box::new(element)))
    }

    /// A set.
    #[must_use]
    pub fn set(element: Self) -> Self {
        Self::of(Kind::Set(Box::new(element)))
    }

    /// A map, or an object whose attributes are all of one type.
    #[must_use]
    pub fn map(element: Self) -> Self {
        Self::of(Kind::Map(Box::new(element)))
    }

    /// An object with these attributes.
    #[must_use]
    pub fn object(fields: fn() -> Vec<(&'static str, Self)>) -> Self {
        Self::of(Kind::Object(fields))
    }

    /// The same, or null.
    #[must_use]
    pub fn or_null(self) -> Self {
        Self { null: true, ..self }
    }

    /// The same, or what is known only after apply.
    #[must_use]
    pub fn or_unknown(self) -> Self {
        Self { unknown: true, ..self }
    }
}

/// What it is, in words; not whether it can be null or unknown.
impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Any => f.write_str("any value"),
            Kind::Bool => f.write_str("bool"),
            Kind::Text | Kind::Checked(..) => f.write_str("string"),
            Kind::Choice(_) => f.write_str("one of several strings"),
            Kind::Number | Kind::Limited { whole: false, .. } => f.write_str("number"),
            Kind::Limited { whole: true, .. } => f.write_str("whole number"),
            Kind::List(element) => write!(f, "list of {element}"),
            Kind::Set(element) => write!(f, "set of {element}"),
            Kind::Map(element) => write!(f, "map of {element}"),
            Kind::Object(_) => f.write_str("object"),
        }
    }
}
