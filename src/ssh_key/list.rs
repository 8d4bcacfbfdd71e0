//! The list resource `tensorpool_ssh_key`, for `terraform query`.

use async_trait::async_trait;
use tensorpool::Scope;
use terraform_plugin::schema::{Attribute, Schema};
use terraform_plugin::{Attr, Diagnostics, ListResource, Listing, Model};

use super::data_source::listed;
use super::model::SshKeyModel;
use super::resource::{READ_LIMIT, TYPE_NAME};
use crate::errors::{Action, Subject};
use crate::provider::Session;

/// The `config` block of the list.
#[derive(Clone, Debug, Model)]
pub struct SshKeyListModel {
    include_org: Attr<bool>,
    name: Attr<String>,
}

/// The list resource `tensorpool_ssh_key`.
pub struct SshKeyList;

#[async_trait]
impl ListResource for SshKeyList {
    type Client = Session;
    type Config = SshKeyListModel;
    type Model = SshKeyModel;

    fn type_name(&self) -> &'static str {
        TYPE_NAME
    }

    fn schema(&self) -> Schema {
        Schema::new("Finds the SSH public keys of your account. Needs Terraform 1.14.")
            .attribute(
                "include_org",
                Attribute::bool("Whether to find those of your organization too. Defaults to `false`.").optional(),
            )
            .attribute("name", Attribute::string("Only keys of exactly this name.").optional())
    }

    async fn list(&self, listing: &Listing<Session, SshKeyModel>, config: SshKeyListModel) -> Result<(), Diagnostics> {
        let session = listing.client();
        let scope = Scope::new(READ_LIMIT, listing.stop().clone());
        let include_org = config.include_org.known() == Some(&true);
        let subject = Subject { action: Action::LookUp, noun: "SSH keys", name: None, id: None };
        let found = listed(session.api()?, include_org, &scope).await.map_err(|error| subject.failed(&error))?;
        let wanted = config.name.known();
        for key in found.iter().filter(|key| wanted.is_none_or(|name| key.name.as_ref() == Some(name))) {
            let display_name = key.name.as_deref().unwrap_or(&key.id);
            listing.found(display_name, SshKeyModel::default().refreshed(key)).await;
        }
        Ok(())
    }
}
