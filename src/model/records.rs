//! What is kept between runs: Terraform's state and the journal.

use crate::journal::entry::Stage;

/// What Terraform keeps of the one resource, with private state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "they are the state's own")]
pub struct Saved {
    pub id: u8,
    pub name: u8,
    pub protected: bool,
    pub tainted: bool,
    /// The account with which it was last found.
    pub mark: u8,
    /// A create that has not ended.
    pub unfinished: bool,
    /// A create that was resumed has failed.
    pub failed: bool,
}

/// An entry of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Note {
    /// The number of the run whose process wrote it.
    pub owner: u8,
    pub place: u8,
    pub account: u8,
    pub name: u8,
    pub generated: bool,
    pub id: Option<u8>,
    pub stage: Stage,
    pub adopted: bool,
    /// The run that has passed by it.
    pub passed_by: Option<u8>,
    /// Two runs have passed by it and reported nothing.
    pub passed_over: bool,
}
