//! The data sources `tensorpool_storage` and `tensorpool_storages`.

use async_trait::async_trait;
use tensorpool::Volume;
use terraform_plugin::schema::{Attribute, Nesting, Schema};
use terraform_plugin::value::Type;
use terraform_plugin::{Attr, DataSource, Diagnostics, Model, Operation};

use crate::filter::{self, Filter};
use crate::provisioned::{Object as _, lookup};
use crate::session::Session;
use crate::timeouts;

/// A volume as a data source shows it.
#[derive(Clone, Debug, Model)]
pub struct FoundStorage {
    id: Attr<String>,
    name: Attr<String>,
    size_gb: Attr<i64>,
    deletion_protection: Attr<bool>,
    attached_cluster_ids: Attr<Vec<String>>,
}

impl From<&Volume> for FoundStorage {
    fn from(volume: &Volume) -> Self {
        Self {
            id: volume.id.clone().into(),
            name: volume.name.clone().into(),
            size_gb: volume.size_gb.and_then(|size| i64::try_from(size).ok()).into(),
            deletion_protection: volume.deletion_protection.into(),
            attached_cluster_ids: volume.attached_clusters.clone().into(),
        }
    }
}

fn computed_attributes() -> [(&'static str, Attribute); 3] {
    let clusters = "The ids of the clusters that the volume is attached to. Null if the API does not return them.";
    [
        ("size_gb", Attribute::integer("Size of the volume in GB.").computed()),
        ("deletion_protection", Attribute::bool("Whether deletion protection is enabled.").computed()),
        ("attached_cluster_ids", Attribute::list(Type::String, clusters).computed()),
    ]
}

/// The data source `tensorpool_storage`: one volume, by its id or its name.
pub struct StorageDataSource;

#[async_trait]
impl DataSource for StorageDataSource {
    type Session = Session;
    type Model = FoundStorage;

    fn type_name(&self) -> &'static str {
        "tensorpool_storage"
    }

    fn schema(&self) -> Schema {
        let schema = Schema::new(
            "Looks up one storage volume by its id or by its name, among yours and those of your organization.",
        )
        .attribute("id", lookup::id_attribute())
        .attribute("name", lookup::name_attribute())
        .config_validator(lookup::ID_OR_NAME);
        computed_attributes().into_iter().fold(schema, |schema, (name, attribute)| schema.attribute(name, attribute))
    }

    async fn read(
        &self,
        operation: &mut Operation<Session, FoundStorage>,
        config: FoundStorage,
    ) -> Result<(), Diagnostics> {
        let volume: Volume = lookup::one(&operation.session(), operation.stop(), config.id, config.name).await?;
        operation.save((&volume).into());
        Ok(())
    }
}

/// The state of `tensorpool_storages`.
#[derive(Clone, Debug, Model)]
pub struct StoragesModel {
    include_org: Attr<bool>,
    name_contains: Attr<String>,
    attached_to: Attr<String>,
    storages: Attr<Vec<FoundStorage>>,
}

/// The data source `tensorpool_storages`: all volumes.
pub struct StoragesDataSource;

#[async_trait]
impl DataSource for StoragesDataSource {
    type Session = Session;
    type Model = StoragesModel;

    fn type_name(&self) -> &'static str {
        "tensorpool_storages"
    }

    fn schema(&self) -> Schema {
        let named =
            [("id", Attribute::string("The id.").computed()), ("name", Attribute::string("The name.").computed())];
        let attributes = named.into_iter().chain(computed_attributes());
        Schema::new("Lists your storage volumes. With several filters, those that pass all of them.")
            .attribute("include_org", filter::include_org_attribute())
            .attribute("name_contains", filter::name_contains_attribute())
            .attribute(
                "attached_to",
                Attribute::string("Lists only those that are attached to the cluster of this id.").optional(),
            )
            .attribute(
                "storages",
                Attribute::nested(Nesting::List, attributes, "The volumes, by their ids.").computed(),
            )
    }

    async fn read(
        &self,
        operation: &mut Operation<Session, StoragesModel>,
        config: StoragesModel,
    ) -> Result<(), Diagnostics> {
        let api = operation.session().api(timeouts::READ, operation.stop())?;
        let filter = Filter { include_org: config.include_org.clone(), name_contains: config.name_contains.clone() };
        let mut found: Vec<Volume> = filter.all(&api, Volume::DESCRIPTOR.plural).await?;
        if let Some(cluster) = config.attached_to.known() {
            found.retain(|volume| volume.is_attached_to(cluster) == Some(true));
        }
        let storages = found.iter().map(FoundStorage::from).collect();
        operation.save(StoragesModel { storages, ..config });
        Ok(())
    }
}
