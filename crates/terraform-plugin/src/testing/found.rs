//! What was read or opened.

use std::ops::Index;

use super::object::{attribute, model};
use crate::model::Model;
use crate::value::Value;

/// What a data source read, or what an ephemeral resource gave. `found["name"]` is an attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct Found(Value);

impl Found {
    pub(super) fn new(value: Value) -> Self {
        Self(value)
    }

    /// The attributes and blocks.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.0
    }

    /// The value as a model.
    ///
    /// # Panics
    /// If the model does not fit.
    #[must_use]
    #[track_caller]
    pub fn model<M: Model>(&self) -> M {
        model(&self.0)
    }

    /// The value as JSON, to compare it as a whole.
    ///
    /// # Panics
    /// If it holds a number that JSON cannot hold.
    #[must_use]
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        self.0.to_plain_json().unwrap_or_else(|error| panic!("this is no JSON: {error}"))
    }
}

impl Index<&str> for Found {
    type Output = Value;

    #[track_caller]
    fn index(&self, name: &str) -> &Value {
        attribute(&self.0, name)
    }
}
