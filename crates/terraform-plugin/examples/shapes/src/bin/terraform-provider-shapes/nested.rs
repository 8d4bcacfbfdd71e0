//! The resource `shapes_nested`: attributes with attributes of their own, up to four deep.

use std::collections::{BTreeMap, BTreeSet};

use terraform_plugin::schema::{Attribute, Nesting, Schema};
use terraform_plugin::value::{Type, Value};
use terraform_plugin::{Attr, Given, Model};

use crate::kept::{self, Thing, choose, identify, random};

#[derive(Clone, Model)]
pub struct Nested {
    id: Attr<String>,
    revision: Attr<i64>,
    summary: Attr<String>,
    name: Attr<String>,
    one: Attr<One>,
    several: Attr<Vec<Attr<Several>>>,
    disks: Attr<Vec<Given<Disk>>>,
    pairs: Attr<BTreeSet<Attr<Pair>>>,
    by_name: Attr<BTreeMap<String, Attr<Named>>>,
    presets: Attr<Vec<Attr<Pair>>>,
    preset_set: Attr<BTreeSet<Attr<Pair>>>,
    chosen: Attr<One>,
    endpoints: Attr<Vec<Endpoint>>,
    links: Attr<BTreeSet<Given<Link>>>,
    fixed: Attr<Pair>,
}

#[derive(Clone, Model)]
pub struct One {
    text: Attr<String>,
    size: Attr<i64>,
    id: Attr<String>,
}

#[derive(Clone, Model)]
pub struct Several {
    text: Attr<String>,
    note: Attr<String>,
    id: Attr<String>,
    inner: Attr<Inner>,
}

#[derive(Clone, Model)]
pub struct Inner {
    words: Attr<BTreeSet<Attr<String>>>,
    items: Attr<BTreeMap<String, Attr<Item>>>,
}

#[derive(Clone, Model)]
pub struct Item {
    value: Attr<f64>,
    code: Attr<String>,
    leaves: Attr<Vec<Attr<Disk>>>,
}

#[derive(Clone, Model)]
pub struct Disk {
    name: Attr<String>,
    size: Attr<i64>,
    kind: Attr<String>,
    id: Attr<String>,
    status: Attr<String>,
}

#[derive(Clone, Model, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    key: Attr<String>,
    value: Attr<String>,
}

#[derive(Clone, Model)]
pub struct Named {
    text: Attr<String>,
    level: Attr<String>,
    token: Attr<String>,
    numbers: Attr<Vec<Attr<i64>>>,
}

#[derive(Clone, Model)]
pub struct Endpoint {
    url: Attr<String>,
    port: Attr<i64>,
}

/// An element with a set of objects in it.
#[derive(Clone, Model, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    to: Attr<String>,
    weight: Attr<i64>,
    hops: Attr<BTreeSet<Attr<Pair>>>,
}

fn one() -> [(&'static str, Attribute); 3] {
    [
        ("text", Attribute::string("A text.").optional()),
        ("size", Attribute::integer("A size.").default(10)),
        ("id", kept::id()),
    ]
}

pub fn disk() -> [(&'static str, Attribute); 5] {
    [
        ("name", Attribute::string("A name.").required()),
        ("size", Attribute::integer("A size.").default(10)),
        ("kind", Attribute::string("A change replaces.").optional().requires_replace()),
        ("id", kept::id()),
        ("status", Attribute::string("How it is, after each change.").computed()),
    ]
}

fn pair() -> [(&'static str, Attribute); 2] {
    [("key", Attribute::string("A key.").required()), ("value", Attribute::string("A value.").optional())]
}

fn defaulted_pair() -> [(&'static str, Attribute); 2] {
    [("key", Attribute::string("A key.").required()), ("value", Attribute::string("A value.").default("none"))]
}

fn preset() -> Value {
    Value::List(vec![
        Value::object([("key", "first".into()), ("value", "1".into())]),
        Value::object([("key", "second".into()), ("value", Value::Null)]),
    ])
}

fn item() -> [(&'static str, Attribute); 3] {
    [
        ("value", Attribute::number("A number.").required()),
        ("code", Attribute::string("Chosen once.").optional().computed().use_state_for_unknown()),
        ("leaves", Attribute::nested(Nesting::Set, disk(), "Disks, four levels deep.").optional()),
    ]
}

fn several() -> [(&'static str, Attribute); 4] {
    let inner = [
        ("words", Attribute::set(Type::String, "Words.").optional()),
        ("items", Attribute::nested(Nesting::Map, item(), "Items by name.").optional()),
    ];
    [
        ("text", Attribute::string("A text.").required()),
        ("note", Attribute::string("A default.").default("none")),
        ("id", kept::id()),
        ("inner", Attribute::nested(Nesting::Single, inner, "What is inside.").optional()),
    ]
}

fn named() -> [(&'static str, Attribute); 4] {
    [
        ("text", Attribute::string("A text.").optional()),
        ("level", Attribute::string("Chosen again at each change.").optional().computed()),
        ("token", Attribute::string("Generated.").optional().generated_with(random)),
        ("numbers", Attribute::list(Type::Number, "Whole numbers.").optional()),
    ]
}

fn endpoint() -> [(&'static str, Attribute); 2] {
    [("url", Attribute::string("Where.").computed()), ("port", Attribute::integer("Which port.").computed())]
}

fn link() -> [(&'static str, Attribute); 3] {
    [
        ("to", Attribute::string("Where to.").required()),
        ("weight", Attribute::integer("A default.").default(1)),
        ("hops", Attribute::nested(Nesting::Set, defaulted_pair(), "A set in a set.").optional()),
    ]
}

impl One {
    fn choose(&mut self) {
        choose(&mut self.size, || 10);
        identify(&mut self.id);
        choose(&mut self.text, || "chosen");
    }
}

impl Disk {
    pub fn choose(&mut self, revision: i64) {
        identify(&mut self.id);
        choose(&mut self.status, || format!("written {revision}"));
    }
}

impl Several {
    fn choose(&mut self, revision: i64) {
        identify(&mut self.id);
        let Attr::Known(Inner { items: Attr::Known(items), .. }) = &mut self.inner else { return };
        for item in items.values_mut() {
            let Attr::Known(item) = item else { continue };
            identify(&mut item.code);
            let Attr::Known(leaves) = &mut item.leaves else { continue };
            for leaf in leaves {
                if let Attr::Known(leaf) = leaf {
                    leaf.choose(revision);
                }
            }
        }
    }
}

impl Thing for Nested {
    const NAME: &'static str = "shapes_nested";

    fn schema() -> Schema {
        Schema::new("Attributes with attributes of their own.")
            .attribute("id", kept::id())
            .attribute("revision", Attribute::integer("How often it was written.").computed())
            .attribute("summary", Attribute::string("What it is about.").computed())
            .attribute("name", Attribute::string("A text that must be there.").required())
            .attribute("one", Attribute::nested(Nesting::Single, one(), "One object.").optional())
            .attribute("several", Attribute::nested(Nesting::List, several(), "Several in order.").optional())
            .attribute("disks", Attribute::nested(Nesting::Set, disk(), "Several without order.").optional())
            .attribute("pairs", Attribute::nested(Nesting::Set, pair(), "Nothing in it is computed.").optional())
            .attribute("by_name", Attribute::nested(Nesting::Map, named(), "Several by name.").optional())
            .attribute("presets", Attribute::nested(Nesting::List, pair(), "A default.").default(preset()))
            .attribute("preset_set", Attribute::nested(Nesting::Set, pair(), "A default.").default(preset()))
            .attribute("chosen", Attribute::nested(Nesting::Single, one(), "Chosen.").optional().computed())
            .attribute(
                "endpoints",
                Attribute::nested(Nesting::List, endpoint(), "Known once it is there.")
                    .computed()
                    .use_state_for_unknown(),
            )
            .attribute("links", Attribute::nested(Nesting::Set, link(), "Sets in a set.").optional())
            .attribute(
                "fixed",
                Attribute::nested(Nesting::Single, defaulted_pair(), "A change replaces.")
                    .optional()
                    .requires_replace(),
            )
    }

    fn choose(&mut self, revision: i64) {
        identify(&mut self.id);
        choose(&mut self.revision, || revision);
        self.summary = kept::summary_of(&self.name);
        choose(&mut self.chosen, || One { text: Attr::Null, size: 10.into(), id: random().into() });
        for one in [&mut self.one, &mut self.chosen] {
            if let Attr::Known(one) = one {
                one.choose();
            }
        }
        if let Attr::Known(several) = &mut self.several {
            for one in several {
                if let Attr::Known(one) = one {
                    one.choose(revision);
                }
            }
        }
        if let Attr::Known(disks) = &mut self.disks {
            for disk in disks {
                if let Given::Known(disk) = disk {
                    disk.choose(revision);
                }
            }
        }
        if let Attr::Known(named) = &mut self.by_name {
            for one in named.values_mut() {
                if let Attr::Known(one) = one {
                    choose(&mut one.level, || format!("level {revision}"));
                }
            }
        }
        let url = format!("https://{}.example", random());
        choose(&mut self.endpoints, || vec![Endpoint { url: url.into(), port: 443.into() }]);
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
