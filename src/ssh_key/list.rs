//! The list resource `tensorpool_ssh_key`, for `terraform query`.

use async_trait::async_trait;
use tensorpool::SshKey;
use terraform_plugin::schema::Schema;
use terraform_plugin::{Attr, Diagnostics, ListResource, Listing, Model};

use super::data_source::PLURAL;
use super::model::SshKeyModel;
use super::resource::TYPE_NAME;
use crate::evidence::Spelling;
use crate::filter::{Filter, include_org_attribute, name_contains_attribute};
use crate::incomplete_list;
use crate::session::Session;
use crate::timeouts;

/// The `config` block of the list.
#[derive(Clone, Debug, Model)]
pub struct SshKeyListModel {
    include_org: Attr<bool>,
    name_contains: Attr<String>,
}

/// The list resource `tensorpool_ssh_key`.
pub struct SshKeyList;

#[async_trait]
impl ListResource for SshKeyList {
    type Session = Session;
    type Config = SshKeyListModel;
    type Model = SshKeyModel;

    fn type_name(&self) -> &'static str {
        TYPE_NAME
    }

    fn schema(&self) -> Schema {
        Schema::new("Finds the SSH public keys of your account.")
            .attribute("include_org", include_org_attribute())
            .attribute("name_contains", name_contains_attribute())
    }

    async fn list(&self, listing: &Listing<Session, SshKeyModel>, config: SshKeyListModel) -> Result<(), Diagnostics> {
        let api = listing.session().api(timeouts::READ, listing.stop())?;
        let filter = Filter { include_org: config.include_org, name_contains: config.name_contains };
        let found = filter.listing::<SshKey>(&api, PLURAL).await?;
        incomplete_list::warn(listing, &found, PLURAL).await;
        for key in found.items {
            let display_name = key.name.as_deref().unwrap_or(&key.id);
            listing.found(display_name, SshKeyModel::default().refreshed(&key, &Spelling::default())).await;
        }
        Ok(())
    }
}
