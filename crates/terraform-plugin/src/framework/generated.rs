//! Values that the provider generates: see [`Attribute::generated_with`](crate::schema::Attribute::generated_with).

use super::walk::{Inside, Site, each};
use crate::memory::Memory;
use crate::schema::{Attribute, Schema};
use crate::value::Value;

/// Visits every attribute whose value is to be generated: the configuration leaves it out, and it is still open. There is none
/// in a set.
fn each_open(
    schema: &Schema,
    config: &Value,
    prior: &Value,
    planned: &mut Value,
    mut visit: impl FnMut(&mut Site<'_>, &Attribute, &dyn Fn() -> Value),
) {
    each(schema, config, prior, planned, &mut |site| {
        if site.item.in_set().is_some() {
            return Inside::Skip;
        }
        if let Some(attribute) = site.item.attribute()
            && let Some(generate) = &attribute.generator
            && site.config.is_null()
            && site.planned.is_unknown()
        {
            visit(site, attribute, generate);
        }
        Inside::Visit
    });
}

/// Generates values while a plan is made, as far as the memory can keep them. An object that has a value keeps it.
pub(super) fn plan(schema: &Schema, prior: &Value, config: &Value, planned: &mut Value, memory: &mut Memory) {
    each_open(schema, config, prior, planned, |site, attribute, generate| {
        if !site.prior.is_null() {
            site.planned.clone_from(site.prior);
        } else if let Some(value) = memory.of_attribute(&site.path.to_string(), &attribute.value_type(), generate) {
            *site.planned = value;
        }
    });
}

/// Generates, just before an apply, what the plan had to leave open.
pub(super) fn apply(schema: &Schema, config: &Value, planned: &Value) -> Value {
    let mut planned = planned.clone();
    each_open(schema, config, &Value::Null, &mut planned, |site, _, generate| *site.planned = generate());
    planned
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Private;
    use crate::schema::Nesting;

    fn schema() -> Schema {
        let disk = [("label", Attribute::string("Label.").generated_with(|| "disk"))];
        Schema::new("A thing.")
            .attribute("name", Attribute::string("Name.").optional().generated_with(|| "thing"))
            .attribute("disks", Attribute::nested(Nesting::List, disk, "Disks.").optional())
    }

    fn object(name: Value, label: Value) -> Value {
        Value::object([("name", name), ("disks", Value::List(vec![Value::object([("label", label)])]))])
    }

    fn planned(prior: &Value, config: &Value, planned: Value, stores: bool) -> (Value, Private) {
        let (mut planned, mut memory, mut private) = (planned, Memory::new(stores, None), Private::default());
        plan(&schema(), prior, config, &mut planned, &mut memory);
        memory.put(&mut private);
        (planned, private)
    }

    #[test]
    fn what_is_not_set_is_generated_and_kept() {
        let (unknown, none) = (object(Value::unknown(), Value::unknown()), object(Value::Null, Value::Null));
        let (created, mut private) = planned(&Value::Null, &none, unknown.clone(), true);
        assert_eq!(created, object("thing".into(), "disk".into()));
        assert_eq!(crate::memory::take(&mut private).len(), 2);
        // The object has the value of its create, whatever else changes.
        let prior = object("old".into(), Value::Null);
        assert_eq!(planned(&prior, &none, unknown, true).0, object("old".into(), "disk".into()));
    }

    #[test]
    fn what_the_user_sets_is_not_generated() {
        let config = object(Value::unknown(), Value::Null);
        let (created, _) = planned(&Value::Null, &config, object(Value::unknown(), Value::unknown()), true);
        assert_eq!(created, object(Value::unknown(), "disk".into()));
        let applied = apply(&schema(), &config, &object("mine".into(), Value::unknown()));
        assert_eq!(applied, object("mine".into(), "disk".into()));
    }

    #[test]
    fn without_a_memory_it_is_generated_at_the_apply() {
        let (unknown, none) = (object(Value::unknown(), Value::unknown()), object(Value::Null, Value::Null));
        let (created, private) = planned(&Value::Null, &none, unknown.clone(), false);
        assert_eq!((&created, private), (&unknown, Private::default()));
        assert_eq!(apply(&schema(), &none, &created), object("thing".into(), "disk".into()));
    }
}
