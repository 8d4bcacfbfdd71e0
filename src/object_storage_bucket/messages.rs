//! Messages about buckets, in addition to the failures that all objects share.

use tensorpool::Error;
use terraform_plugin::{AttributePath, Diagnostic};

use crate::errors::Subject;

/// The organization has a bucket of this name already.
pub(super) fn exists(name: &str) -> Diagnostic {
    let detail = format!(
        "Your organization has a bucket named {name:?} already. Nothing was created.\n\n- Choose another name.\n- Or bring the \
         existing bucket under Terraform: terraform import <address of this resource> {name}"
    );
    Diagnostic::error("Bucket already exists", detail).at(AttributePath::of("name"))
}

/// The answer to a create was lost, and the search for the bucket did not decide whether it was created.
pub(super) fn ambiguous(subject: &Subject, name: &str, error: &Error) -> Diagnostic {
    let remedy = format!(
        "It is not known whether TensorPool created the bucket: the response was lost, and a search for the name did not show \
         it.\n1. Run terraform apply again.\n2. If it says that bucket {name:?} already exists, import it: terraform import \
         <address of this resource> {name}"
    );
    subject.failed_as("Bucket may exist outside the state", error, &remedy)
}

/// The API found no object storage in which it could create a bucket.
pub(super) fn not_enabled(subject: &Subject, error: &Error) -> Diagnostic {
    let remedy = "TensorPool answers so when object storage is not enabled for the organization. Enable it with the \
                  resource tensorpool_object_storage, and let the bucket depend on it (depends_on).";
    subject.failed_as("Cannot create bucket: object storage is not enabled", error, remedy)
}

/// The API refuses to delete a bucket, as it does while there is something in it.
pub(super) fn refused(subject: &Subject, name: &str, error: &Error) -> Diagnostic {
    let remedy = format!(
        "TensorPool deletes only empty buckets. If its objects are no longer needed, delete them with an S3 client and \
         the credentials of the organization, for example:\n\n    aws s3 rm s3://{name} --recursive --endpoint-url \
         <endpoint of the tensorpool_object_storage>\n\nThen run the destroy again: the bucket is still in the state. To \
         keep the bucket and only stop managing it, use a removed block with destroy = false, or terraform state rm."
    );
    subject.failed_as("Cannot delete bucket: it may not be empty", error, &remedy)
}

/// There is no bucket of a name that is to be imported.
pub(super) fn not_listed(subject: &Subject) -> Diagnostic {
    let detail = format!(
        "Your organization has no {subject}. Check the name: the data source tensorpool_object_storage_buckets lists all \
         buckets."
    );
    Diagnostic::error("Cannot import bucket: not found", detail)
}

/// The key is of another organization than the one with which the bucket was last found.
pub(super) fn other_organization(subject: &Subject) -> Diagnostic {
    let detail = format!(
        "While {} {subject}: it was last found with an API key of another organization, in which a bucket of this name is \
         another one. Nothing was changed.\n\nDo one of these:\n- Use an API key of the bucket's organization (api_key, or \
         the environment variable TENSORPOOL_KEY).\n- If Terraform is no longer to manage it, remove it from the state: \
         terraform state rm <address of this resource>",
        subject.verb.gerund()
    );
    Diagnostic::error(format!("Cannot {}: API key of another organization", subject.infinitive()), detail)
}

/// A bucket was deleted outside Terraform.
pub(super) fn absent(subject: &Subject) -> Diagnostic {
    let detail = format!(
        "TensorPool has no {subject} any more; it may have been deleted outside Terraform. It is removed from the state, and \
         the next apply creates an empty one if it is still in the configuration."
    );
    Diagnostic::warning("Bucket was not found", detail)
}

/// The API says of one bucket both that there is none and that there is.
pub(super) fn contradiction(subject: &Subject) -> Diagnostic {
    let detail = format!(
        "TensorPool answered that there is no {subject}, but lists it. Nothing was deleted, and the bucket is still in the \
         state. Run the destroy again."
    );
    Diagnostic::error("Cannot delete bucket: contradictory responses", detail)
}

#[cfg(test)]
mod tests {
    use tensorpool::ErrorKind;

    use super::*;
    use crate::errors::Verb;

    #[test]
    fn every_message_is_worded() {
        let subject = |verb| Subject { verb, noun: "bucket", name: Some("data".to_owned()), id: None };
        let create = "PUT /object-storage/bucket/create/data";
        let conflict = Error::new(ErrorKind::Conflict, "DELETE /object-storage/bucket/delete/data").status_code(409);
        let all = [
            exists("data"),
            ambiguous(&subject(Verb::Create), "data", &Error::new(ErrorKind::Transport, create)),
            not_enabled(&subject(Verb::Create), &Error::new(ErrorKind::NotFound, create).status_code(404)),
            refused(&subject(Verb::Delete), "data", &conflict),
            not_listed(&subject(Verb::Import)),
            other_organization(&subject(Verb::Read)),
            absent(&subject(Verb::Read)),
            contradiction(&subject(Verb::Delete)),
        ];
        let mut text = String::new();
        for Diagnostic { summary, detail, .. } in &all {
            text.extend(["## ", summary, "\n\n", detail, "\n\n"]);
        }
        insta::assert_snapshot!(text);
    }
}
