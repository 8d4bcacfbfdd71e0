//! What is particular to the resource `tensorpool_storage`.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use tensorpool::{Api, ApiObject as _, Cluster, Condition, Error, Progress, Volume, Waited};
use terraform_plugin::schema::Schema;
use terraform_plugin::{AttributePath, Diagnostic, Diagnostics, ResourcePlan};

use super::model::{StorageModel, schema};
use crate::errors::{Subject, Verb};
use crate::incomplete_list;
use crate::provisioned::{self, Hooks, Object as _, Operation};
use crate::session::Session;

/// How long a volume may still be shown as attached after it was detached.
const DETACHED_LIMIT: Duration = Duration::from_secs(5);

#[async_trait]
impl Hooks for StorageModel {
    fn schema() -> Schema {
        schema()
    }

    fn after_plan(plan: &mut ResourcePlan<Session, Self>) {
        if let (Some(prior), Some(planned)) = (&plan.prior, &plan.planned)
            && plan.requires_replace.is_empty()
            && let Some((before, after)) = shrinkage(prior, planned)
        {
            // An error would stop a destroy as well: Terraform plans the configuration before it plans to destroy.
            plan.warnings.push(cannot_shrink(&provisioned::subject(Verb::Update, prior), before, after).into_warning());
        }
    }

    fn check_update(prior: &Self, planned: &Self) -> Result<(), Diagnostics> {
        match shrinkage(prior, planned) {
            Some((before, after)) => {
                Err(cannot_shrink(&provisioned::subject(Verb::Update, prior), before, after).into())
            }
            None => Ok(()),
        }
    }

    async fn check_delete(operation: &Operation<Self>, prior: &Self) -> Result<(), Diagnostics> {
        refuse_while_attached(operation, prior).await
    }
}

/// The sizes of a plan that would shrink a volume.
fn shrinkage(prior: &StorageModel, planned: &StorageModel) -> Option<(i64, i64)> {
    let (before, after) = (*prior.size_gb.known()?, *planned.size_gb.known()?);
    (after < before).then_some((before, after))
}

fn cannot_shrink(volume: &Subject, before: i64, after: i64) -> Diagnostic {
    let detail = format!(
        "The {volume} has {before} GB, and a volume cannot shrink to {after} GB. An apply refuses it before anything is \
         sent.\n\nDo one of these:\n- Set size_gb to {before} or more.\n- Where others grow the volume, let Terraform ignore \
         it: lifecycle {{ ignore_changes = [size_gb] }}\n- For a smaller volume, create another one, copy the data, and destroy \
         this one."
    );
    Diagnostic::error("Storage volume cannot shrink", detail).at(AttributePath::of("size_gb"))
}

/// Whether the API itself refuses to destroy a volume that is attached is not known, so it is not put to the test. The API may
/// be a little late with what it shows. A read that fails is no permission.
async fn refuse_while_attached(operation: &Operation<StorageModel>, prior: &StorageModel) -> Result<(), Diagnostics> {
    let (subject, id) = (provisioned::subject(Verb::Delete, prior), provisioned::id_of(prior));
    let api = operation.session().scoped(provisioned::scope(operation, Verb::Delete, prior))?;
    match api.within(DETACHED_LIMIT).wait_until_deadline(&Detached { api: &api, id: &id }).await {
        Ok(Waited::TimedOut { last: Some(UsedBy(clusters)), .. }) => {
            Err(provisioned::attached(&Volume::DESCRIPTOR, &subject, &clusters.join(", "), "").into())
        }
        // Whether it is absent is for the destroy to find out.
        Err(error) if error.is_not_found() => Ok(()),
        Ok(Waited::TimedOut { last: None, error }) | Err(error) => Err(subject.failed(&error).into()),
        Ok(Waited::Done(())) => Ok(()),
    }
}

/// That no cluster uses a volume.
struct Detached<'a> {
    /// In the bounds of the whole operation: a read that is slow is no reason to refuse the destroy.
    api: &'a Api,
    id: &'a str,
}

/// The clusters that use a volume, by their ids.
struct UsedBy(Vec<String>);

impl fmt::Display for UsedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(", "))
    }
}

impl Condition for Detached<'_> {
    type Output = ();
    type Pending = UsedBy;

    fn name(&self) -> String {
        "waiting for the storage volume to be detached".to_owned()
    }

    async fn check(&self) -> Result<Progress<(), UsedBy>, Error> {
        let clusters = attached_to(self.api, self.id).await?;
        Ok(if clusters.is_empty() { Progress::Done(()) } else { Progress::Pending(UsedBy(clusters)) })
    }
}

/// The clusters that use a volume. If the volume does not show them, the clusters do.
async fn attached_to(api: &Api, id: &str) -> Result<Vec<String>, Error> {
    let volume = api.volumes().get(id).await?;
    if let Some(clusters) = volume.attached_clusters {
        return Ok(clusters);
    }
    let clusters = api.clusters().listing().await?;
    incomplete_list::ensure_complete(&clusters, api, Cluster::DESCRIPTOR.plural).await?;
    let uses = |cluster: &&Cluster| !cluster.is_deleted() && cluster.storage_ids.iter().any(|used| used == id);
    Ok(clusters.items.iter().filter(uses).map(|cluster| cluster.id.clone()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provisioned::Provisioned as _;

    #[test]
    fn only_a_smaller_size_is_a_shrinkage() {
        let sized = |size: i64| StorageModel { size_gb: size.into(), ..StorageModel::imported("s-1".to_owned()) };
        assert_eq!(shrinkage(&sized(100), &sized(50)), Some((100, 50)));
        assert_eq!(shrinkage(&sized(100), &sized(100)), None);
        assert_eq!(shrinkage(&sized(100), &sized(200)), None);
        assert_eq!(shrinkage(&StorageModel::imported("s-1".to_owned()), &sized(1)), None);
    }

    #[test]
    fn a_volume_that_would_shrink_is_reported_with_what_to_do() {
        let name = Some("data".to_owned());
        let volume = Subject { verb: Verb::Update, noun: Volume::DESCRIPTOR.noun, name, id: Some("s-1".to_owned()) };
        insta::assert_snapshot!("shrinks", cannot_shrink(&volume, 100, 50).detail);
    }
}
