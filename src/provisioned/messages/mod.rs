//! Messages about objects that cost money, in addition to the failures that all objects share.

mod absent;
mod ambiguous;
mod create;
mod delete;
mod names;

pub(super) use absent::absent;
pub use absent::{not_visible, unproved};
pub(super) use ambiguous::{
    ambiguous, another, foreign, interrupted_ambiguous, interrupted_unproved, others_of_the_name, perhaps_ours,
    wrong_id,
};
pub(super) use create::{
    Lock, abandoned, adopted, create_failed, create_unfinished, no_journal, only_waits, still_provisioning,
};
pub use delete::attached;
pub(super) use delete::not_ready;
pub(super) use names::{list_incomplete, name_in_creation, name_of_replaced, name_taken, name_twice, plan_again};

/// The command of an import. Only Terraform knows the address.
fn import(id: &str) -> String {
    format!("terraform import <address of this resource> {id}")
}

#[cfg(test)]
mod tests;
