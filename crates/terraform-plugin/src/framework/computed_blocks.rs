//! Blocks that the provider chooses where the configuration leaves them out: see
//! [`Block::computed`](crate::schema::Block::computed).
//!
//! Terraform 1.16 and newer send null for such a block, also for one that can stand several times. In plans and states it is
//! empty then, as ever. Older ones pass over what the schema says and send what they send for every block.

use super::item::{Item, NULL};
use super::planning::{self, Plan};
use super::walk::{Inside, Site, each};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::operation::Private;
use crate::schema::{Block, BlockNesting, Keeps, Schema};
use crate::value::Value;

/// Visits every computed block, the outer ones before those in them. There is none in a set, and none in an attribute.
fn each_computed(
    schema: &Schema,
    config: &Value,
    prior: &Value,
    planned: &mut Value,
    visit: &mut dyn FnMut(&Block, &mut Site<'_>) -> Inside,
) {
    each(schema, config, prior, planned, &mut |site| {
        let Item::Block(block) = site.item else { return Inside::Skip };
        let inside = if block.computed { visit(block, site) } else { Inside::Visit };
        if block.nesting == BlockNesting::Set { Inside::Skip } else { inside }
    });
}

/// The error for a Terraform that knows no computed blocks: which of them its user has to write. It would plan to have none,
/// and the provider would choose some.
pub(super) fn left_out(schema: &Schema, config: &Value) -> Diagnostics {
    let mut errors = Diagnostics::new();
    each_computed(schema, NULL, NULL, &mut config.clone(), &mut |_, site| {
        let absent = match &*site.planned {
            Value::Null => true,
            Value::List(elements) | Value::Set(elements) => elements.is_empty(),
            _ => false,
        };
        if absent {
            let path = site.path;
            let detail = format!(
                "The block {path} can be left out, so that the provider chooses it, with Terraform 1.16 or newer only. \
                 Write the block, or use a newer Terraform."
            );
            errors.push(Diagnostic::error("Block cannot be left out", detail).at(path.clone()));
        }
        Inside::Visit
    });
    errors
}

/// Computes the plan of an object as [`planning::plan`] does. What the configuration leaves out stays as it was, or is open if
/// anything changes: the modifiers of what is written do not concern it, so they do not see it.
pub(super) fn plan(schema: &Schema, prior: &Value, mut proposed: Value, config: &Value, private: &Private) -> Plan {
    let mut former = prior.clone();
    hide(schema, config, &mut former);
    hide(schema, config, &mut proposed);
    let mut plan = planning::plan(schema, &former, proposed, config, private);
    let changes = plan.planned != former;
    show(schema, config, prior, &mut plan.planned, changes);
    plan
}

fn hide(schema: &Schema, config: &Value, state: &mut Value) {
    each_computed(schema, config, NULL, state, &mut |_, site| {
        if !site.config.is_null() {
            return Inside::Visit;
        }
        *site.planned = Value::Null;
        Inside::Skip
    });
}

fn show(schema: &Schema, config: &Value, prior: &Value, planned: &mut Value, changes: bool) {
    each_computed(schema, config, prior, planned, &mut |block, site| {
        if !site.config.is_null() {
            return Inside::Visit;
        }
        let kept = match block.keeps {
            _ if !changes => true,
            Some(Keeps::Any) => !site.added,
            Some(Keeps::NonNull) => !site.prior.is_null(),
            None => false,
        };
        *site.planned = if kept { site.prior.clone() } else { Value::unknown() };
        Inside::Skip
    });
}

/// In plans and states none of a block that can stand several times is an empty collection.
pub(super) fn empty_for_null(schema: &Schema, state: &mut Value) {
    each_computed(schema, NULL, NULL, state, &mut |block, site| {
        if site.planned.is_null() {
            match block.nesting {
                BlockNesting::Single => {}
                BlockNesting::List => *site.planned = Value::List(Vec::new()),
                BlockNesting::Set => *site.planned = Value::Set(Vec::new()),
            }
        }
        Inside::Visit
    });
}

#[cfg(test)]
mod tests {
    use crate::value::Entries;

    use super::*;
    use crate::schema::Attribute;

    fn margin() -> Block {
        Block::new(BlockNesting::List, "Margins.")
            .attribute("width", Attribute::integer("Width.").default(9).requires_replace())
            .computed()
    }

    fn schema() -> Schema {
        Schema::new("A thing.")
            .attribute("name", Attribute::string("Name.").optional())
            .block("margin", margin())
            .block("frame", Block::new(BlockNesting::Single, "Frame.").computed().use_state_for_unknown())
            .block("page", Block::new(BlockNesting::List, "Pages.").block("margin", margin()))
    }

    fn margins(width: i64) -> Value {
        Value::List(vec![Value::object([("width", width.into())])])
    }

    fn named(name: &str, margin: Value, frame: Value, inner: Value) -> Value {
        let page = Value::List(vec![Value::object([("margin", inner)])]);
        Value::object([("name", name.into()), ("margin", margin), ("frame", frame), ("page", page)])
    }

    fn object(margin: Value, frame: Value, inner: Value) -> Value {
        named("a", margin, frame, inner)
    }

    fn frame() -> Value {
        Value::Map(Entries::new())
    }

    /// What is planned, and what replaces the object.
    fn planned(config: &Value, prior: &Value) -> (Value, Vec<String>) {
        let Plan { planned, requires_replace, .. } =
            plan(&schema(), prior, config.clone(), config, &Private::default());
        (planned, requires_replace.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn what_is_left_out_is_what_it_was_and_open_if_something_changes() {
        let none = |name| named(name, Value::Null, Value::Null, Value::Null);
        let prior = object(margins(1), frame(), margins(2));
        assert_eq!(planned(&none("a"), &prior), (prior.clone(), Vec::new()));
        let changed = named("b", Value::unknown(), frame(), Value::unknown());
        assert_eq!(planned(&none("b"), &prior), (changed, Vec::new()));
        let created = object(Value::unknown(), Value::unknown(), Value::unknown());
        assert_eq!(planned(&none("a"), &Value::Null), (created, Vec::new()));
    }

    #[test]
    fn a_block_may_keep_what_is_not_null_alone() {
        let block = Block::new(BlockNesting::Single, "Frame.").computed().use_non_null_state_for_unknown();
        let schema =
            Schema::new("A thing.").attribute("name", Attribute::string("Name.").optional()).block("frame", block);
        let thing = |name: &str, frame: Value| Value::object([("name", name.into()), ("frame", frame)]);
        let config = thing("b", Value::Null);
        for (former, expected) in [(frame(), self::frame()), (Value::Null, Value::unknown())] {
            let plan = plan(&schema, &thing("a", former), config.clone(), &config, &Private::default());
            assert_eq!(plan.planned, thing("b", expected));
        }
    }

    #[test]
    fn what_is_written_follows_the_rules_of_its_attributes() {
        let without_width = Value::List(vec![Value::object([("width", Value::Null)])]);
        let config = object(without_width, frame(), margins(2));
        let prior = object(margins(1), Value::Null, margins(2));
        let expected = object(margins(9), frame(), margins(2));
        assert_eq!(planned(&config, &prior), (expected, vec!["margin[0].width".to_owned()]));
    }

    #[test]
    fn none_of_several_is_empty() {
        let mut state = object(Value::Null, Value::Null, Value::Null);
        empty_for_null(&schema(), &mut state);
        assert_eq!(state, object(Value::List(Vec::new()), Value::Null, Value::List(Vec::new())));
    }

    #[test]
    fn an_older_terraform_is_reported_what_has_to_be_written() {
        let paths = |config: &Value| {
            let errors = left_out(&schema(), config);
            errors.iter().filter_map(|one| one.path.as_ref().map(ToString::to_string)).collect::<Vec<_>>()
        };
        let none = Value::List(Vec::new());
        assert_eq!(paths(&object(none.clone(), Value::Null, none)), ["frame", "margin", "page[0].margin"]);
        assert_eq!(paths(&object(Value::unknown(), frame(), margins(1))), [""; 0]);
        assert_eq!(paths(&Value::Null), [""; 0]);
    }
}
