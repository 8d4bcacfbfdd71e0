//! What a provider's configuration, resources and data sources look like: attributes, blocks, and the
//! validators and modifiers of each.
//!
//! A schema is written once and used for everything: it is what Terraform shows and generates documentation from,
//! what configurations are validated with, and what plans are computed from.

mod attribute;
mod block;
mod block_names;
mod combination;
mod config_validator;
mod default;
mod description;
mod find;
mod fit;
mod identity;
mod lint;
mod literal;
pub(crate) mod mistake;
mod misuse;
mod modifier;
mod modifier_target;
mod path_expression;
mod presence;
mod rules;
mod secrecy;
mod sentences;
mod signature;
mod spelling;
mod spot;
mod text_rule;
mod upgrade;
mod validator;

use std::collections::BTreeMap;

pub(crate) use attribute::Shape;
pub use attribute::{Attribute, Nesting};
pub(crate) use block::Keeps;
pub use block::{Block, BlockNesting};
pub(crate) use block_names::BlockNames;
pub use combination::{AllRequired, AtLeastOneOf, Conflicting, ExactlyOneOf, RequiredTogether};
pub use config_validator::ConfigValidator;
pub(crate) use description::{Composed, Description};
pub use find::Match;
pub use identity::{IdentityAttribute, IdentitySchema};
pub use modifier::{
    PlanModifier, PlannedAttribute, PlannedObject, RequiresReplace, RequiresReplaceIf, RequiresReplaceIfConfigured,
    UseNonNullStateForUnknown, UseStateForUnknown,
};
pub use modifier_target::ModifierTarget;
pub use path_expression::{PathExpression, PathExpressionError};
pub(crate) use sentences::Surroundings;
pub use signature::{Parameter, Signature};
pub(crate) use spot::Spot;
pub(crate) use upgrade::{Means, UpgradeError, Upgrades};
pub use upgrade::{Upgrade, Upgrading};
pub use validator::{
    AllOf, AlsoRequires, AnyOf, AtLeast, AtMost, Between, Bound, CalledFor, ConflictsWith, EachElement, EachKey,
    GreaterThan, IsDuration, IsRequired, IsText, IsTrimmed, IsUrl, LengthAtLeast, LengthAtMost, LengthBetween,
    LessThan, Matches, MultipleOf, Not, OneOf, OneOfCaseInsensitive, Predicate, SizeAtLeast, SizeAtMost, SizeBetween,
    Undescribed, Unique, ValidateRequest, Validator, Warn, predicate,
};
pub(crate) use validator::{Noun, ask, sentence};

use crate::diagnostic::Diagnostics;
use crate::model::Model;
use crate::value::Type;

/// The attributes and blocks of an object.
#[derive(Default)]
pub struct Schema {
    pub(crate) version: i64,
    pub(crate) description: Description,
    pub(crate) noun: Option<String>,
    pub(crate) deprecation: Option<String>,
    pub(crate) attributes: BTreeMap<String, Attribute>,
    pub(crate) blocks: BTreeMap<String, Block>,
    /// The names of attributes and blocks of which there are two. The later ones count.
    pub(crate) twice: Vec<String>,
    pub(crate) config_validators: Vec<Box<dyn ConfigValidator>>,
    pub(crate) identity: Option<IdentitySchema>,
    pub(crate) upgrades: Upgrades,
}

impl Schema {
    /// An empty schema. `description` is Markdown. The framework adds what it knows: what the object requires of Terraform, and
    /// its [`config_validator`](Self::config_validator)s that lead into others.
    #[must_use]
    pub fn new(description: impl Into<String>) -> Self {
        Self { description: Description::from(description), ..Self::default() }
    }

    /// What the object is called in the descriptions that the framework writes, for example `cluster`: "Changing this forces
    /// a new cluster." Without it, it is a resource.
    #[must_use]
    pub fn noun(mut self, noun: impl Into<String>) -> Self {
        self.noun = Some(noun.into());
        self
    }

    /// The description is plain text, not Markdown.
    #[must_use]
    pub fn plain_description(mut self) -> Self {
        self.description = self.description.plain();
        self
    }

    /// The framework adds nothing to the description of the object. Those of its attributes and blocks are not affected.
    #[must_use]
    pub fn description_as_written(mut self) -> Self {
        self.description = self.description.verbatim();
        self
    }

    /// The version of the state that this schema describes; 0 unless it ever changed in a way that old states do
    /// not fit. Each older version needs its [`upgrade`](Self::upgrade).
    #[must_use]
    pub fn version(mut self, version: i64) -> Self {
        self.version = version;
        self
    }

    /// Leads a state that was stored with version `from`, and of that type, to the next version. The steps run one after
    /// the other up to the present version.
    #[must_use]
    pub fn upgrade(mut self, from: i64, ty: Type, upgrade: Upgrade) -> Self {
        self.upgrades.add(from, ty, upgrade);
        self
    }

    /// Leads a state that was stored with version `from`, and of that type, to the next version: with models of both, and where
    /// it has to, with what the provider's `configure` made. `C` is the session of the resource. A schema that was kept gives
    /// its type with [`object_type`](Self::object_type).
    ///
    /// ```
    /// use terraform_plugin::schema::{Attribute, Schema, Upgrading};
    /// use terraform_plugin::value::Type;
    /// use terraform_plugin::{Attr, Diagnostics, Model};
    ///
    /// #[derive(Clone, Model)]
    /// struct OldBook {
    ///     name: Option<String>,
    /// }
    ///
    /// #[derive(Clone, Model)]
    /// struct Book {
    ///     title: Attr<String>,
    /// }
    ///
    /// /// Version 0 called the title a name.
    /// async fn with_title(old: Upgrading<(), OldBook>) -> Result<Book, Diagnostics> {
    ///     Ok(Book { title: old.state.name.into() })
    /// }
    ///
    /// let schema = Schema::new("A book.")
    ///     .version(1)
    ///     .upgrade_model(0, Type::object([("name", Type::String)]), with_title)
    ///     .attribute("title", Attribute::string("The title.").required());
    /// ```
    #[must_use]
    pub fn upgrade_model<C, Old, New, F>(
        mut self,
        from: i64,
        ty: Type,
        upgrade: impl Fn(Upgrading<C, Old>) -> F + Send + Sync + 'static,
    ) -> Self
    where
        C: Send + Sync + 'static,
        Old: Model,
        New: Model,
        F: Future<Output = Result<New, Diagnostics>> + Send + 'static,
    {
        self.upgrades.add_model(from, ty, upgrade);
        self
    }

    /// Adds a validator of several attributes and blocks together, for example
    /// `ExactlyOneOf(&["id", "name"])`.
    #[must_use]
    pub fn config_validator(mut self, validator: impl ConfigValidator) -> Self {
        self.config_validators.push(Box::new(validator));
        self
    }

    /// What names an object of this resource for ever. Only for resources.
    #[must_use]
    pub fn identity(mut self, identity: IdentitySchema) -> Self {
        self.identity = Some(identity);
        self
    }

    /// Warns every user who uses the object. `message` says what to use instead.
    #[must_use]
    pub fn deprecated(mut self, message: impl Into<String>) -> Self {
        self.deprecation = Some(message.into());
        self
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

    /// Adds several attributes, for example those that several objects share.
    ///
    /// ```
    /// use terraform_plugin::schema::{Attribute, Schema};
    ///
    /// let times = ["created_at", "updated_at"].map(|name| (name, Attribute::string("A time.").computed()));
    /// let schema = Schema::new("A book.").attributes(times);
    /// ```
    #[must_use]
    pub fn attributes<N: Into<String>>(self, attributes: impl IntoIterator<Item = (N, Attribute)>) -> Self {
        attributes.into_iter().fold(self, |schema, (name, attribute)| schema.attribute(name, attribute))
    }

    /// Adds a nested block.
    #[must_use]
    pub fn block(mut self, name: impl Into<String>, block: Block) -> Self {
        let name = name.into();
        if self.blocks.insert(name.clone(), block).is_some() {
            self.twice.push(name);
        }
        self
    }

    /// The names of the blocks.
    pub(crate) fn block_names(&self) -> BlockNames {
        self.blocks.iter().map(|(name, block)| (name.clone(), block.block_names())).collect()
    }

    /// The type of the whole object.
    #[must_use]
    pub fn object_type(&self) -> Type {
        let attributes = self.attributes.iter().map(|(name, attribute)| (name.clone(), attribute.value_type()));
        let blocks = self.blocks.iter().map(|(name, block)| (name.clone(), block.value_type()));
        Type::Object(attributes.chain(blocks).collect())
    }
}
