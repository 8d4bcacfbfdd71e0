//! Reads values from msgpack.
//!
//! The bytes come from outside: a length in them is a claim, so nothing is allocated for it before the elements are
//! there, and nesting has a limit.

use std::collections::BTreeMap;

use super::reader::{Head, Reader, number, utf8};
use super::refinements;
use crate::value::path::Step;
use crate::value::{MAX_DEPTH, Type, Value, ValueError, normal};

pub(super) fn decode(bytes: &[u8], ty: &Type) -> Result<Value, ValueError> {
    let mut reader = Reader::new(bytes);
    let value = reader.value(ty, MAX_DEPTH)?;
    if reader.rest.is_empty() { Ok(value) } else { Err(ValueError::new("the end", "more bytes")) }
}

impl Reader<'_> {
    fn value(&mut self, ty: &Type, depth: usize) -> Result<Value, ValueError> {
        let depth = depth.checked_sub(1).ok_or_else(|| ValueError::new("a value", "one that is nested too deeply"))?;
        let head = match self.head()? {
            Head::Nil => return Ok(Value::Null),
            Head::Extension(code, body) => return Ok(Value::refined(refinements::read(code, body))),
            head => head,
        };
        match (ty, head) {
            (Type::Bool, Head::Bool(value)) => Ok(Value::Bool(value)),
            (Type::Number, head) => number(&head).map(Value::Number),
            (Type::String, Head::Text(text)) => Ok(Value::from(text)),
            (Type::String, Head::Binary(bytes)) => utf8(bytes).map(Value::from),
            (Type::List(element), Head::Array(count)) => {
                self.sequence(count, std::iter::repeat(&**element), depth).map(Value::List)
            }
            (Type::Set(element), Head::Array(count)) => {
                self.sequence(count, std::iter::repeat(&**element), depth).map(Value::set)
            }
            (Type::Tuple(types), Head::Array(count)) if count == types.len() => {
                self.sequence(count, types.iter(), depth).map(Value::List)
            }
            (Type::Map(element), Head::Map(count)) => self.map(count, element, depth).map(Value::Map),
            (Type::Object(types), Head::Map(count)) => self.object(count, types, depth).map(Value::Map),
            (Type::Dynamic, Head::Array(2)) => {
                let actual = match self.head()? {
                    Head::Binary(json) => serde_json::from_slice(json),
                    Head::Text(json) => serde_json::from_str(json),
                    other => return Err(ValueError::new("a type as JSON", other.kind())),
                };
                let actual = actual.map_err(|_| ValueError::new("a type as JSON", "what is not JSON"))?;
                let actual = Type::from_json(&actual)?;
                let value = self.value(&actual, depth)?;
                Ok(Value::Dynamic(actual, Box::new(value)))
            }
            (ty, head) => Err(ValueError::new(ty.to_string(), head.kind())),
        }
    }

    fn sequence<'t>(
        &mut self,
        count: usize,
        types: impl Iterator<Item = &'t Type>,
        depth: usize,
    ) -> Result<Vec<Value>, ValueError> {
        let mut values = Vec::new();
        for (index, ty) in types.take(count).enumerate() {
            values.push(self.value(ty, depth).map_err(|error| error.inside(Step::Index(index)))?);
        }
        Ok(values)
    }

    fn key(&mut self) -> Result<String, ValueError> {
        match self.head()? {
            Head::Text(key) => Ok(normal(key).into_owned()),
            other => Err(ValueError::new("a key", other.kind())),
        }
    }

    fn map(&mut self, count: usize, ty: &Type, depth: usize) -> Result<BTreeMap<String, Value>, ValueError> {
        let mut entries = BTreeMap::new();
        for _ in 0..count {
            let key = self.key()?;
            let value = self.value(ty, depth).map_err(|error| error.inside(Step::Key(key.clone())))?;
            entries.insert(key, value);
        }
        Ok(entries)
    }

    fn object(
        &mut self,
        count: usize,
        types: &BTreeMap<String, Type>,
        depth: usize,
    ) -> Result<BTreeMap<String, Value>, ValueError> {
        let mut attributes = BTreeMap::new();
        for _ in 0..count {
            let name = self.key()?;
            let at = |error: ValueError| error.inside(Step::Attribute(name.clone()));
            let ty = types.get(&name).ok_or_else(|| at(ValueError::new("no such attribute", "a value")))?;
            let value = self.value(ty, depth).map_err(at)?;
            attributes.insert(name, value);
        }
        match types.keys().find(|name| !attributes.contains_key(*name)) {
            Some(name) => Err(ValueError::new("a value", "no attribute").inside(Step::Attribute(name.clone()))),
            None => Ok(attributes),
        }
    }
}
