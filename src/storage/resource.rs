//! The resource `tensorpool_storage`.

use std::time::Duration;

use async_trait::async_trait;
use tensorpool::{ErrorKind, Progress, Scope, Volume};
use terraform_plugin::schema::Schema;
use terraform_plugin::{AttributePath, Diagnostic, Diagnostics, ImportTarget, Resource, ResourcePlan};

use super::model::{StorageModel, schema};
use crate::errors::{Action, Subject};
use crate::paid::{self, Obstacle, Operation, Remote as _};
use crate::provider::Session;

/// How long a volume may still be shown as attached after its attachment is gone.
const DETACHED_LIMIT: Duration = Duration::from_secs(5);

/// The resource `tensorpool_storage`.
pub struct StorageResource;

#[async_trait]
impl Resource for StorageResource {
    type Client = Session;
    type Model = StorageModel;

    fn type_name(&self) -> &'static str {
        Volume::KIND.type_name
    }

    fn schema(&self) -> Schema {
        schema()
    }

    async fn plan(&self, plan: &mut ResourcePlan<Session, StorageModel>) -> Result<(), Diagnostics> {
        paid::compare_with_journal(plan).await;
        paid::plan_unfinished(plan);
        paid::refuse_if_protected(plan)?;
        refuse_to_shrink(plan)
    }

    async fn create(&self, operation: &mut Operation<StorageModel>, planned: StorageModel) -> Result<(), Diagnostics> {
        paid::create(operation, planned).await
    }

    async fn read(&self, operation: &mut Operation<StorageModel>, state: StorageModel) -> Result<(), Diagnostics> {
        paid::read(operation, state).await
    }

    async fn update(
        &self,
        operation: &mut Operation<StorageModel>,
        prior: StorageModel,
        planned: StorageModel,
    ) -> Result<(), Diagnostics> {
        paid::update(operation, prior, planned).await
    }

    async fn delete(&self, operation: &mut Operation<StorageModel>, prior: StorageModel) -> Result<(), Diagnostics> {
        refuse_while_attached(operation, &prior).await?;
        paid::delete(operation, prior).await
    }

    async fn import(&self, operation: &mut Operation<StorageModel>, target: ImportTarget) -> Result<(), Diagnostics> {
        paid::import(operation, target).await
    }
}

/// Refuses a smaller size, unless the volume is replaced anyway because it was never made.
fn refuse_to_shrink(plan: &ResourcePlan<Session, StorageModel>) -> Result<(), Diagnostics> {
    let (Some(prior), Some(planned)) = (&plan.prior, &plan.planned) else { return Ok(()) };
    match (prior.size_gb.known(), planned.size_gb.known()) {
        (Some(before), Some(after)) if after < before && plan.requires_replace.is_empty() => {
            Err(shrinks(&paid::subject(Action::Update, prior), *before, *after).into())
        }
        _ => Ok(()),
    }
}

fn shrinks(volume: &Subject, before: i64, after: i64) -> Diagnostic {
    let detail = format!(
        "The {volume} has {before} GB, and a volume cannot shrink to {after} GB. Nothing was changed.\n\nSet size_gb to \
         {before} or more. For a smaller volume, create another one, copy the data, and destroy this one."
    );
    Diagnostic::error("Storage volume cannot shrink", detail).at(AttributePath::of("size_gb"))
}

/// Whether the API itself refuses to destroy a volume that is attached is not known, so it is not put to the test. The API
/// may be a little late with what it shows.
async fn refuse_while_attached(operation: &Operation<StorageModel>, prior: &StorageModel) -> Result<(), Diagnostics> {
    let session = operation.client();
    let (api, id) = (session.api()?, paid::id_of(prior));
    let limit = Scope::new(DETACHED_LIMIT, operation.stop().clone());
    let look = || async {
        let volume = Volume::get(api, &id, &limit).await;
        Ok(match volume.map(|volume| volume.obstacle()) {
            Ok(Obstacle::AttachedTo(clusters)) => Progress::Pending(clusters.join(", ")),
            // What else there is to say of the volume, its destroy says.
            Ok(_) | Err(_) => Progress::Done(()),
        })
    };
    match api.wait_until("waiting for the storage volume to be detached", &limit, look).await {
        Err(error) if error.kind() == ErrorKind::Deadline => {
            let clusters = error.last_status().unwrap_or_default();
            Err(paid::attached(&Volume::KIND, &paid::subject(Action::Delete, prior), clusters, "").into())
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_volume_that_would_shrink_is_told_with_what_to_do() {
        let name = Some("data".to_owned());
        let volume = Subject { action: Action::Update, noun: Volume::KIND.noun, name, id: Some("s-1".to_owned()) };
        insta::assert_snapshot!("shrinks", shrinks(&volume, 100, 50).detail);
    }
}
