//! Objects that are not found.

use terraform_plugin::Diagnostic;

use crate::errors::Subject;
use crate::evidence::Doubt;
use crate::provisioned::Descriptor;

pub(in crate::provisioned) fn absent(descriptor: &Descriptor, subject: &Subject) -> Diagnostic {
    let detail = format!(
        "TensorPool has no {subject} any more; it may have been destroyed outside Terraform. It is removed from the state, and \
         the next apply recreates it if it is still in the configuration."
    );
    Diagnostic::warning(format!("{} was not found", descriptor.title()), detail)
}

/// A read did not find an object, and it is not proved that it is absent.
pub fn unproved(descriptor: &Descriptor, subject: &Subject, doubt: &Doubt) -> Diagnostic {
    not_visible(descriptor.noun, subject, doubt)
}

/// The same for an object of any kind.
pub fn not_visible(noun: &str, subject: &Subject, doubt: &Doubt) -> Diagnostic {
    let (what, remedy) = match doubt {
        Doubt::OtherAccount | Doubt::UnknownAccount => (
            "not visible with this API key",
            format!(
                "Do one of these:\n- If it belongs to another account, use the API key of that account (api_key, or the \
                 environment variable TENSORPOOL_KEY).\n- If you know that the {noun} was destroyed, remove it from the state: \
                 terraform state rm <address of this resource>"
            ),
        ),
        Doubt::CreateUnfinished | Doubt::ReadsMayLag => (
            "not found yet",
            format!(
                "Run terraform again in a minute. If you know that the {noun} does not exist, remove it from the state: \
                 terraform state rm <address of this resource>"
            ),
        ),
        Doubt::NoControl(_) => (
            "not found, but the API cannot be trusted",
            "Check the provider's endpoint (endpoint, or the environment variable TENSORPOOL_ENGINE) and TensorPool's status, \
             then run terraform again."
                .to_owned(),
        ),
        Doubt::StillListed | Doubt::ListIncomplete(_) | Doubt::ReadsTooClose | Doubt::Refused => (
            "contradictory responses",
            format!(
                "Run terraform again. If it happens again and you know that the {noun} does not exist, remove it from the state: \
                 terraform state rm <address of this resource>"
            ),
        ),
    };
    let detail = format!(
        "While {} {subject}: TensorPool does not find it, which does not prove that it does not exist. {doubt} Nothing was \
         changed, and the {noun} is still in the state.\n\n{remedy}",
        subject.verb.gerund(),
    );
    Diagnostic::error(format!("Cannot {}: {what}", subject.infinitive()), detail)
}
