//! What a cluster looks like in a configuration and in the state.

use async_trait::async_trait;
use tensorpool::{Accepted, Client, Cluster, CreateCluster, Created, EditCluster, Error, Instance, Scope};
use terraform_plugin::schema::{AtLeast, Attribute, IdentitySchema, LengthAtLeast, Nesting, Schema, check};
use terraform_plugin::value::Type;
use terraform_plugin::{Attr, Model, Timeouts};

use crate::paid::{Common, Made, Paid, changed, is_visible, timeouts};
use crate::public_key::{are_same_keys, check_keys};

/// The state of a `tensorpool_cluster`.
#[derive(Clone, Debug, Model)]
pub struct ClusterModel {
    pub(super) id: Attr<String>,
    pub(super) name: Attr<String>,
    pub(super) instance_type: Attr<String>,
    pub(super) num_nodes: Attr<i64>,
    pub(super) deletion_protection: Attr<bool>,
    pub(super) public_keys: Attr<Vec<String>>,
    pub(super) container: Attr<String>,
    pub(super) instances: Attr<Vec<InstanceModel>>,
    pub(super) storage_ids: Attr<Vec<String>>,
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

/// The nodes of a cluster, computed.
pub(super) fn instances_attribute() -> Attribute {
    Attribute::nested(
        Nesting::List,
        [
            ("id", Attribute::string("The id of the node.").computed()),
            ("status", Attribute::string("The status of the node, as `RUNNING`.").computed()),
            ("ip_address", Attribute::string("The address of the node, when the API gives one.").computed()),
        ],
        "The nodes of the cluster.",
    )
    .computed()
}

pub(super) fn schema() -> Schema {
    Schema::new("A cluster of one or more GPU machines. It costs money for as long as it exists.")
        .identity(IdentitySchema::of("id", "The id of the cluster."))
        .attribute("id", Attribute::string("The id of the cluster.").computed().use_state_for_unknown())
        .attribute(
            "name",
            Attribute::string("The name, unique in the account. Changed in place. Without one, a name is generated.")
                .optional()
                .computed()
                .use_state_for_unknown()
                .validate(LengthAtLeast(1)),
        )
        .attribute(
            "instance_type",
            Attribute::string("What each node is, as `1xH100`, `8xH200` or `8xB200`. A change replaces the cluster.")
                .required()
                .requires_replace()
                .validate(LengthAtLeast(1)),
        )
        .attribute(
            "num_nodes",
            Attribute::integer("How many nodes. Defaults to `1`. A change replaces the cluster.")
                .default(1)
                .requires_replace()
                .validate(AtLeast(1)),
        )
        .attribute(
            "deletion_protection",
            Attribute::bool(
                "Whether the cluster refuses to be destroyed. Defaults to `false`. Changed in place. A plan that would \
                 destroy or replace a protected cluster is refused: set this to `false` and apply first.",
            )
            .default(false),
        )
        .attribute(
            "public_keys",
            Attribute::list(
                Type::String,
                "SSH public keys for this cluster, beside those of the account. They are compared by type and key, so \
                 another comment is no change. Any other change replaces the cluster.",
            )
            .optional()
            .equivalent_when(are_same_keys)
            .requires_replace()
            .validate(check(check_keys)),
        )
        .attribute(
            "container",
            Attribute::string("The image of a container to run on the nodes. A change replaces the cluster.")
                .optional()
                .requires_replace(),
        )
        .attribute("instances", instances_attribute())
        .attribute(
            "storage_ids",
            Attribute::list(Type::String, "The ids of the volumes that are attached to the cluster.").computed(),
        )
        .block("timeouts", timeouts())
}

impl ClusterModel {
    /// What to send for a create under a name.
    fn to_create(&self, name: &str) -> CreateCluster {
        CreateCluster {
            instance_type: self.instance_type.known().cloned().unwrap_or_default(),
            num_nodes: self.num_nodes.known().and_then(|nodes| (*nodes).try_into().ok()).unwrap_or(1),
            name: name.to_owned(),
            deletion_protection: self.deletion_protection.known() == Some(&true),
            public_keys: self.public_keys.known().cloned().unwrap_or_default(),
            container: self.container.known().cloned(),
        }
    }
}

#[async_trait]
impl Paid for ClusterModel {
    type Remote = Cluster;
    type Edit = EditCluster;

    fn common(&mut self) -> Common<'_> {
        Common {
            id: &mut self.id,
            name: &mut self.name,
            deletion_protection: &mut self.deletion_protection,
            timeouts: &mut self.timeouts,
        }
    }

    fn imported(id: String) -> Self {
        Self {
            id: id.into(),
            name: Attr::Null,
            instance_type: Attr::Null,
            num_nodes: Attr::Null,
            deletion_protection: Attr::Null,
            public_keys: Attr::Null,
            container: Attr::Null,
            instances: Attr::Null,
            storage_ids: Attr::Null,
            timeouts: Timeouts::default(),
        }
    }

    fn refreshed(mut self, cluster: &Cluster) -> Self {
        let told = |told: &Option<String>, known: Attr<String>| told.clone().map_or(known, Attr::Known);
        self.name = told(&cluster.name, self.name);
        self.instance_type = told(&cluster.instance_type, self.instance_type);
        self.container = told(&cluster.container, self.container);
        if let Some(protection) = cluster.deletion_protection {
            self.deletion_protection = protection.into();
        }
        let counted = || self.num_nodes.is_null().then(|| i64::try_from(cluster.instances.len()).ok()).flatten();
        if let Some(nodes) = cluster.num_nodes.map(i64::from).or_else(counted) {
            self.num_nodes = nodes.into();
        }
        self.instances = cluster.instances.iter().map(InstanceModel::from).collect::<Vec<_>>().into();
        self.storage_ids = cluster.storage_ids.clone().into();
        self.settled()
    }

    fn with_computed_of(self, other: Self) -> Self {
        Self { instances: other.instances, storage_ids: other.storage_ids, ..self }
    }

    fn settled(mut self) -> Self {
        if self.deletion_protection.is_null() {
            self.deletion_protection = false.into();
        }
        self.instances = self.instances.or(Vec::new());
        self.storage_ids = self.storage_ids.or(Vec::new());
        self
    }

    fn leave_open(&mut self) {
        self.instances = Attr::Unknown;
        self.storage_ids = Attr::Unknown;
    }

    fn wishes(&self) -> String {
        format!("{:?}", self.to_create(""))
    }

    async fn send_create(&self, api: &Client, name: &str, scope: &Scope) -> Result<Made, Error> {
        let Created { cluster_id: id, request_id } = api.clusters().create(&self.to_create(name), scope).await?;
        Ok(Made { id, request_id })
    }

    fn edit(&self, planned: &Self) -> Option<EditCluster> {
        let edit = EditCluster {
            name: changed(&self.name, &planned.name),
            deletion_protection: changed(&self.deletion_protection, &planned.deletion_protection),
        };
        (edit.name.is_some() || edit.deletion_protection.is_some()).then_some(edit)
    }

    async fn send_edit(api: &Client, id: &str, edit: &EditCluster, scope: &Scope) -> Result<Accepted, Error> {
        api.clusters().edit(id, edit, scope).await
    }

    fn shows(cluster: &Cluster, edit: &EditCluster) -> bool {
        is_visible(edit.name.as_ref(), cluster.name.as_ref())
            && is_visible(edit.deletion_protection.as_ref(), cluster.deletion_protection.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use terraform_plugin::value::Value;

    use super::*;

    #[test]
    fn what_the_api_does_not_tell_stays() {
        let mut state = ClusterModel::imported("c-1".to_owned());
        state.num_nodes = 4.into();
        state.container = "image".into();
        let bare = Cluster { id: "c-1".to_owned(), name: Some("n".to_owned()), ..Cluster::default() };
        let state = state.refreshed(&bare);
        assert_eq!(state.num_nodes, Attr::Known(4));
        assert_eq!(state.container, Attr::Known("image".to_owned()));
        assert_eq!(state.name, Attr::Known("n".to_owned()));
        assert!(state.into_value().is_wholly_known());
    }

    #[test]
    fn an_imported_cluster_has_as_many_nodes_as_instances() {
        let cluster = Cluster { instances: vec![Instance::default(); 2], ..Cluster::default() };
        assert_eq!(ClusterModel::imported("c-1".to_owned()).refreshed(&cluster).num_nodes, Attr::Known(2));
    }

    #[test]
    fn the_model_fits_the_schema() {
        let value = ClusterModel::imported("c-1".to_owned()).settled().into_value();
        assert!(value.to_msgpack(&schema().object_type()).is_ok());
        assert_eq!(value.get("instances"), Some(&Value::List(Vec::new())));
    }
}
