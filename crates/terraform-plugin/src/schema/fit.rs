//! Whether a model can hold what its schema lets in.

use std::any::TypeId;
use std::collections::BTreeMap;

use super::mistake::{Check, Kind};
use super::{Attribute, Block, BlockNesting, Nesting, Schema, Shape as Declared, Signature};
use crate::model::{Kind as Holds, Shape, refused};
use crate::path::AttributePath;
use crate::value::{Name, Type};

const NO_BLOCKS: &BTreeMap<String, Block> = &BTreeMap::new();

/// What to do where a configuration can have what the model cannot hold.
const REMEDY: &str = "A configuration can have one there, so hold each as an Attr, or as a Given to let no null in: for \
                      example Attr<Vec<Given<String>>>.";

impl Check<'_> {
    /// Compares a model with a schema, down to the last attribute.
    pub fn model(&mut self, schema: &Schema, model: &Shape) {
        self.object(model, &schema.attributes, &schema.blocks, &AttributePath::root(), true);
    }

    /// Compares the model of a function's arguments with its signature.
    pub fn arguments(&mut self, signature: &Signature, model: &Shape) {
        let parameters: BTreeMap<_, _> =
            signature.parameters.iter().chain(&signature.variadic).map(|one| (one.name.as_str(), one)).collect();
        let names = parameters.keys().copied();
        for (name, mut shape) in self.fields(model, names, &AttributePath::root()).unwrap_or_default() {
            let (path, parameter) = (AttributePath::of(name), parameters[name]);
            if signature.variadic.as_ref().is_some_and(|variadic| variadic.name == name) {
                match shape.kind {
                    Holds::List(element) => shape = *element,
                    Holds::Any => continue,
                    _ => {
                        self.unlike(&shape, "a list of further arguments", &path);
                        continue;
                    }
                }
            }
            self.absence(&shape, parameter.allow_null, parameter.allow_unknown, &path);
            self.plain(&shape, &parameter.ty, &path, parameter.allow_unknown);
        }
    }

    /// Compares the models of upgrades with the types that the states had, and their clients with that of the resource.
    pub fn upgrades(&mut self, schema: &Schema, session: TypeId) {
        let now = schema.object_type();
        let steps = schema.upgrades.steps();
        for step in steps {
            let Some(models) = &step.models else { continue };
            let next = steps.iter().find(|next| next.from == step.from + 1).map_or(&now, |next| &next.ty);
            if models.session != session {
                self.report(
                    None,
                    format!("Its upgrade from version {} is for another session than its own.", step.from),
                );
            }
            for (version, ty, model) in [(step.from, &step.ty, &models.old), (step.from + 1, next, &models.new)] {
                let object = format!("{}, version {version}", self.object);
                let mut check = Check { kind: self.kind, object, mistakes: &mut *self.mistakes };
                check.plain(model, ty, &AttributePath::root(), false);
            }
        }
    }

    /// `open` says whether values can come from anyone but the author: from a configuration, or from a plan.
    fn object(
        &mut self,
        model: &Shape,
        attributes: &BTreeMap<String, Attribute>,
        blocks: &BTreeMap<String, Block>,
        path: &AttributePath,
        open: bool,
    ) {
        let names = attributes.keys().chain(blocks.keys()).map(String::as_str);
        let Some(fields) = self.fields(model, names, path) else { return };
        for (name, shape) in &fields {
            let path = path.clone().attribute(*name);
            if let Some(attribute) = attributes.get(*name) {
                self.field(shape, attribute, &path, open);
            } else if let Some(block) = blocks.get(*name) {
                self.block_field(shape, block, &path, open);
            }
        }
    }

    /// The fields that a model has for these names. Those that it lacks or has in addition are reported.
    fn fields<'n>(
        &mut self,
        model: &Shape,
        names: impl Iterator<Item = &'n str>,
        path: &AttributePath,
    ) -> Option<BTreeMap<&'n str, Shape>> {
        let mut fields: BTreeMap<&str, Shape> = match &model.kind {
            Holds::Any => return None,
            // For example `Timeouts`: whatever attributes there are.
            Holds::Map(element) => return Some(names.map(|name| (name, (**element).clone())).collect()),
            Holds::Object(fields) => fields().into_iter().collect(),
            _ => {
                self.unlike(model, "an object", path);
                return None;
            }
        };
        let mut found = BTreeMap::new();
        for name in names {
            match fields.remove(name) {
                Some(shape) => _ = found.insert(name, shape),
                None => self.report(Some(&path.clone().attribute(name)), "Its model has no such field."),
            }
        }
        for name in fields.keys() {
            let path = path.clone().attribute(*name);
            self.report(Some(&path), "Its model has this field, and its schema no such attribute.");
        }
        Some(found)
    }

    fn field(&mut self, model: &Shape, attribute: &Attribute, path: &AttributePath, open: bool) {
        let configured = open && (attribute.required || attribute.optional);
        let planned = open && attribute.computed && self.kind == Kind::Resource;
        self.absence(model, open, configured || planned, path);
        if let Some(default) = &attribute.default
            && !refused(model, default).is_empty()
        {
            self.report(Some(path), "Its model cannot hold its default.");
        }
        match &attribute.shape {
            Declared::Plain(ty) => {
                if let Holds::Limited { whole: true, .. } = model.kind
                    && configured
                    && *ty == Type::Number
                    && !attribute.whole
                {
                    let remedy = "Declare it with Attribute::integer, or hold it as a Number or an f64.";
                    self.report(Some(path), format!("Its model holds whole numbers only. {remedy}"));
                }
                self.plain(model, ty, path, configured);
            }
            Declared::Nested(nesting, nested) => {
                let element = match (nesting, &model.kind) {
                    (_, Holds::Any) => return,
                    (Nesting::Single, _) => return self.object(model, nested, NO_BLOCKS, path, configured),
                    (Nesting::List | Nesting::Set, Holds::List(element))
                    | (Nesting::Set, Holds::Set(element))
                    | (Nesting::Map, Holds::Map(element)) => element,
                    (Nesting::List, _) => return self.unlike(model, "a list of objects", path),
                    (Nesting::Set, _) => return self.unlike(model, "a set of objects", path),
                    (Nesting::Map, _) => return self.unlike(model, "a map of objects", path),
                };
                if configured {
                    self.element(element, path);
                }
                self.object(element, nested, NO_BLOCKS, path, configured);
            }
        }
    }

    fn block_field(&mut self, model: &Shape, block: &Block, path: &AttributePath, open: bool) {
        self.absence(model, open, open, path);
        let element = match (block.nesting, &model.kind) {
            (_, Holds::Any) => return,
            (BlockNesting::Single, _) => model,
            (BlockNesting::List | BlockNesting::Set, Holds::List(element))
            | (BlockNesting::Set, Holds::Set(element)) => element,
            (BlockNesting::List, _) => return self.unlike(model, "a list of blocks", path),
            (BlockNesting::Set, _) => return self.unlike(model, "a set of blocks", path),
        };
        // None of several blocks is ever null or unknown by itself.
        self.object(element, &block.attributes, &block.blocks, path, open);
    }

    /// A value of a plain type: `configured` if it can come from a configuration.
    fn plain(&mut self, model: &Shape, ty: &Type, path: &AttributePath, configured: bool) {
        match (&model.kind, ty) {
            (Holds::Any, _)
            | (Holds::Bool, Type::Bool)
            | (Holds::Text | Holds::Choice(_) | Holds::Checked(..), Type::String)
            | (Holds::Number | Holds::Limited { .. }, Type::Number) => {}
            (Holds::List(element), Type::List(ty) | Type::Set(ty))
            | (Holds::Set(element), Type::Set(ty))
            | (Holds::Map(element), Type::Map(ty)) => self.elements(element, [&**ty], path, configured),
            (Holds::List(element), Type::Tuple(types)) => self.elements(element, types, path, configured),
            (Holds::Map(_) | Holds::Object(_), Type::Object(attributes)) => {
                let names = attributes.keys().map(Name::as_str);
                for (name, shape) in self.fields(model, names, path).unwrap_or_default() {
                    let path = path.clone().attribute(name);
                    self.absence(&shape, configured, configured, &path);
                    self.plain(&shape, &attributes[name], &path, configured);
                }
            }
            _ => self.unlike(model, &format!("{ty}"), path),
        }
    }

    fn elements<'t>(
        &mut self,
        model: &Shape,
        types: impl IntoIterator<Item = &'t Type>,
        path: &AttributePath,
        configured: bool,
    ) {
        if configured {
            self.element(model, path);
        }
        for ty in types {
            self.plain(model, ty, path, configured);
        }
    }

    /// An element that can come from a configuration. Null is refused there with a message for the user.
    fn element(&mut self, model: &Shape, path: &AttributePath) {
        if !model.unknown {
            self.report(Some(path), format!("Its model cannot hold an element that is not known yet. {REMEDY}"));
        }
    }

    fn absence(&mut self, model: &Shape, null: bool, unknown: bool, path: &AttributePath) {
        let lacks = match (null && !model.null, unknown && !model.unknown) {
            (false, false) => return,
            (true, false) => "a null",
            (false, true) => "a value that is not known yet",
            (true, true) => "a null, nor a value that is not known yet",
        };
        self.report(Some(path), format!("Its model cannot hold {lacks}. Hold it as an Attr."));
    }

    fn unlike(&mut self, model: &Shape, schema: &str, path: &AttributePath) {
        let at = (!path.is_root()).then_some(path);
        self.report(at, format!("Its model holds another type: {model}, and its schema {schema}."));
    }
}

#[cfg(test)]
mod tests;
