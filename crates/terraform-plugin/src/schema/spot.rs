//! What a path expression leads to in a schema.

use std::collections::BTreeMap;

use super::path_expression::{PathExpression, Selector};
use super::{Attribute, Block, BlockNesting, Nesting, Schema, Shape};
use crate::path::Step;
use crate::value::Type;

/// The place of an expression in a schema.
#[derive(Clone, Copy)]
pub(crate) enum Spot<'a> {
    Object(&'a BTreeMap<String, Attribute>, Option<&'a BTreeMap<String, Block>>),
    Attribute(&'a Attribute),
    Block(&'a Block),
    Plain(&'a Type),
}

impl<'a> Spot<'a> {
    pub fn root(schema: &'a Schema) -> Self {
        Self::Object(&schema.attributes, Some(&schema.blocks))
    }

    pub fn attribute(self) -> Option<&'a Attribute> {
        if let Self::Attribute(attribute) = self { Some(attribute) } else { None }
    }

    fn step(self, selector: &Selector) -> Option<Self> {
        match (self, selector) {
            (Self::Object(attributes, blocks), Selector::Attribute(name)) => attributes
                .get(name)
                .map(Self::Attribute)
                .or_else(|| blocks.and_then(|blocks| blocks.get(name)).map(Self::Block)),
            (Self::Attribute(Attribute { shape: Shape::Plain(ty), .. }), _) => Self::Plain(ty).step(selector),
            (Self::Attribute(Attribute { shape: Shape::Nested(nesting, nested), .. }), _) => {
                let object = Self::Object(nested, None);
                match (nesting, selector) {
                    (Nesting::Single, Selector::Attribute(_)) => object.step(selector),
                    (Nesting::List, Selector::Index(_) | Selector::Any)
                    | (Nesting::Set, Selector::Any)
                    | (Nesting::Map, Selector::Key(_) | Selector::Any) => Some(object),
                    _ => None,
                }
            }
            (Self::Block(block), _) => {
                let object = Self::Object(&block.attributes, Some(&block.blocks));
                match (block.nesting, selector) {
                    (BlockNesting::Single, Selector::Attribute(_)) => object.step(selector),
                    (BlockNesting::List, Selector::Index(_) | Selector::Any) | (BlockNesting::Set, Selector::Any) => {
                        Some(object)
                    }
                    _ => None,
                }
            }
            (Self::Plain(Type::Dynamic), _) => Some(self),
            (Self::Plain(Type::List(element)), Selector::Index(_) | Selector::Any)
            | (Self::Plain(Type::Set(element)), Selector::Any)
            | (Self::Plain(Type::Map(element)), Selector::Key(_) | Selector::Any) => Some(Self::Plain(element)),
            (Self::Plain(Type::Tuple(elements)), Selector::Index(index)) => elements.get(*index).map(Self::Plain),
            (Self::Plain(Type::Object(attributes)), Selector::Attribute(name)) => attributes.get(name).map(Self::Plain),
            _ => None,
        }
    }

    /// A step of a path that leads to an actual value.
    pub fn actual_step(self, step: &Step) -> Option<Self> {
        self.step(&match step {
            Step::Attribute(name) => Selector::Attribute(name.clone()),
            Step::Index(index) => Selector::Index(*index),
            Step::Key(key) => Selector::Key(key.clone()),
            Step::Element(_) => Selector::Any,
        })
    }
}

impl PathExpression {
    /// Where the expression leads in a schema, seen from the last of these objects, each of which stands in the one before.
    ///
    /// # Errors
    /// With what is wrong with it, in a sentence.
    pub(crate) fn in_schema<'a>(&self, objects: &[Spot<'a>]) -> Result<Spot<'a>, String> {
        let start = self.origin(objects).ok_or_else(|| format!("`{self}` leads out of the schema."))?;
        let nowhere = || format!("`{self}` leads to nothing in the schema.");
        self.steps.iter().try_fold(*start, Spot::step).ok_or_else(nowhere)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> PathExpression {
        text.parse().expect("it is an expression")
    }

    fn schema() -> Schema {
        let port = || [("port", Attribute::integer("Port.").optional())];
        let inner = Block::new(BlockNesting::Set, "Inner.").attribute("size", Attribute::integer("Size.").optional());
        Schema::new("A thing.")
            .attribute("size", Attribute::integer("Size.").optional())
            .attribute("tags", Attribute::list(Type::String, "Tags.").optional())
            .attribute("any", Attribute::of(Type::Dynamic, "Any.").optional())
            .attribute("pair", Attribute::of(Type::Tuple(vec![Type::Bool, Type::Bool]), "Pair.").optional())
            .attribute("plain", Attribute::of(Type::object([("port", Type::Number)]), "Plain.").optional())
            .block("single", Block::new(BlockNesting::Single, "Single.").attribute("port", Attribute::integer("Port.")))
            .attribute("one", Attribute::nested(Nesting::Single, port(), "One.").optional())
            .attribute("map", Attribute::nested(Nesting::Map, port(), "Map.").optional())
            .block("disk", Block::new(BlockNesting::List, "Disk.").block("inner", inner))
    }

    #[test]
    fn an_expression_that_leads_nowhere_is_found_in_the_schema() {
        let schema = schema();
        let root = [Spot::root(&schema)];
        for good in [
            "size",
            "tags[0]",
            "tags[*]",
            "any",
            "any[0].port",
            "pair[1]",
            "plain.port",
            "single.port",
            "one.port",
            "map[*].port",
            "map[\"a\"].port",
            "disk[*].inner[*].size",
        ] {
            assert!(parsed(good).in_schema(&root).is_ok(), "{good}");
        }
        for bad in [
            "none",
            "size.x",
            "tags[\"a\"]",
            "pair[2]",
            "pair[*]",
            "plain.none",
            "plain[0]",
            "single[0].port",
            "one[0].port",
            "map[0].port",
            "disk.inner",
            "disk[*].inner[0].size",
        ] {
            let wrong = parsed(bad).in_schema(&root).err();
            assert_eq!(wrong, Some(format!("`{bad}` leads to nothing in the schema.")));
        }
        assert_eq!(parsed("../size").in_schema(&root).err().as_deref(), Some("`../size` leads out of the schema."));
    }
}
