//! The one home of the wording of failures.
//!
//! Every diagnostic says what was being done to which object, how the API responded, the request id if there is one, and what
//! to do next. Nothing is claimed that is not known.

mod fields;
mod subject;
mod table;
mod verb;

use tensorpool::{Error, ErrorKind, Interrupted};

pub use subject::Subject;
pub use verb::Verb;

/// The error of a wait that a stop or the deadline ended.
#[must_use]
pub fn interrupted(why: Interrupted, what: impl Into<String>) -> Error {
    let kind = match why {
        Interrupted::Stopped => ErrorKind::Stopped,
        Interrupted::Deadline => ErrorKind::Deadline,
    };
    Error::new(kind, what)
}

#[cfg(test)]
mod tests;
