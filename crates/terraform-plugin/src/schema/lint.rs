//! Finds mistakes in schemas before Terraform does: it would only say that there is a bug in the provider.

use std::collections::BTreeMap;

use super::mistake::{Check, Kind};
use super::{Attribute, Block, BlockNesting, Nesting, PathExpression, Schema, Shape, Spot};
use crate::path::AttributePath;
use crate::value::Type;

/// What to say of a modifier that is never called.
const PLANNING: &str = "Only resources are planned: modifiers, requires_replace, use_state_for_unknown and equivalent_when have \
                        no meaning here.";

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

/// The type of the one value to which a path expression leads.
fn value_at(schema: &Schema, place: &str) -> Option<Type> {
    let place: PathExpression = place.parse().ok().filter(PathExpression::leads_to_one)?;
    match place.in_schema(&[Spot::root(schema)]).ok()? {
        Spot::Attribute(attribute) => Some(attribute.value_type()),
        Spot::Plain(ty) => Some(ty.clone()),
        Spot::Object(..) | Spot::Block(_) => None,
    }
}

impl Check<'_> {
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
        self.doubled(schema);
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
        if write_only && (!self.kind.has_write_only() || computed) {
            self.report(at, "Only attributes of resources and actions can be write-only, and they cannot be computed.");
        }
        if required && attribute.default_words.is_some() {
            self.report(at, "It is required, so it has no default for default_is to describe.");
        }
        if has_dynamic_elements(&attribute.value_type()) {
            self.report(at, "The elements of a collection cannot be of dynamic type.");
        }
        if attribute.has_default() && self.kind != Kind::Resource {
            self.report(at, "Only attributes of resources can have a default: put it in where the value is read.");
        }
        if (!attribute.modifiers.is_empty() || attribute.equivalence.is_some()) && self.kind != Kind::Resource {
            self.report(at, PLANNING);
        }
        if attribute.default.is_some() && attribute.chosen_default.is_some() {
            self.report(at, "It has two defaults: one that is chosen by code, and a value that is never used.");
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
        if attribute.has_default() {
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

    /// What an author wrote although the framework adds it.
    fn doubled(&mut self, schema: &Schema) {
        for (path, description) in schema.descriptions(self.kind) {
            for sentence in description.doubled() {
                let mistake = format!("Its description has a sentence that the framework adds by itself: {sentence}");
                self.report(path.as_ref(), mistake);
            }
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
            if let Some(place) = attribute.place(name) {
                match value_at(schema, place) {
                    Some(found) if found == attribute.ty => {}
                    Some(_) => {
                        let sentence = format!("In its identity it has another type than {place} in its state.");
                        self.report(Some(&path), sentence);
                    }
                    None => {
                        let sentence = format!("Its identity takes it from {place}, which is no value in its state.");
                        self.report(Some(&path), sentence);
                    }
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
mod tests;
