//! Reads the fields of a response whose shape is only partly documented: a field may have one of several names, another
//! type, or be missing.
//!
//! Every reader takes the names of a field in order of preference. A value of an unexpected type counts as missing.

use serde_json::Value;

/// Returns the first of the named fields that is present and not null.
pub(crate) fn field<'a>(object: &'a Value, names: &[&str]) -> Option<&'a Value> {
    names.iter().find_map(|name| object.get(name).filter(|value| !value.is_null()))
}

/// Returns the first of the named fields that is a string.
pub(crate) fn text(object: &Value, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| object.get(name).and_then(Value::as_str)).map(str::to_owned)
}

/// Returns the first of the named fields that is an id: a string that is not blank, or an integer.
pub(crate) fn id(object: &Value, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| object.get(name).and_then(id_of))
}

/// Returns a value as an id. `None` unless it is a string that is not blank, or an integer.
pub(crate) fn id_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}

/// Returns the first of the named fields that is a boolean.
pub(crate) fn flag(object: &Value, names: &[&str]) -> Option<bool> {
    names.iter().find_map(|name| object.get(name).and_then(Value::as_bool))
}

/// Returns the first of the named fields that is an unsigned integer. `None` if it does not fit into `T`.
pub(crate) fn whole<T: TryFrom<u64>>(object: &Value, names: &[&str]) -> Option<T> {
    names.iter().find_map(|name| object.get(name).and_then(Value::as_u64)).and_then(|number| number.try_into().ok())
}

/// Returns the first of the named fields that is a number, or a string that holds one, as amounts of money often do.
pub(crate) fn number(object: &Value, names: &[&str]) -> Option<f64> {
    let read = |value: &Value| value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
    names.iter().find_map(|name| object.get(name).and_then(read)).filter(|number| number.is_finite())
}

/// Returns the ids in the first of the named fields, a list of ids or of objects whose id is in one of the fields `ids`.
pub(crate) fn ids(object: &Value, names: &[&str], ids: &[&str]) -> Vec<String> {
    let read = |item: &Value| id_of(item).or_else(|| id(item, ids));
    field(object, names).and_then(Value::as_array).into_iter().flatten().filter_map(read).collect()
}

/// Whether a status is that of a deleted object. None is documented; these are the usual words.
pub(crate) fn is_deleted(status: &str) -> bool {
    ["DELETED", "DESTROYED", "TERMINATED", "RELEASED"].iter().any(|deleted| status.eq_ignore_ascii_case(deleted))
}

/// Returns the object in one of the wrapper fields, or the body itself if it is not wrapped.
pub(crate) fn unwrap<'a>(body: &'a Value, wrappers: &[&str]) -> &'a Value {
    field(body, wrappers).filter(|inner| inner.is_object()).unwrap_or(body)
}

/// Returns the items of a list that is bare or in one of the wrapper fields.
pub(crate) fn items<'a>(body: &'a Value, wrappers: &[&str]) -> Option<&'a Vec<Value>> {
    body.as_array().or_else(|| field(body, wrappers).and_then(Value::as_array))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_may_be_a_string_and_an_id_may_be_in_an_object() {
        let object = serde_json::json!({"a": "2.5", "b": 3, "c": "much", "d": -1, "e": ["x", {"id": "y"}, 7, {}]});
        assert_eq!(
            [number(&object, &["a"]), number(&object, &["c", "b"]), number(&object, &["c"])],
            [Some(2.5), Some(3.0), None]
        );
        assert_eq!(
            [whole::<u32>(&object, &["b"]), whole(&object, &["d"]), whole(&object, &["a"])],
            [Some(3), None, None]
        );
        assert_eq!(ids(&object, &["absent", "e"], &["id"]), ["x", "y", "7"]);
        assert_eq!(flag(&object, &["a", "b"]), None);
    }

    #[test]
    fn an_id_is_a_text_that_is_not_blank_or_a_whole_number() {
        for (value, id) in [
            (serde_json::json!(" c-1 "), Some("c-1")),
            (serde_json::json!(" \t"), None),
            (serde_json::json!(7), Some("7")),
            (serde_json::json!(-7), Some("-7")),
            (serde_json::json!(u64::MAX), Some("18446744073709551615")),
            (serde_json::json!(7.5), None),
            (serde_json::json!(true), None),
            (serde_json::json!(["c-1"]), None),
        ] {
            assert_eq!(id_of(&value).as_deref(), id, "{value}");
        }
    }
}
