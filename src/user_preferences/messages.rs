//! Messages about the user's preferences, in addition to the failures that all objects share.

use terraform_plugin::Diagnostic;

use super::model::{ID, PreferencesModel};
use crate::errors::Subject;

/// The plan of a destroy.
pub(super) fn forgotten(prior: &PreferencesModel) -> Diagnostic {
    let autopay = match prior.autopay_enabled.known() {
        Some(true) => " Autopay stays on, and TensorPool goes on charging the saved payment method.",
        _ => "",
    };
    let detail = format!(
        "An account cannot be without preferences, so the destroy changes nothing at TensorPool: Terraform forgets the \
         preferences, and they stay as they are.{autopay}\n\nTo change them, do so and apply before you remove them."
    );
    Diagnostic::warning("User preferences are only forgotten", detail)
}

/// The API key is of another account than the one whose preferences are in the state.
pub(super) fn other_account(subject: &Subject) -> Diagnostic {
    let detail = format!(
        "While {}: the preferences in the state are those of another account than the provider's: the \
         endpoint is another one, or neither the key nor the user is the same. Nothing was changed.\n\nTo manage the preferences in the \
         state, use an API key of their account.\n\nTo manage those of the present account, or if only the key was \
         replaced:\n1. Run: terraform state rm <address of this resource>\n2. Run: terraform import <address of this \
         resource> {ID}\n3. Run terraform plan, and read it before you apply it.",
        subject.gerund()
    );
    Diagnostic::error("API key of another account", detail)
}

pub(super) fn no_such_id(id: &str) -> Diagnostic {
    let detail = format!(
        "There are no user preferences {id:?}. Every account has exactly one set of them, which is imported as {ID:?}: \
         terraform import <address of this resource> {ID}"
    );
    Diagnostic::error("Cannot import user preferences: wrong id", detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::errors::Verb;

    /// Every message: a change of it is seen, and has to be meant.
    #[test]
    fn every_message_is_worded() {
        let state = PreferencesModel { autopay_enabled: true.into(), ..PreferencesModel::imported() };
        let messages = [
            forgotten(&PreferencesModel::imported()),
            forgotten(&state),
            other_account(&Subject::new(Verb::Read, "user preferences")),
            other_account(&Subject::new(Verb::Update, "user preferences")),
            no_such_id("u-1"),
        ];
        let mut text = String::new();
        for Diagnostic { summary, detail, .. } in &messages {
            text.extend(["## ", summary, "\n\n", detail, "\n\n"]);
        }
        insta::assert_snapshot!("every_message", text);
    }
}
