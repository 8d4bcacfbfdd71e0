//! What a provider's configuration, resources and data sources look like: attributes, blocks, and the rules of each.
//!
//! A schema is written once and used for everything: it is what Terraform shows and generates documentation from,
//! what configurations are validated with, and what plans are computed from.

mod attribute;
mod block;
mod modifier;
mod validator;

use std::collections::BTreeMap;

pub(crate) use attribute::Shape;
pub use attribute::{Attribute, Nesting};
pub use block::{Block, BlockNesting};
pub use modifier::{PlanModifier, PlannedAttribute, RequiresReplace, UseStateForUnknown};
pub use validator::{AtLeast, LengthAtLeast, OneOf, Validator, check};

use crate::value::Type;

/// The attributes and blocks of an object.
#[derive(Default)]
pub struct Schema {
    pub(crate) version: i64,
    pub(crate) description: String,
    pub(crate) deprecation: Option<String>,
    pub(crate) attributes: BTreeMap<String, Attribute>,
    pub(crate) blocks: BTreeMap<String, Block>,
}

impl Schema {
    /// An empty schema. `description` is Markdown.
    #[must_use]
    pub fn new(description: impl Into<String>) -> Self {
        Self { description: description.into(), ..Self::default() }
    }

    /// The version of the state that this schema describes; 0 unless it ever changed in a way that old states do
    /// not fit (see [`Resource::upgrade_state`](crate::Resource::upgrade_state)).
    #[must_use]
    pub fn version(mut self, version: i64) -> Self {
        self.version = version;
        self
    }

    /// Warns everybody who uses the object. `message` says what to use instead.
    #[must_use]
    pub fn deprecated(mut self, message: impl Into<String>) -> Self {
        self.deprecation = Some(message.into());
        self
    }

    /// Adds an attribute.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<String>, attribute: Attribute) -> Self {
        self.attributes.insert(name.into(), attribute);
        self
    }

    /// Adds a nested block.
    #[must_use]
    pub fn block(mut self, name: impl Into<String>, block: Block) -> Self {
        self.blocks.insert(name.into(), block);
        self
    }

    /// The type of the whole object.
    #[must_use]
    pub fn object_type(&self) -> Type {
        let attributes = self.attributes.iter().map(|(name, attribute)| (name.clone(), attribute.value_type()));
        let blocks = self.blocks.iter().map(|(name, block)| (name.clone(), block.value_type()));
        Type::Object(attributes.chain(blocks).collect())
    }
}
