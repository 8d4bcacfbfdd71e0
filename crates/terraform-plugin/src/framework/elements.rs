//! Matches the elements of a set with those of a former one. They have neither names nor places, so their contents identify
//! which is which: an element is the former one that its configuration could have led to.

use std::cmp::Reverse;

use super::guard::caught;
use super::item::{Children, NO_BLOCKS, NULL};
use crate::schema::{Attribute, Block, BlockNesting, Nesting, Shape};
use crate::value::{Name, Value};

/// What an element of a set was before.
#[derive(Clone, Copy)]
pub(super) struct Former<'a> {
    pub value: &'a Value,
    /// Something configured differs: it is only the element most like this one.
    pub guessed: bool,
}

/// For each of these elements, as they are configured, what it was before. No former element is taken twice.
pub(super) fn former<'a>(children: Children<'_>, elements: &[Value], former: &'a Value) -> Vec<Option<Former<'a>>> {
    let former: &[Value] = if let Value::Set(former) = former { former } else { &[] };
    let mut found = vec![None; elements.len()];
    let mut taken = vec![false; former.len()];
    // Those that say most come first, as they have the least choice.
    let mut order: Vec<usize> = (0..elements.len()).collect();
    order.sort_by_key(|index| Reverse(likeness(&elements[*index], &elements[*index])));
    // A default may have changed, so it decides only between several.
    for defaults_count in [true, false] {
        let matching = Matching { defaults_count };
        for &index in &order {
            let fits = |at: &usize| !taken[*at] && matching.object(children, &elements[index], &former[*at]);
            if found[index].is_none()
                && let Some(at) = (0..former.len()).find(fits)
            {
                taken[at] = true;
                found[index] = Some(Former { value: &former[at], guessed: false });
            }
        }
    }
    let open = |found: &[Option<Former<'_>>], index: &usize| found[*index].is_none();
    let mut pairs = Vec::new();
    for index in (0..elements.len()).filter(|index| open(&found, index)) {
        for at in (0..former.len()).filter(|at| !taken[*at]) {
            pairs.push((likeness(&elements[index], &former[at]), index, at));
        }
    }
    pairs.sort_by_key(|(likeness, ..)| Reverse(*likeness));
    for (likeness, index, at) in pairs {
        if likeness > 0 && !taken[at] && open(&found, &index) {
            taken[at] = true;
            found[index] = Some(Former { value: &former[at], guessed: true });
        }
    }
    found
}

/// In how much of what an element configures a former one agrees.
fn likeness(config: &Value, prior: &Value) -> usize {
    let Value::Map(config) = config else { return 0 };
    config.iter().filter(|(name, value)| !value.is_null() && prior.get(name) == Some(*value)).count()
}

/// Whether a former value is one that the configuration could have led to.
#[derive(Clone, Copy)]
struct Matching {
    /// What the configuration leaves out must have been its default.
    defaults_count: bool,
}

impl Matching {
    fn object(self, (attributes, blocks): Children<'_>, object: &Value, prior: &Value) -> bool {
        let (Value::Map(config), Value::Map(prior)) = (object, prior) else { return object == prior };
        let pair = |name: &str| (config.get(name).unwrap_or(NULL), prior.get(name).unwrap_or(NULL));
        attributes.iter().all(|(name, attribute)| {
            let (config, prior) = pair(name);
            self.attribute(attribute, object, config, prior)
        }) && blocks.iter().all(|(name, block)| {
            let (config, prior) = pair(name);
            self.block(block, config, prior)
        })
    }

    /// An attribute of an object that is configured as `object`.
    fn attribute(self, attribute: &Attribute, object: &Value, config: &Value, prior: &Value) -> bool {
        // Whatever becomes of what was planned to be unknown; a prior state knows everything.
        if attribute.write_only || prior.is_unknown() {
            return true;
        }
        if config.is_null() {
            // What is wrong with a default is reported where it is put in.
            let default = || caught("", "", || attribute.default_in(object)).ok()?.ok()?;
            return match self.defaults_count.then(default).flatten() {
                Some(default) => *default == *prior,
                None => attribute.computed || prior.is_null(),
            };
        }
        match &attribute.shape {
            Shape::Nested(Nesting::Single, nested) => self.object((nested, NO_BLOCKS), config, prior),
            Shape::Nested(_, nested) => self.elements((nested, NO_BLOCKS), config, prior),
            // A crash is reported where the values are compared for themselves.
            Shape::Plain(_) => {
                config == prior || caught("", "", || attribute.equivalent(prior, config)).unwrap_or_default()
            }
        }
    }

    fn block(self, block: &Block, config: &Value, prior: &Value) -> bool {
        let children = (&block.attributes, &block.blocks);
        match block.nesting {
            BlockNesting::Single => self.object(children, config, prior),
            BlockNesting::List | BlockNesting::Set => self.elements(children, config, prior),
        }
    }

    fn elements(self, children: Children<'_>, config: &Value, prior: &Value) -> bool {
        let fits = |(config, prior): (&Value, &Value)| self.object(children, config, prior);
        match (config, prior) {
            (Value::List(config), Value::List(prior)) => {
                config.len() == prior.len() && config.iter().zip(prior).all(fits)
            }
            (Value::Set(config), Value::Set(prior)) => {
                // Elements that differ only in what they leave out may have become the same.
                let found = |config| prior.iter().any(|prior| fits((config, prior)));
                let wanted = |prior| config.iter().any(|config| fits((config, prior)));
                prior.len() <= config.len() && config.iter().all(found) && prior.iter().all(wanted)
            }
            (Value::Map(config), Value::Map(prior)) => {
                config.keys().eq(prior.keys()) && config.values().zip(prior.values()).all(fits)
            }
            _ => config == prior,
        }
    }
}

/// The configured elements of a set, each with the computed values that it had before. Terraform proposes the same, but it
/// knows no defaults, and so may take one element for another.
pub(super) fn join(children: Children<'_>, elements: &[Value], prior: &Value) -> Value {
    let known = former(children, elements, prior).into_iter().map(|former| match former {
        Some(Former { value, guessed: false }) => value,
        _ => NULL,
    });
    Value::Set(elements.iter().zip(known).map(|(config, prior)| join_object(children, config, prior)).collect())
}

fn join_object((attributes, blocks): Children<'_>, config: &Value, prior: &Value) -> Value {
    let Value::Map(values) = config else { return config.clone() };
    Value::Map(values.map_ref(|name, config| {
        let prior = prior.get(name).unwrap_or(NULL);
        match (attributes.get(name.as_str()), blocks.get(name.as_str())) {
            (Some(attribute), _) if config.is_null() && attribute.computed => prior.clone(),
            (Some(Attribute { shape: Shape::Nested(nesting, nested), .. }), _) => {
                let children = (nested, NO_BLOCKS);
                if *nesting == Nesting::Single {
                    join_object(children, config, prior)
                } else {
                    join_elements(children, config, prior)
                }
            }
            (None, Some(block)) => {
                let children = (&block.attributes, &block.blocks);
                if block.nesting == BlockNesting::Single {
                    join_object(children, config, prior)
                } else {
                    join_elements(children, config, prior)
                }
            }
            _ => config.clone(),
        }
    }))
}

fn join_elements(children: Children<'_>, config: &Value, prior: &Value) -> Value {
    match config {
        Value::Set(elements) => join(children, elements, prior),
        Value::List(elements) => {
            let prior = |index| if let Value::List(prior) = prior { prior.get(index).unwrap_or(NULL) } else { NULL };
            let joined = elements.iter().enumerate().map(|(at, config)| join_object(children, config, prior(at)));
            Value::List(joined.collect())
        }
        Value::Map(entries) => {
            let join = |key: &Name, config: &Value| join_object(children, config, prior.get(key).unwrap_or(NULL));
            Value::Map(entries.map_ref(join))
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests;
