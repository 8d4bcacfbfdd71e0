//! What is asked of the API about one SSH key. It has no call for one key, so the lists are read.

use async_trait::async_trait;
use tensorpool::{Client, Completeness, Error, PublicKey, Scope, SshKey};

use super::listed::Sighting;
use crate::create_once::{Created, Creator, Named};
use crate::evidence::{AccountMark, ListEvidence, Witness};

/// The key of an id.
pub(super) struct KeyOfId<'a> {
    pub api: &'a Client,
    pub id: &'a str,
}

impl KeyOfId<'_> {
    /// Searches the list for the key, once.
    pub async fn look(&self, scope: &Scope) -> Result<Sighting, Error> {
        let listing = self.api.ssh_keys().listing(scope).await?;
        let listed = listing.items.iter().find(|key| key.id == self.id).cloned();
        Ok(match (listed, &listing.completeness) {
            (Some(key), _) => Sighting::Listed(key),
            (None, Completeness::Incomplete(_)) => Sighting::Ambiguous,
            (None, Completeness::Complete | Completeness::NotFound) => Sighting::Lacks,
        })
    }
}

#[async_trait]
impl Witness for KeyOfId<'_> {
    type Object = SshKey;

    async fn read(&self, scope: &Scope) -> Result<Option<SshKey>, Error> {
        self.api.ssh_keys().get(self.id, scope).await
    }

    async fn list(&self, scope: &Scope) -> Result<ListEvidence, Error> {
        let listing = self.api.ssh_keys().listing(scope).await?;
        Ok(ListEvidence::of(&listing, |key| key.id == self.id))
    }

    async fn control(&self, scope: &Scope) -> Result<AccountMark, Error> {
        AccountMark::control(self.api, scope).await
    }
}

/// A key that is to be added.
pub(super) struct NewKey<'a> {
    pub api: &'a Client,
    pub key: &'a PublicKey,
    pub name: Option<&'a str>,
}

#[async_trait]
impl Creator for NewKey<'_> {
    async fn send(&self, scope: &Scope) -> Result<Created, Error> {
        let id = self.api.ssh_keys().add(&self.key.to_string(), self.name, scope).await?;
        Ok(Created { id, request_id: None })
    }

    async fn named(&self, scope: &Scope) -> Result<Named, Error> {
        let listing = self.api.ssh_keys().listing(scope).await?;
        Ok(Named::of(&listing, |key| key.is(self.key), |key| &key.id, self.api, scope).await)
    }
}
