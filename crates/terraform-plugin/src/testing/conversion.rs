//! Converts values to a type, by the rules of Terraform's language.

use crate::value::{Name, Type, Value};

/// The value as one of this type.
///
/// # Errors
/// With what was required.
pub(super) fn convert(value: Value, ty: &Type) -> Result<Value, String> {
    let required = || format!("{ty} required");
    Ok(match (ty, value) {
        (Type::Dynamic, value) => value.into_dynamic(),
        (ty, Value::Dynamic(_, inner)) => convert(*inner, ty)?,
        (_, value @ (Value::Null | Value::Unknown(_)))
        | (Type::Bool, value @ Value::Bool(_))
        | (Type::Number, value @ Value::Number(_))
        | (Type::String, value @ Value::String(_)) => value,
        (Type::Bool, Value::String(text)) => Value::Bool(text.parse().map_err(|_| required())?),
        (Type::Number, Value::String(text)) => Value::Number(text.parse().map_err(|_| required())?),
        (Type::String, Value::Number(number)) => number.to_string().into(),
        (Type::String, Value::Bool(bool)) => bool.to_string().into(),
        (Type::List(element), Value::List(elements) | Value::Set(elements)) => Value::List(each(elements, element)?),
        (Type::Set(element), Value::List(elements) | Value::Set(elements)) => Value::set(each(elements, element)?),
        (Type::Tuple(types), Value::List(elements)) if types.len() == elements.len() => {
            let converted = elements.into_iter().zip(types).map(|(one, ty)| convert(one, ty));
            Value::List(converted.collect::<Result<_, _>>()?)
        }
        (Type::Map(element), Value::Map(entries)) => {
            let convert = |(key, value)| Ok((key, convert(value, element)?));
            Value::Map(entries.into_iter().map(convert).collect::<Result<_, String>>()?)
        }
        // What the type does not have is left out, as Terraform does.
        (Type::Object(types), Value::Map(mut entries)) => {
            let attribute = |(name, ty): (&Name, &Type)| {
                let value = entries.remove(name).ok_or_else(|| format!("attribute {:?} is required", name.as_str()))?;
                Ok((name.clone(), convert(value, ty)?))
            };
            Value::Map(types.iter().map(attribute).collect::<Result<_, String>>()?)
        }
        _ => return Err(required()),
    })
}

fn each(elements: Vec<Value>, ty: &Type) -> Result<Vec<Value>, String> {
    elements.into_iter().map(|one| convert(one, ty)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_become_what_the_type_wants() {
        let texts = || Box::new(Type::String);
        let point = || Type::object([("x", Type::Number)]);
        for (written, ty, expected) in [
            (json!("8"), Type::Number, Ok(Value::from(8))),
            (json!(1.5), Type::String, Ok("1.5".into())),
            (json!(true), Type::String, Ok("true".into())),
            (json!("false"), Type::Bool, Ok(false.into())),
            (json!([1, "b"]), Type::List(texts()), Ok(Value::List(vec!["1".into(), "b".into()]))),
            (json!(["b", "a", "b"]), Type::Set(texts()), Ok(Value::set(["a".into(), "b".into()]))),
            (json!({"a": 1}), Type::Map(texts()), Ok(Value::object([("a", Value::from("1"))]))),
            (json!({"x": "1", "y": 2}), point(), Ok(Value::object([("x", Value::from(1))]))),
            (
                json!([1, "b"]),
                Type::Tuple(vec![Type::Number, Type::String]),
                Ok(Value::List(vec![1.into(), "b".into()])),
            ),
            (json!(null), Type::Bool, Ok(Value::Null)),
            (json!({}), point(), Err("attribute \"x\" is required")),
            (json!("x"), Type::Number, Err("number required")),
            (json!("yes"), Type::Bool, Err("bool required")),
            (json!(["a"]), Type::String, Err("string required")),
            (json!("a"), Type::List(texts()), Err("list of string required")),
            (json!([1]), Type::Tuple(Vec::new()), Err("tuple required")),
        ] {
            let converted = convert(written.clone().into(), &ty);
            assert_eq!(converted, expected.map_err(str::to_owned), "{written} as {ty}");
        }
    }

    #[test]
    fn a_dynamic_value_gets_its_type_and_loses_it_where_another_is_wanted() {
        let dynamic = Value::dynamic(Type::Number, 1.into());
        assert_eq!(convert(1.into(), &Type::Dynamic), Ok(dynamic.clone()));
        assert_eq!(convert(dynamic, &Type::String), Ok("1".into()));
        assert_eq!(convert(Value::unknown(), &Type::Bool), Ok(Value::unknown()));
    }
}
