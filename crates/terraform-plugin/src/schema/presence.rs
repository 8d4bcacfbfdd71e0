//! What is set of several attributes and blocks, and how messages list them.

use super::Match;

/// The summary of what is wrong with several arguments together.
pub(super) const COMBINATION: &str = "Invalid combination of arguments";

/// Whether something is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    Set,
    Unset,
    /// It may still turn out to be either.
    Open,
}

/// Whether one of the values that an expression leads to is set.
pub(super) fn presence(matches: &[Match<'_>]) -> Presence {
    let set = |one: &Match<'_>| !one.value.is_null() && !one.value.is_unknown();
    if matches.iter().any(set) {
        Presence::Set
    } else if matches.iter().any(|one| one.value.is_unknown()) {
        Presence::Open
    } else {
        Presence::Unset
    }
}

/// `` `a`, `b` and `c` ``.
pub(super) fn listed<T: AsRef<str>>(names: &[T], conjunction: &str) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match &*quoted {
        [] => String::new(),
        [name] => name.clone(),
        [names @ .., last] => format!("{} {conjunction} {last}", names.join(", ")),
    }
}
