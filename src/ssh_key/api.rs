//! What is asked of the API about one SSH key. It has no call for one key, so the lists are read.

use async_trait::async_trait;
use tensorpool::{Api, Completeness, Created, Error, PublicKey, SshKey};

use super::listed::Sighting;
use crate::create_once::{Creator, Named};
use crate::evidence::{ListEvidence, Witness};

/// The key of an id.
pub(super) struct KeyOfId<'a> {
    pub id: &'a str,
}

impl KeyOfId<'_> {
    /// Searches the list for the key, once.
    pub async fn look(&self, api: &Api) -> Result<Sighting, Error> {
        let listing = api.ssh_keys().listing().await?;
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

    async fn read(&self, api: &Api) -> Result<Option<SshKey>, Error> {
        match api.ssh_keys().get(self.id).await {
            Err(error) if error.is_not_found() => Ok(None),
            found => found.map(Some),
        }
    }

    async fn list(&self, api: &Api) -> Result<ListEvidence, Error> {
        let listing = api.ssh_keys().listing().await?;
        Ok(ListEvidence::of(&listing, |key| key.id == self.id))
    }
}

/// A key that is to be added.
pub(super) struct NewKey<'a> {
    pub key: &'a PublicKey,
    pub name: Option<&'a str>,
}

#[async_trait]
impl Creator for NewKey<'_> {
    async fn send(&self, api: &Api) -> Result<Created, Error> {
        api.ssh_keys().add(&self.key.to_string(), self.name).await
    }

    async fn named(&self, api: &Api) -> Result<Named, Error> {
        let listing = api.ssh_keys().listing().await?;
        Ok(Named::of(&listing, |key| key.is(self.key), |key| &key.id, api).await)
    }
}
