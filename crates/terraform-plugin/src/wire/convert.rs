//! Diagnostics, paths and values as the protocol's messages.

use super::generated::tfplugin6 as pb;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::operation::DeferReason;
use crate::path::{AttributePath, Step};
use crate::value::{Type, Value};

/// The messages of diagnostics.
pub(super) fn diagnostics(diagnostics: Diagnostics) -> Vec<pb::Diagnostic> {
    diagnostics.into_iter().map(diagnostic).collect()
}

fn diagnostic(diagnostic: Diagnostic) -> pb::Diagnostic {
    use pb::diagnostic::Severity as Kind;
    let severity = match diagnostic.severity {
        Severity::Error => Kind::Error,
        Severity::Warning => Kind::Warning,
    };
    pb::Diagnostic {
        severity: severity.into(),
        summary: diagnostic.summary,
        detail: diagnostic.detail,
        attribute: diagnostic.path.as_ref().map(path),
    }
}

/// The message of a path. The protocol cannot express an element of a set, so a path ends at the set.
pub(super) fn path(path: &AttributePath) -> pb::AttributePath {
    use pb::attribute_path::{Step as Message, step::Selector};
    let steps = path.steps().iter().map_while(|step| {
        let selector = match step {
            Step::Attribute(name) => Selector::AttributeName(name.clone()),
            Step::Index(index) => Selector::ElementKeyInt(i64::try_from(*index).ok()?),
            Step::Key(key) => Selector::ElementKeyString(key.clone()),
            Step::Element(_) => return None,
        };
        Some(Message { selector: Some(selector) })
    });
    pb::AttributePath { steps: steps.collect() }
}

/// The messages of a validation, or of why there was none.
pub(super) fn validated(result: Result<Diagnostics, Diagnostics>) -> Vec<pb::Diagnostic> {
    diagnostics(result.unwrap_or_else(|reason| reason))
}

/// The message of a deferral.
pub(super) fn deferred(reason: DeferReason) -> pb::Deferred {
    use pb::deferred::Reason;
    let reason = match reason {
        DeferReason::ObjectConfigUnknown => Reason::ResourceConfigUnknown,
        DeferReason::ProviderConfigUnknown => Reason::ProviderConfigUnknown,
        DeferReason::AbsentPrerequisite => Reason::AbsentPrereq,
    };
    pb::Deferred { reason: reason.into() }
}

/// Reads an identity, where Terraform sends one that the resource knows. Terraform before 1.12 sends none.
pub(super) fn read_identity(
    identity: Option<&pb::ResourceIdentityData>,
    ty: Option<&Type>,
) -> Result<Option<Value>, Diagnostics> {
    let (Some(data), Some(ty)) = (identity.and_then(|identity| identity.identity_data.as_ref()), ty) else {
        return Ok(None);
    };
    let identity = read("identity", Some(data), ty)?;
    Ok(Some(identity).filter(|identity| !identity.is_null()))
}

/// Writes an identity.
pub(super) fn write_identity(
    identity: Option<&Value>,
    ty: Option<&Type>,
    diagnostics: &mut Diagnostics,
) -> Option<pb::ResourceIdentityData> {
    let (identity, ty) = (identity?, ty?);
    Some(pb::ResourceIdentityData { identity_data: Some(write("identity", identity, ty, diagnostics)) })
}

/// The text of a stored state or identity.
pub(super) fn raw<'a>(what: &str, raw: Option<&'a pb::RawState>) -> Result<&'a str, Diagnostics> {
    let unusable = |reason: &str| -> Diagnostics {
        Diagnostic::error("State cannot be read", format!("A stored {what} cannot be read: {reason}.")).into()
    };
    let raw = raw.ok_or_else(|| unusable("there is none"))?;
    if raw.json.is_empty() {
        return Err(unusable("it was written by Terraform 0.11 or older"));
    }
    std::str::from_utf8(&raw.json).map_err(|_| unusable("it is not UTF-8"))
}

/// The text of a stored identity, if there is one. Terraform asks for the upgrade of an object from before identities too, as it
/// takes it for one of version 0, and sends nothing.
pub(super) fn raw_identity(stored: Option<&pb::RawState>) -> Result<Option<&str>, Diagnostics> {
    let stored = stored.filter(|stored| !matches!(stored.json.trim_ascii(), b"" | b"null"));
    stored.map(|stored| raw("identity", Some(stored))).transpose()
}

/// Reads a value. An absent message stands for null, as everywhere in protocol buffers.
pub(super) fn read(what: &str, value: Option<&pb::DynamicValue>, ty: &Type) -> Result<Value, Diagnostics> {
    let Some(value) = value else { return Ok(Value::Null) };
    let read = if !value.msgpack.is_empty() {
        Value::from_msgpack(&value.msgpack, ty)
    } else if value.json.is_empty() {
        Ok(Value::Null)
    } else {
        match std::str::from_utf8(&value.json) {
            Ok(text) => Value::from_json(text, ty),
            Err(_) => return Err(unreadable(what, &"it is not UTF-8")),
        }
    };
    read.map_err(|error| unreadable(what, &error))
}

fn unreadable(what: &str, error: &dyn std::fmt::Display) -> Diagnostics {
    let detail =
        format!("Terraform sent a {what} that the provider cannot read: {error}. This is a bug in one of them.");
    Diagnostic::error("Message cannot be read", detail).into()
}

/// Writes a value. One that does not fit its type is a mistake of the provider's author: null and a diagnostic.
pub(super) fn write(what: &str, value: &Value, ty: &Type, diagnostics: &mut Diagnostics) -> pb::DynamicValue {
    let msgpack = value.to_msgpack(ty).unwrap_or_else(|error| {
        let detail =
            format!("The provider made a {what} that does not fit its schema, {error}. Please report this bug.");
        diagnostics.push(Diagnostic::error("Mistake in the provider", detail));
        NIL.to_vec()
    });
    pb::DynamicValue { msgpack, json: Vec::new() }
}

/// Null in MessagePack.
const NIL: [u8; 1] = [0xc0];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_ends_where_the_protocol_cannot_go_on() {
        let deep = AttributePath::of("rules").element(Value::from(1)).attribute("port");
        assert_eq!(path(&deep).steps.len(), 1);
        assert_eq!(path(&AttributePath::of("a").index(0).key("k")).steps.len(), 3);
    }

    #[test]
    fn every_reason_of_a_deferral_has_its_number() {
        let reasons =
            [DeferReason::ObjectConfigUnknown, DeferReason::ProviderConfigUnknown, DeferReason::AbsentPrerequisite];
        assert_eq!(reasons.map(|reason| deferred(reason).reason), [1, 2, 3]);
    }

    #[test]
    fn an_absent_value_is_null_and_a_broken_one_an_error() {
        assert_eq!(read("state", None, &Type::Bool), Ok(Value::Null));
        let broken = pb::DynamicValue { msgpack: vec![0xc1], json: Vec::new() };
        let error = read("state", Some(&broken), &Type::Bool).expect_err("it is broken");
        let detail = &error.iter().next().expect("it is reported").detail;
        assert!(detail.starts_with("Terraform sent a state that the provider cannot read: "), "{detail}");
    }

    #[test]
    fn an_identity_that_was_not_stored_yet_is_none() {
        let stored = |json: &str| pb::RawState { json: json.as_bytes().to_vec(), ..Default::default() };
        for (json, expected) in [("", None), (" ", None), ("null", None), ("{\"id\": 1}", Some("{\"id\": 1}"))] {
            assert_eq!(raw_identity(Some(&stored(json))), Ok(expected), "{json:?}");
        }
        assert_eq!(raw_identity(None), Ok(None));
        let binary = pb::RawState { json: vec![0xff], ..Default::default() };
        assert!(raw_identity(Some(&binary)).is_err());
    }
}
