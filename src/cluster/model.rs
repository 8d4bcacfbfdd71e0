//! What a cluster looks like in a configuration and in the state.

use async_trait::async_trait;
use serde_json::json;
use tensorpool::{Accepted, Api, Cluster, CreateCluster, Created, EditCluster, Error, Instance};
use terraform_plugin::{Attr, Model, Timeouts};

use crate::evidence::Spelling;
use crate::evidence::spelling::{has_arrived, is_another_text, name_has_arrived};
use crate::provisioned::{Common, Provisioned, changed};

/// The state of a `tensorpool_cluster`.
#[derive(Clone, Debug, Model)]
pub struct ClusterModel {
    pub(super) id: Attr<String>,
    pub(super) name: Attr<String>,
    pub(super) name_prefix: Attr<String>,
    pub(super) instance_type: Attr<String>,
    pub(super) num_nodes: Attr<i64>,
    pub(super) deletion_protection: Attr<bool>,
    pub(super) public_keys: Attr<Vec<Attr<String>>>,
    pub(super) container: Attr<String>,
    pub(super) created_at: Attr<String>,
    pub(super) instances: Attr<Vec<InstanceModel>>,
    pub(super) timeouts: Timeouts,
}

/// One node.
#[derive(Clone, Debug, Model)]
pub struct InstanceModel {
    pub(super) id: Attr<String>,
    pub(super) status: Attr<String>,
    pub(super) ip_address: Attr<String>,
}

impl From<&Instance> for InstanceModel {
    fn from(instance: &Instance) -> Self {
        Self {
            id: instance.id.clone().into(),
            status: instance.status.clone().into(),
            ip_address: instance.ip_address.clone().into(),
        }
    }
}

impl ClusterModel {
    /// What to send for a create under a name.
    fn to_create(&self, name: &str) -> CreateCluster {
        CreateCluster {
            instance_type: self.instance_type.known().cloned().unwrap_or_default(),
            // The schema lets no other number through.
            num_nodes: self.num_nodes.known().and_then(|nodes| (*nodes).try_into().ok()).unwrap_or(1),
            name: name.to_owned(),
            deletion_protection: self.deletion_protection.is_true(),
            public_keys: self.public_keys.known_elements().cloned().collect(),
            container: self.container.known().filter(|image| !image.is_empty()).cloned(),
        }
    }
}

/// The image that the API shows; empty if it says that there is none.
fn shown_container(cluster: &Cluster) -> Option<String> {
    cluster.container.shown().map(|image| image.cloned().unwrap_or_default())
}

/// The nodes that the API shows.
fn shown_nodes(cluster: &Cluster) -> Option<i64> {
    cluster.num_nodes.map(i64::from)
}

#[async_trait]
impl Provisioned for ClusterModel {
    type Object = Cluster;
    type Edit = EditCluster;

    fn id(&self) -> &Attr<String> {
        &self.id
    }

    fn name(&self) -> &Attr<String> {
        &self.name
    }

    fn name_prefix(&self) -> &Attr<String> {
        &self.name_prefix
    }

    fn set_name_prefix(&mut self, name_prefix: Attr<String>) {
        self.name_prefix = name_prefix;
    }

    fn deletion_protection(&self) -> &Attr<bool> {
        &self.deletion_protection
    }

    fn timeouts(&self) -> &Timeouts {
        &self.timeouts
    }

    fn common_mut(&mut self) -> Common<'_> {
        Common { id: &mut self.id, name: &mut self.name, deletion_protection: &mut self.deletion_protection }
    }

    fn imported(id: String) -> Self {
        Self {
            id: id.into(),
            name: Attr::Null,
            name_prefix: Attr::Null,
            instance_type: Attr::Null,
            num_nodes: Attr::Null,
            deletion_protection: Attr::Null,
            public_keys: Attr::Null,
            container: Attr::Null,
            created_at: Attr::Null,
            instances: Attr::Null,
            timeouts: Timeouts::default(),
        }
    }

    fn refreshed(mut self, cluster: &Cluster, spelling: &Spelling) -> Self {
        self.name = spelling.reconcile("name", self.name, cluster.name.as_ref());
        self.instance_type = spelling.reconcile("instance_type", self.instance_type, cluster.instance_type.as_ref());
        self.container = spelling.reconcile("container", self.container, shown_container(cluster).as_ref());
        if let Some(protection) = cluster.deletion_protection {
            self.deletion_protection = protection.into();
        }
        let counted = || self.num_nodes.is_null().then(|| i64::try_from(cluster.instances.len()).ok()).flatten();
        if let Some(nodes) = shown_nodes(cluster).or_else(counted) {
            self.num_nodes = nodes.into();
        }
        self.instances = cluster.instances.iter().map(InstanceModel::from).collect();
        self.with_created_at(cluster.created_at.clone()).without_unknowns()
    }

    fn record_spelling(&self, cluster: &Cluster, spelling: &mut Spelling) {
        spelling.record("name", &self.name, cluster.name.as_ref());
        spelling.record("instance_type", &self.instance_type, cluster.instance_type.as_ref());
        spelling.record("container", &self.container, shown_container(cluster).as_ref());
    }

    fn with_computed_of(mut self, other: Self) -> Self {
        if !matches!(self.instances, Attr::Known(_)) {
            self.instances = other.instances;
        }
        // An update planned null if it was null before; a read may fill it.
        if self.created_at.is_unknown() {
            self.created_at = other.created_at;
        }
        self
    }

    fn without_unknowns(mut self) -> Self {
        if self.name_prefix.is_unknown() {
            self.name_prefix = Attr::Null;
        }
        if self.deletion_protection.is_null() {
            self.deletion_protection = false.into();
        }
        if self.public_keys.is_null() {
            self.public_keys = Attr::Known(Vec::new());
        }
        if self.container.is_null() {
            self.container = "".into();
        }
        if self.created_at.is_unknown() {
            self.created_at = Attr::Null;
        }
        self.instances = self.instances.or(Vec::new());
        self
    }

    fn never_known(cluster: &Cluster) -> Vec<&'static str> {
        let container = shown_container(cluster).is_none().then_some("container");
        ["public_keys"].into_iter().chain(container).collect()
    }

    fn finished(self) -> Self {
        self
    }

    fn with_created_at(mut self, created_at: Option<String>) -> Self {
        // Once known it stays: another source may write the same moment in another way.
        if self.created_at.known().is_none() {
            self.created_at = created_at.into();
        }
        self
    }

    fn mark_computed_unknown(&mut self) {
        if self.created_at.is_null() {
            self.created_at = Attr::Unknown;
        }
        self.instances = Attr::Unknown;
    }

    fn requested_config(&self) -> serde_json::Value {
        let CreateCluster { instance_type, num_nodes, deletion_protection, public_keys, container, .. } =
            self.to_create("");
        json!({
            "instance_type": instance_type,
            "num_nodes": num_nodes,
            "deletion_protection": deletion_protection,
            "public_keys": public_keys,
            "container": container,
        })
    }

    fn may_be(&self, cluster: &Cluster) -> bool {
        shown_nodes(cluster).is_none_or(|nodes| self.num_nodes.known().is_none_or(|wanted| *wanted == nodes))
    }

    fn is_another(&self, shown: &Spelling) -> bool {
        let differs = |attribute: &str, asked_for: &Attr<String>| {
            let shown = shown.shown(attribute, asked_for);
            shown.zip(asked_for.as_str()).is_some_and(|(shown, asked_for)| is_another_text(asked_for, &shown))
        };
        differs("name", &self.name) && differs("instance_type", &self.instance_type)
    }

    async fn send_create(&self, api: &Api, name: &str) -> Result<Created, Error> {
        api.clusters().create(&self.to_create(name)).await
    }

    fn edit(&self, planned: &Self) -> Option<EditCluster> {
        let edit = EditCluster {
            name: changed(&self.name, &planned.name),
            deletion_protection: changed(&self.deletion_protection, &planned.deletion_protection),
        };
        (edit.name.is_some() || edit.deletion_protection.is_some()).then_some(edit)
    }

    fn lift_protection() -> EditCluster {
        EditCluster { deletion_protection: Some(false), name: None }
    }

    fn shown(cluster: &Cluster) -> EditCluster {
        EditCluster { name: cluster.name.clone(), deletion_protection: cluster.deletion_protection }
    }

    fn shown_before(&self, spelling: &Spelling) -> EditCluster {
        EditCluster {
            name: spelling.shown("name", &self.name),
            deletion_protection: self.deletion_protection.known().copied(),
        }
    }

    async fn send_edit(api: &Api, id: &str, edit: &EditCluster) -> Result<Accepted, Error> {
        api.clusters().edit(id, edit).await
    }

    fn has_arrived(edit: &EditCluster, shown: &EditCluster, before: &EditCluster) -> bool {
        name_has_arrived(edit.name.as_ref(), shown.name.as_ref(), before.name.as_ref())
            && has_arrived(
                edit.deletion_protection.as_ref(),
                shown.deletion_protection.as_ref(),
                before.deletion_protection.as_ref(),
            )
    }
}

#[cfg(test)]
mod tests {
    use terraform_plugin::value::Value;

    use super::*;
    use crate::cluster::schema::schema;

    #[test]
    fn what_the_api_does_not_return_stays() {
        let mut state = ClusterModel::imported("c-1".to_owned());
        state.num_nodes = 4.into();
        state.container = "image".into();
        let bare = Cluster { id: "c-1".to_owned(), name: Some("n".to_owned()), ..Cluster::default() };
        let state = state.refreshed(&bare, &Spelling::default());
        assert_eq!(state.num_nodes, Attr::Known(4));
        assert_eq!(state.container, Attr::Known("image".to_owned()));
        assert_eq!(state.name, Attr::Known("n".to_owned()));
        assert!(state.into_value().is_wholly_known());
    }

    #[test]
    fn the_time_of_the_create_stays_once_it_is_known() {
        let shown = |time: &str| Cluster { created_at: Some(time.to_owned()), ..Cluster::default() };
        let read = |state: ClusterModel, cluster: &Cluster| state.refreshed(cluster, &Spelling::default());
        let state = read(ClusterModel::imported("c-1".to_owned()), &Cluster::default());
        assert_eq!(state.created_at, Attr::Null);
        let state = read(state, &shown("2026-01-01T00:00:00Z"));
        assert_eq!(state.created_at, "2026-01-01T00:00:00Z".into());
        let state = read(read(state, &shown("2026-01-01 00:00:00")), &Cluster::default());
        assert_eq!(state.created_at, "2026-01-01T00:00:00Z".into());
    }

    #[test]
    fn an_imported_cluster_has_as_many_nodes_as_instances() {
        let cluster = Cluster { instances: vec![Instance::default(); 2], ..Cluster::default() };
        assert_eq!(
            ClusterModel::imported("c-1".to_owned()).refreshed(&cluster, &Spelling::default()).num_nodes,
            Attr::Known(2)
        );
    }

    /// The journal's entries hold it: what an earlier version wrote must be equal to what this one asks for.
    #[test]
    fn what_is_asked_for_has_the_form_of_the_journals_entries() {
        let entry = include_str!("../journal/tests/entries/version_2.json");
        let entry: serde_json::Value = serde_json::from_str(entry).expect("it is JSON");
        let model = ClusterModel {
            instance_type: "1xH100".into(),
            num_nodes: 1.into(),
            public_keys: vec!["ssh-ed25519 AAAA".to_owned()].into(),
            container: "pytorch".into(),
            ..ClusterModel::imported("c-1".to_owned())
        };
        assert_eq!(model.requested_config(), entry["configuration"]);
    }

    #[test]
    fn the_model_fits_the_schema() {
        let value = ClusterModel::imported("c-1".to_owned()).without_unknowns().into_value();
        assert!(value.to_msgpack(&schema().object_type()).is_ok());
        assert_eq!(value.get("instances"), Some(&Value::List(Vec::new())));
    }
}
