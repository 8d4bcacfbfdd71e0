//! The one home of the wording of failures.
//!
//! Every diagnostic says what was being done to which object, how the API responded, the request id if there is one, and what
//! to do next. Nothing is claimed that is not known.

mod fields;
mod story;
mod subject;
mod table;
mod verb;

pub use subject::Subject;
pub use verb::Verb;

#[cfg(test)]
mod tests;
