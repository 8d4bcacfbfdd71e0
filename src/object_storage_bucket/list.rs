//! The list resource `tensorpool_object_storage_bucket`, for `terraform query`.

use async_trait::async_trait;
use terraform_plugin::schema::Schema;
use terraform_plugin::{Attr, Diagnostics, ListResource, Listing, Model};

use super::data_source::{listed, subject};
use super::model::BucketModel;
use super::resource::TYPE_NAME;
use crate::filter::name_contains_attribute;
use crate::incomplete_list;
use crate::session::Session;
use crate::timeouts;

/// The `config` block of the list.
#[derive(Clone, Debug, Model)]
pub struct BucketListModel {
    name_contains: Attr<String>,
}

/// The list resource `tensorpool_object_storage_bucket`.
pub struct BucketList;

#[async_trait]
impl ListResource for BucketList {
    type Session = Session;
    type Config = BucketListModel;
    type Model = BucketModel;

    fn type_name(&self) -> &'static str {
        TYPE_NAME
    }

    fn schema(&self) -> Schema {
        Schema::new("Finds the buckets of your organization's object storage.")
            .attribute("name_contains", name_contains_attribute())
    }

    async fn list(&self, listing: &Listing<Session, BucketModel>, config: BucketListModel) -> Result<(), Diagnostics> {
        let api = listing.session().api(timeouts::READ, listing.stop())?;
        let found = listed(&api, config.name_contains.known()).await;
        let found = found.map_err(|error| subject().failed(&error))?;
        incomplete_list::warn(listing, &found, "buckets").await;
        for bucket in found.items {
            listing.found(&bucket.name, BucketModel::default().refreshed(&bucket)).await;
        }
        Ok(())
    }
}
