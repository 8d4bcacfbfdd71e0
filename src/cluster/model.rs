//! What a cluster looks like in a configuration and in the state.

use tensorpool::{Cluster, CreateCluster, Instance};
use terraform_plugin::schema::{AtLeast, Attribute, IdentitySchema, LengthAtLeast, Nesting, Schema, check};
use terraform_plugin::value::Type;
use terraform_plugin::{Attr, Model, Timeouts};

use super::public_key::{check_keys, same_keys};

/// The names that the API has for attributes, for its complaints about fields.
pub(super) const API_NAMES: [(&str, &str); 8] = [
    ("instance_type", "instance_type"),
    ("num_nodes", "num_nodes"),
    ("tp_cluster_name", "name"),
    ("cluster_name", "name"),
    ("deletion_protection", "deletion_protection"),
    ("public_keys", "public_keys"),
    ("container", "container"),
    ("experimental_container", "container"),
];

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
            .equivalent_when(same_keys)
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
        .block("timeouts", Timeouts::block(&[("create", "60m"), ("read", "5m"), ("update", "20m"), ("delete", "60m")]))
}

impl ClusterModel {
    /// An imported cluster, of which only the id is known until it is read.
    pub(super) fn imported(id: String) -> Self {
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

    /// The id. A state without one cannot come from this provider; an empty id finds nothing.
    pub(super) fn id(&self) -> &str {
        self.id.known().map(String::as_str).unwrap_or_default()
    }

    /// What to send for a create under a name.
    pub(super) fn to_create(&self, name: String) -> CreateCluster {
        CreateCluster {
            instance_type: self.instance_type.known().cloned().unwrap_or_default(),
            num_nodes: self.num_nodes.known().and_then(|nodes| (*nodes).try_into().ok()).unwrap_or(1),
            name,
            deletion_protection: self.is_protected(),
            public_keys: self.public_keys.known().cloned().unwrap_or_default(),
            container: self.container.known().cloned(),
        }
    }

    pub(super) fn is_protected(&self) -> bool {
        self.deletion_protection.known() == Some(&true)
    }

    /// The same, with what the API tells. What it does not tell stays as it was: its answers are only partly
    /// documented, and a field that is absent there must not look like a change.
    pub(super) fn refreshed(mut self, cluster: &Cluster) -> Self {
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

    /// The same after a create or an update: what was planned stands, and the API tells the rest. Terraform demands that
    /// planned values come back as they were; if the API shows others, the next read finds them as a change.
    pub(super) fn with_computed(self, cluster: &Cluster) -> Self {
        let planned = self.clone();
        let fresh = self.refreshed(cluster);
        Self { id: planned.id, instances: fresh.instances, storage_ids: fresh.storage_ids, ..planned }.settled()
    }

    /// The same, without anything unknown: for a state that is saved before the cluster could be read.
    pub(super) fn settled(mut self) -> Self {
        if self.deletion_protection.is_null() {
            self.deletion_protection = false.into();
        }
        if !matches!(self.instances, Attr::Known(_)) {
            self.instances = Vec::new().into();
        }
        if !matches!(self.storage_ids, Attr::Known(_)) {
            self.storage_ids = Vec::new().into();
        }
        self
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
