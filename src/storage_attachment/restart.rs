//! Whether a plan restarts nodes: a warning that comes with every plan of an attachment is read by no one.

use tensorpool::Cluster;
use terraform_plugin::ResourcePlan;

use super::messages::Change;
use super::model::AttachmentModel;
use crate::evidence::memory::Deed;
use crate::provisioned::Object as _;
use crate::session::Session;
use crate::timeouts;

/// What the plan does to nodes that may run, and to which cluster: to none that the same plan or apply creates, and to none of
/// whose nodes it is known that none runs.
pub(super) async fn restarts(plan: &ResourcePlan<Session, AttachmentModel>) -> Option<(Change, String)> {
    let (change, attachment) = match (&plan.prior, &plan.planned) {
        (None, Some(planned)) => (Change::Attach, planned),
        // Terraform plans the other half of a replacement as a create.
        (Some(prior), planned) if planned.is_none() || !plan.requires_replace.is_empty() => (Change::Detach, prior),
        _ => return None,
    };
    let id = attachment.cluster_id.known()?.clone();
    let Some(session) = plan.session() else { return Some((change, id)) };
    let remembered = session.memory().of(Cluster::DESCRIPTOR.type_name, &id);
    if remembered.is_some_and(|cluster| cluster.deed == Deed::Created) {
        return None;
    }
    let Ok(api) = session.api(timeouts::QUICK, plan.stop()) else { return Some((change, id)) };
    let cluster = api.clusters().get(&id).await.ok();
    cluster.as_ref().is_none_or(may_run).then_some((change, id))
}

/// Whether a node of a cluster may run. What the API does not show may.
fn may_run(cluster: &Cluster) -> bool {
    let is_shown = cluster.instances.iter().all(|node| node.status.is_some());
    cluster.instances.is_empty() || !is_shown || cluster.instances.iter().any(tensorpool::Instance::is_running)
}

#[cfg(test)]
mod tests {
    use tensorpool::Instance;
    use terraform_plugin::Attr;
    use terraform_plugin::testing::resource_plan;

    use super::*;

    #[test]
    fn nodes_run_unless_all_are_shown_not_to() {
        let statuses = |statuses: &[Option<&str>]| {
            let node = |status: Option<&str>| Instance { status: status.map(str::to_owned), ..Instance::default() };
            may_run(&Cluster { instances: statuses.iter().copied().map(node).collect(), ..Cluster::default() })
        };
        assert!(statuses(&[]) && statuses(&[None]) && statuses(&[Some("STOPPED"), Some("RUNNING")]));
        assert!(statuses(&[Some("STOPPED"), None]));
        assert!(!statuses(&[Some("STOPPED"), Some("FAILED")]));
    }

    #[tokio::test]
    async fn a_cluster_that_does_not_exist_yet_is_not_restarted() {
        let of = |cluster_id: Attr<String>| AttachmentModel { cluster_id, ..AttachmentModel::of("s-1", "c-1") };
        let (known, unknown) = (|| Some(of("c-1".into())), || Some(of(Attr::Unknown)));
        // The prior state, the plan, and what restarts.
        let table = [
            (None, known(), Some(Change::Attach)),
            (None, unknown(), None),
            (known(), None, Some(Change::Detach)),
            (known(), known(), None),
        ];
        for (prior, planned, expected) in table {
            let plan = resource_plan(None, prior, planned.clone(), planned);
            assert_eq!(restarts(&plan).await.map(|(change, _)| change), expected);
        }
    }
}
