//! Creates that ended, failed, were interrupted, or were adopted.

use std::io;
use std::path::Path;

use tensorpool::Error;
use terraform_plugin::Diagnostic;

use crate::errors::Subject;
use crate::provisioned::Descriptor;

/// What became of the lock that a failed create had set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::provisioned) enum Lock {
    /// The create set none.
    None,
    /// It was lifted, so that the next apply can replace the object.
    Lifted,
    /// It could not be lifted.
    Kept,
}

pub(in crate::provisioned) fn create_failed(
    descriptor: &Descriptor,
    subject: &Subject,
    error: &Error,
    lock: Lock,
) -> Diagnostic {
    let mut diagnostic = subject.failed(error);
    let noun = descriptor.noun;
    let next = match lock {
        Lock::None => "the next terraform apply replaces it.".to_owned(),
        Lock::Lifted => format!(
            "the next terraform apply replaces it. The deletion protection that the create had set was lifted for that; the \
             new {noun} is protected again."
        ),
        Lock::Kept => {
            "deletion protection is on for it and could not be lifted. To replace it:\n1. Run: terraform untaint \
                       <address of this resource>\n2. Set deletion_protection = false and run terraform apply.\n3. Run \
                       terraform apply again, which replaces it."
                .to_owned()
        }
    };
    diagnostic.detail = format!("{}\n\nThe {noun} is in the state, and {next}", diagnostic.detail);
    diagnostic
}

/// A create whose end was not observed: it ran out of time, or the API stopped responding.
pub(in crate::provisioned) fn create_unfinished(
    descriptor: &Descriptor,
    subject: &Subject,
    error: &Error,
) -> Diagnostic {
    let mut diagnostic = subject.failed(error);
    let noun = descriptor.noun;
    diagnostic.detail = format!(
        "{}\n\nThe {noun} exists, costs money and is in the state. If Terraform has marked it as tainted, the next terraform \
         apply destroys and recreates it.\n\nTo keep it:\n1. Run: terraform untaint <address of this resource>\n2. Run \
         terraform apply, which waits for it.\n\nFor a longer limit, set create in the timeouts block of the resource, for \
         example create = \"2h\".",
        subject.story(error)
    );
    diagnostic
}

pub(in crate::provisioned) fn still_provisioning(
    descriptor: &Descriptor,
    subject: &Subject,
    request_id: Option<&str>,
) -> Diagnostic {
    let request = request_id.map(|id| format!(" Request id: {id}.")).unwrap_or_default();
    let detail = format!(
        "Terraform was interrupted while {subject} was being provisioned. The {} exists, costs money and is in the \
         state.{request}\n\nThe next terraform apply waits for it; terraform destroy removes it.",
        descriptor.noun
    );
    Diagnostic::warning(format!("{} is still being provisioned", descriptor.title()), detail)
}

/// The plan of a create that was interrupted: an update in place that changes nothing.
pub(in crate::provisioned) fn only_waits(descriptor: &Descriptor, subject: &Subject) -> Diagnostic {
    let detail =
        format!("An earlier apply was interrupted while {subject} was being provisioned. This apply waits for it.");
    Diagnostic::warning(format!("{} is still being provisioned", descriptor.title()), detail)
}

pub(in crate::provisioned) fn adopted(descriptor: &Descriptor, name: &str, id: &str) -> Diagnostic {
    let noun = descriptor.noun;
    let detail = format!(
        "An earlier run was killed while it created {noun} {name:?} ({id}), before it could return it to Terraform. The journal \
         proves that it is the {noun} of this block, so it was adopted and no other was created."
    );
    Diagnostic::warning(format!("{} of an earlier run adopted", descriptor.title()), detail)
}

pub(in crate::provisioned) fn no_journal(descriptor: &Descriptor, directory: &Path, error: &io::Error) -> Diagnostic {
    let detail = format!(
        "The journal in {} cannot be written: {}. Creates go on without it. If Terraform is killed in the middle of one, the \
         next run will not know of its {}.\n\nSet the environment variable TENSORPOOL_JOURNAL to a directory that can be \
         written, or to off, which switches the journal and this warning off.",
        directory.display(),
        error,
        descriptor.noun
    );
    Diagnostic::warning("Creates are not journaled", detail)
}

/// Terraform was killed before the create was sent, so this is mostly not read by anyone.
pub(in crate::provisioned) fn abandoned(descriptor: &Descriptor, subject: &Subject) -> Diagnostic {
    let detail = format!(
        "While {} {subject}: the process that started this provider has ended, so nothing was created.\n\nRun terraform \
         apply again.",
        subject.verb.gerund()
    );
    Diagnostic::error(format!("Cannot create {}: Terraform has ended", descriptor.noun), detail)
}
