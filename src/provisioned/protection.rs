//! Deletion protection: refused while it is planned, before anything is touched, and again where the harm would be done.

use tensorpool::Error;
use terraform_plugin::value::Value;
use terraform_plugin::{AttributePath, Diagnostic, Diagnostics, ResourcePlan};

use super::names::is_generated_for;
use super::{Object, Provisioned, id_of, is_protected, subject};
use crate::errors::{Subject, Verb};
use crate::evidence::{Memory, Replaced};
use crate::session::Session;

/// Refuses a plan that would destroy or replace a protected object, and leaves the mark by which the create half of a
/// replacement is recognised.
///
/// # Errors
/// With why.
pub fn refuse_if_protected<P: Provisioned>(plan: &mut ResourcePlan<Session, P>) -> Result<(), Diagnostics> {
    let Some(prior) = &plan.prior else { return refuse_replacement(plan) };
    if is_protected(prior) && (plan.planned.is_none() || !plan.requires_replace.is_empty()) {
        return Err(protected(prior, &plan.requires_replace).into());
    }
    let mark = Replaced { id: id_of(prior), name: prior.name().known().cloned(), protected: is_protected(prior) };
    mark.mark(&mut plan.private);
    Ok(())
}

/// Terraform plans `-replace`, `replace_triggered_by` and the replacement of a tainted object as a create, without asking for
/// the destroy half.
fn refuse_replacement<P: Provisioned>(plan: &ResourcePlan<Session, P>) -> Result<(), Diagnostics> {
    let Some(session) = plan.session() else { return Ok(()) };
    let name = plan.planned.as_ref().and_then(|planned| planned.name().known());
    let identity = replaced_id(plan);
    let mark = Replaced::load(&plan.private);
    match replaces_protected::<P>(session.memory(), mark.as_ref(), identity, name.map(String::as_str)) {
        None => Ok(()),
        Some((id, tainted)) => {
            let name = mark.and_then(|mark| mark.name).or_else(|| name.cloned());
            let object = Subject { verb: Verb::Delete, noun: P::Object::DESCRIPTOR.noun, name, id: Some(id) };
            Err(replaced(&P::Object::DESCRIPTOR.title(), &object, tainted).into())
        }
    }
}

/// Refuses a create under a generated name that replaces a protected object which is tainted. Terraform does not say what such a
/// create replaces, and with `create_before_destroy` a second object would be bought before the destroy is refused. But it asks
/// for a plan of every other object right after it has read it; one that is left without is tainted, or about to be forgotten.
///
/// # Errors
/// With why.
pub async fn refuse_if_tainted_is_protected<P: Provisioned>(
    plan: &ResourcePlan<Session, P>,
) -> Result<(), Diagnostics> {
    let (None, Some(config), Some(session)) = (&plan.prior, &plan.config, plan.session()) else { return Ok(()) };
    if !config.name().is_null() || Replaced::load(&plan.private).is_some() || replaced_id(plan).is_some() {
        return Ok(());
    }
    let type_name = P::Object::DESCRIPTOR.type_name;
    let never_planned =
        session.memory().never_planned(type_name, |name| is_generated_for(config, name), plan.stop()).await;
    let Some((id, name)) = never_planned else { return Ok(()) };
    let object = Subject { verb: Verb::Delete, noun: P::Object::DESCRIPTOR.noun, name: Some(name), id: Some(id) };
    Err(perhaps_tainted(&P::Object::DESCRIPTOR.title(), &object).into())
}

/// The id of the object that a planned create replaces, which Terraform 1.12 gives as its identity.
pub(super) fn replaced_id<P: Provisioned>(plan: &ResourcePlan<Session, P>) -> Option<&str> {
    match plan.replaced_identity()?.get("id") {
        Some(Value::String(id)) => Some(id),
        _ => None,
    }
}

/// The protected object that a planned create replaces, and whether it is because it is tainted. Its id is known from the mark
/// of the first plan, or from its identity (Terraform 1.12); a tainted object brings neither, and is known by its name.
pub(crate) fn replaces_protected<P: Provisioned>(
    memory: &Memory,
    mark: Option<&Replaced>,
    identity: Option<&str>,
    name: Option<&str>,
) -> Option<(String, bool)> {
    let type_name = P::Object::DESCRIPTOR.type_name;
    if let Some(mark) = mark {
        return mark.protected.then(|| (mark.id.clone(), false));
    }
    if let Some(id) = identity {
        let protected = memory.of(type_name, id).is_some_and(|remembered| remembered.protected);
        return protected.then(|| (id.to_owned(), true));
    }
    memory.protected_of_name(type_name, name?).map(|id| (id, true))
}

const UNTAINT: &str = "If it is tainted, first run: terraform untaint <address of this resource>";

/// What helps where no block is left that could lift the lock.
const DEPOSED: &str = "\n\nIf the plan calls it deposed, which create_before_destroy can leave behind, no block lifts its lock. \
     Lift it with the action tensorpool_set_deletion_protection (Terraform 1.14 or newer) or in TensorPool's web dashboard, and \
     run terraform apply again.";

fn protected<P: Provisioned>(state: &P, replaced_for: &[AttributePath]) -> Diagnostic {
    let (descriptor, object) = (P::Object::DESCRIPTOR, subject(Verb::Delete, state));
    let (what, then) = if replaced_for.is_empty() {
        ("destroy it".to_owned(), "destroy it")
    } else {
        let paths: Vec<_> = replaced_for.iter().map(ToString::to_string).collect();
        (format!("replace it, because of a change of {}", paths.join(", ")), "apply the change")
    };
    let deposed = if replaced_for.is_empty() { DEPOSED } else { "" };
    let detail = format!(
        "Deletion protection is on for {object}, and this plan would {what}. Nothing was changed.\n\nIf you mean it:\n\
         1. Set deletion_protection = false on the {} and run terraform apply, with nothing else changed. {UNTAINT}\n\
         2. Then {then}.{deposed}",
        descriptor.noun
    );
    error(&descriptor.title(), detail)
}

/// A replacement that Terraform planned as a create.
fn replaced(title: &str, object: &Subject, tainted: bool) -> Diagnostic {
    let why = if tainted { "it is tainted" } else { "a replacement was requested (-replace or replace_triggered_by)" };
    let untaint = if tainted { "1. Run: terraform untaint <address of this resource>\n" } else { "" };
    let (lift, then) = if tainted { (2, 3) } else { (1, 2) };
    let keep = if tainted { "To keep it, run: terraform untaint <address of this resource>\n\n" } else { "" };
    let detail = format!(
        "Deletion protection is on for {object}, and this plan would destroy and recreate it, because {why}. Nothing was \
         changed.\n\n{keep}To replace it:\n{untaint}{lift}. Set deletion_protection = false and run terraform apply, \
         without the replacement.\n{then}. Then replace it: terraform apply -replace=<address of this resource>"
    );
    error(title, detail)
}

/// A create under a generated name, beside a protected object of such a name that Terraform asks no plan for.
fn perhaps_tainted(title: &str, object: &Subject) -> Diagnostic {
    let detail = format!(
        "Deletion protection is on for {object}, and it seems to be tainted, so that this plan would replace it. Nothing was \
         changed.\n\nTo keep it, run: terraform untaint <address of this resource>\n\nTo replace it:\n1. Run: terraform untaint \
         <address of this resource>\n2. Set deletion_protection = false and run terraform apply, without the replacement.\n3. Then \
         replace it: terraform apply -replace=<address of this resource>\n\nIf it is not tainted, but about to be forgotten (a \
         removed block): run that alone first, with terraform apply -target=<address of what is removed>."
    );
    error(title, detail)
}

/// The state says that the object is protected, and still it is to be destroyed: it is tainted, or replaced by request, or the
/// client asked for no plan.
pub(super) fn protected_in_state<P: Provisioned>(prior: &P) -> Diagnostic {
    let (descriptor, object) = (P::Object::DESCRIPTOR, subject(Verb::Delete, prior));
    let noun = descriptor.noun;
    let detail = format!(
        "Deletion protection is on for {object}, so it was not destroyed, and no request was sent. The {noun} is still in the \
         state. It is tainted, or its replacement was requested (-replace or replace_triggered_by).\n\nTo keep it, run: \
         terraform untaint <address of this resource>\n\nTo destroy or replace it:\n1. {UNTAINT}\n2. Set \
         deletion_protection = false and run terraform apply, without the replacement.\n3. Then destroy or replace it."
    );
    error(&descriptor.title(), detail)
}

/// Deletion protection that the state does not know of.
pub(super) fn locked_outside<P: Provisioned>(prior: &P, conflict: &Error) -> Diagnostic {
    let (descriptor, object) = (P::Object::DESCRIPTOR, subject(Verb::Delete, prior));
    let noun = descriptor.noun;
    let detail = format!(
        "{}\n\nDeletion protection of {object} is on, and off in the state: it was set outside Terraform. The {noun} was not \
         destroyed and is still in the state.\n\nIf you mean to destroy it:\n1. Set deletion_protection = false on the \
         {noun} and run terraform apply, which lifts the lock. {UNTAINT}\n2. Then destroy it.",
        object.story(conflict),
    );
    error(&descriptor.title(), detail)
}

fn error(title: &str, detail: String) -> Diagnostic {
    Diagnostic::error(format!("{title} is protected from deletion"), detail)
        .at(AttributePath::of("deletion_protection"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tensorpool::ErrorKind;
    use terraform_plugin::testing::{replacing, resource_plan};

    use super::*;
    use crate::defaults::Defaults;
    use crate::evidence::memory::Remembered;
    use crate::storage::StorageModel;

    fn volume(protected: bool) -> StorageModel {
        let mut state = StorageModel::imported("s-1".to_owned());
        *state.common_mut().deletion_protection = protected.into();
        state
    }

    #[test]
    fn a_plan_that_ends_a_protected_object_is_refused_and_every_other_is_marked() {
        let name = || vec![AttributePath::of("name")];
        // Protected, kept, and what requires a replacement.
        let table = [
            (true, true, vec![], false),
            (true, true, name(), true),
            (true, false, vec![], true),
            (false, true, name(), false),
            (false, false, vec![], false),
        ];
        for (protected, is_kept, requires_replace, expected) in table {
            let planned = is_kept.then(|| volume(protected));
            let mut plan = resource_plan(None::<Arc<Session>>, Some(volume(protected)), planned.clone(), planned);
            plan.requires_replace = requires_replace;
            let what = format!("{protected} {is_kept} {:?}", plan.requires_replace);
            assert_eq!(refuse_if_protected(&mut plan).is_err(), expected, "{what}");
            assert_eq!(Replaced::load(&plan.private).is_none(), expected, "{what}");
        }
    }

    #[test]
    fn a_create_that_replaces_a_protected_object_is_refused_by_its_identity() {
        let session = Arc::new(Session::unknown("api_key", Defaults::default()));
        let remembered = Remembered { protected: true, ..Remembered::default() };
        session.memory().remember("tensorpool_storage", "s-1", remembered);
        let plan = || resource_plan(Some(Arc::clone(&session)), None, Some(volume(false)), Some(volume(false)));
        assert!(refuse_if_protected(&mut plan()).is_ok(), "an ordinary create");
        for (id, expected) in [("s-1", true), ("s-2", false)] {
            let mut plan = replacing(plan(), Value::object([("id", Value::from(id))]));
            assert_eq!(refuse_if_protected(&mut plan).is_err(), expected, "{id}");
        }
    }

    #[test]
    fn a_replacement_of_a_protected_object_is_recognised_by_its_mark_its_identity_or_its_name() {
        let memory = Memory::default();
        let prod = |protected| Remembered { name: Some("prod".to_owned()), protected, ..Remembered::default() };
        memory.remember("tensorpool_storage", "s-1", prod(true));
        let mark = |protected| Replaced { id: "s-1".to_owned(), name: None, protected };
        let replaces = |mark: Option<Replaced>, identity: Option<&str>, name: Option<&str>| {
            replaces_protected::<StorageModel>(&memory, mark.as_ref(), identity, name).map(|(_, tainted)| tainted)
        };
        assert_eq!(replaces(Some(mark(true)), None, None), Some(false));
        assert_eq!(replaces(Some(mark(false)), Some("s-1"), Some("prod")), None, "its lock was off before");
        assert_eq!(replaces(None, Some("s-1"), None), Some(true));
        assert_eq!(replaces(None, Some("s-2"), Some("prod")), None, "another object is replaced");
        assert_eq!(replaces(None, None, Some("prod")), Some(true));
        assert_eq!(replaces(None, None, Some("other")), None);
        assert_eq!(replaces(None, None, None), None, "an ordinary create");
    }

    /// Every message: a change of it is seen, and has to be meant.
    #[test]
    fn every_refusal_is_worded() {
        let mut state = StorageModel::imported("s-1".to_owned());
        *state.common_mut().name = "data".into();
        let conflict = Error::new(ErrorKind::Conflict, "DELETE /storage/s-1").status_code(409);
        let object = subject(Verb::Delete, &state);
        let messages = [
            protected(&state, &[]),
            perhaps_tainted("Storage volume", &object),
            protected(&state, &[AttributePath::of("id")]),
            replaced("Storage volume", &object, false),
            replaced("Storage volume", &object, true),
            protected_in_state(&state),
            locked_outside(&state, &conflict.with_message(Some("Protected".to_owned()))),
        ];
        let mut text = String::new();
        for Diagnostic { summary, detail, path, .. } in &messages {
            let path = path.as_ref().map(ToString::to_string).unwrap_or_default();
            text.extend(["## ", summary, "\n\nat ", &path, "\n\n", detail, "\n\n"]);
        }
        insta::assert_snapshot!("every_refusal", text);
    }
}
