//! What is said of attachments beside the failures that all objects share.

use terraform_plugin::Diagnostic;

use super::model::AttachmentModel;
use crate::errors::Subject;

/// What a plan does to an attachment.
#[derive(Clone, Copy)]
pub(super) enum Change {
    Attach,
    Detach,
}

pub(super) fn restarts(change: Change, attachment: &AttachmentModel) -> Diagnostic {
    let doing = match change {
        Change::Attach => "Attaching",
        Change::Detach => "Detaching",
    };
    let cluster = match attachment.cluster_id.known() {
        Some(id) => format!("cluster {id}"),
        None => "the cluster".to_owned(),
    };
    let detail = format!(
        "{doing} a storage volume restarts all nodes of {cluster}. What runs there is stopped: make sure that it has saved \
         its work before you apply this plan."
    );
    Diagnostic::warning("All nodes of the cluster restart", detail)
}

pub(super) fn attached_already(subject: &Subject) -> Diagnostic {
    let detail =
        format!("The storage volume of {subject} was attached to the cluster already, and was taken over as it is.");
    Diagnostic::warning("Storage volume was attached already", detail)
}

pub(super) fn still_attaching(subject: &Subject, requests: &[String]) -> Diagnostic {
    let requests = if requests.is_empty() { String::new() } else { format!(" Request ids: {}.", requests.join(", ")) };
    let detail = format!(
        "Terraform was interrupted while {subject} was being made. It is in the state.{requests}\n\nThe next terraform apply \
         waits for it; terraform destroy detaches the volume."
    );
    Diagnostic::warning("Storage volume is still being attached", detail)
}

pub(super) fn gone(subject: &Subject, why: &str) -> Diagnostic {
    let detail = format!(
        "{why}, so there is no {subject} any more. It is removed from the state, and the next apply makes it anew if it is \
         still in the configuration."
    );
    Diagnostic::warning("Storage attachment is gone", detail)
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
        "{id:?} is not the id of a storage attachment. It is the id of the volume, a slash and the id of the cluster, as \
         s-abc123/c-abc123."
    );
    Diagnostic::error("Cannot import storage attachment: invalid id", detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::errors::Action;

    /// Every message: a change of it is seen, and has to be meant.
    #[test]
    fn every_message_is_worded() {
        let attachment = AttachmentModel::of("s-1", "c-1");
        let subject = attachment.subject(Action::Create);
        let messages = [
            restarts(Change::Attach, &attachment),
            restarts(Change::Detach, &attachment),
            attached_already(&subject),
            still_attaching(&subject, &["req_1".to_owned()]),
            gone(&subject, "The cluster was destroyed"),
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
