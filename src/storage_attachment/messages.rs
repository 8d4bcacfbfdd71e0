//! Messages about attachments, in addition to the failures that all objects share.

use tensorpool::Error;
use terraform_plugin::Diagnostic;

use crate::errors::Subject;

/// What a plan does to an attachment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Attach,
    Detach,
}

pub(super) fn restarts(change: Change, cluster_id: &str) -> Diagnostic {
    // The destroy of a cluster is planned without a word to its attachments.
    let (doing, unless) = match change {
        Change::Attach => ("Attaching", ""),
        Change::Detach => ("Detaching", ", unless the cluster is destroyed too"),
    };
    let detail = format!(
        "{doing} a storage volume restarts all nodes of cluster {cluster_id}{unless}. What runs there is stopped: make sure that \
         it has saved its work before you apply this plan."
    );
    Diagnostic::warning("All nodes of the cluster restart", detail)
}

pub(super) fn attached_already(subject: &Subject) -> Diagnostic {
    let detail = format!(
        "The storage volume of {subject} was attached to the cluster already, and the attachment was adopted as it is."
    );
    Diagnostic::warning("Storage volume was attached already", detail)
}

/// Another resource of the same run has attached the volume.
pub(super) fn attached_twice(subject: &Subject) -> Diagnostic {
    let detail = format!(
        "Another resource of this run manages the attachment of the same volume to the same cluster ({subject}). Nothing was \
         changed.\n\nRemove one of the two blocks."
    );
    Diagnostic::error("Storage volume is attached already", detail)
}

/// The attachment belongs to another resource of the same run by now.
pub(super) fn kept(subject: &Subject) -> Diagnostic {
    let detail = format!(
        "The volume was not detached: a create of this run has attached {subject} or found it in place, and another state than \
         the one to be destroyed manages it now. This state no longer holds it.\n\n- To rename a resource, use a moved block, \
         which touches nothing.\n- To attach the volume again, remove create_before_destroy from this resource and from \
         everything that depends on it, and replace it again.\n- To detach it, destroy the resource that manages it now. If \
         there is none, as with a client that does not return private state: import the attachment and destroy it."
    );
    Diagnostic::warning("Storage volume stays attached", detail)
}

/// The API accepted the request, and shows the volume as attached.
pub(super) fn still_attached(subject: &Subject) -> Diagnostic {
    let detail = format!(
        "While deleting {subject}: TensorPool still shows the volume as attached to the cluster. It is still in the \
         state.\n\nRun the destroy again."
    );
    Diagnostic::error("Cannot delete storage attachment: still attached", detail)
}

pub(super) fn still_attaching(subject: &Subject, requests: &[String]) -> Diagnostic {
    let requests = if requests.is_empty() { String::new() } else { format!(" Request ids: {}.", requests.join(", ")) };
    let detail = format!(
        "Terraform was interrupted while {subject} was being created. It is in the state.{requests}\n\nThe next terraform apply \
         waits for it; terraform destroy detaches the volume."
    );
    Diagnostic::warning("Storage volume is still being attached", detail)
}

/// An attachment whose end was not observed: it ran out of time, or the API stopped responding.
pub(super) fn unfinished(subject: &Subject, error: &Error) -> Diagnostic {
    let remedy = "The attachment is in the state. If Terraform has marked it as tainted, the next terraform apply detaches the \
                  volume and attaches it again, which restarts all nodes of the cluster twice.\n\nTo keep it:\n1. Run: \
                  terraform untaint <address of this resource>\n2. Run terraform apply, which waits for it.\n\nFor a longer \
                  limit, set create in the timeouts block of the resource, for example create = \"2h\".";
    let summary = subject.failed(error).summary;
    subject.failed_as(summary, error, remedy)
}

pub(super) fn absent(subject: &Subject, why: &str) -> Diagnostic {
    let detail = format!(
        "{why}, so there is no {subject} any more. It is removed from the state, and the next apply recreates it if it is \
         still in the configuration."
    );
    Diagnostic::warning("Storage attachment was not found", detail)
}

pub(super) fn not_attached(subject: &Subject) -> Diagnostic {
    let detail = format!(
        "While importing {subject}: the storage volume is not attached to the cluster. Check both ids; to attach it, run \
         terraform apply without the import."
    );
    Diagnostic::error("Cannot import storage attachment: not attached", detail)
}

pub(super) fn wrong_id(id: &str) -> Diagnostic {
    let detail = format!(
        "{id:?} is not the id of a storage attachment. It is the id of the volume, a slash and the id of the cluster, for \
         example s-abc123/c-abc123."
    );
    Diagnostic::error("Cannot import storage attachment: invalid id", detail)
}

#[cfg(test)]
mod tests {
    use tensorpool::ErrorKind;

    use super::*;
    use crate::errors::Verb;
    use crate::storage_attachment::model::AttachmentModel;

    /// Every message: a change of it is seen, and has to be meant.
    #[test]
    fn every_message_is_worded() {
        let attachment = AttachmentModel::of("s-1", "c-1");
        let subject = attachment.subject(Verb::Create);
        let messages = [
            restarts(Change::Attach, "c-1"),
            restarts(Change::Detach, "c-1"),
            attached_already(&subject),
            attached_twice(&subject),
            kept(&subject),
            still_attached(&subject),
            still_attaching(&subject, &["req_1".to_owned()]),
            unfinished(&subject, &Error::new(ErrorKind::Deadline, "GET /request/info/req_1").with_request_id("req_1")),
            absent(&subject, "The cluster was destroyed"),
            not_attached(&subject),
            wrong_id("s-1"),
        ];
        let mut text = String::new();
        for Diagnostic { summary, detail, .. } in &messages {
            text.extend(["## ", summary, "\n\n", detail, "\n\n"]);
        }
        insta::assert_snapshot!("every_message", text);
    }
}
