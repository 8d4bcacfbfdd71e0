//! The resource `tensorpool_user_preferences`.

use async_trait::async_trait;
use tensorpool::{Client, Preferences, Scope};
use terraform_plugin::schema::Schema;
use terraform_plugin::{Diagnostic, Diagnostics, ImportTarget, Operation, Resource, ResourcePlan};

use super::model::{API_NAMES, ID, PreferencesModel, schema};
use crate::errors::{Subject, Verb};
use crate::session::Session;
use crate::timeouts;

/// The resource `tensorpool_user_preferences`.
pub struct UserPreferencesResource;

fn subject(verb: Verb) -> Subject {
    Subject::new(verb, "user preferences")
}

/// Changes what has to be changed, and gives what the account has then.
async fn patch(api: &Client, change: &Preferences, verb: Verb, scope: &Scope) -> Result<Preferences, Diagnostics> {
    let answer = if *change == Preferences::default() {
        api.user().preferences(scope).await
    } else {
        api.user().edit_preferences(change, scope).await
    };
    answer.map_err(|error| subject(verb).refused(&error, &API_NAMES))
}

#[async_trait]
impl Resource for UserPreferencesResource {
    type Client = Session;
    type Model = PreferencesModel;

    fn type_name(&self) -> &'static str {
        "tensorpool_user_preferences"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    async fn validate(&self, config: PreferencesModel) -> Result<(), Diagnostics> {
        config.check_thresholds(&config)?;
        config.check_autopay()
    }

    async fn plan(&self, plan: &mut ResourcePlan<Session, PreferencesModel>) -> Result<(), Diagnostics> {
        match (&plan.planned, &plan.config, &plan.prior) {
            (None, _, Some(prior)) => {
                let forgotten = forgotten(prior);
                plan.warnings.push(forgotten);
            }
            // What is configured must also go with what the account keeps, and values may be known only by now.
            (Some(planned), Some(config), prior) if planned.change(prior.as_ref()) != Preferences::default() => {
                planned.check_thresholds(config)?;
                config.check_autopay()?;
            }
            _ => {}
        }
        Ok(())
    }

    async fn create(
        &self,
        operation: &mut Operation<Session, PreferencesModel>,
        planned: PreferencesModel,
    ) -> Result<(), Diagnostics> {
        let session = operation.client();
        let scope = Scope::new(planned.timeouts.of("create", timeouts::CREATE), operation.stop().clone());
        let preferences = patch(session.api()?, &planned.change(None), Verb::Create, &scope).await?;
        operation.save(planned.with_computed(&preferences));
        Ok(())
    }

    async fn read(
        &self,
        operation: &mut Operation<Session, PreferencesModel>,
        state: PreferencesModel,
    ) -> Result<(), Diagnostics> {
        let session = operation.client();
        let scope = Scope::new(state.timeouts.of("read", timeouts::READ), operation.stop().clone());
        // An account cannot be without preferences, so a 404 is a failure too and removes nothing.
        let preferences = session.api()?.user().preferences(&scope).await;
        let preferences = preferences.map_err(|error| subject(Verb::Read).failed(&error))?;
        operation.save(state.refreshed(&preferences));
        Ok(())
    }

    async fn update(
        &self,
        operation: &mut Operation<Session, PreferencesModel>,
        prior: PreferencesModel,
        planned: PreferencesModel,
    ) -> Result<(), Diagnostics> {
        let session = operation.client();
        let scope = Scope::new(planned.timeouts.of("update", timeouts::UPDATE), operation.stop().clone());
        let preferences = patch(session.api()?, &planned.change(Some(&prior)), Verb::Update, &scope).await?;
        operation.save(planned.with_computed(&preferences));
        Ok(())
    }

    /// Nothing is asked of TensorPool; the plan has told the user.
    async fn delete(
        &self,
        _: &mut Operation<Session, PreferencesModel>,
        _: PreferencesModel,
    ) -> Result<(), Diagnostics> {
        Ok(())
    }

    async fn import(
        &self,
        operation: &mut Operation<Session, PreferencesModel>,
        target: ImportTarget,
    ) -> Result<(), Diagnostics> {
        match target.text("id") {
            Some(ID) => {}
            other => return Err(no_such_id(other.unwrap_or_default()).into()),
        }
        let session = operation.client();
        let scope = Scope::new(timeouts::READ, operation.stop().clone());
        let preferences = session.api()?.user().preferences(&scope).await;
        let preferences = preferences.map_err(|error| subject(Verb::Import).failed(&error))?;
        operation.save(PreferencesModel::imported().refreshed(&preferences));
        Ok(())
    }
}

fn forgotten(prior: &PreferencesModel) -> Diagnostic {
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

fn no_such_id(id: &str) -> Diagnostic {
    let detail = format!(
        "There are no user preferences {id:?}. Every account has exactly one set of them, which is imported as {ID:?}: \
         terraform import <address of this resource> {ID}"
    );
    Diagnostic::error("Cannot import user preferences: wrong id", detail)
}
