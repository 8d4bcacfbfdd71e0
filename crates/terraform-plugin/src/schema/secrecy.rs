//! Which values of a schema no message may show.

use std::collections::BTreeMap;

use super::{Attribute, Block, Schema, Shape, Spot};
use crate::path::AttributePath;

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

#[cfg(test)]
mod tests {
    use super::super::{BlockNesting, Nesting};
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
}
