//! What is asked of the API about the object storage of the organization. No list holds it: its credentials are the object.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use tensorpool::{Client, Credentials, Error, Scope};

use super::model::organization;
use crate::create_once::{Candidate, Created, Creator, Named};
use crate::evidence::{AccountMark, ListEvidence, Witness};

/// Reads the credentials, which are there while object storage is enabled.
pub(super) async fn enabled(api: &Client, scope: &Scope) -> Result<Option<Credentials>, Error> {
    match api.object_storage().credentials(scope).await {
        Err(error) if error.is_not_found() => Ok(None),
        found => found.map(Some),
    }
}

/// The object storage of the key's organization.
pub(super) struct Enabled<'a> {
    pub api: &'a Client,
}

#[async_trait]
impl Witness for Enabled<'_> {
    type Object = Credentials;

    async fn read(&self, scope: &Scope) -> Result<Option<Credentials>, Error> {
        enabled(self.api, scope).await
    }

    async fn list(&self, _: &Scope) -> Result<ListEvidence, Error> {
        Ok(ListEvidence::None)
    }

    async fn control(&self, scope: &Scope) -> Result<AccountMark, Error> {
        AccountMark::control(self.api, scope).await
    }
}

/// Object storage that is to be enabled, and the credentials that the API returned.
pub(super) struct Enabling<'a> {
    pub api: &'a Client,
    credentials: Mutex<Option<Credentials>>,
}

impl<'a> Enabling<'a> {
    pub fn new(api: &'a Client) -> Self {
        Self { api, credentials: Mutex::default() }
    }

    /// The credentials that were returned last.
    pub fn into_credentials(self) -> Option<Credentials> {
        self.credentials.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, credentials: Credentials) -> String {
        let id = organization(&credentials).to_owned();
        *self.credentials.lock().unwrap_or_else(PoisonError::into_inner) = Some(credentials);
        id
    }
}

#[async_trait]
impl Creator for Enabling<'_> {
    async fn send(&self, scope: &Scope) -> Result<Created, Error> {
        let credentials = self.api.object_storage().enable(scope).await?;
        Ok(Created { id: self.keep(credentials), request_id: None })
    }

    async fn named(&self, scope: &Scope) -> Result<Named, Error> {
        Ok(match enabled(self.api, scope).await? {
            Some(credentials) => {
                let candidate = Candidate { id: self.keep(credentials), fits: true };
                Named { candidates: vec![candidate], complete: true }
            }
            // A 404 says so only if the API is there at all.
            None => Named { candidates: Vec::new(), complete: self.api.account(scope).await.is_ok() },
        })
    }
}
