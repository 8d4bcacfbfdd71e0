//! The resource `shapes_plain`: attributes that have a type and no attributes of their own.

use std::collections::{BTreeMap, BTreeSet};

use terraform_plugin::schema::{Attribute, Schema};
use terraform_plugin::value::{Entries, Number, Type, Value};
use terraform_plugin::{Attr, Given, Model};

use crate::kept::{self, Thing, choose, identify, random};

type Texts = Vec<Attr<String>>;

#[derive(Clone, Model)]
pub struct Plain {
    id: Attr<String>,
    revision: Attr<i64>,
    summary: Attr<String>,
    name: Attr<String>,
    text: Attr<String>,
    number: Attr<Number>,
    float: Attr<f64>,
    integer: Attr<i64>,
    small: Attr<u8>,
    flag: Attr<bool>,
    level: Attr<Level>,
    texts: Attr<Texts>,
    given: Attr<Vec<Given<String>>>,
    numbers: Attr<BTreeSet<Attr<Number>>>,
    words: Attr<BTreeSet<Attr<String>>>,
    labels: Attr<BTreeMap<String, Attr<String>>>,
    matrix: Attr<Vec<Attr<Vec<Attr<f64>>>>>,
    groups: Attr<BTreeMap<String, Attr<Texts>>>,
    bags: Attr<Vec<Attr<BTreeSet<Attr<String>>>>>,
    point: Attr<Point>,
    pair: Attr<Value>,
    any: Attr<Value>,
    zone: Attr<String>,
    mode: Attr<String>,
    ratio: Attr<f64>,
    tags: Attr<Vec<Attr<String>>>,
    limits: Attr<BTreeMap<String, Attr<i64>>>,
    chosen: Attr<String>,
    kept: Attr<String>,
    kept_list: Attr<Texts>,
    token: Attr<String>,
    secret: Attr<String>,
    password: Attr<String>,
    length: Attr<i64>,
    place: Attr<String>,
    roles: Attr<BTreeSet<Attr<String>>>,
    key: Attr<String>,
}

/// An object whose attributes have no rules of their own.
#[derive(Clone, Model)]
pub struct Point {
    x: Attr<Number>,
    label: Attr<String>,
}

#[derive(Clone, Copy, Model)]
pub enum Level {
    Low,
    High,
}

fn same_letters(a: &Value, b: &Value) -> bool {
    matches!((a.as_str(), b.as_str()), (Some(a), Some(b)) if a.eq_ignore_ascii_case(b))
}

fn texts(names: &[&str]) -> Value {
    Value::List(names.iter().copied().map(Value::from).collect())
}

fn list(element: Type) -> Type {
    Type::List(Box::new(element))
}

impl Thing for Plain {
    const NAME: &'static str = "shapes_plain";

    fn schema() -> Schema {
        let point = Type::object([("x", Type::Number), ("label", Type::String)]);
        let schema = Schema::new("Attributes of every type.")
            .attribute("id", kept::id())
            .attribute("revision", Attribute::integer("How often it was written.").computed())
            .attribute("summary", Attribute::string("What it is about.").computed())
            .attribute("name", Attribute::string("A text that must be there.").required())
            .attribute("text", Attribute::string("A text.").optional())
            .attribute("number", Attribute::number("A number of any length.").optional())
            .attribute("float", Attribute::number("A number that the model rounds.").optional())
            .attribute("integer", Attribute::integer("A whole number.").optional())
            .attribute("small", Attribute::integer("A number between 0 and 255.").optional())
            .attribute("flag", Attribute::bool("True or false.").optional())
            .attribute("level", Attribute::string("One of two texts.").optional())
            .attribute("texts", Attribute::list(Type::String, "Texts.").optional())
            .attribute("given", Attribute::list(Type::String, "Texts of which none is null.").optional())
            .attribute("numbers", Attribute::set(Type::Number, "Numbers.").optional())
            .attribute("words", Attribute::set(Type::String, "Words.").optional())
            .attribute("labels", Attribute::map(Type::String, "Labels.").optional())
            .attribute("matrix", Attribute::list(list(Type::Number), "Rows of numbers.").optional())
            .attribute("groups", Attribute::map(list(Type::String), "Texts by name.").optional())
            .attribute("bags", Attribute::list(Type::Set(Box::new(Type::String)), "Sets of texts.").optional())
            .attribute("point", Attribute::of(point, "An object.").optional())
            .attribute("pair", Attribute::of(Type::Tuple(vec![Type::String, Type::Bool]), "A tuple.").optional())
            .attribute("any", Attribute::of(Type::Dynamic, "Anything.").optional());
        schema
            .attribute("zone", Attribute::string("A default that replaces.").default("eu").requires_replace())
            .attribute("mode", Attribute::string("A default.").default("auto"))
            .attribute("ratio", Attribute::number("A default that is no float.").default(0.1_f64.into_value()))
            .attribute("tags", Attribute::list(Type::String, "A default that is a list.").default(texts(&["a", "b"])))
            .attribute(
                "limits",
                Attribute::map(Type::Number, "A default that is empty.").default(Value::Map(Entries::new())),
            )
            .attribute("chosen", Attribute::string("Chosen again at each change.").optional().computed())
            .attribute("kept", Attribute::string("Chosen once.").optional().computed().use_state_for_unknown())
            .attribute(
                "kept_list",
                Attribute::list(Type::String, "Chosen once.").optional().computed().use_state_for_unknown(),
            )
            .attribute("token", Attribute::string("Generated.").optional().generated_with(random))
            .attribute("secret", Attribute::string("Hidden.").optional().sensitive())
            .attribute("password", Attribute::string("Stored nowhere.").optional().write_only())
            .attribute("length", Attribute::integer("The length of the password.").computed())
            .attribute("place", Attribute::string("A change replaces.").optional().requires_replace())
            .attribute("roles", Attribute::set(Type::String, "A change replaces.").optional().requires_replace())
            .attribute("key", Attribute::string("Case means nothing.").optional().equivalent_when(same_letters))
    }

    fn choose(&mut self, revision: i64) {
        identify(&mut self.id);
        choose(&mut self.revision, || revision);
        choose(&mut self.chosen, random);
        identify(&mut self.kept);
        choose(&mut self.kept_list, || vec![random()]);
        choose(&mut self.length, || 0);
        self.summary = kept::summary_of(&self.name);
    }

    fn revision(&self) -> i64 {
        self.revision.known().copied().unwrap_or_default()
    }

    fn foresee(&mut self) {
        if self.summary.is_unknown() && !self.name.is_unknown() {
            self.summary = kept::summary_of(&self.name);
        }
    }
}
