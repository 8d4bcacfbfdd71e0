//! The rules of attributes and of blocks, side by side: what must be configured, and what a change means.
//!
//! Both take the same validators and modifiers, and have a method of the same name for each. A trait would give the two one
//! home, but authors would have to import it to write any schema.

use super::{
    Attribute, Block, ConfigValidator, Keeps, PlanModifier, PlannedAttribute, RequiresReplace, RequiresReplaceIf,
    RequiresReplaceIfConfigured, UseNonNullStateForUnknown, UseStateForUnknown, Validator,
};

impl Attribute {
    /// Adds a validator of the configured value. They are called in the order in which they were added, and only what the first
    /// of them finds is reported: a later one may rely on those before.
    #[must_use]
    pub fn validate(mut self, validator: impl Validator) -> Self {
        self.validators.push(Box::new(validator));
        self
    }

    /// Adds a validator of what stands in each object of a [`nested`](Self::nested) attribute, together.
    ///
    /// ```
    /// use terraform_plugin::schema::{Attribute, ExactlyOneOf, Nesting};
    ///
    /// let address = |what: &str| Attribute::string(format!("The {what} address.")).optional();
    /// let attributes = [("ipv4", address("IPv4")), ("ipv6", address("IPv6"))];
    /// let peers = Attribute::nested(Nesting::Set, attributes, "The peers.")
    ///     .optional()
    ///     .config_validator(ExactlyOneOf(&["ipv4", "ipv6"]));
    /// ```
    #[must_use]
    pub fn config_validator(mut self, validator: impl ConfigValidator) -> Self {
        self.config_validators.push(Box::new(validator));
        self
    }

    /// Adds a modifier of its planned value. They run in the order in which they were added.
    #[must_use]
    pub fn modify(mut self, modifier: impl PlanModifier) -> Self {
        self.modifiers.push(Box::new(modifier));
        self
    }

    /// A change of the attribute replaces the object. In a list or a set, so does an element that is added; one that is
    /// removed does not.
    ///
    /// A value that is unknown in the plan counts as a change, and so does what the attribute stands in: a collection of objects
    /// that is unknown, and a set of which an element is not wholly known. Terraform lets no provider replace an object that it
    /// planned to update.
    #[must_use]
    pub fn requires_replace(self) -> Self {
        self.modify(RequiresReplace)
    }

    /// A change of the attribute replaces the object, unless the attribute is taken out of the configuration.
    #[must_use]
    pub fn requires_replace_if_configured(self) -> Self {
        self.modify(RequiresReplaceIfConfigured)
    }

    /// A change of the attribute replaces the object under a condition, of which `words` say when it is true. It is asked
    /// only about changes of objects that exist.
    ///
    /// ```
    /// use terraform_plugin::schema::Attribute;
    ///
    /// let size = Attribute::integer("The size in GB.").required().requires_replace_if("it shrinks", |size| {
    ///     size.planned.as_i64() < size.prior.as_i64()
    /// });
    /// ```
    #[must_use]
    pub fn requires_replace_if(
        self,
        words: impl Into<String>,
        condition: impl Fn(&PlannedAttribute<'_>) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.modify(RequiresReplaceIf::new(words, condition))
    }

    /// The computed value never changes after the object was created, so plans show it, also if it is null. In a set it stays
    /// with the element that has the same configured values; in a list with the one at the same place. An element that is
    /// added does not have it yet.
    #[must_use]
    pub fn use_state_for_unknown(self) -> Self {
        self.modify(UseStateForUnknown)
    }

    /// The computed value never changes once it is set, so plans show it. As long as it is null, an update may still set it.
    #[must_use]
    pub fn use_non_null_state_for_unknown(self) -> Self {
        self.modify(UseNonNullStateForUnknown)
    }
}

impl Block {
    /// Adds a validator of all blocks of this name together: how many there may be, or what else must be set. As with
    /// attributes, only what the first of them finds is reported, and they are not called if there is no block, unless they ask
    /// for it.
    ///
    /// ```
    /// use terraform_plugin::schema::{Block, BlockNesting, ConflictsWith, SizeAtMost};
    ///
    /// let rules = Block::new(BlockNesting::List, "The rules.").validate(SizeAtMost(10)).validate(ConflictsWith(&["policy"]));
    /// ```
    #[must_use]
    pub fn validate(mut self, validator: impl Validator) -> Self {
        self.validators.push(Box::new(validator));
        self
    }

    /// Adds a validator of what stands in each block, together.
    ///
    /// ```
    /// use terraform_plugin::schema::{Attribute, Block, BlockNesting, RequiredTogether};
    ///
    /// let login = Block::new(BlockNesting::Single, "The login.")
    ///     .attribute("user", Attribute::string("The user.").optional())
    ///     .attribute("password", Attribute::string("The password.").optional().sensitive())
    ///     .config_validator(RequiredTogether(&["user", "password"]));
    /// ```
    #[must_use]
    pub fn config_validator(mut self, validator: impl ConfigValidator) -> Self {
        self.config_validators.push(Box::new(validator));
        self
    }

    /// Adds a modifier of what is planned for all blocks of this name together.
    #[must_use]
    pub fn modify(mut self, modifier: impl PlanModifier) -> Self {
        self.modifiers.push(Box::new(modifier));
        self
    }

    /// A change of what stands in the block, or of how often it stands, replaces the object.
    #[must_use]
    pub fn requires_replace(self) -> Self {
        self.modify(RequiresReplace)
    }

    /// The same, unless the block is taken out of the configuration as a whole.
    #[must_use]
    pub fn requires_replace_if_configured(self) -> Self {
        self.modify(RequiresReplaceIfConfigured)
    }

    /// The same under a condition: see [`Attribute::requires_replace_if`].
    #[must_use]
    pub fn requires_replace_if(
        self,
        words: impl Into<String>,
        condition: impl Fn(&PlannedAttribute<'_>) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.modify(RequiresReplaceIf::new(words, condition))
    }

    /// What the provider has chosen for a [`computed`](Self::computed) block never changes, so plans show it, also if it has
    /// chosen to have none.
    #[must_use]
    pub fn use_state_for_unknown(mut self) -> Self {
        self.keeps = Some(Keeps::Any);
        self
    }

    /// The same, but where the provider has chosen to have none of a single block, an update may still choose one.
    #[must_use]
    pub fn use_non_null_state_for_unknown(mut self) -> Self {
        self.keeps = Some(Keeps::NonNull);
        self
    }
}
