//! Nested blocks.

use std::collections::BTreeMap;

use super::{Attribute, BlockNames, ConfigValidator, Description, ModifierTarget, PlanModifier, Validator};
use crate::value::Type;

/// How often a block may stand, and how its contents are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BlockNesting {
    /// At most once. Null when it is absent.
    Single,
    /// Any number of times, in order. Empty when it is absent, never null.
    List,
    /// Any number of times, without order. Empty when it is absent, never null.
    Set,
}

/// Which state of a computed block plans keep.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keeps {
    Any,
    NonNull,
}

/// A block inside an object.
///
/// New schemas should prefer nested attributes; blocks are for what Terraform's users expect to be one, for example `timeouts`.
pub struct Block {
    pub(crate) nesting: BlockNesting,
    pub(crate) description: Description,
    pub(crate) deprecation: Option<String>,
    pub(crate) items: (i64, i64),
    pub(crate) computed: bool,
    pub(crate) keeps: Option<Keeps>,
    pub(crate) attributes: BTreeMap<String, Attribute>,
    pub(crate) blocks: BTreeMap<String, Block>,
    pub(crate) twice: Vec<String>,
    /// Of all blocks of this name together.
    pub(crate) validators: Vec<Box<dyn Validator>>,
    /// Of each block.
    pub(crate) config_validators: Vec<Box<dyn ConfigValidator>>,
    pub(crate) modifiers: Vec<Box<dyn PlanModifier>>,
}

impl Block {
    /// A block without contents. `description` is Markdown. The framework adds what it knows, as with
    /// [attributes](Attribute::of).
    #[must_use]
    pub fn new(nesting: BlockNesting, description: impl Into<String>) -> Self {
        Self {
            nesting,
            description: Description::from(description),
            deprecation: None,
            items: (0, 0),
            computed: false,
            keeps: None,
            attributes: BTreeMap::new(),
            blocks: BTreeMap::new(),
            twice: Vec::new(),
            validators: Vec::new(),
            config_validators: Vec::new(),
            modifiers: Vec::new(),
        }
    }

    /// Adds an attribute.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<String>, attribute: Attribute) -> Self {
        let name = name.into();
        if self.attributes.insert(name.clone(), attribute).is_some() {
            self.twice.push(name);
        }
        self
    }

    /// Adds a block inside this one.
    #[must_use]
    pub fn block(mut self, name: impl Into<String>, block: Block) -> Self {
        let name = name.into();
        if self.blocks.insert(name.clone(), block).is_some() {
            self.twice.push(name);
        }
        self
    }

    /// How often the block must and may stand; a `most` of 0 sets no limit. A block that stands once at most is required with
    /// `times(1, 1)`. Terraform itself checks it.
    #[must_use]
    pub fn times(mut self, least: u32, most: u32) -> Self {
        self.items = (least.into(), most.into());
        self
    }

    /// What a modifier of it works on.
    pub(crate) fn modifier_target() -> ModifierTarget<'static> {
        ModifierTarget { noun: "resource", configurable: true, becomes_unknown: false, write_only: false }
    }

    /// The provider chooses the block if the configuration leaves it out, as it does with an attribute that is optional and
    /// computed. The block is unknown then, in a plan that changes something, and a [`Resource::plan`](crate::Resource::plan) may
    /// choose it at once: it finds the block null in the configuration. Whatever is chosen stays while nothing else changes, and what
    /// was written stays when it is left out later.
    ///
    /// Only for resources, and not inside a set. Everything in the block must be computed too, and it cannot be required.
    ///
    /// This needs Terraform 1.16. Older ones pass over it in the schema, so their users get an error that asks for the block.
    #[must_use]
    pub fn computed(mut self) -> Self {
        self.computed = true;
        self
    }

    /// Another description, for a block that several objects share. What was said of the one before, for example that it is plain,
    /// does not hold for it.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Description::from(description);
        self
    }

    /// The description is plain text, not Markdown. What the framework adds is plain too.
    #[must_use]
    pub fn plain_description(mut self) -> Self {
        self.description = self.description.plain();
        self
    }

    /// The framework adds nothing to the description of the block. Those of its attributes and blocks are not affected.
    #[must_use]
    pub fn description_as_written(mut self) -> Self {
        self.description = self.description.verbatim();
        self
    }

    /// Warns every user who writes the block. `message` says what to use instead.
    #[must_use]
    pub fn deprecated(mut self, message: impl Into<String>) -> Self {
        self.deprecation = Some(message.into());
        self
    }

    /// The names of the blocks inside.
    pub(crate) fn block_names(&self) -> BlockNames {
        self.blocks.iter().map(|(name, block)| (name.clone(), block.block_names())).collect()
    }

    /// The type of the block's value.
    #[must_use]
    pub fn value_type(&self) -> Type {
        let attributes = self.attributes.iter().map(|(name, attribute)| (name.clone(), attribute.value_type()));
        let blocks = self.blocks.iter().map(|(name, block)| (name.clone(), block.value_type()));
        let object = Type::Object(attributes.chain(blocks).collect());
        match self.nesting {
            BlockNesting::Single => object,
            BlockNesting::List => Type::List(Box::new(object)),
            BlockNesting::Set => Type::Set(Box::new(object)),
        }
    }
}
