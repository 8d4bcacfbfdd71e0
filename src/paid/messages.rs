//! What is said of objects that cost money beside the failures that all objects share.

use std::io;
use std::path::Path;

use tensorpool::Error;
use terraform_plugin::{AttributePath, Diagnostic};

use super::Kind;
use crate::errors::Subject;

pub(super) fn name_taken(kind: &Kind, name: &str, id: &str) -> Diagnostic {
    let noun = kind.noun;
    let detail = format!(
        "A {noun} named {name:?} already exists ({id}), and names are unique. Nothing was created.\n\nChoose another name, or \
         bring the existing {noun} under Terraform: terraform import <address of this resource> {id}"
    );
    Diagnostic::error(format!("{} name already exists", kind.title()), detail).at(AttributePath::of("name"))
}

/// The answer to a create was lost, and looking for the object did not decide whether there is one.
pub(super) fn undecided(kind: &Kind, subject: &Subject, name: &str, error: &Error) -> Diagnostic {
    let noun = kind.noun;
    let mut diagnostic = subject.failed(error);
    diagnostic.summary = format!("{} may exist outside the state", kind.title());
    diagnostic.detail = format!(
        "{}\n\nIt is not known whether TensorPool created the {noun}: the answer to the create was lost, and looking for \
         the name did not decide it. Check TensorPool's web dashboard for a {noun} named {name:?}. If it is there, import \
         it: terraform import <address of this resource> <id of the {noun}>. If it is not, run terraform apply again.",
        subject.story(error)
    );
    diagnostic
}

pub(super) fn create_failed(kind: &Kind, subject: &Subject, error: &Error) -> Diagnostic {
    let mut diagnostic = subject.failed(error);
    diagnostic.detail = format!(
        "{}\n\nThe {} is in the state, and the next terraform apply replaces it.",
        diagnostic.detail, kind.noun
    );
    diagnostic
}

pub(super) fn still_provisioning(kind: &Kind, subject: &Subject, request_id: Option<&str>) -> Diagnostic {
    let request = request_id.map(|id| format!(" Request id: {id}.")).unwrap_or_default();
    let detail = format!(
        "Terraform was interrupted while {subject} was being provisioned. The {} exists, costs money and is in the \
         state.{request}\n\nThe next terraform apply waits for it; terraform destroy removes it.",
        kind.noun
    );
    Diagnostic::warning(format!("{} is still being provisioned", kind.title()), detail)
}

pub(super) fn adopted(kind: &Kind, name: &str, id: &str) -> Diagnostic {
    let noun = kind.noun;
    let detail = format!(
        "An earlier run was killed while it created {noun} {name:?} ({id}). The journal in Terraform's data directory \
         proves that it is the {noun} of this block, so it was taken over and no other was created."
    );
    Diagnostic::warning(format!("{} of an earlier run taken over", kind.title()), detail)
}

pub(super) fn no_journal(kind: &Kind, place: &Path, error: &io::Error) -> Diagnostic {
    let detail = format!(
        "The journal in {} cannot be written: {error}. Creates go on without it. If Terraform is killed in the middle of \
         one, the next run will not know of its {}.\n\nThe environment variable TENSORPOOL_JOURNAL=off switches the \
         journal off, and this warning with it.",
        place.display(),
        kind.noun
    );
    Diagnostic::warning("Creates are not journaled", detail)
}

pub(super) fn gone(kind: &Kind, subject: &Subject) -> Diagnostic {
    let detail = format!(
        "TensorPool has no {subject} any more: it was destroyed outside Terraform. It is removed from the state, and the \
         next apply creates it anew if it is still in the configuration."
    );
    Diagnostic::warning(format!("{} is gone", kind.title()), detail)
}

/// The API says of one object both that there is none and that there is.
pub(super) fn contradiction(kind: &Kind, subject: &Subject) -> Diagnostic {
    let noun = kind.noun;
    let detail = format!(
        "TensorPool answered that there is no {subject}, but lists it. Nothing was changed, and the {noun} is still in the \
         state. Run terraform again."
    );
    Diagnostic::error(format!("Cannot read {noun}: contradictory answers"), detail)
}

/// What is to be destroyed is still in use. `story` says how the API put it, if it was asked.
pub fn attached(kind: &Kind, subject: &Subject, clusters: &str, story: &str) -> Diagnostic {
    let noun = kind.noun;
    let detail = format!(
        "{story}The {noun} is still attached to {clusters}, and was not destroyed: {subject} is still in the \
         state.\n\nDetach it first. If the attachment is a resource of Terraform, let it refer to the {noun} by \
         storage_id = tensorpool_storage.<name>.id, so that it is destroyed before; otherwise detach it with `tp storage \
         detach`. Detaching restarts all nodes of the cluster. Then run the destroy again."
    );
    Diagnostic::error(format!("Cannot delete {noun}: still attached"), detail)
}

#[cfg(test)]
mod tests {
    use tensorpool::ErrorKind;

    use super::*;
    use crate::errors::Action;
    use crate::paid::Remote;

    const KIND: Kind = tensorpool::Cluster::KIND;
    const VOLUME: Kind = tensorpool::Volume::KIND;

    /// Every message: a change of it is seen, and has to be meant.
    #[test]
    fn every_message_is_worded() {
        let name = Some("train".to_owned());
        let subject = Subject { action: Action::Create, noun: "cluster", name, id: Some("c-1".to_owned()) };
        let error = |kind| Error::new(kind, "POST /cluster/create").with_request_id("req_1");
        let denied = io::Error::new(io::ErrorKind::PermissionDenied, "permission denied");
        let messages = [
            name_taken(&KIND, "train", "c-1"),
            undecided(&KIND, &subject, "train", &error(ErrorKind::Timeout)),
            create_failed(
                &KIND,
                &subject,
                &error(ErrorKind::RequestFailed).with_message(Some("No capacity".to_owned())),
            ),
            still_provisioning(&KIND, &subject, Some("req_1")),
            adopted(&KIND, "train", "c-1"),
            no_journal(&KIND, Path::new(".terraform/tensorpool/journal"), &denied),
            gone(&KIND, &subject),
            contradiction(&KIND, &subject),
            attached(&VOLUME, &Subject { noun: VOLUME.noun, ..subject.clone() }, "c-2, c-3", ""),
        ];
        let mut text = String::new();
        for Diagnostic { summary, detail, .. } in &messages {
            text.extend(["## ", summary, "\n\n", detail, "\n\n"]);
        }
        insta::assert_snapshot!("every_message", text);
    }
}
