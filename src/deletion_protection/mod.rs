//! The switch of the deletion protection of clusters and volumes, as an action.

mod action;

pub use action::SetDeletionProtectionAction;
