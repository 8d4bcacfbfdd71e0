//! Decodes the JSON of a response, and keeps only the fields that the client reads.
//!
//! A tree of everything could need a hundred times the memory of a response that consists of many small values. So unknown
//! fields are skipped, and so is what is nested deeper than anything the API sends. The values that are kept are counted: a
//! response with too many is an error and is not truncated, because a truncated list would look like a proof that an object
//! was deleted.

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::known_fields::is_known;
use crate::redact::Redactor;

/// The deepest nesting that is kept. Nothing that the API documents is nested half as deep.
const MAX_DEPTH: usize = 16;
/// The most values that are kept of one response. The longest response that is read can hold about as many values of real
/// clusters.
const MAX_VALUES: usize = 400_000;
/// The longest name of a field. A longer one is skipped together with its value.
const MAX_NAME: usize = 64;

/// Why a response cannot be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// It is not JSON.
    NotJson,
    /// It has more values than any response of the API.
    TooManyValues,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotJson => "the response is not JSON",
            Self::TooManyValues => "the response has more values than any response of the API",
        })
    }
}

/// Decodes the body of a response. Secrets are redacted from its strings.
///
/// # Errors
/// Returns an error if the body is not JSON, or has too many values.
pub(crate) fn decode(body: &[u8], redactor: &Redactor) -> Result<Value, Unreadable> {
    let text = std::str::from_utf8(body).map_err(|_| Unreadable::NotJson)?;
    let values = Cell::new(0);
    let decoder = Decoder { depth: 0, field: "", values: &values, redactor };
    let raw: &RawValue = serde_json::from_str(text).map_err(|_| Unreadable::NotJson)?;
    // What is JSON to its end has nothing else that could fail.
    decoder.value(raw).map_err(|_| Unreadable::TooManyValues)
}

/// Decodes one value. The end of each value is found before it is decoded, so that a number or a string that cannot be
/// represented is the only one that is lost.
#[derive(Clone, Copy)]
struct Decoder<'a> {
    /// How many lists and objects contain the value.
    depth: usize,
    /// The name of the field that contains the value, directly or in a list.
    field: &'a str,
    values: &'a Cell<usize>,
    redactor: &'a Redactor,
}

impl Decoder<'_> {
    fn value(self, raw: &RawValue) -> Result<Value, serde_json::Error> {
        self.values.set(self.values.get() + 1);
        if self.values.get() > MAX_VALUES {
            return Err(serde_json::Error::custom(Unreadable::TooManyValues));
        }
        let text = raw.get();
        match text.as_bytes().first() {
            Some(b'{' | b'[') if self.depth >= MAX_DEPTH => Ok(Value::Null),
            Some(b'{') => serde_json::Deserializer::from_str(text).deserialize_map(self),
            Some(b'[') => serde_json::Deserializer::from_str(text).deserialize_seq(self),
            Some(b'"') => Ok(serde_json::from_str::<String>(text)
                .map_or(Value::Null, |text| Value::String(self.redactor.field(self.field, text)))),
            // A number that is out of range becomes null.
            _ => Ok(serde_json::from_str(text).unwrap_or_default()),
        }
    }

    fn below<'b>(self, field: &'b str) -> Decoder<'b>
    where
        Self: 'b,
    {
        Decoder { depth: self.depth + 1, field, values: self.values, redactor: self.redactor }
    }
}

impl<'de> Visitor<'de> for Decoder<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut kept = Vec::new();
        while let Some(raw) = items.next_element::<&RawValue>()? {
            kept.push(self.below(self.field).value(raw).map_err(A::Error::custom)?);
        }
        Ok(Value::Array(kept))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut kept = Map::new();
        while let Some(name) = fields.next_key_seed(Name(PhantomData))? {
            // A response about one object may wrap it in a field of any name.
            let may_be_wrapper = self.depth == 0;
            match name {
                Some(name) if is_known(&name) => {
                    let value = self.below(&name).value(fields.next_value()?).map_err(A::Error::custom)?;
                    kept.insert(name, value);
                }
                Some(name) if may_be_wrapper => {
                    let raw: &RawValue = fields.next_value()?;
                    if raw.get().starts_with('{') {
                        let value = self.below(&name).value(raw).map_err(A::Error::custom)?;
                        kept.insert(name, value);
                    }
                }
                _ => drop(fields.next_value::<IgnoredAny>()?),
            }
        }
        Ok(Value::Object(kept))
    }
}

/// Decodes the name of a field. `None` if it is too long or not valid UTF-8.
struct Name(PhantomData<()>);

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        // Half of a surrogate pair is an error in a string, but not in bytes.
        deserializer.deserialize_bytes(self)
    }
}

impl Visitor<'_> for Name {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_bytes<E>(self, name: &[u8]) -> Result<Self::Value, E> {
        Ok(std::str::from_utf8(name).ok().filter(|name| name.len() <= MAX_NAME).map(str::to_owned))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: &str) -> Result<Value, Unreadable> {
        decode(body.as_bytes(), &Redactor::default())
    }

    #[test]
    fn known_fields_are_kept_and_all_others_are_skipped() {
        let body = r#" {"message": "m", "clusters": [{"id": "c-1", "num_nodes": 2, "balance": 1.5, "container": null,
            "deletion_protection": true, "x": {"id": 1}}, "c-2", 7], "x": [1], "y": 2, "data": {"id": "c-3", "z": 1}} "#;
        let kept = json!({"message": "m", "clusters": [{"id": "c-1", "num_nodes": 2, "balance": 1.5, "container": null,
            "deletion_protection": true}, "c-2", 7], "data": {"id": "c-3"}});
        assert_eq!(read(body), Ok(kept));
        for bare in [json!("text"), json!(7), json!(null), json!([]), json!({}), json!([null, {}, [1]])] {
            assert_eq!(read(&bare.to_string()), Ok(bare));
        }
    }

    #[test]
    fn a_value_that_cannot_be_represented_does_not_affect_others() {
        for odd in ["1e400", "-1e999", r#""\ud800""#, r#""\udc00\ud800""#, r#"{"\ud800": 1, "id": 1e400}"#] {
            for name in ["balance", "unknown"] {
                let read = read(&format!(r#"{{"{name}": {odd}, "id": "c-1"}}"#)).expect("it can be decoded");
                assert_eq!(read["id"], "c-1", "{odd}");
                assert!(read["balance"].is_null() || read["balance"].is_object(), "{odd}");
            }
        }
    }

    #[test]
    fn what_is_not_json_is_an_error() {
        let bodies =
            ["", "<html>", "{", r#"{"id": }"#, r#"{"x": [1, }"#, "{} {}", "[1] x", r#"{"x": tru}"#, "01", "'a'"];
        for body in bodies {
            assert_eq!(read(body), Err(Unreadable::NotJson), "{body}");
        }
        assert_eq!(decode(b"{\"x\": \"\xff\"}", &Redactor::default()), Err(Unreadable::NotJson));
    }

    #[test]
    fn what_is_nested_too_deeply_is_skipped_however_deep_it_is() {
        let nested =
            |depth: usize| format!(r#"{{"id": "c-1", "clusters": {}{}}}"#, "[".repeat(depth), "]".repeat(depth));
        for depth in [MAX_DEPTH, 1_000, 200_000] {
            let read = read(&nested(depth)).expect("it can be decoded");
            assert_eq!(read["id"], "c-1");
            let mut levels = 0;
            let mut value = &read["clusters"];
            while let Some(inner) = value.get(0) {
                (levels, value) = (levels + 1, inner);
            }
            assert!(levels < MAX_DEPTH, "{levels}");
        }
    }

    #[test]
    fn a_response_with_too_many_values_is_an_error_and_is_not_truncated() {
        // The list and the object around it are two of the values.
        let list = |items: usize| format!(r#"{{"clusters": [{}0]}}"#, "0,".repeat(items - 1));
        let read_items = |items| read(&list(items)).map(|body| body["clusters"].as_array().map_or(0, Vec::len));
        assert_eq!(read_items(MAX_VALUES - 2), Ok(MAX_VALUES - 2));
        assert_eq!(read_items(MAX_VALUES - 1), Err(Unreadable::TooManyValues));
        let skipped = list(MAX_VALUES * 2).replace("clusters", "unknown");
        assert_eq!(read(&skipped), Ok(json!({})));
    }
}
