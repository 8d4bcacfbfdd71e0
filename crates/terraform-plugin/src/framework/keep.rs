//! Keeps what the author's code did not touch as Terraform sent it.
//!
//! A model may hold less than a value: it knows nothing of what is known of unknown values already, does not see the type of a
//! dynamic null, rounds numbers, and takes unknown elements of a set for one.

use crate::model::Model;
use crate::value::{Type, Value};

/// `made`, with what `M` made of `sent` without any change as it was sent. Both are of the type.
pub(super) fn keep<M: Model>(sent: &Value, made: Value, ty: &Type) -> Value {
    let Ok(seen) = M::from_value(sent.clone().plain()) else { return made };
    let (seen, _) = seen.into_value().fit(ty);
    merge(sent, &seen, made)
}

fn merge(sent: &Value, seen: &Value, made: Value) -> Value {
    if made == *seen {
        return sent.clone();
    }
    match (sent, seen, made) {
        (Value::Map(sent), Value::Map(seen), Value::Map(made)) => {
            Value::Map(made.map(|name, made| match (sent.get(name), seen.get(name)) {
                (Some(sent), Some(seen)) => merge(sent, seen, made),
                _ => made,
            }))
        }
        (Value::List(sent), Value::List(seen), Value::List(made))
            if sent.len() == seen.len() && seen.len() == made.len() =>
        {
            let all = sent.iter().zip(seen).zip(made);
            Value::List(all.map(|((sent, seen), made)| merge(sent, seen, made)).collect())
        }
        (_, _, made) => made,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Attr;
    use crate::value::Refinements;

    #[derive(Clone, Model)]
    struct Thing {
        id: Attr<String>,
        size: Attr<Option<String>>,
        names: Attr<Vec<Attr<String>>>,
        any: Attr<Value>,
    }

    #[test]
    fn what_was_not_touched_is_as_it_was_sent() {
        let refined = || Value::refined(Refinements { not_null: true, ..Refinements::default() });
        let names = |first: Value| Value::List(vec![first, refined()]);
        let null = || Value::dynamic(Type::String, Value::Null);
        let thing =
            |id: Value, names| Value::object([("id", id), ("size", refined()), ("names", names), ("any", null())]);
        let names_type = Type::List(Box::new(Type::String));
        let ty =
            Type::object([("id", Type::String), ("size", Type::String), ("names", names_type), ("any", Type::Dynamic)]);
        let sent = thing(refined(), names("a".into()));
        let read = || Thing::from_value(sent.clone().plain()).expect("it is a thing");
        assert_eq!(read().any, Attr::Null);
        let known = |value: &Value| matches!(value, Value::Unknown(Some(_)));
        let same = keep::<Thing>(&sent, read().into_value(), &ty);
        assert_eq!(same, sent);
        assert!(same.get("id").is_some_and(known));
        let changed = Thing { id: "t-1".into(), names: Attr::Known(vec!["b".into(), Attr::Unknown]), ..read() };
        let changed = keep::<Thing>(&sent, changed.into_value(), &ty);
        assert_eq!(changed, thing("t-1".into(), names("b".into())));
        let none = Thing { names: Attr::Known(Vec::new()), ..read() };
        let none = keep::<Thing>(&sent, none.into_value(), &ty);
        assert_eq!(none, thing(refined(), Value::List(Vec::new())));
        let three = || ["b".into(), Attr::Unknown, "c".into()];
        let more = Thing { names: Attr::Known(three().into()), ..read() };
        let more = keep::<Thing>(&sent, more.into_value(), &ty);
        assert_eq!(more, thing(refined(), Attr::Known(Vec::from(three())).into_value()));
        assert_eq!(keep::<Thing>(&Value::Null, sent.clone(), &ty), sent);
    }
}
