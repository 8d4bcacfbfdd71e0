//! Messages about object storage, in addition to the failures that all objects share.

use tensorpool::{Bucket, Error};
use terraform_plugin::{AttributePath, Diagnostic};

use crate::errors::Subject;

/// It was enabled before Terraform came.
pub(super) fn adopted(org_id: &str) -> Diagnostic {
    let detail = format!(
        "Object storage of organization {org_id} was enabled already, and an organization has it once. It was adopted as it \
         is; nothing was changed.\n\nIf another configuration manages it too, remove it from one of them with \
         a removed block (destroy = false) or terraform state rm."
    );
    Diagnostic::warning("Object storage was enabled already", detail)
}

/// A plan would disable it, and the configuration does not allow that.
pub(super) fn not_allowed(org_id: &str) -> Diagnostic {
    let detail = format!(
        "This plan would disable object storage for the whole organization {org_id}: the credentials of everybody in it \
         would end. Nothing was changed.\n\nIf you mean it:\n1. Set allow_disable = true on the resource and run terraform \
         apply.\n2. Then destroy it.\n\nTo only stop managing it with Terraform, use a removed block with destroy = false, or \
         terraform state rm."
    );
    Diagnostic::error("Object storage may not be disabled", detail).at(AttributePath::of("allow_disable"))
}

/// The response to the enabling was lost, and reading the credentials did not settle it.
pub(super) fn ambiguous(subject: &Subject, error: &Error) -> Diagnostic {
    let remedy = "It is not known whether TensorPool enabled object storage: the answer was lost, and reading the \
                  credentials did not settle it. Run terraform apply again: it adopts what is enabled.";
    subject.failed_as("Object storage may be enabled outside the state", error, remedy)
}

/// Object storage belongs to another resource of the same run by now.
pub(super) fn kept(org_id: &str) -> Diagnostic {
    let detail = format!(
        "Object storage of organization {org_id} was not disabled: a create of this run has enabled it or found it enabled, and \
         another state than the one to be destroyed manages it now. This state no longer holds it.\n\n- To rename a resource, \
         use a moved block, which touches nothing.\n- To enable it again, remove create_before_destroy from this resource \
         and from everything that depends on it, and replace it again.\n- To disable it, destroy the resource that manages it \
         now. If there is none, as with a client that does not return private state: import it and destroy it."
    );
    Diagnostic::warning("Object storage stays enabled", detail)
}

/// It was disabled outside Terraform.
pub(super) fn absent(org_id: &str) -> Diagnostic {
    let detail = format!(
        "Object storage of organization {org_id} is not enabled any more; it may have been disabled outside Terraform. It is \
         removed from the state, and the next apply enables it again if it is still in the configuration."
    );
    Diagnostic::warning("Object storage was not found", detail)
}

/// The API key is of another organization than what it is asked for.
pub(super) fn other_organization(subject: &Subject, wanted: &str, found: &str) -> Diagnostic {
    let detail = format!(
        "While {} of organization {wanted}: the provider's API key belongs to organization {found}. Nothing was \
         changed.\n\nUse an API key of organization {wanted}.",
        subject.gerund()
    );
    Diagnostic::error("API key of another organization", detail).at(AttributePath::of("org_id"))
}

/// It has buckets, which would be lost.
pub(super) fn has_buckets(subject: &Subject, names: &[String]) -> Diagnostic {
    let detail = format!(
        "While {}: the organization has these buckets: {}. Nothing was changed.\n\nEmpty and delete them first. Where Terraform \
         manages them, let them depend on this resource (depends_on), so that they are destroyed before it.",
        subject.gerund(),
        names.join(", ")
    );
    Diagnostic::error("Cannot delete object storage: it has buckets", detail)
}

/// The API refuses to disable it, as it does while there are buckets.
pub(super) fn refused_with_buckets(subject: &Subject, error: &Error, buckets: &[Bucket]) -> Diagnostic {
    let names: Vec<_> = buckets.iter().map(|bucket| bucket.name.as_str()).collect();
    let remedy = format!(
        "The organization has these buckets: {}. If that is the reason, empty and delete them first. Where Terraform \
         manages them, let them depend on this resource (depends_on), so that they are destroyed before it.",
        names.join(", ")
    );
    subject.failed_as("Cannot delete object storage: it has buckets", error, &remedy)
}

/// The API says both that object storage is not enabled and what its credentials are.
pub(super) fn contradiction() -> Diagnostic {
    let detail = "TensorPool answered that object storage is not enabled, and then that it is. Nothing was changed, and it \
                  is still in the state. Run the destroy again.";
    Diagnostic::error("Cannot delete object storage: contradictory responses", detail)
}

/// There are no credentials, as object storage is not enabled.
pub(super) fn not_enabled(subject: &Subject, error: &Error) -> Diagnostic {
    let summary = format!("Cannot {}: object storage is not enabled", subject.infinitive());
    let remedy = "TensorPool answers so when object storage is not enabled for the organization. Enable it with the \
                  resource tensorpool_object_storage.";
    subject.failed_as(summary, error, remedy)
}

/// The action was not confirmed.
pub(super) fn not_confirmed() -> Diagnostic {
    let detail = "Rotating ends the present object storage keys of everybody in the organization, and cannot be \
                  undone. Nothing was changed.\n\nIf you mean it, set confirm_organization_wide = true.";
    Diagnostic::error("Rotation is not confirmed", detail).at(AttributePath::of("confirm_organization_wide"))
}

/// The answer to a rotation was lost, but the keys are other ones now.
pub(super) fn rotated_unseen(subject: &Subject, error: &Error) -> Diagnostic {
    let remedy = "The organization has another access key than before, so the keys were rotated all the same. There is \
                  nothing left to do.";
    subject.failed_as("Object storage keys were rotated, though the answer was lost", error, remedy).into_warning()
}

/// The answer to a rotation was lost, and whether the keys are other ones now is not known, or they are not.
pub(super) fn perhaps_rotated(subject: &Subject, error: &Error, unchanged: bool) -> Diagnostic {
    let seen = if unchanged {
        "The organization still has the access key that it had before, so most likely nothing was rotated."
    } else {
        "The credentials could not be read afterwards, so it is not known whether the keys were rotated."
    };
    let remedy = format!(
        "{seen} Check the access key id that TensorPool shows now before you invoke the action again: a rotation is never \
         sent twice unasked."
    );
    subject.failed_as("Object storage keys may be rotated", error, &remedy)
}

#[cfg(test)]
mod tests {
    use tensorpool::ErrorKind;

    use super::*;
    use crate::errors::Verb;

    #[test]
    fn every_message_is_worded() {
        let subject = |verb, noun| Subject { verb, noun, name: None, id: Some("o-1".to_owned()) };
        let storage = |verb| subject(verb, "object storage");
        let error = |kind, call: &str| Error::new(kind, call);
        let lost = error(ErrorKind::Transport, "POST /object-storage/rotate-keys");
        let none = error(ErrorKind::NotFound, "GET /object-storage/credentials").status_code(404);
        let conflict = error(ErrorKind::Conflict, "DELETE /object-storage/disable").status_code(409);
        let bucket = |name: &str| Bucket { name: name.to_owned(), created_at: None };
        let keys = subject(Verb::Rotate, "object storage keys");
        let all = [
            adopted("o-1"),
            not_allowed("o-1"),
            ambiguous(&storage(Verb::Create), &error(ErrorKind::Transport, "POST /object-storage/enable")),
            kept("o-1"),
            absent("o-1"),
            other_organization(&storage(Verb::Read), "o-1", "o-2"),
            has_buckets(&storage(Verb::Delete), &["data".to_owned(), "models".to_owned()]),
            refused_with_buckets(&storage(Verb::Delete), &conflict, &[bucket("data"), bucket("models")]),
            not_enabled(&subject(Verb::LookUp, "object storage credentials"), &none),
            not_enabled(&keys, &none),
            contradiction(),
            not_confirmed(),
            rotated_unseen(&keys, &lost),
            perhaps_rotated(&keys, &lost, true),
            perhaps_rotated(&keys, &lost, false),
        ];
        let mut text = String::new();
        for Diagnostic { summary, detail, .. } in &all {
            text.extend(["## ", summary, "\n\n", detail, "\n\n"]);
        }
        insta::assert_snapshot!(text);
    }
}
