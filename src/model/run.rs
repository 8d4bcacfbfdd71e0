//! A run of Terraform: what it is for, what it knows, and what it does next.

use super::events::Goal;
use super::records::{Note, Saved};
use crate::evidence::ambiguity::{Attempt, NameOwner};
use crate::journal::verdict::Reason;

/// What the list said of the cluster, at the first read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InList {
    Lacks,
    NotFound,
    Contains,
    Cut,
}

/// What a run does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Reports what earlier runs left; the bits are those of the owners whose entries are done.
    Reconcile(u8),
    ReconcileAgain(u8, u8, InList),
    Refresh,
    RefreshAgain(InList),
    Plan,
    Edit,
    Destroy,
    DestroyAgain(InList),
    DestroyWait,
    Destroyed,
    Claim,
    Adopt(u8),
    AdoptRead,
    AdoptReadAgain(InList),
    AdoptSearch,
    /// Makes sure that what stops the create was not created.
    Ensure,
    EnsureAgain(InList),
    List,
    Begin,
    Send(Attempt),
    /// Searches for the name, and may then send again.
    Search {
        send_again: bool,
        brief: bool,
    },
    Record(u8),
    /// Waits for the end of the create: of this run, or one that is resumed.
    Finish {
        resumed: bool,
    },
    Mark {
        ok: bool,
    },
    /// The same, after the answer has left.
    MarkLate {
        ok: bool,
    },
    Save,
}

/// A run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent facts about a run")]
pub struct Run {
    pub number: u8,
    pub state: u8,
    pub account: u8,
    pub goal: Goal,
    pub step: Step,
    /// Terraform was killed, and the provider goes on for a while.
    pub terraform_killed: bool,
    /// Terraform's copy of the state.
    pub saved: Option<Saved>,
    /// Whether the provider has read the state.
    pub read: bool,
    pub then_create: bool,
    pub name: u8,
    pub name_owner: NameOwner,
    /// The entries that stop the create, as they were when it asked.
    pub stops: Vec<(Note, Reason)>,
    /// Whether an entry was adopted that has no object.
    pub held: bool,
    /// The ids that were listed before the create.
    pub before: u8,
    /// The clusters that are reported together with the answer.
    pub to_report: u8,
    /// Reads and lists find nothing any more.
    pub reads_nothing: bool,
    /// The destroy was answered with a 409, or else with a 404.
    pub conflict: bool,
    /// It is tried for the second time, which stands for all further tries.
    pub tried_again: bool,
}

/// Whether a run goes on.
pub enum Then {
    Goes(Step),
    Ends,
}

impl Run {
    pub fn new(number: u8, state: u8, account: u8, goal: Goal) -> Self {
        Self {
            number,
            state,
            account,
            goal,
            step: Step::Reconcile(0),
            terraform_killed: false,
            saved: None,
            read: false,
            then_create: false,
            name: 0,
            name_owner: NameOwner::Anybody,
            stops: Vec::new(),
            held: false,
            before: 0,
            to_report: 0,
            reads_nothing: false,
            conflict: false,
            tried_again: false,
        }
    }

    pub fn holds(&self, id: u8) -> bool {
        self.saved.as_ref().is_some_and(|saved| saved.id == id) || self.step == Step::Record(id)
    }
}
