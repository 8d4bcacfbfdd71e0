//! The protocol's messages as this crate's own types, where a client reads them, and values as a client sends them.

use std::time::SystemTime;

use tonic::Status;

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::operation::DeferReason;
use crate::path::{AttributePath, Step};
use crate::value::{Type, Value};
use crate::wire::generated::tfplugin6 as pb;

/// The diagnostics of an answer.
pub(super) fn diagnostics(messages: Vec<pb::Diagnostic>) -> Diagnostics {
    let mut read = Diagnostics::new();
    read.extend(messages.into_iter().map(diagnostic));
    read
}

/// The diagnostics of an answer, or of why there is none.
pub(super) fn reported(answer: Result<Vec<pb::Diagnostic>, Diagnostics>) -> Diagnostics {
    answer.map_or_else(|error| error, diagnostics)
}

fn diagnostic(message: pb::Diagnostic) -> Diagnostic {
    let severity = match message.severity() {
        pb::diagnostic::Severity::Warning => Severity::Warning,
        pb::diagnostic::Severity::Error | pb::diagnostic::Severity::Invalid => Severity::Error,
    };
    let path = message.attribute.as_ref().map(path).filter(|path| !path.is_root());
    Diagnostic { severity, summary: message.summary, detail: message.detail, path }
}

/// A path of an answer.
pub(super) fn path(message: &pb::AttributePath) -> AttributePath {
    use pb::attribute_path::step::Selector;
    let steps = message.steps.iter().filter_map(|step| match step.selector.as_ref()? {
        Selector::AttributeName(name) => Some(Step::Attribute(name.clone())),
        Selector::ElementKeyString(key) => Some(Step::Key(key.clone())),
        Selector::ElementKeyInt(index) => Some(Step::Index(usize::try_from(*index).ok()?)),
    });
    steps.fold(AttributePath::root(), AttributePath::then)
}

/// Why an answer puts off what was asked for.
pub(super) fn deferred(message: Option<pb::Deferred>) -> Option<DeferReason> {
    use pb::deferred::Reason;
    match message?.reason() {
        Reason::ProviderConfigUnknown => Some(DeferReason::ProviderConfigUnknown),
        Reason::AbsentPrereq => Some(DeferReason::AbsentPrerequisite),
        _ => Some(DeferReason::ObjectConfigUnknown),
    }
}

/// A time of an answer.
pub(super) fn time(message: Option<prost_types::Timestamp>) -> Option<SystemTime> {
    message.and_then(|time| time.try_into().ok())
}

/// The message of a value.
///
/// # Errors
/// If it is not of the type: a mistake of whoever sends it.
pub(super) fn sent(what: &str, value: &Value, ty: &Type) -> Result<Option<pb::DynamicValue>, Diagnostics> {
    match value.to_msgpack(ty) {
        Ok(msgpack) => Ok(Some(pb::DynamicValue { msgpack, json: Vec::new() })),
        Err(error) => {
            let detail = format!("The {what} does not fit the schema: {error}.");
            Err(Diagnostic::error("Value does not fit the schema", detail).into())
        }
    }
}

/// The message of an identity, where there is one.
pub(super) fn identity(
    value: Option<&Value>,
    ty: Option<&Type>,
) -> Result<Option<pb::ResourceIdentityData>, Diagnostics> {
    let (Some(value), Some(ty)) = (value, ty) else { return Ok(None) };
    Ok(Some(pb::ResourceIdentityData { identity_data: sent("identity", value, ty)? }))
}

/// A call that ended without an answer.
pub(super) fn failed(status: &Status) -> Diagnostics {
    Diagnostic::error("Plugin did not respond", status.message()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::convert;

    #[test]
    fn what_is_sent_is_what_is_read() {
        for reason in
            [DeferReason::ObjectConfigUnknown, DeferReason::ProviderConfigUnknown, DeferReason::AbsentPrerequisite]
        {
            assert_eq!(deferred(Some(convert::deferred(reason))), Some(reason));
        }
        assert_eq!(deferred(None), None);
        let everywhere = AttributePath::of("disks").index(1).attribute("labels").key("k");
        assert_eq!(path(&convert::path(&everywhere)), everywhere);
        let mut reported = Diagnostics::from(Diagnostic::error("Bad", "It is bad.").at(everywhere));
        reported.push(Diagnostic::warning("Slow", "It is slow."));
        assert_eq!(diagnostics(convert::diagnostics(reported.clone())), reported);
        // A path to nothing more than the object says nothing.
        let of_object = Diagnostics::from(Diagnostic::error("Bad", "It is bad.").at(AttributePath::root()));
        let read = diagnostics(convert::diagnostics(of_object));
        assert_eq!(read, Diagnostic::error("Bad", "It is bad.").into());
    }

    #[test]
    fn a_call_without_an_answer_says_why() {
        let failed = failed(&Status::internal("the call crashed"));
        assert_eq!(failed, Diagnostic::error("Plugin did not respond", "the call crashed").into());
    }
}
