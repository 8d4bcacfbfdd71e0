//! The data source `tensorpool_object_storage`: where object storage is, without its credentials.

use async_trait::async_trait;
use tensorpool::Credentials;
use terraform_plugin::schema::{Attribute, Schema};
use terraform_plugin::{Attr, DataSource, Diagnostics, Model, Operation};

use super::api::{credentials, ensure_organization};
use super::model::organization;
use crate::errors::{Subject, Verb};
use crate::session::Session;
use crate::timeouts;

/// The state of the data source `tensorpool_object_storage`. Neither half of the credentials is in it.
#[derive(Clone, Debug, Model)]
pub struct FoundObjectStorage {
    id: Attr<String>,
    org_id: Attr<String>,
    endpoint: Attr<String>,
    region: Attr<String>,
    profile_id: Attr<String>,
    iam_username: Attr<String>,
    status: Attr<String>,
    created_at: Attr<String>,
    updated_at: Attr<String>,
}

impl From<Credentials> for FoundObjectStorage {
    fn from(credentials: Credentials) -> Self {
        Self {
            id: organization(&credentials).into(),
            org_id: organization(&credentials).into(),
            endpoint: credentials.endpoint.into(),
            region: credentials.region.into(),
            profile_id: credentials.profile_id.into(),
            iam_username: credentials.iam_username.into(),
            status: credentials.status.into(),
            created_at: credentials.created_at.into(),
            updated_at: credentials.updated_at.into(),
        }
    }
}

fn schema() -> Schema {
    let returned = |description: &str| Attribute::string(description).computed();
    Schema::new(
        "The S3-compatible object storage of your organization: its endpoint, region and status. No credentials are in the \
         state; the ephemeral resource [`tensorpool_object_storage_credentials`](../ephemeral-resources/object_storage_credentials.md) returns them. If object storage is not \
         enabled, this is an error.",
    )
    .attribute("id", returned("The id of the organization, as in `org_id`."))
    .attribute(
        "org_id",
        Attribute::string(
            "The id of the organization; `organization` if the API does not return it. When it is set, object storage of \
             another organization is an error. Set it to `org_id` of a [`tensorpool_object_storage`](../resources/object_storage.md) that may not exist yet, \
             so that it is waited for.",
        )
        .optional()
        .computed(),
    )
    .attribute("endpoint", returned("The URL of the S3 endpoint."))
    .attribute("region", returned("The S3 region. Null if the API does not return it."))
    .attribute("profile_id", returned("The id of the organization's profile. Null if the API does not return it."))
    .attribute("iam_username", returned("The name of the profile's user. Null if the API does not return it."))
    .attribute("status", returned("The status of the profile. Null if the API does not return it."))
    .attribute("created_at", returned("When object storage was enabled. Null if the API does not return it."))
    .attribute(
        "updated_at",
        returned("When its credentials were last changed, for example rotated. Null if the API does not return it."),
    )
}

/// The data source `tensorpool_object_storage`.
pub struct ObjectStorageDataSource;

#[async_trait]
impl DataSource for ObjectStorageDataSource {
    type Session = Session;
    type Model = FoundObjectStorage;

    fn type_name(&self) -> &'static str {
        "tensorpool_object_storage"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    async fn read(
        &self,
        operation: &mut Operation<Session, FoundObjectStorage>,
        config: FoundObjectStorage,
    ) -> Result<(), Diagnostics> {
        let api = operation.session().api(timeouts::READ, operation.stop())?;
        let wanted = config.org_id.into_known();
        let subject = Subject { verb: Verb::LookUp, noun: "object storage", name: None, id: wanted.clone() };
        let credentials = credentials(&api, &subject).await?;
        if let Some(wanted) = &wanted {
            ensure_organization(&subject, wanted, &credentials)?;
        }
        let found = FoundObjectStorage::from(credentials);
        let org_id = wanted.map_or(found.org_id, Attr::Known);
        operation.save(FoundObjectStorage { id: org_id.clone(), org_id, ..found });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::tests::credentials;
    use super::*;

    #[test]
    fn the_state_holds_no_half_of_the_credentials() {
        let state = FoundObjectStorage::from(credentials(Some("o-1"))).into_value();
        assert!(!format!("{state:?}").contains("planted"), "{state:?}");
        assert!(state.to_msgpack(&schema().object_type()).is_ok());
    }
}
