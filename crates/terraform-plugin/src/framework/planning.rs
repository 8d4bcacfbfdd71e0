//! Computes a plan from the schema: defaults, what apply will find out, and what a change means.
//!
//! Terraform proposes a state that joins the configuration with the prior state. Four steps refine it, in this order:
//!
//! 1. attributes that the configuration leaves out get their default;
//! 2. values that only spell the prior state differently become the prior value again;
//! 3. if anything changes, computed attributes that the configuration does not set become unknown;
//! 4. the attributes' own rules run: keep the state's value, replace the object.

use std::collections::BTreeMap;

use crate::path::AttributePath;
use crate::schema::{Attribute, Nesting, PlannedAttribute, Schema, Shape};
use crate::value::Value;

/// The outcome of the four steps.
pub(crate) struct Plan {
    pub planned: Value,
    pub requires_replace: Vec<AttributePath>,
}

/// Computes the plan of an object that is being created or updated.
pub(crate) fn plan(schema: &Schema, prior: &Value, proposed: Value, config: &Value) -> Plan {
    let mut planned = proposed;
    each_object(&schema.attributes, config, prior, &mut planned, &mut put_default);
    each_object(&schema.attributes, config, prior, &mut planned, &mut keep_spelling);
    if planned != *prior {
        each_object(&schema.attributes, config, prior, &mut planned, &mut mark_unknown);
    }
    let mut requires_replace = Vec::new();
    let creating = prior.is_null();
    for (name, attribute) in &schema.attributes {
        let path = AttributePath::of(name);
        let Value::Map(values) = &mut planned else { break };
        let Some(planned) = values.get_mut(name) else { continue };
        let mut view = PlannedAttribute {
            path: &path,
            config: config.get(name).unwrap_or(&Value::Null),
            prior: prior.get(name).unwrap_or(&Value::Null),
            planned,
            creating,
            requires_replace: false,
        };
        for modifier in &attribute.modifiers {
            modifier.modify(&mut view);
        }
        if view.requires_replace {
            requires_replace.push(path);
        }
    }
    Plan { planned, requires_replace }
}

/// In a state that was read or applied: values that only spell the former one differently keep its spelling.
pub(crate) fn keep_spellings(schema: &Schema, former: &Value, state: &mut Value) {
    each_object(&schema.attributes, &Value::Null, former, state, &mut keep_spelling);
}

/// One step of the plan at one attribute: its configured, its prior and its planned value.
type StepFn<'a> = &'a mut dyn FnMut(&Attribute, &Value, &Value, &mut Value);

/// Runs a step on every attribute of an object, and of the objects nested in it.
fn each_object(
    attributes: &BTreeMap<String, Attribute>,
    config: &Value,
    prior: &Value,
    planned: &mut Value,
    step: StepFn<'_>,
) {
    let Value::Map(values) = planned else { return };
    for (name, attribute) in attributes {
        let Some(planned) = values.get_mut(name) else { continue };
        let config = config.get(name).unwrap_or(&Value::Null);
        let prior = prior.get(name).unwrap_or(&Value::Null);
        step(attribute, config, prior, planned);
        let Shape::Nested(nesting, nested) = &attribute.shape else { continue };
        match (nesting, planned) {
            (Nesting::Single, planned) => each_object(nested, config, prior, planned, step),
            (Nesting::List, Value::List(elements)) => {
                for (index, element) in elements.iter_mut().enumerate() {
                    each_object(nested, element_at(config, index), element_at(prior, index), element, step);
                }
            }
            // The elements of a set have no identity by which a configured, a prior and a planned one could be
            // matched, so Terraform's proposal stands for attributes inside them.
            (Nesting::Map, Value::Map(entries)) => {
                for (key, element) in entries.iter_mut() {
                    let config = config.get(key).unwrap_or(&Value::Null);
                    each_object(nested, config, prior.get(key).unwrap_or(&Value::Null), element, step);
                }
            }
            _ => {}
        }
    }
}

fn element_at(list: &Value, index: usize) -> &Value {
    match list {
        Value::List(elements) => elements.get(index).unwrap_or(&Value::Null),
        _ => &Value::Null,
    }
}

fn put_default(attribute: &Attribute, config: &Value, _prior: &Value, planned: &mut Value) {
    if config.is_null()
        && let Some(default) = &attribute.default
    {
        planned.clone_from(default);
    }
}

fn keep_spelling(attribute: &Attribute, _config: &Value, prior: &Value, planned: &mut Value) {
    let both_known = |a: &Value, b: &Value| ![a, b].iter().any(|value| value.is_null() || !value.is_wholly_known());
    if let Some(equivalent) = attribute.equivalence
        && both_known(prior, planned)
        && equivalent(prior, planned)
    {
        planned.clone_from(prior);
    }
}

fn mark_unknown(attribute: &Attribute, config: &Value, _prior: &Value, planned: &mut Value) {
    if attribute.computed && attribute.default.is_none() && config.is_null() {
        *planned = Value::unknown();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema() -> Schema {
        let same_letters = |a: &Value, b: &Value| match (a, b) {
            (Value::String(a), Value::String(b)) => a.eq_ignore_ascii_case(b),
            _ => false,
        };
        Schema::new("A thing.")
            .attribute("id", Attribute::string("Id.").computed().use_state_for_unknown())
            .attribute("kind", Attribute::string("Kind.").required().requires_replace())
            .attribute("key", Attribute::string("Key.").optional().equivalent_when(same_letters).requires_replace())
            .attribute("locked", Attribute::bool("Locked.").default(false))
            .attribute("status", Attribute::string("Status.").computed())
    }

    fn object(id: Value, kind: &str, key: &str, locked: Value, status: Value) -> Value {
        Value::object([
            ("id", id),
            ("kind", Value::from(kind)),
            ("key", Value::from(key)),
            ("locked", locked),
            ("status", status),
        ])
    }

    fn state() -> Value {
        object(Value::from("t-1"), "a", "k", Value::Bool(false), Value::from("up"))
    }

    fn config(kind: &str, key: &str, locked: Value) -> Value {
        object(Value::Null, kind, key, locked, Value::Null)
    }

    #[test]
    fn a_create_has_defaults_and_unknowns() {
        let config = config("a", "k", Value::Null);
        let plan = plan(&schema(), &Value::Null, config.clone(), &config);
        assert_eq!(plan.planned, object(Value::unknown(), "a", "k", Value::Bool(false), Value::unknown()));
        assert!(plan.requires_replace.is_empty());
    }

    #[test]
    fn without_a_change_the_plan_is_the_state() {
        let plan = plan(&schema(), &state(), state(), &config("a", "K", Value::Null));
        assert_eq!(plan.planned, state());
    }

    #[test]
    fn another_spelling_is_no_change() {
        let proposed = object(Value::from("t-1"), "a", "K", Value::Bool(false), Value::from("up"));
        let plan = plan(&schema(), &state(), proposed, &config("a", "K", Value::Null));
        assert_eq!(plan.planned, state());
        assert!(plan.requires_replace.is_empty());
    }

    #[test]
    fn an_update_keeps_the_id_and_leaves_volatile_values_open() {
        let proposed = object(Value::from("t-1"), "a", "k", Value::Bool(true), Value::from("up"));
        let plan = plan(&schema(), &state(), proposed, &config("a", "k", Value::Bool(true)));
        assert_eq!(plan.planned, object(Value::from("t-1"), "a", "k", Value::Bool(true), Value::unknown()));
    }

    #[test]
    fn a_replacement_names_its_cause() {
        let proposed = object(Value::from("t-1"), "b", "k", Value::Bool(false), Value::from("up"));
        let plan = plan(&schema(), &state(), proposed, &config("b", "k", Value::Null));
        assert_eq!(plan.requires_replace, [AttributePath::of("kind")]);
    }
}
