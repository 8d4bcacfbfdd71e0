//! Values from plain JSON and back, as that of an API or of `jsondecode`: without a type.

use std::sync::Arc;

use serde_json::Value as Json;

use super::{Entries, Name, Type, Value, ValueError};
use crate::value::path::Step;

/// The value that the JSON is: arrays are lists, objects are objects. For an attribute of dynamic type, give it its type with
/// [`into_dynamic`](Value::into_dynamic).
impl From<Json> for Value {
    fn from(json: Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(bool) => Self::Bool(bool),
            Json::Number(number) => {
                let text = number.to_string();
                // A number too long for Terraform can only come from a parser that keeps all digits.
                text.parse().map_or_else(|_| Self::String(text), Self::Number)
            }
            Json::String(text) => text.into(),
            Json::Array(elements) => Self::List(elements.into_iter().map(Into::into).collect()),
            Json::Object(entries) => Self::object(entries.into_iter().map(|(name, value)| (name, value.into()))),
        }
    }
}

impl Value {
    /// The value for an attribute of dynamic type, with the type that Terraform gives to such JSON: lists are tuples, maps are
    /// objects, and only a set whose elements have one type stays a set.
    ///
    /// ```
    /// use terraform_plugin::value::{Type, Value};
    ///
    /// let value = Value::from(serde_json::json!(["a", 1])).into_dynamic();
    /// let Value::Dynamic(ty, _) = value else { panic!("it has a type") };
    /// assert_eq!(*ty, Type::Tuple(vec![Type::String, Type::Number]));
    /// ```
    #[must_use]
    pub fn into_dynamic(self) -> Self {
        match self {
            Self::Null | Self::Unknown(_) | Self::Dynamic(..) => self,
            value => {
                let (ty, value) = typed(value);
                Self::dynamic(ty, value)
            }
        }
    }

    /// The value as plain JSON. Numbers that JSON's parsers cannot hold are rounded.
    ///
    /// # Errors
    /// When something in it is unknown, or is a number beyond those that 64 bits of floating point can hold.
    pub fn to_plain_json(&self) -> Result<Json, ValueError> {
        let one =
            |(index, value): (usize, &Self)| value.to_plain_json().map_err(|error| error.inside(Step::Index(index)));
        Ok(match self {
            Self::Null => Json::Null,
            Self::Unknown(_) => return Err(ValueError::new("a known value", "one that is not known yet")),
            Self::Bool(bool) => Json::Bool(*bool),
            Self::Number(number) => {
                let whole = number.as_i64().map(Json::from).or_else(|| number.as_u64().map(Json::from));
                let float = || serde_json::Number::from_f64(number.as_f64()).map(Json::Number);
                whole.or_else(float).ok_or_else(|| ValueError::new("a number that JSON can hold", "a larger one"))?
            }
            Self::String(text) => Json::String(text.clone()),
            Self::List(elements) | Self::Set(elements) => {
                Json::Array(elements.iter().enumerate().map(one).collect::<Result<_, _>>()?)
            }
            Self::Map(entries) => {
                let one = |(name, value): (&Name, &Self)| match value.to_plain_json() {
                    Ok(json) => Ok((name.into(), json)),
                    Err(error) => Err(error.inside(Step::Attribute(name.into()))),
                };
                Json::Object(entries.iter().map(one).collect::<Result<_, _>>()?)
            }
            Self::Dynamic(_, value) => value.to_plain_json()?,
        })
    }
}

/// The type of a value, and the value without types inside.
fn typed(value: Value) -> (Type, Value) {
    match value {
        Value::Null | Value::Unknown(_) => (Type::Dynamic, value),
        Value::Bool(_) => (Type::Bool, value),
        Value::Number(_) => (Type::Number, value),
        Value::String(_) => (Type::String, value),
        Value::List(elements) => tuple(elements),
        Value::Set(elements) => match tuple(elements) {
            (Type::Tuple(types), Value::List(elements)) => match types.first() {
                Some(first) if types.iter().all(|ty| ty == first) => {
                    (Type::Set(Box::new(first.clone())), Value::Set(elements))
                }
                _ => (Type::Tuple(types), Value::List(elements)),
            },
            other => other,
        },
        Value::Map(entries) => {
            let names = Arc::clone(entries.names());
            let (types, values) = entries.into_values().map(typed).unzip();
            (Type::Object(Entries::of(&names, types)), Value::Map(Entries::of(&names, values)))
        }
        Value::Dynamic(ty, value) => (*ty, *value),
    }
}

fn tuple(elements: Vec<Value>) -> (Type, Value) {
    let (types, elements) = elements.into_iter().map(typed).unzip();
    (Type::Tuple(types), Value::List(elements))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn plain_json_survives_the_way_into_a_value_and_back() {
        let json = json!({"a": [1, -2.5, "x", null, true, {}], "big": u64::MAX, "small": 1e-300});
        let value = Value::from(json.clone());
        assert_eq!(value.get("big").and_then(Value::as_u64), Some(u64::MAX));
        assert_eq!(value.to_plain_json(), Ok(json.clone()));
        let dynamic = value.into_dynamic();
        assert_eq!(dynamic.to_plain_json(), Ok(json));
        let bytes = dynamic.to_msgpack(&Type::Dynamic).expect("it can be written");
        assert_eq!(Value::from_msgpack(&bytes, &Type::Dynamic).expect("it can be read"), dynamic);
    }

    #[test]
    fn a_dynamic_value_gets_the_type_that_terraform_gives_it() {
        let ty = |value: Value| match value.into_dynamic() {
            Value::Dynamic(ty, _) => *ty,
            other => panic!("{other:?}"),
        };
        let object = Type::object([("a", Type::Tuple(vec![Type::Number, Type::Dynamic]))]);
        assert_eq!(ty(json!({"a": [1, null]}).into()), object);
        assert_eq!(ty(Value::set(["a".into(), "b".into()])), Type::Set(Box::new(Type::String)));
        assert_eq!(ty(Value::set(["a".into(), 1.into()])), Type::Tuple(vec![Type::Number, Type::String]));
        let inner = Value::dynamic(Type::List(Box::new(Type::Bool)), Value::Null);
        assert_eq!(ty(Value::List(vec![inner.clone()])), Type::Tuple(vec![Type::List(Box::new(Type::Bool))]));
        assert_eq!((inner.clone().into_dynamic(), Value::Null.into_dynamic()), (inner, Value::Null));
    }

    #[test]
    fn what_json_cannot_hold_is_reported_with_its_place() {
        let error = |value: Value| value.to_plain_json().map_err(|error| error.to_string());
        let unknown = Value::object([("a", Value::List(vec![Value::unknown()]))]);
        assert_eq!(error(unknown), Err("at a[0]: expected a known value, found one that is not known yet".to_owned()));
        assert!(error(Value::Number("1e400".parse().expect("it is a number"))).is_err());
    }
}
