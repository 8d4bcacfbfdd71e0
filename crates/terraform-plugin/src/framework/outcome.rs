//! What Terraform gives for a call, and what the call leaves: values without the types of the author's models.

use std::time::SystemTime;

use crate::diagnostic::Diagnostics;
use crate::operation::{DeferReason, Private};
use crate::path::AttributePath;
use crate::value::Value;

/// An object as Terraform has it.
pub(crate) struct Stored {
    pub state: Value,
    pub private: Private,
    /// Absent before Terraform 1.12, and in states from before the resource had one.
    pub identity: Option<Value>,
}

impl Stored {
    /// No object.
    pub fn nothing() -> Self {
        Self { state: Value::Null, private: Private::default(), identity: None }
    }
}

/// A state and what goes with it, as an operation leaves it.
pub(crate) struct Outcome {
    pub state: Value,
    pub private: Private,
    pub identity: Option<Value>,
    pub diagnostics: Diagnostics,
    pub deferred: Option<DeferReason>,
}

impl Outcome {
    /// What an operation leaves that failed before it began: everything as it was.
    pub fn untouched(stored: Stored, diagnostics: Diagnostics) -> Self {
        let Stored { state, private, identity } = stored;
        Self { state, private, identity, diagnostics, deferred: None }
    }

    /// What an operation leaves that is put off: everything as it was.
    pub fn deferred(stored: Stored, reason: DeferReason) -> Self {
        Self { deferred: Some(reason), ..Self::untouched(stored, Diagnostics::new()) }
    }

    /// What an operation leaves that failed before it began, where there was nothing before.
    pub fn nothing(diagnostics: Diagnostics) -> Self {
        Self::untouched(Stored::nothing(), diagnostics)
    }
}

/// What Terraform gives for a plan.
pub(crate) struct PlanInput {
    pub prior: Stored,
    pub proposed: Value,
    pub config: Value,
    /// The private data of the first plan, in the second one.
    pub earlier_private: Option<Private>,
}

/// A computed plan.
pub(crate) struct PlanOutput {
    pub planned: Value,
    pub requires_replace: Vec<AttributePath>,
    pub private: Private,
    pub identity: Option<Value>,
    pub diagnostics: Diagnostics,
    pub deferred: Option<DeferReason>,
}

impl PlanOutput {
    /// No plan. Terraform reads nothing else of an answer with an error.
    pub fn refused(diagnostics: Diagnostics) -> Self {
        Self {
            planned: Value::Null,
            requires_replace: Vec::new(),
            private: Private::default(),
            identity: None,
            diagnostics,
            deferred: None,
        }
    }
}

/// What Terraform gives for an apply. The private data and the identity are the planned ones.
pub(crate) struct ApplyInput {
    pub prior: Stored,
    pub planned: Value,
    pub config: Value,
}

/// An ephemeral resource that was opened, or why not.
pub(crate) struct OpenOutcome {
    pub result: Value,
    pub lease: Lease,
    pub deferred: Option<DeferReason>,
}

/// How long an ephemeral resource stays open, or that it was renewed or closed.
pub(crate) struct Lease {
    pub renew_at: Option<SystemTime>,
    pub private: Private,
    pub diagnostics: Diagnostics,
}

/// What Terraform wants to have listed.
pub(crate) struct ListInput {
    pub config: Value,
    pub include_resource: bool,
    pub limit: usize,
}

/// One finding, or messages.
pub(crate) struct ListEvent {
    pub found: Option<ListedObject>,
    pub diagnostics: Diagnostics,
}

/// An object that exists.
pub(crate) struct ListedObject {
    pub display_name: String,
    pub identity: Value,
    /// Its state, where that was wanted.
    pub state: Option<Value>,
}

impl From<Diagnostics> for ListEvent {
    fn from(diagnostics: Diagnostics) -> Self {
        Self { found: None, diagnostics }
    }
}

/// Why a call of a function failed, and the position of the argument that is to blame.
pub(crate) struct CallError {
    pub text: String,
    pub argument: Option<usize>,
}
