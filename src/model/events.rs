//! What can happen.

use super::cloud::Weather;

/// What a run is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Goal {
    Apply,
    /// With `-refresh=false`.
    ApplyUnread,
    /// With `-replace`.
    Replace,
    Destroy,
}

/// What the API, or the user at the keyboard, does at a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Luck {
    /// What is hoped for.
    Fair,
    /// Accepted, but reads and lists do not show it yet.
    Lagging,
    /// The answer is lost, and there is no effect.
    LostBefore,
    /// The answer is lost, and there is an effect.
    LostAfter,
    /// The same, and reads and lists do not show it yet.
    LostLagging,
    /// The answer is lost, and the effect comes much later.
    LostLate,
    /// Refused for certain, for example for want of credit.
    Refused,
    /// A gateway on the way sends a create twice, and passes on the answer to the second.
    Repeated,
    /// A destroy reaches the API, but from then on reads and lists find nothing, as long as the run lasts.
    ReadsNothing,
    /// Answered with the id of another object, without an effect.
    WrongId,
    /// A list is cut off.
    Cut,
    /// The request ends FAILED.
    Fails,
    /// The time limit is over.
    TimesOut,
    /// The user stops the run with Ctrl-C, after the effect.
    Interrupted,
}

impl Luck {
    pub fn is_fault(self) -> bool {
        self != Self::Fair
    }
}

/// What a user does by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UserAction {
    /// Destroys this cluster.
    Destroys(u8),
    /// Renames it, and so knows of it.
    Renames(u8),
    /// Sets its lock.
    Locks(u8),
    /// Lifts its lock.
    Unlocks(u8),
    /// Creates one of the name that the configuration chooses.
    Creates,
    /// `terraform import` of one into this state.
    Imports(u8, u8),
    /// `terraform untaint` in this state.
    Untaints(u8),
    /// `terraform taint` in this state.
    Taints(u8),
    /// `terraform state rm` in this state.
    Removes(u8),
    /// Deletes the journal's entry of this owner, after the dashboard shows no such cluster.
    Forgets(u8),
    /// Changes `deletion_protection` in the configuration.
    Protects(bool),
}

/// One event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// A run begins: of a state, with an account, for a goal.
    Begins(u8, u8, Goal),
    /// A run takes its next step, with luck.
    Steps(u8, Luck),
    /// A run is killed, Terraform and provider.
    Killed(u8),
    /// Terraform is killed, and the provider goes on for a while.
    TerraformKilled(u8),
    /// Reads and lists show a cluster.
    Appears(u8),
    /// The API carries a create out at last.
    Lands,
    Weather(Weather),
    UserAction(UserAction),
}
