//! Whether a model can hold what its schema lets in.

use std::any::TypeId;
use std::collections::BTreeMap;

use super::lint::{Check, Kind};
use super::{Attribute, Block, BlockNesting, Nesting, Schema, Shape as Declared};
use crate::function::Signature;
use crate::model::{Kind as Holds, Shape, refused};
use crate::path::AttributePath;
use crate::value::Type;

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
            // As `Timeouts`: whatever attributes there are.
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
            | (Holds::Text | Holds::Choice(_), Type::String)
            | (Holds::Number | Holds::Limited { .. }, Type::Number) => {}
            (Holds::List(element), Type::List(ty) | Type::Set(ty))
            | (Holds::Set(element), Type::Set(ty))
            | (Holds::Map(element), Type::Map(ty)) => self.elements(element, [&**ty], path, configured),
            (Holds::List(element), Type::Tuple(types)) => self.elements(element, types, path, configured),
            (Holds::Map(_) | Holds::Object(_), Type::Object(attributes)) => {
                let names = attributes.keys().map(String::as_str);
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
mod tests {
    use std::collections::{BTreeSet, HashMap, HashSet};

    use super::*;
    use crate::diagnostic::Diagnostics;
    use crate::framework::Declared;
    use crate::model::{Attr, Given, Model};
    use crate::schema::Upgrading;
    use crate::value::{Number, Value};

    fn mistakes_of<M: Model>(kind: Kind, schema: Schema) -> Vec<String> {
        let mut mistakes = Vec::new();
        Declared::new("t_thing", schema).check::<M>(kind, &mut mistakes);
        let strip = |text: String| text.split_once("t_thing").map(|(_, rest)| rest.trim_start_matches(", ").to_owned());
        mistakes.iter().filter_map(|one| strip(one.to_string())).collect()
    }

    /// The mistakes between a schema and its model.
    fn mistakes<M: Model>(schema: Schema) -> Vec<String> {
        mistakes_of::<M>(Kind::Resource, schema)
    }

    fn one(attribute: Attribute) -> Schema {
        Schema::new("A thing.").attribute("it", attribute)
    }

    /// A model of one field named `it`.
    #[derive(Clone, Model)]
    struct It<T> {
        it: T,
    }

    fn strings() -> Attribute {
        Attribute::list(Type::String, "Strings.")
    }

    #[test]
    fn elements_that_can_be_configured_must_be_able_to_be_unknown() {
        let expected = [format!("it: Its model cannot hold an element that is not known yet. {REMEDY}")];
        assert_eq!(mistakes::<It<Attr<Vec<String>>>>(one(strings().required())), expected);
        assert_eq!(mistakes::<It<Attr<Vec<String>>>>(one(strings().optional().computed())), expected);
        assert_eq!(mistakes::<It<Attr<Vec<Option<String>>>>>(one(strings().required())), expected);
        assert_eq!(mistakes::<It<Attr<Vec<String>>>>(one(strings().computed())), [""; 0]);
        assert_eq!(mistakes::<It<Attr<Vec<Attr<String>>>>>(one(strings().required())), [""; 0]);
        assert_eq!(mistakes::<It<Attr<Vec<Given<String>>>>>(one(strings().required())), [""; 0]);
        let map = Attribute::map(Type::String, "It.").optional();
        assert_eq!(mistakes::<It<Attr<BTreeMap<String, String>>>>(one(map)), expected);
    }

    #[test]
    fn an_attribute_must_be_able_to_be_null_and_where_it_is_planned_unknown() {
        let both = "it: Its model cannot hold a null, nor a value that is not known yet. Hold it as an Attr.";
        let unknown = "it: Its model cannot hold a value that is not known yet. Hold it as an Attr.";
        let null = "it: Its model cannot hold a null. Hold it as an Attr.";
        let (computed, optional) = (|| one(Attribute::bool("It.").computed()), one(Attribute::bool("It.").optional()));
        assert_eq!(mistakes::<It<bool>>(computed()), [both]);
        assert_eq!(mistakes::<It<Option<bool>>>(computed()), [unknown]);
        assert_eq!(mistakes::<It<Given<bool>>>(computed()), [null]);
        assert_eq!(mistakes::<It<Attr<bool>>>(computed()), [""; 0]);
        assert_eq!(mistakes::<It<Option<bool>>>(optional), [unknown]);
        assert_eq!(mistakes_of::<It<Option<bool>>>(Kind::DataSource, computed()), [""; 0]);
    }

    #[test]
    fn a_model_of_whole_numbers_needs_an_attribute_of_whole_numbers() {
        let reported = mistakes::<It<Attr<i64>>>(one(Attribute::number("It.").required()));
        let sentence = "it: Its model holds whole numbers only. Declare it with Attribute::integer, or hold it as a \
                        Number or an f64.";
        assert_eq!(reported, [sentence]);
        assert_eq!(mistakes::<It<Attr<i64>>>(one(Attribute::integer("It.").required())), [""; 0]);
        assert_eq!(mistakes::<It<Attr<i64>>>(one(Attribute::number("It.").computed())), [""; 0]);
        assert_eq!(mistakes::<It<Attr<Number>>>(one(Attribute::number("It.").required())), [""; 0]);
    }

    #[test]
    fn a_default_must_be_one_that_the_model_can_hold() {
        let sized = |default: i64| one(Attribute::integer("It.").default(default));
        assert_eq!(mistakes::<It<Attr<u8>>>(sized(256)), ["it: Its model cannot hold its default."]);
        assert_eq!(mistakes::<It<Attr<u8>>>(sized(255)), [""; 0]);
    }

    #[test]
    fn what_the_provider_alone_makes_needs_no_attr_inside() {
        #[derive(Clone, Model)]
        struct Inner {
            id: String,
        }
        let inner =
            |nesting| one(Attribute::nested(nesting, [("id", Attribute::string("Id.").computed())], "It.").computed());
        assert_eq!(mistakes::<It<Attr<Inner>>>(inner(Nesting::Single)), [""; 0]);
        assert_eq!(mistakes::<It<Attr<Vec<Inner>>>>(inner(Nesting::List)), [""; 0]);
        assert_eq!(mistakes::<It<Attr<BTreeMap<String, Inner>>>>(inner(Nesting::Map)), [""; 0]);
    }

    #[test]
    fn types_are_compared() {
        let reported =
            |ty: &str, model: &str| [format!("it: Its model holds another type: {model}, and its schema {ty}.")];
        let string = || one(Attribute::string("It.").required());
        assert_eq!(mistakes::<It<Attr<bool>>>(string()), reported("string", "bool"));
        assert_eq!(mistakes::<It<Attr<Number>>>(string()), reported("string", "number"));
        assert_eq!(mistakes::<It<Attr<Vec<Attr<String>>>>>(string()), reported("string", "list of string"));
        let list = mistakes::<It<Attr<Vec<Attr<bool>>>>>(one(strings().required()));
        assert_eq!(list, reported("string", "bool"));
        let dynamic = || one(Attribute::of(Type::Dynamic, "It.").optional());
        assert_eq!(mistakes::<It<Attr<String>>>(dynamic()), reported("dynamic", "string"));
        assert_eq!(mistakes::<It<Attr<Value>>>(dynamic()), [""; 0]);
        assert_eq!(mistakes::<It<Value>>(string()), [""; 0]);
        assert_eq!(mistakes::<It<Attr<Size>>>(string()), [""; 0]);
        assert_eq!(
            mistakes::<It<Attr<HashSet<Attr<String>>>>>(one(strings().required())),
            reported("list of string", "set of string")
        );
        let set = || one(Attribute::set(Type::String, "It.").optional());
        assert_eq!(mistakes::<It<Attr<HashSet<Attr<String>>>>>(set()), [""; 0]);
        assert_eq!(mistakes::<It<Attr<BTreeSet<Attr<Size>>>>>(set()), [""; 0]);
        let map = || one(Attribute::map(Type::Number, "It.").optional());
        assert_eq!(mistakes::<It<Attr<HashMap<String, Attr<u8>>>>>(map()), [""; 0]);
        assert_eq!(mistakes::<It<Attr<f64>>>(one(Attribute::number("It.").optional())), [""; 0]);
        let whole = "Its model holds another type: bool, and its schema an object.";
        assert_eq!(mistakes::<bool>(string()), [format!(": {whole}").trim_start_matches(", ")]);
    }

    #[test]
    fn the_models_of_upgrades_are_compared_too() {
        async fn upgrade(old: Upgrading<u8, It<Option<bool>>>) -> Result<It<Attr<String>>, Diagnostics> {
            Ok(It { it: old.state.it.map(|it| it.to_string()).into() })
        }
        let reported = |old: Type, now: Attribute, session| {
            let mut mistakes = Vec::new();
            let schema = one(now).version(1).upgrade_model(0, Type::object([("it", old)]), upgrade);
            Check::of(Kind::Resource, "t_thing", &mut mistakes).upgrades(&schema, session);
            mistakes.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let text = || Attribute::string("It.").computed();
        assert_eq!(reported(Type::Bool, text(), TypeId::of::<u8>()), [""; 0]);
        let expected = [
            "resource t_thing: Its upgrade from version 0 is for another session than its own.",
            "resource t_thing, version 0, it: Its model holds another type: bool, and its schema number.",
            "resource t_thing, version 1, it: Its model holds another type: string, and its schema bool.",
        ];
        assert_eq!(reported(Type::Number, Attribute::bool("It.").computed(), TypeId::of::<u16>()), expected);
    }

    #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Model)]
    enum Size {
        Small,
    }

    #[derive(Clone, Model)]
    struct Rule {
        port: Attr<i64>,
        name: Attr<Vec<String>>,
    }

    #[test]
    fn what_is_nested_is_compared_too() {
        let children = || {
            let names = Attribute::list(Type::String, "Names.").optional();
            [("port", Attribute::bool("Port.").required()), ("names", names)]
        };
        let inside = [
            "it.names: Its model has no such field.",
            "it.name: Its model has this field, and its schema no such attribute.",
            "it.port: Its model holds another type: whole number, and its schema bool.",
        ];
        let nested = || one(Attribute::nested(Nesting::List, children(), "It.").optional());
        assert_eq!(mistakes::<It<Attr<Vec<Attr<Rule>>>>>(nested()), inside);
        let reported = mistakes::<It<Attr<Vec<Rule>>>>(nested());
        assert_eq!(reported[0], format!("it: Its model cannot hold an element that is not known yet. {REMEDY}"));
        assert_eq!(reported[1..], inside);
        assert_eq!(
            mistakes::<It<Attr<Rule>>>(nested()),
            ["it: Its model holds another type: object, and its schema a list of objects."]
        );
        // The elements of a block are always known objects.
        let block = children()
            .into_iter()
            .fold(Block::new(BlockNesting::List, "It."), |block, (name, attribute)| block.attribute(name, attribute));
        assert_eq!(mistakes::<It<Attr<Vec<Rule>>>>(Schema::new("A thing.").block("it", block)), inside);
        let plain = Type::object([("port", Type::Number), ("names", Type::List(Box::new(Type::String)))]);
        assert_eq!(mistakes::<It<Attr<Rule>>>(one(Attribute::of(plain, "It.").optional())), inside[..2]);
    }
}
