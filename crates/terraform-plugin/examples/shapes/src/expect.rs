//! What a state must hold after an apply, and what must have become of the objects.

use std::collections::BTreeMap;

use terraform_plugin::value::Value;

use crate::expression::{Expression, Given, normal, same_set};
use crate::kind::{Field, Holding, Kind};

const NULL: &Value = &Value::Null;

/// Where a state is not what an object is given, if it is not.
pub fn object(fields: &[Field], given: &Expression, state: &Value, path: &str) -> Option<String> {
    let Given::Object(entries) = &given.value else {
        let same = given.is_null() && state.is_null();
        return (!same).then(|| reported(path, given, state));
    };
    if state.is_null() {
        return Some(reported(path, given, state));
    }
    fields.iter().find_map(|field| {
        let path = format!("{path}.{}", field.name);
        attribute(field, entries.get(field.name), state.get(field.name).unwrap_or(NULL), &path)
    })
}

fn reported(path: &str, given: &Expression, state: &Value) -> String {
    format!("{path} is given {:?}, and the state has {state:?}", given.plain().value)
}

/// The same for an attribute or a block, that is given or not.
pub fn attribute(field: &Field, given: Option<&Expression>, state: &Value, path: &str) -> Option<String> {
    let wrong = |what: &str| Some(format!("{path} {what}, and the state has {state:?}"));
    if field.write_only {
        return if state.is_null() { None } else { wrong("is write-only") };
    }
    let Some(given) = given.filter(|given| !given.is_null()) else {
        let empty = match (&field.kind, state) {
            (Kind::Block(Holding::List | Holding::Set, _), Value::List(blocks) | Value::Set(blocks)) => {
                blocks.is_empty()
            }
            (_, state) => state.is_null(),
        };
        return match &field.default {
            Some(default) if default == state => None,
            Some(_) => wrong("has a default"),
            None if field.computed && empty => wrong("is computed"),
            None if field.computed || empty => None,
            None => wrong("is not given"),
        };
    };
    let Some((holding, fields)) = field.kind.fields() else {
        let spelled = |text: &str| state.as_str().is_some_and(|state| state.eq_ignore_ascii_case(text));
        let same = given.is(state) || matches!(&given.value, Given::Text(text) if field.caseless && spelled(text));
        return if same { None } else { Some(reported(path, given, state)) };
    };
    let inner = |given: &Expression, state: &Value, at: &str| object(fields, given, state, &format!("{path}[{at}]"));
    match (holding, &given.value, state) {
        (Holding::Single, ..) => object(fields, given, state, path),
        (Holding::List, Given::Several(given), Value::List(state)) if given.len() == state.len() => {
            let pairs = given.iter().zip(state).enumerate();
            pairs.into_iter().find_map(|(at, (given, state))| inner(given, state, &at.to_string()))
        }
        (Holding::Set, Given::Several(elements), Value::Set(states)) => {
            let same = same_set(elements, states, |given, state| inner(given, state, "").is_none());
            if same { None } else { Some(reported(path, given, state)) }
        }
        (Holding::Map, Given::Object(entries), Value::Map(states)) if entries.len() == states.len() => {
            entries.iter().find_map(|(key, given)| inner(given, states.get(&normal(key)).unwrap_or(NULL), key))
        }
        _ => Some(reported(path, given, state)),
    }
}

/// What a change must do to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    None,
    Update,
    /// An update, if anything.
    Little,
    Replace,
    /// It may replace.
    Any,
}

/// What must become of an object, of which the former state is known.
pub fn change(fields: &[Field], given: &Expression, former: &Value) -> Change {
    let Given::Object(entries) = &given.value else { return Change::Any };
    let (mut change, mut any, mut late) = (Change::None, false, false);
    for field in fields.iter().filter(|field| !field.write_only) {
        let given = entries.get(field.name);
        let is_late = given.is_some_and(Expression::is_late);
        late |= is_late;
        let former = former.get(field.name).unwrap_or(NULL);
        let same = attribute(field, given, former, "").is_none();
        // Terraform proposes to forget an object that is taken out, if the provider cannot have chosen all of it.
        let taken_out = field.computed && field.settable && given.is_none_or(Expression::is_null) && !former.is_null();
        late |= taken_out && field.kind.fields().is_some();
        if same && !is_late {
            continue;
        }
        if field.replaces {
            return Change::Replace;
        }
        any |= field.may_replace();
        if !same {
            change = Change::Update;
        }
    }
    match (any, late, change) {
        (true, ..) => Change::Any,
        (false, true, Change::None) => Change::Little,
        (false, _, change) => change,
    }
}

/// What the provider chose once and has changed nevertheless, in an object that was not replaced.
pub fn lost(fields: &[Field], given: &Expression, former: &Value, state: &Value, path: &str) -> Option<String> {
    let Given::Object(entries) = &given.value else { return None };
    if former.is_null() {
        return None;
    }
    fields.iter().find_map(|field| {
        let path = format!("{path}.{}", field.name);
        let given = entries.get(field.name).filter(|given| !given.is_null());
        let (former, state) = (former.get(field.name).unwrap_or(NULL), state.get(field.name).unwrap_or(NULL));
        let Some(given) = given else {
            let lost = field.keeps && !former.is_null() && former != state;
            return lost.then(|| format!("{path} was {former:?}, and is now {state:?}"));
        };
        let (holding, fields) = field.kind.fields()?;
        match (holding, &given.value, former, state) {
            (Holding::Single, ..) => lost(fields, given, former, state, &path),
            (Holding::List, Given::Several(given), Value::List(former), Value::List(state)) => {
                let all = given.iter().zip(former).zip(state).enumerate();
                all.into_iter().find_map(|(at, ((given, former), state))| {
                    lost(fields, given, former, state, &format!("{path}[{at}]"))
                })
            }
            (Holding::Map, Given::Object(given), Value::Map(former), Value::Map(state)) => {
                given.iter().find_map(|(key, given)| {
                    let key = normal(key);
                    lost(fields, given, former.get(&key)?, state.get(&key)?, &format!("{path}[{key:?}]"))
                })
            }
            (Holding::Set, Given::Several(given), Value::Set(former), Value::Set(state)) => {
                lost_in_set(fields, given, former, state, &path)
            }
            _ => None,
        }
    })
}

/// The same in a set, for the elements of which it is clear what they were.
fn lost_in_set(
    fields: &[Field],
    given: &[Expression],
    former: &[Value],
    state: &[Value],
    path: &str,
) -> Option<String> {
    let only = |given: &Expression, states: &'_ [Value]| -> Option<usize> {
        let mut fitting = (0..states.len()).filter(|at| object(fields, given, &states[*at], "").is_none());
        fitting.next().filter(|_| fitting.next().is_none())
    };
    given.iter().filter(|given| !given.is_null()).find_map(|given| {
        let (before, now) = (only(given, former)?, only(given, state)?);
        lost(fields, given, &former[before], &state[now], &format!("{path}[element]"))
    })
}

/// Whether an object has a set in which two elements are the same once they have their defaults.
pub fn has_twins(fields: &[Field], given: &Expression) -> bool {
    let elements: Vec<&Expression> = match &given.value {
        Given::Several(elements) => elements.iter().collect(),
        _ => vec![given],
    };
    elements.into_iter().any(|element| {
        let Given::Object(entries) = &element.value else { return false };
        fields.iter().any(|field| {
            let Some((holding, inner)) = field.kind.fields() else { return false };
            let Some(given) = entries.get(field.name) else { return false };
            match (&given.value, holding) {
                (Given::Several(elements), Holding::Set) if !field.kind.is_block() => {
                    let twin =
                        |at: usize| elements[..at].iter().any(|other| same_with_defaults(inner, other, &elements[at]));
                    (0..elements.len()).any(twin)
                }
                (Given::Object(objects), Holding::Map) => objects.values().any(|object| has_twins(inner, object)),
                _ => has_twins(inner, given),
            }
        })
    })
}

fn same_with_defaults(fields: &[Field], a: &Expression, b: &Expression) -> bool {
    let (Given::Object(a), Given::Object(b)) = (&a.value, &b.value) else { return a.value == b.value };
    fields.iter().filter(|field| field.settable).all(|field| {
        let given = |entries: &BTreeMap<String, Expression>| {
            entries.get(field.name).filter(|one| !one.is_null()).map(Expression::plain)
        };
        match (given(a), given(b), &field.default) {
            (Some(a), Some(b), _) => a == b,
            (None, None, _) => true,
            (Some(one), None, Some(default)) | (None, Some(one), Some(default)) => one.is(default),
            _ => false,
        }
    })
}
