//! What is said of clusters beside the failures that all objects share.

use std::io;
use std::path::Path;

use tensorpool::Error;
use terraform_plugin::{AttributePath, Diagnostic};

use crate::errors::Subject;

pub(super) fn name_taken(name: &str, id: &str) -> Diagnostic {
    let detail = format!(
        "A cluster named {name:?} already exists ({id}), and names are unique. Nothing was created.\n\nChoose another \
         name, or bring the existing cluster under Terraform: terraform import <address of this resource> {id}"
    );
    Diagnostic::error("Cluster name already exists", detail).at(AttributePath::of("name"))
}

/// The answer to a create was lost, and looking for the cluster did not decide whether there is one.
pub(super) fn undecided(subject: &Subject, name: &str, error: &Error) -> Diagnostic {
    let mut diagnostic = subject.failed(error);
    "Cluster may exist outside the state".clone_into(&mut diagnostic.summary);
    diagnostic.detail = format!(
        "{}\n\nIt is not known whether TensorPool created the cluster: the answer to the create was lost, and looking \
         for the name did not decide it. Check TensorPool's web dashboard for a cluster named {name:?}. If it is there, \
         import it: terraform import <address of this resource> <id of the cluster>. If it is not, run terraform apply \
         again.",
        subject.story(error)
    );
    diagnostic
}

pub(super) fn create_failed(subject: &Subject, error: &Error) -> Diagnostic {
    let mut diagnostic = subject.failed(error);
    diagnostic.detail =
        format!("{}\n\nThe cluster is in the state, and the next terraform apply replaces it.", diagnostic.detail);
    diagnostic
}

pub(super) fn still_provisioning(subject: &Subject, request_id: Option<&str>) -> Diagnostic {
    let request = request_id.map(|id| format!(" Request id: {id}.")).unwrap_or_default();
    let detail = format!(
        "Terraform was interrupted while {subject} was being provisioned. The cluster exists, costs money and is in the \
         state.{request}\n\nThe next terraform apply waits for it; terraform destroy removes it."
    );
    Diagnostic::warning("Cluster is still being provisioned", detail)
}

pub(super) fn adopted(name: &str, id: &str) -> Diagnostic {
    let detail = format!(
        "An earlier run was killed while it created cluster {name:?} ({id}). The journal in Terraform's data directory \
         proves that it is the cluster of this block, so it was taken over and no other was created."
    );
    Diagnostic::warning("Cluster of an earlier run taken over", detail)
}

pub(super) fn no_journal(place: &Path, error: &io::Error) -> Diagnostic {
    let detail = format!(
        "The journal in {} cannot be written: {error}. Creates go on without it. If Terraform is killed in the middle of \
         one, the next run will not know of its cluster.\n\nThe environment variable TENSORPOOL_JOURNAL=off switches the \
         journal off, and this warning with it.",
        place.display()
    );
    Diagnostic::warning("Creates are not journaled", detail)
}

#[cfg(test)]
mod tests {
    use tensorpool::ErrorKind;

    use super::*;
    use crate::errors::Action;

    /// Every message: a change of it is seen, and has to be meant.
    #[test]
    fn every_message_is_worded() {
        let name = Some("train".to_owned());
        let subject = Subject { action: Action::Create, noun: "cluster", name, id: Some("c-1".to_owned()) };
        let error = |kind| Error::new(kind, "POST /cluster/create").with_request_id("req_1");
        let denied = io::Error::new(io::ErrorKind::PermissionDenied, "permission denied");
        let messages = [
            name_taken("train", "c-1"),
            undecided(&subject, "train", &error(ErrorKind::Timeout)),
            create_failed(&subject, &error(ErrorKind::RequestFailed).with_message(Some("No capacity".to_owned()))),
            still_provisioning(&subject, Some("req_1")),
            adopted("train", "c-1"),
            no_journal(Path::new(".terraform/tensorpool/journal"), &denied),
        ];
        let mut text = String::new();
        for Diagnostic { summary, detail, .. } in &messages {
            text.extend(["## ", summary, "\n\n", detail, "\n\n"]);
        }
        insta::assert_snapshot!("every_message", text);
    }
}
