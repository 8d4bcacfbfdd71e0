//! What can be wrong with a value, or with bytes that should be one.

use crate::value::path::{AttributePath, Step};

/// Why a value could not be read or written: where, what was expected, and what stood there instead. It never shows
/// the value itself, which may be a secret.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("at {path}: expected {expected}, found {found}")]
pub struct ValueError {
    path: AttributePath,
    expected: String,
    found: String,
}

impl ValueError {
    pub(crate) fn new(expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self { path: AttributePath::root(), expected: expected.into(), found: found.into() }
    }

    /// The same error, seen from one step further out.
    pub(crate) fn inside(mut self, step: Step) -> Self {
        let outer = AttributePath::root().then(step);
        self.path = self.path.steps().iter().cloned().fold(outer, AttributePath::then);
        self
    }

    /// Where the value is wrong.
    #[must_use]
    pub fn path(&self) -> &AttributePath {
        &self.path
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Type, Value};

    #[test]
    fn an_error_says_where_and_what() {
        let ty = Type::object([("a", Type::List(Box::new(Type::Bool)))]);
        let error = Value::from_json(r#"{"a": [true, 7]}"#, &ty).expect_err("it is no bool");
        assert_eq!(error.path(), &AttributePath::of("a").index(1));
        assert_eq!(error.to_string(), "at a[1]: expected bool, found JSON of another kind");
    }
}
