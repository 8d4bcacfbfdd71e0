//! What the tests of validators share.

use super::{ValidateRequest, Validator, ask};
use crate::diagnostic::Diagnostics;
use crate::path::AttributePath;
use crate::value::Value;

/// A validator, its words, what it accepts and what not.
pub(super) type Case<'a> = (&'a dyn Validator, &'a str, &'a [&'a str], &'a [&'a str]);

/// What a validator says of a value of the attribute `it`.
pub(super) fn diagnostics(validator: &dyn Validator, value: Value, sensitive: bool) -> Diagnostics {
    let config = Value::object([("it", value)]);
    let path = AttributePath::of("it");
    let request = ValidateRequest::new(&path, config.get("it").expect("it is there"), &config);
    let mut diagnostics = Diagnostics::new();
    let request = if sensitive { request.sensitive() } else { request };
    ask(validator, &request, &mut diagnostics);
    diagnostics
}

/// The details of what it says.
pub(super) fn details(validator: &dyn Validator, value: Value) -> Vec<String> {
    diagnostics(validator, value, false).into_iter().map(|one| one.detail).collect()
}

/// The one thing that it says, if it says something.
#[track_caller]
pub(super) fn detail(validator: &dyn Validator, value: Value) -> Option<String> {
    one(diagnostics(validator, value, false))
}

/// The same of a sensitive value.
#[track_caller]
pub(super) fn detail_of_secret(validator: &dyn Validator, value: Value) -> Option<String> {
    one(diagnostics(validator, value, true))
}

#[track_caller]
fn one(diagnostics: Diagnostics) -> Option<String> {
    let mut diagnostics = diagnostics.into_iter();
    let first = diagnostics.next().map(|one| one.detail);
    assert!(diagnostics.next().is_none(), "it says more than one thing");
    first
}
