//! What is known of a value that is not known yet.

use super::Number;

/// What is known of an unknown value. All of it is optional; providers may ignore it, but an unknown value that is only
/// passed on keeps it.
///
/// A later version may know more, so one is made with `..Refinements::default()`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refinements {
    /// The value is certainly not null.
    pub not_null: bool,
    /// How the text begins.
    pub prefix: Option<String>,
    /// The number is not below this; `true` when it may equal it.
    pub lower_bound: Option<(Number, bool)>,
    /// The number is not above this; `true` when it may equal it.
    pub upper_bound: Option<(Number, bool)>,
    /// The collection has at least this many elements.
    pub min_length: Option<i64>,
    /// The collection has at most this many elements.
    pub max_length: Option<i64>,
}

impl Refinements {
    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
