//! What an apply has to do to each resource, and what a state has to hold then.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::instance::Written;
use crate::kind::{Absent, Argument, Kind};
use crate::page::Expression;
use crate::value::Value;

/// What is known of a resource after an apply.
#[derive(Clone, Debug)]
pub struct Settled {
    pub kind: &'static Kind,
    pub written: Written,
    /// What each argument is. Nothing is what the cloud or the provider chose.
    pub values: BTreeMap<&'static str, Option<Value>>,
}

/// What a plan may do to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    pub actions: &'static [&'static str],
    /// Whether the cloud is asked for nothing, whatever the plan says: no value changes.
    pub harmless: bool,
}

const NOTHING: &[&str] = &["noop", "move"];
const PERHAPS_UPDATE: &[&str] = &["noop", "move", "update"];
const PERHAPS_REPLACE: &[&str] = &["noop", "move", "update", "replace"];

/// The value of an argument, after what it was before.
fn value(argument: &Argument, written: Option<&Expression>, before: Option<&Option<Value>>) -> Option<Value> {
    match (written, &argument.absent) {
        (Some(expression), _) if !expression.value.is_null() => Some(expression.value.clone()),
        (_, Absent::Default(value)) => Some(value.clone()),
        (_, Absent::Kept | Absent::Refused) => before.cloned().flatten(),
    }
}

impl Settled {
    /// What a resource is after an apply. What it was before counts unless it was replaced.
    pub fn after(before: Option<&Self>, kind: &'static Kind, written: Written) -> Self {
        let settled = |argument: &Argument| {
            let before = before.and_then(|before| before.values.get(argument.name));
            (argument.name, value(argument, written.arguments.get(argument.name), before))
        };
        let values = kind.arguments.iter().map(settled).collect();
        Self { kind, written, values }
    }

    /// What a plan may do on the way from here to there.
    pub fn expected(&self, there: &Written) -> Expected {
        let (mut replaced, mut perhaps_replaced, mut updated, mut perhaps_updated) = (false, false, false, false);
        let mut harmless = true;
        for argument in &self.kind.arguments {
            let (was, is) = (self.written.arguments.get(argument.name), there.arguments.get(argument.name));
            let before = self.values.get(argument.name);
            let after = value(argument, is, before);
            let same = match (before.cloned().flatten(), after) {
                (Some(a), Some(b)) => argument.same.are(&a, &b),
                (a, b) => a == b,
            };
            harmless &= same;
            let unknown = is.is_some_and(|is| is.unknown);
            match (argument.replaces, unknown) {
                (true, true) => perhaps_replaced = true,
                (true, false) => replaced |= !same,
                (false, true) => perhaps_updated = true,
                (false, false) => updated |= !same,
            }
            // Terraform plans an update when a value becomes sensitive or is no longer.
            let secret = |expression: Option<&Expression>| expression.is_some_and(|expression| expression.sensitive);
            perhaps_updated |= secret(was) != secret(is);
        }
        let limits = |written: &Written| {
            let limits = written.limits.as_ref()?;
            Some(limits.iter().map(|(name, limit)| (*name, limit.value.clone())).collect::<BTreeMap<_, _>>())
        };
        let without_null = |limits: Option<BTreeMap<&'static str, Value>>| {
            limits.map(|limits| limits.into_iter().filter(|(_, value)| !value.is_null()).collect::<BTreeMap<_, _>>())
        };
        let any = |test: fn(&Expression) -> bool, written: &Written| {
            written.limits.iter().flat_map(BTreeMap::values).any(test)
        };
        let limits_unknown = there.limits_unknown || any(|limit| limit.unknown, there);
        updated |= without_null(limits(&self.written)) != without_null(limits(there)) && !limits_unknown;
        perhaps_updated |= limits_unknown;
        perhaps_updated |= any(|limit| limit.sensitive, &self.written) || any(|limit| limit.sensitive, there);
        let actions = match (replaced, perhaps_replaced, updated, perhaps_updated) {
            (true, ..) => &["replace"],
            (_, true, ..) => PERHAPS_REPLACE,
            (_, _, true, _) => &["update"],
            (.., true) => PERHAPS_UPDATE,
            _ => NOTHING,
        };
        Expected { actions, harmless }
    }

    /// What a state holds otherwise, in words.
    pub fn differences(&self, states: &BTreeMap<String, Json>) -> Vec<String> {
        let Some(state) = states.get(&self.written.address) else {
            return vec![format!("{} is not in the state", self.written.address)];
        };
        let mut differences = Vec::new();
        for argument in &self.kind.arguments {
            let held = &state[argument.name];
            let is_held = match self.values.get(argument.name).cloned().flatten() {
                Some(Value::Reference(address)) => {
                    let (resource, attribute) = address.rsplit_once('.').unwrap_or_default();
                    states.get(resource).is_some_and(|other| other[attribute] == *held)
                }
                Some(value) => argument.same.is_held(&value, held),
                None => argument.name != "name" || held.as_str().is_some_and(|name| !name.is_empty()),
            };
            if !is_held {
                let wanted = self.values.get(argument.name);
                differences
                    .push(format!("{}.{} is {held} in place of {wanted:?}", self.written.address, argument.name));
            }
        }
        let limits = |limits: &BTreeMap<&'static str, Expression>| {
            let of = |name: &&'static str| match limits.get(name).map(|limit| &limit.value) {
                Some(Value::Text(text)) => ((*name).to_owned(), Json::from(text.clone())),
                _ => ((*name).to_owned(), Json::Null),
            };
            Json::Object(self.kind.timeouts.iter().map(of).collect())
        };
        let wanted = self.written.limits.as_ref().map_or(Json::Null, limits);
        if state["timeouts"] != wanted {
            differences
                .push(format!("{}.timeouts is {} in place of {wanted}", self.written.address, state["timeouts"]));
        }
        differences
    }
}
