//! Which values of a schema no message and no log may show.

use std::collections::BTreeMap;

use super::{Attribute, Block, BlockNesting, Nesting, Schema, Shape, Spot};
use crate::path::AttributePath;
use crate::value::Value;

pub(super) fn is_secret(attribute: &Attribute) -> bool {
    attribute.sensitive || attribute.write_only
}

pub(super) fn holds_secret(attribute: &Attribute) -> bool {
    matches!(&attribute.shape, Shape::Nested(_, nested) if object_holds_secret(nested, None))
}

fn object_holds_secret(attributes: &BTreeMap<String, Attribute>, blocks: Option<&BTreeMap<String, Block>>) -> bool {
    attributes.values().any(|attribute| is_secret(attribute) || holds_secret(attribute))
        || blocks.is_some_and(|blocks| blocks.values().any(block_holds_secret))
}

fn block_holds_secret(block: &Block) -> bool {
    object_holds_secret(&block.attributes, Some(&block.blocks))
}

impl Schema {
    /// Whether the value at a path is secret: it, something inside, or something that it stands in, is sensitive or write-only.
    /// With it, after how many steps of the path the keys of maps are secret too.
    pub(crate) fn secrecy(&self, path: &AttributePath) -> (bool, usize) {
        let mut spot = Spot::root(self);
        for (position, step) in path.steps().iter().enumerate() {
            let Some(next) = spot.actual_step(step) else { return (false, usize::MAX) };
            spot = next;
            if spot.attribute().is_some_and(is_secret) {
                return (true, position + 1);
            }
        }
        let holds = match spot {
            Spot::Object(attributes, blocks) => object_holds_secret(attributes, blocks),
            Spot::Attribute(attribute) => holds_secret(attribute),
            Spot::Block(block) => block_holds_secret(block),
            Spot::Plain(_) => false,
        };
        (holds, usize::MAX)
    }
}

/// What is given the texts that are found.
type Found<'a> = &'a mut dyn FnMut(&str);

impl Schema {
    /// Finds every text in a value of the object that is sensitive or write-only. The keys of a map are no secrets here: they are
    /// words such as `password`.
    pub(crate) fn secret_texts(&self, value: &Value, found: Found<'_>) {
        of_object(&self.attributes, Some(&self.blocks), value, found);
    }
}

fn of_object(
    attributes: &BTreeMap<String, Attribute>,
    blocks: Option<&BTreeMap<String, Block>>,
    object: &Value,
    found: Found<'_>,
) {
    for (name, attribute) in attributes {
        match (object.get(name), &attribute.shape) {
            (Some(value), _) if is_secret(attribute) => texts(value, found),
            (Some(value), Shape::Nested(Nesting::Single, nested)) => of_object(nested, None, value, found),
            (Some(value), Shape::Nested(_, nested)) => each(value, &mut |one| of_object(nested, None, one, found)),
            _ => {}
        }
    }
    for (name, block) in blocks.into_iter().flatten() {
        let inside = &mut |one: &Value| of_object(&block.attributes, Some(&block.blocks), one, found);
        match object.get(name) {
            Some(value) if block.nesting == BlockNesting::Single => inside(value),
            Some(value) => each(value, inside),
            None => {}
        }
    }
}

fn each(value: &Value, visit: &mut dyn FnMut(&Value)) {
    match value {
        Value::List(elements) | Value::Set(elements) => elements.iter().for_each(visit),
        Value::Map(entries) => entries.values().for_each(visit),
        _ => {}
    }
}

fn texts(value: &Value, found: Found<'_>) {
    match value {
        Value::String(text) => found(text),
        Value::Dynamic(_, inner) => texts(inner, found),
        other => each(other, &mut |one| texts(one, found)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Type;

    #[test]
    fn what_is_sensitive_makes_what_it_stands_in_and_what_stands_in_it_secret() {
        let text = || Attribute::string("Text.").optional();
        let map = || Attribute::map(Type::String, "Map.").optional();
        let nested = |inner| Attribute::nested(Nesting::Map, [("a", inner), ("b", text())], "Nested.").optional();
        let schema = Schema::new("A thing.")
            .attribute("plain", text())
            .attribute("secret", map().sensitive())
            .attribute("inner", nested(text().sensitive()))
            .attribute("outer", nested(map()).sensitive())
            .attribute("once", text().write_only())
            .block(
                "block",
                Block::new(BlockNesting::List, "Block.").attribute("a", text().sensitive()).attribute("b", text()),
            );
        let of = AttributePath::of;
        for (path, secrecy) in [
            (of("plain"), (false, usize::MAX)),
            (of("once"), (true, 1)),
            (of("secret").key("k"), (true, 1)),
            (of("inner"), (true, usize::MAX)),
            (of("inner").key("k"), (true, usize::MAX)),
            (of("inner").key("k").attribute("a"), (true, 3)),
            (of("inner").key("k").attribute("b"), (false, usize::MAX)),
            (of("outer").key("k").attribute("a").key("l"), (true, 1)),
            (of("block"), (true, usize::MAX)),
            (of("block").index(0), (true, usize::MAX)),
            (of("block").index(0).attribute("a"), (true, 3)),
            (of("block").index(0).attribute("b"), (false, usize::MAX)),
            (AttributePath::root(), (true, usize::MAX)),
            (of("none"), (false, usize::MAX)),
        ] {
            assert_eq!(schema.secrecy(&path), secrecy, "{path}");
        }
    }

    #[test]
    fn the_texts_of_secrets_are_found_wherever_they_stand() {
        let text = || Attribute::string("Text.").optional();
        let object = || [("a", text().sensitive()), ("b", text())];
        let block = |nesting| {
            let inner = Block::new(BlockNesting::Set, "Inner.").attribute("a", text().write_only());
            Block::new(nesting, "Block.")
                .attribute("a", text().sensitive())
                .attribute("b", text())
                .block("inner", inner)
        };
        let mut schema = Schema::new("A thing.")
            .attribute("plain", text())
            .attribute("any", Attribute::of(Type::Dynamic, "Any.").optional().sensitive())
            .attribute("map", Attribute::map(Type::List(Box::new(Type::String)), "Map.").optional().sensitive())
            .attribute("number", Attribute::number("Number.").optional().sensitive())
            .block("one_block", block(BlockNesting::Single))
            .block("blocks", block(BlockNesting::List));
        let value = |name: &str| Value::object([("a", format!("{name}!").into()), ("b", name.into())]);
        let mut values = vec![];
        for (name, nesting) in
            [("one", Nesting::Single), ("list", Nesting::List), ("set", Nesting::Set), ("keyed", Nesting::Map)]
        {
            schema = schema.attribute(name, Attribute::nested(nesting, object(), "Nested.").optional());
            let held = match nesting {
                Nesting::Single => value(name),
                Nesting::List => Value::List(vec![Value::unknown(), value(name)]),
                Nesting::Set => Value::set([value(name)]),
                Nesting::Map => Value::object([("key", value(name))]),
            };
            values.push((name, held));
        }
        let with_inner = |name: &str| {
            let inner = Value::set([Value::object([("a", format!("inner of {name}!").into())])]);
            Value::object([("a", format!("{name}!").into()), ("b", name.into()), ("inner", inner)])
        };
        values.extend([
            ("plain", "plain".into()),
            ("any", Value::dynamic(Type::Tuple(vec![Type::String]), Value::List(vec!["any!".into()]))),
            ("map", Value::object([("key", Value::List(vec!["map!".into(), Value::Null]))])),
            ("number", 1234.into()),
            ("one_block", with_inner("one_block")),
            ("blocks", Value::List(vec![with_inner("blocks")])),
        ]);
        let mut found = Vec::new();
        schema.secret_texts(&Value::object(values), &mut |text| found.push(text.to_owned()));
        found.sort();
        let inner = ["inner of blocks!", "inner of one_block!"];
        let mut expected = ["any!", "blocks!", "keyed!", "list!", "map!", "one!", "one_block!", "set!"].to_vec();
        expected.extend(inner);
        expected.sort_unstable();
        assert_eq!(found, expected);
        schema.secret_texts(&Value::Null, &mut |text| panic!("{text} is in no value"));
    }
}
