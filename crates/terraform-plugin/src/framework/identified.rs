//! The identity of an object after an operation: what its state says, and what the operation has saved apart from it.

use super::contract::without_unknown;
use super::declared::Declared;
use crate::diagnostic::Diagnostics;
use crate::value::{MisfitKind, Name, Type, Value};

/// What is known of an identity apart from the state.
#[derive(Default)]
pub(super) struct Identified {
    /// What the operation saved.
    pub saved: Option<Value>,
    /// What Terraform had before.
    pub before: Option<Value>,
}

impl Declared {
    /// The identity of an object that has this state. It must be the one from before, where there was one; only what was null
    /// there may be known by now, as an import need not name all of it.
    pub(super) fn identity_after(
        &self,
        state: &Value,
        identified: Identified,
        what: &str,
        diagnostics: &mut Diagnostics,
    ) -> Option<Value> {
        let Identified { saved, before } = identified;
        let (Some(schema), Some(ty)) = (&self.schema.identity, &self.identity_type) else {
            let mistake = || self.mistake(&format!("{what}, it saved an identity, of which its schema has none."));
            diagnostics.extend(saved.map(|_| mistake()));
            return before;
        };
        let saved = saved.map(|saved| self.saved_identity(saved, ty, what, diagnostics));
        if let Some(saved) = &saved {
            let contradicts =
                |name| format!("{what}, {name} in the identity that it saved is not what its state says.");
            let contradictions = schema.contradictions(state, saved).map(|name| self.mistake(&contradicts(name)));
            diagnostics.extend(contradictions);
        }
        let apart = match (saved, &before) {
            (Some(saved), Some(before)) => Some(completed(&saved, before)),
            (saved, before) => saved.or_else(|| before.clone()),
        };
        let now = schema.of_object(state, apart.as_ref());
        if let (Some(now), Some(before)) = (&now, &before)
            && completed(before, now) != *now
        {
            diagnostics.push(self.mistake(&format!("{what}, its identity is another one than before.")));
        }
        if state.is_null() { None } else { now.or(before) }
    }

    /// An identity as the operation saved it, of the type that Terraform wants.
    fn saved_identity(&self, saved: Value, ty: &Type, what: &str, diagnostics: &mut Diagnostics) -> Value {
        let (saved, misfits) = saved.plain().fit(ty);
        let mut report = |sentence: String| {
            diagnostics.push(self.mistake(&format!("{what}, in the identity that it saved, {sentence}.")));
        };
        // What is left out is taken from the state, or stays as it was.
        for misfit in misfits.iter().filter(|one| one.kind != MisfitKind::Missing) {
            report(format!("{} {}", misfit.path, misfit.kind));
        }
        if let Value::Map(parts) = &saved {
            for (name, _) in parts.iter().filter(|(_, part)| !part.is_wholly_known()) {
                report(format!("{name} is unknown"));
            }
        }
        without_unknown(saved)
    }

    /// Reports what an identity lacks that only the author's code can know.
    pub(super) fn require_identity(&self, identity: Option<&Value>, what: &str, diagnostics: &mut Diagnostics) {
        let Some(schema) = &self.schema.identity else { return };
        let missing = schema.missing(identity).map(|name| {
            let sentence = format!(
                "{what}, its identity has no {name}. As it is not in the state, the operation has to hand it over \
                 (save_identity)."
            );
            self.mistake(&sentence)
        });
        diagnostics.extend(missing);
    }
}

/// An identity with what another one knows of its nulls.
pub(super) fn completed(identity: &Value, other: &Value) -> Value {
    let (Value::Map(parts), Value::Map(others)) = (identity, other) else { return identity.clone() };
    let part = |name: &Name, value: &Value| {
        if value.is_null() { others.get(name).unwrap_or(value).clone() } else { value.clone() }
    };
    Value::Map(parts.map_ref(part))
}
