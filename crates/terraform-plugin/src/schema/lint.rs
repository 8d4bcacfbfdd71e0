//! Finds mistakes in schemas before Terraform does: it would only say that there is a bug in the provider.

use std::collections::BTreeMap;
use std::fmt;

use super::{Attribute, Block, BlockNesting, Nesting, Schema, Shape};
use crate::path::AttributePath;
use crate::value::Type;

/// A mistake of a provider's author.
#[derive(Clone, Debug, PartialEq)]
pub struct Mistake {
    /// The object, for example `resource example_thing`.
    pub object: String,
    /// The attribute or block in it; `None` if the mistake concerns the whole object.
    pub path: Option<AttributePath>,
    /// What is wrong, in a sentence.
    pub sentence: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) => write!(f, "{}, {path}: {}", self.object, self.sentence),
            None => write!(f, "{}: {}", self.object, self.sentence),
        }
    }
}

/// What a schema describes, as each kind allows something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Provider,
    ProviderMeta,
    Resource,
    DataSource,
    Ephemeral,
    List,
    Action,
}

impl Kind {
    fn noun(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::ProviderMeta => "provider meta",
            Self::Resource => "resource",
            Self::DataSource => "data source",
            Self::Ephemeral => "ephemeral resource",
            Self::List => "list resource",
            Self::Action => "action",
        }
    }

    /// Whether it gives values back to the configuration.
    fn has_results(self) -> bool {
        matches!(self, Self::Resource | Self::DataSource | Self::Ephemeral)
    }

    /// The names that Terraform keeps for itself in such a block.
    fn reserved(self) -> &'static [&'static str] {
        match self {
            Self::Provider => &["alias", "version"],
            Self::ProviderMeta => &[],
            Self::Resource | Self::DataSource | Self::Ephemeral | Self::Action | Self::List => {
                &["connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"]
            }
        }
    }
}

/// Collects the mistakes of one object.
pub(crate) struct Check<'a> {
    pub(super) kind: Kind,
    pub(super) object: String,
    pub(super) mistakes: &'a mut Vec<Mistake>,
}

/// What to say of a name that Terraform does not take.
pub(crate) const NAMES: &str =
    "A name is made of lower-case letters, digits and underscores, and begins with no digit.";

/// What to say of a modifier that is never called.
const PLANNING: &str = "Only resources are planned: modifiers, requires_replace, use_state_for_unknown and equivalent_when have \
                        no meaning here.";

/// Whether Terraform takes this as a name.
pub(crate) fn is_name(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_ascii_lowercase() || first == '_')
        && letters.all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
}

/// Whether a value of the type may be of any type somewhere inside.
fn has_dynamic(ty: &Type) -> bool {
    match ty {
        Type::Dynamic => true,
        Type::Bool | Type::Number | Type::String => false,
        Type::List(element) | Type::Set(element) | Type::Map(element) => has_dynamic(element),
        Type::Tuple(elements) => elements.iter().any(has_dynamic),
        Type::Object(attributes) => attributes.values().any(has_dynamic),
    }
}

/// Whether a collection has elements of dynamic type: all elements of one must have the same type, and there is none.
fn has_dynamic_elements(ty: &Type) -> bool {
    match ty {
        Type::Bool | Type::Number | Type::String | Type::Dynamic => false,
        Type::List(element) | Type::Set(element) | Type::Map(element) => has_dynamic(element),
        Type::Tuple(elements) => elements.iter().any(has_dynamic_elements),
        Type::Object(attributes) => attributes.values().any(has_dynamic_elements),
    }
}

fn has_write_only(attributes: &BTreeMap<String, Attribute>) -> bool {
    attributes.values().any(|attribute| {
        attribute.write_only || matches!(&attribute.shape, Shape::Nested(_, nested) if has_write_only(nested))
    })
}

fn has_generator(attributes: &BTreeMap<String, Attribute>) -> bool {
    attributes.values().any(|attribute| {
        attribute.generator.is_some() || matches!(&attribute.shape, Shape::Nested(_, nested) if has_generator(nested))
    })
}

fn has_computed(blocks: &BTreeMap<String, Block>) -> bool {
    blocks.values().any(|block| block.computed || has_computed(&block.blocks))
}

impl<'a> Check<'a> {
    pub fn of(kind: Kind, name: &str, mistakes: &'a mut Vec<Mistake>) -> Self {
        let object = if name.is_empty() { kind.noun().to_owned() } else { format!("{} {name}", kind.noun()) };
        Self { kind, object, mistakes }
    }

    /// For a function, which has a signature in place of a schema.
    pub fn of_function(name: &str, mistakes: &'a mut Vec<Mistake>) -> Self {
        Self { kind: Kind::DataSource, object: format!("function {name}"), mistakes }
    }

    pub fn report(&mut self, path: Option<&AttributePath>, sentence: impl Into<String>) {
        let (object, path, sentence) = (self.object.clone(), path.cloned(), sentence.into());
        self.mistakes.push(Mistake { object, path, sentence });
    }

    pub fn name_of_object(&mut self, name: &str) {
        if !is_name(name) {
            self.report(None, NAMES);
        }
    }

    pub fn schema(&mut self, schema: &Schema) {
        if schema.description.is_empty() && self.kind != Kind::ProviderMeta {
            self.report(None, "It has no description.");
        }
        for name in schema.attributes.keys().chain(schema.blocks.keys()) {
            if self.kind.reserved().contains(&name.as_str()) {
                self.report(Some(&AttributePath::of(name)), "Terraform keeps this name for itself.");
            }
        }
        self.twice(&schema.twice, &AttributePath::root());
        self.level(&schema.attributes, &schema.blocks, &AttributePath::root(), false);
        self.misuse(schema);
        self.versions(schema);
        self.identity(schema);
    }

    fn level(
        &mut self,
        attributes: &BTreeMap<String, Attribute>,
        blocks: &BTreeMap<String, Block>,
        path: &AttributePath,
        repeated: bool,
    ) {
        for (name, attribute) in attributes {
            let path = path.clone().attribute(name);
            self.name(name, &path);
            self.attribute(attribute, &path);
        }
        for (name, block) in blocks {
            let path = path.clone().attribute(name);
            self.name(name, &path);
            if attributes.contains_key(name) {
                self.report(Some(&path), "There is an attribute and a block of this name.");
            }
            self.block(block, &path, repeated);
        }
    }

    fn twice(&mut self, names: &[String], path: &AttributePath) {
        for name in names {
            self.report(Some(&path.clone().attribute(name)), "There are two of this name.");
        }
    }

    fn name(&mut self, name: &str, path: &AttributePath) {
        if !is_name(name) {
            self.report(Some(path), NAMES);
        }
    }

    fn attribute(&mut self, attribute: &Attribute, path: &AttributePath) {
        let Attribute { required, optional, computed, write_only, .. } = *attribute;
        let at = Some(path);
        if attribute.description.is_empty() && self.kind != Kind::ProviderMeta {
            self.report(at, "It has no description.");
        }
        if required && (optional || computed) {
            self.report(at, "It is required, so it can be neither optional nor computed (a default makes it both).");
        }
        if !required && !optional && !computed {
            self.report(at, "It must be required, optional or computed.");
        }
        if computed && !self.kind.has_results() {
            self.report(at, "It cannot be computed: this kind of object gives no values back.");
        }
        if write_only && (self.kind != Kind::Resource || computed) {
            self.report(at, "Only attributes of resources can be write-only, and they cannot be computed.");
        }
        if has_dynamic_elements(&attribute.value_type()) {
            self.report(at, "The elements of a collection cannot be of dynamic type.");
        }
        if attribute.default.is_some() && self.kind != Kind::Resource {
            self.report(at, "Only attributes of resources can have a default: put it in where the value is read.");
        }
        if (!attribute.modifiers.is_empty() || attribute.equivalence.is_some()) && self.kind != Kind::Resource {
            self.report(at, PLANNING);
        }
        if let Some(default) = &attribute.default
            && default.to_msgpack(&attribute.value_type()).is_err()
        {
            self.report(at, "Its default is of another type.");
        }
        self.generator(attribute, path);
        if let Shape::Nested(nesting, nested) = &attribute.shape {
            if *nesting == Nesting::Set && has_generator(nested) {
                self.report(at, "Attributes inside a set cannot be generated: its elements cannot be distinguished.");
            }
            if *nesting == Nesting::Set && has_write_only(nested) {
                self.report(at, "Attributes inside a set cannot be write-only.");
            }
            self.twice(&attribute.twice, path);
            // Elements of dynamic type were reported above.
            self.level(nested, &BTreeMap::new(), path, false);
        }
    }

    fn generator(&mut self, attribute: &Attribute, path: &AttributePath) {
        let Some(generate) = &attribute.generator else { return };
        if self.kind != Kind::Resource {
            self.report(Some(path), "Only attributes of resources can be generated.");
        }
        if attribute.default.is_some() {
            self.report(Some(path), "It has a default, so that it is never generated.");
        }
        if generate().to_msgpack(&attribute.value_type()).is_err() {
            self.report(Some(path), "What is generated for it is of another type.");
        }
    }

    /// `repeated` says that it stands inside a block that may stand several times.
    fn block(&mut self, block: &Block, path: &AttributePath, repeated: bool) {
        self.twice(&block.twice, path);
        let (least, most) = block.items;
        if most != 0 && least > most {
            self.report(Some(path), "It must stand more often than it may.");
        }
        if block.nesting == BlockNesting::Single && (least, most) != (0, 0) && (least, most) != (1, 1) {
            self.report(Some(path), "A block that stands at most once is either optional or required: times(1, 1).");
        }
        self.computed_block(block, path);
        if block.nesting == BlockNesting::Set {
            if has_computed(&block.blocks) {
                self.report(
                    Some(path),
                    "Blocks inside a set cannot be computed: its elements cannot be distinguished.",
                );
            }
            if has_generator(&block.attributes) {
                self.report(
                    Some(path),
                    "Attributes inside a set cannot be generated: its elements cannot be distinguished.",
                );
            }
            if has_write_only(&block.attributes) {
                self.report(Some(path), "Attributes inside a set cannot be write-only.");
            }
        }
        // What stands in an inner block is reported there.
        let inner = block.attributes.values().map(Attribute::value_type).any(|ty| has_dynamic(&ty));
        if inner && (repeated || block.nesting != BlockNesting::Single) {
            self.report(
                Some(path),
                "Attributes inside a block that may stand several times cannot be of dynamic type.",
            );
        }
        if !block.modifiers.is_empty() && self.kind != Kind::Resource {
            self.report(Some(path), PLANNING);
        }
        self.level(&block.attributes, &block.blocks, path, repeated || block.nesting != BlockNesting::Single);
    }

    /// What Terraform wants of a computed block, and of what is in it.
    fn computed_block(&mut self, block: &Block, path: &AttributePath) {
        if !block.computed {
            return;
        }
        if self.kind != Kind::Resource {
            self.report(Some(path), "Only blocks of resources can be computed.");
        }
        if block.items.0 > 0 {
            self.report(Some(path), "It is required, so it cannot be computed.");
        }
        let attributes = block.attributes.iter().filter(|(_, one)| !one.computed).map(|(name, _)| name);
        let blocks = block.blocks.iter().filter(|(_, one)| !one.computed).map(|(name, _)| name);
        for name in attributes.chain(blocks) {
            self.report(
                Some(&path.clone().attribute(name)),
                "It stands in a computed block, so it must be computed too.",
            );
        }
    }

    fn versions(&mut self, schema: &Schema) {
        let versions: Vec<_> = schema.upgrades.versions().collect();
        let first = versions.first().copied().unwrap_or(schema.version);
        if versions != (first..schema.version).collect::<Vec<_>>() {
            self.report(None, format!("Its upgrades do not lead step by step to version {}.", schema.version));
        }
    }

    fn identity(&mut self, schema: &Schema) {
        let Some(identity) = &schema.identity else { return };
        if self.kind != Kind::Resource {
            self.report(None, "Only resources have an identity.");
        }
        if identity.attributes.values().all(|attribute| attribute.optional) {
            self.report(None, "Its identity has no attribute that an import must name.");
        }
        self.twice(&identity.twice, &AttributePath::root());
        for (name, attribute) in &identity.attributes {
            let path = AttributePath::of(name);
            let source = attribute.taken_from.as_ref().unwrap_or(name);
            match schema.attributes.get(source) {
                Some(found) if found.value_type() == attribute.ty => {}
                Some(_) => {
                    self.report(
                        Some(&path),
                        format!("In its identity it has another type than {source} in its state."),
                    );
                }
                None => {
                    self.report(
                        Some(&path),
                        format!("Its identity takes it from {source}, which is not in its state."),
                    );
                }
            }
            let simple = |ty: &Type| matches!(ty, Type::Bool | Type::Number | Type::String);
            if !simple(&attribute.ty) && !matches!(&attribute.ty, Type::List(element) if simple(element)) {
                self.report(Some(&path), "An identity holds texts, numbers, bools and lists of these.");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AtLeastOneOf, IdentityAttribute, IdentitySchema};
    use super::*;

    fn reported(kind: Kind, schema: &Schema) -> Vec<String> {
        let mut mistakes = Vec::new();
        Check::of(kind, "t_thing", &mut mistakes).schema(schema);
        mistakes.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_good_schema_has_no_mistakes() {
        let nested = [("port", Attribute::integer("A port.").required())];
        let schema = Schema::new("A thing.")
            .version(1)
            .upgrade(0, Type::object([("id", Type::String)]), Ok)
            .attribute("id", Attribute::string("Id.").computed())
            .attribute("size", Attribute::integer("Size.").default(1))
            .attribute("secret", Attribute::string("Secret.").optional().write_only())
            .attribute("rules", Attribute::nested(Nesting::Set, nested, "Rules.").optional())
            .block("window", Block::new(BlockNesting::Single, "Window.").times(1, 1))
            .config_validator(AtLeastOneOf(&["size", "secret"]))
            .identity(IdentitySchema::of("id", "The id."));
        assert_eq!(reported(Kind::Resource, &schema), [""; 0]);
    }

    #[test]
    fn every_mistake_names_its_place() {
        let dynamic = Type::List(Box::new(Type::Dynamic));
        let secret = [("secret", Attribute::string("Secret.").required().write_only())];
        let schema = Schema::new("")
            .version(3)
            .upgrade(0, Type::object([("id", Type::String)]), Ok)
            .attribute("Bad", Attribute::string("Bad.").required())
            .attribute("nobody", Attribute::string(""))
            .attribute("count", Attribute::integer("Count.").required().default(1))
            .attribute("any", Attribute::of(dynamic, "Any.").optional())
            .attribute("default", Attribute::string("Default.").default(true))
            .attribute("hidden", Attribute::string("Hidden.").computed().write_only())
            .attribute("set", Attribute::nested(Nesting::Set, secret, "Set.").optional())
            .block("nobody", Block::new(BlockNesting::Single, "Twice.").times(0, 2))
            .config_validator(AtLeastOneOf(&["none"]))
            .identity(IdentitySchema::of("key", "The key."));
        insta::assert_snapshot!(reported(Kind::Resource, &schema).join("\n"));
    }

    #[test]
    fn a_dynamic_attribute_in_a_repeated_block_is_told() {
        let any = || Attribute::of(Type::Dynamic, "Any.").optional();
        let block = |nesting| Block::new(nesting, "Block.").attribute("any", any());
        let single = Block::new(BlockNesting::Single, "Single.").attribute("any", any());
        let schema = Schema::new("A thing.")
            .attribute("any", any())
            .attribute("nested", Attribute::nested(Nesting::List, [("any", any())], "Nested.").optional())
            .block("list", block(BlockNesting::List))
            .block("set", block(BlockNesting::Set))
            .block("single", block(BlockNesting::Single))
            .block("outer", Block::new(BlockNesting::List, "Outer.").block("inner", single));
        let sentence = "Attributes inside a block that may stand several times cannot be of dynamic type.";
        let expected = [
            "resource t_thing, nested: The elements of a collection cannot be of dynamic type.".to_owned(),
            format!("resource t_thing, list: {sentence}"),
            format!("resource t_thing, outer.inner: {sentence}"),
            format!("resource t_thing, set: {sentence}"),
        ];
        assert_eq!(reported(Kind::Resource, &schema), expected);
    }

    #[test]
    fn what_is_never_planned_has_no_rules_for_it() {
        let schema = || {
            Schema::new("A thing.")
                .attribute("scope", Attribute::string("Scope.").default("all"))
                .attribute("id", Attribute::string("Id.").computed().use_state_for_unknown())
                .block("rule", Block::new(BlockNesting::List, "Rule.").requires_replace())
        };
        assert_eq!(reported(Kind::Resource, &schema()), [""; 0]);
        for kind in [Kind::DataSource, Kind::Ephemeral] {
            let noun = kind.noun();
            let expected = [
                format!("{noun} t_thing, id: {PLANNING}"),
                format!(
                    "{noun} t_thing, scope: Only attributes of resources can have a default: put it in where the value is \
                     read."
                ),
                format!("{noun} t_thing, rule: {PLANNING}"),
            ];
            assert_eq!(reported(kind, &schema()), expected);
        }
    }

    #[test]
    fn a_name_that_stands_twice_is_told() {
        let text = || Attribute::string("Text.").optional();
        let schema = Schema::new("A thing.")
            .attribute("a", text())
            .attribute("a", text())
            .attribute("nested", Attribute::nested(Nesting::List, [("b", text()), ("b", text())], "Nested.").optional())
            .block("c", Block::new(BlockNesting::List, "C.").attribute("d", text()).attribute("d", text()))
            .block("e", Block::new(BlockNesting::List, "E."))
            .block("e", Block::new(BlockNesting::List, "E."))
            .identity(IdentitySchema::of("a", "A.").attribute("a", IdentityAttribute::string("A.")));
        let expected = ["a", "e", "nested.b", "c.d", "a"];
        assert_eq!(
            reported(Kind::Resource, &schema),
            expected.map(|path| format!("resource t_thing, {path}: There are two of this name."))
        );
    }

    #[test]
    fn a_generated_value_has_its_place_and_type() {
        let label = || Attribute::string("Label.").generated_with(|| "label");
        let schema = Schema::new("A thing.")
            .attribute("default", label().default("a"))
            .attribute("size", Attribute::integer("Size.").generated_with(|| "big"))
            .attribute("rules", Attribute::nested(Nesting::Set, [("label", label())], "Rules.").optional())
            .block("disk", Block::new(BlockNesting::Set, "Disks.").attribute("label", label()))
            .block("port", Block::new(BlockNesting::List, "Ports.").attribute("label", label()));
        let in_set = "Attributes inside a set cannot be generated: its elements cannot be distinguished.";
        let expected = [
            "resource t_thing, default: It has a default, so that it is never generated.".to_owned(),
            format!("resource t_thing, rules: {in_set}"),
            "resource t_thing, size: What is generated for it is of another type.".to_owned(),
            format!("resource t_thing, disk: {in_set}"),
        ];
        assert_eq!(reported(Kind::Resource, &schema), expected);
        let schema = Schema::new("A source.").attribute("label", label());
        assert_eq!(
            reported(Kind::DataSource, &schema),
            ["data source t_thing, label: Only attributes of resources can be generated."]
        );
    }

    #[test]
    fn a_computed_block_is_computed_throughout() {
        let block = |nesting| Block::new(nesting, "A block.");
        let width = || Attribute::integer("Width.").optional();
        let schema = Schema::new("A thing.")
            .block("good", block(BlockNesting::Set).attribute("width", width().computed()).computed())
            .block(
                "half",
                block(BlockNesting::List).attribute("width", width()).block("in", block(BlockNesting::List)).computed(),
            )
            .block("must", block(BlockNesting::Single).times(1, 1).computed())
            .block("set", block(BlockNesting::Set).block("in", block(BlockNesting::List).computed()));
        let expected = [
            "half.width: It stands in a computed block, so it must be computed too.",
            "half.in: It stands in a computed block, so it must be computed too.",
            "must: It is required, so it cannot be computed.",
            "set: Blocks inside a set cannot be computed: its elements cannot be distinguished.",
        ];
        assert_eq!(reported(Kind::Resource, &schema), expected.map(|one| format!("resource t_thing, {one}")));
        let schema = Schema::new("A source.").block("in", block(BlockNesting::List).computed());
        assert_eq!(
            reported(Kind::DataSource, &schema),
            ["data source t_thing, in: Only blocks of resources can be computed."]
        );
    }

    #[test]
    fn what_only_configures_computes_nothing() {
        let schema = Schema::new("An action.").attribute("id", Attribute::string("Id.").computed());
        let sentence = "action t_thing, id: It cannot be computed: this kind of object gives no values back.";
        assert_eq!(reported(Kind::Action, &schema), [sentence]);
    }
}
