//! The data source `tensorpool_object_storage_buckets`.

use async_trait::async_trait;
use tensorpool::{Api, Bucket, Error, Listing};
use terraform_plugin::schema::{Attribute, Nesting, Schema};
use terraform_plugin::{Attr, DataSource, Diagnostics, Model, Operation};

use crate::errors::{Subject, Verb};
use crate::filter::name_contains_attribute;
use crate::incomplete_list;
use crate::session::Session;
use crate::timeouts;

/// A bucket as the data source shows it.
#[derive(Clone, Debug, Model)]
pub struct FoundBucket {
    name: Attr<String>,
    created_at: Attr<String>,
}

impl From<Bucket> for FoundBucket {
    fn from(bucket: Bucket) -> Self {
        Self { name: bucket.name.into(), created_at: bucket.created_at.into() }
    }
}

/// The state of `tensorpool_object_storage_buckets`.
#[derive(Clone, Debug, Model)]
pub struct BucketsModel {
    name_contains: Attr<String>,
    buckets: Attr<Vec<FoundBucket>>,
}

/// The data source `tensorpool_object_storage_buckets`: the buckets of the organization.
pub struct BucketsDataSource;

#[async_trait]
impl DataSource for BucketsDataSource {
    type Session = Session;
    type Model = BucketsModel;

    fn type_name(&self) -> &'static str {
        "tensorpool_object_storage_buckets"
    }

    fn schema(&self) -> Schema {
        let bucket = [
            ("name", Attribute::string("The name.").computed()),
            ("created_at", Attribute::string("When it was created. Null if the API does not return it.").computed()),
        ];
        Schema::new("Lists the buckets of your organization's object storage. The list is empty if object storage is not enabled.")
            .attribute("name_contains", name_contains_attribute())
            .attribute("buckets", Attribute::nested(Nesting::List, bucket, "The buckets, by their names.").computed())
    }

    async fn read(
        &self,
        operation: &mut Operation<Session, BucketsModel>,
        config: BucketsModel,
    ) -> Result<(), Diagnostics> {
        let api = operation.session().api(timeouts::READ, operation.stop())?;
        let found = listed(&api, config.name_contains.known()).await;
        let found = found.map_err(|error| subject().failed(&error))?;
        let found = incomplete_list::complete(found, &api, &subject()).await?;
        let buckets = found.into_iter().map(FoundBucket::from).collect();
        operation.save(BucketsModel { buckets, ..config });
        Ok(())
    }
}

pub(super) fn subject() -> Subject {
    Subject { verb: Verb::LookUp, noun: "buckets", name: None, id: None }
}

/// The buckets in the order of their names: the API gives no order, and a changing one would look like a change.
pub(super) async fn listed(api: &Api, part: Option<&String>) -> Result<Listing<Bucket>, Error> {
    let mut found = api.object_storage().buckets().await?;
    found.items.retain(|bucket| part.is_none_or(|part| bucket.name.contains(part)));
    found.items.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}
