//! Names that are taken.

use terraform_plugin::{AttributePath, Diagnostic};

use super::import;
use crate::errors::Subject;
use crate::provisioned::Descriptor;

pub(in crate::provisioned) fn name_taken(descriptor: &Descriptor, name: &str, id: &str) -> Diagnostic {
    let noun = descriptor.noun;
    let detail = format!(
        "A {noun} named {name:?} already exists ({id}), and names are unique. Nothing was created.\n\n- If it is the {noun} \
         that this resource replaces (see terraform state list): create_before_destroy cannot work with a name that stays. \
         Replace name by name_prefix, so that the replacement gets a name of its own, or change the name with the replacement, \
         or remove create_before_destroy from this resource and from everything that depends on it.\n- If it is in no state, bring it under Terraform: {}\n- Otherwise choose another name.",
        import(id)
    );
    taken(descriptor, detail)
}

/// The object of the name is the one that is replaced, and its destroy comes after the create.
pub(in crate::provisioned) fn name_of_replaced(descriptor: &Descriptor, name: &str, id: &str) -> Diagnostic {
    let noun = descriptor.noun;
    let detail = format!(
        "The {noun} named {name:?} ({id}) is the one that this resource replaces. With create_before_destroy it still exists \
         when its replacement is created, and names are unique. Nothing was created, and {id} was not touched.\n\nDo one of \
         these:\n- Replace name by name_prefix, so that each {noun} gets a name of its own.\n- Change the name with the \
         replacement.\n- Remove create_before_destroy from this resource and from everything that depends on it."
    );
    taken(descriptor, detail)
}

/// The plan shows a generated name, and since then it turned out that the create has to adopt an object of another one.
pub(in crate::provisioned) fn plan_again(descriptor: &Descriptor) -> Diagnostic {
    let noun = descriptor.noun;
    let detail = format!(
        "After this plan was made, a run was killed while it created a {noun} of the same configuration under another \
         generated name. Nothing was created.\n\nRun terraform apply with a new plan, which adopts that {noun} or creates one."
    );
    Diagnostic::error(format!("Plan of the {noun} is out of date"), detail).at(AttributePath::of("name"))
}

/// Whether the name is free cannot be known.
pub(in crate::provisioned) fn list_incomplete(descriptor: &Descriptor, subject: &Subject) -> Diagnostic {
    let detail = format!(
        "While {} {subject}: the list of {} is incomplete, so it cannot be known whether the name is free. Nothing was \
         created.\n\nRun terraform apply again.",
        subject.verb.gerund(),
        descriptor.plural
    );
    Diagnostic::error(format!("Cannot create {}: incomplete list", descriptor.noun), detail)
}

/// The object of the name belongs to the same state.
pub(in crate::provisioned) fn name_twice(descriptor: &Descriptor, name: &str, id: &str) -> Diagnostic {
    let noun = descriptor.noun;
    let detail = format!(
        "The {noun} named {name:?} ({id}) is managed by another resource of this state, and names are unique. Nothing was \
         created.\n\nGive each {noun} a name of its own, for example with count.index or each.key in it, or set \
         name_prefix instead of name."
    );
    taken(descriptor, detail)
}

/// The name is that of a create which has not ended.
pub(in crate::provisioned) fn name_in_creation(descriptor: &Descriptor, name: &str) -> Diagnostic {
    let noun = descriptor.noun;
    let detail = format!(
        "Another resource is creating a {noun} named {name:?} at this moment, and names are unique, whatever their case. Nothing was created for \
         this one.\n\nGive each {noun} a name of its own, for example with count.index or each.key in it, or set name_prefix \
         instead of name."
    );
    Diagnostic::error(format!("{} name used twice", descriptor.title()), detail).at(AttributePath::of("name"))
}

fn taken(descriptor: &Descriptor, detail: String) -> Diagnostic {
    Diagnostic::error(format!("{} name already exists", descriptor.title()), detail).at(AttributePath::of("name"))
}
