//! What the provider's resources look like, as a user reads it in their documentation: written down once more, so that what the
//! framework makes of the schema is compared with something.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use terraform_plugin::value::{Number, Type, Value};
use terraform_plugin_testing::version;

/// How objects are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    Single,
    List,
    Set,
    Map,
}

/// What a value may be.
#[derive(Clone, Debug)]
pub enum Kind {
    Text,
    /// One of two texts.
    Level,
    Number,
    /// A number that a float of 64 bits comes near to.
    Float,
    Integer,
    /// A whole number up to this.
    UpTo(u32),
    Bool,
    Any,
    List(Box<Kind>),
    /// A list of which no element may be null.
    Given(Box<Kind>),
    Set(Box<Kind>),
    Map(Box<Kind>),
    Tuple(Vec<Kind>),
    Object(Vec<Field>),
    /// A nested attribute. Whether its elements may be null.
    Nested(Holding, Vec<Field>, bool),
    Block(Holding, Vec<Field>),
}

/// An attribute or a block.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "they are the independent flags of an attribute")]
pub struct Field {
    pub name: &'static str,
    pub kind: Kind,
    pub required: bool,
    /// The configuration may set it.
    pub settable: bool,
    pub computed: bool,
    /// What the provider has chosen stays.
    pub keeps: bool,
    pub replaces: bool,
    pub write_only: bool,
    /// Upper and lower case mean the same.
    pub caseless: bool,
    pub default: Option<Value>,
}

impl Kind {
    /// What each object in it holds.
    pub fn fields(&self) -> Option<(Holding, &[Field])> {
        match self {
            Self::Nested(holding, fields, _) | Self::Block(holding, fields) => Some((*holding, fields)),
            _ => None,
        }
    }

    /// The kind of the elements of a collection without attributes.
    pub fn element(&self) -> Option<&Self> {
        match self {
            Self::List(kind) | Self::Given(kind) | Self::Set(kind) | Self::Map(kind) => Some(kind),
            _ => None,
        }
    }

    /// The type that a state has.
    pub fn ty(&self) -> Type {
        let boxed = |kind: &Self| Box::new(kind.ty());
        match self {
            Self::Text | Self::Level => Type::String,
            Self::Number | Self::Float | Self::Integer | Self::UpTo(_) => Type::Number,
            Self::Bool => Type::Bool,
            Self::Any => Type::Dynamic,
            Self::List(element) | Self::Given(element) => Type::List(boxed(element)),
            Self::Set(element) => Type::Set(boxed(element)),
            Self::Map(element) => Type::Map(boxed(element)),
            Self::Tuple(kinds) => Type::Tuple(kinds.iter().map(Self::ty).collect()),
            Self::Object(fields) => object_type(fields),
            Self::Nested(holding, fields, _) | Self::Block(holding, fields) => {
                let object = object_type(fields);
                match holding {
                    Holding::Single => object,
                    Holding::List => Type::List(Box::new(object)),
                    Holding::Set => Type::Set(Box::new(object)),
                    Holding::Map => Type::Map(Box::new(object)),
                }
            }
        }
    }

    pub fn is_block(&self) -> bool {
        matches!(self, Self::Block(..))
    }

    /// The type of a variable of this kind.
    pub fn variable_type(&self) -> String {
        match self {
            Self::Text | Self::Level => "string".to_owned(),
            Self::Number | Self::Float | Self::Integer | Self::UpTo(_) => "number".to_owned(),
            Self::Bool => "bool".to_owned(),
            Self::List(element) | Self::Given(element) => format!("list({})", element.variable_type()),
            Self::Set(element) => format!("set({})", element.variable_type()),
            Self::Map(element) => format!("map({})", element.variable_type()),
            Self::Any | Self::Tuple(_) | Self::Object(_) | Self::Nested(..) | Self::Block(..) => "any".to_owned(),
        }
    }
}

/// The type of an object that holds these.
pub fn object_type(fields: &[Field]) -> Type {
    Type::object(fields.iter().map(|field| (field.name, field.kind.ty())))
}

impl Field {
    fn is(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    fn required(self) -> Self {
        self.is(|field| field.required = true)
    }

    fn replaces(self) -> Self {
        self.is(|field| field.replaces = true)
    }

    fn default(self, value: impl Into<Value>) -> Self {
        self.is(|field| field.default = Some(value.into()))
    }

    /// The provider chooses it where the configuration does not.
    fn chosen(self) -> Self {
        self.is(|field| field.computed = true)
    }

    /// The same, once for ever.
    fn kept(self) -> Self {
        self.is(|field| (field.computed, field.keeps) = (true, true))
    }

    /// Nobody else sets it.
    fn computed(self) -> Self {
        self.is(|field| (field.computed, field.settable) = (true, false))
    }

    /// Whether this or something inside replaces the object.
    pub fn may_replace(&self) -> bool {
        self.replaces || self.kind.fields().is_some_and(|(_, fields)| fields.iter().any(Self::may_replace))
    }
}

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
    field(name, Kind::Nested(holding, fields, true))
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
        field("limits", map(Kind::Integer)).default(Value::Map(BTreeMap::new())),
        text("chosen").chosen(),
        text("kept").kept(),
        field("kept_list", list(Kind::Text)).kept(),
        text("token").kept(),
        text("secret"),
        text("password").is(|field| (field.write_only, field.settable) = (true, version() >= (1, 11))),
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
