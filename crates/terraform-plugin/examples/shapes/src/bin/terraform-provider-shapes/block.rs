//! The resource `shapes_block`: blocks of every nesting, inside blocks of every nesting.

use std::collections::{BTreeMap, BTreeSet};

use terraform_plugin::schema::{self, Attribute, BlockNesting, Schema};
use terraform_plugin::value::{Type, Value};
use terraform_plugin::{Attr, Model};

use crate::kept::{self, Thing, choose, identify, random};
use crate::nested::{Disk, disk};

#[derive(Clone, Model)]
pub struct Block {
    id: Attr<String>,
    revision: Attr<i64>,
    summary: Attr<String>,
    name: Attr<String>,
    single: Attr<Single>,
    rule: Attr<Vec<Rule>>,
    disk: Attr<Vec<SetBlock>>,
    network: Attr<Vec<Network>>,
}

/// A block that stands once at most.
#[derive(Clone, Model)]
pub struct Single {
    text: Attr<String>,
    size: Attr<i64>,
    any: Attr<Value>,
    deep: Attr<Deep>,
    step: Attr<Vec<Step>>,
}

#[derive(Clone, Model)]
pub struct Deep {
    text: Attr<String>,
    code: Attr<String>,
}

#[derive(Clone, Model)]
pub struct Step {
    command: Attr<String>,
    args: Attr<Vec<Attr<String>>>,
    token: Attr<String>,
}

#[derive(Clone, Model)]
pub struct Rule {
    port: Attr<u16>,
    proto: Attr<String>,
    id: Attr<String>,
    #[model(rename = "match")]
    matches: Attr<BTreeSet<Attr<Match>>>,
    deep: Attr<Deep>,
}

#[derive(Clone, Model, PartialEq, Eq, PartialOrd, Ord)]
pub struct Match {
    key: Attr<String>,
    values: Attr<BTreeSet<Attr<String>>>,
    weight: Attr<i64>,
}

/// A block without order, with an attribute that has attributes, and more blocks.
#[derive(Clone, Model)]
pub struct SetBlock {
    name: Attr<String>,
    size: Attr<i64>,
    kind: Attr<String>,
    id: Attr<String>,
    status: Attr<String>,
    labels: Attr<BTreeMap<String, Attr<String>>>,
    parts: Attr<Vec<Attr<Disk>>>,
    step: Attr<Vec<Plain>>,
    #[model(rename = "match")]
    matches: Attr<BTreeSet<Match>>,
}

#[derive(Clone, Model)]
pub struct Plain {
    command: Attr<String>,
}

#[derive(Clone, Model)]
pub struct Network {
    cidr: Attr<String>,
    mtu: Attr<i64>,
    address: Attr<String>,
}

fn deep() -> schema::Block {
    schema::Block::new(BlockNesting::Single, "Once at most.")
        .attribute("text", Attribute::string("A text.").optional())
        .attribute("code", Attribute::string("Chosen once.").optional().computed().use_state_for_unknown())
}

fn step() -> schema::Block {
    schema::Block::new(BlockNesting::List, "In order.")
        .attribute("command", Attribute::string("A text.").required())
        .attribute("args", Attribute::list(Type::String, "Texts.").optional())
        .attribute("token", Attribute::string("Generated.").optional().generated_with(random))
}

fn matches() -> schema::Block {
    schema::Block::new(BlockNesting::Set, "Without order.")
        .attribute("key", Attribute::string("A text.").required())
        .attribute("values", Attribute::set(Type::String, "Texts.").optional())
        .attribute("weight", Attribute::integer("A default.").default(1))
}

fn set() -> schema::Block {
    let disks = Attribute::nested(schema::Nesting::List, disk(), "In order.").optional();
    let block = schema::Block::new(BlockNesting::Set, "Without order.")
        .attribute("labels", Attribute::map(Type::String, "Labels.").optional())
        .attribute("parts", disks)
        .block(
            "step",
            schema::Block::new(BlockNesting::List, "In order.")
                .attribute("command", Attribute::string("A text.").optional()),
        )
        .block("match", matches());
    disk().into_iter().fold(block, |block, (name, attribute)| block.attribute(name, attribute))
}

impl Deep {
    fn choose(deep: &mut Attr<Self>) {
        if let Attr::Known(deep) = deep {
            identify(&mut deep.code);
        }
    }
}

impl SetBlock {
    fn choose(&mut self, revision: i64) {
        identify(&mut self.id);
        choose(&mut self.status, || format!("written {revision}"));
        if let Attr::Known(parts) = &mut self.parts {
            for part in parts {
                if let Attr::Known(part) = part {
                    part.choose(revision);
                }
            }
        }
    }
}

/// The blocks that are there.
fn known<T>(blocks: &mut Attr<Vec<T>>) -> &mut [T] {
    if let Attr::Known(blocks) = blocks { blocks } else { &mut [] }
}

impl Thing for Block {
    const NAME: &'static str = "shapes_block";

    fn schema() -> Schema {
        let single = schema::Block::new(BlockNesting::Single, "Once at most.")
            .attribute("text", Attribute::string("A text.").optional())
            .attribute("size", Attribute::integer("A default.").default(5))
            .attribute("any", Attribute::of(Type::Dynamic, "Anything.").optional())
            .block("deep", deep())
            .block("step", step());
        let rule = schema::Block::new(BlockNesting::List, "In order.")
            .attribute("port", Attribute::integer("A number up to 65535.").required())
            .attribute("proto", Attribute::string("A default.").default("tcp"))
            .attribute("id", kept::id())
            .block("match", matches())
            .block("deep", deep());
        let network = schema::Block::new(BlockNesting::List, "A change replaces.")
            .attribute("cidr", Attribute::string("A text.").required())
            .attribute("mtu", Attribute::integer("A default.").default(1500))
            .attribute("address", Attribute::string("Chosen.").computed())
            .requires_replace();
        Schema::new("Blocks in blocks.")
            .attribute("id", kept::id())
            .attribute("revision", Attribute::integer("How often it was written.").computed())
            .attribute("summary", Attribute::string("What it is about.").computed())
            .attribute("name", Attribute::string("A text that must be there.").required())
            .block("single", single)
            .block("rule", rule)
            .block("disk", set())
            .block("network", network)
    }

    fn choose(&mut self, revision: i64) {
        identify(&mut self.id);
        choose(&mut self.revision, || revision);
        self.summary = kept::summary_of(&self.name);
        if let Attr::Known(single) = &mut self.single {
            Deep::choose(&mut single.deep);
        }
        for rule in known(&mut self.rule) {
            identify(&mut rule.id);
            Deep::choose(&mut rule.deep);
        }
        for disk in known(&mut self.disk) {
            disk.choose(revision);
        }
        for network in known(&mut self.network) {
            identify(&mut network.address);
        }
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
