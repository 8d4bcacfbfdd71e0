//! From values to the author's models.

use super::bug_report::mistake;
use super::guard::caught;
use crate::diagnostic::Diagnostics;
use crate::model::Model;
use crate::value::Value;

/// Reads a model, where the value can only fail to fit by a mistake of the provider's author.
pub(crate) fn model<M: Model>(object: &str, value: Value) -> Result<M, Diagnostics> {
    // A model written by hand may panic.
    let read = caught("read a model of", object, || M::from_value(value.plain()))?;
    read.map_err(|error| mistake(object, &format!("{error}.")).into())
}

/// Reads a model; `None` from null.
pub(super) fn optional_model<M: Model>(object: &str, value: Value) -> Result<Option<M>, Diagnostics> {
    if value.is_null() { Ok(None) } else { model(object, value).map(Some) }
}
