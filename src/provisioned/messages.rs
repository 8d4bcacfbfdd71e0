//! Messages about objects that cost money, in addition to the failures that all objects share.

use std::io;
use std::path::Path;

use tensorpool::Error;
use terraform_plugin::{AttributePath, Diagnostic};

use super::Descriptor;
use crate::errors::Subject;
use crate::evidence::Doubt;

/// A command that is to be copied: of the address only Terraform knows more than that there is one.
fn import(id: &str) -> String {
    format!("terraform import <address of this resource> {id}")
}

pub(super) fn name_taken(descriptor: &Descriptor, name: &str, id: &str) -> Diagnostic {
    let noun = descriptor.noun;
    let detail = format!(
        "A {noun} named {name:?} already exists ({id}), and names are unique. Nothing was created.\n\n- If it is the {noun} \
         that this resource replaces (see terraform state list): create_before_destroy cannot work with a name that stays. \
         Remove create_before_destroy from this resource and from everything that depends on it, or remove the name, or change \
         it with the replacement.\n- If it is in no state, bring it under Terraform: {}\n- Otherwise choose another name.",
        import(id)
    );
    taken(descriptor, detail)
}

/// What became of the lock that a failed create had set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lock {
    /// The create set none.
    None,
    /// It was lifted, so that the next apply can replace the object.
    Lifted,
    /// It could not be lifted.
    Kept,
}

/// Whether the name is free cannot be known.
pub(super) fn list_incomplete(descriptor: &Descriptor, subject: &Subject) -> Diagnostic {
    let detail = format!(
        "While {} {subject}: the list of {} is incomplete, so it cannot be known whether the name is free. Nothing was \
         created.\n\nRun terraform apply again.",
        subject.verb.gerund(),
        descriptor.plural
    );
    Diagnostic::error(format!("Cannot create {}: incomplete list", descriptor.noun), detail)
}

/// The object of the name belongs to the same state.
pub(super) fn name_twice(descriptor: &Descriptor, name: &str, id: &str) -> Diagnostic {
    let noun = descriptor.noun;
    let detail = format!(
        "The {noun} named {name:?} ({id}) is managed by another resource of this state, and names are unique. Nothing was \
         created.\n\nGive each {noun} a name of its own, for example with count.index or each.key in it, or leave out the \
         name."
    );
    taken(descriptor, detail)
}

fn taken(descriptor: &Descriptor, detail: String) -> Diagnostic {
    Diagnostic::error(format!("{} name already exists", descriptor.title()), detail).at(AttributePath::of("name"))
}

/// The answer to a create was lost, and the search by name did not decide whether there is an object.
pub(super) fn ambiguous(
    descriptor: &Descriptor,
    subject: &Subject,
    name: &str,
    error: &Error,
    ids: &[String],
) -> Diagnostic {
    let mut diagnostic = subject.failed(error);
    diagnostic.summary = format!("{} may exist outside the state", descriptor.title());
    diagnostic.detail = format!("{}\n\n{}", subject.story(error), check_by_hand(descriptor, name, ids));
    diagnostic
}

/// What a killed run created was looked for, and that did not decide whether there is an object.
pub(super) fn interrupted_ambiguous(
    descriptor: &Descriptor,
    subject: &Subject,
    name: &str,
    ids: &[String],
) -> Diagnostic {
    let detail = format!(
        "While {} {subject}: an earlier run was killed while it created it.\n\n{}",
        subject.verb.gerund(),
        check_by_hand(descriptor, name, ids)
    );
    Diagnostic::error(format!("{} may exist outside the state", descriptor.title()), detail)
}

/// What a killed run created is not found, and it is not proved that it is absent.
pub(super) fn interrupted_unproved(descriptor: &Descriptor, subject: &Subject, id: &str, doubt: &Doubt) -> Diagnostic {
    let noun = descriptor.noun;
    let detail = format!(
        "While {} {subject}: an earlier run was killed while it created it ({id}). TensorPool does not find it, which does not \
         prove that it does not exist. {doubt} No other {noun} was created.\n\nRun terraform apply again.",
        subject.verb.gerund(),
    );
    Diagnostic::error(format!("{} may have been created already", descriptor.title()), detail)
}

/// An object has the name that a killed run chose, and nothing proves that it is that run's.
pub(super) fn perhaps_ours(descriptor: &Descriptor, subject: &Subject, name: &str, id: &str) -> Diagnostic {
    let noun = descriptor.noun;
    let detail = format!(
        "While {} {subject}: an earlier run was killed while it created a {noun} named {name:?}. Now there is one of that \
         name ({id}), and the time at which TensorPool received its create does not show that it is the same. It is not \
         adopted, and no other was created.\n\nTo go on:\n1. If it is the one: {}\n   If it is another: choose another \
         name.\n2. Run terraform apply again.",
        subject.verb.gerund(),
        import(id)
    );
    Diagnostic::error(format!("{} may have been created already", descriptor.title()), detail)
        .at(AttributePath::of("name"))
}

/// Terraform was killed before the create was sent. Mostly nobody is left to read it.
pub(super) fn abandoned(descriptor: &Descriptor, subject: &Subject) -> Diagnostic {
    let detail = format!(
        "While {} {subject}: the process that started this provider has ended, so nothing was created.\n\nRun terraform \
         apply again.",
        subject.verb.gerund()
    );
    Diagnostic::error(format!("Cannot create {}: Terraform has ended", descriptor.noun), detail)
}

fn check_by_hand(descriptor: &Descriptor, name: &str, ids: &[String]) -> String {
    let Descriptor { noun, command, .. } = descriptor;
    let found = match ids {
        [] => "a search for the name did not decide it".to_owned(),
        ids => format!("these have the name and cannot be distinguished from it: {}", ids.join(", ")),
    };
    format!(
        "It is not known whether TensorPool created the {noun}: the answer to the create was lost, and {found}. No other was \
         created.\n\nTo go on:\n1. Search for a {noun} named {name:?}: tp {command} list, or TensorPool's web \
         dashboard.\n2. If it is there, import it: {}\n   or destroy it: tp {command} destroy <id of the {noun}>\n3. Then, \
         or if it is not there, run terraform apply again.",
        import(&format!("<id of the {noun}>"))
    )
}

/// The API answered the create with an object that existed before.
pub(super) fn foreign(descriptor: &Descriptor, subject: &Subject, name: &str, id: &str) -> Diagnostic {
    let noun = descriptor.noun;
    let detail = format!(
        "While {} {subject}: TensorPool answered with the id {id}, which is that of a {noun} that existed before. It is not \
         adopted, and was not touched.\n\nLook for a {noun} named {name:?} in TensorPool's web dashboard. If there is one \
         with another id, import it: {}. If there is none, run terraform apply again.",
        subject.verb.gerund(),
        import(&format!("<id of the {noun}>"))
    );
    Diagnostic::error(format!("Cannot create {noun}: unexpected answer"), detail)
}

/// The API answered the create with an id that no object has, and the object was found by its name.
pub(super) fn wrong_id(descriptor: &Descriptor, name: &str, wrong: &str, id: &str) -> Diagnostic {
    let noun = descriptor.noun;
    let detail = format!(
        "TensorPool answered the create of {noun} {name:?} with the id {wrong}, of which there is none. The name was free \
         before, so the {noun} that has it now ({id}) is the one: the state holds this id."
    );
    Diagnostic::warning(format!("{} has another id than was answered", descriptor.title()), detail)
}

/// After a second create, other objects of the name are listed.
pub(super) fn others_of_the_name(descriptor: &Descriptor, name: &str, id: &str, others: &[String]) -> Diagnostic {
    let Descriptor { noun, plural, command, .. } = descriptor;
    let detail = format!(
        "The answer to the first create was lost, and its {noun} was not found for a minute, so the create was sent once more \
         and created {id}. Now there are other {plural} named {name:?}: {}. They cost money and are not in the state.\n\nIf \
         they do not belong to somebody else, destroy each: tp {command} destroy <id>",
        others.join(", ")
    );
    Diagnostic::warning(format!("Other {plural} of the same name"), detail)
}

pub(super) fn create_failed(descriptor: &Descriptor, subject: &Subject, error: &Error, lock: Lock) -> Diagnostic {
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

/// A create whose end was not observed: it ran out of time, or the API stopped answering.
pub(super) fn create_unfinished(descriptor: &Descriptor, subject: &Subject, error: &Error) -> Diagnostic {
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

pub(super) fn still_provisioning(descriptor: &Descriptor, subject: &Subject, request_id: Option<&str>) -> Diagnostic {
    let request = request_id.map(|id| format!(" Request id: {id}.")).unwrap_or_default();
    let detail = format!(
        "Terraform was interrupted while {subject} was being provisioned. The {} exists, costs money and is in the \
         state.{request}\n\nThe next terraform apply waits for it; terraform destroy removes it.",
        descriptor.noun
    );
    Diagnostic::warning(format!("{} is still being provisioned", descriptor.title()), detail)
}

/// The plan of a create that was interrupted: an update in place that changes nothing.
pub(super) fn only_waits(descriptor: &Descriptor, subject: &Subject) -> Diagnostic {
    let detail =
        format!("An earlier apply was interrupted while {subject} was being provisioned. This apply waits for it.");
    Diagnostic::warning(format!("{} is still being provisioned", descriptor.title()), detail)
}

pub(super) fn adopted(descriptor: &Descriptor, name: &str, id: &str) -> Diagnostic {
    let noun = descriptor.noun;
    let detail = format!(
        "An earlier run was killed while it created {noun} {name:?} ({id}), before it could answer Terraform. The journal \
         proves that it is the {noun} of this block, so it was adopted and no other was created."
    );
    Diagnostic::warning(format!("{} of an earlier run adopted", descriptor.title()), detail)
}

pub(super) fn no_journal(descriptor: &Descriptor, directory: &Path, error: &io::Error) -> Diagnostic {
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

pub(super) fn absent(descriptor: &Descriptor, subject: &Subject) -> Diagnostic {
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
            "contradictory answers",
            format!(
                "Run terraform again. If it stays so and you know that the {noun} does not exist, remove it from the state: \
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

/// The time is over, and the object is still in a status in which the API refuses to destroy it.
pub(super) fn not_ready(descriptor: &Descriptor, subject: &Subject, error: &Error) -> Diagnostic {
    let mut diagnostic = subject.failed(error);
    if error.kind() == tensorpool::ErrorKind::Deadline {
        let (words, sentence) = descriptor.not_ready;
        diagnostic.summary = format!("Cannot delete {}: {words}", descriptor.noun);
        diagnostic.detail = format!("{}\n\n{sentence}", diagnostic.detail);
    }
    diagnostic
}

/// What is to be destroyed is still in use. `story` says how the API put it, if it was asked.
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

#[cfg(test)]
mod tests {
    use tensorpool::ErrorKind;

    use super::*;
    use crate::errors::Verb;
    use crate::provisioned::Object;

    const CLUSTER: Descriptor = tensorpool::Cluster::DESCRIPTOR;
    const VOLUME: Descriptor = tensorpool::Volume::DESCRIPTOR;

    /// Every message: a change of it is seen, and has to be meant.
    #[test]
    fn every_message_is_worded() {
        let name = Some("train".to_owned());
        let subject = Subject { verb: Verb::Create, noun: "cluster", name, id: Some("c-1".to_owned()) };
        let error = |kind| Error::new(kind, "POST /cluster/create").with_request_id("req_1");
        let failed = error(ErrorKind::RequestFailed).with_message(Some("No capacity".to_owned()));
        let denied = io::Error::new(io::ErrorKind::PermissionDenied, "permission denied");
        let two = ["c-2".to_owned(), "c-3".to_owned()];
        let mut messages = vec![
            name_taken(&CLUSTER, "train", "c-1"),
            name_twice(&CLUSTER, "train", "c-1"),
            list_incomplete(&CLUSTER, &subject),
            ambiguous(&CLUSTER, &subject, "train", &error(ErrorKind::Timeout), &[]),
            ambiguous(&CLUSTER, &subject, "train", &error(ErrorKind::Timeout), &two),
            interrupted_ambiguous(&CLUSTER, &subject, "train", &two),
            interrupted_unproved(&CLUSTER, &subject, "c-1", &Doubt::ReadsMayLag),
            perhaps_ours(&CLUSTER, &subject, "train", "c-2"),
            abandoned(&CLUSTER, &subject),
            foreign(&CLUSTER, &subject, "train", "c-0"),
            wrong_id(&CLUSTER, "train", "s-other", "c-1"),
            others_of_the_name(&CLUSTER, "train", "c-1", &two),
            create_failed(&CLUSTER, &subject, &failed, Lock::None),
            create_failed(&CLUSTER, &subject, &failed, Lock::Lifted),
            create_failed(&CLUSTER, &subject, &failed, Lock::Kept),
            create_unfinished(&CLUSTER, &subject, &error(ErrorKind::Deadline)),
            still_provisioning(&CLUSTER, &subject, Some("req_1")),
            only_waits(&CLUSTER, &subject),
            adopted(&CLUSTER, "train", "c-1"),
            no_journal(&CLUSTER, Path::new(".terraform/tensorpool/journal"), &denied),
            absent(&CLUSTER, &subject),
            not_ready(&CLUSTER, &subject, &error(ErrorKind::Deadline)),
            attached(&VOLUME, &Subject { noun: VOLUME.noun, ..subject.clone() }, "c-2, c-3", ""),
        ];
        let read = Subject { verb: Verb::Read, ..subject };
        let doubts = [
            Doubt::OtherAccount,
            Doubt::UnknownAccount,
            Doubt::CreateUnfinished,
            Doubt::ReadsMayLag,
            Doubt::NoControl("GET /me: not found (404)".to_owned()),
            Doubt::StillListed,
            Doubt::ListIncomplete("it says that there is more".to_owned()),
            Doubt::ReadsTooClose,
            Doubt::Refused,
        ];
        messages.extend(doubts.iter().map(|doubt| unproved(&CLUSTER, &read, doubt)));
        let mut text = String::new();
        for Diagnostic { summary, detail, .. } in &messages {
            text.extend(["## ", summary, "\n\n", detail, "\n\n"]);
        }
        insta::assert_snapshot!("every_message", text);
    }
}
