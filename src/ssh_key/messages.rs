//! Messages about SSH keys, in addition to the failures that all objects share.

use tensorpool::{Error, SshKey};
use terraform_plugin::{AttributePath, Diagnostic};

use crate::errors::Subject;

/// The account has the key already.
pub(super) fn exists(key: &SshKey) -> Diagnostic {
    let (id, name) = (&key.id, key.name.as_deref().unwrap_or_default());
    let detail = format!(
        "Your account or your organization has this SSH key already, as {name:?} ({id}). Nothing was created.\n\n- If it \
         is the key that this resource replaces (see terraform state list): an account has a key once, so create_before_destroy \
         cannot work. Remove it from this resource and from everything that depends on it.\n- If it is in no state, bring it \
         under Terraform: terraform import <address of this resource> {id}\n- Or remove this block: the key is installed on new \
         clusters as it is."
    );
    Diagnostic::error("SSH key already exists", detail).at(AttributePath::of("public_key"))
}

/// The API returned the id of a key for the create that existed before.
pub(super) fn foreign(subject: &Subject, id: &str) -> Diagnostic {
    let detail = format!(
        "While {} {subject}: TensorPool answered with the id {id}, which is that of another key. It is not adopted. Run \
         terraform apply again: if the key was added, the error says how to import it.",
        subject.verb.gerund()
    );
    Diagnostic::error("Cannot create SSH key: unexpected response", detail)
}

/// After a second create, the key is listed more than once.
pub(super) fn others(id: &str, others: &[String]) -> Diagnostic {
    let detail = format!(
        "The answer to the first create was lost, and the key was sent once more and added as {id}. Now it is listed as {} too. \
         Remove those in TensorPool's web dashboard, or with: tp ssh key remove <id>",
        others.join(", ")
    );
    Diagnostic::warning("SSH key is listed more than once", detail)
}

/// The answer to a create was lost, and the search for the key did not decide whether it was added.
pub(super) fn ambiguous(subject: &Subject, error: &Error) -> Diagnostic {
    let remedy = "It is not known whether TensorPool added the key: the answer was lost, and a search for the key did not \
                  decide it. Run terraform apply again: if the key is there, it names its id and how to import it.";
    subject.failed_as("SSH key may exist outside the state", error, remedy)
}

/// A key was added, and the create ended before the list showed it.
pub(super) fn not_listed_yet(subject: &Subject, why: Option<&Error>) -> Diagnostic {
    let why = why.map(|error| format!(" {}", subject.story(error))).unwrap_or_default();
    let detail = format!(
        "TensorPool has added {subject}, but its list had not shown it when the create ended.{why} The key is in the state; \
         the next plan or apply searches for it again, and waits up to a minute after the create for a list that is late."
    );
    Diagnostic::warning("SSH key is not listed yet", detail)
}

/// There is no key of an id that is to be imported.
pub(super) fn not_listed(subject: &Subject) -> Diagnostic {
    let detail = format!(
        "There is no {subject} among your keys and those of your organization. Check the id: the data source \
         tensorpool_ssh_keys lists all keys."
    );
    Diagnostic::error("Cannot import SSH key: not found", detail)
}

/// A key was removed outside Terraform.
pub(super) fn absent(subject: &Subject) -> Diagnostic {
    let detail = format!(
        "TensorPool has no {subject} any more; it may have been removed outside Terraform. It is removed from the state, and \
         the next apply adds it again if it is still in the configuration."
    );
    Diagnostic::warning("SSH key was not found", detail)
}

/// The API says of one key both that there is none and that there is.
pub(super) fn contradiction(subject: &Subject) -> Diagnostic {
    let detail = format!(
        "TensorPool answered that there is no {subject}, but lists it. Nothing was removed, and the key is still in the \
         state. Run the destroy again."
    );
    Diagnostic::error("Cannot delete SSH key: contradictory responses", detail)
}

#[cfg(test)]
mod tests {
    use tensorpool::ErrorKind;

    use super::*;
    use crate::errors::Verb;

    #[test]
    fn every_message_is_worded() {
        let subject =
            |verb| Subject { verb, noun: "SSH key", name: Some("laptop".to_owned()), id: Some("key_1".to_owned()) };
        let key = SshKey { id: "key_1".to_owned(), name: Some("laptop".to_owned()), ..SshKey::default() };
        let lost = Error::new(ErrorKind::Transport, "POST /user/ssh-key/add");
        let all = [
            exists(&key),
            foreign(&subject(Verb::Create), "key_0"),
            others("key_1", &["key_2".to_owned()]),
            ambiguous(&subject(Verb::Create), &lost),
            not_listed_yet(&subject(Verb::Create), None),
            not_listed_yet(&subject(Verb::Create), Some(&lost)),
            not_listed(&subject(Verb::Import)),
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
