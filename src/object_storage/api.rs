//! What is asked of the API about the object storage of the organization. No list holds it: its credentials are the object.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use tensorpool::{Api, Created, Credentials, Error};
use terraform_plugin::Diagnostic;

use super::messages;
use super::model::{is_same_organization, organization};
use crate::create_once::{Candidate, Creator, Named};
use crate::errors::Subject;
use crate::evidence::{ListEvidence, Witness};

/// Reads the credentials, which are there while object storage is enabled.
pub(super) async fn enabled(api: &Api) -> Result<Option<Credentials>, Error> {
    match api.object_storage().credentials().await {
        Err(error) if error.is_not_found() => Ok(None),
        found => found.map(Some),
    }
}

/// Reads the credentials, where object storage has to be enabled.
///
/// # Errors
/// When it is not enabled, or the API cannot be asked.
pub(super) async fn credentials(api: &Api, subject: &Subject) -> Result<Credentials, Diagnostic> {
    api.object_storage().credentials().await.map_err(|error| {
        if error.is_not_found() { messages::not_enabled(subject, &error) } else { subject.failed(&error) }
    })
}

/// Makes sure that the credentials are of the organization that the state or the configuration names.
///
/// # Errors
/// When they are of another one.
pub(super) fn ensure_organization(subject: &Subject, named: &str, credentials: &Credentials) -> Result<(), Diagnostic> {
    let found = organization(credentials);
    if is_same_organization(named, found) {
        return Ok(());
    }
    Err(messages::other_organization(subject, named, found))
}

/// The object storage of the key's organization.
pub(super) struct Enabled;

#[async_trait]
impl Witness for Enabled {
    type Object = Credentials;

    async fn read(&self, api: &Api) -> Result<Option<Credentials>, Error> {
        enabled(api).await
    }

    async fn list(&self, _: &Api) -> Result<ListEvidence, Error> {
        Ok(ListEvidence::None)
    }
}

/// Object storage that is to be enabled, and the credentials that the API returned.
#[derive(Default)]
pub(super) struct Enabling(Mutex<Option<Credentials>>);

impl Enabling {
    /// The credentials that were returned last.
    pub fn into_credentials(self) -> Option<Credentials> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, credentials: Credentials) -> String {
        let id = organization(&credentials).to_owned();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(credentials);
        id
    }
}

#[async_trait]
impl Creator for Enabling {
    async fn send(&self, api: &Api) -> Result<Created, Error> {
        Ok(Created::at_once(self.keep(api.object_storage().enable().await?)))
    }

    async fn named(&self, api: &Api) -> Result<Named, Error> {
        Ok(match enabled(api).await? {
            Some(credentials) => {
                let candidate = Candidate { id: self.keep(credentials), fits: true };
                Named { candidates: vec![candidate], complete: true }
            }
            // A 404 says so only if the API is there at all.
            None => Named { candidates: Vec::new(), complete: api.account().await.is_ok() },
        })
    }
}
