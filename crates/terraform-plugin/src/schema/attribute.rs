//! One attribute of a schema.

use std::collections::BTreeMap;

use super::text_rule::TextRule;
use super::validator::Whole;
use super::{ConfigValidator, Description, ModifierTarget, PlanModifier, Validator};
use crate::value::{Type, Value};

/// How the objects of a nested attribute are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Nesting {
    /// One object.
    Single,
    /// A list of objects.
    List,
    /// A set of objects.
    Set,
    /// A map from strings to objects.
    Map,
}

/// What an attribute holds: a value of a type, or objects with attributes of their own.
pub(crate) enum Shape {
    Plain(Type),
    Nested(Nesting, BTreeMap<String, Attribute>),
}

/// Whether two values mean the same, for attributes that can be spelled in several ways.
pub(crate) type Equivalence = fn(&Value, &Value) -> bool;

/// Chooses the default for an object that is configured so.
pub(crate) type ChosenDefault = Box<dyn Fn(&Value) -> Value + Send + Sync>;

/// Generates a value.
pub(crate) type Generator = Box<dyn Fn() -> Value + Send + Sync>;

/// One attribute of a [`Schema`](super::Schema): its type, who sets it, its validators and its modifiers.
///
/// An attribute is one of: [`required`](Self::required), [`optional`](Self::optional),
/// [`computed`](Self::computed), or optional and computed.
#[expect(clippy::struct_excessive_bools, reason = "they are the independent flags of the protocol's attribute")]
pub struct Attribute {
    pub(crate) shape: Shape,
    pub(crate) description: Description,
    pub(crate) deprecation: Option<String>,
    pub(crate) required: bool,
    pub(crate) optional: bool,
    pub(crate) computed: bool,
    pub(crate) sensitive: bool,
    pub(crate) write_only: bool,
    /// Only whole numbers pass its validators.
    pub(crate) whole: bool,
    pub(crate) default: Option<Value>,
    pub(crate) chosen_default: Option<ChosenDefault>,
    /// What its description says of the default.
    pub(crate) default_words: Option<String>,
    pub(crate) generator: Option<Generator>,
    pub(crate) equivalence: Option<Equivalence>,
    /// What the texts in it mean. It has brought a validator.
    pub(crate) texts: Option<TextRule>,
    pub(crate) validators: Vec<Box<dyn Validator>>,
    /// Of each object that it holds.
    pub(crate) config_validators: Vec<Box<dyn ConfigValidator>>,
    pub(crate) modifiers: Vec<Box<dyn PlanModifier>>,
    /// The names of nested attributes of which there are two.
    pub(crate) twice: Vec<String>,
}

impl Attribute {
    fn with_shape(shape: Shape, description: impl Into<String>) -> Self {
        Self {
            shape,
            description: Description::from(description),
            deprecation: None,
            required: false,
            optional: false,
            computed: false,
            sensitive: false,
            write_only: false,
            whole: false,
            default: None,
            chosen_default: None,
            default_words: None,
            generator: None,
            equivalence: None,
            texts: None,
            validators: Vec::new(),
            config_validators: Vec::new(),
            modifiers: Vec::new(),
            twice: Vec::new(),
        }
    }

    /// An attribute of any type. `description` is Markdown, and says what it is. The framework adds what it knows: what the
    /// [validators](Self::validate) demand, the [default](Self::default), and what a change of it does. So nobody writes it
    /// twice.
    ///
    /// ```
    /// use terraform_plugin::schema::{Attribute, Between, Schema};
    ///
    /// // Clients get "Number of nodes. Must be a whole number between 1 and 16. Default: `1`. Changing this forces a new cluster."
    /// let nodes = Attribute::integer("Number of nodes.").default(1).validate(Between(1, 16)).requires_replace();
    /// let schema = Schema::new("A cluster.").noun("cluster").attribute("num_nodes", nodes);
    /// ```
    #[must_use]
    pub fn of(ty: Type, description: impl Into<String>) -> Self {
        Self::with_shape(Shape::Plain(ty), description)
    }

    /// A text.
    #[must_use]
    pub fn string(description: impl Into<String>) -> Self {
        Self::of(Type::String, description)
    }

    /// `true` or `false`.
    #[must_use]
    pub fn bool(description: impl Into<String>) -> Self {
        Self::of(Type::Bool, description)
    }

    /// A number.
    #[must_use]
    pub fn number(description: impl Into<String>) -> Self {
        Self::of(Type::Number, description)
    }

    /// A whole number of 64 bits. A fraction, or a number that does not fit, is an error at the attribute.
    #[must_use]
    pub fn integer(description: impl Into<String>) -> Self {
        Self { whole: true, ..Self::number(description).validate(Whole) }
    }

    /// A list of elements of one type.
    #[must_use]
    pub fn list(element: Type, description: impl Into<String>) -> Self {
        Self::of(Type::List(Box::new(element)), description)
    }

    /// A set of elements of one type.
    #[must_use]
    pub fn set(element: Type, description: impl Into<String>) -> Self {
        Self::of(Type::Set(Box::new(element)), description)
    }

    /// A map from strings to elements of one type.
    #[must_use]
    pub fn map(element: Type, description: impl Into<String>) -> Self {
        Self::of(Type::Map(Box::new(element)), description)
    }

    /// Objects that have attributes of their own.
    #[must_use]
    pub fn nested<N: Into<String>>(
        nesting: Nesting,
        attributes: impl IntoIterator<Item = (N, Attribute)>,
        description: impl Into<String>,
    ) -> Self {
        let (mut nested, mut twice) = (BTreeMap::new(), Vec::new());
        for (name, attribute) in attributes {
            let name = name.into();
            if nested.insert(name.clone(), attribute).is_some() {
                twice.push(name);
            }
        }
        Self { twice, ..Self::with_shape(Shape::Nested(nesting, nested), description) }
    }

    /// The configuration must set it.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The configuration may set it.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// The provider sets it; where it is optional too, only when the configuration does not.
    #[must_use]
    pub fn computed(mut self) -> Self {
        self.computed = true;
        self
    }

    /// Terraform hides the value in its output. It still stands in the state.
    #[must_use]
    pub fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// Terraform hands the value over in plan and apply and stores it nowhere: the attribute is null in every plan and
    /// state. Operations find it in [`Operation::config`](crate::Operation::config). As a change of it cannot be seen, pair
    /// it with an attribute that counts its versions. Needs Terraform 1.11; older ones get an error that says so.
    ///
    /// An [`Action`](crate::Action) finds it in its configuration. There it is what may be ephemeral, for example the token that
    /// an ephemeral resource has opened: Terraform leaves such a value out of the plan, and hands it over when it invokes the
    /// action. An ordinary value of a write-only attribute stands in the plan, as all of the action's configuration does.
    #[must_use]
    pub fn write_only(mut self) -> Self {
        self.write_only = true;
        self
    }

    /// Warns every user who sets the attribute. `message` says what to use instead.
    #[must_use]
    pub fn deprecated(mut self, message: impl Into<String>) -> Self {
        self.deprecation = Some(message.into());
        self
    }

    /// The value when the configuration sets none. The attribute becomes optional and computed, as Terraform lets a
    /// provider choose the value of no other.
    #[must_use]
    pub fn default(mut self, value: impl Into<Value>) -> Self {
        let value = value.into();
        // A list becomes a set where it stands for one: the two are never equal. What does not fit is left for the check.
        let (fitted, misfits) = value.clone().fit(&self.value_type());
        self.default = Some(if misfits.is_empty() { fitted } else { value });
        self.optional = true;
        self.computed = true;
        self
    }

    /// What the description says of the default, in place of the value: where the provider puts it in when it reads the
    /// configuration, where it is no plain value, or where a value would say too little.
    ///
    /// ```
    /// use terraform_plugin::schema::Attribute;
    ///
    /// // "URL of the API. Default: the environment variable `EXAMPLE_URL`."
    /// let url = Attribute::string("URL of the API.").optional().default_is("the environment variable `EXAMPLE_URL`");
    /// ```
    #[must_use]
    pub fn default_is(mut self, words: impl Into<String>) -> Self {
        self.default_words = Some(words.into());
        self
    }

    /// The description is plain text, not Markdown. What the framework adds is plain too.
    #[must_use]
    pub fn plain_description(mut self) -> Self {
        self.description = self.description.plain();
        self
    }

    /// The framework adds nothing to the description: clients get what the author wrote, to the letter. Attributes inside are not
    /// affected.
    #[must_use]
    pub fn description_as_written(mut self) -> Self {
        self.description = self.description.verbatim();
        self
    }

    /// The provider generates the value, once for each object, if the configuration sets none: for example a name with something
    /// random in it. The attribute becomes computed, and keeps the value for the life of the object; the one that replaces it has another.
    ///
    /// Plans show the value with Terraform 1.16 and newer, which stores what a plan has generated. With older ones it is known
    /// after apply, and generated just before: a create always finds it in the planned state. An update, too, generates one
    /// for an object that has none.
    ///
    /// Only for resources, and not inside a set. The value stands in the plan and the state, so it is no secret. [`validate_implementation`](crate::validate_implementation())
    /// generates one too, to check its type.
    ///
    /// ```
    /// use std::hash::{BuildHasher as _, Hasher as _, RandomState};
    ///
    /// use terraform_plugin::schema::Attribute;
    ///
    /// let random = || RandomState::new().build_hasher().finish();
    /// let name = Attribute::string("The name.").optional().generated_with(move || format!("server-{:016x}", random()));
    /// ```
    #[must_use]
    pub fn generated_with<T: Into<Value>>(mut self, make: impl Fn() -> T + Send + Sync + 'static) -> Self {
        self.generator = Some(Box::new(move || make().into()));
        self.computed = true;
        self
    }

    /// What a modifier of it works on.
    pub(crate) fn modifier_target(&self) -> ModifierTarget<'static> {
        ModifierTarget {
            noun: "resource",
            configurable: self.required || self.optional,
            becomes_unknown: self.computed && !self.has_default(),
            write_only: self.write_only,
        }
    }

    /// The type of the attribute's value.
    #[must_use]
    pub fn value_type(&self) -> Type {
        match &self.shape {
            Shape::Plain(ty) => ty.clone(),
            Shape::Nested(nesting, attributes) => {
                let object = Type::Object(
                    attributes.iter().map(|(name, attribute)| (name.clone(), attribute.value_type())).collect(),
                );
                match nesting {
                    Nesting::Single => object,
                    Nesting::List => Type::List(Box::new(object)),
                    Nesting::Set => Type::Set(Box::new(object)),
                    Nesting::Map => Type::Map(Box::new(object)),
                }
            }
        }
    }
}
