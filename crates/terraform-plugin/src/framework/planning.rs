//! Computes a plan from the schema: defaults, what apply will find out, and what a change means.
//!
//! Terraform proposes a state that joins the configuration with the prior state. Four steps refine it, in this order:
//!
//! 1. attributes that the configuration leaves out get their default;
//! 2. values that only spell the prior state differently become the prior value again;
//! 3. if anything changes, computed attributes that the configuration does not set become unknown;
//! 4. the attributes' own rules run: keep the state's value, replace the object.

use super::walk::{Inside, Site, each};
use crate::path::AttributePath;
use crate::schema::{PlannedAttribute, Schema};
use crate::value::Value;

/// The outcome of the four steps.
pub(crate) struct Plan {
    pub planned: Value,
    pub requires_replace: Vec<AttributePath>,
}

/// Computes the plan of an object that is being created or updated.
pub(crate) fn plan(schema: &Schema, prior: &Value, proposed: Value, config: &Value) -> Plan {
    let mut planned = proposed;
    forget_write_only(schema, &mut planned);
    each(schema, config, prior, &mut planned, &mut put_default);
    each(schema, config, prior, &mut planned, &mut keep_spelling);
    if planned != *prior {
        each(schema, config, prior, &mut planned, &mut mark_unknown);
    }
    let mut requires_replace = Vec::new();
    let creating = prior.is_null();
    each(schema, config, prior, &mut planned, &mut |site| {
        // The elements of a set have no prior values: a change of the set is judged at the set itself.
        if site.in_set {
            return Inside::Skip;
        }
        let Site { attribute, path, config, prior, planned, .. } = site;
        let mut view = PlannedAttribute { path, config, prior, planned, creating, requires_replace: false };
        for modifier in &attribute.modifiers {
            modifier.modify(&mut view);
        }
        if view.requires_replace {
            requires_replace.push(path.clone());
        }
        Inside::Visit
    });
    Plan { planned, requires_replace }
}

/// In a state that was read or applied: values that only spell the former one differently keep its spelling.
pub(crate) fn keep_spellings(schema: &Schema, former: &Value, state: &mut Value) {
    each(schema, &Value::Null, former, state, &mut keep_spelling);
}

/// Write-only values are null in every plan and state.
pub(crate) fn forget_write_only(schema: &Schema, state: &mut Value) {
    each(schema, &Value::Null, &Value::Null, state, &mut |site| {
        if site.attribute.write_only {
            *site.planned = Value::Null;
        }
        Inside::Visit
    });
}

fn put_default(site: &mut Site<'_>) -> Inside {
    if site.config.is_null()
        && let Some(default) = &site.attribute.default
    {
        site.planned.clone_from(default);
    }
    Inside::Visit
}

fn keep_spelling(site: &mut Site<'_>) -> Inside {
    let known = |value: &Value| !value.is_null() && value.is_wholly_known();
    if let Some(equivalent) = site.attribute.equivalence
        && known(site.prior)
        && known(site.planned)
        && equivalent(site.prior, site.planned)
    {
        site.planned.clone_from(site.prior);
    }
    Inside::Visit
}

fn mark_unknown(site: &mut Site<'_>) -> Inside {
    if site.attribute.computed && site.attribute.default.is_none() && site.config.is_null() {
        *site.planned = Value::unknown();
    }
    Inside::Visit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Attribute, Block, BlockNesting, Nesting};

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

    #[test]
    fn nested_attributes_and_blocks_follow_the_same_rules() {
        let disk = [
            ("kind", Attribute::string("Kind.").default("ssd").requires_replace()),
            ("device", Attribute::string("Device.").computed()),
        ];
        let schema = Schema::new("A thing.")
            .attribute("disks", Attribute::nested(Nesting::List, disk, "Disks.").optional())
            .block(
                "rule",
                Block::new(BlockNesting::Set, "Rules.")
                    .attribute("port", Attribute::integer("Port.").required())
                    .attribute("id", Attribute::string("Id.").computed()),
            );
        let object = |kind: Value, device: Value, id: Value| {
            let disk = Value::object([("kind", kind), ("device", device)]);
            let rule = Value::object([("port", 22.into()), ("id", id)]);
            Value::object([("disks", Value::List(vec![disk])), ("rule", Value::Set(vec![rule]))])
        };
        let config = object(Value::Null, Value::Null, Value::Null);
        let created = plan(&schema, &Value::Null, config.clone(), &config);
        assert_eq!(created.planned, object("ssd".into(), Value::unknown(), Value::unknown()));
        assert!(created.requires_replace.is_empty());
        let prior = object("hdd".into(), "sda".into(), "r-1".into());
        let proposed = object(Value::Null, "sda".into(), "r-1".into());
        let replaced = plan(&schema, &prior, proposed, &config);
        assert_eq!(replaced.requires_replace, [AttributePath::of("disks").index(0).attribute("kind")]);
        // Terraform has matched the element of the set, so what is known of it stays.
        assert_eq!(replaced.planned, object("ssd".into(), Value::unknown(), "r-1".into()));
    }

    #[test]
    fn write_only_values_are_in_no_plan() {
        let schema =
            Schema::new("A thing.").attribute("password", Attribute::string("Password.").required().write_only());
        let config = Value::object([("password", Value::from("secret"))]);
        let plan = plan(&schema, &Value::Null, config.clone(), &config);
        assert_eq!(plan.planned, Value::object([("password", Value::Null)]));
    }
}
