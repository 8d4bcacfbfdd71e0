//! Models of collections.

use std::collections::BTreeMap;

use super::{Model, ModelError, Shape};
use crate::path::Step;
use crate::value::Value;

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

    fn shape() -> Shape {
        Shape::list(T::shape())
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

    fn shape() -> Shape {
        Shape::map(T::shape())
    }
}
