//! Reads what a test wrote by a schema, as Terraform reads the text of a configuration: names are checked, absent attributes
//! are null and absent blocks empty, and values are converted.

use std::collections::BTreeMap;

use super::conversion::convert;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::AttributePath;
use crate::schema::{Attribute, Block, BlockNesting, Nesting, Schema, Shape};
use crate::value::{Entries, Name, Value};

/// A value of the type of the schema.
///
/// # Errors
/// In Terraform's words, with everything that it would not even have handed to the provider.
pub(super) fn decode(schema: &Schema, written: Value) -> Result<Value, Diagnostics> {
    let mut decoder = Decoder { errors: Diagnostics::new() };
    let value = decoder.object(&schema.attributes, &schema.blocks, written, &AttributePath::root());
    if decoder.errors.is_empty() { Ok(value) } else { Err(decoder.errors) }
}

struct Decoder {
    errors: Diagnostics,
}

static NO_BLOCKS: BTreeMap<String, Block> = BTreeMap::new();

impl Decoder {
    fn report(&mut self, path: &AttributePath, summary: &str, detail: String) {
        self.errors.push(Diagnostic::error(summary, detail).at(path.clone()));
    }

    fn wrong_type(&mut self, path: &AttributePath, why: &str) -> Value {
        let detail = format!("Inappropriate value for attribute {path}: {why}.");
        self.report(path, "Incorrect attribute value type", detail);
        Value::Null
    }

    fn object(
        &mut self,
        attributes: &BTreeMap<String, Attribute>,
        blocks: &BTreeMap<String, Block>,
        written: Value,
        path: &AttributePath,
    ) -> Value {
        let mut written = match written {
            Value::Map(entries) => entries,
            Value::Null | Value::Unknown(_) => return written,
            _ => return self.wrong_type(path, "object required"),
        };
        let mut values = Entries::new();
        for (name, attribute) in attributes {
            let value = written.remove(name).unwrap_or(Value::Null);
            values.insert(Name::from(name), self.attribute(attribute, value, &path.clone().attribute(name)));
        }
        for (name, block) in blocks {
            let value = written.remove(name).unwrap_or(Value::Null);
            values.insert(Name::from(name), self.block(block, value, &path.clone().attribute(name), name));
        }
        for name in written.keys() {
            let detail = format!("An argument named {:?} is not expected here.", name.as_str());
            self.report(&path.clone().attribute(name), "Unsupported argument", detail);
        }
        Value::Map(values)
    }

    fn attribute(&mut self, attribute: &Attribute, written: Value, path: &AttributePath) -> Value {
        if written.is_null() || written.is_unknown() {
            return written;
        }
        match &attribute.shape {
            Shape::Plain(ty) => convert(written, ty).unwrap_or_else(|error| self.wrong_type(path, &error)),
            Shape::Nested(nesting, nested) => self.nested(*nesting, nested, written, path),
        }
    }

    fn nested(
        &mut self,
        nesting: Nesting,
        nested: &BTreeMap<String, Attribute>,
        written: Value,
        path: &AttributePath,
    ) -> Value {
        match (nesting, written) {
            (Nesting::Single, written) => self.object(nested, &NO_BLOCKS, written, path),
            (Nesting::List, Value::List(elements) | Value::Set(elements)) => {
                Value::List(self.elements(nested, &NO_BLOCKS, elements, path))
            }
            (Nesting::Set, Value::List(elements) | Value::Set(elements)) => {
                Value::set(self.elements(nested, &NO_BLOCKS, elements, path))
            }
            (Nesting::Map, Value::Map(entries)) => {
                Value::Map(entries.map(|key, one| self.object(nested, &NO_BLOCKS, one, &path.clone().key(key))))
            }
            (Nesting::List, _) => self.wrong_type(path, "list of object required"),
            (Nesting::Set, _) => self.wrong_type(path, "set of object required"),
            (Nesting::Map, _) => self.wrong_type(path, "map of object required"),
        }
    }

    fn elements(
        &mut self,
        attributes: &BTreeMap<String, Attribute>,
        blocks: &BTreeMap<String, Block>,
        elements: Vec<Value>,
        path: &AttributePath,
    ) -> Vec<Value> {
        let one = |(index, one)| self.object(attributes, blocks, one, &path.clone().index(index));
        elements.into_iter().enumerate().map(one).collect()
    }

    fn block(&mut self, block: &Block, written: Value, path: &AttributePath, name: &str) -> Value {
        let Block { attributes, blocks, .. } = block;
        if block.nesting == BlockNesting::Single {
            let written = self.object(attributes, blocks, written, path);
            self.count(block, usize::from(!written.is_null()), path, name);
            return written;
        }
        let elements = match written {
            // Blocks of a `dynamic` one whose number is not known.
            Value::Unknown(_) => return written,
            Value::Null => Vec::new(),
            Value::List(elements) | Value::Set(elements) => elements,
            one @ Value::Map(_) => vec![one],
            _ => return self.wrong_type(path, "blocks required"),
        };
        self.count(block, elements.len(), path, name);
        let elements = self.elements(attributes, blocks, elements, path);
        if block.nesting == BlockNesting::Set { Value::set(elements) } else { Value::List(elements) }
    }

    fn count(&mut self, block: &Block, count: usize, path: &AttributePath, name: &str) {
        let (least, most) = block.items;
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        if count < least {
            let detail = format!("At least {least} {name:?} blocks are required.");
            self.report(path, &format!("Insufficient {name} blocks"), detail);
        } else if most > 0 && count > most {
            let detail = format!("No more than {most} {name:?} blocks are allowed.");
            self.report(path, &format!("Too many {name} blocks"), detail);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{Config, UNKNOWN};
    use crate::value::Type;

    fn schema() -> Schema {
        let link = [("url", Attribute::string("Url.").required()), ("rank", Attribute::integer("Rank.").optional())];
        let mirror = Block::new(BlockNesting::List, "Mirrors.")
            .attribute("host", Attribute::string("Host.").required())
            .times(0, 2);
        Schema::new("A book.")
            .attribute("title", Attribute::string("Title.").required())
            .attribute("tags", Attribute::set(Type::String, "Tags.").optional())
            .attribute("links", Attribute::nested(Nesting::Map, link, "Links.").optional())
            .block("mirror", mirror)
            .block("cover", Block::new(BlockNesting::Single, "Cover."))
    }

    fn read(json: serde_json::Value) -> Result<Value, Vec<String>> {
        decode(&schema(), Config::from(json).into_value()).map_err(|errors| {
            let text = |one: Diagnostic| format!("{}: {}", one.path.unwrap_or_default(), one.summary);
            errors.into_iter().map(text).collect()
        })
    }

    #[test]
    fn what_is_not_written_is_null_or_an_absent_block() {
        let read = read(json!({"title": "C", "links": {"home": {"url": "u"}}})).expect("it fits");
        let link = Value::object([("url", Value::from("u")), ("rank", Value::Null)]);
        let expected = [
            ("title", Value::from("C")),
            ("tags", Value::Null),
            ("links", Value::object([("home", link)])),
            ("mirror", Value::List(Vec::new())),
            ("cover", Value::Null),
        ];
        assert_eq!(read, Value::object(expected));
        assert!(read.to_msgpack(&schema().object_type()).is_ok());
    }

    #[test]
    fn values_are_converted_and_one_block_is_a_list_of_it() {
        let read = read(json!({"title": 7, "tags": ["b", "a", "b"], "mirror": {"host": "h"}})).expect("it fits");
        assert_eq!(read.get("title"), Some(&"7".into()));
        assert_eq!(read.get("tags"), Some(&Value::set(["a".into(), "b".into()])));
        assert_eq!(read.get("mirror").and_then(Value::as_list).map(<[_]>::len), Some(1));
    }

    #[test]
    fn a_block_stands_as_often_as_it_may() {
        let schema = Schema::new("A book.")
            .block("cover", Block::new(BlockNesting::Single, "Cover.").times(1, 1))
            .block("page", Block::new(BlockNesting::List, "Pages.").times(0, 2))
            .block(
                "note",
                Block::new(BlockNesting::Set, "Notes.").attribute("text", Attribute::string("Text.").optional()),
            );
        let read = |json: serde_json::Value| {
            decode(&schema, Config::from(json).into_value())
                .map_err(|errors| errors.into_iter().map(|one| one.summary).collect::<Vec<_>>())
        };
        let pages = |count: usize| vec![json!({}); count];
        let notes = json!([{"text": "a"}, {"text": "b"}, {"text": "c"}]);
        assert!(read(json!({"cover": {}, "page": pages(2), "note": notes})).is_ok());
        assert_eq!(read(json!({"page": pages(2)})), Err(vec!["Insufficient cover blocks".to_owned()]));
        assert_eq!(read(json!({"cover": {}, "page": pages(3)})), Err(vec!["Too many page blocks".to_owned()]));
        // As many as a `dynamic` block makes of what is not known yet.
        let unknown = read(json!({"cover": {}, "page": UNKNOWN})).expect("it fits");
        assert!(unknown.get("page").is_some_and(Value::is_unknown));
    }

    #[test]
    fn what_terraform_would_not_hand_to_a_provider_is_refused() {
        let mirror = json!({"host": "h"});
        for (json, expected) in [
            (json!({"titel": "C"}), "titel: Unsupported argument"),
            (json!({"links": {"home": {"url": "u", "color": 1}}}), "links[\"home\"].color: Unsupported argument"),
            (json!({"title": ["C"]}), "title: Incorrect attribute value type"),
            (json!({"links": [{"url": "u"}]}), "links: Incorrect attribute value type"),
            (json!({"mirror": "h"}), "mirror: Incorrect attribute value type"),
            (json!({"mirror": [mirror, mirror, mirror]}), "mirror: Too many mirror blocks"),
        ] {
            assert_eq!(read(json.clone()), Err(vec![expected.to_owned()]), "{json}");
        }
    }
}
