//! Reads values from msgpack.
//!
//! The bytes come from outside: a length in them is a claim, so nothing is allocated for it before the elements are
//! there, and nesting has a limit.

use std::collections::BTreeMap;

use rmp::Marker;

use super::refinements;
use crate::path::Step;
use crate::value::{MAX_DEPTH, Number, Type, Value, ValueError, normal};

pub(super) fn decode(bytes: &[u8], ty: &Type) -> Result<Value, ValueError> {
    let mut reader = Reader::new(bytes);
    let value = reader.value(ty, MAX_DEPTH)?;
    if reader.rest.is_empty() { Ok(value) } else { Err(ValueError::new("the end", "more bytes")) }
}

pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

/// The head of a msgpack value.
pub(super) enum Head<'a> {
    Nil,
    Bool(bool),
    Signed(i64),
    Unsigned(u64),
    Float(f64),
    Text(&'a str),
    Binary(&'a [u8]),
    Array(usize),
    Map(usize),
    Extension(i8, &'a [u8]),
}

impl Head<'_> {
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Nil => "null",
            Self::Bool(_) => "a bool",
            Self::Signed(_) | Self::Unsigned(_) | Self::Float(_) => "a number",
            Self::Text(_) => "a string",
            Self::Binary(_) => "bytes",
            Self::Array(_) => "an array",
            Self::Map(_) => "a map",
            Self::Extension(..) => "an unknown value",
        }
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], ValueError> {
        let (taken, rest) = self
            .rest
            .split_at_checked(count)
            .ok_or_else(|| ValueError::new("a msgpack value", "the end of the bytes"))?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ValueError> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    /// A length of 1, 2 or 4 bytes.
    fn length(&mut self, width: usize) -> Result<usize, ValueError> {
        let length = self.take(width)?.iter().fold(0_u32, |length, byte| length << 8 | u32::from(*byte));
        usize::try_from(length).map_err(|_| ValueError::new("a length", "one beyond this machine's memory"))
    }

    fn text(&mut self, length: usize) -> Result<Head<'a>, ValueError> {
        utf8(self.take(length)?).map(Head::Text)
    }

    fn extension(&mut self, length: usize) -> Result<Head<'a>, ValueError> {
        let [code] = self.array()?;
        Ok(Head::Extension(i8::from_be_bytes([code]), self.take(length)?))
    }

    /// Reads the head of the next value; the elements of an array or a map follow it.
    pub(super) fn head(&mut self) -> Result<Head<'a>, ValueError> {
        let [marker] = self.array()?;
        Ok(match Marker::from_u8(marker) {
            Marker::Null => Head::Nil,
            Marker::True => Head::Bool(true),
            Marker::False => Head::Bool(false),
            Marker::FixPos(number) => Head::Unsigned(number.into()),
            Marker::FixNeg(number) => Head::Signed(number.into()),
            Marker::U8 => Head::Unsigned(u8::from_be_bytes(self.array()?).into()),
            Marker::U16 => Head::Unsigned(u16::from_be_bytes(self.array()?).into()),
            Marker::U32 => Head::Unsigned(u32::from_be_bytes(self.array()?).into()),
            Marker::U64 => Head::Unsigned(u64::from_be_bytes(self.array()?)),
            Marker::I8 => Head::Signed(i8::from_be_bytes(self.array()?).into()),
            Marker::I16 => Head::Signed(i16::from_be_bytes(self.array()?).into()),
            Marker::I32 => Head::Signed(i32::from_be_bytes(self.array()?).into()),
            Marker::I64 => Head::Signed(i64::from_be_bytes(self.array()?)),
            Marker::F32 => Head::Float(f32::from_be_bytes(self.array()?).into()),
            Marker::F64 => Head::Float(f64::from_be_bytes(self.array()?)),
            Marker::FixStr(length) => self.text(length.into())?,
            Marker::Str8 => self.length(1).and_then(|length| self.text(length))?,
            Marker::Str16 => self.length(2).and_then(|length| self.text(length))?,
            Marker::Str32 => self.length(4).and_then(|length| self.text(length))?,
            Marker::Bin8 => self.length(1).and_then(|length| self.take(length)).map(Head::Binary)?,
            Marker::Bin16 => self.length(2).and_then(|length| self.take(length)).map(Head::Binary)?,
            Marker::Bin32 => self.length(4).and_then(|length| self.take(length)).map(Head::Binary)?,
            Marker::FixArray(length) => Head::Array(length.into()),
            Marker::Array16 => Head::Array(self.length(2)?),
            Marker::Array32 => Head::Array(self.length(4)?),
            Marker::FixMap(length) => Head::Map(length.into()),
            Marker::Map16 => Head::Map(self.length(2)?),
            Marker::Map32 => Head::Map(self.length(4)?),
            Marker::FixExt1 => self.extension(1)?,
            Marker::FixExt2 => self.extension(2)?,
            Marker::FixExt4 => self.extension(4)?,
            Marker::FixExt8 => self.extension(8)?,
            Marker::FixExt16 => self.extension(16)?,
            Marker::Ext8 => self.length(1).and_then(|length| self.extension(length))?,
            Marker::Ext16 => self.length(2).and_then(|length| self.extension(length))?,
            Marker::Ext32 => self.length(4).and_then(|length| self.extension(length))?,
            Marker::Reserved => return Err(ValueError::new("a msgpack value", "a reserved byte")),
        })
    }

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

fn utf8(bytes: &[u8]) -> Result<&str, ValueError> {
    std::str::from_utf8(bytes).map_err(|_| ValueError::new("a string", "bytes that are not UTF-8"))
}

/// A number. A float is its shortest decimal, as Terraform compares numbers by that.
pub(super) fn number(head: &Head<'_>) -> Result<Number, ValueError> {
    match head {
        Head::Signed(number) => Ok((*number).into()),
        Head::Unsigned(number) => Ok((*number).into()),
        Head::Float(number) => Number::try_from(*number),
        Head::Text(digits) => digits.parse(),
        other => Err(ValueError::new("number", other.kind())),
    }
}
