//! What a provider promises Terraform, checked before Terraform does: it would only say that there is a bug in the provider,
//! and not where.
//!
//! The rules are those of Terraform's `plan_valid.go` and `compatible.go`. Values are not shown, as they may be secret.

use super::walk::{Inside, Site, each};
use crate::path::{AttributePath, Step};
use crate::schema::{Nesting, Schema, Shape};
use crate::value::Value;

/// A promise that was not kept: where, and which.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Breach {
    pub path: AttributePath,
    pub sentence: &'static str,
}

/// Where a planned state contradicts the configuration.
pub(super) fn plan(schema: &Schema, prior: &Value, config: &Value, planned: &Value) -> Vec<Breach> {
    let mut breaches = Vec::new();
    // The walk can change the planned state; here it only compares.
    each(schema, config, prior, &mut planned.clone(), &mut |site| {
        let verdict = judge(site);
        if let Verdict::Broken(sentence) = verdict {
            breaches.push(Breach { path: site.path.clone(), sentence });
        }
        if verdict == Verdict::CompareInside { Inside::Visit } else { Inside::Skip }
    });
    breaches
}

#[derive(PartialEq)]
enum Verdict {
    Kept,
    Broken(&'static str),
    CompareInside,
}

fn judge(site: &Site<'_>) -> Verdict {
    let Site { item, config, prior, planned, .. } = site;
    let Some(attribute) = item.attribute() else {
        // Terraform compares sets as wholes, and so does this with those that are attributes.
        return if item.in_set().is_some() { Verdict::Kept } else { Verdict::CompareInside };
    };
    if same(planned, config) {
        return Verdict::Kept;
    }
    if attribute.write_only {
        return if planned.is_null() {
            Verdict::Kept
        } else {
            Verdict::Broken("is write-only, but planned to be stored")
        };
    }
    if !config.is_null() && !prior.is_null() && same(planned, prior) {
        // The configuration only spells the prior value differently.
        return Verdict::Kept;
    }
    if attribute.computed && (!attribute.optional || config.is_null()) {
        return Verdict::Kept;
    }
    if config.is_null() {
        return Verdict::Broken("is not configured and not computed, but planned to have a value");
    }
    let Shape::Nested(nesting, _) = &attribute.shape else {
        return Verdict::Broken("is planned to be other than configured");
    };
    if planned.is_null() || planned.is_unknown() || config.is_unknown() {
        return Verdict::Broken("is planned to be other than configured");
    }
    match (nesting, &**planned, config) {
        (Nesting::List, Value::List(planned), Value::List(config)) if planned.len() != config.len() => {
            Verdict::Broken("is planned to have another number of elements than configured")
        }
        (Nesting::Map, Value::Map(planned), Value::Map(config)) if !planned.keys().eq(config.keys()) => {
            Verdict::Broken("is planned to have other keys than configured")
        }
        (Nesting::Set, ..) => Verdict::Kept,
        _ => Verdict::CompareInside,
    }
}

/// Whether two values are the same but for what is known of the unknown ones.
fn same(a: &Value, b: &Value) -> bool {
    a == b || unrefined(a) == unrefined(b)
}

fn unrefined(value: &Value) -> Value {
    match value {
        Value::Unknown(_) => Value::unknown(),
        Value::List(elements) => Value::List(elements.iter().map(unrefined).collect()),
        Value::Set(elements) => Value::Set(elements.iter().map(unrefined).collect()),
        Value::Map(entries) => Value::Map(entries.map_ref(|_, value| unrefined(value))),
        Value::Dynamic(ty, inner) => Value::Dynamic(ty.clone(), Box::new(unrefined(inner))),
        other => other.clone(),
    }
}

/// Where a state that was applied is not what was planned. What was unknown in the plan may be anything.
pub(crate) fn apply(planned: &Value, state: &Value) -> Vec<AttributePath> {
    let mut paths = Vec::new();
    compare(planned, state, &AttributePath::root(), &mut paths);
    paths
}

fn compare(planned: &Value, state: &Value, path: &AttributePath, paths: &mut Vec<AttributePath>) {
    match (planned, state) {
        (Value::Unknown(_), _) => {}
        (Value::Map(planned), Value::Map(state)) if planned.keys().eq(state.keys()) => {
            for ((name, planned), state) in planned.iter().zip(state.values()) {
                compare(planned, state, &path.clone().then(Step::Attribute(name.into())), paths);
            }
        }
        (Value::List(planned), Value::List(state)) if planned.len() == state.len() => {
            for (index, (planned, state)) in planned.iter().zip(state).enumerate() {
                compare(planned, state, &path.clone().index(index), paths);
            }
        }
        // Elements that were unknown may even turn out to be the same, so a set of them can only shrink.
        (Value::Set(planned), Value::Set(state))
            if !planned.iter().all(Value::is_wholly_known) && state.len() <= planned.len() => {}
        (Value::Dynamic(_, planned), Value::Dynamic(_, state)) => compare(planned, state, path, paths),
        (planned, state) if planned == state => {}
        _ => paths.push(path.clone()),
    }
}

/// The attributes of a state that are still unknown, at the top level. Terraform would store null for them.
pub(super) fn unknown(state: &Value) -> Vec<AttributePath> {
    match state {
        Value::Map(attributes) => {
            let unknown = attributes.iter().filter(|(_, value)| !value.is_wholly_known());
            unknown.map(|(name, _)| AttributePath::of(name)).collect()
        }
        _ => Vec::new(),
    }
}

/// The same state with null for what is unknown.
pub(super) fn without_unknown(value: Value) -> Value {
    match value {
        Value::Unknown(_) => Value::Null,
        Value::List(elements) => Value::List(elements.into_iter().map(without_unknown).collect()),
        Value::Set(elements) => Value::set(elements.into_iter().map(without_unknown)),
        Value::Map(entries) => Value::Map(entries.map(|_, value| without_unknown(value))),
        Value::Dynamic(ty, inner) => Value::Dynamic(ty, Box::new(without_unknown(*inner))),
        other => other,
    }
}

#[cfg(test)]
mod tests;
