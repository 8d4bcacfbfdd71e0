//! Destroys that the API refuses.

use tensorpool::Error;
use terraform_plugin::Diagnostic;

use crate::errors::Subject;
use crate::provisioned::Descriptor;

/// The time is over, and the object is still in a status in which the API refuses to destroy it.
pub(in crate::provisioned) fn not_ready(descriptor: &Descriptor, subject: &Subject, error: &Error) -> Diagnostic {
    let mut diagnostic = subject.failed(error);
    if error.kind() == tensorpool::ErrorKind::Deadline {
        let (words, sentence) = descriptor.not_ready;
        diagnostic.summary = format!("Cannot delete {}: {words}", descriptor.noun);
        diagnostic.detail = format!("{}\n\n{sentence}", diagnostic.detail);
    }
    diagnostic
}

/// What is to be destroyed is still in use. `story` is what the API responded, if it was asked.
pub fn attached(descriptor: &Descriptor, subject: &Subject, clusters: &str, story: &str) -> Diagnostic {
    let noun = descriptor.noun;
    let detail = format!(
        "{story}The {noun} is still attached to {clusters}, and was not destroyed: {subject} is still in the \
         state.\n\nDetach it first:\n- If the attachment is a resource of Terraform, let it refer to the {noun} by \
         storage_id = tensorpool_storage.<name>.id, so that it is destroyed before.\n- Otherwise: tp storage detach.\n\
         Detaching restarts all nodes of the cluster. Then run the destroy again."
    );
    Diagnostic::error(format!("Cannot delete {noun}: still attached"), detail)
}
