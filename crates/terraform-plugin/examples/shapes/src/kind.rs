//! What an attribute or a block of a resource is: its kind, who sets it, and what a change means.

use terraform_plugin::value::{Type, Value};

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
    pub fn is(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    pub fn required(self) -> Self {
        self.is(|field| field.required = true)
    }

    pub fn replaces(self) -> Self {
        self.is(|field| field.replaces = true)
    }

    pub fn default(self, value: impl Into<Value>) -> Self {
        self.is(|field| field.default = Some(value.into()))
    }

    /// The provider chooses it where the configuration does not.
    pub fn chosen(self) -> Self {
        self.is(|field| field.computed = true)
    }

    /// The same, once for ever.
    pub fn kept(self) -> Self {
        self.is(|field| (field.computed, field.keeps) = (true, true))
    }

    /// Only the provider sets it.
    pub fn computed(self) -> Self {
        self.is(|field| (field.computed, field.settable) = (true, false))
    }

    /// Whether this or something inside replaces the object.
    pub fn may_replace(&self) -> bool {
        self.replaces || self.kind.fields().is_some_and(|(_, fields)| fields.iter().any(Self::may_replace))
    }
}
