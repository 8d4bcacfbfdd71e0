//! Writes values as msgpack.

use std::sync::Arc;

use rmp::encode as msgpack;

use super::refinements;
use super::writer::{length, number, string, write};
use crate::value::path::Step;
use crate::value::{Entries, Name, Type, Value, ValueError};

pub(super) fn encode(value: &Value, ty: &Type, bytes: &mut Vec<u8>, depth: usize) -> Result<(), ValueError> {
    let depth = depth.checked_sub(1).ok_or_else(|| ValueError::new("a value", "one that is nested too deeply"))?;
    match (ty, value) {
        (_, Value::Null) => write(bytes, |out| _ = msgpack::write_nil(out)),
        (_, Value::Unknown(known)) => refinements::write(known.as_deref(), ty, bytes)?,
        (Type::Bool, Value::Bool(value)) => write(bytes, |out| _ = msgpack::write_bool(out, *value)),
        (Type::Number, Value::Number(number)) => self::number(number, bytes)?,
        (Type::String, Value::String(text)) => string(text, bytes)?,
        (Type::List(element), Value::List(values)) => {
            sequence(values, std::iter::repeat(&**element), bytes, depth)?;
        }
        (Type::Set(element), Value::Set(values) | Value::List(values)) => {
            let mut sorted: Vec<_> = values.iter().collect();
            sorted.sort();
            if sorted.windows(2).any(|pair| pair[0] == pair[1] && pair[0].is_wholly_known()) {
                return Err(ValueError::new("a set without duplicates", "the same element twice"));
            }
            sequence(values, std::iter::repeat(&**element), bytes, depth)?;
        }
        (Type::Tuple(types), Value::List(values)) => {
            if types.len() != values.len() {
                let found = format!("{} elements", values.len());
                return Err(ValueError::new(format!("a tuple of {} elements", types.len()), found));
            }
            sequence(values, types.iter(), bytes, depth)?;
        }
        (Type::Map(element), Value::Map(entries)) => {
            let count = length(entries.len())?;
            write(bytes, |out| _ = msgpack::write_map_len(out, count));
            for (key, value) in entries {
                string(key, bytes)?;
                encode(value, element, bytes, depth).map_err(|error| error.inside(Step::Key(key.into())))?;
            }
        }
        (Type::Object(types), Value::Map(attributes)) => object(types, attributes, bytes, depth)?,
        (Type::Dynamic, Value::Dynamic(actual, value)) => {
            let name = actual.to_json_bytes();
            let size = length(name.len())?;
            write(bytes, |out| {
                _ = msgpack::write_array_len(out, 2);
                _ = msgpack::write_bin_len(out, size);
            });
            bytes.extend_from_slice(&name);
            encode(value, actual, bytes, depth)?;
        }
        (ty, other) => return Err(ValueError::new(ty.to_string(), other.kind())),
    }
    Ok(())
}

fn object(
    types: &Entries<Type>,
    attributes: &Entries<Value>,
    bytes: &mut Vec<u8>,
    depth: usize,
) -> Result<(), ValueError> {
    let inside = |error: ValueError, name: &Name| error.inside(Step::Attribute(name.into()));
    // What was read, or made to fit, shares the names of its type.
    if !Arc::ptr_eq(types.names(), attributes.names()) && types.names() != attributes.names() {
        if let Some(name) = attributes.keys().find(|name| !types.contains_key(name)) {
            return Err(inside(ValueError::new("no such attribute", "a value"), name));
        }
        if let Some((name, ty)) = types.iter().find(|(name, _)| !attributes.contains_key(name)) {
            return Err(inside(ValueError::new(ty.to_string(), "no attribute"), name));
        }
    }
    let count = length(types.len())?;
    write(bytes, |out| _ = msgpack::write_map_len(out, count));
    for ((name, ty), value) in types.iter().zip(attributes.values()) {
        string(name, bytes)?;
        encode(value, ty, bytes, depth).map_err(|error| inside(error, name))?;
    }
    Ok(())
}

fn sequence<'a>(
    values: &[Value],
    types: impl Iterator<Item = &'a Type>,
    bytes: &mut Vec<u8>,
    depth: usize,
) -> Result<(), ValueError> {
    let count = length(values.len())?;
    write(bytes, |out| _ = msgpack::write_array_len(out, count));
    for (index, (value, ty)) in values.iter().zip(types).enumerate() {
        encode(value, ty, bytes, depth).map_err(|error| error.inside(Step::Index(index)))?;
    }
    Ok(())
}
