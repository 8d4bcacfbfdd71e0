//! What is written for an attribute: a value, and how it is spelled.

use std::collections::BTreeMap;

use terraform_plugin::value::{Number, Value};

/// A value that a configuration gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    Null,
    Bool(bool),
    /// As it is written.
    Number(String),
    Text(String),
    /// A number that is computed, and about what it comes to.
    Computed(&'static str, f64),
    /// Something that is wrong, as it is written.
    Wrong(&'static str),
    Several(Vec<Expression>),
    Object(BTreeMap<String, Expression>),
}

/// How a value is spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Literal,
    /// By a variable, which is unknown while Terraform validates.
    Variable,
    Local,
    /// By an output that is unknown in every plan that changes something.
    Late,
    Try,
    Conditional,
    For,
    /// By a function that gives the same value, or the same as another type.
    Function,
    Json,
    Sensitive,
}

/// A value and how it is spelled.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    pub value: Given,
    pub style: Style,
}

impl From<Given> for Expression {
    fn from(value: Given) -> Self {
        Self { value, style: Style::Literal }
    }
}

impl Expression {
    pub fn is_null(&self) -> bool {
        self.value == Given::Null
    }

    /// Whether something of it is unknown in a plan.
    pub fn is_late(&self) -> bool {
        match (self.style, &self.value) {
            (Style::Late, _) => true,
            // The value stands elsewhere, as it is.
            (Style::Variable, _) if !self.is_computed() => false,
            (_, Given::Several(elements)) => elements.iter().any(Self::is_late),
            (_, Given::Object(entries)) => entries.values().any(Self::is_late),
            _ => false,
        }
    }

    /// Whether something of it is hidden. To hide it, or no longer to, is an update.
    pub fn is_hidden(&self) -> bool {
        self.style == Style::Sensitive
            || match &self.value {
                Given::Several(elements) => elements.iter().any(Self::is_hidden),
                Given::Object(entries) => entries.values().any(Self::is_hidden),
                _ => false,
            }
    }

    /// The same, spelled as plainly as can be.
    pub fn plain(&self) -> Self {
        match &self.value {
            Given::Several(elements) => Given::Several(elements.iter().map(Self::plain).collect()),
            Given::Object(entries) => {
                Given::Object(entries.iter().map(|(name, one)| (name.clone(), one.plain())).collect())
            }
            other => other.clone(),
        }
        .into()
    }

    /// Whether there is a number in it that is computed, which no file of values can hold.
    pub fn is_computed(&self) -> bool {
        match &self.value {
            Given::Computed(..) | Given::Wrong(_) => true,
            Given::Several(elements) => elements.iter().any(Self::is_computed),
            Given::Object(entries) => entries.values().any(Self::is_computed),
            _ => false,
        }
    }

    /// Whether a state holds this.
    pub fn is(&self, state: &Value) -> bool {
        match (&self.value, state) {
            (_, Value::Dynamic(_, inner)) => self.is(inner),
            (Given::Null, state) => state.is_null(),
            (Given::Bool(a), Value::Bool(b)) => a == b,
            (Given::Number(a), Value::Number(b)) => a.parse::<Number>().is_ok_and(|a| a == *b),
            (Given::Computed(_, a), Value::Number(b)) => (a - b.as_f64()).abs() <= a.abs() * 1e-13,
            (Given::Text(a), state) => Value::from(a.as_str()) == *state,
            (Given::Several(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.is(b)),
            (Given::Several(a), Value::Set(b)) => same_set(a, b, Self::is),
            (Given::Object(a), Value::Map(b)) => {
                let known = |(name, one): (&String, &Self)| b.get(&normal(name)).is_some_and(|state| one.is(state));
                a.len() == b.len() && a.iter().all(known)
            }
            _ => false,
        }
    }
}

/// A text as Terraform has it.
pub fn normal(text: &str) -> String {
    Value::from(text).as_str().map(str::to_owned).unwrap_or_default()
}

/// Whether a set holds what is given and nothing else. Several may turn out to be the same.
pub fn same_set(given: &[Expression], state: &[Value], fits: impl Fn(&Expression, &Value) -> bool) -> bool {
    state.len() <= given.len()
        && given.iter().all(|one| state.iter().any(|state| fits(one, state)))
        && state.iter().all(|state| given.iter().any(|one| fits(one, state)))
}
