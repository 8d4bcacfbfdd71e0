//! Paths of attributes as validators name them: from where the validator stands, or from the root of the configuration.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::{Attribute, Block, BlockNesting, Nesting, Schema, Shape};
use crate::path::{AttributePath, Step};
use crate::value::{Type, Value};

/// Where one or several attributes stand, seen from an object of the configuration. Validators take it as a text:
///
/// | Text | The attributes |
/// |---|---|
/// | `size` | `size` in the object itself |
/// | `disk.size` | `size` in its single object `disk` |
/// | `disk[*].size` | `size` in every element of the list, set or map `disk` |
/// | `disk[0].size` | `size` in the first element of the list `disk` |
/// | `owners["team"].name` | `name` in one element of the map `owners` |
/// | `../size` | `size` in the object that this one stands in |
/// | `/size` | `size` at the root of the configuration |
///
/// ```
/// use terraform_plugin::schema::PathExpression;
///
/// assert!("../disk[*].size".parse::<PathExpression>().is_ok());
/// assert!("disk[".parse::<PathExpression>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct PathExpression {
    start: Start,
    steps: Vec<Selector>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Start {
    Root,
    /// So many objects outwards.
    Outwards(usize),
}

/// One step into a value.
#[derive(Clone, Debug, PartialEq)]
enum Selector {
    Attribute(String),
    Index(usize),
    Key(String),
    /// Every element of a list, a set or a map.
    Any,
}

/// A text that is no path expression.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("`{text}` is not a path expression: {reason}")]
pub struct PathExpressionError {
    text: String,
    reason: &'static str,
}

impl FromStr for PathExpression {
    type Err = PathExpressionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = |reason| PathExpressionError { text: text.to_owned(), reason };
        let (start, mut rest) = if let Some(rest) = text.strip_prefix('/') {
            (Start::Root, rest)
        } else {
            let (mut outwards, mut rest) = (0, text);
            while let Some(outer) = rest.strip_prefix("../") {
                (outwards, rest) = (outwards + 1, outer);
            }
            (Start::Outwards(outwards), rest)
        };
        let mut steps = Vec::new();
        loop {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            if name.is_empty() || name.contains(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
                return Err(error("it needs the name of an attribute or a block at each step"));
            }
            steps.push(Selector::Attribute(name.to_owned()));
            rest = after;
            while let Some(inside) = rest.strip_prefix('[') {
                let (selector, after) =
                    element(inside).ok_or_else(|| error("brackets hold `*`, a number or a text in quotes"))?;
                steps.push(selector);
                rest = after;
            }
            match rest.strip_prefix('.') {
                Some(after) => rest = after,
                None if rest.is_empty() => return Ok(Self { start, steps }),
                None => return Err(error("after a bracket come a dot and a name")),
            }
        }
    }
}

/// What stands in brackets, and what follows them.
fn element(inside: &str) -> Option<(Selector, &str)> {
    if let Some(after) = inside.strip_prefix("*]") {
        return Some((Selector::Any, after));
    }
    if let Some(quoted) = inside.strip_prefix('"') {
        let (key, after) = quoted.split_once("\"]")?;
        return Some((Selector::Key(key.to_owned()), after));
    }
    let (index, after) = inside.split_once(']')?;
    Some((Selector::Index(index.parse().ok()?), after))
}

impl fmt::Display for PathExpression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.start {
            Start::Root => f.write_str("/")?,
            Start::Outwards(outwards) => f.write_str(&"../".repeat(outwards))?,
        }
        for (position, step) in self.steps.iter().enumerate() {
            match step {
                Selector::Attribute(name) if position == 0 => f.write_str(name)?,
                Selector::Attribute(name) => write!(f, ".{name}")?,
                Selector::Index(index) => write!(f, "[{index}]")?,
                Selector::Key(key) => write!(f, "[\"{key}\"]")?,
                Selector::Any => f.write_str("[*]")?,
            }
        }
        Ok(())
    }
}

/// What a [`PathExpression`] leads to in a configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct Match<'a> {
    /// Where it stands.
    pub path: AttributePath,
    /// The value: null if it is not set, which is what a block is that is not written. Unknown if it, or what it stands in, is
    /// not known yet.
    pub value: &'a Value,
}

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

    /// A block that is not written is an empty list or set.
    fn is_absent(self, value: &Value) -> bool {
        matches!((self, value), (Self::Block(_), Value::List(elements) | Value::Set(elements)) if elements.is_empty())
    }
}

/// A value in the configuration, with its place in the schema, if that is known.
#[derive(Clone)]
struct Place<'a> {
    path: AttributePath,
    value: &'a Value,
    spot: Option<Spot<'a>>,
}

const NULL: &Value = &Value::Null;

impl<'a> Place<'a> {
    fn root(config: &'a Value, schema: Option<&'a Schema>) -> Self {
        Self { path: AttributePath::root(), value: config, spot: schema.map(Spot::root) }
    }

    /// The next place along a path.
    fn follow(&self, step: &Step) -> Self {
        let value = match (step, self.value) {
            (_, Value::Unknown(_)) => self.value,
            (Step::Attribute(name) | Step::Key(name), value) => value.get(name).unwrap_or(NULL),
            _ => self.value.at(&AttributePath::root().then(step.clone())).unwrap_or(NULL),
        };
        let path = self.path.clone().then(step.clone());
        Self { path, value, spot: self.spot.and_then(|spot| spot.actual_step(step)) }
    }

    fn select(&self, selector: &Selector) -> Vec<Self> {
        let step = match (selector, self.value) {
            (Selector::Attribute(name), _) => Step::Attribute(name.clone()),
            (Selector::Index(index), _) => Step::Index(*index),
            (Selector::Key(key), _) => Step::Key(key.clone()),
            // How many there are is not known: they all stand at the collection.
            (Selector::Any, Value::Unknown(_)) => {
                return vec![Self { spot: self.spot.and_then(|spot| spot.step(selector)), ..self.clone() }];
            }
            (Selector::Any, value) => return value.elements().iter().map(|(step, _)| self.follow(step)).collect(),
        };
        vec![self.follow(&step)]
    }

    fn finish(self) -> Match<'a> {
        let absent = self.spot.is_some_and(|spot| spot.is_absent(self.value));
        Match { path: self.path, value: if absent { NULL } else { self.value } }
    }
}

/// The objects on the way to a path, from the root to the one that holds what the path leads to.
fn holders<'a>(config: &'a Value, schema: Option<&'a Schema>, path: &AttributePath) -> Vec<Place<'a>> {
    let mut place = Place::root(config, schema);
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
        schema: Option<&'a Schema>,
        path: &AttributePath,
    ) -> Vec<Match<'a>> {
        self.select(&holders(config, schema, path))
    }

    /// The same, seen from the object at `path`.
    pub(crate) fn seen_from_object<'a>(
        &self,
        config: &'a Value,
        schema: Option<&'a Schema>,
        path: &AttributePath,
    ) -> Vec<Match<'a>> {
        let mut objects = holders(config, schema, path);
        objects.push(path.steps().iter().fold(Place::root(config, schema), |place, step| place.follow(step)));
        self.select(&objects)
    }

    fn select<'a>(&self, objects: &[Place<'a>]) -> Vec<Match<'a>> {
        let start = match self.start {
            Start::Root => objects.first(),
            Start::Outwards(outwards) => objects.len().checked_sub(outwards + 1).and_then(|at| objects.get(at)),
        };
        let mut places: Vec<_> = start.cloned().into_iter().collect();
        for step in &self.steps {
            places = places.iter().flat_map(|place| place.select(step)).collect();
        }
        places.into_iter().map(Place::finish).collect()
    }

    /// Where the expression leads in a schema, seen from the last of these objects, each of which stands in the one before.
    ///
    /// # Errors
    /// With what is wrong with it, in a sentence.
    pub(crate) fn in_schema<'a>(&self, objects: &[Spot<'a>]) -> Result<Spot<'a>, String> {
        let start = match self.start {
            Start::Root => objects.first(),
            Start::Outwards(outwards) => objects.len().checked_sub(outwards + 1).and_then(|at| objects.get(at)),
        };
        let start = start.ok_or_else(|| format!("`{self}` leads out of the schema."))?;
        let nowhere = || format!("`{self}` leads to nothing in the schema.");
        self.steps.iter().try_fold(*start, Spot::step).ok_or_else(nowhere)
    }

    /// How messages name it: with the place of the object that it is seen from.
    pub(crate) fn shown(&self, object: &str) -> String {
        match self.start {
            Start::Outwards(0) if !object.is_empty() => format!("{object}.{self}"),
            Start::Root => self.to_string()[1..].to_owned(),
            Start::Outwards(_) => self.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> PathExpression {
        text.parse().expect("it is an expression")
    }

    #[test]
    fn expressions_are_written_as_they_are_read() {
        for text in ["size", "a.b", "a[*].b", "a[0][1].b", "a[\"k.x\"].b", "../a", "../../a[*]", "/a.b"] {
            assert_eq!(parsed(text).to_string(), text);
        }
    }

    #[test]
    fn what_is_no_expression_says_why() {
        let name = "it needs the name of an attribute or a block at each step";
        let bracket = "brackets hold `*`, a number or a text in quotes";
        for (text, reason) in [
            ("", name),
            ("/", name),
            ("..", name),
            ("../", name),
            ("a..b", name),
            ("a.", name),
            ("a b", name),
            ("[0]", name),
            ("a[", bracket),
            ("a[]", bracket),
            ("a[x]", bracket),
            ("a[-1]", bracket),
            ("a[\"x]", bracket),
            ("a[0]b", "after a bracket come a dot and a name"),
        ] {
            let error = text.parse::<PathExpression>().expect_err(text);
            assert_eq!(error.to_string(), format!("`{text}` is not a path expression: {reason}"));
        }
    }

    fn schema() -> Schema {
        let port = || [("port", Attribute::integer("Port.").optional())];
        let inner = Block::new(BlockNesting::Set, "Inner.").attribute("size", Attribute::integer("Size.").optional());
        Schema::new("A thing.")
            .attribute("size", Attribute::integer("Size.").optional())
            .attribute("tags", Attribute::list(Type::String, "Tags.").optional())
            .attribute("one", Attribute::nested(Nesting::Single, port(), "One.").optional())
            .attribute("map", Attribute::nested(Nesting::Map, port(), "Map.").optional())
            .block("disk", Block::new(BlockNesting::List, "Disk.").block("inner", inner))
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
        let (schema, config) = (schema(), config());
        let matches = parsed(expression).seen_from_object(&config, Some(&schema), object);
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
        let (schema, config) = (schema(), config());
        let path = AttributePath::of("map").key("a").attribute("port");
        for (expression, expected) in [("port", "map[\"a\"].port"), ("../size", "size")] {
            let matches = parsed(expression).seen_from_attribute(&config, Some(&schema), &path);
            assert_eq!(matches.iter().map(|one| one.path.to_string()).collect::<Vec<_>>(), [expected]);
        }
    }

    #[test]
    fn an_expression_that_leads_nowhere_is_found_in_the_schema() {
        let schema = schema();
        let root = [Spot::root(&schema)];
        for good in
            ["size", "tags[0]", "tags[*]", "one.port", "map[*].port", "map[\"a\"].port", "disk[*].inner[*].size"]
        {
            assert!(parsed(good).in_schema(&root).is_ok(), "{good}");
        }
        for bad in
            ["none", "size.x", "tags[\"a\"]", "one[0].port", "map[0].port", "disk.inner", "disk[*].inner[0].size"]
        {
            let wrong = parsed(bad).in_schema(&root).err();
            assert_eq!(wrong, Some(format!("`{bad}` leads to nothing in the schema.")));
        }
        assert_eq!(parsed("../size").in_schema(&root).err().as_deref(), Some("`../size` leads out of the schema."));
    }
}
