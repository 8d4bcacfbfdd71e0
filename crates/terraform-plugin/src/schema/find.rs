//! What a path expression leads to in a configuration.

use super::block_names::BlockNames;
use super::path_expression::{PathExpression, Selector};
use crate::path::{AttributePath, Step};
use crate::value::Value;

/// What a [`PathExpression`] leads to in a configuration.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Match<'a> {
    /// Where it stands.
    pub path: AttributePath,
    /// The value: null if it is not set, which is what a block is that is not written. Unknown if it, or what it stands in, is
    /// not known yet.
    pub value: &'a Value,
}

/// A value in the configuration.
#[derive(Clone)]
struct Place<'a> {
    path: AttributePath,
    value: &'a Value,
    /// The blocks inside of it.
    blocks: &'a BlockNames,
    /// Whether it is all blocks of a name.
    is_block: bool,
}

const NULL: &Value = &Value::Null;

impl<'a> Place<'a> {
    fn root(config: &'a Value, blocks: &'a BlockNames) -> Self {
        Self { path: AttributePath::root(), value: config, blocks, is_block: false }
    }

    /// The next place along a path.
    fn follow(&self, step: &Step) -> Self {
        let value = match self.value {
            Value::Unknown(_) => self.value,
            value => value.at(&AttributePath::root().then(step.clone())).unwrap_or(NULL),
        };
        let path = self.path.clone().then(step.clone());
        let (blocks, is_block) = match step {
            Step::Attribute(name) => {
                self.blocks.inside(name).map_or((BlockNames::NONE, false), |inside| (inside, true))
            }
            // One of several blocks, or something in an attribute, in which there is no block.
            Step::Index(_) | Step::Key(_) | Step::Element(_) => (self.blocks, false),
        };
        Self { path, value, blocks, is_block }
    }

    fn select(&self, selector: &Selector) -> Vec<Self> {
        let step = match (selector, self.value) {
            (Selector::Attribute(name), _) => Step::Attribute(name.clone()),
            (Selector::Index(index), _) => Step::Index(*index),
            (Selector::Key(key), _) => Step::Key(key.clone()),
            // How many there are is not known: they all stand at the collection.
            (Selector::Any, Value::Unknown(_)) => return vec![Self { is_block: false, ..self.clone() }],
            (Selector::Any, value) => return value.elements().iter().map(|(step, _)| self.follow(step)).collect(),
        };
        vec![self.follow(&step)]
    }

    /// A block that is not written is an empty list or set.
    fn is_absent(&self) -> bool {
        self.is_block && matches!(self.value, Value::List(elements) | Value::Set(elements) if elements.is_empty())
    }

    fn finish(self) -> Match<'a> {
        let value = if self.is_absent() { NULL } else { self.value };
        Match { path: self.path, value }
    }
}

/// The objects on the way to a path, from the root to the one that holds what the path leads to.
fn holders<'a>(config: &'a Value, blocks: &'a BlockNames, path: &AttributePath) -> Vec<Place<'a>> {
    let mut place = Place::root(config, blocks);
    let mut holders = Vec::new();
    for step in path.steps() {
        let next = place.follow(step);
        if matches!(step, Step::Attribute(_)) {
            holders.push(place);
        }
        place = next;
    }
    holders
}

impl PathExpression {
    /// What the expression leads to, seen from the object that holds the attribute at `path`. An element that is not there
    /// gives no match; an attribute that is not set gives a null.
    pub(crate) fn seen_from_attribute<'a>(
        &self,
        config: &'a Value,
        blocks: &'a BlockNames,
        path: &AttributePath,
    ) -> Vec<Match<'a>> {
        self.select(&holders(config, blocks, path))
    }

    /// The same, seen from the object at `path`.
    pub(crate) fn seen_from_object<'a>(
        &self,
        config: &'a Value,
        blocks: &'a BlockNames,
        path: &AttributePath,
    ) -> Vec<Match<'a>> {
        let mut objects = holders(config, blocks, path);
        objects.push(path.steps().iter().fold(Place::root(config, blocks), |place, step| place.follow(step)));
        self.select(&objects)
    }

    fn select<'a>(&self, objects: &[Place<'a>]) -> Vec<Match<'a>> {
        let mut places: Vec<_> = self.origin(objects).cloned().into_iter().collect();
        for step in &self.steps {
            places = places.iter().flat_map(|place| place.select(step)).collect();
        }
        places.into_iter().map(Place::finish).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Block, BlockNesting, Schema};
    use super::*;

    fn parsed(text: &str) -> PathExpression {
        text.parse().expect("it is an expression")
    }

    /// The one block is `disk`, in which there is an `inner`.
    fn blocks() -> BlockNames {
        let disk = Block::new(BlockNesting::List, "Disk.").block("inner", Block::new(BlockNesting::Set, "Inner."));
        Schema::new("A thing.").block("disk", disk).block_names()
    }

    fn config() -> Value {
        let size = |size: i64| Value::object([("size", size.into())]);
        let port = |port: Value| Value::object([("port", port)]);
        let disks = [
            Value::object([("inner", Value::set([size(1), size(2)]))]),
            Value::object([("inner", Value::Set(Vec::new()))]),
        ];
        Value::object([
            ("size", 7.into()),
            ("tags", Value::List(Vec::new())),
            ("one", Value::unknown()),
            ("map", Value::object([("a", port(Value::Null)), ("b", port(22.into()))])),
            ("disk", Value::List(disks.into())),
        ])
    }

    fn found(expression: &str, object: &AttributePath) -> Vec<String> {
        let (blocks, config) = (blocks(), config());
        let matches = parsed(expression).seen_from_object(&config, &blocks, object);
        let text = |value: &Value| match value {
            Value::Null => "null".to_owned(),
            Value::Unknown(_) => "unknown".to_owned(),
            Value::Number(number) => number.to_string(),
            other => other.kind().to_owned(),
        };
        matches.iter().map(|one| format!("{} = {}", one.path, text(one.value))).collect()
    }

    #[test]
    fn an_expression_finds_what_stands_there() {
        let root = AttributePath::root();
        let disk = AttributePath::of("disk").index(0);
        let inner = disk.clone().attribute("inner").element(Value::object([("size", 2.into())]));
        for (expression, object, expected) in [
            ("size", &root, &["size = 7"][..]),
            // An empty list is a value, a block that is not written is none.
            ("tags", &root, &["tags = a list"]),
            ("disk[0].inner", &root, &["disk[0].inner = a set"]),
            ("disk[1].inner", &root, &["disk[1].inner = null"]),
            ("tags[*]", &root, &[]),
            ("tags[3]", &root, &["tags[3] = null"]),
            ("disk[*].inner[*].size", &root, &["disk[0].inner[element].size = 1", "disk[0].inner[element].size = 2"]),
            ("map[*].port", &root, &["map[\"a\"].port = null", "map[\"b\"].port = 22"]),
            ("map[\"b\"].port", &root, &["map[\"b\"].port = 22"]),
            ("one.port", &root, &["one.port = unknown"]),
            ("size", &inner, &["disk[0].inner[element].size = 2"]),
            ("../inner[*].size", &inner, &["disk[0].inner[element].size = 1", "disk[0].inner[element].size = 2"]),
            ("../../size", &inner, &["size = 7"]),
            ("/size", &inner, &["size = 7"]),
            ("../../../size", &inner, &[]),
        ] {
            assert_eq!(found(expression, object), expected, "{expression}");
        }
    }

    #[test]
    fn an_expression_is_seen_from_the_holder_of_an_attribute() {
        let (blocks, config) = (blocks(), config());
        let path = AttributePath::of("map").key("a").attribute("port");
        for (expression, expected) in [("port", "map[\"a\"].port"), ("../size", "size")] {
            let matches = parsed(expression).seen_from_attribute(&config, &blocks, &path);
            assert_eq!(matches.iter().map(|one| one.path.to_string()).collect::<Vec<_>>(), [expected]);
        }
    }
}
