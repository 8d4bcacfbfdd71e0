//! Goes through every attribute and block of an object side by side in its configuration, its prior state and its planned
//! state.

use super::elements;
use super::item::{Children, Holding, Item, NULL};
use crate::path::AttributePath;
use crate::schema::Schema;
use crate::value::Value;

/// One attribute or block at one place.
pub(super) struct Site<'a> {
    pub item: Item<'a>,
    pub path: &'a AttributePath,
    pub config: &'a Value,
    pub prior: &'a Value,
    pub planned: &'a mut Value,
    /// Whether what it stands in is not in the prior state.
    pub added: bool,
    /// Inside an element of a set whose prior element is a guess.
    pub guessed: bool,
    /// The configuration of the object that it stands in.
    pub around: &'a Value,
}

/// Whether to go on to the attributes inside the visited one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    Visit,
    Skip,
}

type Visit<'a> = &'a mut dyn FnMut(&mut Site<'_>) -> Inside;

/// Visits every attribute and block, the outer ones before those nested in them. What is null or unknown as a whole has none
/// inside.
///
/// The elements of a planned set are taken to stand in the order of the configured ones, if there are as many.
pub(super) fn each(schema: &Schema, config: &Value, prior: &Value, planned: &mut Value, visit: Visit<'_>) {
    let walk = Walk { guessed: false, path: &AttributePath::root(), config, prior };
    walk.object((&schema.attributes, &schema.blocks), planned, visit);
}

/// Where the walk stands.
#[derive(Clone, Copy)]
struct Walk<'a> {
    guessed: bool,
    path: &'a AttributePath,
    config: &'a Value,
    prior: &'a Value,
}

const UNKNOWN: &Value = &Value::Unknown(None);

impl Walk<'_> {
    fn object(self, (attributes, blocks): Children<'_>, planned: &mut Value, visit: Visit<'_>) {
        let Value::Map(values) = planned else { return };
        let attributes = attributes.iter().map(|(name, attribute)| (name, Item::Attribute(attribute)));
        let blocks = blocks.iter().map(|(name, block)| (name, Item::Block(block)));
        for (name, item) in attributes.chain(blocks) {
            let Some(planned) = values.get_mut(name) else { continue };
            let path = &self.path.clone().attribute(name);
            let (config, prior) = (entry_of(self.config, name), entry_of(self.prior, name));
            let (added, guessed) = (self.prior.is_null(), self.guessed);
            let around = self.config;
            let mut site = Site { item, path, config, prior, planned: &mut *planned, added, guessed, around };
            if visit(&mut site) == Inside::Skip {
                continue;
            }
            let walk = Walk { path, config, prior, ..self };
            match item.inside() {
                None => {}
                Some((Holding::One, children)) => walk.object(children, planned, visit),
                Some((Holding::List, children)) => walk.list(children, planned, visit),
                Some((Holding::Set, children)) => walk.set(children, planned, visit),
                Some((Holding::Map, children)) => walk.map(children, planned, visit),
            }
        }
    }

    fn list(self, children: Children<'_>, planned: &mut Value, visit: Visit<'_>) {
        let Value::List(elements) = planned else { return };
        for (index, element) in elements.iter_mut().enumerate() {
            let path = &self.path.clone().index(index);
            let (config, prior) = (element_at(self.config, index), element_at(self.prior, index));
            Walk { path, config, prior, ..self }.object(children, element, visit);
        }
    }

    fn set(self, children: Children<'_>, planned: &mut Value, visit: Visit<'_>) {
        let (Value::Set(elements) | Value::List(elements)) = planned else { return };
        let configured = match self.config {
            Value::Set(configured) if configured.len() == elements.len() => Some(configured),
            _ => None,
        };
        let known = configured.unwrap_or(elements).clone();
        let former = elements::former(children, &known, self.prior);
        for (index, (element, former)) in elements.iter_mut().zip(former).enumerate() {
            let path = &self.path.clone().element(known[index].clone());
            let config = configured.map_or_else(|| absent(self.config), |configured| &configured[index]);
            let prior = former.map_or(NULL, |former| former.value);
            let guessed = self.guessed || former.is_some_and(|former| former.guessed);
            Walk { guessed, path, config, prior }.object(children, element, visit);
        }
    }

    fn map(self, children: Children<'_>, planned: &mut Value, visit: Visit<'_>) {
        let Value::Map(entries) = planned else { return };
        for (key, element) in entries {
            let path = &self.path.clone().key(key);
            let (config, prior) = (entry_of(self.config, key), entry_of(self.prior, key));
            Walk { path, config, prior, ..self }.object(children, element, visit);
        }
    }
}

/// What is in something in which it is not: of what is unknown as a whole, all that is in it is unknown too. Terraform fills the
/// planned state in as far as it can, so the plan may have a whole object where the configuration has none yet.
fn absent(outer: &Value) -> &'static Value {
    if outer.is_unknown() { UNKNOWN } else { NULL }
}

fn entry_of<'a>(outer: &'a Value, name: &str) -> &'a Value {
    outer.get(name).unwrap_or_else(|| absent(outer))
}

fn element_at(list: &Value, index: usize) -> &Value {
    match list {
        Value::List(elements) => elements.get(index).unwrap_or(NULL),
        other => absent(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::planning::plan;
    use crate::operation::Private;
    use crate::schema::{Attribute, Nesting};

    /// The paths that are visited, each with whether something is configured there.
    fn visited(schema: &Schema, config: &Value, planned: &Value) -> Vec<(String, bool)> {
        let mut visited = Vec::new();
        each(schema, config, &Value::Null, &mut planned.clone(), &mut |site| {
            visited.push((site.path.to_string(), !site.config.is_null()));
            Inside::Visit
        });
        visited
    }

    #[test]
    fn every_place_is_visited_with_its_path() {
        let one = |size: i64| Value::object([("size", size.into())]);
        for (nesting, disks, place) in [
            (Nesting::Single, one(1), "disks.size"),
            (Nesting::List, Value::List(vec![one(1)]), "disks[0].size"),
            (Nesting::Set, Value::set([one(1)]), "disks[element].size"),
            (Nesting::Map, Value::object([("k", one(1))]), "disks[\"k\"].size"),
        ] {
            let size = [("size", Attribute::integer("Size.").optional())];
            let disks_of = Attribute::nested(nesting, size, "Disks.").optional();
            let schema = Schema::new("A thing.").attribute("disks", disks_of);
            let thing = Value::object([("disks", disks)]);
            assert_eq!(visited(&schema, &thing, &thing), [("disks".to_owned(), true), (place.to_owned(), true)]);
        }
    }

    #[test]
    fn elements_of_a_set_that_is_planned_with_another_number_are_none_of_those_configured() {
        let size = [("size", Attribute::integer("Size.").optional())];
        let disks = Attribute::nested(Nesting::Set, size, "Disks.").optional();
        let schema = Schema::new("A thing.").attribute("disks", disks);
        let thing = |sizes: &[i64]| {
            let disks = sizes.iter().map(|size| Value::object([("size", (*size).into())]));
            Value::object([("disks", Value::set(disks))])
        };
        let element = || ("disks[element].size".to_owned(), false);
        assert_eq!(visited(&schema, &thing(&[1]), &thing(&[1, 2])), [("disks".to_owned(), true), element(), element()]);
        assert_eq!(visited(&schema, &thing(&[1, 2]), &thing(&[1])), [("disks".to_owned(), true), element()]);
    }

    #[test]
    fn what_is_in_something_unknown_is_not_left_out() {
        let disk = || {
            [
                ("size", Attribute::integer("Size.").default(10)),
                ("code", Attribute::string("Code.").optional().computed().use_state_for_unknown()),
            ]
        };
        let object = |size: Value, code: Value| Value::object([("size", size), ("code", code)]);
        for nesting in [Nesting::List, Nesting::Map] {
            let schema =
                Schema::new("A thing.").attribute("disks", Attribute::nested(nesting, disk(), "Disks.").optional());
            let thing = |disk: Value| {
                let disks =
                    if nesting == Nesting::List { Value::List(vec![disk]) } else { Value::object([("k", disk)]) };
                Value::object([("disks", disks)])
            };
            let (prior, config) = (thing(object(20.into(), "c".into())), thing(Value::unknown()));
            // This is what Terraform proposes for an unknown object, where there was one before.
            let proposed = thing(object(Value::unknown(), Value::unknown()));
            assert_eq!(plan(&schema, &prior, proposed.clone(), &config, &Private::default()).planned, proposed);
        }
    }
}
