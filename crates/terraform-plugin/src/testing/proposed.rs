//! The state that Terraform proposes for a plan: the configuration, and where that says nothing, what the provider computed before.
//!
//! These are the rules of Terraform's `objchange.ProposedNew`. A provider never sees them, but every plan begins with their result.

use std::collections::BTreeMap;

use crate::schema::{Attribute, Block, BlockNesting, Nesting, Schema, Shape};
use crate::value::{Entries, Name, Type, Value};

/// What is proposed for an object. Without a `prior` state it is about to be created.
pub(super) fn proposed(schema: &Schema, prior: &Value, config: &Value) -> Value {
    if config.is_null() {
        return Value::Null;
    }
    of_object(Contents { attributes: &schema.attributes, blocks: &schema.blocks }, prior, config)
}

/// In a configuration: null for the computed blocks that it leaves out, which is how a provider learns that it may choose them.
pub(super) fn without_empty_computed_blocks(blocks: &BTreeMap<String, Block>, mut config: Value) -> Value {
    inside(blocks, &mut config);
    config
}

fn inside(blocks: &BTreeMap<String, Block>, object: &mut Value) {
    let Value::Map(values) = object else { return };
    for (name, block) in blocks {
        let Some(value) = values.get_mut(name) else { continue };
        match value {
            Value::List(elements) | Value::Set(elements) if elements.is_empty() => {
                if block.computed {
                    *value = Value::Null;
                }
            }
            Value::List(elements) | Value::Set(elements) => {
                for element in elements {
                    inside(&block.blocks, element);
                }
            }
            other => inside(&block.blocks, other),
        }
    }
}

/// What an object holds.
#[derive(Clone, Copy)]
struct Contents<'a> {
    attributes: &'a BTreeMap<String, Attribute>,
    blocks: &'a BTreeMap<String, Block>,
}

static NO_BLOCKS: BTreeMap<String, Block> = BTreeMap::new();
const NULL: &Value = &Value::Null;
const UNKNOWN: &Value = &Value::Unknown(None);

impl<'a> Contents<'a> {
    fn of_attributes(attributes: &'a BTreeMap<String, Attribute>) -> Self {
        Self { attributes, blocks: &NO_BLOCKS }
    }

    fn of_block(block: &'a Block) -> Self {
        Self { attributes: &block.attributes, blocks: &block.blocks }
    }
}

/// What is in an object; of one that is null or unknown as a whole, everything in it is too.
fn entry<'a>(object: &'a Value, name: &str) -> &'a Value {
    object.get(name).unwrap_or(if object.is_unknown() { UNKNOWN } else { NULL })
}

fn of_object(contents: Contents<'_>, prior: &Value, config: &Value) -> Value {
    let attributes = contents.attributes.iter().map(|(name, attribute)| {
        let value = of_attribute(attribute, entry(prior, name), entry(config, name));
        (Name::from(name), value)
    });
    let blocks = contents.blocks.iter().map(|(name, block)| {
        let value = of_block(block, entry(prior, name), entry(config, name));
        (Name::from(name), value)
    });
    Value::Map(attributes.chain(blocks).collect::<Entries<_>>())
}

fn of_attribute(attribute: &Attribute, prior: &Value, config: &Value) -> Value {
    if attribute.computed && config.is_null() {
        return if attribute.optional && holds_configured(attribute, prior) { Value::Null } else { prior.clone() };
    }
    let Shape::Nested(nesting, nested) = &attribute.shape else { return config.clone() };
    if config.is_unknown() || config.is_null() {
        return config.clone();
    }
    let contents = Contents::of_attributes(nested);
    match nesting {
        Nesting::Single => of_object(contents, prior, config),
        Nesting::List => of_list(prior, config, |prior, config| of_element(contents, prior, config)),
        Nesting::Set => of_set(contents, prior, config, |prior, config| of_element(contents, prior, config)),
        Nesting::Map => of_map(prior, config, |prior, config| of_element(contents, prior, config)),
    }
}

/// An element of a nested attribute. Even what is not known as a whole is an object, of values that are not known.
fn of_element(contents: Contents<'_>, prior: &Value, config: &Value) -> Value {
    if config.is_null() { Value::Null } else { of_object(contents, prior, config) }
}

fn of_block(block: &Block, prior: &Value, config: &Value) -> Value {
    if config.is_unknown() || config.is_null() {
        return config.clone();
    }
    let contents = Contents::of_block(block);
    // Terraform takes the former block where it does not know the configured one.
    let one = |prior: &Value, config: &Value| {
        if config.is_null() || config.is_unknown() { prior.clone() } else { of_object(contents, prior, config) }
    };
    match block.nesting {
        BlockNesting::Single => of_object(contents, prior, config),
        BlockNesting::List => of_list(prior, config, one),
        BlockNesting::Set => of_set(contents, prior, config, one),
    }
}

/// Elements of a list belong together by their position.
fn of_list(prior: &Value, config: &Value, one: impl Fn(&Value, &Value) -> Value) -> Value {
    let Value::List(elements) = config else { return config.clone() };
    let former = prior.as_list().unwrap_or_default();
    let pairs = elements.iter().enumerate().map(|(index, config)| (former.get(index), config));
    // A new one is as it is configured.
    Value::List(pairs.map(|(prior, config)| prior.map_or_else(|| config.clone(), |prior| one(prior, config))).collect())
}

/// Elements of a map belong together by their key.
fn of_map(prior: &Value, config: &Value, one: impl Fn(&Value, &Value) -> Value) -> Value {
    let Value::Map(entries) = config else { return config.clone() };
    Value::Map(entries.map_ref(|key, config| one(entry(prior, key), config)))
}

/// Elements of a set belong together if the former one may have come from the configured one.
fn of_set(contents: Contents<'_>, prior: &Value, config: &Value, one: impl Fn(&Value, &Value) -> Value) -> Value {
    let Value::Set(elements) = config else { return config.clone() };
    let mut former: Vec<&Value> = prior.as_list().unwrap_or_default().iter().collect();
    let joined = elements.iter().map(|config| {
        let found = former.iter().position(|prior| may_come_from(contents, prior, config));
        one(found.map_or(NULL, |index| former.remove(index)), config)
    });
    Value::set(joined.collect::<Vec<_>>())
}

/// Whether a former object may be what became of a configured one: they differ at most in what the provider computed.
fn may_come_from(contents: Contents<'_>, prior: &Value, config: &Value) -> bool {
    if prior == config {
        return true;
    }
    let (Value::Map(_), Value::Map(_)) = (prior, config) else { return false };
    let attribute = |(name, attribute): (&String, &Attribute)| {
        let (prior, config) = (entry(prior, name), entry(config, name));
        prior == config
            || match &attribute.shape {
                // Of sets, Terraform compares only the wholes.
                Shape::Plain(ty) => attribute.computed && config.is_null() && !matches!(ty, Type::Set(_)),
                Shape::Nested(nesting, nested) => {
                    nested_may_come_from(*nesting, Contents::of_attributes(nested), prior, config)
                }
            }
    };
    let block = |(name, block): (&String, &Block)| {
        let (prior, config) = (entry(prior, name), entry(config, name));
        let nesting = match block.nesting {
            BlockNesting::Single => Nesting::Single,
            BlockNesting::List => Nesting::List,
            BlockNesting::Set => Nesting::Set,
        };
        prior == config || nested_may_come_from(nesting, Contents::of_block(block), prior, config)
    };
    contents.attributes.iter().all(attribute) && contents.blocks.iter().all(block)
}

/// The same of what stands inside and is not equal. Where there was nothing, nothing contradicts.
fn nested_may_come_from(nesting: Nesting, contents: Contents<'_>, prior: &Value, config: &Value) -> bool {
    match (nesting, prior, config) {
        (Nesting::Set, ..) => false,
        (_, Value::Null, _) => true,
        (Nesting::Single, Value::Map(_), Value::Map(_)) => may_come_from(contents, prior, config),
        (Nesting::List, Value::List(prior), Value::List(config)) => {
            prior.len() <= config.len() && prior.iter().zip(config).all(|(a, b)| may_come_from(contents, a, b))
        }
        (Nesting::Map, Value::Map(prior), Value::Map(config)) => prior
            .iter()
            .all(|(key, prior)| config.get(key).is_some_and(|config| may_come_from(contents, prior, config))),
        _ => false,
    }
}

/// Whether a former value holds something that only a configuration can have set. If it does, it was not computed, and leaving
/// it out now removes it.
fn holds_configured(attribute: &Attribute, prior: &Value) -> bool {
    let Shape::Nested(nesting, nested) = &attribute.shape else { return false };
    let in_object = |object: &Value| {
        nested.iter().any(|(name, attribute)| {
            let value = entry(object, name);
            !value.is_null() && (!attribute.computed || holds_configured(attribute, value))
        })
    };
    match nesting {
        Nesting::Single => in_object(prior),
        Nesting::List | Nesting::Set | Nesting::Map => prior.elements().iter().any(|(_, one)| in_object(one)),
    }
}

#[cfg(test)]
mod tests;
