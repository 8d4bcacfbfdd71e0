//! Makes a configuration of a state, for imports that have none yet.

use super::walk::{Inside, each};
use crate::schema::Schema;
use crate::value::Value;

/// The state without what a configuration cannot or should not set: computed values, deprecated attributes, and what is
/// never stored.
pub(crate) fn configuration(schema: &Schema, mut state: Value) -> Value {
    each(schema, &Value::Null, &Value::Null, &mut state, &mut |site| {
        let Some(attribute) = site.item.attribute() else { return Inside::Visit };
        let only_computed = attribute.computed && !attribute.optional;
        if only_computed || attribute.write_only || attribute.deprecation.is_some() {
            *site.planned = Value::Null;
        }
        Inside::Visit
    });
    state
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Attribute, Nesting};

    #[test]
    fn only_what_a_user_would_write_is_left() {
        let rule = [("port", Attribute::integer("Port.").required()), ("id", Attribute::string("Id.").computed())];
        let schema = Schema::new("A thing.")
            .attribute("id", Attribute::string("Id.").computed())
            .attribute("name", Attribute::string("Name.").optional().computed())
            .attribute("old", Attribute::string("Old.").optional().deprecated("Use name."))
            .attribute("rules", Attribute::nested(Nesting::Set, rule, "Rules.").optional());
        let rule = |id: Value| Value::Set(vec![Value::object([("port", 22.into()), ("id", id)])]);
        let object = |id: Value, old: Value, rules: Value| {
            Value::object([("id", id), ("name", "n".into()), ("old", old), ("rules", rules)])
        };
        let generated = configuration(&schema, object("t-1".into(), "o".into(), rule("r-1".into())));
        assert_eq!(generated, object(Value::Null, Value::Null, rule(Value::Null)));
    }
}
