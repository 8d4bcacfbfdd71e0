//! Creates of which it is not certain what they created.

use tensorpool::Error;
use terraform_plugin::{AttributePath, Diagnostic};

use super::import;
use crate::errors::Subject;
use crate::evidence::Doubt;
use crate::provisioned::Descriptor;

/// The response to a create was lost, and the search by name did not show whether the object exists.
pub(in crate::provisioned) fn ambiguous(
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

/// The search for what a killed run created did not show whether the object exists.
pub(in crate::provisioned) fn interrupted_ambiguous(
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
pub(in crate::provisioned) fn interrupted_unproved(
    descriptor: &Descriptor,
    subject: &Subject,
    id: &str,
    doubt: &Doubt,
) -> Diagnostic {
    let noun = descriptor.noun;
    let detail = format!(
        "While {} {subject}: an earlier run was killed while it created it ({id}). TensorPool does not find it, which does not \
         prove that it does not exist. {doubt} No other {noun} was created.\n\nRun terraform apply again.",
        subject.verb.gerund(),
    );
    Diagnostic::error(format!("{} may have been created already", descriptor.title()), detail)
}

/// An object has the name that a killed run chose, and nothing proves that it is that run's.
pub(in crate::provisioned) fn perhaps_ours(
    descriptor: &Descriptor,
    subject: &Subject,
    name: &str,
    id: &str,
) -> Diagnostic {
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

fn check_by_hand(descriptor: &Descriptor, name: &str, ids: &[String]) -> String {
    let Descriptor { noun, command, .. } = descriptor;
    let found = match ids {
        [] => "a search for the name did not settle it".to_owned(),
        ids => format!("these have the name and cannot be distinguished from it: {}", ids.join(", ")),
    };
    format!(
        "It is not known whether TensorPool created the {noun}: the response to the create was lost, and {found}. No other was \
         created.\n\nTo go on:\n1. Search for a {noun} named {name:?}: tp {command} list, or TensorPool's web \
         dashboard.\n2. If it is there, import it: {}\n   or destroy it: tp {command} destroy <id of the {noun}>\n3. Then, \
         or if it is not there, run terraform apply again.",
        import(&format!("<id of the {noun}>"))
    )
}

/// The API returned an object for the create that existed before.
pub(in crate::provisioned) fn foreign(descriptor: &Descriptor, subject: &Subject, name: &str, id: &str) -> Diagnostic {
    let noun = descriptor.noun;
    let detail = format!(
        "While {} {subject}: TensorPool returned the id {id}, which is that of a {noun} that existed before. It is not \
         adopted, and was not touched.\n\nSearch for a {noun} named {name:?} in TensorPool's web dashboard.\n- If there is one \
         with another id, import it: {}\n- If there is none, run terraform apply again.",
        subject.verb.gerund(),
        import(&format!("<id of the {noun}>"))
    );
    Diagnostic::error(format!("Cannot create {noun}: unexpected response"), detail)
}

/// The API returned the id of an object that has another name and another type or size.
pub(in crate::provisioned) fn another(descriptor: &Descriptor, subject: &Subject, name: &str, id: &str) -> Diagnostic {
    let noun = descriptor.noun;
    let detail = format!(
        "While {} {subject}: TensorPool returned the id {id}, but that {noun} has another name and another type or size than \
         what was asked for. It is not adopted, and was not touched.\n\nLook at it and search for a {noun} named {name:?} in \
         TensorPool's web dashboard.\n- If {id} was created just now, or there is one of that name, import it: {}\n- Otherwise \
         run terraform apply again.",
        subject.verb.gerund(),
        import(&format!("<id of the {noun}>"))
    );
    Diagnostic::error(format!("Cannot create {noun}: unexpected response"), detail)
}

/// The API returned an id for the create that no object has, and the object was found by its name.
pub(in crate::provisioned) fn wrong_id(descriptor: &Descriptor, name: &str, wrong: &str, id: &str) -> Diagnostic {
    let noun = descriptor.noun;
    let detail = format!(
        "TensorPool returned the id {wrong} for the create of {noun} {name:?}, but no {noun} has it. The name was free \
         before, so the {noun} that has it now ({id}) is the one: the state holds this id."
    );
    Diagnostic::warning(format!("{} has another id than was returned", descriptor.title()), detail)
}

/// After a second create, other objects of the name are listed.
pub(in crate::provisioned) fn others_of_the_name(
    descriptor: &Descriptor,
    name: &str,
    id: &str,
    others: &[String],
) -> Diagnostic {
    let Descriptor { noun, plural, command, .. } = descriptor;
    let detail = format!(
        "The response to the first create was lost, and its {noun} was not found for a minute, so the create was sent once more \
         and created {id}. Now there are other {plural} named {name:?}: {}. They cost money and are not in the state.\n\nIf \
         they do not belong to another user, destroy each: tp {command} destroy <id>",
        others.join(", ")
    );
    Diagnostic::warning(format!("Other {plural} of the same name"), detail)
}
