//! The data source `tensorpool_ssh_keys`.

use async_trait::async_trait;
use tensorpool::{PublicKey, SshKey};
use terraform_plugin::schema::{Attribute, Nesting, Schema, predicate};
use terraform_plugin::{Attr, DataSource, Diagnostics, Model, Operation};

use super::model::SshKeyModel;
use crate::evidence::Spelling;
use crate::filter::{Filter, include_org_attribute, name_contains_attribute};
use crate::public_key::{PUBLIC_KEY, check_key};
use crate::session::Session;
use crate::timeouts;

/// Several keys, in messages.
pub(super) const PLURAL: &str = "SSH keys";

/// A key as the data sources show it.
#[derive(Clone, Debug, Model)]
pub struct FoundSshKey {
    pub(super) id: Attr<String>,
    pub(super) name: Attr<String>,
    pub(super) public_key: Attr<String>,
    pub(super) fingerprint: Attr<String>,
    pub(super) created_at: Attr<String>,
}

impl From<&SshKey> for FoundSshKey {
    fn from(key: &SshKey) -> Self {
        let SshKeyModel { id, name, public_key, fingerprint, created_at, .. } =
            SshKeyModel::default().refreshed(key, &Spelling::default());
        Self { id, name, public_key, fingerprint, created_at }
    }
}

/// The state of `tensorpool_ssh_keys`.
#[derive(Clone, Debug, Model)]
pub struct SshKeysModel {
    include_org: Attr<bool>,
    name_contains: Attr<String>,
    public_key: Attr<String>,
    ssh_keys: Attr<Vec<FoundSshKey>>,
}

/// The data source `tensorpool_ssh_keys`: the keys of the account.
pub struct SshKeysDataSource;

#[async_trait]
impl DataSource for SshKeysDataSource {
    type Session = Session;
    type Model = SshKeysModel;

    fn type_name(&self) -> &'static str {
        "tensorpool_ssh_keys"
    }

    fn schema(&self) -> Schema {
        let key = [
            ("id", Attribute::string("The id.").computed()),
            ("name", Attribute::string("The name.").computed()),
            ("public_key", Attribute::string("The key, as it was added.").computed()),
            ("fingerprint", Attribute::string("The SHA-256 fingerprint, as `ssh-keygen -l` prints it.").computed()),
            ("created_at", Attribute::string("When it was added. Null if the API does not return it.").computed()),
        ];
        Schema::new("Lists the SSH public keys of your account, which TensorPool installs on every new cluster. With several filters, those that pass all of them.")
            .attribute("include_org", include_org_attribute())
            .attribute("name_contains", name_contains_attribute())
            .attribute(
                "public_key",
                Attribute::string("Lists only this key. Keys are compared by type and key, without the comment.")
                    .optional()
                    .validate(predicate(check_key).saying(PUBLIC_KEY)),
            )
            .attribute("ssh_keys", Attribute::nested(Nesting::List, key, "The keys, by their ids.").computed())
    }

    async fn read(
        &self,
        operation: &mut Operation<Session, SshKeysModel>,
        config: SshKeysModel,
    ) -> Result<(), Diagnostics> {
        let api = operation.session().api(timeouts::READ, operation.stop())?;
        let filter = Filter { include_org: config.include_org.clone(), name_contains: config.name_contains.clone() };
        let found: Vec<SshKey> = filter.all(&api, PLURAL).await?;
        let wanted = config.public_key.known().and_then(|text| PublicKey::parse(text).ok());
        let ssh_keys = found
            .iter()
            .filter(|key| wanted.as_ref().is_none_or(|wanted| key.is(wanted)))
            .map(FoundSshKey::from)
            .collect::<Vec<_>>();
        operation.save(SshKeysModel { ssh_keys: ssh_keys.into(), ..config });
        Ok(())
    }
}
