//! Reads values from msgpack.
//!
//! The bytes come from outside: a length in them is a claim, so little is allocated for it before the elements are
//! there, and nesting has a limit.

use std::borrow::Cow;
use std::sync::Arc;

use super::reader::{Head, Reader, number, utf8};
use super::refinements;
use crate::value::path::Step;
use crate::value::{Entries, MAX_DEPTH, Name, Type, Value, ValueError, normal};

/// For so many elements memory is allocated before they are there, as each level of nesting may claim as many. A vector would begin
/// with as many for its first one.
const MAX_CLAIM: usize = 4;

pub(super) fn decode(bytes: &[u8], ty: &Type) -> Result<Value, ValueError> {
    let mut decoder = Decoder { reader: Reader::new(bytes), keys: Arc::default() };
    let value = decoder.value(ty, MAX_DEPTH)?;
    if decoder.reader.rest.is_empty() { Ok(value) } else { Err(ValueError::new("the end", "more bytes")) }
}

struct Decoder<'a> {
    reader: Reader<'a>,
    /// The keys of the last map, which the next one may have as well.
    keys: Arc<Vec<Name>>,
}

impl<'a> Decoder<'a> {
    fn value(&mut self, ty: &Type, depth: usize) -> Result<Value, ValueError> {
        let depth = depth.checked_sub(1).ok_or_else(|| ValueError::new("a value", "one that is nested too deeply"))?;
        let head = match self.reader.head()? {
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
                let actual = match self.reader.head()? {
                    Head::Binary(json) => serde_json::from_slice(json),
                    Head::Text(json) => serde_json::from_str(json),
                    other => return Err(ValueError::new("a type as JSON", other.kind())),
                };
                let actual = actual.map_err(|_| ValueError::new("a type as JSON", "what is not JSON"))?;
                let actual = Type::from_json(&actual)?;
                let value = self.value(&actual, depth)?;
                Ok(Value::dynamic(actual, value))
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
        let mut values = Vec::with_capacity(count.min(MAX_CLAIM));
        for (index, ty) in types.take(count).enumerate() {
            values.push(self.value(ty, depth).map_err(|error| error.inside(Step::Index(index)))?);
        }
        values.shrink_to_fit();
        Ok(values)
    }

    fn key(&mut self) -> Result<Cow<'a, str>, ValueError> {
        match self.reader.head()? {
            Head::Text(key) => Ok(normal(key)),
            other => Err(ValueError::new("a key", other.kind())),
        }
    }

    fn map(&mut self, count: usize, ty: &Type, depth: usize) -> Result<Entries<Value>, ValueError> {
        let former = Arc::clone(&self.keys);
        let claimed = count.min(MAX_CLAIM);
        let (mut keys, mut values) = (Vec::with_capacity(claimed), Vec::with_capacity(claimed));
        for at in 0..count {
            let key = self.key()?;
            let known = former.get(at).filter(|name| ***name == *key);
            values.push(self.value(ty, depth).map_err(|error| error.inside(Step::Key(key.clone().into_owned())))?);
            keys.push(known.map_or_else(|| Name::from(&*key), Name::clone));
        }
        if keys == *former {
            values.shrink_to_fit();
            return Ok(Entries::of(&former, values));
        }
        let entries: Entries<_> = keys.into_iter().zip(values).collect();
        self.keys = Arc::clone(entries.names());
        Ok(entries)
    }

    fn object(&mut self, count: usize, types: &Entries<Type>, depth: usize) -> Result<Entries<Value>, ValueError> {
        let (names, types) = (types.names(), types.values().as_slice());
        let mut values: Vec<Option<Value>> = std::iter::repeat_with(|| None).take(types.len()).collect();
        // Terraform writes attributes in the order of their names.
        let mut expected = 0;
        for _ in 0..count {
            let name = self.key()?;
            let inside = |error: ValueError| error.inside(Step::Attribute(name.clone().into_owned()));
            let at = match names.get(expected) {
                Some(next) if **next == *name => expected,
                _ => names
                    .binary_search_by(|other| (**other).cmp(&*name))
                    .map_err(|_| inside(ValueError::new("no such attribute", "a value")))?,
            };
            values[at] = Some(self.value(&types[at], depth).map_err(inside)?);
            expected = at + 1;
        }
        if let Some(missing) = values.iter().position(Option::is_none) {
            return Err(ValueError::new("a value", "no attribute").inside(Step::Attribute((&names[missing]).into())));
        }
        Ok(Entries::of(names, values.into_iter().flatten().collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A map of these keys, each with its place in this one.
    fn map(keys: &[&str]) -> Vec<u8> {
        let count = u8::try_from(keys.len()).expect("they are few");
        let mut bytes = vec![0x80 | count];
        for (at, key) in (0_u8..).zip(keys) {
            bytes.push(0xa0 | u8::try_from(key.len()).expect("it is short"));
            bytes.extend_from_slice(key.as_bytes());
            bytes.push(at);
        }
        bytes
    }

    #[test]
    fn what_is_of_another_kind_is_named() {
        let pair = Type::Tuple(vec![Type::Bool, Type::Bool]);
        for (ty, bytes, found) in [
            (&pair, &[0x91, 0xc3][..], "an array"),
            (&pair, &[0x93, 0xc3, 0xc3, 0xc3], "an array"),
            (&Type::Bool, &[0x01], "a number"),
            (&Type::Bool, &[0xa1, b'a'], "a string"),
            (&Type::Bool, &[0xc4, 1, 0], "bytes"),
            (&Type::Bool, &[0x80], "a map"),
            (&Type::String, &[0xc2], "a bool"),
        ] {
            let error = decode(bytes, ty).expect_err("it is of another kind").to_string();
            assert!(error.ends_with(&format!("found {found}")), "{error}");
        }
        assert_eq!(decode(&[0x92, 0xc3, 0xc2], &pair), Ok(Value::List(vec![true.into(), false.into()])));
    }

    #[test]
    fn attributes_are_read_in_any_order_and_the_later_of_two_counts() {
        let ty = Type::object([("a", Type::Number), ("b", Type::Number), ("c", Type::Number)]);
        let read = |keys: &[&str]| decode(&map(keys), &ty).map_err(|error| error.to_string());
        let value = |a: i64, b: i64, c: i64| Ok(Value::object([("a", a.into()), ("b", b.into()), ("c", c.into())]));
        assert_eq!(read(&["a", "b", "c"]), value(0, 1, 2));
        assert_eq!(read(&["c", "a", "b"]), value(1, 2, 0));
        assert_eq!(read(&["b", "c", "b", "a"]), value(3, 2, 1));
        assert_eq!(read(&["a", "c"]), Err("at b: expected a value, found no attribute".to_owned()));
        assert_eq!(read(&["a", "b", "c", "d"]), Err("at d: expected no such attribute, found a value".to_owned()));
    }

    #[test]
    fn maps_share_the_keys_of_the_one_before_where_these_are_the_same() {
        let ty = Type::List(Box::new(Type::Map(Box::new(Type::Number))));
        let keys: [&[&str]; 6] = [&["x", "y"], &["x", "y"], &["x"], &["y", "x"], &["z", "z"], &[]];
        let bytes = [vec![0x96], keys.iter().flat_map(|keys| map(keys)).collect()].concat();
        let Value::List(maps) = decode(&bytes, &ty).expect("it is a list") else { panic!("it is a list") };
        let expected =
            [r#"{"x": 0, "y": 1}"#, r#"{"x": 0, "y": 1}"#, r#"{"x": 0}"#, r#"{"x": 1, "y": 0}"#, r#"{"z": 1}"#, "{}"];
        for (map, expected) in maps.iter().zip(expected) {
            let shown = format!("{:?}", map.as_map()).replace("Number(Number(", "").replace("))", "");
            assert!(shown.contains(expected), "{shown} {expected}");
        }
        let names = |at: usize| maps[at].as_map().map(|map| Arc::clone(map.names())).expect("it is a map");
        assert!(Arc::ptr_eq(&names(0), &names(1)) && !Arc::ptr_eq(&names(1), &names(2)));
    }
}
