//! The resource `tensorpool_user_preferences`.

use async_trait::async_trait;
use tensorpool::{Api, Preferences};
use terraform_plugin::schema::Schema;
use terraform_plugin::{Diagnostics, ImportTarget, Operation, Private, Resource, ResourcePlan};

use super::messages;
use super::model::{API_NAMES, ID, PreferencesModel, schema};
use crate::errors::{Subject, Verb};
use crate::evidence::AccountMark;
use crate::evidence::account::AccountMatch;
use crate::session::{Session, validate_credentials};
use crate::timeouts;

/// The resource `tensorpool_user_preferences`.
pub struct UserPreferencesResource;

fn subject(verb: Verb) -> Subject {
    Subject::new(verb, "user preferences")
}

/// Changes what has to be changed, and gives what the account has then.
async fn patch(api: &Api, change: &Preferences, verb: Verb) -> Result<Preferences, Diagnostics> {
    let answer = if *change == Preferences::default() {
        api.user().preferences().await
    } else {
        api.user().edit_preferences(change).await
    };
    answer.map_err(|error| subject(verb).refused(&error, &API_NAMES))
}

#[async_trait]
impl Resource for UserPreferencesResource {
    type Session = Session;
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
        validate_credentials(plan).await?;
        match (&plan.planned, &plan.config, &plan.prior) {
            (None, _, Some(prior)) => {
                let forgotten = messages::forgotten(prior);
                plan.warnings.push(forgotten);
            }
            // What is configured must also go with what the account keeps, and values may be known only by now.
            (Some(planned), Some(config), prior) if planned.change(prior.as_ref()) != Preferences::default() => {
                planned.check_thresholds(config)?;
                config.check_autopay()?;
            }
            _ => {}
        }
        // The create half of a replacement has what is kept for the former state only here, and not when it is applied.
        let is_marked = plan.planned.is_some() && AccountMark::load(&plan.private).is_some();
        if let Some(session) = plan.session().filter(|_| is_marked)
            && let Ok(api) = session.api(timeouts::LOOK_UP, plan.stop())
        {
            let verb = if plan.prior.is_some() { Verb::Update } else { Verb::Create };
            ensure_same_account(&api, &mut plan.private.clone(), verb).await?;
        }
        Ok(())
    }

    async fn create(
        &self,
        operation: &mut Operation<Session, PreferencesModel>,
        planned: PreferencesModel,
    ) -> Result<(), Diagnostics> {
        let api = &operation.session().api(planned.timeouts.of("create", timeouts::CREATE), operation.stop())?;
        ensure_same_account(api, operation.private_mut(), Verb::Create).await?;
        let preferences = patch(api, &planned.change(None), Verb::Create).await?;
        operation.save(planned.with_computed(&preferences));
        Ok(())
    }

    async fn read(
        &self,
        operation: &mut Operation<Session, PreferencesModel>,
        state: PreferencesModel,
    ) -> Result<(), Diagnostics> {
        let api = &operation.session().api(state.timeouts.of("read", timeouts::READ), operation.stop())?;
        ensure_same_account(api, operation.private_mut(), Verb::Read).await?;
        // An account cannot be without preferences, so a 404 is a failure too and removes nothing.
        let preferences = api.user().preferences().await;
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
        let api = &operation.session().api(planned.timeouts.of("update", timeouts::UPDATE), operation.stop())?;
        ensure_same_account(api, operation.private_mut(), Verb::Update).await?;
        let preferences = patch(api, &planned.change(Some(&prior)), Verb::Update).await?;
        operation.save(planned.with_computed(&preferences));
        Ok(())
    }

    /// No request is sent; the plan has warned the user.
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
            other => return Err(messages::no_such_id(other.unwrap_or_default()).into()),
        }
        let api = &operation.session().api(timeouts::READ, operation.stop())?;
        let preferences = api.user().preferences().await;
        let preferences = preferences.map_err(|error| subject(Verb::Import).failed(&error))?;
        ensure_same_account(api, operation.private_mut(), Verb::Import).await?;
        operation.save(PreferencesModel::imported().refreshed(&preferences));
        Ok(())
    }
}

/// Every account has preferences, and all of them have one id. So the state keeps whose they are, and with another account's
/// key nothing is read or changed. No request is sent while key and endpoint are the same.
async fn ensure_same_account(api: &Api, private: &mut Private, verb: Verb) -> Result<(), Diagnostics> {
    let kept = AccountMark::load(private);
    if kept.as_ref().is_some_and(|kept| kept.is_of_client(api)) {
        return Ok(());
    }
    let now = match (AccountMark::control(api).await, &kept) {
        (Ok(now), _) => now,
        (Err(error), Some(_)) => return Err(subject(verb).failed(&error).into()),
        // There is nothing to compare with, and the key says whose they are, as long as it is not replaced.
        (Err(_), None) => AccountMark::of(api),
    };
    if kept.is_some() && now.compare(kept.as_ref()) != AccountMatch::Same {
        return Err(messages::other_account(&subject(verb)).into());
    }
    now.store(private);
    Ok(())
}
