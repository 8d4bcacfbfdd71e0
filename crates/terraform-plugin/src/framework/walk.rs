//! Goes through every attribute of an object side by side in its configuration, its prior state and its planned state.

use std::collections::BTreeMap;

use crate::path::AttributePath;
use crate::schema::{Attribute, Block, BlockNesting, Nesting, Schema, Shape};
use crate::value::Value;

/// One attribute at one place.
pub(super) struct Site<'a> {
    pub attribute: &'a Attribute,
    pub path: &'a AttributePath,
    pub config: &'a Value,
    pub prior: &'a Value,
    pub planned: &'a mut Value,
    /// Inside an element of a set. Those cannot be matched with the elements of the prior state, so there is no prior
    /// value, and what is planned for an element stands for its configuration.
    pub in_set: bool,
}

/// Whether to go on to the attributes inside the visited one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    Visit,
    Skip,
}

type Visit<'a> = &'a mut dyn FnMut(&mut Site<'_>) -> Inside;

/// Visits every attribute, the outer ones before those nested in them. What is null or unknown as a whole has none inside.
pub(super) fn each(schema: &Schema, config: &Value, prior: &Value, planned: &mut Value, visit: Visit<'_>) {
    let walk = Walk { in_set: false, path: &AttributePath::root(), config, prior };
    walk.object(&schema.attributes, &schema.blocks, planned, visit);
}

/// Where the walk stands.
#[derive(Clone, Copy)]
struct Walk<'a> {
    in_set: bool,
    path: &'a AttributePath,
    config: &'a Value,
    prior: &'a Value,
}

/// The children of a nested attribute or of a block.
type Children<'a> = (&'a BTreeMap<String, Attribute>, &'a BTreeMap<String, Block>);

const NULL: &Value = &Value::Null;

impl Walk<'_> {
    fn object(
        self,
        attributes: &BTreeMap<String, Attribute>,
        blocks: &BTreeMap<String, Block>,
        planned: &mut Value,
        visit: Visit<'_>,
    ) {
        let Value::Map(values) = planned else { return };
        for (name, attribute) in attributes {
            let Some(planned) = values.get_mut(name) else { continue };
            let path = &self.path.clone().attribute(name);
            let (config, prior) = (self.config.get(name).unwrap_or(NULL), self.prior.get(name).unwrap_or(NULL));
            let mut site = Site { attribute, path, config, prior, planned: &mut *planned, in_set: self.in_set };
            if visit(&mut site) == Inside::Skip {
                continue;
            }
            if let Shape::Nested(nesting, nested) = &attribute.shape {
                let children = (nested, &BTreeMap::new());
                let walk = Walk { path, config, prior, ..self };
                match nesting {
                    Nesting::Single => walk.object(nested, &BTreeMap::new(), planned, visit),
                    Nesting::List => walk.list(children, planned, visit),
                    Nesting::Set => walk.set(children, planned, visit),
                    Nesting::Map => walk.map(children, planned, visit),
                }
            }
        }
        for (name, block) in blocks {
            let Some(planned) = values.get_mut(name) else { continue };
            let path = &self.path.clone().attribute(name);
            let (config, prior) = (self.config.get(name).unwrap_or(NULL), self.prior.get(name).unwrap_or(NULL));
            let walk = Walk { path, config, prior, ..self };
            let children = (&block.attributes, &block.blocks);
            match block.nesting {
                BlockNesting::Single => walk.object(&block.attributes, &block.blocks, planned, visit),
                BlockNesting::List => walk.list(children, planned, visit),
                BlockNesting::Set => walk.set(children, planned, visit),
            }
        }
    }

    fn list(self, (attributes, blocks): Children<'_>, planned: &mut Value, visit: Visit<'_>) {
        let Value::List(elements) = planned else { return };
        for (index, element) in elements.iter_mut().enumerate() {
            let path = &self.path.clone().index(index);
            let (config, prior) = (element_at(self.config, index), element_at(self.prior, index));
            Walk { path, config, prior, ..self }.object(attributes, blocks, element, visit);
        }
    }

    fn set(self, (attributes, blocks): Children<'_>, planned: &mut Value, visit: Visit<'_>) {
        let (Value::Set(elements) | Value::List(elements)) = planned else { return };
        for element in elements {
            let config = element.clone();
            let path = &self.path.clone().element(config.clone());
            Walk { in_set: true, path, config: &config, prior: NULL }.object(attributes, blocks, element, visit);
        }
    }

    fn map(self, (attributes, blocks): Children<'_>, planned: &mut Value, visit: Visit<'_>) {
        let Value::Map(entries) = planned else { return };
        for (key, element) in entries {
            let path = &self.path.clone().key(key);
            let (config, prior) = (self.config.get(key).unwrap_or(NULL), self.prior.get(key).unwrap_or(NULL));
            Walk { path, config, prior, ..self }.object(attributes, blocks, element, visit);
        }
    }
}

fn element_at(list: &Value, index: usize) -> &Value {
    match list {
        Value::List(elements) => elements.get(index).unwrap_or(NULL),
        _ => NULL,
    }
}
