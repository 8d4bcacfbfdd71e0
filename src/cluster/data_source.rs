//! The data sources `tensorpool_cluster` and `tensorpool_clusters`.

use async_trait::async_trait;
use tensorpool::Cluster;
use terraform_plugin::schema::{Attribute, Nesting, Schema};
use terraform_plugin::value::Type;
use terraform_plugin::{Attr, DataSource, Diagnostics, Model, Operation};

use super::model::InstanceModel;
use super::schema::{created_at_attribute, instances_attribute};
use crate::filter::{self, Filter};
use crate::provisioned::{Object as _, created_at, lookup};
use crate::session::Session;
use crate::timeouts;

/// A cluster as a data source shows it.
#[derive(Clone, Debug, Model)]
pub struct FoundCluster {
    id: Attr<String>,
    name: Attr<String>,
    instance_type: Attr<String>,
    num_nodes: Attr<i64>,
    deletion_protection: Attr<bool>,
    created_at: Attr<String>,
    instances: Attr<Vec<InstanceModel>>,
    storage_ids: Attr<Vec<String>>,
}

impl From<&Cluster> for FoundCluster {
    fn from(cluster: &Cluster) -> Self {
        Self {
            id: cluster.id.clone().into(),
            name: cluster.name.clone().into(),
            instance_type: cluster.instance_type.clone().into(),
            num_nodes: cluster.num_nodes.map(i64::from).into(),
            deletion_protection: cluster.deletion_protection.into(),
            created_at: cluster.created_at.clone().into(),
            instances: cluster.instances.iter().map(InstanceModel::from).collect(),
            storage_ids: cluster.storage_ids.clone().into(),
        }
    }
}

fn computed_attributes() -> [(&'static str, Attribute); 6] {
    [
        ("instance_type", Attribute::string("Instance type of every node, for example `8xH100`.").computed()),
        ("num_nodes", Attribute::integer("Number of nodes. Null if the API does not return it.").computed()),
        ("deletion_protection", Attribute::bool("Whether deletion protection is enabled.").computed()),
        ("created_at", created_at_attribute()),
        ("instances", instances_attribute()),
        ("storage_ids", Attribute::list(Type::String, "The ids of the attached volumes.").computed()),
    ]
}

/// The data source `tensorpool_cluster`: one cluster, by its id or its name.
pub struct ClusterDataSource;

#[async_trait]
impl DataSource for ClusterDataSource {
    type Session = Session;
    type Model = FoundCluster;

    fn type_name(&self) -> &'static str {
        "tensorpool_cluster"
    }

    fn schema(&self) -> Schema {
        let schema =
            Schema::new("Looks up one cluster by its id or by its name, among yours and those of your organization.")
                .attribute("id", lookup::id_attribute())
                .attribute("name", lookup::name_attribute())
                .config_validator(lookup::ID_OR_NAME);
        computed_attributes().into_iter().fold(schema, |schema, (name, attribute)| schema.attribute(name, attribute))
    }

    async fn read(
        &self,
        operation: &mut Operation<Session, FoundCluster>,
        config: FoundCluster,
    ) -> Result<(), Diagnostics> {
        let session = operation.session();
        let cluster: Cluster = lookup::one(&session, operation.stop(), config.id, config.name).await?;
        let created_at = created_at(&session.api(timeouts::READ, operation.stop())?, &cluster).await.into();
        operation.save(FoundCluster { created_at, ..(&cluster).into() });
        Ok(())
    }
}

/// The state of `tensorpool_clusters`.
#[derive(Clone, Debug, Model)]
pub struct ClustersModel {
    include_org: Attr<bool>,
    name_contains: Attr<String>,
    instance_type: Attr<String>,
    clusters: Attr<Vec<FoundCluster>>,
}

/// The data source `tensorpool_clusters`: all clusters.
pub struct ClustersDataSource;

#[async_trait]
impl DataSource for ClustersDataSource {
    type Session = Session;
    type Model = ClustersModel;

    fn type_name(&self) -> &'static str {
        "tensorpool_clusters"
    }

    fn schema(&self) -> Schema {
        let named =
            [("id", Attribute::string("The id.").computed()), ("name", Attribute::string("The name.").computed())];
        let attributes = named.into_iter().chain(computed_attributes());
        Schema::new("Lists your clusters. With several filters, those that pass all of them.")
            .attribute("include_org", filter::include_org_attribute())
            .attribute("name_contains", filter::name_contains_attribute())
            .attribute(
                "instance_type",
                Attribute::string("Lists only clusters of this instance type, for example `8xH100`.").optional(),
            )
            .attribute(
                "clusters",
                Attribute::nested(Nesting::List, attributes, "The clusters, by their ids.").computed(),
            )
    }

    async fn read(
        &self,
        operation: &mut Operation<Session, ClustersModel>,
        config: ClustersModel,
    ) -> Result<(), Diagnostics> {
        let api = operation.session().api(timeouts::READ, operation.stop())?;
        let filter = Filter { include_org: config.include_org.clone(), name_contains: config.name_contains.clone() };
        let mut found: Vec<Cluster> = filter.all(&api, Cluster::DESCRIPTOR.plural).await?;
        if let Some(wanted) = config.instance_type.known() {
            found.retain(|cluster| cluster.instance_type.as_ref() == Some(wanted));
        }
        let clusters = found.iter().map(FoundCluster::from).collect();
        operation.save(ClustersModel { clusters, ..config });
        Ok(())
    }
}
