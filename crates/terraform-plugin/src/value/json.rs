//! Values from the JSON of a state file.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::{Entries, MAX_DEPTH, Name, Type, Value, ValueError, normal};
use crate::value::path::Step;

impl Value {
    /// Reads the JSON of a value in a state. Attributes that the type does not have are dropped and missing ones are
    /// null, as the state may have been written with another version of the schema.
    ///
    /// It reads text rather than a tree of JSON values, as those hold numbers as floats and lose digits.
    ///
    /// # Errors
    /// When the text is no value of the type; the error says where.
    pub fn from_json(text: &str, ty: &Type) -> Result<Self, ValueError> {
        read(text, ty, MAX_DEPTH)
    }
}

type Members<'a> = BTreeMap<String, &'a RawValue>;

fn parse<'a, T: serde::Deserialize<'a>>(text: &'a str, ty: &Type) -> Result<T, ValueError> {
    serde_json::from_str(text).map_err(|_| ValueError::new(ty.to_string(), "JSON of another kind"))
}

fn read(text: &str, ty: &Type, depth: usize) -> Result<Value, ValueError> {
    let depth = depth.checked_sub(1).ok_or_else(|| ValueError::new("a value", "one that is nested too deeply"))?;
    let text = text.trim();
    if text == "null" {
        return Ok(Value::Null);
    }
    let element = |index: usize, text: &RawValue, ty: &Type| {
        read(text.get(), ty, depth).map_err(|error| error.inside(Step::Index(index)))
    };
    Ok(match ty {
        // The type may have been another one when the state was written. `value_json.go` of terraform-plugin-go converts
        // the same.
        Type::Bool => Value::Bool(match text {
            "true" | r#""true""# | "1" | r#""1""# => true,
            "false" | r#""false""# | "0" | r#""0""# => false,
            _ => parse(text, ty)?,
        }),
        Type::String if !text.starts_with('"') => match parse::<serde_json::Value>(text, ty)? {
            // With the digits that it was written with.
            serde_json::Value::Bool(_) | serde_json::Value::Number(_) => Value::from(text),
            _ => return Err(ValueError::new(ty.to_string(), "JSON of another kind")),
        },
        Type::String => Value::from(parse::<String>(text, ty)?),
        Type::Number if text.starts_with('"') => Value::Number(parse::<String>(text, ty)?.parse()?),
        Type::Number => Value::Number(text.parse()?),
        Type::List(inner) | Type::Set(inner) => {
            let elements = parse::<Vec<&RawValue>>(text, ty)?
                .into_iter()
                .enumerate()
                .map(|(index, text)| element(index, text, inner))
                .collect::<Result<Vec<_>, _>>()?;
            if matches!(ty, Type::Set(_)) { Value::set(elements) } else { Value::List(elements) }
        }
        Type::Tuple(types) => tuple(parse(text, ty)?, types, element)?,
        Type::Map(inner) => {
            let entries = parse::<Members<'_>>(text, ty)?.into_iter();
            let read = |(key, text): (String, &RawValue)| match read(text.get(), inner, depth) {
                Ok(value) => Ok((normal(&key).into_owned(), value)),
                Err(error) => Err(error.inside(Step::Key(key))),
            };
            Value::Map(entries.map(read).collect::<Result<_, _>>()?)
        }
        Type::Object(types) => object(&parse(text, ty)?, types, depth)?,
        Type::Dynamic => {
            let entries = parse::<Members<'_>>(text, ty)?;
            let part = |name: &str| entries.get(name).ok_or_else(|| ValueError::new("a type and a value", "less"));
            let actual = Type::from_json(&parse(part("type")?.get(), ty)?)?;
            let value = read(part("value")?.get(), &actual, depth)?;
            Value::dynamic(actual, value)
        }
    })
}

/// Elements of a type each, exactly as many as there are types.
fn tuple(
    elements: Vec<&RawValue>,
    types: &[Type],
    element: impl Fn(usize, &RawValue, &Type) -> Result<Value, ValueError>,
) -> Result<Value, ValueError> {
    if elements.len() != types.len() {
        let found = format!("{} elements", elements.len());
        return Err(ValueError::new(format!("a tuple of {} elements", types.len()), found));
    }
    let elements = elements.into_iter().zip(types).enumerate();
    Ok(Value::List(elements.map(|(index, (text, ty))| element(index, text, ty)).collect::<Result<_, _>>()?))
}

/// The attributes that the type has; one that is absent is null.
fn object(entries: &Members<'_>, types: &Entries<Type>, depth: usize) -> Result<Value, ValueError> {
    let read = |(name, ty): (&Name, &Type)| {
        let Some(text) = entries.get(name.as_str()) else { return Ok(Value::Null) };
        read(text.get(), ty, depth).map_err(|error| error.inside(Step::Attribute(name.into())))
    };
    Ok(Value::Map(Entries::of(types.names(), types.iter().map(read).collect::<Result<_, _>>()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_is_read() {
        let ty = Type::object([
            ("big", Type::Number),
            ("fraction", Type::Number),
            ("set", Type::Set(Box::new(Type::String))),
            ("any", Type::Dynamic),
            ("new", Type::Bool),
            ("pair", Type::Tuple(vec![Type::Bool, Type::String])),
        ]);
        let text = r#"{ "big": 123456789012345678901234567890, "fraction": "0.1", "set": ["b", "a", "b"],
            "any": {"type": ["list","number"], "value": [1]}, "removed": {"x": 1}, "pair": [true, "e\u0301"] }"#;
        let value = Value::from_json(text, &ty).expect("it is a value of the type");
        let digits = |text: &str| Value::Number(text.parse().expect("it is a number"));
        assert_eq!(value.get("big"), Some(&digits("123456789012345678901234567890")));
        assert_eq!(value.get("fraction"), Some(&digits("0.1")));
        assert_eq!(value.get("set"), Some(&Value::set(["a".into(), "b".into()])));
        assert_eq!(value.get("new"), Some(&Value::Null));
        assert_eq!(value.get("removed"), None);
        assert_eq!(value.get("pair"), Some(&Value::List(vec![true.into(), "\u{e9}".into()])));
        let list = Type::List(Box::new(Type::Number));
        assert_eq!(value.get("any"), Some(&Value::dynamic(list, Value::List(vec![1.into()]))));
    }

    #[test]
    fn another_type_of_before_is_converted() {
        for (text, ty, value) in [
            ("15", Type::String, Value::from("15")),
            ("1.50e2", Type::String, "1.50e2".into()),
            ("12345678901234567890123", Type::String, "12345678901234567890123".into()),
            ("true", Type::String, "true".into()),
            ("false", Type::String, "false".into()),
            (r#""true""#, Type::Bool, true.into()),
            (r#""false""#, Type::Bool, false.into()),
            (r#""1""#, Type::Bool, true.into()),
            (r#""0""#, Type::Bool, false.into()),
            ("1", Type::Bool, true.into()),
            ("0", Type::Bool, false.into()),
            (r#""15""#, Type::Number, 15.into()),
        ] {
            assert_eq!(Value::from_json(text, &ty), Ok(value), "{text} as {ty}");
        }
        for (text, ty) in [
            ("[]", Type::String),
            ("{}", Type::String),
            ("tru", Type::String),
            (r#""True""#, Type::Bool),
            ("2", Type::Bool),
            ("1.0", Type::Bool),
            ("true", Type::Number),
            (r#""x""#, Type::Number),
        ] {
            assert!(Value::from_json(text, &ty).is_err(), "{text} as {ty}");
        }
    }

    #[test]
    fn nesting_has_a_limit() {
        let deep =
            |levels: usize| format!("{}null{}", r#"{"type": "dynamic", "value": "#.repeat(levels), "}".repeat(levels));
        assert!(Value::from_json(&deep(MAX_DEPTH - 1), &Type::Dynamic).is_ok());
        let error = Value::from_json(&deep(1_000), &Type::Dynamic).expect_err("it is too deep");
        assert_eq!(error.to_string(), "at (root): expected a value, found one that is nested too deeply");
    }

    #[test]
    fn an_error_says_where() {
        let ty = Type::object([("a", Type::List(Box::new(Type::Bool)))]);
        let error = Value::from_json(r#"{"a": [true, "no"]}"#, &ty).expect_err("a text is no bool");
        assert_eq!(error.to_string(), "at a[1]: expected bool, found JSON of another kind");
    }
}
