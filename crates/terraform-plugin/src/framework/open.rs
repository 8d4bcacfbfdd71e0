//! What is not known yet of objects in an attribute or a block, and may replace the whole once it is.
//!
//! Terraform plans once more before it applies, when everything is known. If that plan replaces an object that was to be
//! updated, Terraform gives up and speaks of a bug in the provider. So what may replace the object is planned to do so.

use super::item::{Children, Item, NO_BLOCKS};
use crate::diagnostic::Diagnostics;
use crate::path::AttributePath;
use crate::schema::{Attribute, PlanModifier, PlannedAttribute, PlannedObject, Shape};
use crate::value::Value;

/// Whether something in an attribute or a block may turn out to replace the object, where the walk through the planned state
/// does not find it: objects that are unknown as a whole have nothing inside, and elements of a set are distinguished by all that
/// they hold.
pub(super) fn may_replace(item: Item<'_>, config: &Value, prior: &Value, object: PlannedObject<'_>) -> bool {
    let Some(children) = item.children() else { return false };
    match config {
        Value::Unknown(_) => replaces(children, object, &|_| false),
        Value::List(elements) => elements.iter().any(Value::is_unknown) && replaces(children, object, &|_| false),
        Value::Set(elements) => {
            let in_doubt = !elements.iter().all(Value::is_wholly_known);
            in_doubt && replaces(children, object, &|name| is_unused(name, elements, prior))
        }
        // The objects of a map. One object has attributes that are visited each.
        Value::Map(entries) if is_map(item) => {
            entries.values().any(Value::is_unknown) && replaces(children, object, &|_| false)
        }
        _ => false,
    }
}

fn is_map(item: Item<'_>) -> bool {
    item.attribute().is_some_and(|attribute| matches!(attribute.shape, Shape::Nested(crate::schema::Nesting::Map, _)))
}

/// Whether an attribute is null in all elements of a set, as they are configured and as they were.
fn is_unused(name: &str, elements: &[Value], prior: &Value) -> bool {
    let null = |element: &Value| element.get(name).is_some_and(Value::is_null);
    let prior: &[Value] = if let Value::Set(prior) = prior { prior } else { &[] };
    elements.iter().all(null) && prior.iter().all(null)
}

/// Whether a change of something in these replaces the object. `unused` says which of them cannot change.
fn replaces((attributes, blocks): Children<'_>, object: PlannedObject<'_>, unused: &dyn Fn(&str) -> bool) -> bool {
    let inside = |attribute: &Attribute| match &attribute.shape {
        Shape::Nested(_, nested) => replaces((nested, NO_BLOCKS), object, &|_| false),
        Shape::Plain(_) => false,
    };
    let settable = |attribute: &Attribute| attribute.required || attribute.optional;
    attributes.iter().any(|(name, attribute)| {
        settable(attribute) && !unused(name) && (ask(&attribute.modifiers, object) || inside(attribute))
    }) || blocks
        .values()
        .any(|block| ask(&block.modifiers, object) || replaces((&block.attributes, &block.blocks), object, &|_| false))
}

/// Whether one of the modifiers takes a value that is unknown for a reason to replace the object. A modifier that crashes here
/// has its crash reported where it sees a value, as it has its diagnostics.
fn ask(modifiers: &[Box<dyn PlanModifier>], object: PlannedObject<'_>) -> bool {
    let (path, unknown) = (AttributePath::root(), Value::unknown());
    modifiers.iter().any(|modifier| {
        let (mut planned, mut ignored) = (Value::unknown(), Diagnostics::new());
        let mut view = PlannedAttribute {
            path: &path,
            config: &unknown,
            prior: &Value::Null,
            planned: &mut planned,
            object,
            creating: false,
            added: false,
            guessed: true,
            only_computed: false,
            requires_replace: false,
            diagnostics: &mut ignored,
        };
        super::guard::caught("plan", "", || modifier.modify(&mut view)).is_ok() && view.requires_replace
    })
}

#[cfg(test)]
mod tests {
    use super::super::planning::plan;
    use super::*;
    use crate::operation::Private;
    use crate::schema::{Block, BlockNesting, Nesting, Schema};

    fn disk() -> [(&'static str, Attribute); 3] {
        [
            ("name", Attribute::string("Name.").required()),
            ("kind", Attribute::string("Kind.").optional().requires_replace()),
            ("id", Attribute::string("Id.").computed().use_state_for_unknown()),
        ]
    }

    fn object(name: Value, kind: Value, id: Value) -> Value {
        Value::object([("name", name), ("kind", kind), ("id", id)])
    }

    fn planned(schema: &Schema, prior: Value, config: Value) -> Vec<String> {
        let (prior, config) = (Value::object([("disks", prior)]), Value::object([("disks", config)]));
        let plan = plan(schema, &prior, config.clone(), &config, &Private::default());
        plan.requires_replace.iter().map(ToString::to_string).collect()
    }

    fn nested(nesting: Nesting) -> Schema {
        Schema::new("A thing.").attribute("disks", Attribute::nested(nesting, disk(), "Disks.").optional())
    }

    #[test]
    fn objects_that_are_unknown_may_replace() {
        let prior = || object("a".into(), "x".into(), "1".into());
        for (nesting, prior) in [
            (Nesting::Single, prior()),
            (Nesting::List, Value::List(vec![prior()])),
            (Nesting::Set, Value::Set(vec![prior()])),
            (Nesting::Map, Value::object([("k", prior())])),
        ] {
            assert_eq!(planned(&nested(nesting), prior, Value::unknown()), ["disks"], "{nesting:?}");
        }
        let mut block = Block::new(BlockNesting::List, "Disks.");
        for (name, attribute) in disk() {
            block = block.attribute(name, attribute);
        }
        let inner =
            Schema::new("A thing.").block("disks", Block::new(BlockNesting::List, "Outer.").block("inner", block));
        assert_eq!(planned(&inner, Value::List(Vec::new()), Value::unknown()), ["disks"]);
        let free = [("name", Attribute::string("Name.").required())];
        let free =
            Schema::new("A thing.").attribute("disks", Attribute::nested(Nesting::List, free, "Disks.").optional());
        assert_eq!(planned(&free, Value::List(Vec::new()), Value::unknown()), [""; 0]);
    }

    #[test]
    fn an_element_that_is_unknown_may_replace() {
        let (list, set) = (Value::List(vec![Value::unknown()]), Value::Set(vec![Value::unknown()]));
        assert_eq!(planned(&nested(Nesting::List), Value::List(Vec::new()), list), ["disks"]);
        assert_eq!(planned(&nested(Nesting::Set), Value::Set(Vec::new()), set), ["disks"]);
        let map = Value::object([("k", Value::unknown())]);
        assert_eq!(planned(&nested(Nesting::Map), Value::Null, map), ["disks"]);
    }

    #[test]
    fn what_is_known_or_keeps_its_value_replaces_nothing() {
        let disk = || object("a".into(), "x".into(), "1".into());
        // Of one object only a name is not known, which replaces nothing.
        let renamed = object(Value::unknown(), "x".into(), Value::Null);
        assert_eq!(planned(&nested(Nesting::Single), disk(), renamed), [""; 0]);
        let entry = |disk: Value| Value::object([("k", disk)]);
        assert_eq!(planned(&nested(Nesting::Map), entry(disk()), entry(disk())), [""; 0]);
        let kept = [("kind", Attribute::string("Kind.").optional().computed().use_state_for_unknown())];
        let kept = Attribute::nested(Nesting::List, kept, "Disks.").optional();
        let kept = Schema::new("A thing.").attribute("disks", kept);
        assert_eq!(planned(&kept, Value::List(Vec::new()), Value::unknown()), [""; 0]);
    }

    #[test]
    fn an_element_of_a_set_that_is_not_wholly_known_may_be_another_one() {
        let prior = || {
            let one = |name: &str, kind: &str, id: &str| object(name.into(), kind.into(), id.into());
            Value::set([one("a", "x", "1"), one("b", "y", "2")])
        };
        // If it turns out to be "b", its kind has changed.
        let config = || Value::Set(vec![object(Value::unknown(), "x".into(), Value::Null)]);
        assert_eq!(planned(&nested(Nesting::Set), prior(), config()), ["disks"]);
        // Where no kind was ever given, nothing can replace.
        let prior = Value::set([object("a".into(), Value::Null, "1".into())]);
        let config = Value::Set(vec![object(Value::unknown(), Value::Null, Value::Null)]);
        assert_eq!(planned(&nested(Nesting::Set), prior, config), [""; 0]);
    }

    #[test]
    fn what_is_created_is_not_replaced() {
        let config = Value::object([("disks", Value::unknown())]);
        let plan = plan(&nested(Nesting::Set), &Value::Null, config.clone(), &config, &Private::default());
        assert!(plan.requires_replace.is_empty());
    }
}
