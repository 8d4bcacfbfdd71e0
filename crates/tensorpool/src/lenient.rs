//! Decodes an answer into what the client can use of it, and no more.
//!
//! A tree of everything would be a hundred times as large as an answer of many small parts. So a field that no reader asks for
//! is skipped, as is what lies deeper than anything that the API has. What is kept is counted: an answer of too many parts
//! cannot be read at all, as one that was cut would prove that an object is gone which is only not in it any more.

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::names::is_known;
use crate::redact::Redactor;

/// Nothing that the API documents is nested half as deep.
const MAX_DEPTH: usize = 16;
/// How many values are kept of one answer. The longest answer that is read can hold that many real clusters, and not many more.
const MAX_PARTS: usize = 100_000;
/// Longer names of fields are no names.
const MAX_NAME: usize = 64;

/// Why an answer cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// It is not JSON.
    NotJson,
    /// It has more parts than any answer that the API has.
    TooManyParts,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotJson => "the answer is not JSON",
            Self::TooManyParts => "the answer has more parts than any that the API has",
        })
    }
}

/// Decodes an answer. Its texts do not show a secret.
pub(crate) fn decode(body: &[u8], redactor: &Redactor) -> Result<Value, Unreadable> {
    let text = std::str::from_utf8(body).map_err(|_| Unreadable::NotJson)?;
    let parts = Cell::new(0);
    let decoder = Decoder { depth: 0, field: "", parts: &parts, redactor };
    let raw: &RawValue = serde_json::from_str(text).map_err(|_| Unreadable::NotJson)?;
    decoder.value(raw).map_err(|_| if parts.get() > MAX_PARTS { Unreadable::TooManyParts } else { Unreadable::NotJson })
}

/// Decodes one value. Each is found first and decoded then, so that a number or a text that cannot be read is the only one
/// that is lost.
#[derive(Clone, Copy)]
struct Decoder<'a> {
    /// In how many lists and objects the value lies.
    depth: usize,
    /// The name of the field that holds the value, or the list that the value is in.
    field: &'a str,
    parts: &'a Cell<usize>,
    redactor: &'a Redactor,
}

impl Decoder<'_> {
    fn value(self, raw: &RawValue) -> Result<Value, serde_json::Error> {
        self.parts.set(self.parts.get() + 1);
        if self.parts.get() > MAX_PARTS {
            return Err(serde_json::Error::custom(Unreadable::TooManyParts));
        }
        let text = raw.get();
        match text.as_bytes().first() {
            Some(b'{' | b'[') if self.depth >= MAX_DEPTH => Ok(Value::Null),
            Some(b'{') => serde_json::Deserializer::from_str(text).deserialize_map(self),
            Some(b'[') => serde_json::Deserializer::from_str(text).deserialize_seq(self),
            Some(b'"') => Ok(serde_json::from_str::<String>(text)
                .map_or(Value::Null, |text| Value::String(self.redactor.field(self.field, text)))),
            // A number that no number of this machine can hold is none.
            _ => Ok(serde_json::from_str(text).unwrap_or_default()),
        }
    }

    fn below<'b>(self, field: &'b str) -> Decoder<'b>
    where
        Self: 'b,
    {
        Decoder { depth: self.depth + 1, field, parts: self.parts, redactor: self.redactor }
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
            // An answer about one object may hold it under any name.
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

/// The name of a field, if it is short enough to be one, and text at all.
struct Name(PhantomData<()>);

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        // As bytes, as half of a surrogate pair is an error of a text but not of bytes.
        deserializer.deserialize_bytes(self)
    }
}

impl Visitor<'_> for Name {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok((name.len() <= MAX_NAME).then(|| name.to_owned()))
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
    fn what_readers_ask_for_is_kept_and_all_else_is_skipped() {
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
    fn one_value_that_cannot_be_read_is_no_other() {
        for odd in ["1e400", "-1e999", r#""\ud800""#, r#""\udc00\ud800""#, r#"{"\ud800": 1, "id": 1e400}"#] {
            for name in ["balance", "unknown"] {
                let read = read(&format!(r#"{{"{name}": {odd}, "id": "c-1"}}"#)).expect("it can be read");
                assert_eq!(read["id"], "c-1", "{odd}");
                assert!(read["balance"].is_null() || read["balance"].is_object(), "{odd}");
            }
        }
    }

    #[test]
    fn what_is_not_json_is_not_read() {
        let bodies =
            ["", "<html>", "{", r#"{"id": }"#, r#"{"x": [1, }"#, "{} {}", "[1] x", r#"{"x": tru}"#, "01", "'a'"];
        for body in bodies {
            assert_eq!(read(body), Err(Unreadable::NotJson), "{body}");
        }
        assert_eq!(decode(b"{\"x\": \"\xff\"}", &Redactor::default()), Err(Unreadable::NotJson));
    }

    #[test]
    fn what_lies_too_deep_is_skipped_however_deep_it_is() {
        let nested =
            |depth: usize| format!(r#"{{"id": "c-1", "clusters": {}{}}}"#, "[".repeat(depth), "]".repeat(depth));
        for depth in [MAX_DEPTH, 1_000, 200_000] {
            let read = read(&nested(depth)).expect("it can be read");
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
    fn an_answer_of_too_many_parts_is_not_cut_but_refused() {
        // The list and the object around it are two parts.
        let list = |items: usize| format!(r#"{{"clusters": [{}0]}}"#, "0,".repeat(items - 1));
        let read_items = |items| read(&list(items)).map(|body| body["clusters"].as_array().map_or(0, Vec::len));
        assert_eq!(read_items(MAX_PARTS - 2), Ok(MAX_PARTS - 2));
        assert_eq!(read_items(MAX_PARTS - 1), Err(Unreadable::TooManyParts));
        let skipped = list(MAX_PARTS * 2).replace("clusters", "unknown");
        assert_eq!(read(&skipped), Ok(json!({})));
    }
}
