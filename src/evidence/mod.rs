//! What the provider may believe, and on what proof.
//!
//! Every belief that could lose a machine, buy a second one or destroy another owner's is one small type or pure function
//! here. Operations gather what the functions ask for, and do what they return. The rules:
//!
//! - An object is absent only when everything in [`absence`] says so; one 404 says little.
//! - An absence counts only for the [`account`] with which the object was last found.
//! - A create is sent a second time only as [`ambiguity`] allows.
//! - What a create of a run that died can have created is limited by [`times`].
//! - What the API shows right after a write is its [`spelling`] of what was asked for, and no drift.
//! - The create half of a replacement knows what it replaces by the mark in [`replaced`]; what the other half of the plan
//!   read is in [`memory`].

pub mod absence;
pub mod account;
pub mod ambiguity;
mod check;
pub mod memory;
pub mod replaced;
pub mod spelling;
pub mod times;

pub use absence::{Doubt, ListEvidence};
pub use account::AccountMark;
pub use check::{Presence, Unfinished, Visible, Witness, check_absence, presence};
pub use memory::Memory;
pub use replaced::Replaced;
pub use spelling::Spelling;
