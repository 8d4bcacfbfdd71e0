//! What the provider's resources look like, as a user reads it in their documentation: written down once more, so that what the
//! framework makes of the schema is compared with something.

use std::sync::LazyLock;

use terraform_plugin::value::{Entries, Number, Value};
use terraform_plugin_testing::{Feature, has};

use crate::kind::{Field, Holding, Kind};

fn field(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        kind,
        required: false,
        settable: true,
        computed: false,
        keeps: false,
        replaces: false,
        write_only: false,
        caseless: false,
        default: None,
    }
}

fn text(name: &'static str) -> Field {
    field(name, Kind::Text)
}

fn integer(name: &'static str) -> Field {
    field(name, Kind::Integer)
}

fn id() -> Field {
    text("id").kept().computed()
}

fn list(kind: Kind) -> Kind {
    Kind::List(Box::new(kind))
}

fn set(kind: Kind) -> Kind {
    Kind::Set(Box::new(kind))
}

fn map(kind: Kind) -> Kind {
    Kind::Map(Box::new(kind))
}

fn nested(name: &'static str, holding: Holding, fields: Vec<Field>) -> Field {
    field(name, Kind::Nested(holding, fields, has(Feature::NullElements)))
}

fn nested_given(name: &'static str, holding: Holding, fields: Vec<Field>) -> Field {
    field(name, Kind::Nested(holding, fields, false))
}

fn block(name: &'static str, holding: Holding, fields: Vec<Field>) -> Field {
    field(name, Kind::Block(holding, fields))
}

fn head() -> Vec<Field> {
    vec![id(), integer("revision").computed(), text("summary").computed(), text("name").required()]
}

/// A resource.
pub struct Resource {
    pub name: &'static str,
    pub fields: Vec<Field>,
}

/// All of them.
pub static RESOURCES: LazyLock<[Resource; 3]> = LazyLock::new(|| {
    [
        Resource { name: "shapes_plain", fields: plain() },
        Resource { name: "shapes_nested", fields: nesting() },
        Resource { name: "shapes_block", fields: blocks() },
    ]
});

fn plain() -> Vec<Field> {
    let mut fields = head();
    fields.extend([
        text("text"),
        field("number", Kind::Number),
        field("float", Kind::Float),
        integer("integer"),
        field("small", Kind::UpTo(255)),
        field("flag", Kind::Bool),
        field("level", Kind::Level),
        field("texts", list(Kind::Text)),
        field("given", Kind::Given(Box::new(Kind::Text))),
        field("numbers", set(Kind::Number)),
        field("words", set(Kind::Text)),
        field("labels", map(Kind::Text)),
        field("matrix", list(list(Kind::Float))),
        field("groups", map(list(Kind::Text))),
        field("bags", list(set(Kind::Text))),
        field("point", Kind::Object(vec![field("x", Kind::Number), text("label")])),
        field("pair", Kind::Tuple(vec![Kind::Text, Kind::Bool])),
        field("any", Kind::Any),
        text("zone").default("eu").replaces(),
        text("mode").default("auto"),
        field("ratio", Kind::Float).default(tenth()),
        field("tags", list(Kind::Text)).default(Value::List(vec!["a".into(), "b".into()])),
        field("limits", map(Kind::Integer)).default(Value::Map(Entries::new())),
        text("chosen").chosen(),
        text("kept").kept(),
        field("kept_list", list(Kind::Text)).kept(),
        text("token").kept(),
        text("secret"),
        text("password").is(|field| (field.write_only, field.settable) = (true, has(Feature::WriteOnlyAttributes))),
        integer("length").computed(),
        text("place").replaces(),
        field("roles", set(Kind::Text)).replaces(),
        text("key").is(|field| field.caseless = true),
    ]);
    fields
}

fn disk() -> Vec<Field> {
    vec![text("name").required(), integer("size").default(10), text("kind").replaces(), id(), text("status").computed()]
}

fn pair() -> Vec<Field> {
    vec![text("key").required(), text("value")]
}

fn defaulted_pair() -> Vec<Field> {
    vec![text("key").required(), text("value").default("none")]
}

fn one() -> Vec<Field> {
    vec![text("text"), integer("size").default(10), id()]
}

fn preset() -> Vec<Value> {
    vec![
        Value::object([("key", "first".into()), ("value", "1".into())]),
        Value::object([("key", "second".into()), ("value", Value::Null)]),
    ]
}

fn tenth() -> Number {
    "0.1".parse().expect("it is a number")
}

fn nesting() -> Vec<Field> {
    let item =
        vec![field("value", Kind::Float).required(), text("code").kept(), nested("leaves", Holding::Set, disk())];
    let inner = vec![field("words", set(Kind::Text)), nested("items", Holding::Map, item)];
    let several =
        vec![text("text").required(), text("note").default("none"), id(), nested("inner", Holding::Single, inner)];
    let named = vec![text("text"), text("level").chosen(), text("token").kept(), field("numbers", list(Kind::Integer))];
    let link =
        vec![text("to").required(), integer("weight").default(1), nested("hops", Holding::Set, defaulted_pair())];
    let endpoint = vec![text("url").computed(), integer("port").computed()];
    let mut fields = head();
    fields.extend([
        nested("one", Holding::Single, one()),
        nested("several", Holding::List, several),
        nested_given("disks", Holding::Set, disk()),
        nested("pairs", Holding::Set, pair()),
        nested("by_name", Holding::Map, named),
        nested("presets", Holding::List, pair()).default(Value::List(preset())),
        nested("preset_set", Holding::Set, pair()).default(Value::set(preset())),
        nested("chosen", Holding::Single, one()).chosen(),
        nested("endpoints", Holding::List, endpoint).kept().computed(),
        nested_given("links", Holding::Set, link),
        nested("fixed", Holding::Single, defaulted_pair()).replaces(),
    ]);
    fields
}

fn blocks() -> Vec<Field> {
    let deep = || block("deep", Holding::Single, vec![text("text"), text("code").kept()]);
    let matches = || {
        let fields = vec![text("key").required(), field("values", set(Kind::Text)), integer("weight").default(1)];
        block("match", Holding::Set, fields)
    };
    let step = vec![text("command").required(), field("args", list(Kind::Text)), text("token").kept()];
    let single = vec![
        text("text"),
        integer("size").default(5),
        field("any", Kind::Any),
        deep(),
        block("step", Holding::List, step),
    ];
    let rule = vec![field("port", Kind::UpTo(65535)).required(), text("proto").default("tcp"), id(), matches(), deep()];
    let mut set = disk();
    set.extend([
        field("labels", map(Kind::Text)),
        nested("parts", Holding::List, disk()),
        block("step", Holding::List, vec![text("command")]),
        matches(),
    ]);
    let network = vec![text("cidr").required(), integer("mtu").default(1500), text("address").computed()];
    let mut fields = head();
    fields.extend([
        block("single", Holding::Single, single),
        block("rule", Holding::List, rule),
        block("disk", Holding::Set, set),
        block("network", Holding::List, network).replaces(),
    ]);
    fields
}
