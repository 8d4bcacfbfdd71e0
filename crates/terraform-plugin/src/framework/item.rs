//! What stands at a place in a schema, whether attribute or block, and what it holds.

use std::collections::BTreeMap;

use crate::schema::{Attribute, Block, BlockNesting, Nesting, PlanModifier, Shape};
use crate::value::Value;

/// The children of a nested attribute or of a block.
pub(super) type Children<'a> = (&'a BTreeMap<String, Attribute>, &'a BTreeMap<String, Block>);

pub(super) const NULL: &Value = &Value::Null;
pub(super) const NO_BLOCKS: &BTreeMap<String, Block> = &BTreeMap::new();

/// What stands at a place.
#[derive(Clone, Copy)]
pub(super) enum Item<'a> {
    Attribute(&'a Attribute),
    Block(&'a Block),
}

impl<'a> Item<'a> {
    pub fn attribute(self) -> Option<&'a Attribute> {
        match self {
            Self::Attribute(attribute) => Some(attribute),
            Self::Block(_) => None,
        }
    }

    pub fn modifiers(self) -> &'a [Box<dyn PlanModifier>] {
        match self {
            Self::Attribute(attribute) => &attribute.modifiers,
            Self::Block(block) => &block.modifiers,
        }
    }

    /// How it holds others, and which; `None` if it holds none.
    pub fn inside(self) -> Option<(Holding, Children<'a>)> {
        match self {
            Self::Attribute(Attribute { shape: Shape::Nested(nesting, nested), .. }) => {
                let holding = match nesting {
                    Nesting::Single => Holding::One,
                    Nesting::List => Holding::List,
                    Nesting::Set => Holding::Set,
                    Nesting::Map => Holding::Map,
                };
                Some((holding, (nested, NO_BLOCKS)))
            }
            Self::Attribute(_) => None,
            Self::Block(block) => {
                let holding = match block.nesting {
                    BlockNesting::Single => Holding::One,
                    BlockNesting::List => Holding::List,
                    BlockNesting::Set => Holding::Set,
                };
                Some((holding, (&block.attributes, &block.blocks)))
            }
        }
    }

    /// What it holds, whether in one object or in many.
    pub fn children(self) -> Option<Children<'a>> {
        self.inside().map(|(_, children)| children)
    }

    pub fn holds_others(self) -> bool {
        self.inside().is_some()
    }

    /// What every element holds, where this is a set of objects.
    pub fn in_set(self) -> Option<Children<'a>> {
        self.inside().filter(|(holding, _)| *holding == Holding::Set).map(|(_, children)| children)
    }
}

/// How objects are held.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Holding {
    One,
    List,
    Set,
    Map,
}
