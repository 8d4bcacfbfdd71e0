//! The data sources `tensorpool_cluster` and `tensorpool_clusters`.

use std::time::Duration;

use async_trait::async_trait;
use tensorpool::{Cluster, Scope};
use terraform_plugin::schema::{Attribute, Nesting, Schema};
use terraform_plugin::value::Type;
use terraform_plugin::{Attr, AttributePath, DataSource, Diagnostic, Diagnostics, Model, Operation};

use super::model::{InstanceModel, instances_attribute};
use crate::errors::{Action, Subject};
use crate::provider::Session;

const READ_LIMIT: Duration = Duration::from_mins(5);

/// A cluster as a data source shows it.
#[derive(Clone, Debug, Model)]
pub struct FoundCluster {
    id: Attr<String>,
    name: Attr<String>,
    instance_type: Attr<String>,
    num_nodes: Attr<i64>,
    deletion_protection: Attr<bool>,
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
            instances: cluster.instances.iter().map(InstanceModel::from).collect::<Vec<_>>().into(),
            storage_ids: cluster.storage_ids.clone().into(),
        }
    }
}

fn computed_attributes() -> [(&'static str, Attribute); 5] {
    [
        ("instance_type", Attribute::string("What each node is, as `8xH100`.").computed()),
        ("num_nodes", Attribute::integer("How many nodes, when the API tells.").computed()),
        ("deletion_protection", Attribute::bool("Whether the cluster refuses to be destroyed.").computed()),
        ("instances", instances_attribute()),
        ("storage_ids", Attribute::list(Type::String, "The ids of the attached volumes.").computed()),
    ]
}

/// The data source `tensorpool_cluster`: one cluster, by its id or its name.
pub struct ClusterDataSource;

#[async_trait]
impl DataSource for ClusterDataSource {
    type Client = Session;
    type Model = FoundCluster;

    fn type_name(&self) -> &'static str {
        "tensorpool_cluster"
    }

    fn schema(&self) -> Schema {
        let schema = Schema::new("Looks up one cluster by its id or by its name.")
            .attribute("id", Attribute::string("The id. Either this or `name` must be set.").optional().computed())
            .attribute("name", Attribute::string("The name. Either this or `id` must be set.").optional().computed());
        computed_attributes().into_iter().fold(schema, |schema, (name, attribute)| schema.attribute(name, attribute))
    }

    async fn validate(&self, config: FoundCluster) -> Result<(), Diagnostics> {
        let wrong = match (&config.id, &config.name) {
            (Attr::Null, Attr::Null) => "One of id and name must be set.",
            (Attr::Known(_), Attr::Known(_)) => "Only one of id and name may be set.",
            _ => return Ok(()),
        };
        Err(Diagnostic::error("Invalid look-up", wrong).at(AttributePath::of("id")).into())
    }

    async fn read(
        &self,
        operation: &mut Operation<Session, FoundCluster>,
        config: FoundCluster,
    ) -> Result<(), Diagnostics> {
        let session = operation.client();
        let clusters = session.api()?.clusters();
        let scope = Scope::new(READ_LIMIT, operation.stop().clone());
        let (id, name) = (config.id.into_known(), config.name.into_known());
        let subject = Subject { action: Action::LookUp, noun: "cluster", name: name.clone(), id: id.clone() };
        let found = match (id, &name) {
            (Some(id), _) => clusters.get(&id, &scope).await.map(|cluster| vec![cluster]),
            (None, name) => clusters.find(name.as_deref().unwrap_or_default(), &scope).await,
        };
        let found = found.map_err(|error| subject.failed(&error))?;
        match found.as_slice() {
            [cluster] => {
                operation.save(cluster.into());
                Ok(())
            }
            several => Err(not_one(&subject, several).into()),
        }
    }
}

fn not_one(subject: &Subject, found: &[Cluster]) -> Diagnostic {
    let path = AttributePath::of("name");
    if found.is_empty() {
        let detail = format!("There is no {subject} among your clusters and those of your organization.");
        return Diagnostic::error("Cluster not found", detail).at(path);
    }
    let ids: Vec<_> = found.iter().map(|cluster| cluster.id.as_str()).collect();
    let detail = format!("There is more than one {subject}: {}. Look it up by its id instead.", ids.join(", "));
    Diagnostic::error("Cluster name is ambiguous", detail).at(path)
}

/// The state of `tensorpool_clusters`.
#[derive(Clone, Debug, Model)]
pub struct ClustersModel {
    include_org: Attr<bool>,
    clusters: Attr<Vec<FoundCluster>>,
}

/// The data source `tensorpool_clusters`: all clusters.
pub struct ClustersDataSource;

#[async_trait]
impl DataSource for ClustersDataSource {
    type Client = Session;
    type Model = ClustersModel;

    fn type_name(&self) -> &'static str {
        "tensorpool_clusters"
    }

    fn schema(&self) -> Schema {
        let named =
            [("id", Attribute::string("The id.").computed()), ("name", Attribute::string("The name.").computed())];
        let attributes = named.into_iter().chain(computed_attributes());
        Schema::new("Lists your clusters.")
            .attribute(
                "include_org",
                Attribute::bool("Whether to list those of your organization too. Defaults to `false`.").optional(),
            )
            .attribute("clusters", Attribute::nested(Nesting::List, attributes, "The clusters.").computed())
    }

    async fn read(
        &self,
        operation: &mut Operation<Session, ClustersModel>,
        config: ClustersModel,
    ) -> Result<(), Diagnostics> {
        let session = operation.client();
        let clusters = session.api()?.clusters();
        let scope = Scope::new(READ_LIMIT, operation.stop().clone());
        let include_org = config.include_org.known() == Some(&true);
        let found = if include_org { clusters.list_all(&scope).await } else { clusters.list(false, &scope).await };
        let subject = Subject { action: Action::LookUp, noun: "clusters", name: None, id: None };
        let mut found = found.map_err(|error| subject.failed(&error))?;
        // The API gives no order, and a changing one would look like a change.
        found.sort_by(|a, b| a.id.cmp(&b.id));
        let clusters = found.iter().map(FoundCluster::from).collect::<Vec<_>>().into();
        operation.save(ClustersModel { clusters, ..config });
        Ok(())
    }
}
