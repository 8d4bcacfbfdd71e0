//! How an operation on an object ended: its state is kept whatever happened, and compared with what was promised.

use super::bug_report::{self, mistake_at};
use super::computed_blocks;
use super::contract::{self, unknown, without_unknown};
use super::declared::Declared;
use super::identified::Identified;
use super::outcome::Outcome;
use super::planning::{forget_write_only, keep_spellings};
use crate::diagnostic::Diagnostics;
use crate::model::Model;
use crate::operation::{Operation, Saved};
use crate::value::Value;

/// What an operation began with, to settle how it ended.
pub(super) struct Before<'a> {
    /// For example `read`.
    pub verb: &'static str,
    pub state: Value,
    pub identity: Option<Value>,
    /// What apply must lead to; `None` outside of apply.
    pub planned: Option<&'a Value>,
    /// What would have been planned for a create, if its client sent the configuration in place of a plan.
    pub unplanned: Option<Value>,
}

impl Declared {
    /// The state after an operation: what it saved last, or what was there before. Mistakes of the author are reported, but
    /// they never cost the state: it is made to fit.
    pub(super) fn settle<C, M: Model>(
        &self,
        mut operation: Operation<C, M>,
        result: Result<(), Diagnostics>,
        before: Before<'_>,
    ) -> Outcome {
        let deferred = self.deferral(&mut operation);
        let Operation { saved, saved_identity, private, mut diagnostics, .. } = operation;
        let succeeded = result.is_ok();
        diagnostics.absorb(result);
        let what = format!("after its {}", before.verb);
        let state = match saved {
            Saved::Object(state) => self.settled(state, &before, &what, &mut diagnostics),
            Saved::Removed => Value::Null,
            Saved::Nothing => {
                if succeeded && deferred.is_none() {
                    let sentence = format!("its {} ended without an error and without a state.", before.verb);
                    diagnostics.push(self.mistake(&sentence));
                }
                before.state
            }
        };
        let identified = Identified { saved: saved_identity, before: before.identity };
        let identity = self.identity_after(&state, identified, &what, &mut diagnostics);
        // An import may know a part of it only: the read that follows knows the rest.
        if succeeded && deferred.is_none() && !state.is_null() && before.verb != "import" {
            self.require_identity(identity.as_ref(), &what, &mut diagnostics);
        }
        Outcome { state, private, identity, diagnostics, deferred }
    }

    /// A saved state in the form that Terraform wants.
    pub(super) fn settled<M: Model>(
        &self,
        state: M,
        before: &Before<'_>,
        what: &str,
        diagnostics: &mut Diagnostics,
    ) -> Value {
        let name = self.name;
        let Some(state) = self.value_of(state, diagnostics) else { return before.state.clone() };
        let sent = before.planned.unwrap_or(&before.state);
        let mut state = self.changed::<M>(sent, state, what, diagnostics);
        keep_spellings(&self.schema, &before.state, &mut state, diagnostics);
        if let Some(planned) = before.planned {
            // What was planned counts more, as it is what Terraform compares the state with.
            keep_spellings(&self.schema, planned, &mut state, diagnostics);
        }
        forget_write_only(&self.schema, &mut state);
        diagnostics.extend(unknown(&state).iter().map(|path| mistake_at(name, path, what, "is still unknown")));
        let mut state = without_unknown(state);
        computed_blocks::empty_for_null(&self.schema, &mut state);
        // An operation that failed may have come half way; one that succeeded must have done what was planned.
        if let Some(planned) = before.planned
            && !diagnostics.has_errors()
        {
            let mut broken = contract::apply(planned, &state);
            if let Some(unplanned) = &before.unplanned {
                // What a plan would have left open is no broken promise.
                let mistakes = contract::apply(unplanned, &state);
                let (mistakes, computed): (Vec<_>, Vec<_>) = broken.into_iter().partition(|one| mistakes.contains(one));
                diagnostics.extend((!computed.is_empty()).then(|| bug_report::unplanned(name, &computed)));
                broken = mistakes;
            }
            diagnostics.extend(broken.iter().map(|path| mistake_at(name, path, what, "is not what was planned")));
        }
        state
    }
}
