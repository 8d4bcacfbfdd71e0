//! Deletion protection: a plan that would delete what is protected is refused.

use tensorpool::Error;
use terraform_plugin::{AttributePath, Diagnostic, Diagnostics, ResourcePlan};

use super::{Paid, Remote, is_protected, subject};
use crate::errors::Action;
use crate::provider::Session;

/// Refuses a plan that would destroy or replace a protected object.
///
/// # Errors
/// With why.
pub fn refuse_if_protected<P: Paid>(plan: &ResourcePlan<Session, P>) -> Result<(), Diagnostics> {
    match &plan.prior {
        Some(prior) if is_protected(prior) && (plan.planned.is_none() || !plan.requires_replace.is_empty()) => {
            Err(protected(prior, &plan.requires_replace).into())
        }
        _ => Ok(()),
    }
}

fn protected<P: Paid>(state: &P, replaced_for: &[AttributePath]) -> Diagnostic {
    let (kind, object) = (P::Remote::KIND, subject(Action::Delete, state));
    let what = if replaced_for.is_empty() {
        "destroy it".to_owned()
    } else {
        let paths: Vec<_> = replaced_for.iter().map(ToString::to_string).collect();
        format!("replace it, because of a change of {}", paths.join(", "))
    };
    let detail = format!(
        "Deletion protection is on for {object}, and this plan would {what}. Nothing was changed.\n\nIf you mean it: 1. \
         set deletion_protection = false on the {} and run terraform apply; 2. then destroy or replace it.",
        kind.noun
    );
    let summary = format!("{} is protected from deletion", kind.title());
    Diagnostic::error(summary, detail).at(AttributePath::of("deletion_protection"))
}

/// Deletion protection that the plan did not see.
pub(super) fn locked_outside<P: Paid>(prior: &P, conflict: &Error) -> Diagnostic {
    let (noun, object) = (P::Remote::KIND.noun, subject(Action::Delete, prior));
    let mut diagnostic = protected(prior, &[]);
    diagnostic.detail = format!(
        "{}\n\nDeletion protection of {object} is on: it was set outside Terraform after this plan was made. The {noun} was \
         not destroyed and is still in the state.\n\nIf you mean to destroy it: 1. set deletion_protection = false on \
         the {noun} and run terraform apply, which lifts the lock; 2. then destroy it.",
        object.story(conflict),
    );
    diagnostic
}

#[cfg(test)]
mod tests {
    use tensorpool::ErrorKind;

    use super::*;
    use crate::storage::StorageModel;

    /// Every message: a change of it is seen, and has to be meant.
    #[test]
    fn every_refusal_is_worded() {
        let mut state = StorageModel::imported("s-1".to_owned());
        *state.common().name = "data".into();
        let conflict = Error::new(ErrorKind::Conflict, "DELETE /storage/s-1").status_code(409);
        let messages = [
            protected(&state, &[]),
            protected(&state, &[AttributePath::of("id")]),
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
